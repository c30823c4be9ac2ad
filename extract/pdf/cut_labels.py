"""Merged cells that a page cuts, and whose text stands on the second of both pages alone.

Browsers and workbooks set the text of a merged cell in its middle, wherever the page is cut. The upper part of such a
cell may be blank, and what is blank in a column of classes would be taken for a part of the cell above.
"""

from __future__ import annotations

from extract.pdf.hints import is_class, is_title
from extract.pdf.pages import CellPart, LinePart, Part, Slot, TablePart
from extract.pdf.running import begins_form

_EDGE = 3.0  # points between two edges of columns that are one


def with_cut_labels(pages: list[list[Part]]) -> list[list[Part]]:
    """The pages, each text in the first of the parts of its cell; the parts behind it are blank.

    What is set below the foot of its table, where its cell would have gone on, belongs to that cell, too.
    """
    found = [_with_overflow(parts) for parts in pages]
    for at in range(len(pages) - 1, 0, -1):  # from the last: a cell may go on over several pages
        found[at - 1], found[at] = _joined(found[at - 1], found[at])
    return found


def _joined(before: list[Part], behind: list[Part]) -> tuple[list[Part], list[Part]]:
    """Two pages that follow one another."""
    end, begin = _last(before), _goes_on(behind)
    if end is None or begin is None:
        return before, behind
    upper, lower = before[end], behind[begin]
    if end + 1 < len(before) or not isinstance(upper, TablePart) or not isinstance(lower, TablePart):
        return before, behind
    cells = [(slot, cell) for slot in upper.foot if (cell := _text_of(slot, upper, lower))]
    if not cells:
        return before, behind
    upper = _filled(upper, [(slot, cell._replace(behind=cell.behind + 1)) for slot, cell in cells])
    lower = lower._replace(cells=[cell for cell in lower.cells if not any(cell is gone for _, gone in cells)])
    return [*before[:end], upper], [*behind[:begin], lower, *behind[begin + 1 :]]


def _with_overflow(parts: list[Part]) -> list[Part]:
    end = _last(parts)
    table = parts[end] if end is not None else None
    if end is None or end + 1 == len(parts) or not isinstance(table, TablePart) or not table.foot:
        return parts
    found = {id(part): cells for part in parts[end + 1 :] if (cells := _cells_above(part, table))}
    if not found:
        return parts
    rest = [part for part in parts[end + 1 :] if id(part) not in found]
    return [*parts[:end], _filled(table, [cell for cells in found.values() for cell in cells]), *rest]


def _cells_above(part: Part, table: TablePart) -> list[tuple[Slot, CellPart]]:
    """The blank cells at the foot of a table below which the classes of a line stand, with these."""
    if not isinstance(part, LinePart) or not all(map(is_class, labels := part.text.split())):
        return []
    x0, top, x1, bottom = part.box
    slots = [slot for slot in table.foot if table.xs[slot[1]] < x1 and table.xs[slot[1] + slot[3]] > x0]
    if len(slots) != len(labels):
        return []
    sides = [(max(x0, table.xs[col]), min(x1, table.xs[col + wide])) for _, col, _, wide in slots]
    boxes = [(low, top, high, bottom) for low, high in sides]
    cells = zip(slots, labels, boxes, strict=True)
    return [(slot, CellPart(*slot, label, box, part.sight)) for slot, label, box in cells]


def _filled(table: TablePart, cells: list[tuple[Slot, CellPart]]) -> TablePart:
    """The table with texts in some of its blank cells."""
    texts = [cell._replace(row=row, col=col, row_span=down, col_span=wide) for (row, col, down, wide), cell in cells]
    known = {slot for slot, _ in cells}
    return table._replace(
        cells=sorted([*table.cells, *texts], key=lambda cell: cell[:2]),
        foot=tuple(slot for slot in table.foot if slot not in known),
    )


def _last(parts: list[Part]) -> int | None:
    """Where the last table of a page stands."""
    return next((at for at in range(len(parts) - 1, -1, -1) if isinstance(parts[at], TablePart)), None)


def _goes_on(parts: list[Part]) -> int | None:
    """Where the table stands that goes on from the page before: first, or below a title that is printed again."""
    for at, part in enumerate(parts):
        if isinstance(part, TablePart):
            return None if at and begins_form(part) else at
        if not is_title(part.text):
            return None
    return None


def _text_of(slot: Slot, upper: TablePart, lower: TablePart) -> CellPart | None:
    """The cell on the next page in which the text of a blank cell at the foot of a page stands."""
    _, col, _, col_span = slot
    sides = upper.xs[col], upper.xs[col + col_span]
    first = _first_row(upper, lower)
    for cell in lower.cells:
        there = lower.xs[cell.col], lower.xs[cell.col + cell.col_span]
        if cell.row == first and all(abs(a - b) <= _EDGE for a, b in zip(sides, there, strict=True)):
            return cell if _is_merged(upper, slot, alone=cell.row_span == 1) else None
    return None


def _is_merged(table: TablePart, slot: Slot, *, alone: bool) -> bool:
    """Whether a blank cell below others is no cell of its own.

    Where its text stands in one row `alone`, a cell above must take several, and no blank must stand between.
    """
    row, col, _, col_span = slot
    above = {
        cell.row + cell.row_span: cell
        for cell in table.cells
        if cell.col <= col and cell.col + cell.col_span >= col + col_span
    }
    if row not in above or all(cell.row < row for cell in table.cells):  # of what is left of a row that the page cuts
        return False
    if not alone:
        return True
    while cell := above.get(row):
        if cell.row_span > 1:
            return True
        row = cell.row
    return False


def _first_row(upper: TablePart, lower: TablePart) -> int:
    """The first row of a page that is no row of the page before, printed again."""
    known = {*_rows(upper).values()}
    return next((row for row, texts in sorted(_rows(lower).items()) if texts not in known), 0)


def _rows(table: TablePart) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for cell in table.cells:
        found[cell.row] = (*found.get(cell.row, ()), cell.text)
    return found
