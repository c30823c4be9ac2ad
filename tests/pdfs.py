"""Small PDFs drawn with ReportLab: ruled forms over page cuts, in many line styles and on turned pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.forms import HEADER, Rows, form_rows

Style = Literal["stroke", "rect", "cells", "dashed", "dotted", "double", "hair", "white", "level", "none"]

FONT = "STSong-Light"  # known to every reader by name, so that no font file is needed
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

WIDTHS = (60.0, 70.0, 100.0, 170.0, 100.0)
LEADING = 14.0
PAD = 4.0


@dataclass(frozen=True)
class Slot:
    """A cell to draw."""

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1


@dataclass
class Look:
    """How a document is drawn."""

    style: Style = "stroke"
    size: float = 10.0
    font: str = FONT
    widths: tuple[float, ...] = WIDTHS
    bottom: float = 60.0
    rotate: int = 0
    origin: tuple[float, float] = (0.0, 0.0)
    frame: bool = True
    footer: bool = True
    cut_labels: bool = True
    whole_labels: bool = False
    """Where a page cuts a label it stands in the larger part of its cell, as browsers and workbooks set it."""
    low_labels: bool = False
    """Such a label stands in the middle of the whole cell, even below the foot of its first part, as TeX sets it."""
    spacing: float = 0.0
    """Points between all letters."""
    stretched: bool = False
    """Each line fills the width of its cell, by gaps at all places but within words of Latin letters and digits."""
    turned: bool = False
    extras: list[Any] = field(default_factory=list)


def slots_of(rows: Rows) -> list[Slot]:
    """The merged cells of a form whose blanks are merged away; rows from 0."""
    found: list[Slot] = []
    taken: set[tuple[int, int]] = set()
    grid = rows.index(HEADER)
    for at, row in enumerate(rows):
        for col, text in enumerate(row):
            if (at, col) in taken:
                continue
            slot = _slot(rows, grid, at, col, text)
            found.append(slot)
            taken |= {(at + r, col + c) for r in range(slot.row_span) for c in range(slot.col_span)}
    return found


def _slot(rows: Rows, grid: int, at: int, col: int, text: str) -> Slot:
    down = right = 1
    if at <= grid:
        funding = rows[at][0] == "" or rows[at][0].startswith("项目资金")
        while col + right < 5 and not rows[at][col + right] and not (funding and col < 2):
            right += 1
        if col == 0 and rows[at][0].startswith("项目资金"):
            down, right = 3, 1
    elif col < 3 and text:
        while at + down < len(rows) and not any(rows[at + down][: col + 1]):
            down += 1
    return Slot(at, col, text, down, right)


def wrapped(text: str, width: float, look: Look) -> list[str]:
    """The lines of a text in a column."""
    lines, spacing = [""], look.spacing
    for char in text:
        if char == "\n":
            lines.append("")
        elif (
            pdfmetrics.stringWidth(lines[-1] + char, look.font, look.size) > width - 2 * PAD - len(lines[-1]) * spacing
        ):
            lines.append(char)
        else:
            lines[-1] += char
    return lines


def forms_pdf(projects: list[dict[str, Any]], look: Look | None = None) -> bytes:
    """Projects as forms one under the other, cut wherever a page ends."""
    look = look or Look()
    pen = Pen(look)
    for project in projects:
        rows = form_rows(project)
        pen.line(rows[0][0], centre=True)
        pen.line(rows[1][0], centre=True)
        pen.table(slots_of(rows[2:]))
        pen.y -= 10
    return pen.done()


class Pen:
    """Draws from the top of a page to its foot, and on."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.out = io.BytesIO()
        width, height = A4
        if look.turned:
            width, height = height, width
        self.width, self.height = width, height
        self.canvas = Canvas(self.out, pagesize=(width, height), invariant=1, pageCompression=1)
        self.number = 1
        self._begin()

    def _begin(self) -> None:
        canvas, look = self.canvas, self.look
        if look.rotate:
            canvas.setPageRotation(look.rotate)
            if look.rotate % 180:  # ReportLab swaps the sides of the media box
                canvas.setPageSize((self.height, self.width))
        if look.turned:  # a portrait page drawn lying down, without /Rotate
            canvas.setPageSize((self.height, self.width))
            canvas.translate(self.height, 0)
            canvas.rotate(90)
        x, y = look.origin
        if x or y:
            canvas.setCropBox((x, y, x + self.width, y + self.height))
            canvas.setPageSize((self.width + 2 * x, self.height + 2 * y))
            canvas.translate(x, y)
        canvas.setFont(look.font, look.size)
        self.y = self.height - 50
        for extra in look.extras:
            extra(canvas)
            canvas.setFont(look.font, look.size)

    def _end(self) -> None:
        if self.look.footer:
            self.canvas.drawCentredString(self.width / 2, 25, f"— {self.number} —")
        self.number += 1
        self.canvas.showPage()

    def done(self) -> bytes:
        self._end()
        self.canvas.save()
        return self.out.getvalue()

    def cut(self) -> None:
        self._end()
        self._begin()

    def line(self, text: str, *, centre: bool = False) -> None:
        if self.y - LEADING < self.look.bottom:
            self.cut()
        self.y -= LEADING
        if centre:
            self.canvas.drawCentredString(self.width / 2, self.y, text)
        else:
            self.canvas.drawString(self.left, self.y, text)

    @property
    def left(self) -> float:
        return float(self.width - sum(self.look.widths)) / 2

    def table(self, slots: list[Slot]) -> None:
        """A table; rows that do not fit go to the next page, merged labels are cut with their lines."""
        look = self.look
        edges = [self.left + sum(look.widths[:at]) for at in range(len(look.widths) + 1)]
        lines = {slot: wrapped(slot.text, edges[slot.col + slot.col_span] - edges[slot.col], look) for slot in slots}
        count = max(slot.row + slot.row_span for slot in slots)
        heights = [LEADING + 2 * PAD] * count
        for slot in slots:
            if slot.row_span == 1:
                heights[slot.row] = max(heights[slot.row], LEADING * len(lines[slot]) + 2 * PAD)
        if not look.cut_labels:
            for slot in slots:
                last = slot.row + slot.row_span - 1
                lack = LEADING * len(lines[slot]) + 2 * PAD - sum(heights[slot.row : last + 1])
                heights[last] += max(0.0, lack)
        self.heights = heights
        for first, last in self._pages(heights):
            tops = [self.y]
            for at in range(first, last):
                tops.append(tops[-1] - heights[at])
            self._part(slots, lines, edges, (first, last, tops))
            self.y = tops[-1]
            if last < count:
                self.cut()

    def _pages(self, heights: list[float]) -> Iterator[tuple[int, int]]:
        first = 0
        room = self.y - self.look.bottom
        for at, height in enumerate(heights):
            if height > room and (at > first or self.y < self.height - 51):
                if at > first:
                    yield first, at
                else:
                    self.cut()
                first = at
                room = self.y - self.look.bottom
            room -= height
        yield first, len(heights)

    def _part(
        self,
        slots: list[Slot],
        lines: dict[Slot, list[str]],
        edges: list[float],
        part: tuple[int, int, list[float]],
    ) -> None:
        first, last, tops = part
        look = self.look
        for slot in slots:
            begin, end = max(slot.row, first), min(slot.row + slot.row_span, last)
            if begin >= end:
                continue
            top, bottom = tops[begin - first], tops[end - first]
            left, right = edges[slot.col], edges[slot.col + slot.col_span]
            self._rules(left, bottom, right, top, edges)
            room = max(1, int((top - bottom - 2 * PAD + 1) // LEADING)) if end < slot.row + slot.row_span else 99
            if look.whole_labels and end - begin < slot.row_span:
                room = 99 if 2 * (end - begin) >= slot.row_span or begin > slot.row else 0
            if look.low_labels and end < slot.row + slot.row_span:
                room, bottom = 99, top - sum(self.heights[slot.row : slot.row + slot.row_span])
            here, lines[slot] = lines[slot][:room], lines[slot][room:]
            y = (top + bottom) / 2 + LEADING * len(here) / 2 - 11
            for text in here:
                self._write(text, left + PAD, right - PAD, y)
                y -= LEADING

    def _write(self, text: str, left: float, right: float, y: float) -> None:
        look = self.look
        if not look.stretched:
            self.canvas.drawString(left, y, text, charSpace=look.spacing)
            return
        words = re.findall(r"[!-~]+|.", text)
        widths = [pdfmetrics.stringWidth(word, look.font, look.size) for word in words]
        gap = (right - left - sum(widths)) / max(1, len(words) - 1)
        for word, width in zip(words, widths, strict=True):
            self.canvas.drawString(left, y, word)
            left += width + gap

    def _rules(self, left: float, bottom: float, right: float, top: float, edges: list[float]) -> None:
        canvas, style = self.canvas, self.look.style
        sides = [(left, top, right, top), (left, bottom, right, bottom)]
        upright = style != "level"
        if upright and (self.look.frame or left > edges[0]):
            sides.append((left, bottom, left, top))
        if upright and (self.look.frame or right < edges[-1]):
            sides.append((right, bottom, right, top))
        canvas.saveState()
        canvas.setLineWidth(0.1 if style == "hair" else 0.6)
        if style == "dashed":
            canvas.setDash([3, 2])
        if style == "cells":
            canvas.rect(left, bottom, right - left, top - bottom)
        elif style == "white":
            canvas.setFillColorRGB(1, 1, 1)
            canvas.rect(left, bottom, right - left, top - bottom, fill=1)
        elif style != "none":
            for side in sides:
                self._rule(*side)
        canvas.restoreState()

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        canvas, style = self.canvas, self.look.style
        if style == "rect":
            canvas.rect(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)
        elif style == "dotted":
            steps = int(max(x1 - x0, y1 - y0) / 2.5)
            for at in range(steps + 1):
                x, y = x0 + (x1 - x0) * at / max(1, steps), y0 + (y1 - y0) * at / max(1, steps)
                canvas.rect(x - 0.4, y - 0.4, 0.8, 0.8, stroke=0, fill=1)
        elif style == "double":
            dx, dy = (0.9, 0.0) if x0 == x1 else (0.0, 0.9)
            canvas.line(x0 - dx, y0 - dy, x1 - dx, y1 - dy)
            canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        else:
            canvas.line(x0, y0, x1, y1)
