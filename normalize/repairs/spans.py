"""Rows that begin at the left edge because merged cells above them left no blank: moved to where they stood.

A page copied as text has one field for each cell, and none for a cell that is merged down from above. What is missing
is told by the closed vocabulary: a class belongs under its header, an indicator without a class of its own under the
names, a row of the funding below the row that its heading stands in. Cells keep their distances from each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.grids import header_of
from normalize.headers import funding_column
from normalize.layouts.columns import with_block
from normalize.layouts.content import is_quality, operator_of
from normalize.layouts.lists import listing_of
from normalize.repairs.headings import is_name_row, is_title_row, is_unit_row, is_year_row
from normalize.values import is_value_like
from schemas.audit import Finding
from schemas.text import BLANK, Text

_FEWEST = 3
_NUMBER = re.compile(r"\d+(?:\.\d+)?分?")
_OPTIONAL = ("reason", "note", "other")


@dataclass(slots=True)
class _State:
    header: Header | None = None
    of_list: bool = False
    funding: int | None = None  # the column of the funding rows' labels


def restore_spans(flow: Flow) -> Flow:
    """Move each row that lost the blanks of merged cells at its left; one finding tells how many there were."""
    if all(row.exact for row in flow.rows):
        return flow
    rows: list[Row] = []
    moved: list[Row] = []
    headers: dict[int, Header] = {}
    state = _State()
    for index, row in enumerate(flow.rows):
        by = 0 if row.exact or not row.aligned else _missing(flow.rows, index, state)
        rows.append(replace(row, cells=(*[BLANK] * by, *row.cells)) if by else row)
        if by:
            moved.append(rows[-1])
        if state.header:
            headers[index] = state.header
    if not moved:
        return flow
    if not any(map(_has_gap, flow.rows)):  # blanks between texts may be lost as well
        rows = [row.note(*_doubt(row, headers[at])) if at in headers else row for at, row in enumerate(rows)]
    return replace(flow, rows=tuple(rows), findings=(*flow.findings, _told(moved)))


def _missing(rows: Sequence[Row], index: int, state: _State) -> int:
    """How many cells are missing at the left of a row."""
    row = rows[index]
    listing = listing_of(row)
    header = Header(tuple(sorted(listing.roles.items()))) if listing else header_of(row)
    if header or is_title_row(row) or is_year_row(row) or is_name_row(row):
        state.header = header and with_block(header, rows[index + 1 : index + 2])
        state.of_list, state.funding = listing is not None, None
        return 0
    if is_unit_row(row) or not row.cells or not row.cells[0]:
        return 0
    if state.header:
        return _of_sums(row, state.header) or _in_grid(row, state.header, of_list=state.of_list)
    state.funding = _funding_column(row, state.funding)
    if state.funding and lexicon.funding_kind(row.cells[0].value):
        return state.funding
    return _below_labels(row, rows[index - 1]) if index else 0


# Indicators.


def _in_grid(row: Row, header: Header, *, of_list: bool) -> int:
    """How far right a row of a grid stood, by its classes or, without any, by the column of the names.

    In a list of projects a row of few texts without a class may also be a group's or a project's.
    """
    name, first = header.column("name"), row.cells[0].value
    if name is None or len(row.filled) < 2 or _is_apart(first):
        return 0
    moves = {move for at, text in row.filled for move in _moves(at, text, header)}
    if not moves and (len(row.filled) >= _FEWEST or not of_list):
        moves = {name}
    ranks = {move: _rank(row, header, move) for move in moves if _fits(row, header, move)}
    best = [move for move, rank in ranks.items() if rank == max(ranks.values())]
    return best[0] if len(best) == 1 else 0


def _of_sums(row: Row, header: Header) -> int:
    """How far right the numbers of a row of sums stood, where only one move brings all of them under 分值 and 得分."""
    numbers = [at for at, text in row.filled if at and _NUMBER.fullmatch(text.value.strip())]
    columns = {col for role in ("weight", "score") if (col := header.column(role)) is not None}
    if not lexicon.is_sum(row.cells[0].value) or not numbers:
        return 0
    moves = [col - numbers[0] for col in columns if {at + col - numbers[0] for at in numbers} <= columns]
    return moves[0] if len(moves) == 1 and moves[0] > 0 else 0


def _rank(row: Row, header: Header, move: int) -> tuple[bool, int]:
    """How well a move serves a row: its name is no class, and many classes come under their headers."""
    labels = [col for role in ("level1", "level2") if (col := header.column(role)) is not None and col >= move]
    named = lexicon.class_label(row.at(header.columns["name"] - move).value, 2) is None
    return named, sum(bool(row.at(col - move)) for col in labels)


def _is_apart(text: str) -> bool:
    """Whether a row begins with what is no indicator: a block, sums, a field below the grid."""
    known = lexicon.is_block(text) or lexicon.is_sum(text)
    return known or lexicon.field_role(text) is not None or lexicon.leading_role(text) is not None


def _moves(at: int, text: Text, header: Header) -> list[int]:
    """How far a class must be moved to stand under its header; 满意度指标 may be of both levels."""
    columns = [
        header.column(f"level{level}") for level in (1, 2) if lexicon.class_label(text.value, level, strict=False)
    ]
    return [col - at for col in columns if col is not None and col >= at]


def _fits(row: Row, header: Header, move: int) -> bool:
    """Whether a moved row stays within its header, and labels and names come under the columns that are theirs."""
    name = header.columns["name"]
    if row.filled[-1][0] + move > header.roles[-1][0] or not _may_be_name(
        row.at(name - move) if name >= move else BLANK
    ):
        return False
    levels = [(level, header.column(f"level{level}")) for level in (1, 2)]
    under = [(level, row.at(col - move)) for level, col in levels if col is not None and col >= move]
    return all(not text or lexicon.class_label(text.value, level, strict=False) for level, text in under)


def _may_be_name(text: Text) -> bool:
    return not (is_value_like(text.value) or operator_of(text.value) or is_quality(text.value))


def _has_gap(row: Row) -> bool:
    """Whether a blank stands between two texts of a row."""
    return bool(row.filled) and row.filled[-1][0] - row.filled[0][0] >= len(row.filled)


def _doubt(row: Row, header: Header) -> list[Finding]:
    """A finding where a row of an indicator does not reach to the last columns of its header."""
    name = header.columns.get("name", 0)
    behind = [(col, role) for col, role in header.roles if col >= name]
    blank = [role for col, role in behind if row.filled and col > row.filled[-1][0] and role not in _OPTIONAL]
    told = row.at(name).value
    if row.exact or not blank or len(behind) <= 2 or not told or lexicon.is_template(told) or header_of(row):
        return []
    if any(lexicon.is_sum(text.value) for _, text in row.filled) or _is_apart(row.filled[0][1].value):
        return []
    shown = " | ".join(text.value.strip() for _, text in row.filled)[:80]
    messages = (f"这一行的列按内容推定：{shown}", f"the columns of this row are told by content alone: {shown}")
    return [finding("columns-inferred", "warning", "reading", messages, row.filled[0][1].places)]


# Fields.


def _funding_column(row: Row, known: int | None) -> int | None:
    """The column of the funding rows' labels: of the first behind their heading, or left of the amounts' headers."""
    if lexicon.field_role(row.cells[0].value) != "funding":
        return known if lexicon.funding_kind(row.cells[0].value) else None
    heads = [(col, column.roles[0]) for col, text in row.filled if (column := funding_column(text.value))]
    if len(heads) > 1:
        own = heads[0][1] in [
            role for _, role in heads[1:]
        ]  # 年度预算数 over the labels, 调整后预算数 over the amounts
        return heads[0][0] if own else heads[0][0] - 1
    labels = [col for col, text in row.filled[1:] if lexicon.funding_kind(text.value)]
    return labels[0] if labels else None


def _below_labels(row: Row, above: Row) -> int:
    """How many labels are merged down beside texts below others: 年度总体目标 before 预期目标 and 实际完成情况."""
    labels = [text.value for _, text in above.filled]
    dense = len(above.cells) == len(labels) and all(map(lexicon.field_role, labels))
    lost = len(labels) - len(row.cells)
    if not dense or lost < 1 or not lexicon.goal_role(labels[lost]):
        return 0
    return 0 if any(lexicon.label_kinds(text.value) for _, text in row.filled) else lost


def _told(moved: Sequence[Row]) -> Finding:
    places = moved[0].filled[0][1].places
    messages = (
        f"合并单元格没有留下空格，{len(moved)}行按类别和标签归位",
        f"merged cells left no blanks; {len(moved)} rows are put in place by their classes and labels",
    )
    return finding("columns-inferred", "info", "reading", messages, places)
