"""Forms as Excel, Word, OpenDocument and HTML files, written by hand so that every byte is known.

All take the forms as sheets of cells with spans (samples/pdf_cells.py) and give the bytes of one file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from xml.sax.saxutils import escape

from samples.pdf_cells import Block, Cell, Sheet

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE = (2025, 1, 1, 0, 0, 0)
_OOXML = "http://schemas.openxmlformats.org"
_OFFICE = f"{_OOXML}/officeDocument/2006/relationships"
_TYPES = f"{_OOXML}/package/2006/content-types"
_RELATIONS = f"{_OOXML}/package/2006/relationships"


def zipped(parts: dict[str, str | bytes], stored: Sequence[str] = ()) -> bytes:
    """A zip archive with a fixed date; `stored` parts are not packed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = 0, 0
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return held.getvalue()


def repacked(data: bytes) -> bytes:
    """An archive of a real producer with fixed dates, inside its parts too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: _undated(name, archive.read(name)) for name in archive.namelist()}
    return zipped(parts, stored=("mimetype",))


def _undated(name: str, data: bytes) -> str | bytes:
    if not re.fullmatch(r"docProps/.*|meta\.xml", name):
        return data
    data = re.sub(rb"PT?[\dDHMS.]+S(?=<)", b"PT0S", data)
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?", b"2025-01-01T00:00:00", data)


def _relations(*targets: tuple[str, str, str]) -> str:
    body = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in targets)
    return f'{XML}<Relationships xmlns="{_RELATIONS}">{body}</Relationships>'


def _content_types(**parts: str) -> str:
    named = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    usual += '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{XML}<Types xmlns="{_TYPES}">{usual}{named}</Types>'


# Rows of one grid, whatever the carrier.


@dataclass(frozen=True)
class Grid:
    """Cells over rows and columns from 0, as one table or one sheet shows them."""

    cells: tuple[Cell, ...]
    height: int
    width: int

    def at(self, row: int) -> list[Cell]:
        """The cells that begin in a row, from the left."""
        return sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.col)

    def owner(self, row: int, col: int) -> Cell | None:
        """The cell that lies at a place."""
        for cell in self.cells:
            if cell.row <= row < cell.row + cell.rows and cell.col <= col < cell.col + cell.cols:
                return cell
        return None

    def with_blank(self, row: int) -> Grid:
        """The grid with a blank row before this one, in which no merged cell may lie."""
        cells = (replace(cell, row=cell.row + (cell.row >= row)) for cell in self.cells)
        return Grid(tuple(cells), self.height + 1, self.width)

    def renamed(self, old: str, new: str, col: int | None = None) -> Grid:
        """The grid with another text in the first cell of this text, of a column if one is given."""
        cell = next(cell for cell in self.cells if cell.text == old and col in (None, cell.col))
        cells = (replace(each, text=new) if each is cell else each for each in self.cells)
        return Grid(tuple(cells), self.height, self.width)


def grid_of(block: Block) -> Grid:
    """A table by itself."""
    return Grid(block.cells, block.height, len(block.shares))


def stacked(sheets: Sequence[Sheet], *, lines: Sequence[str] = (), gap: int = 1, between: int = 0) -> Grid:
    """Forms one below the other in five columns: heading lines over all of them, then the tables.

    Blank rows: `gap` below each form, `between` below each of its tables.
    """
    cells: list[Cell] = []
    row = 0
    for sheet in sheets:
        for line in (*sheet.heading, *lines):
            cells.append(Cell(row, 0, 1, 5, line, "title"))
            row += 1
        for block in sheet.blocks:
            cells += [_wide(cell, block, row) for cell in block.cells]
            row += block.height + between
        row += gap
    return Grid(tuple(cells), row, 5)


def _wide(cell: Cell, block: Block, top: int) -> Cell:
    """A cell of a table of four columns, where the third begins at the fourth of five."""
    left, right = cell.col, cell.col + cell.cols
    if len(block.shares) == 4:
        left, right = left + (left > 1), right + (right > 1)
    return Cell(top + cell.row, left, cell.rows, right - left, cell.text, cell.role)


# Excel.

_SHEET_ML = f"{_OOXML}/spreadsheetml/2006/main"
_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?(%|人|次|天|)")
FORMATS = ("General", "0%", "0.0%", "0.00%", '0"人"', '0"次"', '0"天"', "0.00", '0.00"万元"', '0"万元"', "@")


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook: its cells, what is hidden, and whether numbers are cells of numbers with a format."""

    name: str
    grid: Grid
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    merged: bool = True
    typed: bool = False
    first_row: int = 0
    first_col: int = 0
    extra: dict[str, str] = field(default_factory=dict)


