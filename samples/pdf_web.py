"""Forms as web pages, printed by Chromium or WeasyPrint."""

from __future__ import annotations

import html
import importlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from samples.pdf_cells import Block, Cell, Sheet

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
]
BASE = """
* { box-sizing: border-box }
body { margin: 0 }
h1 { font-size: 1.4em; text-align: center; margin: 0 }
h2 { font-size: 1em; font-weight: normal; text-align: center; margin: 5px 0 }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 14px }
.joined + table, .joined { margin-bottom: 0 }
td { overflow-wrap: anywhere; line-height: 1.35; padding: 3px 5px }
.label, .value { text-align: center }
"""


def page(sheets: list[Sheet], css: str, *, repeat: bool = False) -> str:
    """A page with heading and tables of each form; with `repeat` the indicators' header row is one to be repeated."""
    body = "".join(_sheet(sheet, repeat) for sheet in sheets)
    head = f"<meta charset=utf-8><title>绩效目标表</title><style>{BASE}{css}</style>"
    return f"<!DOCTYPE html><html lang=zh-CN><head>{head}</head><body>{body}</body></html>"


def _sheet(sheet: Sheet, repeat: bool) -> str:
    title, year = map(html.escape, sheet.heading)
    tables = "".join(_table(block, repeat) for block in sheet.blocks)
    return f"<section><h1>{title}</h1><h2>{year}</h2>{tables}</section>"


def _table(block: Block, repeat: bool) -> str:
    start = next((cell.row for cell in block.cells if cell.text == "三级指标"), 0) if repeat else 0
    columns = "".join(f'<col style="width:{share:.2%}">' for share in block.shares)
    fields = f"<table class=joined>{columns}{_rows(block, 0, start)}</table>" if start else ""
    head = f"<thead>{_rows(block, start, start + 1)}</thead>" if start else ""
    first = start + 1 if start else 0
    return f"{fields}<table>{columns}{head}<tbody>{_rows(block, first, block.height)}</tbody></table>"


def _rows(block: Block, first: int, end: int) -> str:
    across = len(block.shares)
    rows = ([_cell(cell, across) for cell in block.at(row)] for row in range(first, end))
    return "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)


def _cell(cell: Cell, across: int) -> str:
    spans = (f" rowspan={cell.rows}" if cell.rows > 1 else "") + (f" colspan={cell.cols}" if cell.cols > 1 else "")
    kinds = {
        "first": cell.col == 0,
        "last": cell.col + cell.cols == across,
        "tall": cell.rows > 1 and cell.cols == 1,
        "odd": cell.row % 2 == 1,
    }
    names = " ".join([cell.role, *(name for name, holds in kinds.items() if holds)])
    return f'<td class="{names}"{spans}><span>{html.escape(cell.text)}</span></td>'


def chromium() -> str | None:
    """The program, where it is installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def print_chromium(text: str, *, tagged: bool = True) -> bytes:
    """The page printed by Chromium; without tags a long document is less than half as large."""
    program = chromium()
    if program is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(text, encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [
            program,
            *FLAGS,
            *([] if tagged else ["--disable-pdf-tagging"]),
            profile,
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own page
        return target.read_bytes()


def print_weasyprint(text: str) -> bytes:
    """The page printed by WeasyPrint."""
    weasyprint = importlib.import_module("weasyprint")
    data: bytes = weasyprint.HTML(string=text).write_pdf(pdf_identifier=b"jixiao")
    return data
