"""The compiled loops over PDFium's calls, and the same loops in Python."""

import io
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract.errors import ReadError
from extract.pdf import native, read_pdf
from tests.forms import SAMPLES

PDFS = sorted(SAMPLES.glob("pdf-*/source.pdf"))


@pytest.mark.skipif(native.LIBRARY is None, reason="LOUD: no C compiler when jixiao was installed: the loops are not compiled")
@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.parent.name)
def test_python_and_the_compiled_loops_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = read_pdf(path.read_bytes(), path.name)
    monkeypatch.setattr(native, "LIBRARY", None)
    assert repr(read_pdf(path.read_bytes(), path.name)) == repr(compiled)  # with all places


@pytest.mark.parametrize("compiled", [True, False])
def test_a_page_that_shows_nothing_is_read_by_both(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        monkeypatch.setattr(native, "LIBRARY", None)
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(-500, 100, "off the page")
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    with pytest.raises(ReadError, match="without any text"):
        read_pdf(out.getvalue(), "x.pdf")
