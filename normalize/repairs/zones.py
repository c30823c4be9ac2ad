"""Where each row stands in its form: title, year, head (fields), header, grid (indicators)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.grids import header_of
from normalize.headers import block_scope
from normalize.layouts.classes import heads_classes
from normalize.layouts.columns import completed
from normalize.repairs.headings import is_name_row, is_title_row, is_unit_row, is_year_row
from schemas.audit import Finding
from schemas.project import Scope

_REMARK = re.compile(r"\s*(?:备?注|说明|填[报表]说明|.{0,6}(?:审核|审批|评审|部门)意见)\d?\s*[:：]")
_SAMPLE = 40  # rows below a header that show what a column holds


@dataclass(slots=True)
class _State:
    inside: bool = False
    header: Header | None = None
    scope: Scope | None = None
    below_grid: bool = False


def mark_zones(flow: Flow) -> Flow:
    """Tell every row its zone, and every row of a grid the header that it stands under."""
    state = _State()
    return replace(flow, rows=tuple(_mark(row, flow.rows, index, state) for index, row in enumerate(flow.rows)))


def _mark(row: Row, rows: Sequence[Row], index: int, state: _State) -> Row:
    if row.zone == "caption":
        return row
    titled = is_title_row(row)
    if titled or _is_year(row):
        state.inside, state.header = False, None
        return row.told(zone="title" if titled else "year")
    if is_name_row(row):
        state.inside, state.header, state.below_grid = True, None, False
        return row.told(zone="head")
    if state.header is not None and _begins_report(row, rows[index + 1 : index + _SAMPLE]):
        state.inside, state.header = False, None
    if not state.inside or _is_apart(row, state):
        return row
    header = header_of(row)
    if header:
        state.header, notes = completed(header, row, rows[index + 1 : index + _SAMPLE])
        state.scope = header.scope
        return row.told(zone="header", header=state.header).note(*notes)
    return _mark_inner(row, rows[index + 1 : index + _SAMPLE], state)


def _is_apart(row: Row, state: _State) -> bool:
    """Whether a row stands between tables, or across all columns of a grid: it belongs to none of the cells there."""
    if not row.apart or (row.apart == "across" and state.header is None) or is_unit_row(row) or _has_label(row):
        return False
    return state.header is None or not heads_classes(row, state.header)


def _begins_report(row: Row, below: Sequence[Row]) -> bool:
    """Whether a text of its own begins below a form: sections counted from the first again, perhaps below a heading.

    Budgets print such a report (项目经费情况说明, 一、项目概述 …) before the form of each project.
    """
    if len(row.filled) != 1:
        return False
    heading = row.filled[0][1].value
    under = bool(below) and _is_first_section(below[0]) and not lexicon.label_kinds(heading)
    begins = _is_first_section(row) or (under and len(heading) <= _LONGEST_HEADING)
    return begins and not _goes_on(below)


def _is_first_section(row: Row) -> bool:
    text = row.filled[0][1].value.strip() if len(row.filled) == 1 else ""
    return text.startswith("一") and lexicon.is_section(text)


_LONGEST_HEADING = 30


_HEADING = re.compile(r"[^\d，。；：:]{2,12}(?:表|信息|情况)")


def _is_heading(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row says only what the part of the form below it is (基本信息, 绩效指标表)."""
    if len(row.filled) != 1 or row.filled[0][0] or _has_label(row):
        return False
    headed = row.apart == "across" or any(header_of(each) for each in below[:1])
    return headed and _HEADING.fullmatch(row.filled[0][1].value.strip()) is not None


def _is_year(row: Row) -> bool:
    """Whether a row is a year, even one that has lost a bracket."""
    if len(row.filled) != 1:
        return False
    text = row.filled[0][1].value
    return is_year_row(row) or (not lexicon.balanced(text) and lexicon.year_row(text) is not None)


def _mark_inner(row: Row, below: Sequence[Row], state: _State) -> Row:
    if state.header is None:
        state.header = _inferred(row)
        if state.header is None:
            return row.told(zone="caption" if _is_heading(row, below) else "head")
        row = row.note(_no_header(row))
    if _is_remark(row):
        state.below_grid = not _goes_on(below)
        return row.told(zone="head")
    if _is_field(row, state.header) and not _goes_on(below):
        state.below_grid = True
        return row.told(zone="head")
    if state.below_grid and len(row.filled) == 1 and not lexicon.label_kinds(row.filled[0][1].value):
        return row.told(zone="head")  # a remark's next line
    if is_unit_row(row):
        return row
    block = block_scope(row.at(state.header.column("block")).value)
    state.scope = block or state.scope
    return row.told(zone="grid", header=state.header, scope=row.scope or state.scope)


def _is_field(row: Row, header: Header) -> bool:
    """Whether a row under the grid is a field again (备注, 填表人): a known label where the grid has its own labels."""
    col, text = row.filled[0]
    name = header.column("name")
    if lexicon.is_block(text.value) or (row.aligned and name is not None and col >= name):
        return False
    if lexicon.is_sum(text.value) and any(row.at(header.column(role)) for role in ("weight", "score")):
        return False
    return lexicon.field_role(text.value) is not None or lexicon.leading_role(text.value) == "extra"


def _is_remark(row: Row) -> bool:
    """Whether a row holds only a remark behind its label (注：…), wherever among the indicators it stands."""
    return len(row.filled) == 1 and _REMARK.match(row.filled[0][1].value) is not None


def _has_label(row: Row) -> bool:
    """Whether a line begins with the label of a field (填表人：…)."""
    text = row.filled[0][1].value
    return lexicon.field_role(text) is not None or lexicon.leading_role(text) is not None


def _goes_on(below: Sequence[Row]) -> bool:
    """Whether classes stand below in the same form: the grid is not at its end."""
    for row in below:
        if is_title_row(row) or is_name_row(row) or header_of(row):
            return False
        if any(lexicon.class_label(text.value, 2) for _, text in row.filled):
            return True
    return False


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
