"""Where each row stands in its form: title, year, head (fields), header, grid (indicators)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.grids import MANY, header_of
from normalize.headers import block_scope, column
from normalize.layouts.content import fits, fits_wholly
from normalize.repairs.headings import is_name_row, is_title_row, is_unit_row, is_year_row
from normalize.values import is_value_like
from schemas.audit import Finding
from schemas.project import Scope
from schemas.text import BLANK, Text

_CONTENT = {
    "name": ("指标名称", "names"),
    "target": ("指标值", "values"),
    "operator": ("符号", "operators"),
    "unit": ("单位", "units"),
}
_SAMPLE = 40  # rows below a header that show what a column holds
_CONFIRMED = ("operator", "unit")  # columns that are not believed by their header alone


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
    if is_title_row(row) or _is_year(row):
        state.inside, state.header = False, None
        return replace(row, zone="title" if is_title_row(row) else "year")
    if is_name_row(row):
        state.inside, state.header, state.below_grid = True, None, False
        return replace(row, zone="head")
    if not state.inside:
        return row
    header = header_of(row)
    if header:
        header = _with_block(header, rows[index + 1 : index + 2])
        state.header, notes = _completed(header, row, rows[index + 1 : index + _SAMPLE])
        state.scope = header.scope
        return replace(row, zone="header", header=state.header).note(*notes, *_read_once(header))
    return _mark_inner(row, rows[index + 1 : index + _SAMPLE], state)


def _is_year(row: Row) -> bool:
    """Whether a row is a year, even one that has lost a bracket."""
    text = row.filled[0][1].value
    unclosed = not lexicon.balanced(text) and lexicon.year_row(text) is not None
    return is_year_row(row) or (len(row.filled) == 1 and unclosed)


def _mark_inner(row: Row, below: Sequence[Row], state: _State) -> Row:
    if state.header is None:
        state.header = _inferred(row)
        if state.header is None:
            return replace(row, zone="head")
        row = row.note(_no_header(row))
    if _is_field(row, state.header) and not _goes_on(below):
        state.below_grid = True
        return replace(row, zone="head")
    if state.below_grid and len(row.filled) == 1 and not lexicon.label_kinds(row.filled[0][1].value):
        return replace(row, zone="head")  # a remark's next line
    if is_unit_row(row):
        return row
    block = block_scope(row.at(state.header.column("block")).value)
    state.scope = block or state.scope
    return replace(row, zone="grid", header=state.header, scope=row.scope or state.scope)


def _with_block(header: Header, below: Sequence[Row]) -> Header:
    """The header with a column for the block's label, where its blank is lost and only the row below shows it."""
    shown = below[0].filled if below else []
    lost = header.column("block") is None and header.roles[0][0] == 0 and header.roles[0][1] != "serial"
    if not lost or not shown or not lexicon.is_block(shown[0][1].value):
        return header
    roles = ((0, "block"), *((col + 1, role) for col, role in header.roles))
    return replace(header, roles=roles, cells=(BLANK, *header.cells))


def _completed(header: Header, row: Row, below: Sequence[Row]) -> tuple[Header, list[Finding]]:
    """The header with an unknown label read as the column of names or values that is missing, where content fits."""
    header, notes = _told_apart(_with_blocks(_confirmed(header, row, below), below), below)
    for role in ("name", "target"):
        at = _unknown_for(role, header, below) if header.column(role) is None else None
        if at is not None:
            col, label = header.roles[at][0], header.cells[at]
            roles = tuple((c, role if c == col else name) for c, name in header.roles)
            header = replace(header, roles=roles)
            notes.append(_told_by_content(label, role))
    return header, notes


def _confirmed(header: Header, row: Row, below: Sequence[Row]) -> Header:
    """The header with each column in the first of its roles that its content fits; the last choice is a remark."""
    if not row.aligned:
        return header
    grid = list(takewhile(lambda each: not (header_of(each) or is_title_row(each) or is_name_row(each)), below))
    choices = [_choices(role, head) for (_, role), head in zip(header.roles, header.cells, strict=True)]
    taken = {found[0] for found in choices if len(found) == 1}
    roles: list[tuple[int, str]] = []
    for (col, role), found in zip(header.roles, choices, strict=True):
        if len(found) > 1 or role in _CONFIRMED:
            held = [text.value for each in grid if (text := each.at(col))]
            free = [choice for choice in found if len(found) == 1 or choice in MANY or choice not in taken]
            role = next((choice for choice in free if fits(choice, held)), "note")
            taken.add(role)
        roles.append((col, role))
    return replace(header, roles=tuple(roles))


