"""Forms drawn by ReportLab: whole documents by its own tables, and single forms by hand where the drawing matters."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from samples.pdf_cells import Block, Cell, Sheet
from samples.pdf_fields import filled

FONTS = {
    "song": "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "kai": "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf",
    "hei": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "micro": "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
}
Rules = Literal["strokes", "boxes", "bars", "overpainted", "pixels", "grounds"]


@dataclass(frozen=True)
class Drawing:
    """How a form is drawn by hand; lengths in points.

    `turn` draws landscape on a portrait page: by the page's /Rotate, or only by the text ("text"). `cut` is a page
    break before a row, or inside it where `held` keeps some lines of a cell above and leaves the others to the next
    page.
    """

    rules: Rules = "strokes"
    font: str = "song"
    size: float = 10
    paper: tuple[float, float] = (595, 842)
    margin: float = 56
    turn: Literal["", "page", "text"] = ""
    crop: tuple[float, float] = (0, 0)
    twice: bool = False
    watermark: str = ""
    in_form: bool = False
    fields: bool = False
    cut: int | None = None
    held: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """A cell, or the part of one on a page: its edges from the top left, and the lines in it."""

    left: float
    top: float
    right: float
    bottom: float
    lines: tuple[str, ...]
    cell: Cell
    open_below: bool = False
    open_above: bool = False


def registered(name: str) -> str:
    """The font, known to ReportLab by its short name."""
    metrics = importlib.import_module("reportlab.pdfbase.pdfmetrics")
    fonts = importlib.import_module("reportlab.pdfbase.ttfonts")
    importlib.import_module("reportlab.rl_config").useA85 = 0  # streams as bytes, a fifth smaller
    if not Path(FONTS[name]).is_file():
        raise FileNotFoundError(FONTS[name])
    if name not in metrics.getRegisteredFontNames():
        metrics.registerFont(fonts.TTFont(name, FONTS[name]))
    return name


def document(sheets: list[Sheet], font: str, size: float, paper: tuple[float, float]) -> bytes:
    """Forms one after another as tables of ReportLab, which splits them over pages, and rows too."""
    platypus = importlib.import_module("reportlab.platypus")
    styles = importlib.import_module("reportlab.lib.styles")
    plain = styles.ParagraphStyle("p", fontName=registered(font), fontSize=size, leading=size * 1.3, wordWrap="CJK")
    middle = styles.ParagraphStyle("m", parent=plain, alignment=1)
    title = styles.ParagraphStyle("t", parent=middle, fontSize=size * 1.5, leading=size * 2)
    width = paper[0] - 100
    story: list[Any] = []
    for sheet in sheets:
        story += [platypus.Paragraph(line, style) for line, style in zip(sheet.heading, (title, middle), strict=True)]
        for block in sheet.blocks:
            story += [platypus.Spacer(1, 4), _split_table(platypus, block, width, plain, middle)]
        story.append(platypus.Spacer(1, size * 1.6))
    held = io.BytesIO()
    pages = platypus.SimpleDocTemplate(
        held, pagesize=paper, leftMargin=50, rightMargin=50, topMargin=45, bottomMargin=45, invariant=1
    )
    pages.build(story)
    return held.getvalue()


def _split_table(platypus: Any, block: Block, width: float, plain: Any, middle: Any) -> Any:
    rows: list[list[Any]] = [[""] * len(block.shares) for _ in range(block.height)]
    commands: list[tuple[Any, ...]] = [("GRID", (0, 0), (-1, -1), 0.6, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for cell in block.cells:
        rows[cell.row][cell.col] = platypus.Paragraph(cell.text, plain if cell.role == "text" else middle)
        end = (cell.col + cell.cols - 1, cell.row + cell.rows - 1)
        if end != (cell.col, cell.row):
            commands.append(("SPAN", (cell.col, cell.row), end))
    return platypus.Table(rows, [share * width for share in block.shares], style=commands, splitInRow=1)


def drawn(sheet: Sheet, drawing: Drawing) -> bytes:
    """One form drawn by hand."""
    canvas_of = importlib.import_module("reportlab.pdfgen.canvas").Canvas
    held = io.BytesIO()
    width, height = drawing.paper
    offset = drawing.crop
    paper = (width + 2 * offset[0], height + 2 * offset[1])
    if drawing.turn == "page":  # ReportLab turns the paper of a turned page by itself
        paper = paper[::-1]
    canvas = canvas_of(held, pagesize=paper, invariant=1)
    inner = (height, width) if drawing.turn else (width, height)
    for number, (heading, boxes) in enumerate(_pages(sheet, drawing, inner)):
        if any(offset):
            canvas.setCropBox((offset[0], offset[1], offset[0] + width, offset[1] + height))
        if drawing.turn == "page":
            canvas.setPageRotation(90)
        canvas.translate(*offset)
        if drawing.turn:
            canvas.translate(width, 0)
            canvas.rotate(90)
        paint = _painter(canvas, drawing, inner, heading, boxes)
        if drawing.in_form:
            canvas.beginForm(f"form{number}", 0, 0, width / 0.8, height / 0.8)
            paint()
            canvas.endForm()
            canvas.scale(0.8, 0.8)
            canvas.doForm(f"form{number}")
        else:
            paint()
        canvas.showPage()
    canvas.save()
    return filled(held.getvalue()) if drawing.fields else held.getvalue()


def _painter(
    canvas: Any, drawing: Drawing, inner: tuple[float, float], heading: tuple[str, ...], boxes: list[Box]
) -> Callable[[], None]:
    def paint() -> None:
        flip = inner[1]
        font, size = registered(drawing.font), drawing.size
        canvas.setStrokeColorRGB(0, 0, 0)
        _RULES[drawing.rules](canvas, boxes, flip)
        canvas.setFillColorRGB(0, 0, 0)
        for at, line in enumerate(heading):
            canvas.setFont(font, size * (1.5, 1)[at])
            _write(canvas, drawing, (inner[0] / 2, flip - drawing.margin + 24 - at * 18), line, centred=True)
        canvas.setFont(font, size)
        for number, box in enumerate(boxes):
            field = drawing.fields and box.cell.role != "label"
            if field:
                canvas.beginForm(f"field{number}", box.left, flip - box.bottom, box.right, flip - box.top)
                canvas.setFont(font, size)
            _fill(canvas, drawing, box, flip)
            if field:
                canvas.endForm()
                canvas.doForm(f"field{number}")
        if drawing.watermark:
            _watermark(canvas, drawing, inner)

    return paint


def _watermark(canvas: Any, drawing: Drawing, inner: tuple[float, float]) -> None:
    """Large grey words across the page, over the text."""
    canvas.setFont(registered(drawing.font), 64)
    canvas.setFillColorRGB(0.6, 0.6, 0.6, alpha=0.35)
    for height in (0.35, 0.7):
        canvas.saveState()
        canvas.translate(inner[0] / 2, inner[1] * height)
        canvas.rotate(35)
        canvas.drawCentredString(0, 0, drawing.watermark)
        canvas.restoreState()


def _write(canvas: Any, drawing: Drawing, place: tuple[float, float], line: str, *, centred: bool) -> None:
    write = canvas.drawCentredString if centred else canvas.drawString
    write(*place, line)
    if drawing.twice:
        write(place[0] + 0.4, place[1], line)


def _fill(canvas: Any, drawing: Drawing, box: Box, flip: float) -> None:
    """The lines of a box, in the middle of its height."""
    leading = drawing.size * 1.35
    y = (box.top + box.bottom) / 2 - len(box.lines) * leading / 2 + drawing.size
    for line in box.lines:
        centred = box.cell.role != "text"
        x = (box.left + box.right) / 2 if centred else box.left + 4
        _write(canvas, drawing, (x, flip - y), line, centred=centred)
        y += leading


def _strokes(canvas: Any, boxes: list[Box], flip: float) -> None:
    """Each edge once, as a line; where a cell is cut by the page its edge stays open."""
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in sorted(_edges(boxes)):
        canvas.line(x0, flip - y0, x1, flip - y1)


def _edges(boxes: list[Box]) -> set[tuple[float, float, float, float]]:
    edges = set()
    for box in boxes:
        edges |= {(box.left, box.top, box.left, box.bottom), (box.right, box.top, box.right, box.bottom)}
        edges |= set() if box.open_above else {(box.left, box.top, box.right, box.top)}
        edges |= set() if box.open_below else {(box.left, box.bottom, box.right, box.bottom)}
    return edges


def _each_its_own(canvas: Any, boxes: list[Box], flip: float) -> None:
    """Each cell a rectangle of its own, a point apart from its neighbours."""
    canvas.setLineWidth(0.4)
    for box in boxes:
        canvas.rect(box.left + 0.5, flip - box.bottom + 0.5, box.right - box.left - 1, box.bottom - box.top - 1)


def _bars(canvas: Any, boxes: list[Box], flip: float) -> None:
    """Rules as thin filled rectangles, as Word's exports draw them."""
    canvas.setFillColorRGB(0, 0, 0)
    for x0, y0, x1, y1 in sorted(_edges(boxes)):
        canvas.rect(x0 - 0.24, flip - y1 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48, stroke=0, fill=1)


