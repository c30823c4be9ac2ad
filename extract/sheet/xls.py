"""Excel 97-2003 workbooks (.xls, WPS .et) through xlrd, which keeps formats, merged ranges and what is hidden."""

from __future__ import annotations

import io
from typing import Any

import xlrd

from extract.errors import ReadError, shown
from extract.sheet.book import MAX_CELLS, Sheet, Spot
from extract.sheet.formats import BUILT_IN, GENERAL, show_number, show_text


def read_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook in its order; raises ReadError `encrypted`, `damaged`, `too-large`."""
    try:
        book = _opened(data)
        formats = _formats(book)
        sheets = [_sheet(book, page, formats) for page in book.sheets()]
    except MemoryError:
        raise
    except Exception as error:
        if "encrypted" in str(error):
            raise ReadError("encrypted", f"{shown(name)} needs a password") from error
        raise ReadError("damaged", f"{shown(name)} is a workbook that cannot be read") from error
    if sum(len(sheet.texts) for sheet in sheets) > MAX_CELLS:
        raise ReadError("too-large", f"{shown(name)} has more than {MAX_CELLS} cells with a text")
    return sheets


def _opened(data: bytes) -> Any:
    """The workbook; sectors that are used twice, as some writers leave them, are no reason to refuse it."""
    # Lines about odd records go nowhere: a reader has no business on standard output.
    options: dict[str, Any] = {"file_contents": data, "formatting_info": True, "logfile": io.StringIO()}
    try:
        return xlrd.open_workbook(**options)
    except xlrd.compdoc.CompDocError:
        return xlrd.open_workbook(**options, ignore_workbook_corruption=True)


def _formats(book: Any) -> list[str]:
    """The number format of each cell style."""
    found = []
    for style in book.xf_list:
        own = book.format_map.get(style.format_key)
        code = own.format_str if own else GENERAL
        found.append(BUILT_IN.get(style.format_key, code) if style.format_key < 164 else code)
    return found


def _sheet(book: Any, page: Any, formats: list[str]) -> Sheet:
    sheet = Sheet(page.name, page.visibility != 0)
    for row in range(page.nrows):
        for col, cell in enumerate(page.row(row)):
            text = _shown(cell, (row, col), sheet, formats, from_1904=bool(book.datemode))
            if text and not text.isspace():
                sheet.texts[row, col] = text
    sheet.merges = [(top, left, end - 1, right - 1) for top, end, left, right in page.merged_cells]
    sheet.hidden_rows = {row for row, info in page.rowinfo_map.items() if info.hidden}
    sheet.hidden_cols = [(col, col) for col, info in page.colinfo_map.items() if info.hidden]
    return sheet


def _shown(cell: Any, spot: Spot, sheet: Sheet, formats: list[str], *, from_1904: bool) -> str:
    style = cell.xf_index if cell.xf_index is not None and cell.xf_index < len(formats) else -1
    code = formats[style] if style >= 0 else GENERAL
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return show_text(str(cell.value).replace("\r\n", "\n").replace("\r", "\n"), code)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        sheet.errors.append(spot)
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return ""
    found = show_number(repr(cell.value), code, from_1904=from_1904)
    if not found.known:
        sheet.unknown_formats.append(spot)
    return found.text
