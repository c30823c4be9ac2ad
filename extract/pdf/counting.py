"""Pages and characters of a PDF counted again by other parsers: what is silently missing is worse than an error."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from statistics import median
from typing import Any

from msgspec.structs import replace

from extract.errors import ReadError
from extract.pdf import qpdf
from extract.pdf.codes_shown import codes_shown
from extract.pdf.pages import PageParts
from extract.pdf.peers import told_in_codes
from schemas.audit import Finding
from schemas.table import Document

BROKEN = "content-broken"
"""The rule of a page that no engine can read whole."""

_PLAIN = re.compile(rb"/Type\s*/Page\b(?!s)")
_MOST = 20_000
_NAMED = 5  # layers that a message shows
_FEW = 10  # characters of a page that may be counted differently
_BESIDE = 0.2  # of the size of a text: how far apart a letter is drawn once more to make it bold
_READ_TWICE = 50  # pages of a document, at most


def counted(document: Document, data: bytes) -> Document:
    """The document with a finding where another parser sees more pages than the one that read it."""
    pages = document.source.pages
    if pages is None or any(finding.rule == "pages-differ" for finding in document.findings):
        return document
    if len(_PLAIN.findall(data)) == pages:
        return document  # they stand openly in the file: nothing else need be asked
    who, others = _by_others(data, document.source.name)
    if others <= pages:
        return document
    finding = Finding(
        "",
        "pages-differ",
        "error",
        "reading",
        f"{document.engine}看到{pages}页，{who}看到{others}页，可能有页面缺失",
        f"{document.engine} sees {pages} pages, {who} {others}: pages may be missing",
    )
    return replace(document, findings=(*document.findings, finding))


def missing_text(pages: Sequence[PageParts | None], data: bytes, name: str) -> dict[int, Finding]:
    """A finding for each page (from 1) of which PDFium hands out less text than the file shows, or may do so.

    What the content shows is counted for every page; where that is more by a tenth, pdfminer reads the page too, since
    it may be spaces, text off the page or text drawn twice. What both others see and PDFium does not is missing. A page
    whose content cannot be unpacked shows what comes before the damage, or nothing, to every reader.
    A finding about the document as a whole tells of layers that are switched off (0): PDFium hands out their text; and
    of files that are attached to it (-1).
    """
    try:
        shown = codes_shown(data, name)
    except ReadError:
        return {}
    counts = shown.counts
    found = ((number, counts.get(number, 0), page.told, page) for number, page in enumerate(pages, 1) if page)
    doubtful = {number: page for number, count, told, page in found if told is not None and _more(count, told)}
    others = _visible(data, name, [*doubtful][:_READ_TWICE])
    told = {number: (page.told or 0) + page.hidden for number, page in doubtful.items()}
    off = qpdf.layers_off(data, name) if len(counts) < len(pages) else []  # no page with a layer is counted
    hidden = {0: _hidden_layers(off)} if off else {}
    missing = {
        number: _text_missing(number, told[number], other)
        for number, other in others.items()
        if _more(min(other, counts[number]), told[number])
    }
    broken = {number: _broken(number) for number in sorted(shown.broken) if number <= len(pages) and pages[number - 1]}
    attached = {-1: _attached(shown.attached)} if shown.attached else {}
    return attached | hidden | missing | broken


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")


def _hidden_layers(names: list[str]) -> Finding:
    told = _few(names)
    return Finding(
        "",
        "hidden-layer",
        "warning",
        "reading",
        f"文件有{len(names)}个关闭的图层（{told}），打开时看不到，其中的文字也读入了",
        f"{len(names)} layers are switched off ({told}): what they hold is not shown, but was read",
    )


def _attached(names: Sequence[str]) -> Finding:
    told = _few(names)
    return Finding(
        "",
        "attached-files",
        "warning",
        "reading",
        f"文件中附有{len(names)}个其他文件（{told}），没有读入",
        f"{len(names)} files are attached to the document ({told}), and were not read",
    )


def _more(count: int, told: int) -> bool:
    return count > told + max(_FEW, told // 10)


def _visible(data: bytes, name: str, numbers: list[int]) -> dict[int, int]:
    """The characters of some pages by pdfminer: on the page, with a code point, no spaces, what is drawn twice once."""
    found: dict[int, int] = {}
    if not numbers:
        return found
    with suppress(ReadError), told_in_codes("pdfplumber", name, "pdfminer"):
        import pdfplumber  # noqa: PLC0415 - few documents need it

        with pdfplumber.open(io.BytesIO(data), pages=numbers) as document:
            for page in document.pages:
                seen = page.crop(page.bbox).filter(_has_text)
                size = median(each["size"] for each in seen.chars) if seen.chars else 0
                once = seen.dedupe_chars(tolerance=max(1, _BESIDE * size), extra_attrs=())
                found[page.page_number] = len(once.chars)
    return found


def _has_text(each: dict[str, Any]) -> bool:
    return bool(each["object_type"] == "char" and each["text"].strip() and not each["text"].startswith("(cid:"))


def _text_missing(number: int, told: int, other: int) -> Finding:
    return Finding(
        "",
        "chars-differ",
        "error",
        "reading",
        f"第{number}页PDFium读出{told}个字符，pdfminer读出{other}个，可能有文字缺失",
        f"PDFium reads {told} characters of page {number}, pdfminer {other}: text may be missing",
    )


def _by_others(data: bytes, name: str) -> tuple[str, int]:
    """The count of qpdf; where it cannot read the file, that of pdfminer."""
    with suppress(ReadError):
        return "qpdf", qpdf.page_count(data, name)
    return "pdfminer", _by_pdfminer(data, name)


def _broken(number: int) -> Finding:
    return Finding(
        "",
        BROKEN,
        "error",
        "reading",
        f"第{number}页的内容已损坏，只能读到损坏处之前的部分",
        f"the content of page {number} is damaged: what stands behind the damage is lost",
    )


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
