"""The engines: how each is called, and how its tables become cells with row, column, spans and text.

`load` imports the engine and gives the function that is timed: from a path to what the engine itself gives. `cells`
turns that into cells afterwards, untimed. Engines that tell boxes and no spans get them from the edges of the boxes,
all in the same way.
"""

# ruff: noqa: PLC0415 - each process imports only the engine that it runs

from __future__ import annotations

import ctypes
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

Cell = tuple[int, int, int, int, str]
Tables = list[list[Cell]]
Boxed = tuple[float, float, float, float, str]
"""Left, top, right, bottom, text."""


class Engine(NamedTuple):
    """An engine; `package` is what must be installed, `install` the command for it."""

    title: str
    package: str
    load: Callable[[], Callable[[str], Any]]
    cells: Callable[[Any], list[Tables]] | None
    install: str = ""


def grid(boxes: Iterable[Boxed], near: float = 2.0) -> list[Cell]:
    """Cells from boxes: edges closer than `near` are one, and a box spans the edges that it covers."""
    boxes = [box for box in boxes if box[2] - box[0] > near and box[3] - box[1] > near]
    xs = _edges([edge for box in boxes for edge in (box[0], box[2])], near)
    ys = _edges([edge for box in boxes for edge in (box[1], box[3])], near)
    found = []
    for left, top, right, bottom, text in boxes:
        col, row = _at(xs, left), _at(ys, top)
        found.append((row, col, _at(ys, bottom) - row, _at(xs, right) - col, text))
    return found


def _edges(values: list[float], near: float) -> list[float]:
    """The first of each group of edges that stand close to one another."""
    firsts: list[float] = []
    last = float("-inf")
    for value in sorted(values):
        if value - last > near:
            firsts.append(value)
        last = value
    return firsts


def _at(edges: list[float], value: float) -> int:
    return bisect_right(edges, value) - 1


# PDFium alone.


def _floor() -> Callable[[str], object]:
    import pypdfium2.raw as pdfium

    def read(path: str) -> int:
        data = Path(path).read_bytes()
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        total = 0
        for index in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, index)
            text = pdfium.FPDFText_LoadPage(page)
            count = pdfium.FPDFText_CountChars(text)
            buffer = (ctypes.c_ushort * (count + 1))()
            pdfium.FPDFText_GetText(text, 0, count, buffer)
            total += count + pdfium.FPDFPage_CountObjects(page)
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)
        pdfium.FPDF_CloseDocument(document)
        return total

    return read


def _handed_out() -> Callable[[str], object]:
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    left, top = ctypes.c_float(), ctypes.c_float()

    def segments(page_object: Any) -> int:
        kind = pdfium.FPDFPageObj_GetType(page_object)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            count = pdfium.FPDFFormObj_CountObjects(page_object)
            return sum(segments(pdfium.FPDFFormObj_GetObject(page_object, at)) for at in range(count))
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            return 0
        count = pdfium.FPDFPath_CountSegments(page_object)
        for at in range(count):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(page_object, at), left, top)
        return int(count)

    def read(path: str) -> int:
        data = Path(path).read_bytes()
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        total = 0
        for index in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, index)
            text = pdfium.FPDFText_LoadPage(page)
            for at in range(pdfium.FPDFText_CountChars(text)):
                total += pdfium.FPDFText_GetUnicode(text, at)
                pdfium.FPDFText_GetCharOrigin(text, at, x, y)
            for at in range(pdfium.FPDFPage_CountObjects(page)):
                total += segments(pdfium.FPDFPage_GetObject(page, at))
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)
        pdfium.FPDF_CloseDocument(document)
        return total

    return read


# jixiao.


def _fast_path() -> Callable[[str], Any]:
    from extract.pdf import read_pdf

    return lambda path: read_pdf(Path(path).read_bytes(), path)


