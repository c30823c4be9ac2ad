"""What scanners, fax machines and copiers do to a page: functions of a picture (height x width x 3, uint8, RGB).

Each takes a random generator of a fixed seed, so the same page and seed give the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Damage = Callable[[Picture, Generator], Picture]


def skew(degrees: float) -> Damage:
    """The page lay slanted on the glass."""

    def apply(page: Picture, _: Generator) -> Picture:
        height, width = page.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))

    return apply


def keystone(share: float) -> Damage:
    """Photographed from below: the top is narrower by `share` at each side."""

    def apply(page: Picture, _: Generator) -> Picture:
        height, width = page.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        inset = width * share
        seen = np.array([[inset, inset / 2], [width - inset, 0], [width, height], [0, height]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners, seen)
        return cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(245, 245, 245))

    return apply


def curl(share: float) -> Damage:
    """A bound page bends: lines sag towards the spine by `share` of the height."""

    def apply(page: Picture, _: Generator) -> Picture:
        height, width = page.shape[:2]
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        down = share * height * (1 - x / width) ** 2
        return cv2.remap(page, x, (y - down).astype(np.float32), cv2.INTER_LINEAR, borderValue=(255, 255, 255))

    return apply


def noise(strength: float) -> Damage:
    """The grain of a sensor."""

    def apply(page: Picture, rng: Generator) -> Picture:
        grain = rng.normal(0, strength, page.shape[:2])[..., None]
        return np.clip(page + grain, 0, 255).astype(np.uint8)

    return apply


def blur(pixels: float) -> Damage:
    """Out of focus."""
    return lambda page, _: cv2.GaussianBlur(page, (0, 0), pixels)


def jpeg(quality: int) -> Damage:
    """Saved as JPEG, with what it does to edges."""

    def apply(page: Picture, _: Generator) -> Picture:
        done, data = cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("the page cannot be saved as JPEG")
        return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]).astype(np.uint8)

    return apply


def stamp(x: float, y: float, size: float = 0.11) -> Damage:
    """A round red seal with a star, its middle at a share of width and height; it covers what it lies on."""

    def apply(page: Picture, rng: Generator) -> Picture:
        height, width = page.shape[:2]
        middle, radius = (int(x * width), int(y * height)), int(size * width)
        seal = np.zeros((height, width), np.uint8)
        cv2.circle(seal, middle, radius, 255, max(2, radius // 18), cv2.LINE_AA)
        points = [
            (
                middle[0] + radius * r * math.sin(math.pi * at / 5),
                middle[1] - radius * r * math.cos(math.pi * at / 5),
            )
            for at in range(10)
            for r in ((0.32, 0.13)[at % 2],)
        ]
        cv2.fillPoly(seal, [np.array(points, np.int32)], 255, cv2.LINE_AA)
        for at in range(14):  # strokes in place of the letters along the rim
            angle = math.pi * (0.75 + 1.5 * at / 13)
            place = np.array([0.74 * radius * math.cos(angle), 0.74 * radius * math.sin(angle)] * 2)
            for _ in range(4):
                x0, y0, x1, y1 = (rng.normal(0, radius * 0.06, 4) + place).astype(int).tolist()
                one, two = (middle[0] + x0, middle[1] + y0), (middle[0] + x1, middle[1] + y1)
                cv2.line(seal, one, two, 255, max(1, radius // 40), cv2.LINE_AA)
        worn = cv2.GaussianBlur(rng.random((height // 8 + 1, width // 8 + 1)).astype(np.float32), (0, 0), 2)
        worn = cv2.resize(worn, (width, height))
        cover = seal / 255.0 * np.clip(0.35 + (worn - worn.mean()) / (worn.std() + 1e-6) * 0.12 + 0.35, 0.2, 0.95)
        ink = np.array([205, 25, 35], np.float64)
        mixed = page * (1 - cover[..., None]) + np.minimum(page, ink) * cover[..., None]
        return np.clip(mixed, 0, 255).astype(np.uint8)

    return apply


def fax(level: float = 0.62) -> Damage:
    """Black or white and nothing between, with specks."""

    def apply(page: Picture, rng: Generator) -> Picture:
        grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32) + rng.normal(0, 14, page.shape[:2])
        black = grey < 255 * level
        black ^= rng.random(black.shape) < 0.0006
        return np.repeat(np.where(black, 0, 255).astype(np.uint8)[..., None], 3, axis=2)

    return apply


def copier(depth: float = 0.45) -> Damage:
    """A copy of a copy: a dark edge, light that falls off, pale toner, a grey background."""

    def apply(page: Picture, rng: Generator) -> Picture:
        height, width = page.shape[:2]
        x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        light = 1 - depth * (0.6 * x**2 + 0.4 * y) - 0.5 * np.exp(-x * 40) * depth
        toner = 110 + page.astype(np.float32) * (145 / 255)
        grey = toner * light[..., None] + rng.normal(0, 4, (height, width, 1))
        return np.clip(grey, 0, 255).astype(np.uint8)

    return apply


def broken_rules(share: float = 0.35) -> Damage:
    """Rules that fade: of every long thin line pieces are missing."""

    def apply(page: Picture, rng: Generator) -> Picture:
        height, width = page.shape[:2]
        dark = (page.max(axis=2) < 160).astype(np.uint8)
        long = max(30, width // 25)
        found = page.copy()
        for size in ((long, 1), (1, long)):
            rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
            rules = cv2.dilate(rules, np.ones((3, 3), np.uint8))
            cells = rng.random((height // 9 + 1, width // 9 + 1)) < share
            gone = cv2.resize(cells.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
            found[(rules & gone).astype(bool)] = 255
        return found

    return apply


def pale_rules(strength: float = 0.25) -> Damage:
    """Rules so thin that the scanner sees a shade of grey."""

    def apply(page: Picture, _: Generator) -> Picture:
        dark = (page.max(axis=2) < 160).astype(np.uint8)
        long = max(30, page.shape[1] // 25)
        found = page.copy()
        for size in ((long, 1), (1, long)):
            rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
            where = cv2.dilate(rules, np.ones((3, 3), np.uint8)).astype(bool)
            found[where] = 255 - ((255 - found[where]) * strength).astype(np.uint8)
        return found

    return apply


def without_rules(*, upright: bool, level: bool) -> Damage:
    """A form without its upright rules, or without any."""

    def apply(page: Picture, _: Generator) -> Picture:
        dark = (page.max(axis=2) < 200).astype(np.uint8)
        long = max(40, page.shape[1] // 25)
        found = page.copy()
        for wanted, size in ((level, (long, 1)), (upright, (1, long))):
            if wanted:
                rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
                found[cv2.dilate(rules, np.ones((5, 5), np.uint8)).astype(bool)] = 255
        return found

    return apply


def turned(quarters: int) -> Damage:
    """Fed into the scanner sideways: quarter turns against the clock."""
    return lambda page, _: np.ascontiguousarray(np.rot90(page, quarters))


def scaled(factor: float) -> Damage:
    """Scanned at a lower resolution."""

    def apply(page: Picture, _: Generator) -> Picture:
        height, width = page.shape[:2]
        size = (round(width * factor), round(height * factor))
        return cv2.resize(page, size, interpolation=cv2.INTER_AREA)

    return apply


def damaged(page: Picture, damages: tuple[Damage, ...], seed: int) -> Picture:
    """A page after all of them, in their order."""
    rng = np.random.default_rng(seed)
    for damage in damages:
        page = damage(page, rng)
    return page
