"""Rules to grids: those that cross each other belong together, open frames are closed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from extract.pdf import native
from extract.pdf.chars import Bools, Ints
from extract.pdf.frame import Box, Floats
from extract.pdf.rules import Rules, merged

MAX_CELLS = 200_000
"""Elementary cells of one grid."""


class Grid(NamedTuple):
    """The edges of rows and columns, and where rules stand between elementary cells.

    `level[i, j]` tells whether a rule runs along the top edge of row i in column j (one more row of them than of
    cells), `upright[i, j]` whether one runs along the left edge of column j in row i.
    """

    xs: Floats
    ys: Floats
    level: Bools
    upright: Bools

    @property
    def box(self) -> Box:
        """The outer edges."""
        return float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1])


def grids_of(rows: Rules, columns: Rules, em: float) -> list[Grid]:
    """The grids of a page, the smallest first, so that what stands within two belongs to the inner one."""
    if not len(rows.at) or not len(columns.at):
        return []
    reach = 0.6 * em
    found = []
    count, of_row, of_column = _components(rows, columns, reach)
    lone = _take(rows, of_row < 0), _take(columns, of_column < 0)
    for number in range(count):
        part_rows, part_columns = _with_lone(
            _take(rows, of_row == number), _take(columns, of_column == number), lone, em
        )
        grid = _grid(*_closed(part_rows, part_columns, em), reach)
        if grid:
            found.append(grid)
    return sorted(found, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))


def _take(rules: Rules, which: Bools) -> Rules:
    return Rules(rules.at[which], rules.low[which], rules.high[which])


def _touching(rows: Rules, columns: Rules, reach: float) -> Bools:
    y, x = rows.at[:, None], columns.at[None, :]
    along = (x >= rows.low[:, None] - reach) & (x <= rows.high[:, None] + reach)
    touched: Bools = along & (y >= columns.low[None, :] - reach) & (y <= columns.high[None, :] + reach)
    return touched


def _components(rows: Rules, columns: Rules, reach: float) -> tuple[int, Ints, Ints]:
    """How many sets of rules hang together by touching, and to which each row and column belongs (-1: none)."""
    if native.LIBRARY:
        return native.components(rows, columns, reach)
    touch = _touching(rows, columns, reach)
    found = 0
    of_row, of_column = np.full(len(rows.at), -1), np.full(len(columns.at), -1)
    left = np.any(touch, axis=1)
    while np.any(left):
        in_rows = np.arange(len(touch)) == np.argmax(left)
        while True:
            in_columns: Bools = np.logical_or.reduce(touch[in_rows], axis=0)
            more: Bools = np.logical_or.reduce(touch[:, in_columns], axis=1)
            if np.array_equal(more, in_rows):
                break
            in_rows = more
        of_row[in_rows], of_column[in_columns] = found, found
        found += 1
        left = left & ~in_rows
    return found, of_row, of_column


_SAME = 0.5  # of an em: the ends of rules of one table differ by no more


def _with_lone(rows: Rules, columns: Rules, lone: tuple[Rules, Rules], em: float) -> tuple[Rules, Rules]:
    """The rules of a grid with those of the lone ones, which nothing crosses, that belong to it.

    That is the outer edge of a merged cell that is open at the head and the foot of its page; and the edge of a row
    without uprights in a table that draws no rule at its sides.
    """
    more_rows, more_columns = lone
    if not len(more_rows.at) and not len(more_columns.at):
        return rows, columns
    top, bottom = float(columns.low.min()), float(columns.high.max())
    left, right = float(rows.low.min()), float(rows.high.max())
    if len(more_columns.at):
        beside = (abs(more_columns.low - top) < _SAME * em) & (abs(more_columns.high - bottom) < _SAME * em)
        more_columns = _take(more_columns, beside)
    if len(more_rows.at):
        along = (abs(more_rows.low - left) < _SAME * em) & (abs(more_rows.high - right) < _SAME * em)
        along &= left < columns.at.min() - em and right > columns.at.max() + em  # no rule at the sides
        more_rows = _take(more_rows, along)
    return _joined(rows, more_rows), _joined(columns, more_columns)


def _joined(rules: Rules, more: Rules) -> Rules:
    if not len(more.at):
        return rules
    at, low, high = (np.concatenate(pair) for pair in zip(rules, more, strict=True))
    order = np.lexsort((low, at))
    return Rules(at[order], low[order], high[order])


def _closed(rows: Rules, columns: Rules, em: float) -> tuple[Rules, Rules]:
    """The rules with those of the frame that the page does not draw, where the others run out to it."""
    left, right = min(rows.low.tolist()), max(rows.high.tolist())
    top, bottom = min(columns.low.tolist()), max(columns.high.tolist())
    first_row, last_row = rows.at[[0, -1]].tolist()
    first_column, last_column = columns.at[[0, -1]].tolist()
    new_columns = [x for x, gap in ((left, first_column - left), (right, right - last_column)) if gap > em]
    new_rows = [y for y, gap in ((top, first_row - top), (bottom, bottom - last_row)) if gap > em]
    top, bottom = min(top, first_row), max(bottom, last_row)
    left, right = min(left, first_column), max(right, last_column)
    return _with(rows, new_rows, left, right, em), _with(columns, new_columns, top, bottom, em)


def _with(rules: Rules, places: list[float], low: float, high: float, em: float) -> Rules:
    if not places:
        return rules
    more = len(places)
    joined = Rules(
        np.append(rules.at, places), np.append(rules.low, [low] * more), np.append(rules.high, [high] * more)
    )
    return merged(joined, em)


def _grid(rows: Rules, columns: Rules, reach: float) -> Grid | None:
    if native.LIBRARY:
        found = native.grid_of(rows, columns, reach, MAX_CELLS)
        return Grid(*found) if found else None
    xs, ys = _places(columns.at), _places(rows.at)
    while len(xs) >= 2 and len(ys) >= 2 and len(xs) * len(ys) <= MAX_CELLS:
        level = covered(rows, ys, xs, reach)
        upright = covered(columns, xs, ys, reach)
        real_rows, real_columns = _parting(level), _parting(upright)
        if real_rows.all() and real_columns.all():
            return Grid(xs, ys, level, np.ascontiguousarray(upright.T))
        rows, columns = (
            _take(rows, np.isin(rows.at, ys[real_rows])),
            _take(columns, np.isin(columns.at, xs[real_columns])),
        )
        xs, ys = xs[real_columns], ys[real_rows]
    return None


def _places(at: Floats) -> Floats:
    """Each of sorted places once."""
    return at[np.concatenate(([True], at[1:] != at[:-1]))[: len(at)]]


_SLIVER = 0.9  # of an em: a row or column that is narrower holds no text


def without_slivers(grid: Grid, x: Floats, y: Floats, em: float) -> Grid:
    """The grid without rows and columns too narrow for a text, unless a cell of one holds the middle of a character.

    `x`, `y` are the middles of all characters. Where a page cuts a row some producers draw what is left of it, and end
    its cells at different heights; between cells that are boxes of their own with doubled lines there is room.
    """
    if (grid.ys[1:] - grid.ys[:-1]).min() >= _REMAINS * em and not _narrow(grid.xs, em).any():
        return grid  # as nearly always
    if _narrow(grid.ys, em).any():
        grid = _without_low(grid, x, y, em)
    if _narrow(grid.xs, em).any():
        grid = _turned(_without_low(_turned(grid), y, x, em))
    return _without_remains(grid, x, y, em)


_REMAINS = 1.6  # of an em: a line with the room around it


def _without_remains(grid: Grid, x: Floats, y: Floats, em: float) -> Grid:
    """The grid without a last or first row that holds no text and is too low for any: what a page cut left of it."""
    for row in (len(grid.ys) - 2, 0):
        heights = grid.ys[1:] - grid.ys[:-1]
        low = len(heights) > 2 and heights[row] < min(_REMAINS * em, heights[1:-1].min())
        if low and not ((y > grid.ys[row]) & (y < grid.ys[row + 1]) & (x > grid.xs[0]) & (x < grid.xs[-1])).any():
            grid = _without_row(grid, row)
    return grid


def _narrow(edges: Floats, em: float) -> Bools:
    found: Bools = edges[1:] - edges[:-1] < _SLIVER * em
    return found


def _turned(grid: Grid) -> Grid:
    """Rows for columns."""
    return Grid(grid.ys, grid.xs, np.ascontiguousarray(grid.upright.T), np.ascontiguousarray(grid.level.T))


def _without_low(grid: Grid, x: Floats, y: Floats, em: float) -> Grid:
    for row in _narrow(grid.ys, em).nonzero()[0][::-1].tolist():
        if len(grid.ys) > 2 and not _holds_text(grid, row, x, y):
            grid = _without_row(grid, row)
    return grid


def _holds_text(grid: Grid, row: int, x: Floats, y: Floats) -> bool:
    """Whether a cell of this row alone holds one of these points."""
    left, top, right, bottom = grid.xs[0], grid.ys[row], grid.xs[-1], grid.ys[row + 1]
    columns = np.searchsorted(grid.xs, x[(y > top) & (y < bottom) & (x > left) & (x < right)]) - 1
    closed = grid.level[row] & grid.level[row + 1]
    return bool(closed[columns].any())


def _without_row(grid: Grid, row: int) -> Grid:
    """The grid without a row, its two edges made the one along which more is drawn."""
    drawn = grid.level.sum(axis=1)
    weaker = row if drawn[row] < drawn[row + 1] else row + 1
    level = grid.level.copy()
    level[row] = level[row + 1] = level[row] | level[row + 1]
    return Grid(
        grid.xs, np.delete(grid.ys, weaker), np.delete(level, weaker, axis=0), np.delete(grid.upright, row, axis=0)
    )


def _parting(rules: Bools) -> Bools:
    """Which edges part cells anywhere: the outer ones do, an underlined word or a struck-out one does not."""
    found: Bools = np.logical_or.reduce(rules, axis=1)
    found[0] = found[-1] = True
    return found


def covered(rules: Rules, places: Floats, edges: Floats, reach: float) -> Bools:
    """By place and step between edges: whether a rule runs along the step, but for what snapping may have moved."""
    low, high = edges[:-1][None, :], edges[1:][None, :]
    overlap = np.minimum(high, rules.high[:, None]) - np.maximum(low, rules.low[:, None])
    length = np.zeros((len(places), len(edges) - 1))
    np.add.at(length, np.searchsorted(places, rules.at), np.maximum(overlap, 0.0))
    step = high - low
    found: Bools = length >= np.maximum(0.5 * step, step - 2 * reach)
    return found


# Cells.


class Slots(NamedTuple):
    """The cells of a grid: their first row and column and spans; `owner` gives the cell of each elementary one."""

    row: list[int]
    col: list[int]
    row_span: list[int]
    col_span: list[int]
    owner: Ints


_NO_OWNER = np.zeros((0, 0), np.int64)


def slots_of(grid: Grid) -> Slots:
    """The cells: the largest rectangles of elementary cells without a rule between, from the top left.

    Each row of the grid is one integer with a bit for each column, so that a span is looked at in one step.
    """
    if native.LIBRARY:
        cell_of, cells = native.slots(grid.level, grid.upright)
        row, col, row_span, col_span = cells.tolist()
        return Slots(row, col, row_span, col_span, cell_of)
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    level = _bits(grid.level)
    upright = [bits | 1 << width for bits in _bits(grid.upright)]
    taken = [0] * height
    owner = [[0] * width for _ in range(height)]
    found = Slots([], [], [], [], _NO_OWNER)
    for row in range(height):
        while (free := ~taken[row] & ((1 << width) - 1)) > 0:
            col = (free & -free).bit_length() - 1
            stops = (upright[row] | taken[row]) >> (col + 1)
            right = col + (stops & -stops).bit_length()
            span = (1 << right) - (1 << col)
            inner = span & ~(1 << col)
            down = row + 1
            while (
                down < height
                and not level[down] & span
                and not upright[down] & inner
                and not taken[down] & span
                and upright[down] >> right & 1
            ):
                down += 1
            numbers = [len(found.row)] * (right - col)
            for line in range(row, down):
                taken[line] |= span
                owner[line][col:right] = numbers
            found.row.append(row)
            found.col.append(col)
            found.row_span.append(down - row)
            found.col_span.append(right - col)
    return found._replace(owner=np.array(owner))


def _bits(rows: Bools) -> list[int]:
    """Each row as an integer, the first column its lowest bit."""
    return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(rows, axis=1, bitorder="little")]
