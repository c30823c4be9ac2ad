"""Titles, years and header rows: where a form begins, and what is only repeated at the head of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, drop, finding
from normalize.grids import header_of
from normalize.headers import column
from normalize.repairs.labels import completes
from normalize.words import key
from schemas.audit import Finding
from schemas.text import BLANK, Text

_LONGEST_NAME = 120
_GRID_LABELS = frozenset({"level1", "level2", "block"})


def is_title_row(row: Row) -> bool:
    """Whether the only text of a row is a form's title."""
    filled = row.filled
    return len(filled) == 1 and lexicon.is_title(filled[0][1].value)


def is_year_row(row: Row) -> bool:
    """Whether the only text of a row is a year like (2024 年度), its brackets closed: the half of one is none yet.

    A bare 2024年 that does not stand in the first column is the value of a cell.
    """
    filled = row.filled
    if len(filled) != 1 or "year" not in lexicon.label_kinds(filled[0][1].value):
        return False
    return filled[0][0] == 0 or not re.fullmatch(r"\s*20\d\d\s*年\s*", filled[0][1].value)


def is_unit_row(row: Row) -> bool:
    """Whether the only text of a row is the unit of the amounts (单位：万元)."""
    filled = row.filled
    return len(filled) == 1 and lexicon.is_unit_line(filled[0][1].value)


def is_name_row(row: Row) -> bool:
    """Whether a form's fields begin with a row: it has the label of a project's name, or is marked as the first field.

    The header of a list of projects has the label too, among other headers.
    """
    filled = row.filled
    if row.start:
        return True
    if filled and (":" in filled[0][1].value or "：" in filled[0][1].value) and _names_in_cell(filled[0][1].value):
        return True
    if not filled or lexicon.field_role(filled[0][1].value) is None:
        return False
    roles = [lexicon.field_role(text.value) for _, text in filled]
    return "name" in roles and not _heads_list(row) and (roles[0] == "name" or len(filled) > 2)


def _names_in_cell(text: str) -> bool:
    """Whether a cell holds the label of a project's name and the name behind a colon."""
    label, colon, name = text.replace("：", ":", 1).partition(":")
    return bool(colon and name.strip()) and len(text) < _LONGEST_NAME and lexicon.field_role(label) == "name"


def _heads_list(row: Row) -> bool:
    labels = [text.value for _, text in row.filled]
    return len(labels) > 3 and sum(bool(column(label)) for label in labels) > 1


@dataclass(slots=True)
class _Current:
    """Where in its form a row stands: below a project's name, below a header."""

    inside: bool = False
    header: Header | None = None
    fields: set[str] = field(default_factory=set)


def _mark_captions(rows: list[Row]) -> list[Row]:
    """Mark the lines above titles that belong to no form.

    These are 附件3, what stands between it and the title, and lines that stand above a title more than once.
    """
    above = [rows[index].filled[0][1].value for index in _above_titles(rows)]
    known = {text for text in above if above.count(text) > 1}
    known |= {rows[i].filled[0][1].value for i in _above_titles(rows) if i and _is_numbered(rows[i - 1])}
    captions = [(_is_numbered(row) or row.filled[0][1].value in known) and _is_line(row) for row in rows]
    return [replace(row, zone="caption") if caption else row for row, caption in zip(rows, captions, strict=True)]


def _is_numbered(row: Row) -> bool:
    return len(row.filled) == 1 and lexicon.is_caption(row.filled[0][1].value)


def _is_line(row: Row) -> bool:
    """Whether a row holds one text that is no label, title or year."""
    if len(row.filled) != 1:
        return False
    text = row.filled[0][1].value
    whole = lexicon.balanced(text) and lexicon.year_row(text) is None
    return whole and not is_title_row(row) and not lexicon.label_kinds(text)


def _above_titles(rows: list[Row]) -> list[int]:
    """Where lines of text stand right above a title, at most two of them."""
    found = []
    for index, row in enumerate(rows):
        at = index - 1
        while is_title_row(row) and at >= max(index - 2, 0) and _is_line(rows[at]):
            found.append(at)
            at -= 1
    return found


def drop_repeats(flow: Flow) -> Flow:
    """Drop titles, years and header rows that are printed again at the head of a page."""
    rows = _mark_captions(list(flow.rows))
    index = 0
    current = _Current()
    while index < len(rows):
        end = _heading_end(rows, index)
        if end == index:
            if is_name_row(rows[index]):
                current = _Current(inside=True)
            current.fields |= _fields(rows[index])
            index += 1
            continue
        again = [at for at in range(index, end) if _is_repeat(rows, index, end, at, current)]
        for at in reversed(again):
            rows[at] = replace(rows[at], cut=rows[at].cut or "inferred")  # a page begins here
            drop(rows, at, _repeated(rows[at]))
        end -= len(again)
        current.header = next((found for row in rows[index:end] if (found := header_of(row))), current.header)
        if any(is_title_row(row) or is_year_row(row) for row in rows[index:end]):
            current = _Current()
            end = _merge_headings(rows, index, end)
        index = end
    return replace(flow, rows=tuple(rows))


def _heading_end(rows: list[Row], start: int) -> int:
    """Where the headings that begin at `start` end; the second half of a title above them is none of them."""
    end = start
    while end < len(rows) and _is_heading(rows[end]):
        if end > start and _label_cut_above(rows, start, end) is not None:
            break
        end += 1
    if end == start:
        return start
    return end if any(row.zone != "caption" and not is_unit_row(row) for row in rows[start:end]) else start


