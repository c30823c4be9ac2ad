"""Workbooks to Document: what every cell displays, with merged ranges, and what is hidden told."""

from __future__ import annotations

from extract.archive import Archive
from extract.errors import ReadError, shown
from extract.found import Origin
from extract.package import Package
from extract.sheet.book import document_of
from schemas.table import Document

__all__ = ["read_ods", "read_xls", "read_xlsx"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def read_xlsx(archive: Archive, data: bytes, name: str) -> Document:
    """An Excel workbook (.xlsx, .xlsm); macros are never looked at."""
    from extract.sheet.xlsx import read_sheets  # noqa: PLC0415 - each reader loads its own library

    package = Package(archive, name)
    workbook = package.main_part()
    if workbook is None:
        raise ReadError("damaged", f"{shown(name)} is a workbook without its main part")
    kind = XLSM if "macroenabled" in package.content_type(workbook).lower() else XLSX
    return document_of(read_sheets(package, workbook), Origin(data, name, kind, "xlsx"))


def read_ods(archive: Archive, data: bytes, name: str) -> Document:
    """An OpenDocument spreadsheet (.ods, .ots)."""
    from extract.sheet.ods import read_sheets  # noqa: PLC0415 - each reader loads its own library

    return document_of(read_sheets(archive, name), Origin(data, name, ODS, "ods"))


def read_xls(data: bytes, name: str) -> Document:
    """An Excel 97-2003 workbook (.xls, WPS .et)."""
    from extract.sheet.xls import read_sheets  # noqa: PLC0415 - each reader loads its own library

    return document_of(read_sheets(data, name), Origin(data, name, XLS, "xls"))
