"""Which cells that white space tells are unsteady: texts moved a little would stand in others.

Where a text's columns have a close rival, or the rows of a merged label are ambiguous, a move smaller than what a scan
itself moves them turns the choice. So the cells are told again from moved texts, and those that differ are in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.grid import Grid, slots_of
from extract.scan.sheet import Floats

Sides = tuple[float, float, float, float]
_MOVES = ((0.0, 0.0, 0.95), (0.0, 0.0, 1.06), (0.2, 0.0, 1.0), (0.0, 0.08, 1.0), (0.2, 0.08, 1.02), (0.1, 0.06, 1.02))
"""How far texts move at most across and down, and the size that they are then taken for, in ems."""
_ALIKE = 0.75  # of an em that two sides of one cell may differ
_SEED = 2.399  # radians: texts move by the sines of its multiples, which do not repeat


def unsteady(grids: Sequence[Grid], told: Callable[[Chars, float], list[Grid]], chars: Chars, em: float) -> list[Sides]:
    """The cells of the grids that hold texts and are others when the texts are moved a little."""
    cells = [sides for grid in grids for sides in _cells(grid, chars)]
    found = set()
    for across, down, size in _MOVES:
        others = _Cells(told(_moved(chars, across * em, down * em), size * em))
        found |= {sides for sides in cells if not others.has(sides, _ALIKE * em)}
    return sorted(found)


def _moved(chars: Chars, across: float, down: float) -> Chars:
    run = np.asarray(chars.run, np.float64)
    x, y = across * np.sin(_SEED * run), down * np.sin(1 + _SEED * run)
    return chars._replace(x=chars.x + x, end=chars.end + x, y=chars.y + y)


def _cells(grid: Grid, chars: Chars) -> list[Sides]:
    """The cells that hold characters."""
    sides = _sides(grid)
    middle, low = (chars.x + chars.end) / 2, np.asarray(chars.y) - 1
    return [
        (left, top, right, bottom)
        for left, top, right, bottom in map(tuple, sides.tolist())
        if ((middle > left) & (middle < right) & (low > top) & (low < bottom)).any()
    ]


def _sides(grid: Grid) -> Floats:
    row, col, rows, cols = (np.asarray(each) for each in slots_of(grid)[:4])
    xs, ys = np.asarray(grid.xs), np.asarray(grid.ys)
    found: Floats = np.stack([xs[col], ys[row], xs[col + cols], ys[row + rows]], axis=1)
    return found


class _Cells:
    """The cells of some grids."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self.sides = np.concatenate([_sides(grid) for grid in grids]) if grids else np.zeros((0, 4))

    def has(self, sides: Sides, near: float) -> bool:
        """Whether one has these sides."""
        return bool((abs(self.sides - np.array(sides)) < near).all(axis=1).any())
