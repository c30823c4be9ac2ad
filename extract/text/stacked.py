"""Tables with a cell on each line and a pipe behind it, as converters of web pages write cells that hold paragraphs.

Every pipe closes a column, and the columns that a row lacks (merged cells) are closed behind its last cell: 值 | ||||.
So all rows take the same number of pipes, and where two or more stand together a row ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import gcd

from extract.text.cells import Piece
from extract.text.lines import Row

_FEWEST_LINES = 12
_FEWEST_ENDS = 3  # rows whose end shows
_NARROWEST, _WIDEST = 4, 40


def stacked(rows: Sequence[Row]) -> list[list[Piece]] | None:
    """The cells of each row; None where the lines are no such table, or where its rows cannot be told for sure."""
    found = [(row, _pipes(row.text)) for row in rows if row.text.strip()]
    piped = [at for at, (_, pipes) in enumerate(found) if pipes]
    if len(piped) < _FEWEST_LINES or any("|" in row.text for row, pipes in found if not pipes):
        return None
    first, last = piped[0], piped[-1] + 1
    columns = list(_columns(found[first:last]))
    width = _width(columns)
    if width is None:
        return None
    table: list[list[Piece]] = []
    at = 0
    for piece, pipes in columns:
        if at % width == 0:
            table.append([])
        table[-1] += [piece._replace(col=at % width)] if piece else []
        at += pipes
    return [*_lines(found[:first]), *_unframed(table), *_lines(found[last:])]


def _unframed(table: list[list[Piece]]) -> list[list[Piece]]:
    """The rows without a first column that is blank throughout: the pipe that begins each row."""
    if any(piece.col == 0 for row in table for piece in row):
        return table
    return [[piece._replace(col=piece.col - 1) for piece in row] for row in table]


def _pipes(text: str) -> int:
    """How many pipes end a line of one cell or of none; 0 for any other line."""
    _, _, behind = text.partition("|")
    return text.count("|") if not behind.strip("| \t\u3000\xa0") else 0


def _columns(lines: Sequence[tuple[Row, int]]) -> list[tuple[Piece | None, int]]:
    """The cell of each line with pipes, which lines without any above it belong to, and how many columns it closes."""
    found: list[tuple[Piece | None, int]] = []
    above: list[Row] = []
    for row, pipes in lines:
        above.append(row)
        if pipes:
            found.append((_cell(above), pipes))
            above = []
    return found


def _cell(rows: Sequence[Row]) -> Piece | None:
    """The cell that the last of some lines ends; None for a blank one."""
    head, tail = rows[0], rows[-1]
    last = tail.text.partition("|")[0].rstrip()
    texts = [*(row.text for row in rows[:-1]), last]
    if not any(text.strip() for text in texts):
        return None
    start = len(texts[0]) - len(texts[0].lstrip())
    if len(rows) == 1:
        return Piece(0, last[start:], head.number, head.start + start, head.start + len(last))
    gaps = [low.number - high.number for high, low in pairwise(rows)]
    text = texts[0][start:] + "".join("\n" * gap + below for gap, below in zip(gaps, texts[1:], strict=True))
    return Piece(0, text, head.number, head.start + start, len(last), tail.number)


def _width(columns: Sequence[tuple[Piece | None, int]]) -> int | None:
    """How many pipes a row takes: what divides the place of each run's end, borne out by a row of one cell or two."""
    ends = [end for end, (_, pipes) in zip(accumulate(n for _, n in columns), columns, strict=True) if pipes > 1]
    width = gcd(*ends)
    runs, blank = {0}, 0
    for piece, pipes in columns:
        blank = pipes - 1 if piece else blank + pipes
        runs.add(blank)
    shown = not runs.isdisjoint(range(width - 2, width + 2))
    sure = shown and len(ends) >= _FEWEST_ENDS and _NARROWEST <= width <= _WIDEST
    return width if sure else None


def _lines(lines: Sequence[tuple[Row, int]]) -> list[list[Piece]]:
    return [[Piece(0, row.text.strip(), row.number, row.start, row.start + len(row.text.rstrip()))] for row, _ in lines]
