"""Which cells that white space tells are unsteady: texts moved a little would stand in others.

Where a text's columns have a close rival, or the rows of a merged label are ambiguous, a move smaller than what a scan
itself moves them turns the choice. So the cells are told again from moved texts, and those that differ are in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools, Chars
from extract.pdf.gaps import Told
from extract.pdf.grid import Grid, slots_of
from extract.scan.sheet import Floats

Sides = tuple[float, float, float, float]
_MOVES = ((0.0, 0.0, 0.95), (0.0, 0.0, 1.06), (0.2, 0.0, 1.0), (0.0, 0.08, 1.0), (0.2, 0.08, 1.02), (0.1, 0.06, 1.02))
"""How far texts move at most across and down, and the size that they are then taken for, in ems."""
_SEED = 2.399  # radians: texts move by the sines of its multiples, which do not repeat


def unsteady(
    grids: Sequence[Grid], told: Callable[[Chars, float], list[Told]], chars: Chars, em: float, head: float
) -> list[Sides]:
    """The cells of the grids that hold texts and are others when the texts are moved a little.

    A cell is another one where it holds other texts, or stands beside others in its rows or its columns; fields above
    the header (at the height `head`) have other columns than what is below.
    """
    cells = _cells(grids, chars, head)
    found = set[Sides]()
    for across, down, size in _MOVES:
        moved = _moved(chars, across * em, down * em)
        others = {cell.texts for cell in _cells([each.grid for each in told(moved, size * em)], moved, head)}
        found |= {cell.sides for cell in cells if cell.texts not in others}
    return sorted(found)


def _moved(chars: Chars, across: float, down: float) -> Chars:
    run = np.asarray(chars.run, np.float64)
    x, y = across * np.sin(_SEED * run), down * np.sin(1 + _SEED * run)
    return chars._replace(x=chars.x + x, end=chars.end + x, y=chars.y + y)


class _Cell(NamedTuple):
    """A cell that holds texts: its sides, and which characters stand in it, in its rows and in its columns."""

    sides: Sides
    texts: tuple[bytes, bytes, bytes]


def _cells(grids: Sequence[Grid], chars: Chars, head: float) -> list[_Cell]:
    first = np.flatnonzero(np.diff(chars.run, prepend=-1))  # of each text
    left, right = np.minimum.reduceat(chars.x, first), np.maximum.reduceat(chars.end, first)
    middle, low = (left + right) / 2, np.asarray(chars.y)[first] - 1
    found = []
    for grid in grids:
        x0, top, x1, bottom = (side[:, None] for side in _sides(grid).T)
        inside: Bools = (low > grid.ys[0]) & (low < grid.ys[-1])
        across, down = (middle > x0) & (middle < x1), (low > top) & (low < bottom)
        columns = across & inside & ((low > head) == (top + bottom > 2 * head))
        for sides, own, row, column in zip(_sides(grid).tolist(), across & down, down, columns, strict=True):
            if own.any():
                found.append(_Cell(tuple(sides), (own.tobytes(), row.tobytes(), column.tobytes())))
    return found


def _sides(grid: Grid) -> Floats:
    row, col, rows, cols = (np.asarray(each) for each in slots_of(grid)[:4])
    xs, ys = np.asarray(grid.xs), np.asarray(grid.ys)
    found: Floats = np.stack([xs[col], ys[row], xs[col + cols], ys[row + rows]], axis=1)
    return found
