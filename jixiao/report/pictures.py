"""Pages of a PDF as small grey pictures inside the page."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

_DPI = 120
_QUALITY = 50


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: its size in points, and the picture as a data URL."""

    number: int
    width: float
    height: float
    url: str


def attachment(source: str, name: str, sha256: str | None, folder: Path | None) -> bytes | None:
    """The attachment's bytes, where it is found and is still the same."""
    places = [Path(source)] if source else []
    if folder:
        places = [folder / source, *sorted(folder.rglob(name)), *places] if name else places
    for place in places:
        try:
            data = place.read_bytes() if place.is_file() else b""
        except (OSError, ValueError):
            continue
        if data and hashlib.sha256(data).hexdigest() == sha256:
            return data
    return None


def pictures(data: bytes, wanted: set[int]) -> dict[int, Picture]:
    """The wanted pages of a PDF, by their number from 1; none where PDFium cannot open it."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return {}
    try:
        return {number: _picture(document, number) for number in sorted(wanted) if 1 <= number <= len(document)}
    finally:
        document.close()


def _picture(document: pdfium.PdfDocument, number: int) -> Picture:
    page = document[number - 1]
    width, height = page.get_size()
    image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
    file = io.BytesIO()
    image.save(file, "WEBP", quality=_QUALITY, method=4)
    page.close()
    return Picture(number, width, height, "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode())