def letters(col: int) -> str:
    """The name of a column from 0."""
    return chr(65 + col) if col < 26 else letters(col // 26 - 1) + chr(65 + col % 26)


def xlsx(pages: Sequence[Page]) -> bytes:
    """A workbook: shared strings, styles with number formats, a sheet for each page."""
    texts: dict[str, int] = {}
    sheets = [_sheet_xml(page, texts) for page in pages]
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(pages) + 1)]
    listing = "".join(
        f'<sheet name="{escape(page.name)}" sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"' if page.hidden else "")
        + "/>"
        for number, page in enumerate(pages, 1)
    )
    relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(pages) + 1)]
    count = len(pages)
    spaces = f'xmlns="{_SHEET_ML}" xmlns:r="{_OFFICE}"'
    relations += [
        (f"rId{count + 1}", "styles", "styles.xml"),
        (f"rId{count + 2}", "sharedStrings", "sharedStrings.xml"),
    ]
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return zipped({
        "[Content_Types].xml": _content_types(
            **{"xl/workbook.xml": f"{_SHEET_KIND}.sheet.main+xml", "xl/styles.xml": f"{_SHEET_KIND}.styles+xml"},
            **{"xl/sharedStrings.xml": f"{_SHEET_KIND}.sharedStrings+xml"},
            **dict.fromkeys(names, f"{_SHEET_KIND}.worksheet+xml"),
        ),
        "_rels/.rels": _relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"{XML}<workbook {spaces}><sheets>{listing}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(*relations),
        "xl/styles.xml": _styles(),
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="{_SHEET_ML}">{items}</sst>',
        **dict(zip(names, sheets, strict=True)),
    })  # fmt: skip


def _styles() -> str:
    own = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(FORMATS)
    )
    styles = "".join(f'<xf numFmtId="{164 + at}" xfId="0" applyNumberFormat="1"/>' for at in range(len(FORMATS)))
    return (
        f'{XML}<styleSheet xmlns="{_SHEET_ML}"><numFmts count="{len(FORMATS)}">{own}</numFmts>'
        "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
        f'<cellStyleXfs><xf/></cellStyleXfs><cellXfs count="{len(FORMATS)}">{styles}</cellXfs></styleSheet>'
    )


def _sheet_xml(page: Page, texts: dict[str, int]) -> str:
    cols = "".join(
        f'<col min="{page.first_col + col + 1}" max="{page.first_col + col + 1}" width="18"'
        + (' hidden="1"' if col in page.hidden_cols else "")
        + "/>"
        for col in range(page.grid.width)
    )
    rows = "".join(_row_xml(page, row, texts) for row in range(page.grid.height))
    merges = [_name(page, cell) for cell in page.grid.cells if page.merged and cell.rows * cell.cols > 1]
    listed = "".join(f'<mergeCell ref="{name}"/>' for name in merges)
    held = f'<mergeCells count="{len(merges)}">{listed}</mergeCells>' if merges else ""
    return f'{XML}<worksheet xmlns="{_SHEET_ML}"><cols>{cols}</cols><sheetData>{rows}</sheetData>{held}</worksheet>'


def _row_xml(page: Page, row: int, texts: dict[str, int]) -> str:
    number = page.first_row + row + 1
    begun = {cell.col: cell for cell in page.grid.at(row)}
    cells = []
    for col in range(page.grid.width):
        name = f"{letters(page.first_col + col)}{number}"
        if name in page.extra:
            cells.append(page.extra[name].format(name=name))
        elif col in begun and begun[col].text:
            cells.append(_cell_xml(name, begun[col].text, texts, typed=page.typed))
        else:
            cells.append(f'<c r="{name}" s="0"/>')
    hidden = ' hidden="1"' if row in page.hidden_rows else ""
    return f'<row r="{number}"{hidden}>{"".join(cells)}</row>'


def _cell_xml(name: str, text: str, texts: dict[str, int], *, typed: bool) -> str:
    found = _NUMBER.fullmatch(text) if typed else None
    code = _format_of(found) if found else None
    if found is None or code is None:
        return f'<c r="{name}" s="0" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
    number = f"{found[1]}.{found[2]}" if found[2] else found[1]
    value = repr(float(number) / 100) if found[3] == "%" else number
    return f'<c r="{name}" s="{FORMATS.index(code)}"><v>{value}</v></c>'


def _format_of(found: re.Match[str]) -> str | None:
    places = len(found[2] or "")
    if found[3] == "%":
        return ("0%", "0.0%", "0.00%")[places] if places < 3 else None
    if places:
        return None
    return f'0"{found[3]}"' if found[3] else "General"


