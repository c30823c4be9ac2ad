"""Visible text under or over a picture of the page is another recogniser's; text printed over a letterhead is not."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.pdf.pictured import pictured
from jixiao.pipeline import extract
from samples.make_scans import rendered
from tests.pdfs import FONT
from tests.test_samples import source_of

Draw = Callable[[Canvas], None]
SOURCE = source_of("pdf-filled-rules")


def pdf(*draws: Draw) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for draw in draws:
        draw(canvas)
    canvas.save()
    return out.getvalue()


def picture(page: Image.Image) -> Draw:
    return lambda canvas: canvas.drawImage(ImageReader(page), 0, 0, *A4)


def text(replace: tuple[str, str] = ("", "")) -> Draw:
    """The characters of the sample at their places, as a recogniser writes them into a PDF."""

    def draw(canvas: Canvas) -> None:
        with pypdfium2.PdfDocument(SOURCE) as document:
            found = document[0].get_textpage()
            for at in range(found.count_rects()):
                left, bottom, right, top = found.get_rect(at)
                canvas.setFont(FONT, top - bottom)
                canvas.drawString(left, bottom, found.get_text_bounded(left, bottom, right, top).replace(*replace))

    return draw


def in_form(draw: Draw) -> Draw:
    """The same within a form object."""

    def drawn(canvas: Canvas) -> None:
        canvas.beginForm("form", 0, 0, *A4)
        draw(canvas)
        canvas.endForm()
        canvas.doForm("form")

    return drawn


SCAN = Image.fromarray(next(iter(rendered(SOURCE, 150))))
LETTERHEAD = Image.fromarray(np.full((600, 420, 3), (248, 244, 232), np.uint8))


@pytest.mark.parametrize(
    ("draws", "wanted"),
    [
        ((text(), picture(SCAN)), [1]),
        ((picture(SCAN), text()), [1]),
        ((picture(LETTERHEAD), text()), []),
        ((text(),), []),
        ((picture(LETTERHEAD), in_form(text())), []),
    ],
)
def test_a_text_that_a_picture_shows_or_covers_is_no_print(draws: tuple[Draw, ...], wanted: list[int]) -> None:
    assert pictured(pdf(*draws), [1]) == wanted


@pytest.mark.parametrize("over", [False, True])
def test_such_a_page_is_read_anew_and_differences_are_told(*, over: bool) -> None:
    layers = (text(("98%", "298%")), picture(SCAN))
    found = extract(pdf(*(reversed(layers) if over else layers)), name="x.pdf")
    assert found.audit is not None
    assert found.audit.tool.engine.endswith("scan-ppocrv6")
    if not over:  # above, the text blots what it lies on
        assert "≥98%" in [each.target.text for each in found.projects[0].indicators]
        assert "text-layer-differs" in [each.rule for each in found.audit.findings]
