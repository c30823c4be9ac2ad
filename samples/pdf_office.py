"""Forms as documents of LibreOffice: Writer from flat OpenDocument, Calc from xlsx."""

from __future__ import annotations

import importlib
import io
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from samples.pdf_cells import Block, Cell, Sheet

SPACES = {"fo": "xsl-fo-compatible", "svg": "svg-compatible"} | {
    name: name for name in ("office", "style", "text", "table")
}


@dataclass(frozen=True)
class Look:
    """How a document of Writer looks: lengths in cm and pt, rules as ODF writes them."""

    font: str
    size: float = 10.5
    page: tuple[float, float] = (21.0, 29.7)
    margin: float = 2.0
    outer: str = "0.5pt solid #000000"
    inner: str = "0.5pt solid #000000"
    padding: float = 0.08


def soffice() -> str | None:
    """The program, where it is installed."""
    return next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)


def convert(data: bytes, extension: str) -> bytes:
    """A document exported to PDF by LibreOffice, under a profile of its own."""
    program = soffice()
    if program is None:
        raise FileNotFoundError("soffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"source.{extension}")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        environment = {**os.environ, "TZ": "UTC", "HOME": folder}
        subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)  # noqa: S603 - our own document
        return Path(folder, "source.pdf").read_bytes()