def _is_heading(row: Row) -> bool:
    if row.zone == "caption" or header_of(row) is not None:
        return True
    return len(row.filled) == 1 and (is_title_row(row) or is_year_row(row) or is_unit_row(row))


def _is_repeat(rows: list[Row], start: int, end: int, at: int, current: _Current) -> bool:
    """Whether row `at` of the headings [start, end) is printed again: it interrupts a label or a form."""
    cut = _label_cut_above(rows, start, end)
    if cut is not None and at > cut:
        return True
    here = header_of(rows[at])
    if not current.inside:
        return False
    if is_unit_row(rows[at]) and not _stands_above(rows, at):
        return False
    if here is None:
        return not _begins_form(rows, end if cut is None or cut < start else end + 1, current)
    return here == current.header or (current.header is None and _comes_again(rows, end, here))


def _stands_above(rows: list[Row], at: int) -> bool:
    """Whether the line of a row is printed above already."""
    line = key(rows[at].filled[0][1].value)
    return any(is_unit_row(row) and key(row.filled[0][1].value) == line for row in rows[:at])


def _label_cut_above(rows: list[Row], start: int, end: int) -> int | None:
    """The row at or above the headings [start, end) whose label goes on right below them."""
    if end >= len(rows):
        return None
    tails = rows[end].filled
    for at in range(end - 1, max(start - 2, -1), -1):
        if any(completes(rows[at].at(col).value, text.value) for col, text in tails):
            return at
    return None


def _begins_form(rows: list[Row], end: int, current: _Current) -> bool:
    """Whether fields of another form follow: a name, or, where that is lost, fields that this form has had already.

    Between them and the title may stand the halves of a year or title that a page break cuts.
    """
    at = end
    while at < len(rows) and _is_cut_heading(rows, at):
        at += 1
        while at < len(rows) and (is_title_row(rows[at]) or is_year_row(rows[at])):
            at += 1
        at += 1
    at = _below_lines(rows, at)
    if at >= len(rows):
        return False
    return is_name_row(rows[at]) or _is_cut_name(rows, at) or bool(_fields(rows[at]) & current.fields)


def _below_lines(rows: list[Row], at: int) -> int:
    """The row of a name below at most two lines of text under its title (a department's name, a remark)."""
    for below in range(at, min(at + 3, len(rows))):
        if is_name_row(rows[below]):
            return below
        if len(rows[below].filled) != 1:
            break
    return at


def _is_cut_name(rows: list[Row], at: int) -> bool:
    """Whether a row begins with the first half of a name's label."""
    below = next((row for row in rows[at + 1 : at + 4] if not (is_title_row(row) or is_year_row(row))), None)
    if below is None or not (rows[at].filled and below.filled):
        return False
    head, tail = rows[at].filled[0][1].value, below.filled[0][1].value
    return completes(head, tail) and lexicon.field_role(head + tail) == "name"


def _is_cut_heading(rows: list[Row], at: int) -> bool:
    """Whether a row holds the first half of a year or a title; other headings may stand before the second half."""
    head = rows[at].filled
    below = next((row for row in rows[at + 1 : at + 4] if not (is_title_row(row) or is_year_row(row))), None)
    if len(head) != 1 or below is None or len(below.filled) != 1:
        return False
    return bool(lexicon.label_kinds(head[0][1].value + below.filled[0][1].value) & {"year", "title"})


def _fields(row: Row) -> set[str]:
    """The role of the field that a row begins with, where the field block has its labels."""
    col, text = row.filled[0] if row.filled else (0, BLANK)
    role = lexicon.field_role(text.value) if text and (col < 2 or not row.aligned) else None
    return {role} if role and role != "extra" else set()


def _comes_again(rows: list[Row], index: int, header: Header) -> bool:
    """Whether the same header stands again further down with no indicator between: then this one came too early."""
    for row in rows[index:]:
        if is_name_row(row) or any(lexicon.label_kinds(text.value) & _GRID_LABELS for _, text in row.filled):
            return False
        if header_of(row) == header:
            return True
    return False


def _merge_headings(rows: list[Row], start: int, end: int) -> int:
    """Make one of a title or year that is printed twice above the same form; gives the new end."""
    index = start
    while index < end:
        col, text = rows[index].filled[0]
        twin = next((i for i in range(index + 1, end) if rows[i].filled[0][1].value == text.value), None)
        if twin is None:
            index += 1
            continue
        rows[index] = rows[index].put(col, _seen_twice(text, rows[twin].filled[0][1]))
        drop(rows, twin)
        end -= 1
    return end


def _seen_twice(text: Text, again: Text) -> Text:
    places = (*text.places, *again.places)
    both = Text("\n".join(place.text for place in places), places)
    return both.edit(text.value, "repeated-title", "the same heading is printed twice above one form", 0.98)


def _repeated(row: Row) -> Finding:
    what, zh = ("header", "表头") if header_of(row) else ("title", "标题")
    places = tuple(place for _, text in row.filled for place in text.places)
    shown = " ".join(text.value.strip() for _, text in row.filled)
    messages = (
        f"页首重复的{zh}“{shown}”已略去",
        f"the {what} “{shown}” is printed again at a page's head and left out",
    )
    return finding(f"repeated-{what}", "info", "reading", messages, places)
