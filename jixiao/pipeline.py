"""The way of one document, in a screenful: file to Document to Form to Project, with its audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import IO, Literal

from extract import read
from extract.errors import ReadError
from jixiao.errors import DocumentError
from jixiao.version import VERSION
from normalize import check_all, forms_of, repair, type_form
from normalize.forms import Forms
from normalize.project import Typed
from schemas.audit import Audit, Finding, Tool
from schemas.project import Project
from schemas.table import Document

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is opened at all; readers have closer limits of their own."""

Status = Literal["ok", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out of one document.

    `status` is "ok"; "partial" where a finding says that something could not be placed (severity error); "failed"
    where nothing could be read, with the reason in `error`.
    """

    name: str
    status: Status
    projects: list[Project] = field(default_factory=list)
    audit: Audit | None = None
    error: DocumentError | None = None

    def raise_for_status(self) -> Extraction:
        """Itself, or the error of a failed document."""
        if self.error:
            raise self.error
        return self


def extract(source: str | PathLike[str] | bytes | IO[bytes], *, name: str | None = None) -> Extraction:
    """Turn one attachment into typed projects.

    `source` is a path, the bytes of a file, or a binary file object; `name` is how the audit calls it. A document
    that cannot be read gives an Extraction with status "failed" and does not raise.
    """
    called = name or _name_of(source)
    try:
        return _extract(_bytes_of(source), called)
    except DocumentError as error:
        return Extraction(called, "failed", error=error)


def _extract(data: bytes, name: str) -> Extraction:
    document = _read(data, name)
    flow = repair(document)
    forms = forms_of(flow)
    typed = check_all([type_form(form) for form in forms.forms])
    if not typed:
        raise _nothing(forms)
    audit = _audit(document, typed, (*forms.refused, *forms.findings))
    return Extraction(name, _status(audit), [each.project for each in typed], audit)


def _read(data: bytes, name: str) -> Document:
    try:
        return read(data, name)
    except ReadError as error:
        raise DocumentError(error.message, error.code) from error


def _nothing(forms: Forms) -> DocumentError:
    if forms.refused:
        return DocumentError(forms.refused[0].message_en, "unclear-table")
    return DocumentError("no project form (a title, a project name and its indicators) was found", "not-a-table")


def _audit(document: Document, typed: list[Typed], outside: tuple[Finding, ...]) -> Audit:
    tool = Tool("jixiao", VERSION, document.engine, {})
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
