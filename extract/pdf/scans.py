"""Pages of a PDF that are pictures, or whose fonts tell nothing: rendered and read as scans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2

from extract.errors import ReadError, shown
from extract.pdf import pdfium
from extract.pdf.document import doubtful, is_garbled
from extract.pdf.drawn import Drawn
from extract.pdf.pages import PageParts, TablePart
from extract.telling import page_done
from schemas.audit import Finding

_DPI = (150.0, 400.0)
_PLAIN = 216.0  # of a page without pictures
_LARGEST = 18_000_000  # pixels
_IMAGE, _DEEPEST = 3, 4
_SAME = 0.6  # share of the cells that a hidden text must hold to be worth comparing
_TOLD = 6  # differences that a message shows

Pages = list[PageParts | None]


class Scanned(NamedTuple):
    """The pages with those that were read as scans in their place; the engine that read them ("" for none)."""

    pages: Pages
    engine: str
    findings: tuple[Finding, ...]


def with_scans(pages: Pages, wanted: list[int], data: bytes, name: str) -> Scanned:
    """The pages, those of the wanted numbers read as scans.

    Without the packages that this needs they stay as they are; `missing-part` where there is no other page.
    """
    from extract import scan  # noqa: PLC0415 - only who needs it pays for it

    if not wanted:
        return Scanned(pages, "", ())
    if not scan.installed():
        if any(page and page.parts for number, page in enumerate(pages, 1) if number not in wanted):
            return Scanned(pages, "", ())
        raise ReadError("missing-part", f"{shown(name)} holds pictures of pages; {scan.MISSING}")
    read: dict[int, PageParts] = {}
    findings: list[Finding] = []
    known: list[Any] = []
    garbled = {number for number, page in enumerate(pages, 1) if page and is_garbled(page)}
    drawn = Drawn({*wanted} & {*garbled, *doubtful(pages)})
    for done, (number, shot, layer) in enumerate(_shots(data, drawn.worth_reading(wanted)), 1):
        page = scan.read_shot(shot, known)
        page_done(done, len(wanted))
        if not drawn.is_legible(number, scan.legibility(page.parts)):
            continue
        read[number] = page
        known = scan.carried(page, known)
        findings += _differences(number, page, layer)
    findings += drawn.findings()
    read = {number: page for number, page in read.items() if page.parts}  # the others stay what they are
    laid = scan.registered([read[number] for number in sorted(read)])
    read = dict(zip(sorted(read), laid, strict=True))
    found = [read.get(number, page) for number, page in enumerate(pages, 1)]
    return Scanned(found, scan.engine_name() if read else "", tuple(findings))


def _shots(data: bytes, numbers: Iterable[int]) -> Iterator[tuple[int, Any, str]]:
    """The pages rendered, with the text that a scanner's own recogniser may have hidden in them."""
    from extract.scan.images import Shot  # noqa: PLC0415 - as above

    for number in numbers:
        with pdfium.LOCK:
            try:
                document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError:
                return  # another parser read it: there is nothing that could render it
            try:
                with _closing(document[number - 1]) as page:
                    scale = _scale(page)
                    bitmap = page.render(scale=scale, rev_byteorder=True)
                    shot = Shot(bitmap.to_numpy()[..., :3].copy(), 1 / scale)
                    bitmap.close()
                    with _closing(page.get_textpage()) as text:
                        layer = text.get_text_range()
            except pypdfium2.PdfiumError:
                continue
            finally:
                document.close()
        yield number, shot, layer


@contextmanager
def _closing(handle: Any) -> Iterator[Any]:
    try:
        yield handle
    finally:
        handle.close()


def _scale(page: Any) -> float:
    """Pixels a point, so that a pixel of the largest picture becomes one pixel."""
    width, height = page.get_size()
    largest = max((_density(each) for each in page.get_objects(filter=[_IMAGE], max_depth=_DEEPEST)), default=(0, 0))
    dpi = min(max(largest[1], _DPI[0]), _DPI[1]) if largest[0] > 0.1 * width * height else _PLAIN
    scale = dpi / 72
    return float(min(scale, (_LARGEST / max(1.0, width * height)) ** 0.5))


def _density(image: Any) -> tuple[float, float]:
    """How large a picture is on the page, and its pixels an inch."""
    left, bottom, right, top = image.get_bounds()
    across, down = image.get_px_size()
    area = abs((right - left) * (top - bottom))
    return area, 72 * float((across * down / area) ** 0.5) if area else 0.0


def _differences(number: int, page: PageParts, layer: str) -> Iterator[Finding]:
    """Cells that the page's own text layer reads otherwise, where it is the text of the page at all."""
    from extract.scan.engine import folded  # noqa: PLC0415 - as above

    hidden = folded("".join(layer.split()))
    texts = [cell.text for part in page.parts if isinstance(part, TablePart) for cell in part.cells]
    missing = [text for text in texts if folded("".join(text.split())) not in hidden]
    if not hidden or not texts or len(missing) > (1 - _SAME) * len(texts) or not missing:
        return
    told = "、".join("".join(text.split())[:40] for text in missing[:_TOLD]) + ("…" if len(missing) > _TOLD else "")
    yield Finding(
        "",
        "text-layer-differs",
        "warning",
        "reading",
        f"第{number}页自带的文字层与识别结果有{len(missing)}处不同，识别为：{told}",
        f"the text layer of page {number} says otherwise at {len(missing)} cells, which were read as: {told}",
    )
