"""Tables of Word documents and web pages as drawn, layout tables told from data, and the Document they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.errors import ReadError, shown
from extract.found import finding, listed, ranges
from schemas.audit import Finding
from schemas.table import Cell, Page, Table
from schemas.text import Place, TablePlace, Text, TextPlace

MAX_CELLS = 500_000
"""Cells of one document."""

MAX_COLS = 1_000
"""Columns of one table, as HTML bounds a column span."""

_FEW = 2  # cells with a text of its own that a layout table may have beside each table that it holds


@dataclass(slots=True)
class RawCell:
    """A cell as drawn: its place in the grid from 0, its spans, and its lines and tables in their order."""

    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    content: list[str | RawTable] = field(default_factory=list)
    pictures: int = 0

    @property
    def text(self) -> str:
        """The lines that are not blank."""
        return "\n".join(part for part in self.content if isinstance(part, str) and part.strip())

    @property
    def tables(self) -> list[RawTable]:
        """The tables inside it."""
        return [part for part in self.content if isinstance(part, RawTable)]


@dataclass(slots=True)
class RawTable:
    """A table as drawn; `edges` are the positions of its columns' edges where the carrier knows them."""

    cells: list[RawCell] = field(default_factory=list)
    num_rows: int = 0
    num_cols: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of text outside all tables."""

    text: str


Part = RawTable | RawLine


def unfolded(parts: Sequence[Part]) -> Iterator[tuple[Part, bool]]:
    """The data tables and the lines, layout tables taken apart; and for a table whether it holds tables of its own.

    What stands in a layout table's cells are lines of text, and its tables are what matters.
    """
    waiting: list[Part] = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if isinstance(part, RawLine):
            yield part, False
        elif _is_layout(part):
            inner: list[Part] = []
            for cell in sorted(part.cells, key=lambda cell: (cell.row, cell.col)):
                for each in cell.content:
                    if isinstance(each, RawTable):
                        inner.append(each)
                    elif each.strip():
                        inner.append(RawLine(each))
            waiting.extend(reversed(inner))
        else:
            yield part, any(cell.tables for cell in part.cells)


def _is_layout(table: RawTable) -> bool:
    """Whether a table only arranges others: few of its cells have a text, and one beside tables holds a real one."""
    holders = [cell for cell in table.cells if any(_is_grid(inner) for inner in cell.tables)]
    if not holders:
        return False
    own = sum(1 for cell in table.cells if cell.text and not cell.tables)
    biggest = max(_filled(inner) for cell in holders for inner in cell.tables)
    return own <= _FEW * len(holders) or own * 2 < biggest


def _is_grid(table: RawTable) -> bool:
    """Whether a table has rows and columns, or arranges one that has."""
    waiting = [table]
    while waiting:
        each = waiting.pop()
        rows = {cell.row for cell in each.cells if cell.text}
        cols = {cell.col for cell in each.cells if cell.text}
        if len(rows) > 1 and len(cols) > 1:
            return True
        waiting.extend(inner for cell in each.cells for inner in cell.tables)
    return False


def _filled(table: RawTable) -> int:
    count = 0
    waiting = [table]
    while waiting:
        each = waiting.pop()
        count += sum(1 for cell in each.cells if cell.text)
        waiting.extend(inner for cell in each.cells for inner in cell.tables)
    return count


@dataclass(slots=True)
class Built:
    """The one page of a document, and what a reviewer should know of its tables."""

    page: Page
    findings: list[Finding]


def built(parts: Sequence[Part], name: str, what: str, but: str = "", around: int | None = None) -> Built:
    """The page of all data tables and lines; raises ReadError `not-a-table` where there is no table, `too-large`.

    Only `around` lines are kept before the first table and behind the last one, where the number is given.
    """
    found: list[Table] = []
    notes: list[Finding] = []
    lines: list[tuple[int, RawLine]] = []
    number = cells = 0
    flat = [(part, nested) for part, nested in unfolded(parts) if isinstance(part, RawLine) or _is_filled(part)]
    line_numbers = {id(part): at for at, part in enumerate((each for each, _ in flat if isinstance(each, RawLine)), 1)}
    if around is not None:
        flat, left_out = _trimmed(flat, around)
        notes += _left_out(left_out)
    columns = _shared_columns([part for part, _ in flat])
    for part, nested in flat:
        if isinstance(part, RawLine):
            lines.append((line_numbers[id(part)], part))
            continue
        if lines:
            found.append(_line_table(lines))
            lines = []
        number += 1
        cells += len(part.cells)
        if cells > MAX_CELLS:
            raise ReadError("too-large", f"{shown(name)} has more than {MAX_CELLS} cells")
        found.append(_table(part, number, columns.get(id(part))))
        notes += _notes(part, number, nested=nested)
    if not number:
        raise ReadError("not-a-table", f"{shown(name)} is {what} without a table{but}")
    if lines:
        found.append(_line_table(lines))
    return Built(Page(1, tuple(found)), notes)


def _is_filled(table: RawTable) -> bool:
    return any(cell.text or cell.tables for cell in table.cells)


def _trimmed(flat: list[tuple[Part, bool]], around: int) -> tuple[list[tuple[Part, bool]], int]:
    """The parts without the lines far from all tables, and how many those are."""
    tables = [at for at, (part, _) in enumerate(flat) if isinstance(part, RawTable)]
    if not tables:
        return flat, 0
    kept = flat[max(tables[0] - around, 0) : tables[-1] + around + 1]
    return kept, len(flat) - len(kept)


def _left_out(count: int) -> Iterator[Finding]:
    if count:
        yield finding(
            "outside-text",
            "info",
            f"网页中远离表格的{count}行文字未读入",
            f"{count} lines of the page far from all tables are not read",
        )


def _line_table(lines: Sequence[tuple[int, RawLine]]) -> Table:
    cells = []
    for row, (number, line) in enumerate(lines):
        place = TextPlace(1, number, (0, len(line.text)), line.text)
        cells.append(Cell(row, 0, Text(line.text, (place,))))
    return Table(len(lines), 1, tuple(cells), exact=True, lines=True)


def _table(table: RawTable, number: int, columns: list[int] | None) -> Table:
    cells = []
    for cell in table.cells:
        text = _with_inner(cell)
        if not text.strip():
            continue
        place = place_of(cell, number, text)
        col, end = cell.col, min(cell.col + cell.col_span, table.num_cols)
        if columns:
            col, end = columns[min(col, len(columns) - 1)], columns[min(end, len(columns) - 1)]
        cells.append(Cell(cell.row, col, Text(text, (place,)), cell.row_span, max(end - col, 1)))
    return Table(table.num_rows, columns[-1] if columns else table.num_cols, tuple(cells), exact=True)


def place_of(cell: RawCell, number: int, text: str) -> TablePlace:
    """Where a cell stands, counted from 1 as people do."""
    return TablePlace(number, cell.row + 1, cell.col + 1, text)


def _with_inner(cell: RawCell) -> str:
    """The text of a cell with that of its tables, row by row."""
    if not cell.tables:
        return cell.text
    lines: list[str] = []
    for part in cell.content:
        lines += _rows_of(part) if isinstance(part, RawTable) else [part]
    return "\n".join(line for line in lines if line.strip())


def _rows_of(table: RawTable) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        text = _with_inner(cell)
        if text.strip():
            rows.setdefault(cell.row, []).append(text.replace("\n", " "))
    return [" ".join(texts) for _, texts in sorted(rows.items())]


def _notes(table: RawTable, number: int, *, nested: bool) -> Iterator[Finding]:
    filled = {cell.row for cell in table.cells if cell.text}
    hidden = sorted(table.hidden_rows & filled)
    if hidden:
        names = listed(ranges([row + 1 for row in hidden]))
        yield finding(
            "hidden-rows",
            "warning",
            f"表{number}的隐藏行{names}已照常读入",
            f"hidden rows {names} of table {number} are read all the same",
            _places(number, [cell for cell in table.cells if cell.row in hidden]),
        )
    if nested:
        yield finding(
            "nested-table",
            "warning",
            f"表{number}的单元格里还有表格，其文字按行并入该单元格",
            f"cells of table {number} hold tables of their own; their texts are read as lines of the cell",
            _places(number, [cell for cell in table.cells if cell.tables]),
        )
    pictured = [cell for cell in table.cells if cell.pictures]
    if pictured:
        yield finding(
            "picture",
            "warning",
            f"表{number}的单元格中有图片，图中的文字未读入",
            f"cells of table {number} hold pictures; what they show is not read",
            _places(number, pictured),
        )


def _places(number: int, cells: Sequence[RawCell]) -> list[Place]:
    return [place_of(cell, number, cell.text) for cell in cells[:12]]


_NEAR = 0.006  # of a table's width: edges that are one
_SAME = 0.02  # of a table's width: outer edges that make two tables one column


def _shared_columns(parts: Sequence[Part]) -> dict[int, list[int]]:
    """The number of each edge of the tables that follow each other directly and are as wide, by their identity.

    A table that goes on in a second one keeps its columns, even where a row of the first is split more finely.
    """
    chains: list[list[RawTable]] = []
    before: Part | None = None
    for part in parts:
        if isinstance(part, RawTable) and part.edges:
            if chains and before is chains[-1][-1] and _alike(chains[-1][0].edges, part.edges):
                chains[-1].append(part)
            else:
                chains.append([part])
        before = part
    found: dict[int, list[int]] = {}
    for chain in chains:
        edges = _union([table.edges for table in chain])
        found.update((id(table), [_nearest(edge, edges) for edge in table.edges]) for table in chain)
    return found


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    room = _SAME * max(one[-1] - one[0], 1)
    return abs(one[0] - other[0]) <= room and abs(one[-1] - other[-1]) <= room


def _union(sets: Sequence[Sequence[float]]) -> list[float]:
    if len(sets) == 1:
        return list(sets[0])
    room = _NEAR * max(sets[0][-1] - sets[0][0], 1)
    found: list[float] = []
    for edge in sorted(edge for edges in sets for edge in edges):
        if not found or edge - found[-1] > room:
            found.append(edge)
    return found


def _nearest(edge: float, edges: Sequence[float]) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - edge))
