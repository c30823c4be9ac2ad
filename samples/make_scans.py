"""Write the scan samples: pages of the PDF samples, damaged and saved as scanners, phones and fax machines do.

    python -m samples.make_scans [slug …]

Needs only what the tests need. Every seed and date is fixed: the same versions of Pillow, OpenCV and PDFium write the
same bytes again.
"""

from __future__ import annotations

import io
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from samples import scan_damage as damage
from samples.scan_damage import Damage, Picture

HERE = Path(__file__).resolve().parent
LARGEST = 2_000_000
_DATE = time.gmtime(1735689600)

Pages = list[Picture]


@dataclass(frozen=True)
class Scan:
    """How a sample comes about: pages of which PDF sample, at how many dots an inch, damaged how, saved how."""

    of: str
    dpi: int
    damages: tuple[Damage, ...]
    save: Callable[[Pages, int], bytes]
    suffix: str


def main(slugs: list[str]) -> int:
    """Write the named samples, or all."""
    for slug in slugs or SAMPLES:
        data = made(slug)
        if len(data) > LARGEST:
            raise ValueError(f"{slug} has {len(data)} bytes, more than {LARGEST}")
        path = HERE / slug / f"source.{SAMPLES[slug].suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        sys.stdout.write(f"{slug}: {len(data)} bytes\n")
    return 0


def made(slug: str) -> bytes:
    """The bytes of a sample."""
    scan = SAMPLES[slug]
    pages = [
        damage.damaged(page, scan.damages, zlib.crc32(f"{slug} {number}".encode()))
        for number, page in enumerate(rendered(HERE / scan.of / "source.pdf", scan.dpi))
    ]
    return scan.save(pages, scan.dpi)


def rendered(path: Path, dpi: int) -> Pages:
    """The pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(path)
    pages = [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]
    document.close()
    return pages


# How pictures are saved.


def grey_pdf(quality: int) -> Callable[[Pages, int], bytes]:
    """A PDF of grey JPEG pictures, as an office scanner sends it."""

    def save(pages: Pages, dpi: int) -> bytes:
        first, *others = [Image.fromarray(page).convert("L") for page in pages]
        options: dict[str, Any] = {"resolution": dpi, "quality": quality, "creationDate": _DATE, "modDate": _DATE}
        return _saved(first, "PDF", save_all=True, append_images=others, **options)

    return save


def jpeg(quality: int, orientation: int = 1) -> Callable[[Pages, int], bytes]:
    """A photograph; with an orientation, as a telephone that lay on its side stores it."""

    def save(pages: Pages, dpi: int) -> bytes:
        image = Image.fromarray(pages[0])
        exif = Image.Exif()
        if orientation == 6:  # to be shown turned a quarter with the clock
            image = image.transpose(Image.Transpose.ROTATE_90)
            exif[0x0112] = orientation
        return _saved(image, "JPEG", quality=quality, dpi=(dpi, dpi), exif=exif)

    return save


def fax_tiff(pages: Pages, dpi: int) -> bytes:
    """A TIFF of several pages, black and white."""
    first, *others = [Image.fromarray(page).convert("1", dither=Image.Dither.NONE) for page in pages]
    return _saved(first, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(dpi, dpi))


def png(pages: Pages, dpi: int) -> bytes:
    """A PNG of 16 shades."""
    return _saved(Image.fromarray(pages[0]).convert("L").quantize(16), "PNG", dpi=(dpi, dpi), optimize=True)


def webp(pages: Pages, dpi: int) -> bytes:  # noqa: ARG001 - the format holds no resolution
    """A WebP picture."""
    return _saved(Image.fromarray(pages[0]), "WEBP", quality=40, method=6)


def bmp(pages: Pages, dpi: int) -> bytes:
    """A BMP of black and white."""
    return _saved(Image.fromarray(pages[0]).convert("1", dither=Image.Dither.NONE), "BMP", dpi=(dpi, dpi))


def mixed_pdf(pages: Pages, dpi: int) -> bytes:
    """A PDF whose first page is printed and whose others are pictures over a hidden text with an error in it."""
    printed = pypdfium2.PdfDocument(HERE / "pdf-cuts" / "source.pdf")
    layers = [page.get_textpage().get_text_range() for page in printed]
    pictures = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(pictures, invariant=1)
    for page, layer in list(zip(pages, layers, strict=True))[1:]:
        height, width = (side * 72 / dpi for side in page.shape[:2])
        canvas.setPageSize((width, height))
        shot = io.BytesIO(_saved(Image.fromarray(page).convert("L"), "JPEG", quality=55))
        text = canvas.beginText(40, height - 40)
        text.setTextRenderMode(3)
        text.setFont("STSong-Light", 8)
        text.textLines(layer.replace("95%", "295%"))
        canvas.drawImage(ImageReader(shot), 0, 0, width, height)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    whole = pypdfium2.PdfDocument.new()
    whole.import_pages(printed, [0])
    whole.import_pages(pypdfium2.PdfDocument(pictures.getvalue()))
    held = io.BytesIO()
    whole.save(held)
    return held.getvalue()


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


SAMPLES = {
    "scan-seed-skewed": Scan("pdf-seed-writer", 150, (damage.skew(1.1), damage.noise(2.5)), grey_pdf(38), "pdf"),
    "scan-stamped": Scan(
        "pdf-filled-rules",
        200,
        (damage.stamp(0.42, 0.33), damage.stamp(0.72, 0.62), damage.skew(-0.7), damage.noise(4)),
        jpeg(60),
        "jpg",
    ),
    "scan-fax": Scan("pdf-cuts", 200, (damage.skew(0.5), damage.fax()), fax_tiff, "tiff"),
    "scan-copier": Scan("pdf-cell-boxes", 200, (damage.skew(-0.8), damage.blur(0.7), damage.copier()), webp, "webp"),
    "scan-broken-rules": Scan("pdf-filled-rules", 200, (damage.broken_rules(), damage.skew(0.5)), png, "png"),
    "scan-keystone": Scan("pdf-vertical-label", 200, (damage.keystone(0.02), damage.noise(3)), jpeg(55, 6), "jpg"),
    "scan-curl": Scan("pdf-hair-rules", 250, (damage.curl(0.01), damage.fax(0.7)), bmp, "bmp"),
    "scan-level-rules": Scan(
        "pdf-form-object", 200, (damage.without_rules(upright=True, level=False), damage.skew(0.4)), png, "png"
    ),
    "scan-runs-on": Scan(
        "pdf-cuts",
        200,
        (damage.without_rules(upright=True, level=False), damage.skew(-0.5), damage.noise(3)),
        grey_pdf(45),
        "pdf",
    ),
    "scan-turned": Scan("pdf-filled-rules", 150, (damage.skew(0.6), damage.turned(1)), grey_pdf(60), "pdf"),
    "scan-mixed": Scan("pdf-cuts", 150, (damage.skew(0.8), damage.noise(3)), mixed_pdf, "pdf"),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
