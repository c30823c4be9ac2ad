"""The true tables of each page of the PDF samples, from the forms that their generator was given.

A producer decides where pages end, the generator does not. The text of a page, counted as a bag of characters, tells
which rows of the forms stand on it: all of their characters, and of a cell that the page cut runs through some. So
every cell that lies on one page has its true row, column, spans and text. A cell that a page cut runs through is
`torn`: where its text stands is the producer's choice, so whatever an engine finds in its place is not counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pypdfium2

from normalize.words import INVISIBLE, radicals
from samples.pdf_cells import Sheet, seed_forms, whole_form, whole_form_apart
from tests.forms import HEADER, SAMPLES

_REPEATS = {"pdf-repeated-header"}
"""Samples that print the title and the header row again on each page."""
BORDERLESS = {"pdf-borderless"}
"""Samples without any rule or fill."""


class Cell(NamedTuple):
    """A cell of a table on a page, counted from 0."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str


@dataclass(frozen=True)
class Table:
    """A table, or the part of one on a page.

    Its columns may be counted on the page alone (`cells`) or in the whole table (`cells_of_all`); both are right.
    """

    cells: tuple[Cell, ...]
    torn: tuple[Cell, ...]
    cells_of_all: tuple[Cell, ...]
    torn_of_all: tuple[Cell, ...]


Page = tuple[Table, ...]


def bare(text: str) -> str:
    """What of a text is compared: no white space, no invisible characters, radicals as what they depict."""
    known = radicals()
    return "".join(known.get(char, char) for char in text if not char.isspace() and char not in INVISIBLE)


def pdfs() -> list[Path]:
    """The committed files."""
    return sorted(SAMPLES.glob("pdf-*/source.pdf"))


def twin_of(path: Path) -> Path:
    """The same forms as pasted text."""
    slug = "pingluo-police-2024" if path.parent.name.startswith("pdf-seed-") else "whole-form"
    return SAMPLES / slug / "source.txt"


def pages_of(path: Path) -> list[Page]:
    """The true tables of each page; raises ValueError where the text of a page is not that of the forms."""
    slug = path.parent.name
    lines = _lines(_sheets(slug))
    repeats = slug in _REPEATS
    if (count := _page_count(path)) == 1:
        return [_page(lines, _Part(0, len(lines), set()), repeats=False)]
    extra = _extra(lines) if repeats else Counter[str]()
    found, start, torn = [], 0, False
    for number, text in enumerate(_texts(path)):
        part, torn = _part(lines, (start, torn), text, extra, last=number == count - 1)
        found.append(_page(lines, part, repeats=repeats and number > 0))
        start = part.end - torn
    if start != len(lines):
        raise ValueError(f"{slug}: the forms go on after the last page")
    return found


def _sheets(slug: str) -> list[Sheet]:
    if slug.startswith("pdf-seed-"):
        return seed_forms()
    return [whole_form_apart() if slug == "pdf-several-tables" else whole_form()]


# The forms as one list of lines: rows of tables, and headings (table -1).


class _Placed(NamedTuple):
    """A cell among all lines: from the line `first` to before the line `end`."""

    first: int
    end: int
    col: int
    cols: int
    text: str


class _Line(NamedTuple):
    table: int
    cells: list[_Placed]


class _Part(NamedTuple):
    """The lines of a page, and those of them that a page cut runs through."""

    start: int
    end: int
    cut: set[int]


def _lines(sheets: list[Sheet]) -> list[_Line]:
    lines: list[_Line] = []
    table = 0
    for sheet in sheets:
        for text in sheet.heading:
            at = len(lines)
            lines.append(_Line(-1, [_Placed(at, at + 1, 0, 1, bare(text))]))
        for block in sheet.blocks:
            top = len(lines)
            for row in range(block.height):
                cells = [
                    _Placed(top + row, top + row + cell.rows, cell.col, cell.cols, bare(cell.text))
                    for cell in block.at(row)
                ]
                lines.append(_Line(table, cells))
            table += 1
    return lines


def _page_count(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _texts(path: Path) -> list[Counter[str]]:
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_range(errors="ignore") for page in document]
    return [Counter(bare(text.replace("\x02", "-").replace("\ufffe", "-"))) for text in texts]


