"""The header of an indicator grid: which column is which, from what its cells say."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Header, Row
from normalize.headers import block_scope, column, is_place, is_sum_of_places, scope_of
from normalize.words import key
from schemas.project import Scope
from schemas.text import BLANK, Text

_LONGEST = 60  # characters of a header
LEVELS = ("level1", "level2")
_TELLING = frozenset({"name", "target", "level1", "level2"})
MANY = frozenset({"other", "note", "serial"})
"""Roles that several columns may have."""


class HeaderCell(Struct, frozen=True):
    """A cell of a header: the roles its column may have, the chosen one first; the scope or place of its values."""

    col: int
    text: Text
    roles: tuple[str, ...] = ("other",)
    scope: Scope | None = None
    place: Text = BLANK

    @property
    def role(self) -> str:
        """The chosen role."""
        return self.roles[0]


def upper_at(row: Row, col: int) -> Text:
    """What a header of two rows prints above a column."""
    return row.upper[col] if col < len(row.upper) else BLANK


def header_cells(row: Row) -> list[HeaderCell]:
    """The cells of what may be a header, with the roles that their words allow."""
    cells = [_cell(col, text, upper_at(row, col)) for col, text in row.filled]
    return _assigned(_places(_deepest(_blocks(cells))))


def header_of(row: Row) -> Header | None:
    """The columns that a header row names; None where the row is no header."""
    found = row.memo.get("header", ...)  # asked by most repairs, and the same row every time
    if found is ...:
        found = row.memo["header"] = _header_of(row) if _may_be_header(row) else None
    return found  # type: ignore[return-value]


def _may_be_header(row: Row) -> bool:
    """Whether two cells of a row are headers; a quick look, since few rows are."""
    if row.upper or len(row.filled) < 2:
        return bool(row.upper) or not row.aligned
    seen = 0
    for _, text in row.filled:
        value = text.value
        seen += len(value) <= _LONGEST and (column(value) is not None or lexicon.is_block(value))
        if seen > 1:
            return True
    return False


def _header_of(row: Row) -> Header | None:
    cells = header_cells(row)
    named = [cell.role for cell in cells if cell.role != "other"]
    if len(named) < max(2, len(cells) - 2) or not _TELLING & set(named):
        return None
    return Header(
        tuple((cell.col, cell.role) for cell in cells), tuple(cell.text for cell in cells), _scope(row, cells)
    )


def _scope(row: Row, cells: Sequence[HeaderCell]) -> Scope | None:
    """The scope of all values under a header: known to the row, told by its block's label, or by the values' header."""
    block = next((block_scope(cell.text.value) for cell in cells if cell.role == "block"), None)
    told = {cell.scope for cell in cells if cell.role == "target"}
    return row.scope or block or (told.pop() if len(told) == 1 else None)


def _cell(col: int, text: Text, upper: Text) -> HeaderCell:
    own, above = column(text.value), column(upper.value)
    over = scope_of(upper.value) or block_scope(upper.value)
    if own:
        place = upper if is_place(upper.value) else BLANK
        return HeaderCell(col, text, own.roles, over or own.scope, place)
    if above:
        place = text if is_place(text.value) else BLANK
        return HeaderCell(col, text, above.roles, scope_of(text.value) or above.scope, place)
    return HeaderCell(col, text, place=text if is_place(text.value) else BLANK)


def _blocks(cells: list[HeaderCell]) -> list[HeaderCell]:
    """绩效指标 is the block before the levels, the names behind them or before values, else a whole tree."""
    levels = any(role in cell.roles for cell in cells for role in (*LEVELS, "name") if "tree" not in cell.roles)
    seen: list[str] = []
    for at, cell in enumerate(cells):
        if lexicon.is_block(cell.text.value) or key(cell.text.value) == "指标":
            cells[at] = replace(cell, roles=_block_roles(cells, at, seen, levels=levels))
        elif "tree" in cell.roles and levels:
            cells[at] = replace(cell, roles=("other",))
        seen += cells[at].roles[:1]
    return cells


def _deepest(cells: list[HeaderCell]) -> list[HeaderCell]:
    """Where names stand on two levels (三级指标, 四级指标), the upper one is a remark to the lower one."""
    upper = {at for at, cell in enumerate(cells[1:]) if key(cell.text.value).startswith("四级")}
    return [
        replace(cell, roles=("note",)) if at in upper and cell.role == "name" else cell for at, cell in enumerate(cells)
    ]


def _block_roles(cells: list[HeaderCell], at: int, seen: list[str], *, levels: bool) -> tuple[str, ...]:
    if levels:
        return ("name",) if "level2" in seen else ("block",)
    values = next((i for i, cell in enumerate(cells) if "target" in cell.roles), None)
    if values is None or at > values:
        return ("tree", "block")
    later = any(lexicon.is_block(cell.text.value) or key(cell.text.value) == "指标" for cell in cells[at + 1 : values])
    return ("block",) if later else ("name",)


def _places(cells: list[HeaderCell]) -> list[HeaderCell]:
    """Columns headed by places hold values where two or more stand behind the names and no other column does."""
    names = next((at for at, cell in enumerate(cells) if "name" in cell.roles), None)
    headed = [at for at, cell in enumerate(cells) if cell.place and cell.role == "other"]
    if names is None or len(headed) < 2 or headed[0] < names or any("target" in cell.roles for cell in cells):
        return [replace(cell, place=BLANK) if cell.role != "target" else cell for cell in cells]
    sums = [at for at in headed if is_sum_of_places(cells[at].text.value)]
    sums = sums if len(sums) < len(headed) else []  # the values of all places together are remarks to those of one
    roles = {at: ("note",) if at in sums else ("target",) for at in headed}
    return [replace(cell, roles=roles.get(at, cell.roles)) for at, cell in enumerate(cells)]


def _assigned(cells: list[HeaderCell]) -> list[HeaderCell]:
    """One role for each cell: those with one choice first, the others what is left over."""
    taken = {cell.role for cell in cells if len(cell.roles) == 1}
    for at, cell in enumerate(cells):
        if len(cell.roles) > 1:
            role = next((role for role in cell.roles if role in MANY or role not in taken), cell.roles[-1])
            taken.add(role)
            cells[at] = replace(cell, roles=(role, *(other for other in cell.roles if other != role)))
    return cells
