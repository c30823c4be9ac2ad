"""Titles, years and header rows: where a form begins, and what is only repeated at the head of a page."""

from __future__ import annotations

from dataclasses import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, drop, finding
from normalize.repairs.labels import completes
from schemas.audit import Finding
from schemas.text import Text


def is_title_row(row: Row) -> bool:
    """Whether the only text of a row is a form's title."""
    filled = row.filled
    return len(filled) == 1 and lexicon.is_title(filled[0][1].value)


def is_year_row(row: Row) -> bool:
    """Whether the only text of a row is a year like (2024 年度)."""
    filled = row.filled
    return len(filled) == 1 and lexicon.year_row(filled[0][1].value) is not None


def is_name_row(row: Row) -> bool:
    """Whether a row begins with the label of a project's name."""
    filled = row.filled
    return bool(filled) and lexicon.field_role(filled[0][1].value) == "name"


def header_of(row: Row) -> Header | None:
    """The columns that a header row names; None where the row is no header."""
    roles = [(col, lexicon.header_role(text.value) or "other") for col, text in row.filled]
    named = [role for _, role in roles if role != "other"]
    if len(named) < max(2, len(roles) - 2) or not {"name", "target", "level1", "level2"} & set(named):
        return None
    return Header(tuple(roles), tuple(text for _, text in row.filled))


def drop_repeats(flow: Flow) -> Flow:
    """Drop titles, years and header rows that are printed again at the head of a page."""
    rows = list(flow.rows)
    index = 0
    header: Header | None = None
    inside = False
    while index < len(rows):
        end = _heading_end(rows, index)
        if end == index:
            if is_name_row(rows[index]):
                header, inside = None, True
            index += 1
            continue
        for row in [row for row in rows[index:end] if _is_repeat(rows, index, end, row, header, inside=inside)]:
            drop(rows, rows.index(row), _repeated(row))
            end -= 1
        kept = rows[index:end]
        header = next((found for row in kept if (found := header_of(row))), header)
        if any(is_title_row(row) or is_year_row(row) for row in kept):
            header, inside = None, False
            end = _merge_headings(rows, index, end)
        index = end
    return replace(flow, rows=tuple(rows))


def _heading_end(rows: list[Row], index: int) -> int:
    while index < len(rows) and (is_title_row(rows[index]) or is_year_row(rows[index]) or header_of(rows[index])):
        index += 1
    return index


def _is_repeat(rows: list[Row], start: int, end: int, row: Row, header: Header | None, *, inside: bool) -> bool:
    """Whether a row of the headings [start, end) is printed again: it interrupts a label or a form."""
    if not inside:
        return False
    if _interrupts_label(rows, start, end):
        return True
    here = header_of(row)
    if here is None:
        return not _begins_form(rows, end)
    return here == header or (header is None and _comes_again(rows, end, here))


def _interrupts_label(rows: list[Row], start: int, end: int) -> bool:
    """Whether a label is cut in two by the headings between its halves."""
    if start == 0 or end >= len(rows):
        return False
    above, below = rows[start - 1], rows[end]
    return any(completes(above.at(col).value, text.value) for col, text in below.filled)


def _begins_form(rows: list[Row], end: int) -> bool:
    return end < len(rows) and is_name_row(rows[end])


def _comes_again(rows: list[Row], index: int, header: Header) -> bool:
    """Whether the same header stands again further down with no indicator between: then this one came too early."""
    for row in rows[index:]:
        if is_name_row(row) or any(lexicon.class_label(text.value, 2) for _, text in row.filled):
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
    messages = (f"页首重复的{zh}“{shown}”已略去", f"the {what} “{shown}” is printed again at a page's head and left out")
    return finding(f"repeated-{what}", "info", "reading", messages, places)