def _choices(role: str, head: Text) -> list[str]:
    """The roles that a header cell allows its column, in the vocabulary's order; the given one where it has no others."""
    named = column(head.value)
    others = list(named.roles) if named else []
    return others if len(others) > 1 and role in others else [role]


def _with_blocks(header: Header, below: Sequence[Row]) -> Header:
    """The header with its first column read as the blocks': it holds their labels, or is merged down from the header itself."""
    col, role = header.roles[0]
    grid = list(takewhile(lambda each: header_of(each) is None, below))
    cells = [row.at(col).value for row in grid if row.at(col)]
    levels = any(role in ("level1", "level2") for _, role in header.roles)
    merged = levels and len(grid) > 1 and not any(row.at(col) for row in grid[:2])
    if role != "other" or not (merged or (cells and lexicon.is_block(cells[0]))):
        return header
    return replace(header, roles=((col, "block"), *header.roles[1:]))


def _told_apart(header: Header, below: Sequence[Row]) -> tuple[Header, list[Finding]]:
    """The header with unknown columns read as operators or units where nothing else stands in them, and told so."""
    notes = []
    grid = list(takewhile(lambda each: not (header_of(each) or is_title_row(each) or is_name_row(each)), below))
    for role in _CONFIRMED:
        for at, (col, known) in enumerate(header.roles):
            held = [text.value for each in grid if (text := each.at(col))]
            if known not in MANY or header.column(role) is not None or not fits_wholly(role, held):
                continue
            roles = (*header.roles[:at], (col, role), *header.roles[at + 1 :])
            header = replace(header, roles=roles)
            notes.append(_told_by_content(header.cells[at], role))
    return header, notes


def _unknown_for(role: str, header: Header, below: Sequence[Row]) -> int | None:
    """The unknown column whose content fits a role: mostly values, or mostly words."""
    names = [name for _, name in header.roles]
    for at, name in enumerate(names):
        cells = [row.at(header.roles[at][0]).value for row in below]
        filled = [cell for cell in cells if cell.strip()]
        values = sum(is_value_like(cell) for cell in filled)
        fits = values * 2 > len(filled) if role == "target" else values * 4 < len(filled)
        behind = "name" in names[:at] if role == "target" else "level2" in names[:at]
        if name == "other" and filled and fits and behind:
            return at
    return None


def _told_by_content(label: Text, role: str) -> Finding:
    shown, what = label.value.strip(), _CONTENT[role]
    messages = (
        f"表头“{shown}”按内容认作{what[0]}列",
        f"the column “{shown}” is taken for the {what[1]} by its content",
    )
    return finding("columns-inferred", "warning", "reading", messages, label.places)


def _read_once(header: Header) -> list[Finding]:
    """A finding for each column whose role stands twice in the header: only the first is read."""
    roles = [role for _, role in header.roles]
    twice = [i for i, role in enumerate(roles) if role not in MANY and role in roles[:i]]
    labels = [header.cells[i] for i in twice]
    return [_unread(label) for label in labels]


def _unread(label: Text) -> Finding:
    shown = label.value.strip()
    messages = (
        f"表头“{shown}”出现两次，第二列未读入",
        f"the header “{shown}” stands twice; the second column is not read",
    )
    return finding("unread-column", "error", "reading", messages, label.places)


def _is_field(row: Row, header: Header) -> bool:
    """Whether a row under the grid is a field again (备注, 填表人): a known label where the grid has its own labels."""
    col, text = row.filled[0]
    name = header.column("name")
    if lexicon.is_block(text.value) or (row.aligned and name is not None and col >= name):
        return False
    if lexicon.is_sum(text.value) and any(row.at(header.column(role)) for role in ("weight", "score")):
        return False
    label = re.split("[:：]", text.value, maxsplit=1)[0]
    return lexicon.field_role(text.value) is not None or lexicon.field_role(label) == "extra"


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
