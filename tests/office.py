"""Small Office files for tests: a workbook, a document or a page around what the test is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from extract import ReadError, read
from samples.office_files import Grid, Page, docx, xlsx, zipped
from samples.pdf_cells import Cell
from schemas.table import Document
from schemas.text import SheetPlace, TablePlace


def workbook(**cells: str) -> bytes:
    """A workbook of one sheet with these cells as raw XML; "{name}" in it is the cell's name."""
    grid = Grid((Cell(0, 25, 1, 1, "", "text"),), 12, 8)
    return xlsx([Page("表一", grid, extra=cells)])


def inline(text: str) -> str:
    """A cell with its own text."""
    return f'<c r="{{name}}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def altered(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """An archive with texts in one part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part]
    assert isinstance(text, bytes)
    for old, new in changes:
        assert old.encode() in text, old
        text = text.replace(old.encode(), new.encode())
    return zipped({**parts, part: text})


def without(data: bytes, part: str) -> bytes:
    """An archive without a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name != part})


def document(*rows: str, before: str = "", after: str = "", **parts: str) -> bytes:
    """A Word document with one table of these rows (raw XML) between other blocks."""
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    return docx(before + table + "<w:p/>" + after, parts=parts)


def tc(content: str, properties: str = "") -> str:
    """A cell of a Word table: a text, or raw XML where it begins with an angle bracket."""
    inside = content if content.startswith("<") else f"<w:p><w:r><w:t>{content}</w:t></w:r></w:p>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def shown(document: Document) -> dict[str, str]:
    """The texts of a document by their place: a cell's name, row,column of a table, or the number of a line."""
    found = {}
    for page in document.pages:
        for table in page.tables:
            for cell in table.cells:
                place = cell.text.places[0]
                if isinstance(place, SheetPlace):
                    name = place.cell
                elif isinstance(place, TablePlace):
                    name = f"{place.table}:{place.row},{place.column}"
                else:
                    name = f"line {getattr(place, 'line', 0)}"
                found[name] = cell.text.value
    return found


def spans(document: Document) -> list[tuple[int, int, int, int, str]]:
    """Row, column, spans and text of every cell of the tables, lines aside."""
    return [
        (cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value)
        for page in document.pages
        for table in page.tables
        if not table.lines
        for cell in table.cells
    ]


def rules(document: Document) -> list[str]:
    """The codes of the document's findings."""
    return [finding.rule for finding in document.findings]


def refusal(data: bytes, name: str = "a") -> str:
    """The code with which a file is refused; "" where it is read."""
    try:
        read(data, name)
    except ReadError as error:
        return error.code if error.message and error.message.isprintable() else f"no clear line: {error.message!r}"
    return ""


def told(document: Document) -> Mapping[str, str]:
    """The English message of each finding by its code."""
    return {finding.rule: finding.message_en for finding in document.findings}
