"""Lines under or through words, which part no cells: they end with a text and at no upright rule."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Bools, Chars
from extract.pdf.frame import Floats
from extract.pdf.paths import Drawing, Strokes
from extract.pdf.rules import Rules

_LONG = 0.9  # of an em: what is shorter may be a dot or a dash
_LOOSE = 2.0  # points likewise, where rules near each other are made one
_APART = 1.0  # points between the end of such a line and an upright rule
_END = 0.35  # of an em between its end and that of the text
_BELOW, _ABOVE = 0.4, 0.6  # of an em: how far it runs below and above the baseline


def have_loose_ends(bands: list[tuple[Rules, Rules]]) -> bool:
    """Whether any level rule begins or ends at no upright one."""
    return any(_are_loose(np.concatenate([rows.low, rows.high]), columns.at) for rows, columns in bands)


def _are_loose(ends: Floats, uprights: Floats) -> bool:
    if not len(ends) or not len(uprights):
        return False
    return bool(np.abs(ends[:, None] - uprights).min(axis=1).max() > _LOOSE)


def without_underlines(drawing: Drawing, chars: Chars, em: float) -> Drawing:
    """The drawing without the lines that go with words within cells."""
    lines = drawing.lines
    width, height = lines.x1 - lines.x0, lines.y1 - lines.y0
    uprights = lines.take((height > width) & (height > em))
    level = np.flatnonzero((width >= height) & (width > _LONG * em))
    if not len(uprights.order) or not len(level):
        return drawing
    at = np.sort((uprights.x0 + uprights.x1) / 2)
    apart = _is_far(lines.x0[level], at) & _is_far(lines.x1[level], at)
    within = (lines.x0[level] > at[0]) & (lines.x1[level] < at[-1])
    loose = level[apart & within]
    if not len(loose):
        return drawing
    gone = loose[_go_with_texts(lines.take(loose), chars)]
    return drawing._replace(lines=lines.take(np.delete(np.arange(len(lines.order)), gone))) if len(gone) else drawing


def _is_far(places: Floats, edges: Floats) -> Bools:
    """Which places are far from all of these sorted edges."""
    behind = np.searchsorted(edges, places)
    before = np.abs(places - edges[np.maximum(behind - 1, 0)])
    found: Bools = np.minimum(before, np.abs(edges[np.minimum(behind, len(edges) - 1)] - places)) > _APART
    return found


def _go_with_texts(lines: Strokes, chars: Chars) -> Bools:
    """Which lines begin and end where the text at their height does."""
    found = np.zeros(len(lines.order), np.bool_)
    middles = (lines.y0 + lines.y1) / 2
    for at, (low, high, y) in enumerate(zip(lines.x0.tolist(), lines.x1.tolist(), middles.tolist(), strict=True)):
        step = (y - chars.y) / chars.size
        along = (step > -_ABOVE) & (step < _BELOW) & (chars.x < high) & (chars.end > low)
        if along.any():
            room = _END * float(chars.size[along].max())
            found[at] = abs(chars.x[along].min() - low) < room and abs(chars.end[along].max() - high) < room
    return found
