"""Results on disk: whole files under their final names, nothing half-written, nothing stale."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jixiao.encode import line, load, pretty, project_record
from jixiao.errors import OutputError
from jixiao.extraction import Extraction
from jixiao.names import project_file

AUDIT = "audit.json"
MANIFEST = "manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One document's result, ready to be written: file names and bytes, and its line in the manifest."""

    source: str
    sha256: str | None
    files: tuple[tuple[str, bytes], ...]
    entry: dict[str, Any]


def render(extraction: Extraction, source: str) -> Rendered:
    """The files of one document and what the manifest says of it."""
    if extraction.audit is None:
        return Rendered(source, None, (), _entry(extraction, source))
    total = len(extraction.projects)
    names = [project_file(i, total, project.name) for i, project in enumerate(extraction.projects, 1)]
    audits = tuple(replace(audit, file=name) for audit, name in zip(extraction.audit.projects, names, strict=True))
    audit = replace(extraction.audit, projects=audits)
    files = [(name, pretty(project_record(project))) for name, project in zip(names, extraction.projects, strict=True)]
    files.append((AUDIT, pretty(audit)))
    return Rendered(source, audit.source.sha256, tuple(files), _entry(extraction, source))


def _entry(extraction: Extraction, source: str) -> dict[str, Any]:
    audit = extraction.audit
    found = [*audit.findings, *(f for p in audit.projects for f in p.findings)] if audit else []
    severities = [finding.severity for finding in found]
    error = extraction.error
    return {
        "source": source,
        "sha256": audit.source.sha256 if audit else None,
        "status": extraction.status,
        "folder": None,
        "projects": len(extraction.projects),
        "indicators": sum(len(project.indicators) for project in extraction.projects),
        "findings": {severity: severities.count(severity) for severity in ("error", "warning", "info")},
        "code": error.code if error else None,
        "message": error.message if error else None,
    }


def write_document(out: Path, folder: str, rendered: Rendered) -> None:
    """Write a document's files, its audit last, and take away those that an earlier run left."""
    place = out / folder
    try:
        old = _ours(place)
        if rendered.files:
            place.mkdir(parents=True, exist_ok=True)
        for name, data in rendered.files:
            replace_file(place / name, data)
        for name in old - {name for name, _ in rendered.files}:
            (place / name).unlink(missing_ok=True)
        if old and not rendered.files:
            with suppress(OSError):  # the user keeps files of his own there
                place.rmdir()
    except OSError as error:
        raise OutputError(f"{place}: {error.strerror or error}") from error


def _ours(place: Path) -> set[str]:
    """The files that an earlier run wrote into a folder, by its audit."""
    try:
        audit = load((place / AUDIT).read_bytes())
        names = {str(project["file"]) for project in audit["projects"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if name == Path(name).name} | {AUDIT}


def replace_file(path: Path, data: bytes) -> None:
    """Write bytes so that the name never stands for half of them."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read_manifest(out: Path) -> list[dict[str, Any]]:
    """The lines of an earlier run's manifest; none where there is none that can be read."""
    try:
        lines = (out / MANIFEST).read_bytes().splitlines()
        return [entry for entry in map(load, lines) if isinstance(entry, dict) and "source" in entry]
    except (OSError, ValueError):
        return []


def write_manifest(out: Path, entries: Iterable[dict[str, Any]], earlier: Iterable[dict[str, Any]]) -> None:
    """One line a document, sorted by source; documents of earlier runs keep theirs."""
    by_source = {entry["source"]: entry for entry in earlier} | {entry["source"]: entry for entry in entries}
    data = b"".join(line(by_source[source]) for source in sorted(by_source))
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / MANIFEST, data)
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror or error}") from error
