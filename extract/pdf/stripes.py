"""Fills that are rows rather than cells: stripes behind every other one, or behind a header alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from extract.pdf.chars import Bools, Chars, Ints
from extract.pdf.frame import Floats
from extract.pdf.gaps.pieces import Piece, lines_on, parted
from extract.pdf.grid import Grid, covered
from extract.pdf.paths import Drawing, Strokes
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


_TOUCH = 1.5  # points
_WIDE = 0.5  # of the width of a table
_APART = 0.5  # of an em between texts of two cells


def with_fills(grid: Grid, columns: Rules, drawing: Drawing, chars: Chars) -> Grid:
    """The grid with the edges of fills that part rows or cells where no rule does; `columns` are the upright rules."""
    if not len(drawing.white) or drawing.white.all():
        return grid
    em = float(np.median(chars.size))
    fills = drawing.fills.take(~drawing.white & (drawing.fills.y1 - drawing.fills.y0 > SNAP * em))
    if not len(fills.order):
        return grid
    return _with_cells(_with_stripes(grid, columns, fills, em), fills, chars, em)


def _with_stripes(grid: Grid, columns: Rules, fills: Strokes, em: float) -> Grid:
    """The rows parted at the edges of wide fills that run from column to column, far from any rule."""
    ends = np.concatenate([fills.x0, fills.x0]), np.concatenate([fills.x1, fills.x1])
    edges = merged(Rules(np.concatenate([fills.y0, fills.y1]), *ends), em, snap=_TOUCH / em)
    if not len(edges.at):
        return grid
    x0, top, x1, bottom = grid.box
    inside = (edges.at > top) & (edges.at < bottom) & (edges.high - edges.low > _WIDE * (x1 - x0))
    aligned = _is_edge(edges.low, grid.xs, em) & _is_edge(edges.high, grid.xs, em)
    more = np.flatnonzero(inside & aligned & (abs(edges.at[:, None] - grid.ys).min(axis=1) > SNAP * em))
    if not len(more):
        return grid
    rows, middles = np.searchsorted(grid.ys, edges.at[more]), (grid.xs[1:] + grid.xs[:-1]) / 2
    along = (middles > edges.low[more, None]) & (middles < edges.high[more, None])
    ys = np.insert(grid.ys, rows, edges.at[more])
    own = np.isin(columns.at, grid.xs)
    drawn = covered(Rules(*(part[own] for part in columns)), grid.xs, ys, SNAP * em).T
    upright = np.insert(grid.upright, rows, grid.upright[rows - 1], axis=0) | drawn
    return grid._replace(ys=ys, level=np.insert(grid.level, rows, along, axis=0), upright=upright)


def _is_edge(places: Floats, edges: Floats, em: float) -> Bools:
    """Which places are edges of columns, or outside of all."""
    near = abs(places[:, None] - edges).min(axis=1) < SNAP * em
    found: Bools = near | (places < edges[0]) | (places > edges[-1])
    return found


def _with_cells(grid: Grid, fills: Strokes, chars: Chars, em: float) -> Grid:
    """The cells parted where two fills meet at the edge of a column, and text stands on both sides of it alone."""
    upright: Bools = grid.upright.copy()
    middles = (grid.ys[1:] + grid.ys[:-1]) / 2
    for col in range(1, len(grid.xs) - 1):
        edge = grid.xs[col]
        ends, begins = (_under(middles, fills.take(abs(side - edge) < _TOUCH)) for side in (fills.x1, fills.x0))
        for row in np.flatnonzero(ends & begins & ~upright[:, col]).tolist():
            upright[row, col] = _parts_text(
                chars, (grid.xs[col - 1], edge, grid.xs[col + 1]), grid.ys[row : row + 2], em
            )
    return grid._replace(upright=upright)


def _under(places: Floats, fills: Strokes) -> Bools:
    found: Bools = np.logical_or.reduce((fills.y0[:, None] < places) & (fills.y1[:, None] > places), axis=0)
    return found


def _parts_text(chars: Chars, edges: tuple[float, float, float], sides: Floats, em: float) -> bool:
    left, edge, right = edges
    here = chars.take((chars.y > sides[0]) & (chars.y - SNAP * em < sides[1]))
    before, behind = here.end[(here.x > left) & (here.x < edge)], here.x[(here.x >= edge) & (here.x < right)]
    return bool(len(before) and len(behind) and behind.min() - max(before.max(), left) > _APART * em)
