"""Write the Office and web samples: the seed and the invented form as Excel, Word, OpenDocument and HTML files.

    python -m samples.make_office [slug …]

Most are written by hand (samples/office_files.py), byte by byte the same on every machine; the tests compare them.
Those of real producers need LibreOffice or openpyxl; what is missing is said, and its samples are left as they are.
"""

from __future__ import annotations

import base64
import os
import quopri
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from samples import pdf_office
from samples.office_files import (
    Grid,
    Page,
    docx,
    grid_of,
    html_table,
    paragraph,
    parted,
    repacked,
    stacked,
    word_table,
    xlsx,
)
from samples.pdf_cells import Cell, Sheet, seed_forms, whole_form, whole_form_apart
from samples.pdf_office import Look, Paint

HERE = Path(__file__).resolve().parent
LOOK = Look("Noto Sans CJK SC")
SITE = "<ul><li><a href=#>首页</a></li><li><a href=#>信息公开</a></li></ul>"


def main(slugs: Sequence[str]) -> int:
    """Write the named samples, or all; the number of those that could not be written is the exit code."""
    failed = 0
    for name, make in {**BY_HAND, **BY_PRODUCERS}.items():
        slug = name.partition("/")[0]
        if slugs and slug not in slugs:
            continue
        try:
            data = make()
        except (ImportError, FileNotFoundError) as error:
            sys.stderr.write(f"{slug}: left as it is, this machine lacks {error}\n")
            failed += 1
            continue
        (HERE / slug).mkdir(exist_ok=True)
        (HERE / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data)} bytes\n")
    return failed


# Excel.


def one_sheet(**looks: bool) -> bytes:
    """All forms one below the other on one sheet."""
    return xlsx([Page("项目支出绩效目标表", stacked(seed_forms()), **looks)])


def sheet_for_each() -> bytes:
    """A sheet for each project, numbers as cells of numbers with a format, the table away from the corner."""
    forms = enumerate(seed_forms(), 1)
    return xlsx([
        Page(f"项目{number}", stacked([form], gap=0), typed=True, first_row=1, first_col=1) for number, form in forms
    ])  # fmt: skip


def damaged_sheet() -> bytes:
    """The invented form away from the corner: cells of numbers, hidden rows, a blank row inside, a hidden old sheet."""
    grid = stacked([whole_form()], lines=["单位：万元"], gap=0)
    start = next(cell.row for cell in grid.cells if cell.text == "一级指标")
    grid = grid.with_blank(start)
    hidden = frozenset({start + 3, start + 4})
    old = Grid((Cell(0, 0, 1, 1, "去年的说明，已作废", "text"),), 1, 1)
    return xlsx([
        Page("目标表", grid, typed=True, first_row=2, first_col=1, hidden_rows=hidden),
        Page("旧表", old, hidden=True),
    ])  # fmt: skip


# Word.


def word(forms: Sequence[Sheet], *, merged: bool = True, lines: Sequence[str] = ()) -> str:
    """The body of a document: heading lines above the tables of each form."""
    return "".join(
        "".join(map(paragraph, (*form.heading, *lines)))
        + "".join(word_table(grid_of(block), block.shares, merged=merged) + paragraph("") for block in form.blocks)
        for form in forms
    )


def word_cut() -> bytes:
    """The seed as a program makes it of pages: each table cut into two, labels torn where the cut runs through them."""
    body = []
    for form in seed_forms():
        body += map(paragraph, form.heading)
        for block in form.blocks:
            grid = grid_of(block)
            cuts = [grid.height - 4] if grid.height > 9 else []
            body += [word_table(part, block.shares) + paragraph("") for part in parted(grid, cuts)]
    return docx("".join(body))


def word_torn() -> bytes:
    """The invented form framed by a table of one cell, in two tables: 产出指 ends the first, 标 begins the second."""
    form = whole_form()
    block = form.blocks[0]
    grid = grid_of(block)
    label = next(cell for cell in grid.cells if cell.text == "产出指标")
    above, below = parted(grid, [label.row + 2])
    torn = above.renamed("产出指标", "产出指"), below.renamed("", "标", col=label.col)
    tables = "".join(word_table(part, block.shares) + "<w:p/>" for part in torn)
    inside = "".join(map(paragraph, form.heading)) + tables
    frame = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='9000'/></w:tblGrid><w:tr><w:tc>{inside}</w:tc></w:tr></w:tbl>"
    return docx(frame + "<w:p/>")


# HTML.


def web(forms: Sequence[Sheet], *, closed: bool = True, merged: bool = True) -> str:
    """The tables of the forms with their heading lines, as a site's article holds them."""
    return "".join(
        "".join(f"<p align=center>{line}</p>\n" for line in form.heading)
        + "".join(html_table(grid_of(block), closed=closed, merged=merged) for block in form.blocks)
        for form in forms
    )


