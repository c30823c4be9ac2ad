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


_OVER = 0.2  # of an em


def run_over(chars: Chars, cells: Finder) -> bool:
    """Whether texts run from cell to cell; `cells` is as above."""
    level = chars.turn == 0
    inset, y = _OVER * chars.size[level], (chars.y - _RISE * chars.size)[level]
    begin, end = cells(chars.x[level] + inset, y), cells(chars.end[level] - inset, y)
    return bool(((begin != end) & (begin >= 0) & (end >= 0)).any())


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
    edges = _edges_between(grid, fills, em)
    edges = _only(edges, _is_seen(edges, grid, drawing) | _end_rules(edges, columns, em))
    edges = _only(edges, _are_between_texts(edges, grid, chars))
    return _with_cells(_with_stripes(grid, columns, edges, em), fills, chars, em)


def _edges_between(grid: Grid, fills: Strokes, em: float) -> Rules:
    """The edges of wide fills that run from column to column, far from any rule."""
    ends = np.concatenate([fills.x0, fills.x0]), np.concatenate([fills.x1, fills.x1])
    edges = merged(Rules(np.concatenate([fills.y0, fills.y1]), *ends), em, snap=_TOUCH / em)
    if not len(edges.at):
        return edges
    x0, top, x1, bottom = grid.box
    inside = (edges.at > top) & (edges.at < bottom) & (edges.high - edges.low > _WIDE * (x1 - x0))
    aligned = _is_edge(edges.low, grid.xs, em) & _is_edge(edges.high, grid.xs, em)
    return _only(edges, inside & aligned & (abs(edges.at[:, None] - grid.ys).min(axis=1) > SNAP * em))


def _only(edges: Rules, which: Bools) -> Rules:
    return Rules(*(part[which] for part in edges))


_BESIDE = 0.3  # points from an edge to where the colours on both sides of it are compared


def _is_seen(edges: Rules, grid: Grid, drawing: Drawing) -> Bools:
    """Which edges part two colours in any column; Word shades each line of a cell once more."""
    seen: Bools = np.zeros(len(edges.at), np.bool_)
    for x in (grid.xs[1:] + grid.xs[:-1]) / 2:
        along = (x > edges.low) & (x < edges.high)
        upper, lower = (_painted(x, edges.at + side, drawing) for side in (-_BESIDE, _BESIDE))
        seen[along & (upper != lower)] = True
    return seen


def _end_rules(edges: Rules, columns: Rules, em: float) -> Bools:
    """At which edges an upright rule ends that stands between their ends."""
    near = np.minimum(abs(edges.at[:, None] - columns.low), abs(edges.at[:, None] - columns.high)) < SNAP * em
    beside = (columns.at > edges.low[:, None] + SNAP * em) & (columns.at < edges.high[:, None] - SNAP * em)
    found: Bools = np.logical_or.reduce(near & beside, axis=1)
    return found


def _painted(x: float, y: Floats, drawing: Drawing) -> Ints:
    """The colour that is painted last at each place; -1 where nothing is."""
    fills = drawing.fills
    column = np.flatnonzero((fills.x0 < x) & (fills.x1 > x))
    column = column[np.argsort(fills.order[column], kind="stable")]
    over = (fills.y0[column] < y[:, None]) & (fills.y1[column] > y[:, None])
    last = np.where(over, np.arange(1, len(column) + 1), 0).max(axis=1, initial=0)
    colours: Ints = np.append(-1, drawing.colours[column])[last]
    return colours


_RISE = 0.3  # ems from the baseline to the middle of a character


def _are_between_texts(edges: Rules, grid: Grid, chars: Chars) -> Bools:
    """Which edges have text on both sides before the next; below the last line of a shaded text there is none."""
    sides = np.sort(np.concatenate([grid.ys, edges.at]))
    at = np.searchsorted(sides, edges.at)
    above, below = sides[at - 1], sides[at + 1]
    middle = chars.y - chars.size * _RISE
    inside = (chars.x >= edges.low[:, None]) & (chars.x < edges.high[:, None])
    upper = inside & (middle > above[:, None]) & (middle < edges.at[:, None])
    lower = inside & (middle > edges.at[:, None]) & (middle < below[:, None])
    found: Bools = np.logical_or.reduce(upper, axis=1) & np.logical_or.reduce(lower, axis=1)
    return found


def _with_stripes(grid: Grid, columns: Rules, edges: Rules, em: float) -> Grid:
    """The rows parted at edges of fills."""
    if not len(edges.at):
        return grid
    rows, middles = np.searchsorted(grid.ys, edges.at), (grid.xs[1:] + grid.xs[:-1]) / 2
    along = (middles > edges.low[:, None]) & (middles < edges.high[:, None])
    ys = np.insert(grid.ys, rows, edges.at)
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
