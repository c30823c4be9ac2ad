"""The characters of a page are counted twice: what PDFium leaves out is told, and nothing else is."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from extract import read
from extract.pdf import pdfium, read_pages
from extract.pdf.codes_shown import codes_shown
from extract.pdf.counting import missing_text
from tests.forms import SAMPLES, expected_projects
from tests.pdfs import forms_pdf

FORM = forms_pdf(expected_projects("pingluo-police-2024")[:2])


def pdf(content: bytes, **objects: Any) -> bytes:
    """One page with a simple font /A, a font of two bytes a code /B, a form /F and whatever else is named."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(600, 800))
        simple = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        wide = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, Encoding=pikepdf.Name("/UniGB-UCS2-H")
        )
        form = pikepdf.Stream(document, b"BT /A 9 Tf (four) Tj ET")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        fonts = pikepdf.Dictionary(A=simple, B=wide)
        page.Resources = pikepdf.Dictionary(Font=fonts, XObject=pikepdf.Dictionary(F=form, **objects))
        page.Contents = pikepdf.Stream(document, content)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b"BT /A 9 Tf (abc) Tj ET", 3),
        (rb"BT /A 9 Tf (a\)\(\101\\) Tj ET", 5),
        (b"BT /A 9 Tf (a(b(c))d) Tj ET", 8),
        (b"BT /A 9 Tf (a\\\nb) Tj ET", 2),
        (b"BT /A 9 Tf [(ab) -20 (c) 3 <4142>] TJ (d) ' 1 2 (ef) \" ET", 8),
        (b"BT /B 9 Tf <4E2D56FD> Tj ET", 2),
        (b"q BT /B 9 Tf <4E2D> Tj ET Q BT <4142> Tj ET", 3),
        (b"BT /A 9 Tf 3 Tr (hidden) Tj 0 Tr (seen) Tj ET", 4),
        (b"/Span <</ActualText (none of these)>> BDC BT /A 9 Tf (abc) Tj ET EMC", 3),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID (\xff( EI BT /A 9 Tf (abc) Tj ET", 3),
        (b"BT /A 9 Tf (abc) Tj ET % (no) Tj\n/F Do", 7),
        (b"", 0),
    ],
)
def test_the_codes_that_a_content_shows_are_counted(content: bytes, count: int) -> None:
    assert codes_shown(pdf(content), "a.pdf") == {1: count}


@pytest.mark.parametrize(
    "content",
    [
        b"BT /A 9 Tf (abc) Tj (never ends ET" + b"(" * 200_000,
        b"/OC /Layer BDC BT /A 9 Tf (abc) Tj ET EMC",
        b"BT /A 9 Tf x Tr (abc) Tj ET",
    ],
)
def test_a_content_that_is_unclear_is_not_counted(content: bytes) -> None:
    assert codes_shown(pdf(content), "a.pdf") == {}


@pytest.mark.parametrize("engine", ["auto", "pdfium"])
def test_a_text_of_which_pdfium_hands_out_a_part_is_told(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has such a form at hand, so PDFium is made to stop early on each page."""
    real = pdfium.count_chars
    monkeypatch.setattr(pdfium, "count_chars", lambda text: real(text) * 2 // 3)
    rules = [finding.rule for finding in read(FORM, "x.pdf", engine=engine).findings]
    assert "chars-differ" in rules


@pytest.mark.parametrize("sample", sorted(path.parent.name for path in SAMPLES.glob("*/source.pdf")))
def test_no_sample_is_doubted(sample: str) -> None:
    data = (SAMPLES / sample / "source.pdf").read_bytes()
    assert not missing_text(read_pages(data, sample), data, sample)
