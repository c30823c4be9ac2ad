"""Which way up a page lies: a few of its lines are read each way, and the way that reads best wins."""

from __future__ import annotations

import cv2
import numpy as np

from extract.pdf.frame import Box
from extract.scan.engine import Picture, recognise
from extract.scan.sheet import em_of, evened, faded, ink_of

_LINES = 6  # lines that are read each way
_WIDE = (3.0, 14.0)  # ems of a line that is read
_FEWEST = 2


def quarters_of(picture: Picture) -> int:
    """By how many quarter turns against the clock a picture must be turned to be upright."""
    found = [_legibility(np.ascontiguousarray(np.rot90(picture, quarters))) for quarters in range(4)]
    return found.index(max(found))


def _legibility(picture: Picture) -> float:
    """The mean probability of the characters of some lines; 0 where there are no lines."""
    ink = ink_of(evened(faded(picture)))
    em = em_of(ink)
    if em is None:
        return 0.0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    small = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) < 1.6 * em
    small[0] = False
    wide = cv2.dilate(small[labels].astype(np.uint8), np.ones((1, max(3, round(0.8 * em))), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    lines = np.flatnonzero(
        (height > 0.6 * em) & (height < 1.9 * em) & (width > _WIDE[0] * em) & (width < _WIDE[1] * em)
    )
    if len(lines) < _FEWEST:
        return 0.0
    chosen = lines[np.linspace(0, len(lines) - 1, min(_LINES, len(lines))).astype(int)] + 1
    return float(np.mean([_sure(picture, *stats[at, :4].tolist()) for at in chosen]))


def _sure(picture: Picture, x0: int, top: int, width: int, height: int) -> float:
    more = round(0.16 * height)
    strip = picture[max(0, top - more) : top + height + more, max(0, x0) : x0 + width]
    marks = [mark for mark in recognise(np.ascontiguousarray(strip)) if mark.char.strip()]
    enough = min(1.0, len(marks) * height / max(1, 0.4 * width))
    return enough * float(np.mean([mark.sure for mark in marks])) if marks else 0.0


def turned_back(box: Box, quarters: int, size: tuple[float, float]) -> Box:
    """A box on a page that was turned against the clock, on the page as given, of this width and height."""
    x0, top, x1, bottom = box
    width, height = size if quarters % 2 == 0 else size[::-1]  # of the page as turned
    for _ in range(quarters % 4):  # a quarter with the clock: (x, y) -> (height - y, x)
        x0, top, x1, bottom = height - bottom, x0, height - top, x1
        width, height = height, width
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)
