"""Web pages and web archives to Document: innermost data tables with spans, and the lines around them."""

from __future__ import annotations

from extract.errors import ReadError, shown
from extract.found import Origin, finding, listed
from extract.tables import Part, built
from extract.web.charset import decode_page
from extract.web.mhtml import pages_of
from extract.web.page import read_page
from schemas.audit import Finding
from schemas.table import Document

__all__ = ["MAX_BYTES", "read_html", "read_mhtml"]

MAX_BYTES = 32 * 2**20
HTML = "text/html"
MHTML = "multipart/related"


def read_html(data: bytes, name: str) -> Document:
    """A web page or a piece of one.

    Raises ReadError: `too-large`, `not-a-table` where no table with a text is in it, and what decoding refuses.
    """
    _refuse_large(data, name)
    decoded = decode_page(data, name)
    sink = read_page(decoded.text, name)
    return _document(sink.parts, sink.hidden, Origin(data, name, HTML, "html"), decoded.findings)


def read_mhtml(data: bytes, name: str) -> Document:
    """A web archive: its pages one after another."""
    _refuse_large(data, name)
    parts: list[Part] = []
    hidden: list[str] = []
    findings: tuple[Finding, ...] = ()
    for page in pages_of(data, name):
        decoded = decode_page(page.data, name, page.charset)
        sink = read_page(decoded.text, name)
        parts += sink.parts
        hidden += sink.hidden
        findings += decoded.findings
    return _document(parts, hidden, Origin(data, name, MHTML, "mhtml"), findings)


def _refuse_large(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{shown(name)} holds {len(data)} bytes of HTML; the limit is {MAX_BYTES}")


def _document(parts: list[Part], hidden: list[str], origin: Origin, findings: tuple[Finding, ...]) -> Document:
    page = built(parts, origin.name, "a web page", around=_AROUND)
    notes = _hidden(hidden) if hidden else ()
    return Document(origin.source(), origin.engine, (page.page,), findings=(*findings, *notes, *page.findings))


_AROUND = 12  # lines before the first and behind the last table that may belong to them; the rest is the site's own


def _hidden(texts: list[str]) -> tuple[Finding, ...]:
    names = listed([f"“{shown(' '.join(text.split()), 40)}”" for text in texts])
    return (
        finding(
            "hidden-text",
            "warning",
            f"网页中不显示的文字{names}未读入",
            f"texts that the page does not display {names} are not read",
        ),
    )
