"""Lines that fill an area: one after another at a distance in which no text stands."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Bools
from extract.pdf.frame import Floats
from extract.pdf.paths import Strokes

_RUN = 12  # lines of a hatching, at least
_TIGHT = 0.9  # of an em between two rules made of several of them
_CLOSE = 0.5  # of an em between two of them
_SAME = 0.2  # points by which their distances differ
_LONG = 5.0  # ems


def is_dense(at: Floats, em: float) -> bool:
    """Whether many rules, sorted by their places, stand so close that no text fits between them."""
    return len(at) > _RUN and int(np.count_nonzero(at[1:] - at[:-1] < _TIGHT * em)) >= _RUN


def without_hatching(lines: Strokes, em: float) -> Strokes:
    """The lines without those that are painted one after another, all as long and as far from each other."""
    hatched = _hatched(lines.y0, lines.x0, lines.x1, em) | _hatched(lines.x0, lines.y0, lines.y1, em)
    return lines.take(~hatched) if hatched.any() else lines


def _hatched(at: Floats, low: Floats, high: Floats, em: float) -> Bools:
    step = np.diff(at)
    near = (abs(step) < _CLOSE * em) & (abs(step) > _SAME) & (abs(np.diff(low)) < _SAME) & (abs(np.diff(high)) < _SAME)
    near &= (high - low)[1:] > _LONG * em
    found = np.zeros(len(at), np.bool_)
    if np.count_nonzero(near) < _RUN - 1:
        return found
    ends = np.flatnonzero(~(near[1:] & near[:-1] & (abs(np.diff(step)) < _SAME))) + 1
    for first, end in zip([0, *ends.tolist()], [*ends.tolist(), len(near)], strict=True):
        if end - first >= _RUN - 1 and near[first]:
            found[first : end + 1] = True
    return found
