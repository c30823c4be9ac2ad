"""The characters of a page are counted twice: what PDFium leaves out is told, and nothing else is."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from extract import read
from extract.pdf import pdfium, read_pages
from extract.pdf.codes_shown import Shown, codes_shown
from extract.pdf.counting import missing_text
from jixiao import extract
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
        (b"BT /A 9 Tf (abc) Tj 1 0 Td (abc) Tj (de) Tj 1 0 Td (de) Tj ET", 5),  # drawn twice, to look bold
        (b"BT /A 9 Tf (abc) Tj 1 0 Td (abc) Tj (de) Tj ET", 8),
        (b"BT /A 9 Tf (ab        ) Tj [(\\040c)] TJ ET", 3),  # spaces, with which exports of Excel are padded
        (b"BT /B 9 Tf <4E2D00200003> Tj <56FD> Tj ET", 2),
        (b"", 0),
    ],
)
def test_the_codes_that_a_content_shows_are_counted(content: bytes, count: int) -> None:
    assert codes_shown(pdf(content), "a.pdf") == Shown({1: count}, frozenset())


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b"BT /A 9 Tf (abc) Tj (never ends ET" + b"(" * 200_000, True),
        (b"/OC /Layer BDC BT /A 9 Tf (abc) Tj ET EMC", False),
        (b"BT /A 9 Tf x Tr (abc) Tj ET", False),
    ],
)
def test_a_content_that_is_unclear_is_not_counted(content: bytes, broken: bool) -> None:
    assert codes_shown(pdf(content), "a.pdf") == Shown({}, frozenset({1} if broken else ()))


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


def without(*lost: int, content: bytes, filtered: bool = True) -> bytes:
    """The seed PDF of 13 pages, a form on each, some with this content in place of their own."""
    held = io.BytesIO()
    with pikepdf.open(SAMPLES / "pdf-seed-chromium" / "source.pdf") as document:
        for number in lost:
            stream = pikepdf.Stream(document, b"")
            stream.write(content, filter=pikepdf.Name.FlateDecode if filtered else None)
            document.pages[number - 1].obj.Contents = stream
        document.save(held)
    return held.getvalue()


def test_pages_whose_content_is_damaged_make_a_document_partial_and_are_told() -> None:
    found = extract(without(2, 5, 13, content=b"no packed bytes"))
    assert found.audit is not None
    assert found.status == "partial"
    told = [finding.message_en for finding in found.audit.findings if finding.rule == "content-broken"]
    assert [message.split()[4] for message in told] == ["2", "5", "13"]


def test_pages_that_show_nothing_are_told_with_suspicion_only_before_others() -> None:
    found = extract(without(2, 13, content=b"q Q", filtered=False))
    assert found.audit is not None
    severities = {f.message_en.split()[1]: f.severity for f in found.audit.findings if f.rule == "page-blank"}
    assert severities == {"2": "warning", "13": "info"}


def test_a_document_of_damaged_pages_alone_is_never_ok() -> None:
    found = extract(without(*range(1, 14), content=b"no packed bytes"))
    assert (found.status, found.projects) == ("failed", [])
