"""The way of one document, in a screenful: file to Document to Form to Project, with its audit."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import IO

from msgspec import structs

from extract import read
from extract.errors import ReadError
from jixiao.crosscheck import PDF, checked
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction, Status
from jixiao.layouts import lay, read_layouts
from jixiao.opening import LARGEST, read_file
from jixiao.options import Options
from jixiao.version import VERSION
from normalize import check_all, choose, forms_of, repair, tell_doubts, tell_losses, type_form
from normalize.forms import Forms
from normalize.project import Typed
from schemas.audit import Audit, Finding, Tool
from schemas.table import Document

__all__ = ["LARGEST", "Extraction", "extract", "run", "run_instead"]


def extract(  # noqa: PLR0913 - the options of the command line, by keyword
    source: str | PathLike[str] | bytes | IO[bytes],
    *,
    name: str | None = None,
    engine: str = "auto",
    cross_check: bool = False,
    passwords: Iterable[str] = (),
    layouts: Iterable[str | PathLike[str]] = (),
) -> Extraction:
    """Turn one attachment into typed projects, in this process.

    `source` is a path, the bytes of a file, or a binary file object; `name` is how the audit calls it. `engine` is who
    reads a PDF: auto, pdfium, pdfplumber or camelot; with `cross_check` a second one reads it too, and every
    difference is a finding. `passwords` are tried in turn on an encrypted PDF, `layouts` are files that
    describe a place's own layout. A document that cannot be read gives an
    Extraction with status "failed" and does not raise; an engine that does not exist is a UsageError.
    """
    called = name or _name_of(source)
    options = Options(engine, cross_check, tuple(passwords), read_layouts(layouts))
    try:
        return run(_bytes_of(source), called, options)
    except DocumentError as error:
        return Extraction(called, "failed", error=error)


def run(data: bytes, name: str, options: Options) -> Extraction:
    """The whole way of the bytes of one document; raises DocumentError."""
    found = of_document(_read(data, name, options), name, options)
    if not options.cross_check:
        return found
    return checked(found, lambda other: _second(data, name, dataclasses.replace(options, engine=other)))


def run_instead(data: bytes, name: str, options: Options, after: str) -> Extraction:
    """A PDF at which `auto` came to nothing, by one engine alone; `after` is the code.

    What crashed was PDFium, so pdfplumber reads it; what took too long or too much was pdfplumber, as it takes ten
    times of both, so PDFium does. Either way nobody gave a second opinion, and the document is `partial`.
    """
    if after == "crashed":
        return of_document(_without_pdfium(data, name, after), name, options)
    document = _read(data, name, dataclasses.replace(options, engine="pdfium"))
    finding = Finding(
        "",
        "engine-failed",
        "error",
        "reading",
        f"几个引擎一起读不完这个文件（{after}），改由PDFium单独读取，没有第二个引擎核对存疑的页面",
        f"several engines together did not get through the document ({after}); PDFium read it alone, and no second "
        "one looked at the pages that it doubts",
    )
    return of_document(structs.replace(document, findings=(finding, *document.findings)), name, options)


def _without_pdfium(data: bytes, name: str, after: str) -> Document:
    from extract.pdf.engines import read_without_pdfium  # noqa: PLC0415 - rare

    try:
        return read_without_pdfium(data, name, after)
    except ReadError as error:
        raise DocumentError(error.message, error.code) from error


def _second(data: bytes, name: str, options: Options) -> Extraction:
    try:
        return of_document(_read(data, name, options), name, options)
    except DocumentError as error:
        return Extraction(name, "failed", error=error)


def of_document(document: Document, name: str, options: Options) -> Extraction:
    lay(options.layouts)
    flow = repair(document)
    forms = forms_of(flow)
    typed = check_all(tell_doubts(document, forms, [type_form(choose(form)) for form in forms.forms]))
    if not typed:
        raise _nothing(forms)
    losses = tell_losses(document, forms, typed)
    audit = _audit(document, typed, (*forms.refused, *forms.findings, *losses), options)
    return Extraction(name, _status(audit), [each.project for each in typed], audit)


def _read(data: bytes, name: str, options: Options) -> Document:
    try:
        try:
            return read(data, name, engine=options.engine)
        except ReadError as error:
            if error.code != "encrypted" or not options.passwords:
                raise
            return _unlocked(data, name, options)
    except ReadError as error:
        raise DocumentError(error.message, error.code) from error


def _unlocked(data: bytes, name: str, options: Options) -> Document:
    from extract.pdf.unlock import unlocked  # noqa: PLC0415 - rare

    document = read(unlocked(data, name, options.passwords), name, engine=options.engine)
    return structs.replace(document, source=structs.replace(document.source, sha256=hashlib.sha256(data).hexdigest()))


def _nothing(forms: Forms) -> DocumentError:
    if forms.refused:
        return DocumentError(forms.refused[0].message_en, "unclear-table")
    return DocumentError("no project form (a title, a project name and its indicators) was found", "not-a-table")


def _audit(document: Document, typed: list[Typed], outside: tuple[Finding, ...], options: Options) -> Audit:
    told = options.told() if document.source.media_type == PDF else options.told_layouts()
    tool = Tool("jixiao", VERSION, document.engine, told)
    return Audit(document.source, tool, tuple(each.audit for each in typed), (*document.findings, *outside))


def _status(audit: Audit) -> Status:
    found = [*audit.findings, *(finding for project in audit.projects for finding in project.findings)]
    return "partial" if any(finding.severity == "error" for finding in found) else "ok"


def _name_of(source: object) -> str:
    if isinstance(source, str | PathLike):
        return Path(source).name
    return Path(str(getattr(source, "name", "document"))).name


def _bytes_of(source: str | PathLike[str] | bytes | IO[bytes]) -> bytes:
    if isinstance(source, bytes):
        return source
    if not isinstance(source, str | PathLike):
        return source.read()
    return read_file(Path(source))
