"""What single producers do in their files, drawn as they draw it."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Dictionary, Name

from extract import read
from schemas.table import Document

XS, YS = (50.0, 200.0, 350.0), (600.0, 640.0, 680.0)
LINES = [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS]
RULES = "".join(f"{x0} {y0} m {x1} {y1} l S " for x0, y0, x1, y1 in LINES)
LATIN = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def drawn(content: str) -> bytes:
    """A page of two rows and two columns with more content; the font /F1 is Helvetica."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(LATIN)))
        page.Contents = document.make_stream(f"{RULES}\n{content}".encode("latin-1"))
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def texts(document: Document) -> list[str]:
    return [cell.text.value for page in document.pages for table in page.tables for cell in table.cells]


def test_a_gap_between_latin_words_that_no_space_fills_is_one() -> None:
    """As TeX writes them: one array of strings, the gaps between words as numbers."""
    data = drawn("BT /F1 10 Tf 55 655 Td [(Total)-278(cost)-278(of)-20(fice)] TJ ET")
    assert texts(read(data, "x.pdf")) == ["Total cost office"]