def _extra(lines: list[_Line]) -> Counter[str]:
    """What may stand on each page besides the forms: title, header row, counter."""
    header = "".join(HEADER)
    titles = "".join(cell.text for line in lines[:2] for cell in line.cells)
    return Counter(header + titles + "—0123456789—")


def _part(
    lines: list[_Line], begin: tuple[int, bool], text: Counter[str], extra: Counter[str], *, last: bool
) -> tuple[_Part, bool]:
    """The lines of a page and whether it ends within one, the longest part that its characters allow.

    `begin` is the page's first line, and whether that began on the page before.
    """
    start, torn = begin
    shorter = ((end + more, bool(more)) for end in range(len(lines) - 1, start - 1, -1) for more in (0, 1))
    for end, cut_below in [(len(lines), False)] if last else [(len(lines), False), *shorter]:
        part = _Part(start, end, ({start} if torn else set()) | ({end - 1} if cut_below else set()))
        whole, open_ = _bags(lines, part)
        if whole <= text and text - whole <= open_ + extra:
            return part, cut_below
    raise ValueError(f"no lines from {start} on give the characters of a page")


def _bags(lines: list[_Line], part: _Part) -> tuple[Counter[str], Counter[str]]:
    """The characters of the whole cells of a page, and those of its torn ones."""
    whole, torn = Counter[str](), Counter[str]()
    for cell in _cells(lines, part):
        (torn if _is_torn(cell, part) else whole).update(cell.text)
    return whole, torn


def _cells(lines: list[_Line], part: _Part) -> list[_Placed]:
    """All cells that have a share in a page."""
    above = [cell for line in lines[: part.start] for cell in line.cells if cell.end > part.start]
    return above + [cell for line in lines[part.start : part.end] for cell in line.cells]


def _is_torn(cell: _Placed, part: _Part) -> bool:
    return cell.first < part.start or cell.end > part.end or any(cell.first <= at < cell.end for at in part.cut)


# The tables of a page.


def _page(lines: list[_Line], part: _Part, *, repeats: bool) -> Page:
    here = _cells(lines, part)
    tables = []
    for table in dict.fromkeys(line.table for line in lines[part.start : part.end] if line.table >= 0):
        at = [number for number, line in enumerate(lines) if line.table == table]
        cells = [cell for cell in here if at[0] <= cell.first <= at[-1]]
        top = max(part.start, at[0])
        torn = [cell for cell in cells if _is_torn(cell, part)]
        whole = [cell for cell in cells if cell not in torn]
        header = next((lines[number].cells for number in at if _is_header(lines[number])), [])
        if repeats and header and header[0].first < part.start:
            top -= 1
            whole += [cell._replace(first=top, end=top + 1) for cell in header]
        everything = [cell for number in at for cell in lines[number].cells]
        tables.append(_table(whole, torn, everything, (top, max(part.start, at[0]), part.end)))
    return tuple(tables)


def _table(whole: list[_Placed], torn: list[_Placed], everything: list[_Placed], rows: tuple[int, int, int]) -> Table:
    """Cells by their place in the table; its lines begin with `top`, those of the page's own with `start`."""
    top, start, end = rows

    def shown(which: list[_Placed], edges: list[int], start: int) -> tuple[Cell, ...]:
        found = []
        for cell in which:
            first, last = max(cell.first, start), min(cell.end, end)
            col = edges.index(cell.col)
            found.append(Cell(first - top, col, last - first, edges.index(cell.col + cell.cols) - col, cell.text))
        return tuple(found)

    here, through = _edges([*whole, *torn]), _edges(everything)
    filled = [cell for cell in whole if cell.text]
    return Table(
        shown(filled, here, top), shown(torn, here, start), shown(filled, through, top), shown(torn, through, start)
    )


def _is_header(line: _Line) -> bool:
    return [cell.text for cell in line.cells] == HEADER


def _edges(cells: list[_Placed]) -> list[int]:
    return sorted({edge for cell in cells for edge in (cell.col, cell.col + cell.cols)})