def writer(sheets: list[Sheet], look: Look) -> bytes:
    """Forms one after another in a text document, as flat XML; rows may break over pages, no header is repeated."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in SPACES.items())
    tables = [block for sheet in sheets for block in sheet.blocks]
    font = f'<style:font-face style:name="F" svg:font-family="\'{look.font}\'"/>'
    master = '<style:master-page style:name="Standard" style:page-layout-name="P"/>'
    kind = 'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} {kind}>'
        f"<office:font-face-decls>{font}</office:font-face-decls>"
        f"<office:styles>{_default(look)}</office:styles>"
        f"<office:automatic-styles>{_styles(look, tables)}</office:automatic-styles>"
        f"<office:master-styles>{master}</office:master-styles>"
        f"<office:body><office:text>{''.join(_sheet(sheet, tables) for sheet in sheets)}</office:text></office:body>"
        "</office:document>"
    ).encode()


def _default(look: Look) -> str:
    """Font and language of all text."""
    font = f'style:font-name="F" style:font-name-asian="F" {_size(look.size)}'
    language = 'fo:language="zh" fo:country="CN" style:language-asian="zh" style:country-asian="CN"'
    properties = f"<style:text-properties {font} {language}/>"
    return f'<style:default-style style:family="paragraph">{properties}</style:default-style>'


def _size(size: float) -> str:
    return f'fo:font-size="{size}pt" style:font-size-asian="{size}pt"'


def _style(name: str, family: str, properties: str) -> str:
    return f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'


def _styles(look: Look, tables: list[Block]) -> str:
    """Styles of paragraphs (C centred, L left, H heading), tables, columns, cells and the page."""
    width, height = look.page
    usable = width - 2 * look.margin
    sides = {"C": "center", "L": "start", "H": "center"}
    aligned = {name: f'<style:paragraph-properties fo:text-align="{side}"/>' for name, side in sides.items()}
    aligned["H"] += f"<style:text-properties {_size(look.size + 5)}/>"
    table = f'<style:table-properties style:width="{usable:.3f}cm" table:align="center"/>'
    page = f'fo:page-width="{width}cm" fo:page-height="{height}cm" fo:margin="{look.margin}cm"'
    return "".join(
        [
            *(_style(name, "paragraph", properties) for name, properties in aligned.items()),
            _style("T", "table", table),
            *(
                _style(
                    f"T{at}.{col}",
                    "table-column",
                    f'<style:table-column-properties style:column-width="{share * usable:.3f}cm"/>',
                )
                for at, block in enumerate(tables)
                for col, share in enumerate(block.shares)
            ),
            *(_style(f"B{mask}", "table-cell", _borders(look, mask)) for mask in range(16)),
            f'<style:page-layout style:name="P"><style:page-layout-properties {page}/></style:page-layout>',
        ]
    )


def _borders(look: Look, mask: int) -> str:
    """The borders of a cell that lies at these edges of its table: 1 top, 2 right, 4 bottom, 8 left."""
    said = [f'fo:padding="{look.padding}cm" style:vertical-align="middle"']
    for bit, side in enumerate(("top", "right", "bottom", "left")):
        rule = look.outer if mask >> bit & 1 else look.inner
        said.append(f'fo:border-{side}="{rule}"')
        if "double" in rule:
            said.append(f'style:border-line-width-{side}="0.02cm 0.05cm 0.02cm"')
    return f"<style:table-cell-properties {' '.join(said)}/>"


def _sheet(sheet: Sheet, tables: list[Block]) -> str:
    title, year = map(escape, sheet.heading)
    text = f'<text:p text:style-name="H">{title}</text:p><text:p text:style-name="C">{year}</text:p>'
    return text + "".join(_table(block, tables.index(block)) + "<text:p/>" for block in sheet.blocks)


def _table(block: Block, number: int) -> str:
    columns = "".join(f'<table:table-column table:style-name="T{number}.{col}"/>' for col in range(len(block.shares)))
    rows = "".join(_row(block, row) for row in range(block.height))
    return f'<table:table table:name="N{number}" table:style-name="T">{columns}{rows}</table:table>'


def _row(block: Block, row: int) -> str:
    begun = {cell.col: cell for cell in block.at(row)}
    places = range(len(block.shares))
    cells = [_cell(block, begun[col]) if col in begun else "<table:covered-table-cell/>" for col in places]
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(block: Block, cell: Cell) -> str:
    right, bottom = cell.col + cell.cols == len(block.shares), cell.row + cell.rows == block.height
    mask = (cell.row == 0) + 2 * right + 4 * bottom + 8 * (cell.col == 0)
    spans = f'table:number-columns-spanned="{cell.cols}" table:number-rows-spanned="{cell.rows}"'
    side = "L" if cell.role == "text" else "C"
    text = f'<text:p text:style-name="{side}">{escape(cell.text)}</text:p>'
    return f'<table:table-cell table:style-name="B{mask}" office:value-type="string" {spans}>{text}</table:table-cell>'


@dataclass(frozen=True)
class Paint:
    """How a sheet of Calc looks: a rule ("thin", "hair" ...), the fill of labels and of the other cells, in turn."""

    font: str
    rule: str = "thin"
    size: float = 10
    label: str | None = None
    bands: tuple[str | None, ...] = (None,)
    ink: str = "FF000000"


WIDTH = 92
"""Width of all columns of a sheet, in half-width characters at 10 points."""


def calc(sheets: list[Sheet], paint: Paint) -> bytes:
    """Forms one below the other on one sheet of a workbook, title and year in merged cells without rules."""
    openpyxl = importlib.import_module("openpyxl")
    styles = importlib.import_module("openpyxl.styles")
    book = openpyxl.Workbook()
    page = book.active
    for column, share in zip("ABCDE", sheets[0].blocks[-1].shares, strict=True):
        page.column_dimensions[column].width = share * WIDTH
    page.page_setup.paperSize = 9
    page.sheet_properties.pageSetUpPr = importlib.import_module("openpyxl.worksheet.properties").PageSetupProperties()
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.print_options.horizontalCentered = True
    row = 1
    for sheet in sheets:
        for size, line in zip((16, paint.size), sheet.heading, strict=True):
            place = page.cell(row, 1, line)
            place.font = styles.Font(name=paint.font, size=size)
            place.alignment = styles.Alignment(horizontal="center", vertical="center")
            page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
            page.row_dimensions[row].height = size * 1.6
            row += 1
        for block in sheet.blocks:
            for cell in block.cells:
                _paint(page, styles, cell, _range(block, cell, row), paint)
            for at, lines in enumerate(_heights(block, sheet.blocks[-1].shares, paint.size)):
                page.row_dimensions[row + at].height = lines * paint.size * 1.35 + 5
            row += block.height + 1
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _range(block: Block, cell: Cell, first: int) -> dict[str, int]:
    """Where a cell stands on the sheet; four columns of fields share five of the sheet."""
    left, right = cell.col + 1, cell.col + cell.cols
    if len(block.shares) == 4:
        left, right = left + (left > 2), right + (right > 1)
    top = first + cell.row
    return {"start_row": top, "end_row": top + cell.rows - 1, "start_column": left, "end_column": right}


def _paint(page: Any, styles: Any, cell: Cell, where: dict[str, int], paint: Paint) -> None:
    place = page.cell(where["start_row"], where["start_column"], cell.text)
    place.font = styles.Font(name=paint.font, size=paint.size, color=paint.ink if cell.role == "label" else "FF000000")
    side = "left" if cell.role == "text" else "center"
    place.alignment = styles.Alignment(horizontal=side, vertical="center", wrap_text=True)
    colour = paint.label if cell.role == "label" else paint.bands[cell.row % len(paint.bands)]
    line = styles.Side(style=paint.rule)
    for row in range(where["start_row"], where["end_row"] + 1):
        for col in range(where["start_column"], where["end_column"] + 1):
            page.cell(row, col).border = styles.Border(line, line, line, line)
            if colour:
                page.cell(row, col).fill = styles.PatternFill("solid", fgColor=colour)
    if cell.rows * cell.cols > 1 or where["end_column"] > where["start_column"]:
        page.merge_cells(**where)


def _heights(block: Block, shares: tuple[float, ...], size: float) -> list[int]:
    """Lines in each row: Calc fits no row to the text of merged cells by itself."""
    heights = [1] * block.height
    for cell in block.cells:
        where = _range(block, cell, 0)
        room = sum(shares[where["start_column"] - 1 : where["end_column"]]) * WIDTH * 10 / size - 3
        lines = ceil(sum(2 if ord(char) > 0x2000 else 1.1 for char in cell.text) / room)
        last = cell.row + cell.rows - 1
        heights[last] += max(lines - sum(heights[cell.row : last + 1]), 0)
    return heights
