"""Word documents to Document: tables with spans, the lines between them, and what the display hides told."""

from __future__ import annotations

from collections.abc import Iterator

from extract.archive import Archive
from extract.errors import ReadError, shown
from extract.found import Origin, finding, listed
from extract.markup import child
from extract.package import Package
from extract.tables import built
from extract.word.blocks import Reader, read_body
from extract.word.numbering import read_numbering
from extract.word.runs import Context, Seen
from extract.word.styles import read_styles
from schemas.audit import Finding
from schemas.table import Document

__all__ = ["read_docx"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCM = "application/vnd.ms-word.document.macroEnabled.12"


def read_docx(archive: Archive, data: bytes, name: str) -> Document:
    """A Word document (.docx, .docm); header, footer, notes and comments are not read, macros never looked at.

    Raises ReadError: `damaged`, `too-large`, `encrypted`, `not-a-table` where the body holds no table with a text.
    """
    package = Package(archive, name)
    main = package.main_part()
    if main is None:
        raise ReadError("damaged", f"{shown(name)} is a Word document without its main part")
    body = child(package.xml(main), "body")
    if body is None:
        raise ReadError("damaged", f"{shown(name)} is a Word document without a body")
    parts = {kind: package.related(main, kind) for kind in ("styles", "numbering")}
    roots = {kind: package.xml(part) if part else None for kind, part in parts.items()}
    seen = Seen()
    context = Context(read_styles(roots["styles"]), read_numbering(roots["numbering"]), seen)
    found = read_body(body, Reader(context, name))
    pictures = " but pictures; it needs OCR" if seen.pictures else ""
    page = built(found, name, "a Word document", pictures)
    kind = DOCM if "macroenabled" in package.content_type(main).lower() else DOCX
    return Document(
        Origin(data, name, kind, "docx").source(), "docx", (page.page,), findings=(*_notes(seen), *page.findings)
    )


def _notes(seen: Seen) -> Iterator[Finding]:
    if seen.inserted or seen.deleted:
        texts = _quoted(seen.deleted)
        yield finding(
            "tracked-changes",
            "warning",
            f"文档含未接受的修订：{seen.inserted}处插入已读入，删除的文字{texts}未读入",
            f"the document holds tracked changes: {seen.inserted} insertions are read, deleted texts {texts} are not",
        )
    if seen.boxes:
        texts = _quoted(seen.boxes)
        yield finding("text-box", "warning", f"文本框{texts}未读入", f"text boxes {texts} are not read")
    if seen.hidden:
        texts = _quoted(seen.hidden)
        yield finding("hidden-text", "warning", f"隐藏文字{texts}未读入", f"hidden texts {texts} are not read")
    if seen.covered:
        texts = _quoted(seen.covered)
        yield finding(
            "covered-cell",
            "warning",
            f"合并单元格遮住的文字{texts}未读入",
            f"texts {texts} lie under merged cells and are not read",
        )
    if seen.numbers:
        yield finding(
            "list-number",
            "info",
            f"{len(seen.numbers)}个自动编号（{listed(seen.numbers)}）已补入文字之前",
            f"{len(seen.numbers)} automatic numbers ({listed(seen.numbers)}) are set before their texts",
        )
    if seen.odd_numbers:
        yield finding(
            "list-number",
            "warning",
            f"{len(seen.odd_numbers)}个自动编号的格式无法识别，按阿拉伯数字补入",
            f"the format of {len(seen.odd_numbers)} automatic numbers is not known; they are set as digits",
        )
    if seen.unknown:
        names = listed(list(dict.fromkeys(seen.unknown)))
        yield finding(
            "unknown-symbol",
            "error",
            f"符号字体的字符{names}无法识别，已记为U+FFFD",
            f"characters of symbol fonts are not known ({names}); they stand as U+FFFD",
        )
    if seen.loose_pictures:
        yield finding(
            "picture",
            "warning",
            f"表格之外有{seen.loose_pictures}张图片，图中的文字未读入",
            f"pictures stand outside the tables ({seen.loose_pictures}); what they show is not read",
        )
    if seen.embedded:
        yield finding(
            "embedded-document",
            "error",
            f"文档内嵌{seen.embedded}个其他文档，未读入",
            f"{seen.embedded} documents are embedded in this one and not read",
        )


def _quoted(texts: list[str]) -> str:
    return listed([f"“{shown(text, 40)}”" for text in texts])
