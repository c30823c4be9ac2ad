"""The pages of a PDF counted once more, by another parser: a page that is silently missing is worse than an error."""

from __future__ import annotations

import io
import re
from itertools import islice

from msgspec.structs import replace

from extract.errors import ReadError
from extract.pdf.peers import told_in_codes
from schemas.audit import Finding
from schemas.table import Document

_PLAIN = re.compile(rb"/Type\s*/Page\b(?!s)")
_MOST = 20_000


def counted(document: Document, data: bytes) -> Document:
    """The document with a finding where another parser sees more pages than the one that read it."""
    pages = document.source.pages
    if pages is None or any(finding.rule == "pages-differ" for finding in document.findings):
        return document
    if len(_PLAIN.findall(data)) == pages:
        return document  # they stand openly in the file: nothing else need be asked
    others = _by_pdfminer(data, document.source.name)
    if others <= pages:
        return document
    finding = Finding(
        "",
        "pages-differ",
        "error",
        "reading",
        f"{document.engine}看到{pages}页，pdfminer看到{others}页，可能有页面缺失",
        f"{document.engine} sees {pages} pages, pdfminer {others}: pages may be missing",
    )
    return replace(document, findings=(*document.findings, finding))


def _by_pdfminer(data: bytes, name: str) -> int:
    """Its count; 0 where it cannot read the file, which then is no reason to doubt another parser."""
    try:
        with told_in_codes("pdfminer", name, "pdfminer"):
            from pdfminer.pdfdocument import PDFDocument  # noqa: PLC0415 - few documents need it
            from pdfminer.pdfpage import PDFPage  # noqa: PLC0415 - likewise
            from pdfminer.pdfparser import PDFParser  # noqa: PLC0415 - likewise

            document = PDFDocument(PDFParser(io.BytesIO(data)))
            return sum(1 for _ in islice(PDFPage.create_pages(document), _MOST))
    except ReadError:
        return 0
