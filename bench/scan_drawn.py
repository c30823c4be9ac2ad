"""Forms as pictures: in a font, a size, with margins and rules of any width, as an office program would set them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples import pdf_cells
from samples.family_forms import FORMS
from samples.scan_damage import Picture

_TRUETYPE, _OPENTYPE = Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype/noto")
FONTS: dict[str, tuple[Path, int]] = {
    "song": (_TRUETYPE / "arphic-gbsn00lp/gbsn00lp.ttf", 0),
    "kai": (_TRUETYPE / "arphic-gkai00mp/gkai00mp.ttf", 0),
    "hei": (_TRUETYPE / "wqy/wqy-zenhei.ttc", 0),
    "micro": (_TRUETYPE / "wqy/wqy-microhei.ttc", 0),
    "uming": (_TRUETYPE / "arphic/uming.ttc", 0),
    "ukai": (_TRUETYPE / "arphic/ukai.ttc", 0),
    "noto": (_OPENTYPE / "NotoSansCJK-Regular.ttc", 2),
    "serif": (_OPENTYPE / "NotoSerifCJK-Regular.ttc", 2),
}
"""Free fonts, as packages of Debian bring them (samples/make_pdfs.py names these), and which face of a file."""

_FINE = 2  # pixels drawn for each that is kept, a side
_LEAD = 1.3  # of a size: from line to line
_WIDE = 7  # columns from which a form lies on its side
_LONG = 20  # characters from which a text is set from the left


class Style(NamedTuple):
    """How a form is set: lengths in points; `rules` are all, level or none."""

    font: str
    size: float
    margin: float
    width: float
    dpi: int
    rules: str = "all"


class _Cell(NamedTuple):
    row: int
    col: int
    rows: int
    cols: int
    text: str


def forms() -> dict[str, list[list[str]]]:
    """The forms that may be drawn, by name: rows in which < and ^ say that a cell goes on; a line has one text."""
    found = {**FORMS, "whole-form": _rows_of(pdf_cells.whole_form())}
    for number, sheet in enumerate(pdf_cells.seed_forms(), 1):
        if len(sheet.blocks) == 1:
            found[f"seed-{number}"] = _rows_of(sheet)
    return found


def _rows_of(sheet: pdf_cells.Sheet) -> list[list[str]]:
    block = sheet.blocks[0]
    grid = [[""] * len(block.shares) for _ in range(block.height)]
    for cell in block.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for col in range(cell.col, cell.col + cell.cols):
                grid[row][col] = "<" if col > cell.col else "^" if row > cell.row else cell.text
    return [[line] for line in sheet.heading] + grid


def drawn(rows: Sequence[Sequence[str]], style: Style, rng: np.random.Generator) -> Picture:
    """A page with a form; column widths and the page's margins are at random, lines break where a cell ends."""
    first = next(at for at, row in enumerate(rows) if len(row) > 1)
    last = max(at for at, row in enumerate(rows) if len(row) > 1)
    wide = max(map(len, rows))
    cells, scale = _cells(rows[first : last + 1], wide), style.dpi / 72 * _FINE
    across = 842 if wide > _WIDE else 595
    margin = rng.uniform(35, 60)
    xs = margin + np.concatenate([[0], np.cumsum(_widths(cells, wide, rng) * (across - 2 * margin))])
    font = _font(style.font, round(style.size * scale))
    lines = [_wrapped(c.text, font, (xs[c.col + c.cols] - xs[c.col] - 2 * _beside(style)) * scale) for c in cells]
    ys = 50 + style.size * (2.2 + 1.6 * first) + _heights(cells, lines, style)
    tall = max(595 if wide > _WIDE else 842, ys[-1] + (len(rows) - last) * style.size * 1.6 + 50)
    page = Image.new("L", (round(across * scale), round(tall * scale)), 255)
    pen = ImageDraw.Draw(page)
    _put_heading(pen, [row[0] for row in rows[:first]], style, (margin, across))
    for cell, texts in zip(cells, lines, strict=True):
        _put_cell(pen, texts, style, (xs[cell.col], ys[cell.row], xs[cell.col + cell.cols], ys[cell.row + cell.rows]))
    for at, row in enumerate(rows[last + 1 :]):
        pen.text((margin * scale, (ys[-1] + 6 + at * style.size * 1.6) * scale), row[0], fill=0, font=font)
    return np.repeat(np.asarray(page.reduce(_FINE))[..., None], 3, 2).copy()