def site_page(article: str, charset: str) -> str:
    """A page that arranges menu and article by tables in tables, with a script and a comment."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"><title>信息公开</title>'
        "<style>td{border:1px solid}</style><script>var t='<table><tr><td>1</td></tr></table>'</script></head>\n"
        f"<body><table width=100%><tr><td width=150>{SITE}</td><td>\n<table><tr><td><h1>附件2</h1></td></tr><tr><td>"
        f"<!-- <table><tr><td>旧</td></tr></table> -->{article}</td></tr></table>\n</td></tr>"
        "<tr><td colspan=2>版权所有</td></tr></table></body></html>\n"
    )


def archive(page: str, *, quoted: bool = True) -> bytes:
    """A web archive of one page with a picture."""
    body = quopri.encodestring(page.encode()) if quoted else base64.encodebytes(page.encode())
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart"\r\n\r\n'
        "------=_NextPart\r\nContent-Location: file:///C:/1.htm\r\n"
        f"Content-Transfer-Encoding: {'quoted-printable' if quoted else 'base64'}\r\n"
        'Content-Type: text/html; charset="utf-8"\r\n\r\n'
    )  # fmt: skip
    picture = (
        "\r\n------=_NextPart\r\nContent-Location: file:///C:/1.gif\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Type: image/gif\r\n\r\nR0lGODlhAQABAAAAACw=\r\n------=_NextPart--\r\n"
    )
    return head.encode() + body.replace(b"\n", b"\r\n") + picture.encode()


# Real producers.


def by_office(data: bytes, extension: str, target: str) -> bytes:
    """A document that LibreOffice saves in another format, its dates taken out."""
    program = pdf_office.soffice()
    if program is None:
        raise FileNotFoundError("soffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"source.{extension}")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        out = str(Path(folder, "made"))
        command = [program, profile, "--headless", "--convert-to", target, "--outdir", out, str(source)]
        environment = {**os.environ, "TZ": "UTC", "HOME": folder}
        subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)  # noqa: S603 - our own document
        made = Path(out, f"source.{target.partition(':')[0]}").read_bytes()
    return _undated(made)


def _undated(data: bytes) -> bytes:
    if data.startswith(b"PK"):
        return repacked(data)
    data = re.sub(rb"\\(?:creatim|revtim|printim)[^}]*", b"", data)
    return re.sub(rb'<meta name="(?:created|changed|generator)"[^>]*>', b"", data)


def writer_text() -> bytes:
    """The seed as a text document of Writer."""
    return pdf_office.writer(seed_forms(), LOOK)


def calc_book() -> bytes:
    """The seed as openpyxl writes it, on one sheet."""
    return pdf_office.calc(seed_forms(), Paint("Noto Sans CJK SC"))


BY_HAND: dict[str, Callable[[], bytes]] = {
    "office-seed-merged/source.xlsx": one_sheet,
    "office-seed-blanks/source.xlsx": partial(one_sheet, merged=False),
    "office-seed-sheets/source.xlsx": sheet_for_each,
    "office-seed-word/source.docx": lambda: docx(word(seed_forms())),
    "office-seed-word-blanks/source.docx": lambda: docx(word(seed_forms(), merged=False), strict=True),
    "office-seed-word-cut/source.docx": word_cut,
    "office-seed-page/source.html": lambda: site_page(web(seed_forms(), closed=False), "gb2312").encode("gb18030"),
    "office-seed-page-blanks/source.html": lambda: site_page(web(seed_forms(), merged=False), "utf-8").encode(),
    "office-seed-archive/source.mhtml": lambda: archive(site_page(web(seed_forms()), "utf-8")),
    "office-apart/source.docx": lambda: docx(word([whole_form_apart()])),
    "excel-damaged/source.xlsx": damaged_sheet,
    "word-torn/source.docx": word_torn,
    "page-in-page/source.html": lambda: site_page(web([whole_form()], closed=False), "gbk").encode("gb18030"),
}
"""Written byte by byte; the tests compare them with what is committed."""

BY_PRODUCERS: dict[str, Callable[[], bytes]] = {
    "office-seed-openpyxl/source.xlsx": lambda: repacked(calc_book()),
    "office-seed-calc/source.ods": lambda: by_office(calc_book(), "xlsx", "ods"),
    "office-seed-xls/source.xls": lambda: by_office(calc_book(), "xlsx", "xls"),
    "office-seed-calc-page/source.html": lambda: by_office(calc_book(), "xlsx", "html"),
    "office-seed-writer/source.docx": lambda: by_office(writer_text(), "fodt", "docx"),
    "office-seed-writer-page/source.html": lambda: by_office(writer_text(), "fodt", "html"),
    "office-seed-doc/source.doc": lambda: by_office(writer_text(), "fodt", "doc"),
    "office-rtf/source.rtf": lambda: by_office(pdf_office.writer([whole_form()], LOOK), "fodt", "rtf"),
    "office-seed-odt/source.odt": lambda: by_office(writer_text(), "fodt", "odt"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
