"""Where each row stands in its form: title, year, head (fields), header, grid (indicators)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.repairs.headings import header_of, is_name_row, is_title_row, is_year_row
from schemas.audit import Finding


@dataclass(slots=True)
class _State:
    inside: bool = False
    header: Header | None = None


def mark_zones(flow: Flow) -> Flow:
    """Tell every row its zone, and every row of a grid the header that it stands under."""
    state = _State()
    return replace(flow, rows=tuple(_mark(row, state) for row in flow.rows))


def _mark(row: Row, state: _State) -> Row:
    if is_title_row(row) or is_year_row(row):
        state.inside, state.header = False, None
        return replace(row, zone="title" if is_title_row(row) else "year")
    if is_name_row(row):
        state.inside, state.header = True, None
        return replace(row, zone="head")
    if not state.inside:
        return row
    header = header_of(row)
    if header:
        state.header = header
        return replace(row, zone="header", header=header)
    return _mark_inner(row, state)


def _mark_inner(row: Row, state: _State) -> Row:
    if state.header is None:
        state.header = _inferred(row)
        if state.header is None:
            return replace(row, zone="head")
        row = row.note(_no_header(row))
    if _is_field(row, state.header):
        return replace(row, zone="head")
    return replace(row, zone="grid", header=state.header)


def _is_field(row: Row, header: Header) -> bool:
    """Whether a row under the grid is a field again (备注, 填表人): a known label where the grid has its own labels."""
    col, text = row.filled[0]
    name = header.column("name")
    if lexicon.is_block(text.value) or (row.aligned and name is not None and col >= name):
        return False
    return lexicon.field_role(text.value) is not None


def _inferred(row: Row) -> Header | None:
    """The columns of a grid that has lost its header, from the first row that shows the classes."""
    filled = row.filled
    classes = [i for i, (_, text) in enumerate(filled) if lexicon.class_label(text.value, 2)]
    if not classes or len(filled) < classes[-1] + 2:
        return None
    second = classes[-1]
    roles = {second: "level2", second + 1: "name", second + 2: "target"}
    if second and lexicon.class_label(filled[second - 1][1].value, 1):
        roles[second - 1] = "level1"
    if second > 1:
        roles[0] = "block"
    return Header(tuple((filled[i][0], role) for i, role in sorted(roles.items()) if i < len(filled)))


def _no_header(row: Row) -> Finding:
    messages = (
        "指标表没有表头，各列按内容判定",
        "the indicator grid has no header; its columns are told by their content",
    )
    return finding("header-missing", "warning", "reading", messages, row.filled[0][1].places)