def _cells(rows: Sequence[Sequence[str]], wide: int) -> list[_Cell]:
    full = [[*row, *(["<"] * (wide - 1) if len(row) == 1 else [""] * (wide - len(row)))] for row in rows]
    owner: dict[tuple[int, int], int] = {}
    found: list[_Cell] = []
    for row, texts in enumerate(full):
        for col, text in enumerate(texts):
            at = owner[row, col - 1] if text == "<" else owner[row - 1, col] if text == "^" else len(found)
            owner[row, col] = at
            if at == len(found):
                found.append(_Cell(row, col, 1, 1, text))
            own = found[at]
            found[at] = own._replace(rows=max(own.rows, row + 1 - own.row), cols=max(own.cols, col + 1 - own.col))
    return found


def _widths(cells: Sequence[_Cell], wide: int, rng: np.random.Generator) -> np.ndarray:
    want = np.full(wide, 2.5)
    for cell in cells:
        if cell.cols == 1:
            want[cell.col] = max(want[cell.col], min(len(cell.text), 14))
    want = np.sqrt(want) * rng.uniform(0.9, 1.15, wide)
    return want / want.sum()


def _heights(cells: Sequence[_Cell], lines: Sequence[list[str]], style: Style) -> np.ndarray:
    high = np.full(max(cell.row + cell.rows for cell in cells), style.size * _LEAD + 2 * style.margin)
    for cell, texts in sorted(zip(cells, lines, strict=True), key=lambda each: each[0].rows):
        end = cell.row + cell.rows
        lacking = len(texts) * style.size * _LEAD + 2 * style.margin - high[cell.row : end].sum()
        high[end - 1] += max(0.0, lacking)
    return np.concatenate([[0], np.cumsum(high)])


@cache
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    path, face = FONTS[name]
    return ImageFont.truetype(path, pixels, index=face)


def _beside(style: Style) -> float:
    return max(1.5, style.margin * 0.7)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    lines = []
    for part in text.split("\n"):
        lines.append("")
        for word in re.findall(r"[0-9A-Za-z.%,≥≤-]+|.", part):
            for piece in [word] if font.getlength(word) <= room else word:
                if lines[-1] and font.getlength(lines[-1] + piece.rstrip()) > room:
                    lines.append("")
                lines[-1] += piece
    return lines


def _put_heading(pen: ImageDraw.ImageDraw, texts: list[str], style: Style, sides: tuple[float, float]) -> None:
    margin, across = sides
    scale, y = style.dpi / 72 * _FINE, 45.0
    title = max(range(len(texts)), key=lambda at: ("表" in texts[at], len(texts[at])), default=-1)
    for at, text in enumerate(texts):
        font = _font(style.font, round(style.size * (1.5 if at == title else 1.0) * scale))
        x = margin * scale
        if at == title or text.startswith(("（", "(")):
            x = across / 2 * scale - font.getlength(text) / 2
        elif "单位" in text:
            x = (across - margin) * scale - font.getlength(text)
        pen.text((x, y * scale), text, fill=0, font=font)
        y += style.size * (2.2 if at == title else 1.6)


def _put_cell(pen: ImageDraw.ImageDraw, lines: list[str], style: Style, box: tuple[float, float, float, float]) -> None:
    x0, top, x1, bottom = box
    scale = style.dpi / 72 * _FINE
    font = _font(style.font, round(style.size * scale))
    line = max(1, round(style.width * scale))
    y = (top + bottom) / 2 - len(lines) * style.size * _LEAD / 2 + (_LEAD - 1) * style.size / 2
    glyph = font.getbbox("国")
    for text in lines:
        middle = (x0 + x1) / 2 * scale - font.getlength(text) / 2
        x = (x0 + _beside(style)) * scale if sum(map(len, lines)) > _LONG else middle
        pen.text((x, (y + style.size / 2) * scale - (glyph[1] + glyph[3]) / 2), text, fill=0, font=font)
        y += style.size * _LEAD
    if style.rules != "none":
        for at in (top, bottom):
            pen.line([(x0 * scale, at * scale), (x1 * scale, at * scale)], fill=0, width=line)
    if style.rules == "all":
        for at in (x0, x1):
            pen.line([(at * scale, top * scale), (at * scale, bottom * scale)], fill=0, width=line)
