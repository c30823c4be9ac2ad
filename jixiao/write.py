"""Results on disk: whole files under their final names, nothing half-written, nothing stale."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from jixiao.encode import load, pretty
from jixiao.errors import DocumentError, OutputError
from jixiao.extraction import Extraction
from jixiao.names import AUDIT, PROJECT, project_file

if TYPE_CHECKING:
    from schemas.audit import Audit


@dataclass(frozen=True, slots=True)
class Rendered:
    """One document's result, ready to be written: file names and bytes, and its line in the manifest."""

    source: str
    sha256: str | None
    files: tuple[tuple[str, bytes], ...]
    entry: dict[str, Any]


def render(extraction: Extraction, source: str, *, files: bool = True) -> Rendered:
    """The files of one document and what the manifest says of it."""
    audit = extraction.audit
    if audit is None:
        error = extraction.error or DocumentError("nothing was read")
        return Rendered(source, None, (), failed_entry(source, error))
    entry = _entry(extraction, audit, source)
    if not files:
        return Rendered(source, audit.source.sha256, (), entry)
    total = len(extraction.projects)
    names = [project_file(i, total, project.name) for i, project in enumerate(extraction.projects, 1)]
    audits = tuple(replace(each, file=name) for each, name in zip(audit.projects, names, strict=True))
    written = [(name, pretty(project)) for name, project in zip(names, extraction.projects, strict=True)]
    written.append((AUDIT, pretty(replace(audit, projects=audits))))
    return Rendered(source, audit.source.sha256, tuple(written), entry)


def _entry(extraction: Extraction, audit: Audit, source: str) -> dict[str, Any]:
    severities = [f.severity for f in (*audit.findings, *(f for p in audit.projects for f in p.findings))]
    return {
        "source": source,
        "sha256": audit.source.sha256,
        "status": extraction.status,
        "code": None,
        "message": None,
        "engine": audit.tool.engine,
        "pages": audit.source.pages,
        "folder": None,
        "projects": len(extraction.projects),
        "indicators": sum(len(project.indicators) for project in extraction.projects),
        "findings": {severity: severities.count(severity) for severity in ("error", "warning", "info")},
    }


def failed_entry(source: str, error: DocumentError, sha256: str | None = None) -> dict[str, Any]:
    """What the manifest says of a document that gave nothing."""
    return {
        "source": source,
        "sha256": sha256,
        "status": "failed",
        "code": error.code,
        "message": error.message,
        "engine": None,
        "pages": None,
        "folder": None,
        "projects": 0,
        "indicators": 0,
        "findings": {"error": 0, "warning": 0, "info": 0},
    }


def write_document(out: Path, folder: str, rendered: Rendered, old: Iterable[str]) -> None:
    """Write a document's files, its audit last, and take away the `old` ones that it has no more."""
    place = out / folder
    try:
        if rendered.files:
            place.mkdir(parents=True, exist_ok=True)
        for name, data in rendered.files:
            replace_file(place / name, data)
        for name in set(old) - {name for name, _ in rendered.files}:
            (place / name).unlink(missing_ok=True)
        if old and not rendered.files:
            remove_empty(place)
    except OSError as error:
        raise OutputError(f"{place}: {error.strerror or error}") from error


def remove_empty(place: Path) -> None:
    """Remove a folder unless the user keeps files of his own there."""
    with suppress(OSError):
        place.rmdir()


def written_in(place: Path) -> set[str]:
    """The files that an earlier run wrote into a folder, by its audit."""
    try:
        audit = load((place / AUDIT).read_bytes())
        names = {str(project["file"]) for project in audit["projects"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if name == Path(name).name} | {AUDIT}


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """One SHA-256 of all files of a document, by which a later run knows whether they are whole."""
    total = hashlib.sha256()
    for name, data in sorted(files):
        total.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    return total.hexdigest()


def digest_in(place: Path) -> str | None:
    """The same of what lies in a folder; None where nothing does."""
    try:
        names = [name for name in os.listdir(place) if PROJECT.match(name) or name == AUDIT]  # noqa: PTH208 - quicker
        return digest_of((name, (place / name).read_bytes()) for name in names) if names else None
    except OSError:
        return None


def replace_file(path: Path, data: bytes) -> None:
    """Write bytes so that the name never stands for half of them."""
    temporary = path.with_name(part_of(path.name))
    try:
        temporary.unlink(missing_ok=True)  # of a run that was killed
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def part_of(name: str) -> str:
    """The name of a file while it is written."""
    return f".{name}.part"
