"""The way of one document, in a screenful: file to Document to Form to Project, with its audit."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import IO

from extract import read
from extract.errors import ReadError
from jixiao.crosscheck import PDF, checked
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction, Status
from jixiao.options import Options
from jixiao.version import VERSION
from normalize import check_all, forms_of, repair, type_form
from normalize.forms import Forms
from normalize.project import Typed
from schemas.audit import Audit, Finding, Tool
from schemas.table import Document

__all__ = ["LARGEST", "Extraction", "extract"]

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is opened at all; readers have closer limits of their own."""


def extract(
    source: str | PathLike[str] | bytes | IO[bytes],
    *,
    name: str | None = None,
    engine: str = "auto",
    cross_check: bool = False,
) -> Extraction:
    """Turn one attachment into typed projects.

    `source` is a path, the bytes of a file, or a binary file object; `name` is how the audit calls it. `engine` is who
    reads a PDF: auto, pdfium, pdfplumber or camelot; with `cross_check` a second one reads it too, and every
    difference is a finding. A document that cannot be read gives an Extraction with status "failed" and does not
    raise; an engine that does not exist is a UsageError.
    """
    called = name or _name_of(source)
    options = Options(engine, cross_check)
    try:
        data = _bytes_of(source)
        found = _extract(data, called, options)
        return checked(found, lambda other: _second(data, called, Options(other))) if cross_check else found
    except DocumentError as error:
        return Extraction(called, "failed", error=error)


def _second(data: bytes, name: str, options: Options) -> Extraction:
    try:
        return _extract(data, name, options)
    except DocumentError as error:
        return Extraction(name, "failed", error=error)


def _extract(data: bytes, name: str, options: Options) -> Extraction:
    document = _read(data, name, options.engine)
    flow = repair(document)
    forms = forms_of(flow)
    typed = check_all([type_form(form) for form in forms.forms])
    if not typed:
        raise _nothing(forms)
    audit = _audit(document, typed, (*forms.refused, *forms.findings), options)
    return Extraction(name, _status(audit), [each.project for each in typed], audit)


def _read(data: bytes, name: str, engine: str) -> Document:
    try:
        return read(data, name, engine=engine)
    except ReadError as error:
        raise DocumentError(error.message, error.code) from error


def _nothing(forms: Forms) -> DocumentError:
    if forms.refused:
        return DocumentError(forms.refused[0].message_en, "unclear-table")
    return DocumentError("no project form (a title, a project name and its indicators) was found", "not-a-table")


def _audit(document: Document, typed: list[Typed], outside: tuple[Finding, ...], options: Options) -> Audit:
    told = options.told() if document.source.media_type == PDF else {}
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
    path = Path(source)
    try:
        if not path.is_file():
            raise DocumentError(_what_it_is(path), "not-found" if not path.exists() else "unsupported")
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"the file has more than {LARGEST // 1024 // 1024} MiB", "too-large")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DocumentError(f"the file cannot be opened: {reason}", "unreadable") from error


def _what_it_is(path: Path) -> str:
    return "it is no regular file" if path.exists() else "there is no such file"
