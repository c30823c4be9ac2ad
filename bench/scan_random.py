"""Scans at random: forms in fonts, sizes, rules and damage that nobody chose, how many values come out right.

    python -m bench.scan_random [--kinds NAME,…] [--pages N] [--first N] [--wrong]

A page is a form of the layout samples or the seed, drawn anew (bench/scan_drawn.py) and damaged, all by its number and
kind. Values are counted as bench/scan.py counts them. How it came out: docs/scans.md.
"""

from __future__ import annotations

import argparse
import io
import time
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from PIL import Image

from bench.scan import Floor
from bench.scan_drawn import FONTS, Style, drawn, forms
from bench.scan_truth import Tally, tally
from extract.scan import engine
from jixiao.encode import project_record
from jixiao.pipeline import extract
from samples import scan_damage as damage
from samples.make_families import plain
from tests.forms import as_tabs

Rng = np.random.Generator
_FORMS = forms()
_NAMES = sorted(_FORMS)
_HEAD = "pages  whole  values   exact  wrong  silent  flags  needless  CPU s/page     x"


def streak(page: damage.Picture, rng: Rng) -> damage.Picture:
    """A line that dirt on a feeder's glass draws down the page."""
    height, width = page.shape[:2]
    at, grey = int(rng.uniform(0.05, 0.95) * width), int(rng.integers(90, 200))
    page = page.copy()
    page[:height, at : at + 1] = np.minimum(page[:, at : at + 1], grey)
    return page


def border(page: damage.Picture, rng: Rng) -> damage.Picture:
    """The dark edge of a glass that the paper does not cover."""
    page, wide = page.copy(), int(rng.uniform(0.004, 0.02) * page.shape[1])
    edges = (np.s_[:, :wide], np.s_[:, -wide:], np.s_[:wide], np.s_[-wide:])
    page[edges[int(rng.integers(4))]] = 20
    return page


def holes(page: damage.Picture, _: Rng) -> damage.Picture:
    """Two punched holes at the left."""
    page, (height, width) = page.copy(), page.shape[:2]
    for at in (0.37, 0.63):
        cv2.circle(page, (int(0.02 * width), int(at * height)), int(0.011 * width), (30, 30, 30), -1)
    return page


