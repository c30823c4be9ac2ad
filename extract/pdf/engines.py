"""Which engine reads a PDF: one by its name, or the fast path with pdfplumber asked where it doubts itself."""

from __future__ import annotations

from extract.errors import ReadError
from extract.pdf import ENGINE, document_of, loss, pdfium, qpdf, read_pages
from extract.pdf.counting import BROKEN, missing_text
from extract.pdf.document import is_lost
from extract.pdf.pages import PageParts
from schemas.audit import Finding
from schemas.table import Document

ENGINES = ("auto", "pdfium", "pdfplumber", "camelot")
"""The names by which a user chooses."""

_MENDABLE = ("damaged", "not-a-table")
_NAMED = 10  # pages that a message names

Pages = list[PageParts | None]


def read_with(data: bytes, name: str, engine: str) -> Document:
    """The document of a PDF by one of ENGINES; raises ReadError. What an engine lost of the text is a finding."""
    if engine == "pdfium":
        pages = read_pages(data, name)
        return _said(pages, data, name, ENGINE, missing_text(pages, data, name))
    if engine == "pdfplumber":
        from extract.pdf import plumber  # noqa: PLC0415 - only who asks for it pays for it

        return _said(plumber.read_pages(data, name), data, name, plumber.ENGINE)
    if engine == "camelot":
        from extract.pdf import camelots  # noqa: PLC0415 - likewise

        pages, flavour = camelots.read_pages(data, name)
        return _said(pages, data, name, flavour)
    return _auto(data, name)


def read_without_pdfium(data: bytes, name: str, after: str) -> Document:
    """The document of a PDF at which PDFium failed (`after` tells how), by pdfplumber alone; raises ReadError.

    Nobody can count then what was lost, so the document as a whole has a finding.
    """
    from extract.pdf import plumber  # noqa: PLC0415 - as above

    finding = _finding(
        "engine-failed",
        "error",
        f"PDFium读不完这个文件（{after}），改由pdfplumber读取，没有第二个引擎核对字符数",
        f"PDFium did not get through the document ({after}); pdfplumber read it, and no second engine counted its text",
    )
    return document_of(plumber.read_pages(data, name), data, name, plumber.ENGINE, (finding,))


def _auto(data: bytes, name: str) -> Document:
    try:
        pages = read_pages(data, name)
    except ReadError as error:
        if error.code not in _MENDABLE:
            raise
        return _instead(data, name, error)
    missing = missing_text(pages, data, name)
    doubtful = _doubtful(data, name, pages)
    if doubtful:
        return _mended(data, name, pages, doubtful, missing)
    try:
        return document_of(pages, data, name, ENGINE, tuple(missing.values()))
    except ReadError as error:
        if any(page and (page.chars or page.hidden or page.picture) for page in pages):
            raise  # pictures, or fonts that tell nothing: another parser finds no other text in them
        return _instead(data, name, error)


def _instead(data: bytes, name: str, error: ReadError) -> Document:
    """What else can be read of a file that PDFium cannot read, or the error where nothing can.

    PDFium reads what qpdf makes of the file; where that gives nothing, pdfplumber reads the file itself.
    """
    from extract.pdf import plumber  # noqa: PLC0415 - as above

    if error.code == "damaged" and (mended := qpdf.rebuilt(data, name)):
        try:
            pages = read_pages(mended, name)
            return document_of(pages, data, name, f"{ENGINE}+{qpdf.ENGINE}", (_rebuilt(len(pages)),))
        except ReadError:
            pass
    try:
        pages = plumber.read_pages(data, name)
        return document_of(pages, data, name, plumber.ENGINE, (_changed([], len(pages)),))
    except ReadError:
        raise error from None


def _doubtful(data: bytes, name: str, pages: Pages) -> dict[int, loss.Loss]:
    """The pages that the fast path doubts, by number; the exact count is made only where the rough one differs."""
    tables = any(page and page.parts and not loss.without_table(page) for page in pages)
    rough = {
        number: loss.Loss(max(0, gap), loss.loose(page), bare)
        for number, page in enumerate(pages, 1)
        if page and not is_lost(page)
        for gap, bare in [(page.chars - loss.held(page), tables and loss.without_table(page))]
    }
    found = {number: doubt for number, doubt in rough.items() if doubt}
    broken = {number: loss.Loss(0, 0, bare=True) for number, page in enumerate(pages, 1) if page is None}
    if any(doubt.lost for doubt in found.values()):
        with pdfium.opened(data, name) as document:
            found = {
                number: doubt._replace(lost=_lost(document, number, pages[number - 1]) if doubt.lost else 0)
                for number, doubt in found.items()
            }
    return {number: doubt for number, doubt in found.items() if doubt} | broken


