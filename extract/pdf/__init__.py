"""PDF to Document by the rules that the page draws: PDFium's characters and lines, grids of cells with spans."""

from __future__ import annotations

import hashlib
import re

from extract.errors import ReadError, shown
from extract.pdf import pdfium, qpdf
from extract.pdf.annotations import printed_page
from extract.pdf.document import assembled, doubtful, is_lost
from extract.pdf.pages import PageParts, read_page
from schemas.audit import Finding, Source
from schemas.table import Document

__all__ = ["ENGINE", "MAX_PAGES", "document_of", "read_pages", "read_pdf"]

ENGINE = "pdfium-lattice"
MAX_PAGES = 20_000
_LARGE = 0.5  # of a page, from which a picture may be the page itself


def read_pdf(data: bytes, name: str) -> Document:
    """The tables of a PDF by the lines that it draws, and the lines of text between them.

    Raises ReadError: `encrypted`, `damaged` where PDFium cannot open it, `too-large`, `not-a-table` where no page has a
    text that can be read.
    """
    return document_of(read_pages(data, name), data, name, ENGINE)


def document_of(
    pages: list[PageParts | None], data: bytes, name: str, engine: str, findings: tuple[Finding, ...] = ()
) -> Document:
    """The document of pages that an engine read, with what was found of them and before; scans among them are read."""
    wanted = [number for number, page in enumerate(pages, 1) if page and is_lost(page)]
    misled = doubtful(pages)
    if {*misled} - {*wanted}:
        from extract.scan import installed  # noqa: PLC0415 - few pages have such fonts

        wanted = sorted({*wanted, *misled}) if installed() else wanted
    covered = [number for number, page in enumerate(pages, 1) if page and page.picture > _LARGE]
    if {*covered} - {*wanted}:
        from extract.pdf.pictured import pictured  # noqa: PLC0415 - few pages lie under a picture

        wanted = sorted({*wanted, *pictured(data, [number for number in covered if number not in wanted])})
    if wanted:
        from extract.pdf.scans import with_scans  # noqa: PLC0415 - OpenCV and a model, only for pages that need them

        pages, scanner, differences = with_scans(pages, wanted, data, name)
        engine, findings = "+".join(filter(None, (engine, scanner))), (*findings, *differences)
    digest = hashlib.sha256(data).hexdigest()
    source = Source(re.split(r"[/\\]", name)[-1], digest, "application/pdf", len(pages))
    found, troubles = assembled(pages, name)
    return Document(source, engine, found, cuts_marked=True, findings=(*findings, *troubles))


def read_pages(data: bytes, name: str) -> list[PageParts | None]:
    """The parts of every page; None for those that PDFium cannot load."""
    with pdfium.opened(data, name) as document:
        count = pdfium.page_count(document)
        if count > MAX_PAGES:
            raise ReadError("too-large", f"{shown(name)} has {count} pages; the limit is {MAX_PAGES}")
        if count < 1:
            raise ReadError("damaged", f"{shown(name)} is a PDF without pages")
        units = qpdf.units(data, name)
        pages: list[PageParts | None] = []
        onward = None
        for index in range(count):
            unpainted: list[str] = []
            with printed_page(document, index, unpainted) as page:
                found = read_page(page, units.get(index, 1.0), onward) if page else None
            pages.append(found._replace(unpainted=tuple(unpainted)) if found and unpainted else found)
            onward = found.onward if found else None
        return pages
