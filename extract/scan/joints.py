"""Cells are rectangles: where rules meet, none ends in the open and none turns a corner inside the frame.

So a step of which its ink leaves doubt is told by the crossings at its ends.
"""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Bools, Ints
from extract.scan.steps import Steps

_OPEN = 2.5  # what a joint that no rectangles make counts against the odds (logarithm) of the steps
_DOUBTED = 4.0  # odds from which a step is taken as its ink tells it


def settled(level: Steps, upright: Steps) -> tuple[Bools, Bools]:
    """Which level and upright steps have a rule."""
    rows, columns = level.there, upright.there
    if not rows.size or not columns.size:
        return rows, columns
    x_of, y_of = np.searchsorted(level.stops, upright.places), np.searchsorted(upright.stops, level.places)
    doubted = [
        (abs(float(steps.odds[at])), found, at)
        for steps, found in ((level, rows), (upright, columns))
        for at in map(tuple, np.argwhere(np.abs(steps.odds) < _DOUBTED).tolist())
        if 0 < at[0] < len(found) - 1
    ]
    for odds, found, at in sorted(doubted, key=lambda each: each[0]):
        before = _open_joints(rows, columns, x_of, y_of)
        found[at] ^= True
        if odds >= _OPEN * (before - _open_joints(rows, columns, x_of, y_of)):
            found[at] ^= True
    return rows, columns


def _open_joints(rows: Bools, columns: Bools, x_of: Ints, y_of: Ints) -> int:
    """How many joints inside the frame have one arm alone, or two that make a corner."""
    left, right = rows[1:-1, x_of[1:-1] - 1], rows[1:-1, x_of[1:-1]]
    above, below = columns[1:-1, y_of[1:-1] - 1].T, columns[1:-1, y_of[1:-1]].T
    level, upright = left.astype(np.int8) + right, above.astype(np.int8) + below
    return int((((level == 1) & (upright < 2)) | ((upright == 1) & (level < 2))).sum())
