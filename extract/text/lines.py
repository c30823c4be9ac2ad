"""The lines of a text, cut at form feeds too, and how many and how long they may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from extract.decoding import LINE_END
from extract.errors import ReadError, shown

MAX_LINE = 200_000
MAX_LINES = 300_000


class Row(NamedTuple):
    """A line, or its part behind a form feed, which then begins at character `start` > 0.

    Where a quoted cell runs over lines, `text` holds them all, joined by line feeds; `number` is that of the first.
    """

    number: int
    start: int
    text: str

    @property
    def head(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0]

    def lines(self) -> list[Row]:
        """Each line as a row of its own."""
        first, *rest = self.text.split("\n")
        return [self._replace(text=first), *(Row(at, 0, text) for at, text in enumerate(rest, self.number + 1))]


def lines_of(text: str, name: str) -> list[Row]:
    """The lines, cut at CR LF, LF and CR only (str.splitlines knows seven more), and parts at form feeds."""
    _refuse_many(text, name)
    found: list[Row] = []
    for number, line in enumerate(LINE_END.split(text), 1):
        if len(line) > MAX_LINE:
            raise ReadError(
                "too-large", f"{shown(name)}, line {number} holds {len(line)} characters; the limit is {MAX_LINE}"
            )
        if "\f" in line:
            found += _parts(number, line)
        else:
            found.append(Row(number, 0, line))
    return found


def _parts(number: int, line: str) -> Iterator[Row]:
    start = 0
    for part in line.split("\f"):
        yield Row(number, start, part)
        start += len(part) + 1


def _refuse_many(text: str, name: str) -> None:
    """Refuses too many lines before any is cut; a form feed ends a line too."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n") + text.count("\f")
    lines = ends + (not text.endswith(("\n", "\r", "\f")))
    if lines > MAX_LINES:
        raise ReadError("too-large", f"{shown(name)} holds {lines} lines; the limit is {MAX_LINES}")
