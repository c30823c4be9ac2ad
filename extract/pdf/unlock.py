"""An encrypted PDF as an open one, where one of the passwords fits."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pypdfium2

from extract.errors import ReadError, shown
from extract.pdf.pdfium import LOCK

_WITHOUT_SECURITY = 3  # FPDF_REMOVE_SECURITY of fpdf_save.h


def unlocked(data: bytes, name: str, passwords: Iterable[str]) -> bytes:
    """The same PDF without encryption; raises ReadError `encrypted` where no password fits. None of them is told."""
    tried = 0
    for tried, password in enumerate(passwords, 1):  # noqa: B007 - counted
        with LOCK:
            try:
                document = pypdfium2.PdfDocument(data, password=password)
            except pypdfium2.PdfiumError:
                continue
            try:
                opened = io.BytesIO()
                document.save(opened, flags=_WITHOUT_SECURITY)
            finally:
                document.close()
            return opened.getvalue()
    raise ReadError("encrypted", f"{shown(name)} is a PDF that needs a password, and none of the {tried} given fits")