def faded(share: float) -> damage.Damage:
    """Rules of which runs of random lengths are missing."""

    def fade(page: damage.Picture, rng: Rng) -> damage.Picture:
        height, width = page.shape[:2]
        dark, page, long = (page.max(2) < 160).astype(np.uint8), page.copy(), max(30, width // 25)
        for size, level in (((long, 1), True), ((1, long), False)):
            rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
            run = int(rng.integers(6, 40))
            shape = (height // 5 + 1, width // run + 1) if level else (height // run + 1, width // 5 + 1)
            gone = (rng.random(shape) < share).astype(np.uint8)
            gone = cv2.resize(gone, (width, height), interpolation=cv2.INTER_NEAREST)
            page[(cv2.dilate(rules, np.ones((3, 3), np.uint8)) & gone).astype(bool)] = 255
        return page

    return fade


def shadowed(page: damage.Picture, rng: Rng) -> damage.Picture:
    """A photograph: a hand's shadow with a soft edge, colour of a lamp."""
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    side = (x * rng.normal() + y * rng.normal() + rng.uniform(-0.3, 0.3)) * rng.uniform(3, 12)
    light = 1 - rng.uniform(0.25, 0.5) / (1 + np.exp(-side))
    return np.clip(page * light[..., None] * np.array([1.0, 0.96, 0.86]), 0, 255).astype(np.uint8)


def shown_through(page: damage.Picture, rng: Rng) -> damage.Picture:
    """The back of the sheet shines through, mirrored and out of focus."""
    back = cv2.GaussianBlur(np.roll(page[:, ::-1], int(rng.integers(20, 90)), axis=0), (0, 0), 1.5)
    return np.minimum(page, 255 - ((255 - back) * rng.uniform(0.1, 0.25)).astype(np.uint8)).astype(np.uint8)


def folded(page: damage.Picture, rng: Rng) -> damage.Picture:
    """A sheet that was folded in two: a shade along the middle."""
    page, height = page.astype(np.float32), page.shape[0]
    at = height / 2 + rng.normal() * height / 40
    shade = np.exp(-(((np.arange(height) - at) / rng.uniform(1.0, 4.0)) ** 2)) * rng.uniform(25, 70)
    return np.clip(page - shade[:, None, None], 0, 255).astype(np.uint8)


def written_on(page: damage.Picture, rng: Rng) -> damage.Picture:
    """Ticks in pencil and a name in blue ballpoint across the page."""
    page, (height, width) = page.copy(), page.shape[:2]
    for _ in range(int(rng.integers(3, 9))):
        x, y, size = rng.uniform(0.05, 0.9) * width, rng.uniform(0.15, 0.85) * height, width / 60
        tick = np.array([[x, y], [x + size / 3, y + size / 2], [x + size, y - size]], np.int32)
        cv2.polylines(page, [tick], False, (120, 120, 125), max(1, width // 900), cv2.LINE_AA)
    x, y = rng.uniform(0.2, 0.6) * width, rng.uniform(0.2, 0.8) * height
    along = np.linspace(0, 1, 60)
    name = np.stack([x + along * width / 5, y + np.cumsum(rng.normal(0, width / 500, 60)) + 9 * np.sin(along * 40)], 1)
    cv2.polylines(page, [name.astype(np.int32)], False, (60, 80, 190), max(2, width // 600), cv2.LINE_AA)
    return page


class Look:
    """What a page is to look like: each kind takes the same first numbers of its seed, then its own."""

    def __init__(self, number: int, kind: str) -> None:
        self.rng = rng = np.random.default_rng(zlib.crc32(f"{number} {kind}".encode()))
        self.name = _NAMES[rng.integers(len(_NAMES))]
        font = list(FONTS)[rng.integers(len(FONTS))]
        size, margin = float(rng.choice([8, 9, 10, 10.5, 12])), float(rng.choice([1.5, 2.5, 4, 6]))
        width, dpi = float(rng.choice([0.35, 0.5, 0.75, 1.0])), int(rng.choice([150, 200, 200, 250, 300]))
        self.style = Style(font, size, margin, width, dpi)
        self.slant, self.grain = damage.skew(self.by(-2, 2)), damage.noise(self.by(1, 6))
        self.damages = KINDS[kind](self)

    def by(self, low: float, high: float) -> float:
        """A number at random."""
        return float(self.rng.uniform(low, high))

    def jpeg(self, low: int, high: int) -> damage.Damage:
        """A JPEG of a quality at random."""
        return damage.jpeg(int(self.rng.integers(low, high)))

    def at_least(self, dpi: int) -> None:
        """Raise the resolution."""
        self.style = self.style._replace(dpi=max(dpi, self.style.dpi))

    def page(self) -> damage.Picture:
        """The page."""
        page = drawn(_FORMS[self.name], self.style, self.rng)
        for each in self.damages:
            page = each(page, self.rng)
        return page


def _whole(look: Look) -> list[damage.Damage]:
    found: list[damage.Damage] = []
    if look.rng.random() < 0.4:
        found += [damage.stamp(look.by(0.2, 0.8), look.by(0.2, 0.7)) for _ in range(look.rng.integers(1, 3))]
    found += [border] if look.rng.random() < 0.15 else []
    found += [holes] if look.rng.random() < 0.15 else []
    return [*found, look.slant, look.grain, look.jpeg(50, 90)]


def _streak(look: Look) -> list[damage.Damage]:
    return [look.slant, look.grain, streak, look.jpeg(60, 90)]


def _fax(look: Look) -> list[damage.Damage]:
    look.style = look.style._replace(dpi=200)
    return [look.slant, damage.fax(look.by(0.5, 0.7))]


def _copier(look: Look) -> list[damage.Damage]:
    look.at_least(200)
    slant = damage.skew(look.by(-1.2, 1.2))
    return [slant, damage.blur(look.by(0.4, 0.9)), damage.copier(look.by(0.2, 0.5)), look.jpeg(55, 85)]


def _broken(look: Look) -> list[damage.Damage]:
    look.at_least(200)
    lost = damage.broken_rules if look.rng.random() < 0.5 else faded
    return [lost(look.by(0.15, 0.4)), damage.skew(look.by(-1, 1)), look.grain, look.jpeg(60, 90)]


def _pale(look: Look) -> list[damage.Damage]:
    look.at_least(200)
    return [damage.pale_rules(look.by(0.15, 0.45)), damage.skew(look.by(-1, 1)), look.grain, look.jpeg(65, 90)]


def _photo(look: Look) -> list[damage.Damage]:
    look.at_least(200)
    return [
        damage.keystone(look.by(0.005, 0.02)),
        look.slant,
        shadowed,
        damage.blur(0.6),
        look.grain,
        look.jpeg(60, 85),
    ]


def _through(look: Look) -> list[damage.Damage]:
    return [shown_through, folded, look.slant, look.grain, look.jpeg(60, 90)]


def _written(look: Look) -> list[damage.Damage]:
    return [written_on, look.slant, look.grain, look.jpeg(60, 90)]


def _screen(look: Look) -> list[damage.Damage]:
    look.style = look.style._replace(dpi=150)
    return [damage.scaled(look.by(0.7, 0.9)), look.jpeg(70, 95)]


def _without(rules: str) -> Callable[[Look], list[damage.Damage]]:
    def chosen(look: Look) -> list[damage.Damage]:
        look.at_least(200)
        look.style = look.style._replace(rules=rules)
        return [damage.skew(look.by(-1, 1)), look.grain, look.jpeg(65, 90)]

    return chosen


KINDS: dict[str, Callable[[Look], list[damage.Damage]]] = {
    "moderate": _whole,
    "streak": _streak,
    "fax": _fax,
    "copier": _copier,
    "broken": _broken,
    "pale": _pale,
    "level": _without("level"),
    "norules": _without("none"),
    "photo": _photo,
    "through": _through,
    "written": _written,
    "screen": _screen,
}


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--pages", type=int, default=12, help="how many of each kind")
    parser.add_argument("--first", type=int, default=0, help="number of the first page: others are other pages")
    parser.add_argument("--wrong", action="store_true", help="also print what is wrong")
    options = parser.parse_args()
    floor = Floor()
    engine.recognise(np.full((48, 96, 3), 255, np.uint8))
    print(f"{'':10}{_HEAD}")
    for kind in (each for each in options.kinds.split(",") if each in KINDS):
        total, whole, seconds, before = Tally(), 0, 0.0, floor.seconds
        for number in range(options.first, options.first + options.pages):
            look = Look(number, kind)
            started, found = _read(look)
            seconds += started
            whole += not found.wrong
            total.add(found)
            _show(look, number, found) if options.wrong else None
        counts = f"{options.pages:5}  {whole:5}  {total.values:6}  {total.exact:.4f}  {len(total.wrong):5}"
        counts += f"  {len(total.silent):6}  {total.flags:5}  {total.needless:8}"
        ratio = seconds / max(1e-9, floor.seconds - before)
        print(f"{kind:10}{counts}  {seconds / options.pages:10.2f}  {ratio:4.2f}", flush=True)


def _read(look: Look) -> tuple[float, Tally]:
    """The CPU seconds that a page takes, and how its values came out."""
    held, dpi = io.BytesIO(), look.style.dpi
    Image.fromarray(look.page()).save(held, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    true = true_of(look.name)
    started = time.process_time()
    found = extract(held.getvalue(), name="page.tiff")
    return time.process_time() - started, tally(found, true)


def true_of(name: str) -> list[dict[str, Any]]:
    """The records of a form as pasted text."""
    text = as_tabs(plain([[*row] for row in _FORMS[name]]))
    return [project_record(project) for project in extract(text.encode(), name="form.txt").projects]


def _show(look: Look, number: int, found: Tally) -> None:
    for each in found.wrong:
        what = "silent" if each in found.silent else "told"
        print(f"    {number} {look.name} {look.style}: {what} {each[0]}: {each[1][:60]} instead of {each[2][:60]}")


if __name__ == "__main__":
    main()
