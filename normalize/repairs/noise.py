"""What stands in the text but is not of it: page counters inside cells, rows glued to one line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row, drop
from normalize.repairs.headings import is_name_row, is_year_row
from normalize.values import is_value_like
from schemas.text import BLANK, Text

_DOTS = re.compile(r"\s*(?:[…⋯]+|\.{3,}|。{3,}|·{3,})\s*")
_DASHES = "—–―─"
_COUNTER = (
    rf"(?:[{_DASHES}]+\s*\d{{1,4}}\s*[{_DASHES}]+|-\s+\d{{1,4}}\s+-"  # -219- may be a code: hyphens need spaces
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页)"
)
_MARKS = re.compile(f"[页{_DASHES}-]")
_AT_END = re.compile(rf"(?<=\S)\s*{_COUNTER}\s*$")
_AT_START = re.compile(rf"^\s*{_COUNTER}\s*(?=\S)")


def strip_counters(flow: Flow) -> Flow:
    """Take page counters (— 3 —, 第3页) off the end and the start of cells."""
    rows = tuple(_strip_row(row) if _may_hold_counter(row) else row for row in flow.rows)
    return replace(flow, rows=rows)


def _may_hold_counter(row: Row) -> bool:
    return any(_MARKS.search(cell.value) for cell in row.cells if cell is not BLANK)


def _strip_row(row: Row) -> Row:
    return replace(row, cells=tuple(_strip(cell) if cell else cell for cell in row.cells))


def _strip(text: Text) -> Text:
    bare = _AT_START.sub("", _AT_END.sub("", text.value))
    if bare == text.value or re.fullmatch(r"[\d.]*", bare.strip()):
        return text  # 1-2-3 and 3 — 5 — are values of their own, not counters beside a value
    return text.edit(bare, "page-counter", "a page counter stands at the edge of the cell", 0.9)


def drop_dots(flow: Flow) -> Flow:
    """Leave out rows that hold dots alone (……): what a form prints where more could be filled in."""
    rows = list(flow.rows)
    for index in range(len(rows) - 1, -1, -1):
        texts = [text.value for _, text in rows[index].filled]
        if all(map(_DOTS.fullmatch, texts)):
            drop(rows, index)
    return replace(flow, rows=tuple(rows))


def split_glued_rows(flow: Flow) -> Flow:
    """Begin a new row where a form's title stands behind other text on the same line."""
    rows: list[Row] = []
    for index, row in enumerate(flow.rows):
        rows.extend([row] if _names_title(row, flow.rows[index + 1 : index + 4]) else _unglue(row))
    return replace(flow, rows=tuple(rows))


def _names_title(row: Row, below: Sequence[Row]) -> bool:
    """Whether a title only ends a project's name: no form begins below the row."""
    if len(row.filled) != 2 or lexicon.field_role(row.filled[0][1].value) != "name":
        return False
    return not any(is_name_row(each) or is_year_row(each) for each in below)


def _unglue(row: Row) -> list[Row]:
    filled = [] if row.exact else row.filled  # a carrier that knows its cells glues none
    for col, text in filled:
        start = _title_start(text.value)
        before_title = text.value[:start]
        caption = len(filled) == 1 and not (is_value_like(before_title) and lexicon.year_row(before_title) is None)
        if start is None or caption or (start == 0 and col == filled[0][0]):
            continue
        before, after = _cut(text, start)
        head = replace(row, cells=(*row.cells[:col], before))
        tail = replace(row, cells=(after, *row.cells[col + 1 :]), cut="", notes=())
        return [head, *_unglue(tail)] if start or col else [row]
    return [row]


def _title_start(text: str) -> int | None:
    """Where a known title begins in a text; None where there is none."""
    if len(text) < 8 or "表" not in text:
        return None
    if lexicon.bare_title(text) in lexicon.titles():
        return 0
    starts = [text.find(title) for title in lexicon.titles() if title in text]
    return min(starts) if starts else None


def _cut(text: Text, start: int) -> tuple[Text, Text]:
    if start == 0:
        return BLANK, text
    evidence = "a known form title stands behind the value on the same line"
    value, title = text.value[:start], text.value[start:]
    return text.edit(value, "glued-title", evidence, 0.9), text.edit(title, "glued-title", evidence, 0.9)
