"""Streaks: dust on a feeder's glass draws one dark line down the whole page, margins and all."""

from __future__ import annotations

import cv2
import numpy as np

from extract.scan.engine import Picture

_WIDE = 4  # pixels that a streak is wide at most
_DARKER = 12  # of 255: than the paper on both of its sides
_WHOLE = 0.8  # share of the page's height along which it is
_MARGIN = 0.012  # of the height at head and foot, where nothing but streaks may stand
_EMPTY = 0.03  # share of such a margin that may be dark
_MOST = 6  # streaks: where there are more, they are something else


def without_streaks(picture: Picture, grey: Picture) -> tuple[Picture, Picture]:
    """The picture (height x width x 3) and its grey without lines that run down the whole page.

    A picture that is cut along the rules of its table has no empty margins, and stays as it is.
    """
    columns = _streaked(grey)
    if not len(columns):
        return picture, grey
    return _bridged(picture, columns), _bridged(grey, columns)


def _streaked(grey: Picture) -> list[tuple[int, int]]:
    """The columns (first, one behind the last) of streaks."""
    height, width = grey.shape
    if height < 100 or width < 100:
        return []
    beside = cv2.min(grey[:, : -2 * _WIDE], grey[:, 2 * _WIDE :])
    darker = cv2.subtract(beside, grey[:, _WIDE:-_WIDE]) > _DARKER
    margin = max(4, round(_MARGIN * height))
    edges = darker[:margin], darker[-margin:]
    if any(float(edge.mean()) > _EMPTY for edge in edges):
        return []
    share = np.minimum(darker.mean(axis=0), np.minimum(*(edge.mean(axis=0) for edge in edges)))
    found = np.flatnonzero(np.diff((share > _WHOLE).astype(np.int8), prepend=0, append=0)) + _WIDE
    runs = [(first, end) for first, end in zip(found[::2].tolist(), found[1::2].tolist(), strict=True)]
    return runs if len(runs) <= _MOST else []


def _bridged(picture: Picture, columns: list[tuple[int, int]]) -> Picture:
    """With each streak filled from side to side, so that strokes that cross it go on."""
    found = picture.copy()
    for first, end in columns:
        left, right = max(0, first - 2), min(picture.shape[1] - 1, end + 1)
        one, other = picture[:, left].astype(np.float32), picture[:, right].astype(np.float32)
        for at in range(left + 1, right):
            share = (at - left) / (right - left)
            found[:, at] = np.round(one * (1 - share) + other * share)
    return found