def _lost(document: pdfium.Handle, number: int, page: PageParts | None) -> int:
    return loss.lost_characters(document, number, page) if page else 0


def _mended(
    data: bytes, name: str, pages: Pages, doubtful: dict[int, loss.Loss], missing: dict[int, Finding]
) -> Document:
    """The pages with those that pdfplumber reads with less loss in the place of the doubtful ones."""
    from extract.pdf import plumber  # noqa: PLC0415 - as above

    try:
        others = plumber.read_pages(data, name, doubtful)
    except ReadError:
        others = []
    taken: list[int] = []
    left: dict[int, int] = {}
    with pdfium.opened(data, name) as document:
        for number, doubt in doubtful.items():
            other = others[number - 1] if number <= len(others) else None
            lost = _lost(document, number, other)
            if other and _is_better(other, pages[number - 1], loss.Loss(lost, loss.loose(other), doubt.bare), doubt):
                pages[number - 1] = other
                taken.append(number)
                lost = lost if lost > loss.FEW else 0
            else:
                lost = doubt.lost
            if lost:
                left[number] = lost
    findings = [each for number, each in missing.items() if number not in taken or each.rule == BROKEN]
    findings += [_changed(taken, len(pages))] if taken else []
    findings += [_pages_differ(len(pages), len(others))] if others and len(others) != len(pages) else []
    findings += [_lost_text(number, count) for number, count in left.items()]
    engine = f"{ENGINE}+{plumber.ENGINE}" if taken else ENGINE
    return document_of(pages, data, name, engine, tuple(findings))


def _is_better(other: PageParts, page: PageParts | None, new: loss.Loss, old: loss.Loss) -> bool:
    """Whether another reading of a page loses less of it, and has as much within cells; its text must make sense."""
    if is_lost(other) or not other.parts:
        return False
    if page is None:
        return True
    if other.inferred and not page.inferred:
        return False  # columns told by white space are no better than lines of text
    bare = new.bare and loss.without_table(other)
    return (new.lost if new.lost > loss.FEW else 0, new.loose, bare) < (old.lost, old.loose, old.bare)


def _said(pages: Pages, data: bytes, name: str, engine: str, missing: dict[int, Finding] | None = None) -> Document:
    """The pages of one engine, with what of the text it lost by PDFium's count."""
    findings: list[Finding] = [*(missing or {}).values()]
    try:
        with pdfium.opened(data, name) as document:
            count = pdfium.page_count(document)
            if count != len(pages):
                findings.append(_pages_differ(count, len(pages)))
            few = 0 if engine == ENGINE else loss.FEW
            for number, page in enumerate(pages[:count], 1):
                sure = engine == ENGINE and page and page.chars == loss.held(page)
                if page and not sure and not is_lost(page) and (lost := _lost(document, number, page)) > few:
                    findings.append(_lost_text(number, lost))
    except ReadError:
        pass  # PDFium cannot open it, and then cannot count
    return document_of(pages, data, name, engine, tuple(findings))


def _finding(rule: str, severity: str, message: str, message_en: str) -> Finding:
    return Finding("", rule, "info" if severity == "info" else "error", "reading", message, message_en)


def _rebuilt(count: int) -> Finding:
    return Finding(
        "",
        "file-rebuilt",
        "warning",
        "reading",
        f"PDF文件已损坏，由qpdf重建后读取（共{count}页），可能缺少页面或内容",
        f"the file is broken; qpdf rebuilt it ({count} pages), and pages or parts of them may be missing",
    )


def _changed(numbers: list[int], count: int) -> Finding:
    shown = "、".join(map(str, numbers[:_NAMED])) + ("…" if len(numbers) > _NAMED else "")
    where, where_en = (f"第{shown}页", f"page {shown.replace('、', ', ')}") if numbers else ("整个文件", "the document")
    return _finding(
        "engine-changed",
        "info",
        f"{where}改由pdfplumber读取，因为PDFium读得不全（共{count}页）",
        f"{where_en} was read by pdfplumber, since PDFium read less of it ({count} pages in all)",
    )


def _pages_differ(count: int, other: int) -> Finding:
    return _finding(
        "pages-differ",
        "error",
        f"PDFium看到{count}页，另一个引擎看到{other}页，可能有页面缺失",
        f"PDFium sees {count} pages, the other engine {other}: pages may be missing",
    )


def _lost_text(number: int, count: int) -> Finding:
    return _finding(
        "lost-text",
        "error",
        f"第{number}页有{count}个字符没有进入任何单元格或文本行",
        f"{count} characters of page {number} are in no cell and no line",
    )
