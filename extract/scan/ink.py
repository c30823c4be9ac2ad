"""What the ink says of signs that look alike: ≥ and >, ≤ and <, a raised 2 behind an m.

The recogniser's probabilities tell little there, since the stroke that makes the difference is thin. How well the ink
does was measured on 8,700 lines in six fonts and ten kinds of damage: docs/scans.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.engine import Mark, Picture

_EM = 0.72  # of a strip's height
_INK = 0.45  # of the way from the paper to the darkest ink
_EVEN = 0.82  # correlation with its mirror image from which a sign has no bar below; none with a bar was above 0.79
_UNEVEN = 0.75  # below this it may have one
_HALF_EVEN = 0.4  # above this it has none, if its halves are as dark as one another
_HEAVIER = (1.05, 1.12)  # how much darker the lower half is: at most without a bar, at least with one
_SIZE = (24, 32)  # pixels, wide and high, at which a sign is compared with its mirror image
_RISE = 0.15  # of an em that ink must rise above what stands before it; a figure on the line never did
_LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)  # of the ink's darkness, at which rings are looked for: some run together
_RINGS = 2  # of a %, and none of 384 in eleven fonts but one showed more; three quarters of the ‰ read as % did
_SHARE = 0.3  # of the largest ring, below which a patch is none
_HALF, _WIDE_HALF, _LATIN = 0.25, 0.48, "\u2e80"  # ems that the character behind reaches to the left of its middle

Darkness = NDArray[np.float32]


def darkness_of(strip: Picture) -> Darkness:
    """How dark each pixel of a strip is between its paper (0) and its ink (1)."""
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper, ink = np.percentile(grey, (90, 2))
    return np.asarray(np.clip((paper - grey) / max(20.0, paper - ink), 0, 1), np.float32)


def is_barred(dark: Darkness, marks: Sequence[Mark], at: int) -> bool | None:
    """Whether the comparison sign at a mark has a bar below; None where its ink does not tell.

    Without one its upper and lower halves are mirror images; the bar, level or slanted, spoils that and makes the
    lower half the heavier one.
    """
    sign = _alone(dark, marks, at)
    if sign is None:
        return None
    small = cv2.GaussianBlur(cv2.resize(sign, _SIZE, interpolation=cv2.INTER_AREA), (0, 0), 1.2)
    likeness = float(np.corrcoef(small.ravel(), small[::-1].ravel())[0, 1])
    half = _SIZE[1] // 2
    weight = float(small[half:].sum() / max(1e-6, small[:half].sum()))
    if likeness > _EVEN or (likeness > _HALF_EVEN and weight < _HEAVIER[0]):
        return False
    return True if likeness < _UNEVEN and weight > _HEAVIER[1] else None


def _alone(dark: Darkness, marks: Sequence[Mark], at: int) -> Darkness | None:
    """The ink of one character, cut at the palest columns between it and its neighbours."""
    height, width = dark.shape
    em, middle = _EM * height, marks[at].at * width
    columns = dark.sum(axis=0)
    left = _palest(columns, marks[at - 1].at * width + 0.1 * em, middle - 0.2 * em)[-1] if at else 0
    right = width
    if at + 1 < len(marks):
        right = _palest(columns, middle + 0.2 * em, marks[at + 1].at * width - 0.1 * em)[0]
    part = dark[:, left:right]
    rows, cols = (np.flatnonzero((part > _INK).any(axis=axis)) for axis in (1, 0))
    if len(rows) < 4 or len(cols) < 3:
        return None
    return part[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _palest(columns: Darkness, low: float, high: float) -> list[int]:
    """The columns with the least ink between two places, from the left."""
    first = min(max(0, int(low)), len(columns) - 1)
    part = columns[first : max(first + 1, int(high))]
    return (first + np.flatnonzero(part <= part.min() + 1e-6)).tolist()


def has_raised(dark: Darkness, marks: Sequence[Mark], at: int) -> bool:
    """Whether ink that rises above the letter at a mark stands behind it, before the next one."""
    height, width = dark.shape
    em, middle = _EM * height, marks[at].at * width
    end = marks[at + 1].at * width - 0.3 * em if at + 1 < len(marks) else float(width)
    letter = _rows(dark, middle - 0.2 * em, middle + 0.1 * em)
    behind = _rows(dark, middle + 0.1 * em, min(end, middle + 1.2 * em))
    return letter is not None and behind is not None and letter[0] - behind[0] > _RISE * em


def is_raised(dark: Darkness, marks: Sequence[Mark], at: int) -> bool:
    """Whether the figure at a mark stands above the line on which the letter before it stands."""
    height, width = dark.shape
    em, middle, before = _EM * height, marks[at].at * width, marks[at - 1].at * width
    letter = _rows(dark, before - 0.2 * em, before + 0.1 * em)
    figure = _rows(dark, middle - 0.1 * em, middle + 0.15 * em)
    return letter is not None and figure is not None and letter[1] - figure[1] > _RISE * em


def has_three_rings(dark: Darkness, marks: Sequence[Mark], at: int) -> bool:
    """Whether the sign at a mark that was read as % has three rings, as ‰ does."""
    height, width = dark.shape
    em, middle = _EM * height, marks[at].at * width
    left = _palest(dark.sum(axis=0), marks[at - 1].at * width + 0.1 * em, middle - 0.2 * em)[-1] if at else 0
    behind = marks[at + 1] if at + 1 < len(marks) else None
    right = behind.at * width - (_WIDE_HALF if behind.char > _LATIN else _HALF) * em if behind else float(width)
    part = dark[:, left : max(left + 1, int(right))]
    return any(_rings(part < level) > _RINGS for level in _LEVELS)


def _rings(paper: NDArray[np.bool_]) -> int:
    """How many patches of paper the ink encloses, those aside that are small beside the largest."""
    framed = np.pad(paper.astype(np.uint8), 1, constant_values=1)
    count, _, stats, _ = cv2.connectedComponentsWithStats(framed, connectivity=4)
    area = stats[2:count, cv2.CC_STAT_AREA]  # the first is the ink, the second what lies around it
    return int((area >= max(2.0, _SHARE * float(area.max()))).sum()) if len(area) else 0


def _rows(dark: Darkness, low: float, high: float) -> tuple[int, int] | None:
    """The first and last row with ink between two columns."""
    part = dark[:, max(0, int(low)) : max(0, int(high))]
    rows = np.flatnonzero((part > _INK).any(axis=1)) if part.size else np.array([], np.int64)
    return (int(rows[0]), int(rows[-1])) if len(rows) else None
