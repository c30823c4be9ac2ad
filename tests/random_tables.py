"""Tables drawn at random, with what a reader must find in them: cells by row, column, spans and text."""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tests.pdfs import FONT, Slot

Rules = Literal["stroke", "bars", "boxes", "double", "dashed", "long", "level", "none"]
RULED: tuple[Rules, ...] = ("stroke", "bars", "boxes", "double", "dashed", "long")
PAPER = (595.0, 2000.0)
MARGIN = 40.0

Found = set[tuple[int, int, int, int, str]]
Line = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """How the tables of a page are drawn; lengths in points."""

    rules: Rules
    width: float
    size: float
    pad: float
    leading: float
    gap: float
    fields_left: bool
    order: int


def look_of(random: Random, choices: tuple[Rules, ...]) -> Look:
    """A look at random; what stands nearer than a double rule's lines is no table of its own."""
    rules = random.choice(choices)
    return Look(
        rules=rules,
        width=random.choice([0.1, 0.5, 1.0, 1.5]) if rules != "double" else 0.4,
        size=random.choice([8.0, 9.0, 10.5]),
        pad=random.uniform(4, 7),
        leading=random.uniform(1.1, 1.4),
        gap=random.choice([4.0, 5.0, 8.0, 20.0]) if rules != "double" else 10.0,
        fields_left=random.random() < 0.5,
        order=random.randrange(1000),
    )


def random_slots(random: Random, texts: list[str]) -> tuple[list[Slot], int]:
    """Merged cells at random, each filled, and the number of columns."""
    rows, cols = random.randint(2, 9), random.randint(2, 6)
    free = {(row, col) for row in range(rows) for col in range(cols)}
    slots = []
    for row, col in sorted(free):
        if (row, col) in free:
            down, right = (random.randint(1, 2), random.randint(1, 2)) if random.random() < 0.2 else (1, 1)
            area = {(row + a, col + b) for a in range(down) for b in range(right)}
            if not area <= free:
                down, right, area = 1, 1, {(row, col)}
            free -= area
            slots.append(Slot(row, col, random.choice(texts)[:30], down, right))
    return slots, cols


def drawn(tables: list[list[Slot]], shares: list[list[float]], look: Look) -> tuple[bytes, list[Found]]:
    """One page with tables below one another, and their cells."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAPER, invariant=1)
    canvas.setFont(FONT, look.size)
    top = MARGIN
    truth = []
    for slots, share in zip(tables, shares, strict=True):
        boxes, bottom = _laid_out(slots, share, look, top)
        _rules(canvas, [box for _, box, _ in boxes], look)
        shown = list(boxes)
        Random(look.order).shuffle(shown)  # the order of the content stream tells nothing
        for slot, box, lines in shown:
            _write(canvas, slot, box, lines, look)
        truth.append(_cells(boxes))
        top = bottom + look.gap
    canvas.save()
    return out.getvalue(), truth


def _wrapped(text: str, room: float, size: float) -> list[str]:
    lines = [""]
    for char in text:
        if pdfmetrics.stringWidth(lines[-1] + char, FONT, size) > room and lines[-1]:
            lines.append("")
        lines[-1] += char
    return lines


def _laid_out(
    slots: list[Slot], shares: list[float], look: Look, top: float
) -> tuple[list[tuple[Slot, Line, list[str]]], float]:
    room = PAPER[0] - 2 * MARGIN
    xs = [MARGIN + room * sum(shares[:col]) / sum(shares) for col in range(len(shares) + 1)]
    leading, count = look.leading * look.size, max(slot.row + slot.row_span for slot in slots)
    heights = [leading + 2 * look.pad] * count
    lines = {}
    for slot in sorted(slots, key=lambda each: each.row_span):
        width = xs[slot.col + slot.col_span] - xs[slot.col] - 2 * look.pad
        lines[slot] = _wrapped(slot.text, width, look.size)
        end = slot.row + slot.row_span
        heights[end - 1] += max(0.0, len(lines[slot]) * leading + 2 * look.pad - sum(heights[slot.row : end]))
    ys = [top + sum(heights[:row]) for row in range(count + 1)]
    found = []
    for slot in slots:
        box = (xs[slot.col], ys[slot.row], xs[slot.col + slot.col_span], ys[slot.row + slot.row_span])
        found.append((slot, box, lines[slot]))
    return found, ys[-1]


def _cells(boxes: list[tuple[Slot, Line, list[str]]]) -> Found:
    """The cells by the edges that are drawn: a column that no cell begins or ends with does not count."""
    xs = sorted({slot.col for slot, *_ in boxes} | {slot.col + slot.col_span for slot, *_ in boxes})
    ys = sorted({slot.row for slot, *_ in boxes} | {slot.row + slot.row_span for slot, *_ in boxes})
    return {
        (
            ys.index(slot.row),
            xs.index(slot.col),
            ys.index(slot.row + slot.row_span) - ys.index(slot.row),
            xs.index(slot.col + slot.col_span) - xs.index(slot.col),
            "".join(slot.text.split()),
        )
        for slot, *_ in boxes
        if slot.text
    }


def _write(canvas: Canvas, slot: Slot, box: Line, lines: list[str], look: Look) -> None:
    leading = look.leading * look.size
    y = (box[1] + box[3]) / 2 - len(lines) * leading / 2 + leading / 2 + 0.35 * look.size
    for line in lines:
        if look.fields_left and len(slot.text) > 6:
            canvas.drawString(box[0] + look.pad, PAPER[1] - y, line)
        else:
            canvas.drawCentredString((box[0] + box[2]) / 2, PAPER[1] - y, line)
        y += leading


def _rules(canvas: Canvas, boxes: list[Line], look: Look) -> None:
    canvas.setLineWidth(look.width)
    if look.rules == "boxes":
        for x0, top, x1, bottom in boxes:
            canvas.rect(x0 + 0.5, PAPER[1] - bottom + 0.5, x1 - x0 - 1, bottom - top - 1)
        return
    level = {(x0, y, x1, y) for x0, top, x1, bottom in boxes for y in (top, bottom)}
    upright = {(x, top, x, bottom) for x0, top, x1, bottom in boxes for x in (x0, x1)}
    lines = sorted(level | upright if look.rules != "level" else level)
    if look.rules == "long":  # all in one path
        path = canvas.beginPath()
        for x0, top, x1, bottom in lines:
            path.moveTo(x0, PAPER[1] - top)
            path.lineTo(x1, PAPER[1] - bottom)
        canvas.drawPath(path)
    elif look.rules != "none":
        canvas.setDash([3, 2] if look.rules == "dashed" else [])
        for line in lines:
            _rule(canvas, line, look)


def _rule(canvas: Canvas, line: Line, look: Look) -> None:
    x0, top, x1, bottom = line
    low, high, half = PAPER[1] - bottom, PAPER[1] - top, max(look.width, 0.2) / 2
    if look.rules == "bars":
        canvas.rect(x0 - half, low - half, x1 - x0 + 2 * half, high - low + 2 * half, stroke=0, fill=1)
        return
    for by in (-0.8, 0.8) if look.rules == "double" else (0.0,):
        dx, dy = (by, 0.0) if x0 == x1 else (0.0, by)
        canvas.line(x0 + dx, high - dy, x1 + dx, low - dy)
