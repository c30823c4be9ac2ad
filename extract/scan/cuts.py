"""Cells in doubt because something on the page speaks against their edges: a text stands across, a rule ends inside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from extract.pdf.grid import Grid, Slots, slots_of
from extract.pdf.rules import Rules
from extract.scan.steadiness import Sides
from extract.scan.strips import Area, Ground

_PARTED = 0.6  # of an em that a text reaches into a cell: less is a character that leans over
_WHITE = 0.24  # of an em: white at an edge that surely parts two texts
_NEAR = 0.8  # of an em from an end of a rule to the edge that it draws


def contradicted(grid: Grid, rules: Rules, ground: Ground) -> set[Sides]:
    """The sides of the cells across whose edges a text runs on, or in which a rule ends."""
    slots = slots_of(grid)
    found = {number for area in ground.known for number in _cut_by(area, grid, slots, ground)}
    for at, low, high in zip(*rules, strict=True):
        for end in (low, high):
            if grid.xs[0] < end < grid.xs[-1] and abs(grid.xs - end).min() > _NEAR * ground.sheet.em:
                found |= _around(float(end), float(at), grid, slots, ground.sheet.em)
    return {_sides(number, grid, slots) for number in found}


def _cut_by(area: Area, grid: Grid, slots: Slots, ground: Ground) -> Iterator[int]:
    """The cells in two of which one text stands."""
    left, top, right, bottom = area
    em, row = ground.sheet.em, int(np.searchsorted(grid.ys, (top + bottom) / 2)) - 1
    if not 0 <= row < len(grid.ys) - 1:
        return
    owners = slots.owner[row]
    for col, (one, other) in enumerate(pairwise(owners.tolist()), 1):
        edge = float(grid.xs[col])
        if one != other and min(edge - left, right - edge) > _PARTED * em and _white(area, edge, ground) < _WHITE * em:
            yield from (one, other)


def _white(area: Area, edge: float, ground: Ground) -> int:
    """The white columns around an edge that a text stands across."""
    left, top, right, bottom = area
    inked = np.flatnonzero(ground.ink[top:bottom, left:right].any(axis=0)) + left
    before, behind = inked[inked < edge], inked[inked >= edge]
    return int(behind[0] - before[-1] - 1) if len(before) and len(behind) else right - left


def _around(x: float, y: float, grid: Grid, slots: Slots, em: float) -> set[int]:
    """The cells that touch a place."""
    col = int(np.searchsorted(grid.xs, x)) - 1
    rows = {int(np.searchsorted(grid.ys, y + away)) - 1 for away in (-em / 2, em / 2)}
    return {int(slots.owner[row, col]) for row in rows if 0 <= row < len(grid.ys) - 1}


def _sides(number: int, grid: Grid, slots: Slots) -> Sides:
    row, col, rows, cols = (side[number] for side in slots[:4])
    return float(grid.xs[col]), float(grid.ys[row]), float(grid.xs[col + cols]), float(grid.ys[row + rows])
