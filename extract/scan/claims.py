"""Whole texts for the cells of grids that texts told: an edge in white space may touch a text of the cell beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from extract.pdf.grid import Grid, Slots
from extract.scan.strips import Area, Ground, Line, lines_in

_PARTED = 0.6  # of an em: a text that reaches so far into two cells is that of both


def whole_lines(grid: Grid, slots: Slots, ground: Ground) -> Callable[[int, Area], list[Line]]:
    """Gives the lines of a cell by its number and its inner area: of texts known to be its own all, of others none."""
    owner = np.zeros(ground.ink.shape, np.int32)
    boxes: dict[int, list[Area]] = {}
    for area in ground.known:
        number = _cell_of(area, grid, slots, _PARTED * ground.sheet.em)
        if number is not None:
            left, top, right, bottom = area
            owner[top:bottom, left:right] = number + 1
            boxes.setdefault(number, []).append(area)

    def lines(number: int, inside: Area) -> list[Line]:
        areas = [inside, *boxes.get(number, [])]
        low = [min(area[side] for area in areas) for side in (0, 1)]
        high = [max(area[side] for area in areas) for side in (2, 3)]
        whole = low[0], low[1], high[0], high[1]
        part = owner[low[1] : high[1], low[0] : high[0]]
        mine = part == number + 1
        x0, top, x1, bottom = inside
        mine[top - low[1] : bottom - low[1], x0 - low[0] : x1 - low[0]] |= owner[top:bottom, x0:x1] == 0
        return lines_in(whole, ground, ground.ink[low[1] : high[1], low[0] : high[0]] * mine.astype(np.uint8))

    return lines


def _cell_of(area: Area, grid: Grid, slots: Slots, parted: float) -> int | None:
    """The cell in which a text stands; None where it stands in none, or in two."""
    left, top, right, bottom = area
    row = int(np.searchsorted(grid.ys, (top + bottom) / 2)) - 1
    if not 0 <= row < len(grid.ys) - 1:
        return None
    cols = len(grid.xs) - 1
    reach: dict[int, float] = {}
    for col in range(cols):
        common = min(right, grid.xs[col + 1]) - max(left, grid.xs[col])
        if common > 0:
            number = int(slots.owner[row, col])
            reach[number] = reach.get(number, 0.0) + float(common)
    widest = sorted(reach, key=lambda number: -reach[number])
    return widest[0] if widest and all(reach[number] <= parted for number in widest[1:]) else None
