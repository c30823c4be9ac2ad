"""Two grids side by side under one header (mid-term beside annual, half-year beside year), set one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Cut, Flow, Row, finding
from normalize.grids import HeaderCell, header_cells, header_of
from normalize.headers import header_year, scope_of
from normalize.repairs.headings import is_name_row, is_title_row, is_year_row
from schemas.audit import Finding
from schemas.project import Scope
from schemas.text import BLANK

_LABELS = ("serial", "block", "level1", "level2", "name")
_ONCE = ("operator", "unit")  # what a header has once holds for the values of all halves
_AGAIN = ("level1", "level2", "name", "target")
_MOST = 3


class _Half(Struct, frozen=True):
    """The columns of one half (those it shares with the others among them) and the scope of its values."""

    columns: frozenset[int]
    values: frozenset[int]
    scope: Scope | None
    shares_name: bool


def split_halves(flow: Flow) -> Flow:
    """Give each half of a side-by-side grid rows of its own: first all of one half, then all of the next."""
    rows: list[Row] = []
    index = 0
    while index < len(flow.rows):
        row = flow.rows[index]
        halves, notes = _halves(row, flow.rows[:index]) if header_of(row) else ([], [])
        if len(halves) < 2:
            rows.append(row)
            index += 1
            continue
        end = _end(flow.rows, index)
        body = flow.rows[index + 1 : end]
        for half in halves:
            rows.extend(_rows_of(half, halves, row, body))
        rows[-1] = rows[-1].note(*notes)
        index = end
    return replace(flow, rows=tuple(rows))


def _end(rows: Sequence[Row], header: int) -> int:
    """Where the rows below a header end: at another header, title or form, or where fields follow the grid."""
    for index in range(header + 1, len(rows)):
        row = rows[index]
        if is_title_row(row) or is_year_row(row) or is_name_row(row) or header_of(row):
            return index
        first = row.filled[0][1].value
        if lexicon.field_role(first) and not lexicon.is_block(first) and row.filled[0][0] == 0:
            return index
    return len(rows)


def _halves(row: Row, above: Sequence[Row]) -> tuple[list[_Half], list[Finding]]:
    """The halves of a header; fewer than two where it is a plain one or its columns cannot be told apart."""
    cells = header_cells(row)
    parts = _parts(cells)
    if not row.aligned or not 2 <= len(parts) <= _MOST:
        return [], []
    if any(all(cell.role != "target" for cell in part) for part in parts) or any(c.place for c in cells):
        return [], []
    scopes, notes = _scopes(parts, above)
    if len(set(scopes)) != len(scopes):
        return [], []
    return [_half(cells, part, scope) for part, scope in zip(parts, scopes, strict=True)], notes


def _parts(cells: Sequence[HeaderCell]) -> list[list[HeaderCell]]:
    """The cells of a header, parted where a role comes again."""
    parts: list[list[HeaderCell]] = [[]]
    for cell in cells:
        again = cell.role in _AGAIN and any(cell.role == other.role for other in parts[-1])
        if again and not _is_next_year(parts[-1][-1], cell):
            parts.append([])
        parts[-1].append(cell)
    return parts


def _is_next_year(before: HeaderCell, cell: HeaderCell) -> bool:
    """Whether a column of values goes on with that of another year at its left: 2025年目标值, 2026年目标值."""
    years = header_year(before.text.value) and header_year(cell.text.value)
    return bool(years) and cell.role == before.role == "target"


def _half(cells: Sequence[HeaderCell], part: Sequence[HeaderCell], scope: Scope | None) -> _Half:
    own = {cell.role for cell in part}
    if part[0].role != "target" and "other" in own:
        own.add("name")  # under a header that nobody knows
    first = next(iter(_parts(cells)))
    shared = [cell for cell in first if cell.role in _LABELS and cell.role not in own]
    shared += [cell for cell in cells if cell.role in _ONCE and [each.role for each in cells].count(cell.role) == 1]
    starts = {cell.col for cell in (*shared, *part)}
    values = frozenset(cell.col for cell in part if cell.role == "target")
    return _Half(frozenset(starts), values, scope, shares_name="name" not in own or _lends(cells))


def _lends(cells: Sequence[HeaderCell]) -> bool:
    """Whether the first half lends its names to the others."""
    return sum(cell.role == "name" for cell in cells) == 1


def _scopes(parts: Sequence[Sequence[HeaderCell]], above: Sequence[Row]) -> tuple[list[Scope | None], list[Finding]]:
    """The scope of each half: what its header states; else mid-term before annual, as the form's goals have it."""
    told = [
        next((cell.scope for cell in part if cell.role in ("target", "name") and cell.scope), None) for part in parts
    ]
    if None not in told or len(parts) != 2:
        return told, []
    first, second = told
    if first is None:
        first = "midterm" if second in (None, "annual") else "annual"
    if second is None:
        second = "annual" if first != "annual" else "midterm"
    known = _states_midterm(above) or "half-year" in (first, second)
    return [first, second], [] if known else [_inferred(parts)]


