"""Makes the PDFs of tests/data/pdf, which need a font file: python -m tests.pdf_files wqy-zenhei.ttc."""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tests.forms import expected_projects
from tests.pdfs import Look, forms_pdf

HERE = Path(__file__).resolve().parent / "data" / "pdf"


def main(font: str) -> None:
    """Write the files."""
    pdfmetrics.registerFont(TTFont("embedded", font))
    data = forms_pdf(expected_projects("whole-form"), Look(font="embedded"))
    (HERE / "embedded-font.pdf").write_bytes(data)
    # The name of the key is overwritten, so that no offset changes.
    (HERE / "no-unicode.pdf").write_bytes(data.replace(b"/ToUnicode", b"/ToUnicodX"))


if __name__ == "__main__":
    main(*sys.argv[1:])