def _auto() -> Callable[[str], Any]:
    from extract import read

    return lambda path: read(Path(path).read_bytes(), path)


def _jixiao_cells(document: Any) -> list[Tables]:
    return [
        [[(c.row, c.col, c.row_span, c.col_span, c.text.value) for c in table.cells] for table in page.tables]
        for page in document.pages
    ]


def _records() -> Callable[[str], Any]:
    from jixiao.pipeline import extract
    from jixiao.write import render

    return lambda path: render(extract(path), path).files


def digests(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The hash of each project file."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files if name != "audit.json"}


# Peers.


def _pdfplumber(settings: dict[str, str], *, tidy: bool = False) -> Callable[[str], Any]:
    import pdfplumber

    def upright(thing: dict[str, Any]) -> bool:
        return thing["object_type"] != "char" or bool(thing["upright"] and thing["size"] < 30)

    def read(path: str) -> Any:
        pages = []
        with pdfplumber.open(path) as document:
            for page in document.pages:
                shown = page.dedupe_chars().filter(upright) if tidy else page
                tables = shown.find_tables(settings)
                pages.append([(table, table.extract()) for table in tables])  # extract_tables does these two
                page.close()
        return pages

    return read


def _rows_of(pages: Any) -> list[Tables]:
    """Of pdfplumber and PyMuPDF: rows of boxes, and rows of texts beside them."""
    return [
        [
            grid(
                (*box, text or "")
                for row, texts in zip(table.rows, rows, strict=True)
                for box, text in zip(row.cells, texts, strict=True)
                if box
            )
            for table, rows in page
        ]
        for page in pages
    ]


def _camelot() -> Callable[[str], Any]:
    import camelot

    return lambda path: camelot.read_pdf(str(Path(path).resolve()), pages="all")  # a relative path may count as a URL


def _camelot_cells(tables: Any) -> list[Tables]:
    pages: dict[int, Tables] = {}
    for table in tables:
        pages.setdefault(int(table.page), []).append(_merged(table.cells))
    return [pages.get(number, []) for number in range(1, max(pages, default=0) + 1)]


def _merged(rows: list[list[Any]]) -> list[Cell]:
    """Neighbours without a line between them are one cell."""
    owner = {(r, c): (r, c) for r, row in enumerate(rows) for c in range(len(row))}

    def root(at: tuple[int, int]) -> tuple[int, int]:
        while owner[at] != at:
            at = owner[at]
        return at

    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if c + 1 < len(row) and not cell.right and not row[c + 1].left:
                owner[root((r, c + 1))] = root((r, c))
            if r + 1 < len(rows) and not cell.bottom and not rows[r + 1][c].top:
                owner[root((r + 1, c))] = root((r, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for at in sorted(owner):
        groups.setdefault(root(at), []).append(at)
    found = []
    for places in groups.values():
        first, last = min(r for r, _ in places), max(r for r, _ in places)
        left, right = min(c for _, c in places), max(c for _, c in places)
        text = "".join(rows[r][c].text for r, c in places)
        found.append((first, left, last - first + 1, right - left + 1, text))
    return found


def _tablers() -> Callable[[str], Any]:
    import tablers

    def read(path: str) -> Any:
        document = tablers.Document(path)
        try:
            return [tablers.find_tables(page, extract_text=True) for page in document.pages()]
        finally:
            document.close()

    return read


def _tablers_cells(pages: Any) -> list[Tables]:
    return [[grid((*cell.bbox, cell.text or "") for cell in table.cells) for table in tables] for tables in pages]


def _pymupdf() -> Callable[[str], Any]:
    import pymupdf

    def read(path: str) -> Any:
        with pymupdf.open(path) as document:
            return [[(table, table.extract()) for table in page.find_tables().tables] for page in document]

    return read


def _img2table() -> Callable[[str], Any]:
    from img2table.document import PDF

    return lambda path: PDF(path).extract_tables()


def _img2table_cells(pages: Any) -> list[Tables]:
    def boxes(table: Any) -> set[Boxed]:
        cells = [cell for row in table.content.values() for cell in row]
        return {(c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2, c.value or "") for c in cells}

    found = {number: [grid(boxes(table), near=5.0) for table in tables] for number, tables in pages.items()}  # pixels
    return [found.get(number, []) for number in range(max(found, default=-1) + 1)]


def _tabula() -> Callable[[str], Any]:
    import tabula

    def read(path: str) -> Any:
        tabula.read_pdf(path, pages="all", lattice=True, output_format="json", silent=True)
        return path

    return read


def _tabula_cells(path: Any) -> list[Tables]:
    """Its answer for a whole file does not tell pages, so they are read once more, one by one, untimed."""
    import pypdfium2
    import tabula

    def boxes(table: Any) -> list[Boxed]:
        cells = [cell for row in table["data"] for cell in row]
        return [(c["left"], c["top"], c["left"] + c["width"], c["top"] + c["height"], c["text"]) for c in cells]

    with pypdfium2.PdfDocument(path) as document:
        count = len(document)
    pages = (
        tabula.read_pdf(path, pages=number, lattice=True, output_format="json", silent=True)
        for number in range(1, count + 1)
    )
    return [[grid(boxes(table)) for table in tables] for tables in pages]


def _docling() -> Callable[[str], Any]:
    from docling.document_converter import DocumentConverter

    converter = DocumentConverter()
    return lambda path: converter.convert(path).document


def _docling_cells(document: Any) -> list[Tables]:
    pages: dict[int, Tables] = {}
    for table in document.tables:
        cells = [
            (c.start_row_offset_idx, c.start_col_offset_idx, c.row_span, c.col_span, c.text)
            for c in table.data.table_cells
        ]
        pages.setdefault(table.prov[0].page_no, []).append(cells)
    return [pages.get(number, []) for number in range(1, max(pages, default=0) + 1)]


FLOOR, FAST, RECORDS = "floor", "jixiao", "jixiao-json"

ENGINES: dict[str, Engine] = {
    FLOOR: Engine("floor: PDFium load, text, close", "pypdfium2", _floor, None),
    "handed-out": Engine("PDFium, all handed to Python", "pypdfium2", _handed_out, None),
    FAST: Engine("jixiao, fast path: to tables", "extract", _fast_path, _jixiao_cells),
    "jixiao-auto": Engine("jixiao, --engine auto: to tables", "extract", _auto, _jixiao_cells),
    RECORDS: Engine("jixiao, --engine auto: to JSON", "jixiao", _records, None),
    "tablers": Engine("tablers", "tablers", _tablers, _tablers_cells, "pip install '.[bench]'"),
    "pdfplumber": Engine("pdfplumber, default (lines)", "pdfplumber", partial(_pdfplumber, {}), _rows_of),
    "pdfplumber-strict": Engine(
        "pdfplumber, lines_strict",
        "pdfplumber",
        partial(_pdfplumber, {"vertical_strategy": "lines_strict", "horizontal_strategy": "lines_strict"}),
        _rows_of,
    ),
    "pdfplumber-tidy": Engine(
        "pdfplumber, characters tidied", "pdfplumber", partial(_pdfplumber, {}, tidy=True), _rows_of
    ),
    "camelot": Engine("camelot lattice, default", "camelot", _camelot, _camelot_cells),
    "pymupdf": Engine("PyMuPDF find_tables (AGPL)", "pymupdf", _pymupdf, _rows_of, "pip install pymupdf"),
    "img2table": Engine("img2table", "img2table", _img2table, _img2table_cells, "pip install img2table"),
    "tabula": Engine("tabula lattice (Java)", "tabula", _tabula, _tabula_cells, "pip install tabula-py"),
    "docling": Engine("docling", "docling", _docling, _docling_cells, "pip install docling"),
}
