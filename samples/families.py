"""The forms of the layout families (family_forms.py) in every carrier: text, Excel, Word, HTML, PDF."""

from __future__ import annotations

from samples import office_files as office
from samples import pdf_web
from samples.family_forms import Rows
from samples.pdf_cells import Block, Cell, Sheet


def sheet_of(rows: Rows) -> Sheet:
    """A form as lines above one table; a line between the rows of the table is a row merged over all columns."""
    first = next(at for at, row in enumerate(rows) if len(row) > 1 and row[1] not in ("", "单位：万元"))
    heading = tuple("　　".join(cell for cell in row if cell) for row in rows[:first])
    return Sheet(heading, (_block(rows[first:]),))


def _block(rows: Rows) -> Block:
    width = max(map(len, rows))
    cells = []
    for at, row in enumerate(rows):
        for col, text in enumerate(row):
            if text not in ("<", "^"):
                cells.append(Cell(at, col, *_spans(rows, at, col), text, "text"))
    return Block(tuple(cells), len(rows), (1 / width,) * width)


def _spans(rows: Rows, at: int, col: int) -> tuple[int, int]:
    """How many rows and columns a cell lies over."""
    if len(rows[at]) == 1:
        return 1, max(map(len, rows))
    across = 1
    while col + across < len(rows[at]) and rows[at][col + across] == "<":
        across += 1
    down = 1
    while at + down < len(rows) and col < len(rows[at + down]) and rows[at + down][col] == "^":
        down += 1
    return down, across


def text(rows: Rows) -> bytes:
    """A tab-separated paste, blanks where cells are merged."""
    lines = ("\t".join("" if cell in ("<", "^") else cell for cell in row) for row in rows)
    return ("\n".join(lines) + "\n").encode()


def _stacked(rows: Rows) -> office.Grid:
    sheet = sheet_of(rows)
    [block] = sheet.blocks
    width, top = len(block.shares), len(sheet.heading)
    lines = [Cell(at, 0, 1, width, line, "title") for at, line in enumerate(sheet.heading)]
    cells = [Cell(top + each.row, each.col, each.rows, each.cols, each.text, each.role) for each in block.cells]
    return office.Grid((*lines, *cells), top + block.height, width)


def xlsx(rows: Rows) -> bytes:
    """A workbook with the form on its only sheet, numbers as numbers where they are."""
    return office.xlsx([office.Page("绩效目标表", _stacked(rows))])


def docx(rows: Rows) -> bytes:
    """A Word file: lines, then the table."""
    sheet = sheet_of(rows)
    [block] = sheet.blocks
    lines = "".join(office.paragraph(line) for line in sheet.heading)
    return office.docx(lines + office.word_table(office.grid_of(block), block.shares))


def html(rows: Rows) -> bytes:
    """A web page: lines, then the table."""
    sheet = sheet_of(rows)
    lines = "".join(f"<p>{line}</p>" for line in sheet.heading)
    table = office.html_table(office.grid_of(sheet.blocks[0]))
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{lines}{table}</body></html>'.encode()


def pdf(rows: Rows) -> bytes:
    """What Chromium prints of the page; FileNotFoundError where it is not installed."""
    return pdf_web.print_chromium(html(rows).decode().replace("<head>", f"<head><style>{_CSS}</style>"))


_CSS = (
    "@page{size:A4 landscape;margin:14mm} table{border-collapse:collapse;width:100%} p{text-align:center} "
    "td,th{border:1px solid #000;font:9pt 'Noto Sans CJK SC';padding:2px}"
)
CARRIERS = {"txt": text, "xlsx": xlsx, "docx": docx, "html": html}
"""Those that are written here byte by byte; `pdf` needs a browser."""
