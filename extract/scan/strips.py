"""Lines of text in an area of a sheet, by where its rows have ink, and their strips for the recogniser."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.pdf.chars import Bools, Ints
from extract.scan.engine import HEIGHT, Picture
from extract.scan.sheet import Mask, Sheet

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the sheet; right and bottom lie outside."""

_SPECK = 0.17  # of an em: ink that is smaller both ways is dust, as far as finding lines goes
_ALONE = 0.8  # of an em: dust that is further from any text is painted over; a decimal point is nearer
_SPECKLED = 20  # such dust in a million pixels, from which that beside a text is dust, too
_SLIVER = 0.15  # of an em: the breadth of such a sliver
_BAR = 2.6  # ems of thin ink that is longer than any sign: a rule beside another
_GAP = 0.1  # of an em between two lines
_LOW = 0.55  # of an em: what is lower is a part of a line, such as 一, or one bar of 二
_TALL = 1.3  # ems that a line may have once such parts are joined
_TWO = 1.75  # ems: what is taller are two lines that touch
_MARGIN = 0.16  # of a line's height above and below it, as the recogniser was trained
_SIDE = 0.35  # of an em at its ends


class Line(NamedTuple):
    """A line of text: its area, and the parts of its width that have ink (shares of the strip that was cut)."""

    area: Area
    strip: Picture
    ink: list[tuple[float, float]]


def text_ink(sheet: Sheet, rules: Mask) -> tuple[Mask, Mask]:
    """The ink that is neither rule, nor dust, nor a sliver left over beside a rule; and the dust away from all text."""
    ink = cv2.subtract(sheet.ink, rules)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1]
    level = size[:, 0] > size[:, 1]  # a sliver lies along its rule: the bars of = beside an upright one are none
    beside = _touched(labels, cv2.dilate(rules, np.ones((5, 1), np.uint8)), len(stats)) & level
    beside |= _touched(labels, cv2.dilate(rules, np.ones((1, 5), np.uint8)), len(stats)) & ~level
    is_dust = size.max(axis=1) < max(2.0, _SPECK * sheet.em)
    is_dust |= beside & (size.min(axis=1) < _SLIVER * sheet.em) & (size.max(axis=1) > 2 * size.min(axis=1))
    is_dust |= (size.min(axis=1) < _SLIVER * sheet.em) & (size.max(axis=1) > _BAR * sheet.em)
    is_dust[0] = True
    text = (~is_dust)[labels].astype(np.uint8)
    alone = is_dust & ~_touched(labels, _around(text, sheet.em), len(stats))
    if alone.sum() > _SPECKLED * text.size / 1e6:
        alone |= is_dust & ~_touched(labels, amid(text, sheet.em), len(stats))
    alone[0] = False
    return text, np.asarray(alone[labels], np.uint8)


def _touched(labels: Mask, where: Mask, count: int) -> Bools:
    """Which pieces of ink reach into an area."""
    found = np.zeros(count, np.bool_)
    found[labels[where > 0]] = True
    return found


def _around(text: Mask, em: float) -> Mask:
    reach = 2 * max(3, round(_ALONE * em)) + 1
    return np.asarray(cv2.dilate(text, np.ones((reach, reach), np.uint8)))


