"""The body of a Word document: paragraphs and tables in their order, tables with their merged cells (17.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.errors import ReadError, shown
from extract.markup import Element, attribute, child, children, local, whole_number
from extract.tables import MAX_CELLS, MAX_COLS, Part, RawCell, RawLine, RawTable
from extract.word.runs import Context, read_paragraph
from extract.word.styles import toggled

_DEEPEST = 20  # tables in tables
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})
_DELETED = frozenset({"del", "moveFrom"})


@dataclass(slots=True)
class Reader:
    """What the body is read with, and how many cells were met."""

    context: Context
    name: str
    cells: int = 0


def read_body(body: Element, reader: Reader) -> list[Part]:
    """The lines and tables of the body."""
    parts: list[Part] = []
    for block in _blocks(body, reader):
        if local(block) == "tbl":
            parts.append(_table(block, reader, 0))
            continue
        lines, pictures = read_paragraph(block, reader.context)
        reader.context.seen.loose_pictures += pictures
        parts += [RawLine(text) for line in lines if (text := line.replace("\t", " ")).strip()]
    return parts


def _blocks(element: Element, reader: Reader, depth: int = 0) -> Iterator[Element]:
    """The paragraphs and tables of a body or a cell, those in content controls and insertions too."""
    for part in element:
        name = local(part)
        if name in ("p", "tbl"):
            yield part
        elif name == "altChunk":
            reader.context.seen.embedded += 1
        elif name in _WRAPPERS and depth < _DEEPEST:
            yield from _blocks(part, reader, depth + 1)


@dataclass(slots=True)
class _Grid:
    """A table as it grows: its cells, and the cell that stands open below each column's last row."""

    table: RawTable = field(default_factory=RawTable)
    open: dict[int, RawCell] = field(default_factory=dict)


def _table(element: Element, reader: Reader, depth: int) -> RawTable:
    grid = _Grid()
    widths = child(element, "tblGrid")
    columns = [_width(attribute(each, "w")) for each in children(widths, "gridCol")] if widths is not None else []
    for row in _rows(element, "tr"):
        properties = child(row, "trPr")
        if properties is not None and any(local(each) in _DELETED for each in properties):
            reader.context.seen.deleted.append("".join(row.itertext()).strip()[:200])
            continue
        if toggled(properties, "hidden"):
            grid.table.hidden_rows.add(grid.table.num_rows)
        _row(row, grid, reader, depth)
        grid.table.num_rows += 1
    grid.table.num_cols = min(max((cell.col + cell.col_span for cell in grid.table.cells), default=0), MAX_COLS)
    grid.table.edges = _edges(columns, grid.table.num_cols)
    return grid.table


def _rows(element: Element, wanted: str, depth: int = 0) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls and insertions too."""
    for part in element:
        name = local(part)
        if name == wanted:
            yield part
        elif name in _WRAPPERS and depth < _DEEPEST:
            yield from _rows(part, wanted, depth + 1)


def _width(text: str) -> float:
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 0.0


def _edges(widths: list[float], columns: int) -> tuple[float, ...]:
    """The edges of the columns; none where the table's own grid does not fit its cells, as some writers leave it."""
    if len(widths) < columns or not columns or min(widths[:columns]) <= 0:
        return ()
    edges = [0.0]
    for width in widths[:columns]:
        edges.append(edges[-1] + width)
    return tuple(edges)


def _row(row: Element, grid: _Grid, reader: Reader, depth: int) -> None:
    properties = child(row, "trPr")
    before = child(properties, "gridBefore") if properties is not None else None
    col = min(whole_number(attribute(before, "val")), MAX_COLS - 1) if before is not None else 0
    last: RawCell | None = None
    for element in _rows(row, "tc"):
        reader.cells += 1
        if reader.cells > MAX_CELLS:
            raise ReadError("too-large", f"{shown(reader.name)} has more than {MAX_CELLS} cells")
        if col >= MAX_COLS:
            break
        cell = RawCell(grid.table.num_rows, col, 1, _span(element, col))
        _fill(cell, element, reader, depth)
        sideways, downwards = _merge(element, "hMerge"), _merge(element, "vMerge")
        col += cell.col_span
        above = grid.open.get(cell.col)
        if sideways == "continue" and last is not None:
            last.col_span += cell.col_span
            _cover(cell, reader)
        elif downwards == "continue" and above is not None:
            above.row_span = cell.row + 1 - above.row
            _cover(cell, reader)
            last = above
        else:
            grid.table.cells.append(cell)
            last = cell
            grid.open[cell.col] = cell


def _span(element: Element, col: int) -> int:
    properties = child(element, "tcPr")
    span = child(properties, "gridSpan") if properties is not None else None
    wanted = whole_number(attribute(span, "val"), 1) if span is not None else 1
    return max(min(wanted, MAX_COLS - col), 1)


def _merge(element: Element, name: str) -> str:
    """restart, continue (also where the value is left out), or "" for a cell of its own."""
    properties = child(element, "tcPr")
    merge = child(properties, name) if properties is not None else None
    return "" if merge is None else attribute(merge, "val", "continue")


def _cover(cell: RawCell, reader: Reader) -> None:
    """A cell that a merged one covers shows nothing; what it holds all the same is told."""
    if cell.text:
        reader.context.seen.covered.append(cell.text)


def _fill(cell: RawCell, element: Element, reader: Reader, depth: int) -> None:
    for block in _blocks(element, reader):
        if local(block) == "tbl":
            if depth < _DEEPEST:
                cell.content.append(_table(block, reader, depth + 1))
            continue
        lines, pictures = read_paragraph(block, reader.context)
        cell.content += [line.replace("\t", " ") for line in lines]
        cell.pictures += pictures