def _pixels(canvas: Any, boxes: list[Box], flip: float) -> None:
    """Each edge a picture of one pixel."""
    held = io.BytesIO()
    importlib.import_module("PIL.Image").new("L", (1, 1)).save(held, "PNG")
    pixel = importlib.import_module("reportlab.lib.utils").ImageReader(held)
    for x0, y0, x1, y1 in sorted(_edges(boxes)):
        canvas.drawImage(pixel, x0 - 0.3, flip - y1 - 0.3, x1 - x0 + 0.6, y1 - y0 + 0.6)


def _grounds(canvas: Any, boxes: list[Box], flip: float) -> None:
    """The header row without upright rules, each cell of it with a ground of its own, as Word's table styles do."""
    head = next(box.top for box in boxes if box.cell.text == "三级指标")
    canvas.setFillColorRGB(0.75, 0.83, 0.92)
    for box in boxes:
        if box.top == head:
            canvas.rect(box.left, flip - box.bottom, box.right - box.left, box.bottom - box.top, stroke=0, fill=1)
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in sorted(_edges(boxes)):
        if y0 != head or y0 == y1:
            canvas.line(x0, flip - y0, x1, flip - y1)


def _overpainted(canvas: Any, boxes: list[Box], flip: float) -> None:
    """A grid over everything, painted over in white where cells are merged."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    canvas.setLineWidth(0.5)
    for x in sorted({edge for box in boxes for edge in (box.left, box.right)}):
        canvas.line(x, flip - top, x, flip - bottom)
    for y in sorted({edge for box in boxes for edge in (box.top, box.bottom)}):
        canvas.line(left, flip - y, right, flip - y)
    canvas.setFillColorRGB(1, 1, 1)
    for box in boxes:
        if box.cell.rows * box.cell.cols > 1:
            canvas.rect(
                box.left + 0.4, flip - box.bottom + 0.4, box.right - box.left - 0.8, box.bottom - box.top - 0.8, 0, 1
            )


_RULES: dict[str, Callable[[Any, list[Box], float], None]] = {
    "strokes": _strokes,
    "boxes": _each_its_own,
    "bars": _bars,
    "overpainted": _overpainted,
    "pixels": _pixels,
    "grounds": _grounds,
}


def _pages(sheet: Sheet, drawing: Drawing, inner: tuple[float, float]) -> list[tuple[tuple[str, ...], list[Box]]]:
    """The boxes of each page; only the first page has the heading."""
    boxes = _laid_out(sheet.blocks[0], drawing, inner[0] - 2 * drawing.margin)
    if drawing.cut is None:
        return [(sheet.heading, boxes)]
    cut = [box for box in boxes if box.cell.row == drawing.cut]
    kept = max((drawing.held.get(box.cell.text, 0) for box in cut), default=0)
    edge = cut[0].top + (4 + kept * drawing.size * 1.35 if kept else 0)
    above, below = [], []
    for box in boxes:
        if box.bottom <= edge:
            above.append(box)
        elif box.top >= edge:
            below.append(_raised(box, edge, drawing.margin))
        else:
            count = drawing.held.get(box.cell.text, len(box.lines))
            above.append(replace(box, bottom=edge, lines=box.lines[:count], open_below=True))
            rest = replace(box, top=edge, lines=box.lines[count:], open_above=True)
            below.append(_raised(rest, edge, drawing.margin))
    return [(sheet.heading, above), ((), below)]


def _raised(box: Box, edge: float, margin: float) -> Box:
    return replace(box, top=round(box.top - edge + margin, 2), bottom=round(box.bottom - edge + margin, 2))


def _laid_out(block: Block, drawing: Drawing, width: float) -> list[Box]:
    """Cells with wrapped text at their places on one endless page."""
    metrics = importlib.import_module("reportlab.pdfbase.pdfmetrics")
    font, leading = registered(drawing.font), drawing.size * 1.35
    total = sum(block.shares)
    lefts = [round(drawing.margin + width * sum(block.shares[:col]) / total, 2) for col in range(len(block.shares) + 1)]
    lines = {}
    heights = [leading + 7] * block.height
    for cell in sorted(block.cells, key=lambda each: each.rows):
        room = lefts[cell.col + cell.cols] - lefts[cell.col] - 8
        lines[cell] = wrapped(cell.text, lambda text: metrics.stringWidth(text, font, drawing.size), room)
        lack = len(lines[cell]) * leading + 7 - sum(heights[cell.row : cell.row + cell.rows])
        heights[cell.row + cell.rows - 1] += max(lack, 0)
    tops = [round(drawing.margin + sum(heights[:row]), 2) for row in range(block.height + 1)]
    return [
        Box(lefts[cell.col], tops[cell.row], lefts[cell.col + cell.cols], tops[cell.row + cell.rows], lines[cell], cell)
        for cell in block.cells
    ]


def wrapped(text: str, measure: Callable[[str], float], room: float) -> tuple[str, ...]:
    """Lines no wider than the room: breaks stand between characters, but not inside numbers and Latin words."""
    lines = [""]
    for piece in re.findall(r"[0-9A-Za-z.%,≥≤-]+|.", text):
        if lines[-1] and measure(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return tuple(lines)
