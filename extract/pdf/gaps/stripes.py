"""Fills that are no cells: stripes behind every other row, or behind a header alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from extract.pdf.chars import Chars, Ints
from extract.pdf.frame import Floats
from extract.pdf.gaps.pieces import Piece, lines_on, parted
from extract.pdf.grid import Grid

Finder = Callable[[Floats, Floats], Ints]

_NEAR = 3.0  # ems above and below the fills
_HELD = 0.8  # share of the lines


def are_stripes(chars: Chars, grids: list[Grid], cells: Finder, em: float) -> bool:
    """Whether the grids that the edges of fills made leave lines of several texts unparted.

    `cells` gives the cell in which each point lies, -1 for none.
    """
    top = min(float(grid.ys[0]) for grid in grids) - _NEAR * em
    bottom = max(float(grid.ys[-1]) for grid in grids) + _NEAR * em
    lines = [line for each in lines_on(chars) if len(line := parted(each)) > 1 and top < line[0].middle < bottom]
    return sum(_are_parted(line, cells) for line in lines) < _HELD * len(lines)


def _are_parted(line: list[Piece], cells: Finder) -> bool:
    x = np.array([(piece.low + piece.high) / 2 for piece in line])
    owner = cells(x, np.array([piece.middle for piece in line]))
    return len(set(owner.tolist())) > 1
