"""Pages without upright rules, or without any: white space between texts tells the cells, as in the PDF reader.

That reader knows labels when it sees them, so the lines are recognised first; the cells then take what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps import Shares, Told, grids_by_gaps, told_between_rules
from extract.pdf.gaps.pieces import header_of, lines_on
from extract.pdf.rules import Rules
from extract.scan.cuts import contradicted
from extract.scan.sheet import Floats
from extract.scan.steadiness import unsteady
from extract.scan.strips import Ground
from extract.scan.texts import EM, chars_of

_ALIKE = 0.6  # of an em: ends of rules of one table
_FEWEST = 3


def grids_by_texts(rows: Rules, ground: Ground, known: Sequence[Shares] = ()) -> list[Told]:
    """The grids of a page of level rules only, or of none, in its pixels; what is read stays known to the ground.

    `known` are the columns of tables on the pages before, the likeliest first.
    """
    scale, chars = EM / ground.sheet.em, chars_of(ground)
    if not len(chars.code):
        return []
    level = Rules(*(side * scale for side in _even(rows, ground.sheet.em)))
    found = _told(level, chars, EM, known)
    again = partial(_told, level, known=known)
    doubts = tuple(unsteady([told.grid for told in found], again, chars, EM, _head(chars)))
    scaled = [_scaled(told._replace(unsure=doubts), 1 / scale) for told in found]
    return [told._replace(unsure=(*told.unsure, *contradicted(told.grid, rows, ground))) for told in scaled]


def _head(chars: Chars) -> float:
    """The height of the first header row; that of the page's top where there is none."""
    lines = lines_on(chars)
    header = header_of(lines, EM)
    return lines[header.first][0].y - EM if header else -np.inf


def _told(rows: Rules, chars: Chars, em: float, known: Sequence[Shares]) -> list[Told]:
    """The grids of texts between level rules, else of texts alone."""
    found = told_between_rules(rows, chars, em, known) if len(rows.at) >= _FEWEST else []
    return found or [Told(grid, sure=True) for grid in grids_by_gaps(chars, em)]


def _scaled(told: Told, scale: float) -> Told:
    xs, ys = np.asarray(told.grid.xs) * scale, np.asarray(told.grid.ys) * scale
    unsure = tuple((x0 * scale, top * scale, x1 * scale, bottom * scale) for x0, top, x1, bottom in told.unsure)
    return told._replace(grid=told.grid._replace(xs=xs, ys=ys), unsure=unsure)


def _even(rows: Rules, em: float) -> Rules:
    """Rules whose ends are nearly at one place all end there: where most of them do."""
    return Rules(rows.at, _snapped(rows.low, _ALIKE * em), _snapped(rows.high, _ALIKE * em))


def _snapped(ends: Floats, near: float) -> Floats:
    """Each place moved to the middle one of those around it, the fullest crowd first."""
    found = ends.copy()
    left = np.ones(len(ends), np.bool_)
    while left.any():
        crowds = (abs(ends[:, None] - ends[None, :]) <= near) & left[None, :]
        crowd = crowds[int(np.argmax(crowds.sum(axis=1) * left))]
        found[crowd] = np.median(ends[crowd])
        left &= ~crowd
    return found
