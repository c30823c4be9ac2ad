"""Repairs inside one text: look-alike glyphs, spaces of the typesetter, numbers split by a space.

None of them inserts a space or changes a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row
from normalize.values import is_tidy, map_glyphs, tidy_value
from normalize.words import INVISIBLE, radicals
from schemas.text import Text

_HAN = "\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’"
_WRAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}0-9])|(?<=[0-9])\s+(?=[{_HAN}])")
_SPLIT = re.compile(
    r"(?<![\d.,])(?P<head>\d[\d,]*(?P<point>\.\d*)?)\s+(?P<tail>\.?\d+(?:\.\d+)?)(?![\d.])(?P<unit>\S?)"
)
_BETWEEN_WORDS = re.compile(r"(?<=[A-Za-z])\s*\n\s*(?=[A-Za-z])")
_WRAPPED_COMMA = re.compile(r"(?<=[,;:])\n(?!\d)")
_SPACED_COMMA = re.compile(r"[,;:] ")
_TIGHT_COMMA = re.compile(r"[,;:][^\s\d]")
_LINE_BREAK = re.compile(r" *\n *")
_UNSEEN = re.compile(f"[{''.join(sorted(INVISIBLE))}]")
_RADICALS = re.compile("[\u2e80-\u2fdf]")
_LOOSE = re.compile(f"[\\s{''.join(sorted(INVISIBLE))}\u2e80-\u2fdf]")  # most texts have nothing to mend
_LABELS = ("block", "level1", "level2")
_VALUES = ("target", "actual", "weight", "score")
_BETWEEN_CELLS = "\0"


def mend_wording(flow: Flow) -> Flow:
    """Apply the repairs inside texts to every cell that is not a label of the grid."""
    return replace(flow, rows=tuple(_mend_row(row) for row in flow.rows))


def _mend_row(row: Row) -> Row:
    if row.zone == "grid" and row.header:
        labels = {row.header.column(role) for role in _LABELS}
        values = {row.header.column(role) for role in _VALUES}
        mended = [
            (col, mend_value(text) if col in values else mend_words(text))
            for col, text in row.filled
            if col not in labels
        ]
    elif row.zone in ("title", "year", "head", "outside"):
        mended = [(col, mend_words(text)) for col, text in row.filled]
    else:
        return row
    changed = [(col, text) for col, text in mended if text is not row.cells[col]]
    if not changed:
        return row
    cells = list(row.cells)
    for col, text in changed:
        cells[col] = text
    return replace(row, cells=tuple(cells))


def mend_words(text: Text) -> Text:
    """A name, a goal or a field's text without invisible characters, look-alike radicals and typesetter's spaces."""
    if not _LOOSE.search(text.value):
        return text
    for mend in (_drop_invisible, _map_radicals, _join_lines, _drop_spaces):
        text = mend(text)
    return text


def mend_value(text: Text) -> Text:
    """A target's text as a person would type it: the same, with operators mapped and no space around them."""
    if is_tidy(text.value):
        return text
    if _LOOSE.search(text.value):
        for mend in (_drop_invisible, _map_radicals, _join_lines):
            text = mend(text)
    return _drop_value_spaces(_map_operators(text))


def _drop_invisible(text: Text) -> Text:
    bare = _UNSEEN.sub("", text.value)
    return text.edit(bare, "invisible", "characters without width or meaning", 1.0)


def _map_radicals(text: Text) -> Text:
    if not _RADICALS.search(text.value):
        return text
    after = text.value.translate(_radical_table())
    return text.edit(after, "glyph", "radical code points that depict the same characters", 1.0)


@cache
def _radical_table() -> dict[int, str]:
    return {ord(glyph): char for glyph, char in radicals().items()}


def _join_lines(text: Text) -> Text:
    """One line of a cell's lines; a break stands for the space between Latin words, and behind commas that have one."""
    if "\n" not in text.value:
        return text
    after = _BETWEEN_WORDS.sub(" ", text.value)
    evidence = "line breaks inside a cell are the typesetter's"
    if _WRAPPED_COMMA.search(after) and _SPACED_COMMA.search(after) and not _TIGHT_COMMA.search(after):
        after = _WRAPPED_COMMA.sub(" ", after)
        evidence += "; behind a comma the break stands for the space that follows all other commas of the text"
    return text.edit(_LINE_BREAK.sub("", after), "line-break", evidence, 0.99)


def _drop_spaces(text: Text) -> Text:
    after = _WRAP.sub("", text.value).strip()
    return text.edit(after, "wrap-space", "no space belongs between CJK characters or between CJK and digits", 0.99)


def _map_operators(text: Text) -> Text:
    return text.edit(map_glyphs(text.value), "glyph", "look-alike of an operator, a digit or a percent sign", 1.0)


def _drop_value_spaces(text: Text) -> Text:
    return text.edit(tidy_value(text.value), "wrap-space", "no space belongs inside a value", 0.99)


def join_split_numbers(flow: Flow) -> Flow:
    """Rejoin numbers that a space splits: 1 1566.21平方米, 968.191 8.

    In a value two groups of digits are one number unless the second could be a thousands group or a value of its
    own (88 100); then, and in running text, the whole number must stand elsewhere in the same form.
    """
    if not _SPLIT.search(_BETWEEN_CELLS.join(cell.value for row in flow.rows for cell in row.cells)):
        return flow
    rows = list(flow.rows)
    for index, row in enumerate(rows):
        for col, cell in row.filled:
            if _SPLIT.search(cell.value):
                known = _Known(rows, index)
                rows[index] = rows[index].put(col, _join_number(cell, known, value=_is_value(row, col)))
    return replace(flow, rows=tuple(rows))


def _is_value(row: Row, col: int) -> bool:
    if row.header and row.zone == "grid":
        return row.header.role_at(col) in _VALUES
    return row.zone == "head" and any(lexicon.funding_kind(text.value) for _, text in row.filled)


class _Known:
    """The other texts of the form around a row, searched only when a number needs a witness."""

    def __init__(self, rows: list[Row], index: int) -> None:
        start = next((i for i in range(index, -1, -1) if rows[i].zone == "title"), 0)
        end = next((i for i in range(index + 1, len(rows)) if rows[i].zone == "title"), len(rows))
        self._texts = [cell.value for row in rows[start:end] for cell in row.cells]

    def __call__(self, number: str) -> bool:
        pattern = re.compile(rf"(?<![\d.]){re.escape(number)}(?![\d.])")
        return any(pattern.search(text) for text in self._texts)


def _join_number(text: Text, known: Callable[[str], bool], *, value: bool) -> Text:
    found = _SPLIT.search(text.value)
    if not found:
        return text
    number = found["head"] + found["tail"]
    if found["point"] and "." in found["tail"]:
        return text
    after = text.value[: found.start()] + number + text.value[found.start("unit") :]
    if known(number):
        return text.edit(after, "split-number", f"{number} also stands elsewhere in the form", 0.99)
    if not value:
        return text
    group = len(found["tail"].split(".")[0]) == 3 and not found["point"]
    if group:
        return text
    evidence = f"neither {found['head']} nor {found['tail']} is a group of its own, and one value stands in a cell"
    return text.edit(after, "split-number", evidence, 0.9 if found["unit"] or found["point"] else 0.7)
