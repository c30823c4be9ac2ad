"""Printed grids of samples/family_forms.py in every carrier that keeps merged cells, and as pasted text."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import groupby

from reportlab.lib.colors import black
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from samples.family_forms import Rows
from samples.office_files import Grid, Page, docx, html_table, paragraph, word_table, xlsx
from samples.pdf_cells import Cell
from tests.pdfs import FONT

Spot = tuple[int, int]
_LEFT, _ABOVE = "<", "^"


def grid_of(rows: Rows) -> Grid:
    """The cells of a table with their spans; a merged area that is no rectangle is cut below its first row."""
    width = max(map(len, rows))
    owner: dict[Spot, Spot] = {}
    texts: dict[Spot, str] = {}
    for at, row in enumerate(rows):
        for col, text in enumerate([*row, *[""] * (width - len(row))]):
            home = owner[at, col - 1] if text == _LEFT else owner[at - 1, col] if text == _ABOVE else (at, col)
            owner[at, col] = home
            if home == (at, col):
                texts[home] = text
    for home in list(texts):
        _cut(home, owner, texts)
    cells = [_cell(home, text, owner) for home, text in texts.items()]
    return Grid(tuple(cells), len(rows), width)


def _spots(home: Spot, owner: dict[Spot, Spot]) -> list[Spot]:
    return sorted(spot for spot, other in owner.items() if other == home)


def _cut(home: Spot, owner: dict[Spot, Spot], texts: dict[Spot, str]) -> None:
    spots = _spots(home, owner)
    cell = _cell(home, "", owner)
    if len(spots) < cell.rows * cell.cols:
        below = [spot for spot in spots if spot[0] > home[0]]
        texts[below[0]] = ""
        owner.update(dict.fromkeys(below, below[0]))


def _cell(home: Spot, text: str, owner: dict[Spot, Spot]) -> Cell:
    spots = _spots(home, owner)
    rows, cols = (max(spot[at] for spot in spots) - home[at] + 1 for at in (0, 1))
    return Cell(*home, rows, cols, text, "text")


def blocks_of(rows: Rows) -> list[str | Rows]:
    """The lines outside the tables, and the rows of each table."""
    found: list[str | Rows] = []
    for is_line, group in groupby(rows, key=lambda row: len(row) == 1):
        held = list(group)
        found += [row[0] for row in held] if is_line else [held]
    return found


def as_text(rows: Rows) -> bytes:
    """Pasted with tabs: merged cells leave blanks."""
    return "".join("\t".join("" if c in (_LEFT, _ABOVE) else c for c in row) + "\n" for row in rows).encode()


def as_xlsx(rows: Rows, *, typed: bool = False) -> bytes:
    """One sheet; lines over all columns."""
    width = max(map(len, rows))
    cells: list[Cell] = []
    top = 0
    for block in blocks_of(rows):
        grid = Grid((Cell(0, 0, 1, width, block, "title"),), 1, width) if isinstance(block, str) else grid_of(block)
        cells += [replace(cell, row=cell.row + top) for cell in grid.cells]
        top += grid.height
    return xlsx([Page("表", Grid(tuple(cells), top, width), typed=typed)])


def as_docx(rows: Rows) -> bytes:
    """Paragraphs and tables."""
    parts = []
    for block in blocks_of(rows):
        if isinstance(block, str):
            parts.append(paragraph(block))
        else:
            grid = grid_of(block)
            parts.append(word_table(grid, [1 / grid.width] * grid.width) + "<w:p/>")
    return docx("".join(parts))


def as_html(rows: Rows) -> bytes:
    """A page."""
    parts = [f"<p>{each}</p>" if isinstance(each, str) else html_table(grid_of(each)) for each in blocks_of(rows)]
    return f"<html><body>{''.join(parts)}</body></html>".encode()


_SHEET = (1400.0, 4000.0)  # points: no page cut
_STYLE = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=13, wordWrap="CJK")


def as_pdf(rows: Rows, width: float = 900.0) -> bytes:
    """Ruled tables on one sheet, `width` points wide: the narrower they are, the more texts wrap."""
    out = io.BytesIO()
    parts: list[Flowable] = []
    for block in blocks_of(rows):
        if isinstance(block, str):
            parts.append(Paragraph(block, _STYLE))
        else:
            parts.append(_ruled(grid_of(block), width))
    SimpleDocTemplate(out, pagesize=_SHEET, invariant=1).build(parts)
    return out.getvalue()


def _ruled(grid: Grid, width: float) -> Table:
    held: list[list[Paragraph | str]] = [[""] * grid.width for _ in range(grid.height)]
    spans = []
    for cell in grid.cells:
        held[cell.row][cell.col] = Paragraph(cell.text, _STYLE) if cell.text else ""
        spans.append(("SPAN", (cell.col, cell.row), (cell.col + cell.cols - 1, cell.row + cell.rows - 1)))
    return Table(held, [width / grid.width] * grid.width, style=[("GRID", (0, 0), (-1, -1), 0.5, black), *spans])
