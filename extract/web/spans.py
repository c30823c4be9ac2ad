"""Where the cells of an HTML table lie (HTML, 4.9.12, forming a table), spans bounded as browsers bound them."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.errors import ReadError, shown
from extract.tables import MAX_CELLS, MAX_COLS, RawCell, RawTable

_MAX_ROW_SPAN = 65_534
_MAX_SLOTS = 5_000_000  # columns that all cells of a table take together
_TO_THE_END = 10**9


@dataclass(slots=True)
class Grid:
    """A table as it grows: `until` tells for each column before which row it is taken."""

    name: str
    table: RawTable = field(default_factory=RawTable)
    until: list[int] = field(default_factory=list)
    open: list[RawCell] = field(default_factory=list)
    slots: int = 0
    count: int = 0

    def begin_row(self, *, hidden: bool) -> None:
        """Another row below."""
        if hidden:
            self.table.hidden_rows.add(self.table.num_rows)
        self.table.num_rows += 1

    def add(self, row_span: str, col_span: str) -> RawCell:
        """A cell at the first free column of the row; a row span of 0 runs to the end of the row group."""
        row = self.table.num_rows - 1
        col = next((at for at, end in enumerate(self.until) if end <= row), len(self.until))
        col = min(col, MAX_COLS - 1)
        rows = _number(row_span, _MAX_ROW_SPAN)
        cols = min(max(_number(col_span, MAX_COLS), 1), MAX_COLS - col)
        end = _TO_THE_END if rows == 0 else row + rows
        self.until.extend([0] * (col + cols - len(self.until)))
        self.until[col : col + cols] = [end] * cols
        self.count += 1
        self.slots += cols + (col >> 3)
        if self.count > MAX_CELLS or self.slots > _MAX_SLOTS:
            raise ReadError("too-large", f"{shown(self.name)} holds a table of more than {MAX_CELLS} cells")
        cell = RawCell(row, col, _TO_THE_END if rows == 0 else rows, cols)
        self.table.cells.append(cell)
        self.open.append(cell)
        return cell

    def end_group(self) -> None:
        """No cell reaches out of its row group."""
        end = self.table.num_rows
        for cell in self.open:
            cell.row_span = min(cell.row_span, end - cell.row)
        self.open.clear()
        self.until = [min(each, end) for each in self.until]
        self.table.num_cols = len(self.until)


def _number(text: str, most: int) -> int:
    """A span as HTML reads it: the digits in front, 1 where there are none, at most what browsers take."""
    digits = ""
    for char in text.strip():
        if char not in "0123456789":
            break
        digits += char
    if not digits:
        return 1
    return min(int(digits[:9]), most) if len(digits) < 10 else most
