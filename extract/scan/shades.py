"""Cells with light text on a dark ground, turned into dark text on a light one."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.engine import Picture

_SMALL = 800  # pixels that a page is wide where grounds are looked for
_STROKE = 250  # the part of such a page that a stroke of light text is wide at most
_DARKER = 70  # of 255: how much darker than the paper a ground is
_LEAST = (0.015, 0.006)  # of the page: how wide and high a ground is at least
_FULL = 0.75  # share of its box that a ground fills
_TEXT = (0.01, 0.5)  # share of a ground that light text covers
_NEAR = 40  # of 255: what is no more from the ground belongs to it
_MOST = 0.5  # share of a row or column of the box that is ground, or else the row is beside it
_RIM = (6, 0.6)  # pixels along each side, and the share of them that is ground: characters do not fill their box


class _Box(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int


def without_shades(picture: Picture) -> Picture:
    """The picture (height x width x 3, RGB) in which each ground that is dark is light, and what stands on it dark.

    A ground is dark against the paper, fills most of a box away from the page's edges, and has light text on it: a
    photograph's surroundings, a bar or a seal are none.
    """
    found = picture
    for box in _grounds(picture):
        part = picture[box.top : box.bottom, box.left : box.right]
        turned = _turned(np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8))
        if turned is not None:
            found = found if found is not picture else picture.copy()
            found[box.top : box.bottom, box.left : box.right] = turned[..., None]
    return found


def _grounds(picture: Picture) -> list[_Box]:
    """The boxes of what is dark but for thin strokes; lines of dark text are among them."""
    height, width = picture.shape[:2]
    shrink = max(1, width // _SMALL)
    size = max(1, width // shrink), max(1, height // shrink)
    small = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    stroke = max(3, round(size[0] / _STROKE))
    darkest = float(np.percentile(small, 80)) - _DARKER
    square = np.ones((stroke, stroke), np.uint8)
    dark = (cv2.morphologyEx(small, cv2.MORPH_OPEN, square) < darkest).astype(np.uint8)  # light strokes are gone
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, square)  # and rules, which would join all
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    found = []
    for left, top, wide, high, area in stats[1:count].tolist():
        inner = left > 0 and top > 0 and left + wide < size[0] and top + high < size[1]
        large = wide > _LEAST[0] * size[0] and high > _LEAST[1] * size[1]
        if inner and large and area > _FULL * wide * high:
            sides = left - stroke, top - stroke, left + wide + stroke, top + high + stroke
            found.append(_Box(*(max(0, side * shrink) for side in sides)))
    return found


def _turned(part: Picture) -> Picture | None:
    """A part of the page with its ground made white; None where it is no ground with text."""
    ground = float(np.median(part))
    is_ground = np.abs(part.astype(np.int16) - ground) < _NEAR
    rows, cols = (_span(is_ground.mean(axis=side) > _MOST) for side in (1, 0))
    inner, turned = is_ground[rows, cols], part.copy()
    light = (part[rows, cols] > ground + _NEAR).mean() if inner.size else 0.0
    if not _has_rims(inner) or not _TEXT[0] < light < _TEXT[1]:
        return None
    off = np.abs(part[rows, cols].astype(np.float32) - ground) * (255.0 / max(255.0 - ground, ground))
    turned[rows, cols] = (255.0 - off).clip(0, 255)
    return turned


def _has_rims(ground: NDArray[np.bool_]) -> bool:
    wide, least = _RIM
    sides = ground[:wide], ground[-wide:], ground[:, :wide], ground[:, -wide:]
    return bool(ground.size) and all(float(side.mean()) > least for side in sides)


def _span(found: NDArray[np.bool_]) -> slice:
    """From the first to the last; nothing where there is none."""
    at = np.flatnonzero(found)
    return slice(at[0], at[-1] + 1) if len(at) else slice(0, 0)