def _name(page: Page, cell: Cell) -> str:
    top, left = page.first_row + cell.row + 1, page.first_col + cell.col
    return f"{letters(left)}{top}:{letters(left + cell.cols - 1)}{top + cell.rows - 1}"


# Word.

_WORD_ML = f"{_OOXML}/wordprocessingml/2006/main"
_WORD_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STRICT = {
    _WORD_ML: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    _OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_TWIPS = 9_000


def docx(body: str, *, strict: bool = False, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word document with this body; `parts` are those beside it, named as their kinds (styles, numbering, header)."""
    others = parts or {}
    kinds = {name: f"{_WORD_KIND}.{name}+xml" for name in others}
    spaces = f'xmlns:w="{_WORD_ML}" xmlns:r="{_OFFICE}"'
    spaces += ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(
            **{"word/document.xml": f"{_WORD_KIND}.document.main+xml"},
            **{f"word/{name}.xml": kind for name, kind in kinds.items()},
        ),
        "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(*((f"rId{name}", name, f"{name}.xml") for name in others)),
        "word/document.xml": f"{XML}<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    for name, text in others.items():
        made[f"word/{name}.xml"] = f"{XML}<w:{name} {spaces}>{text}</w:{name}>"
    if strict:
        made = {name: _strictly(text) for name, text in made.items()}
    return zipped(made)


def _strictly(text: str | bytes) -> str | bytes:
    for usual, other in _STRICT.items():
        text = text.replace(usual, other) if isinstance(text, str) else text
    return text


def paragraph(text: str, *, style: str = "", properties: str = "") -> str:
    """A paragraph; line feeds become line breaks."""
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    held = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    return f"<w:p>{f'<w:pPr>{held}</w:pPr>' if held else ''}<w:r>{runs}</w:r></w:p>"


def word_table(grid: Grid, shares: Sequence[float], *, merged: bool = True, hidden: Sequence[int] = ()) -> str:
    """A table; merged cells as gridSpan and vMerge, or only as blanks below."""
    widths = "".join(f'<w:gridCol w:w="{round(share * _TWIPS)}"/>' for share in shares)
    rows = "".join(_word_row(grid, row, merged=merged, hidden=row in hidden) for row in range(grid.height))
    return f"<w:tbl><w:tblPr/><w:tblGrid>{widths}</w:tblGrid>{rows}</w:tbl>"


def _word_row(grid: Grid, row: int, *, merged: bool, hidden: bool) -> str:
    cells = []
    col = 0
    while col < grid.width:
        cell = grid.owner(row, col) or Cell(row, col, 1, 1, "", "text")
        begins = cell.row == row
        span = f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else ""
        if merged and cell.rows > 1:
            span += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
        text = cell.text if begins else ""
        cells.append(f"<w:tc><w:tcPr>{span}</w:tcPr>{paragraph(text) if text else '<w:p/>'}</w:tc>")
        col = cell.col + cell.cols
    properties = "<w:trPr><w:hidden/></w:trPr>" if hidden else ""
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def parted(grid: Grid, cuts: Sequence[int]) -> list[Grid]:
    """A table cut into several below rows, as a program does that makes a table of each page."""
    found = []
    for top, bottom in pairwise((0, *cuts, grid.height)):
        cells = []
        for cell in grid.cells:
            first, end = max(cell.row, top), min(cell.row + cell.rows, bottom)
            if first < end:
                text = cell.text if cell.row >= top else ""
                cells.append(Cell(first - top, cell.col, end - first, cell.cols, text, cell.role))
        found.append(Grid(tuple(cells), bottom - top, grid.width))
    return found


# HTML.


def html_table(grid: Grid, *, closed: bool = True, merged: bool = True) -> str:
    """A table; with `closed` off, as many sites write it, without end tags of rows and cells."""
    end = ("</td>", "</tr>") if closed else ("", "")
    rows = []
    for row in range(grid.height):
        cells = []
        for col in range(grid.width):
            cell = grid.owner(row, col) or Cell(row, col, 1, 1, "", "text")
            begins = (cell.row, cell.col) == (row, col)
            if merged and begins:
                spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
                    f' colspan="{cell.cols}"' if cell.cols > 1 else ""
                )
                cells.append(f"<td{spans}>{_html(cell.text)}{end[0]}")
            elif not merged:
                cells.append(f"<td>{_html(cell.text) if begins else '&nbsp;'}{end[0]}")
        rows.append(f"<tr>{''.join(cells)}{end[1]}\n")
    return f"<table border=1>\n{''.join(rows)}</table>\n"


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>") if text else "&nbsp;"
