"""Fills that are rows rather than cells: stripes behind every other one, or behind a header alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from extract.pdf.chars import Chars, Ints
from extract.pdf.frame import Floats
from extract.pdf.gaps.pieces import Piece, lines_on, parted
from extract.pdf.grid import Grid
from extract.pdf.paths import Drawing
from extract.pdf.rules import SNAP, Rules, merged

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


_LEAST = 2  # edges of stripes
_TOUCH = 1.2  # points


def with_stripes(grid: Grid, drawing: Drawing, em: float) -> Grid:
    """The grid with the edges of fills that part its rows: from side to side, and far from any rule."""
    if not len(drawing.white) or drawing.white.all():
        return grid
    fills = drawing.fills.take(~drawing.white & (drawing.fills.y1 - drawing.fills.y0 > SNAP * em))
    if not len(fills.order):
        return grid
    x0, top, x1, bottom = grid.box
    ends = np.concatenate([fills.x0, fills.x0]), np.concatenate([fills.x1, fills.x1])
    edges = merged(Rules(np.concatenate([fills.y0, fills.y1]), *ends), em, snap=_TOUCH / em)
    found = edges.at[(edges.low < x0 + em) & (edges.high > x1 - em) & (edges.at > top) & (edges.at < bottom)]
    found = np.unique(found[abs(found[:, None] - grid.ys).min(axis=1) > SNAP * em]) if len(found) else found
    if len(found) < _LEAST:
        return grid
    rows = np.searchsorted(grid.ys, found)
    return grid._replace(
        ys=np.insert(grid.ys, rows, found),
        level=np.insert(grid.level, rows, True, axis=0),
        upright=np.insert(grid.upright, rows, grid.upright[rows - 1], axis=0),
    )