def _states_midterm(above: Sequence[Row]) -> bool:
    """Whether the fields above a grid have a mid-term half themselves (中期目标, 中期资金总额)."""
    for row in reversed(above):
        if any(
            scope_of(text.value) == "midterm" or lexicon.goal_role(text.value) == "goal:midterm"
            for _, text in row.filled
        ):
            return True
        if is_name_row(row) or is_title_row(row):
            return False
    return False


def _inferred(parts: Sequence[Sequence[HeaderCell]]) -> Finding:
    places = tuple(place for part in parts for cell in part if cell.role == "target" for place in cell.text.places)
    messages = (
        "表头没有说明两栏指标值各属哪个期间，按左为中期、右为年度读入",
        "the header does not say what the two columns of values stand for; read as mid-term and annual",
    )
    return finding("scope-inferred", "warning", "reading", messages, places)


def _rows_of(half: _Half, halves: Sequence[_Half], header: Row, body: Sequence[Row]) -> list[Row]:
    starts = sorted(col for each in halves for col in each.columns)
    rows = [replace(_only(header, half, starts), scope=half.scope)]
    cut: Cut = ""
    others = False
    for row in body:
        kept = _only(row, half, starts)
        others = others if _goes_on(row, header, others) else half.shares_name and _is_others(row, half, halves)
        if others:
            kept = replace(
                kept, cells=tuple(text if _is_label(col, header) else BLANK for col, text in enumerate(kept.cells))
            )
        cut = kept.cut or cut
        if kept.filled:
            rows.append(replace(kept, cut=cut, scope=half.scope))
            cut = ""
    return rows


def _goes_on(row: Row, header: Row, others: bool) -> bool:
    """Whether a row at a page cut holds only the rest of a name that is not of this half."""
    names = {cell.col for cell in header_cells(header) if cell.role == "name"}
    return others and bool(row.cut) and all(col in names for col, _ in row.filled)


def _is_others(row: Row, half: _Half, halves: Sequence[_Half]) -> bool:
    """Whether a row has a value in another half alone: then the name that the halves share is not of this one."""
    others = frozenset().union(*(each.values for each in halves if each is not half))
    return not any(row.at(col) for col in half.values) and any(row.at(col) for col in others)


def _is_label(col: int, header: Row) -> bool:
    return any(cell.col == col and cell.role in _LABELS[:-1] for cell in header_cells(header))


def _only(row: Row, half: _Half, starts: Sequence[int]) -> Row:
    """The row with the cells of one half alone; a cell belongs to the header cell at or left of it."""
    homes = {col: max((start for start in starts if start <= col), default=starts[0]) for col, _ in row.filled}
    cells = tuple(text if text and homes[col] in half.columns else BLANK for col, text in enumerate(row.cells))
    return replace(row, cells=cells)