def amid(text: Mask, em: float, reach: float = 0.6) -> Mask:
    """Where text stands on both sides, no further than `reach` ems, as beside a decimal point, or very near."""
    width, height = max(3, round(reach * em)), max(3, round(0.9 * em))
    kernel = np.ones((height, width), np.uint8)
    before = cv2.dilate(text, kernel, anchor=(width - 1, height // 2))
    behind = cv2.dilate(text, kernel, anchor=(0, height // 2))
    near = 2 * max(1, round(0.1 * em)) + 1
    return np.asarray((before & behind) | cv2.dilate(text, np.ones((near, near), np.uint8)))


class Ground(NamedTuple):
    """What is needed to read any area of a page: its sheet, the ink of its text, that of its rules; points a pixel.

    `known` holds the readings of lines that were read before their cells were known.
    """

    sheet: Sheet
    ink: Mask
    rules: Mask
    points: float
    known: dict[Area, Any]


def lines_in(area: Area, ground: Ground, ink: Mask | None = None) -> list[Line]:
    """The lines of text in an area, from above; `ink` where not all of the area's ink is meant."""
    left, top, right, bottom = area
    part, em = ground.ink[top:bottom, left:right] if ink is None else ink, ground.sheet.em
    found = []
    for low, high in runs_of(part, em):
        columns = np.flatnonzero(part[low:high].any(axis=0))
        if len(columns) and (high - low >= 0.2 * em or len(columns) >= 0.25 * em):
            line = (left + int(columns[0]), top + low, left + int(columns[-1]) + 1, top + high)
            found.append(_line(line, area, ground))
    return found


def runs_of(part: Mask, em: float) -> list[tuple[int, int]]:
    """Rows of ink from gap to gap; low parts joined to what they belong to, tall ones cut at their weakest rows."""
    profile = part.sum(axis=1, dtype=np.int64)
    runs: list[tuple[int, int]] = []
    for low, high in _true_runs(profile > 0):
        if runs and _is_one(runs[-1], (low, high), em):
            runs[-1] = (runs[-1][0], high)
        else:
            runs.append((low, high))
    return [piece for run in runs for piece in _cut(run, profile, em)]


def _is_one(above: tuple[int, int], below: tuple[int, int], em: float) -> bool:
    gap, height = below[0] - above[1], below[1] - above[0]
    low = min(above[1] - above[0], below[1] - below[0]) < _LOW * em
    return height <= _TALL * em and (gap < _GAP * em or (low and gap < 0.6 * em))


def _true_runs(mask: Bools) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _cut(run: tuple[int, int], profile: Ints, em: float) -> list[tuple[int, int]]:
    low, high = run
    if high - low <= _TWO * em:
        return [run]
    count = max(2, round((high - low) / (1.3 * em)))
    pitch = (high - low) / count
    cuts = []
    for number in range(1, count):
        middle = low + number * pitch
        first, last = max(low + 1, int(middle - 0.35 * em)), min(high - 1, int(middle + 0.35 * em))
        cuts.append(first + int(profile[first:last].argmin()) if last > first else int(middle))
    edges = [low, *cuts, high]
    return [(a, b) for a, b in pairwise(edges) if b - a >= 2]


def _line(line: Area, area: Area, ground: Ground) -> Line:
    """The strip around a line, within its cell but for a pixel or two, rules painted over."""
    x0, top, x1, bottom = line
    em, (rows, cols) = ground.sheet.em, ground.ink.shape
    height = max(bottom - top, round(0.75 * em))
    more = round(_MARGIN * height)
    middle = (top + bottom) / 2
    up, down = round(middle - height / 2) - more, round(middle + height / 2) + more
    up, down = max(up, area[1] - 2, 0), min(down, area[3] + 2, rows)
    side = round(_SIDE * em)
    left, right = max(x0 - side, area[0] - 1, 0), min(x1 + side, area[2] + 1, cols)
    strip = ground.sheet.cut((left, up, right, down), HEIGHT)
    rules = ground.rules[up:down, left:right]
    if rules.any():
        size = strip.shape[1], strip.shape[0]
        strip[cv2.resize(rules, size, interpolation=cv2.INTER_NEAREST) > 0] = 250
    columns = np.asarray(ground.ink[top:bottom, left:right].any(axis=0))
    wider = np.asarray(cv2.dilate(columns.astype(np.uint8)[None, :], np.ones((1, 3), np.uint8)))
    runs = _true_runs(wider.ravel() > 0)
    width = right - left
    return Line(line, strip, [(a / width, b / width) for a, b in runs])
