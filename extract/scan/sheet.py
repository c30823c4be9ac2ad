"""A picture of a page to a straight, evenly lit one, with the way back to the points of the page as it was shown."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.engine import Picture
from extract.scan.shades import without_shades
from extract.scan.streaks import without_streaks

Floats = NDArray[np.float64]
Mask = Picture
"""1 or 0 for each pixel."""

_PALE = 0.28  # of the way from the paper to the ink: what is darker is ink
_EMS = (20.0, 30.0)  # pixels of a character: beyond them the page is scaled, since more would cost and show no more
_FADE = 0.6  # how much of the difference between the channels is added
_MANY = 6_000_000  # pixels of A4 at about 250 dpi
_COARSE = 1.3  # times by which a strip may be made smaller without smoothing it first
_STEEPEST = 8.0  # degrees
_STEP = 16  # pixels between the knots of the map back
_LONG = 6.0  # ems of a rule that may tell how the page bends
_CLEARLY = 1.05  # times as sharp
_FEWEST = 3  # rules that are needed for it


class Sheet(NamedTuple):
    """A straight page, and the `picture` as given (height x width x 3, RGB) from which strips are cut.

    `grey` has even light and faded stamps, `ink` is 1 where it is dark, `light` is what it was divided by, `em` the
    size of a character in pixels of the sheet, `fine` that in pixels of the picture. `knots` are the places on the
    picture of every 16th pixel of the sheet (y, x, 2).
    """

    picture: Picture
    grey: Picture
    light: Picture
    ink: Mask
    em: float
    fine: float
    knots: NDArray[np.float32]

    def cut(self, area: tuple[int, int, int, int], height: int) -> Picture:
        """An area of the sheet (left, top, right, bottom) as a strip of this height, straight from the picture."""
        left, top, right, bottom = area
        width = max(8, round((right - left) * height / max(1, bottom - top)))
        x = left + (np.arange(width, dtype=np.float32) + 0.5) * ((right - left) / width) - 0.5
        y = top + (np.arange(height, dtype=np.float32) + 0.5) * ((bottom - top) / height) - 0.5
        cols, rows = np.meshgrid(x, y)
        places = cv2.remap(self.knots, cols / _STEP, rows / _STEP, cv2.INTER_LINEAR)
        shrink = (bottom - top) * self.fine / self.em / height
        picture = self.picture
        if shrink > _COARSE:  # else strokes fall between the pixels that are taken
            low = np.maximum(np.floor(places.min(axis=(0, 1))).astype(int) - 8, 0)
            high = np.ceil(places.max(axis=(0, 1))).astype(int) + 8
            part = picture[low[1] : high[1], low[0] : high[0]]
            picture = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 * shrink), np.uint8)
            places = places - low.astype(np.float32)
        strip = cv2.remap(picture, places, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        light = cv2.resize(self.light[top:bottom, left:right], (width, height), interpolation=cv2.INTER_LINEAR)
        return np.stack([_divided(strip[..., channel], light) for channel in range(3)], axis=2)

    def back(self, box: tuple[float, ...]) -> tuple[float, float, float, float]:
        """A box on the picture as given, in its pixels, around the box of this sheet."""
        x0, top, x1, bottom = box
        corners = np.array([self._place(x, y) for x in (x0, x1) for y in (top, bottom)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def _place(self, x: float, y: float) -> Floats:
        height, width = self.knots.shape[:2]
        col, row = min(max(x / _STEP, 0), width - 1.001), min(max(y / _STEP, 0), height - 1.001)
        left, top = int(col), int(row)
        right, low = col - left, row - top
        knots = self.knots[top : top + 2, left : left + 2].astype(np.float64)
        upper = knots[0, 0] * (1 - right) + knots[0, 1] * right
        lower = knots[1, 0] * (1 - right) + knots[1, 1] * right
        found: Floats = upper * (1 - low) + lower * low
        return found


def straightened(picture: Picture) -> Sheet | None:
    """The straight page of an upright picture; None where nothing on it is the size of a character."""
    picture = without_shades(picture)
    picture, given = without_streaks(picture, faded(picture))
    coarse = 2 if given.size > _MANY else 1  # size and slant show as well on every other pixel
    small = cv2.resize(given, None, fx=1 / coarse, fy=1 / coarse, interpolation=cv2.INTER_AREA) if coarse > 1 else given
    ink = ink_of(evened(np.asarray(small, np.uint8)))
    em = em_of(ink)
    if em is None:
        return None
    em, lean = em * coarse, _leans(ink)
    scale = 1.0 if _EMS[0] <= em <= _EMS[1] else (_EMS[0] + 2 if em < _EMS[0] else _EMS[1] - 2) / em
    height, width = (round(side * scale) for side in given.shape)
    knots = _knots(height, width, scale, lean, given.shape)
    bent = _bent(_mapped(given, knots, (height, width)), em * scale)
    knots = _through(knots, bent) if bent is not None else knots
    grey = _mapped(given, knots, (height, width))
    light = _light(grey)
    grey = _divided(grey, light)
    return Sheet(picture, grey, light, ink_of(grey), em * scale, em, knots)


def faded(picture: Picture) -> Picture:
    """Grey in which what is coloured is light: the lightest channel, and lighter the more the channels differ."""
    red, green, blue = cv2.split(picture)
    high, low = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return np.asarray(cv2.addWeighted(high, 1.0 + _FADE, low, -_FADE, 0.0), np.uint8)


def evened(grey: Picture) -> Picture:
    """Grey on even light: divided by its background."""
    return _divided(grey, _light(grey))


def _light(grey: Picture) -> Picture:
    """The background: the lightest near each place, smoothed; made small, since light changes slowly."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    light = cv2.dilate(small, np.ones((9, 9), np.uint8))
    light = cv2.GaussianBlur(cv2.medianBlur(light, 5), (0, 0), 4)
    return np.asarray(cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _divided(grey: Picture, light: Picture) -> Picture:
    return np.asarray(cv2.divide(grey, cv2.max(light, 30), scale=250.0), np.uint8)


def ink_of(grey: Picture) -> Mask:
    """1 where there is ink on even light: nearer to the paper than to the ink's own dark, but clear of the grain."""
    sample = grey[::3, ::3]
    paper = float(np.median(sample))
    grain = 1.48 * float(np.median(np.abs(sample[sample > paper - 40].astype(np.float32) - paper)))
    dark = float(np.percentile(sample[sample < paper - 60], 10)) if (sample < paper - 60).any() else 0.0
    level = min(paper - _PALE * (paper - dark), paper - 5 * grain)
    return (grey < max(level, dark + 10)).astype(np.uint8)


def em_of(ink: Mask) -> float | None:
    """The size of a character in pixels, by the pieces of ink that are nearly square, each as heavy as its ink."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 2:
        return None
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    size = np.maximum(width, height)
    square = (size >= 8) & (size <= 200) & (np.minimum(width, height) > 0.55 * size)
    if square.sum() < 5:
        return None
    order = np.argsort(size[square])
    weight = np.cumsum(stats[1:, cv2.CC_STAT_AREA][square][order])
    return float(size[square][order][np.searchsorted(weight, 0.6 * weight[-1])]) * 1.05


# Slant.


def _leans(ink: Mask) -> tuple[float, float]:
    """By how many pixels level lines sink to the right, and upright ones move to the right on the way down.

    A page that was turned has the one as the opposite of the other; anything else must show itself clearly.
    """
    level, upright = _profile(ink), _profile(np.ascontiguousarray(ink.T))
    down = level.steepest()
    right = upright.steepest()
    return down, right if upright.sharpness(right) > _CLEARLY * upright.sharpness(-down) else -down


class _Profile(NamedTuple):
    """The ink of the rows, in strips from left to right whose middles stand at these places."""

    strips: list[Floats]
    middles: Floats

    def steepest(self) -> float:
        """By how many pixels lines sink for each pixel to the right: where the rows together are sharpest."""
        steepest = np.tan(np.radians(_STEEPEST))
        best, reach, step = 0.0, steepest, steepest / 32
        while step > 0.0002:
            tried = np.arange(best - reach, best + reach + step / 2, step)
            best = float(max(tried, key=self.sharpness))
            reach, step = step, step / 4
        return best

    def sharpness(self, slope: float) -> float:
        """How much the rows differ from their neighbours, if lines sink so."""
        rows = np.arange(len(self.strips[0]), dtype=np.float64)
        shifts = self.middles * slope
        profile = sum(np.interp(rows + shift, rows, strip) for strip, shift in zip(self.strips, shifts, strict=True))
        return float((np.diff(profile) ** 2).sum())


def _profile(ink: Mask) -> _Profile:
    shrink = max(1, round(ink.shape[1] / 900))
    small = cv2.resize(ink * 255, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    width = small.shape[1]
    strips = [part.sum(axis=1, dtype=np.float64) for part in np.array_split(small, min(40, width), axis=1)]
    middles = (np.arange(len(strips)) + 0.5) / len(strips) * width - width / 2
    return _Profile(strips, middles)


def _knots(
    height: int, width: int, scale: float, lean: tuple[float, float], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Where the knots of a straight page lie on the slanted one."""
    y, x = np.mgrid[0 : height + 2 * _STEP : _STEP, 0 : width + 2 * _STEP : _STEP].astype(np.float64) / scale
    down, right = lean
    across, along = y - shape[0] / 2, x - shape[1] / 2
    turn = 1.0 + (down * down + right * right) / 4  # sides keep their length
    return np.stack(
        [(along + right * across) / turn + shape[1] / 2, (across + down * along) / turn + shape[0] / 2], axis=2
    ).astype(np.float32)


def _mapped(picture: Picture, knots: NDArray[np.float32], shape: tuple[int, int]) -> Picture:
    height, width = shape
    rows, cols = (np.arange(side, dtype=np.float32) / _STEP for side in (height, width))
    grid = np.meshgrid(cols, rows)
    places = cv2.remap(knots, grid[0], grid[1], cv2.INTER_LINEAR)
    return np.asarray(
        cv2.remap(
            picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )  # fmt: skip


# Bends: keystone and curl.


def _bent(grey: Picture, em: float) -> NDArray[np.float32] | None:
    """The knots of a page whose rules are straight, on one where they are nearly so; None where rules cannot tell."""
    ink = ink_of(evened(grey))
    height, width = ink.shape
    down = _bend(ink, em)
    right = _bend(np.ascontiguousarray(ink.T), em)
    if down is None and right is None:
        return None
    y, x = np.mgrid[0 : height + 2 * _STEP : _STEP, 0 : width + 2 * _STEP : _STEP].astype(np.float64)
    at_x, at_y = x.copy(), y.copy()
    for _ in range(3):
        moved_y = down(at_x, at_y) if down else 0.0
        moved_x = right(at_y, at_x) if right else 0.0
        at_x, at_y = x + moved_x, y + moved_y
    return np.stack([at_x, at_y], axis=2).astype(np.float32)


class _Bend(NamedTuple):
    """How far level lines lie below their place: a polynomial of the third degree along, of the first across."""

    size: float
    middle: tuple[float, float]
    terms: Floats

    def __call__(self, along: Floats, across: Floats) -> Floats:
        u, v = (along - self.middle[0]) / self.size, (across - self.middle[1]) / self.size
        found: Floats = np.tensordot(_terms(u, v), self.terms, axes=(-1, 0)) * self.size
        return found


def _terms(u: Floats, v: Floats) -> Floats:
    return np.stack([u, u * v, u * u, u * u * v, u * u * u], axis=-1)


def _bend(ink: Mask, em: float) -> _Bend | None:
    """Fitted to the long level rules, each of which may lie anywhere; None where there are too few."""
    height, width = ink.shape
    groups = _long_rules(ink, em)
    if len(groups) < _FEWEST:
        return None
    size = float(max(height, width))
    middle = (width / 2, height / 2)
    sides, rises = [], []
    for x, y in groups:
        terms = _terms((x - middle[0]) / size, (y - middle[1]) / size)
        sides.append(terms - terms.mean(axis=0))
        rises.append((y - y.mean()) / size)
    a, b = np.concatenate(sides), np.concatenate(rises)
    keep = np.ones(len(b), np.bool_)
    found = np.zeros(5)
    for _ in range(3):
        damp = np.diag([1e-4, 1e-3, 1e-3, 1e-2, 1e-2]) * keep.sum() * 0.01
        found = np.linalg.solve(a[keep].T @ a[keep] + damp, a[keep].T @ b[keep])
        off = np.abs(a @ found - b)
        keep = off <= max(3 * float(np.median(off[keep])), 0.7 / size)
    bend = _Bend(size, middle, found)
    reach = np.array([0.0, width]), np.array([0.0, height])
    largest = max(abs(float(bend(np.array([x]), np.array([y]))[0])) for x in reach[0] for y in reach[1])
    return bend if 0.5 < largest < 0.06 * size else None


def _long_rules(ink: Mask, em: float) -> list[tuple[Floats, Floats]]:
    """The middles of long level rules, at every half em: places along and across."""
    long = max(8, round(1.5 * em))
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, long), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    groups = []
    for at in range(1, count):
        x0, y0, wide, tall = (int(value) for value in stats[at, :4])
        if wide < _LONG * em or tall > max(0.08 * wide, 1.2 * em):
            continue
        part = labels[y0 : y0 + tall, x0 : x0 + wide : max(1, round(em / 2))] == at
        thickness = part.sum(axis=0)
        good = (thickness > 0) & (thickness <= max(6, 0.3 * em))
        if good.sum() < 6:
            continue
        rows = np.arange(tall)[:, None]
        y = (part * rows).sum(axis=0)[good] / thickness[good] + y0
        x = np.flatnonzero(good) * max(1, round(em / 2)) + x0
        groups.append((x.astype(np.float64), y))
    return groups


def _through(knots: NDArray[np.float32], bent: NDArray[np.float32]) -> NDArray[np.float32]:
    """The knots of `bent` carried on through those of the page that it lies on."""
    cols, rows = bent[..., 0] / _STEP, bent[..., 1] / _STEP
    return np.asarray(
        cv2.remap(knots, np.ascontiguousarray(cols), np.ascontiguousarray(rows), cv2.INTER_LINEAR,
                  borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )  # fmt: skip
