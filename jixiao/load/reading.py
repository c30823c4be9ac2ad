"""The documents of an `out/`, one after the other, as rows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jixiao.errors import DocumentError
from jixiao.load import records as r
from jixiao.load.rows import Loaded, rows_of
from jixiao.write import AUDIT, MANIFEST

_MAJOR = "1."


@dataclass(frozen=True, slots=True)
class Result:
    """One document's results on disk, or the manifest's word that there are none."""

    source: str
    folder: Path | None
    entry: r.Entry


@dataclass
class Reader:
    """Reads results; `exact` is how many digits and decimals the database holds, None where it holds all."""

    places: bool = True
    exact: tuple[int, int] | None = None
    floats: bool = False
    inexact: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._project = msgspec.json.Decoder(r.Project, float_hook=self._number)
        self._audit = msgspec.json.Decoder(r.Audit, float_hook=self._number)

    def read(self, result: Result) -> Loaded:
        """The rows of one document; DocumentError where its files are not what they should be."""
        if result.folder is None:
            return Loaded(result.source, _document(result, None, _digest([repr(result.entry).encode()])), {})
        try:
            data = (result.folder / AUDIT).read_bytes()
            audit = self._audit.decode(data)
            files = [(result.folder / _name(project.file)).read_bytes() for project in audit.projects]
            projects = [self._project.decode(each) for each in files]
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise DocumentError(f"its results cannot be read: {_why(error)}") from error
        for project in projects:
            if not project.schema_version.startswith(_MAJOR):
                raise DocumentError(f"its results are of schema {project.schema_version}; this jixiao knows {_MAJOR}x")
        rows = rows_of(audit, projects, places=self.places)
        digest = _digest([data, *files, b"places" if self.places else b""])
        return Loaded(result.source, _document(result, audit, digest) | _counts(rows), rows)

    def _number(self, digits: str) -> Any:
        """A number with a fraction: as a float for SQLite, exact elsewhere."""
        if self.exact and len(digits) > self.exact[1] + 2:
            self._judge(digits)
        return float(digits) if self.floats else Decimal(digits)

    def _judge(self, digits: str) -> None:
        if self.exact is None:
            return
        whole, _, rest = re.sub(r"[eE].*", "", digits).lstrip("-").partition(".")
        rest = rest.rstrip("0")
        if len((whole + rest).lstrip("0")) > self.exact[0] or len(rest) > self.exact[1]:
            self.inexact += 1


def results(out: Path) -> list[Result]:
    """The documents of an out folder, or the one whose folder is named, in the order of their sources."""
    if not out.is_dir():
        raise DocumentError(f"{out}: there is no such folder", "not-found")
    if (out / AUDIT).is_file():
        entry = next((e for e in _manifest(out.parent) if e.folder == out.name), None)
        return [_result(out, entry)]
    if not (out / MANIFEST).is_file():
        raise DocumentError(f"{out} holds neither {MANIFEST} nor {AUDIT} of jixiao extract", "no-results")
    entries = _manifest(out)
    known = {entry.folder for entry in entries}
    found = [_result(out / entry.folder if entry.folder else None, entry) for entry in entries]
    found += [_result(path.parent, None) for path in out.glob(f"*/{AUDIT}") if path.parent.name not in known]
    return sorted(found, key=lambda each: each.source)


def _manifest(out: Path) -> list[r.Entry]:
    decoder = msgspec.json.Decoder(r.Entry)
    try:
        return [decoder.decode(line) for line in (out / MANIFEST).read_bytes().splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as error:
        raise DocumentError(f"{out / MANIFEST} cannot be read: {_why(error)}") from error


def _result(folder: Path | None, entry: r.Entry | None) -> Result:
    if entry is None and folder is not None:
        entry = r.Entry(folder.name, folder=folder.name)
    entry = entry or r.Entry("")
    return Result(entry.source, folder, entry)


def _name(file: str) -> str:
    if not file or file != Path(file).name:
        raise ValueError(f"{file!r} is no name of a project file")
    return file


def _digest(parts: list[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _document(result: Result, audit: r.Audit | None, digest: str) -> dict[str, Any]:
    entry = result.entry
    known = {
        "source": result.source, "sha256": entry.sha256, "status": entry.status, "code": entry.code,
        "message": entry.message, "folder": entry.folder, "name": Path(result.source).name, "media_type": None,
        "pages": None, "tool": None, "tool_version": None, "engine": None, "options": None, "projects": 0,
        "indicators": 0, "digest": digest,
    }  # fmt: skip
    if audit is None:
        return known
    return known | {
        "name": audit.source.name, "sha256": audit.source.sha256, "media_type": audit.source.media_type,
        "pages": audit.source.pages, "tool": audit.tool.name, "tool_version": audit.tool.version,
        "engine": audit.tool.engine,
        "options": msgspec.json.format(bytes(audit.tool.options), indent=-1).decode(),
    }  # fmt: skip


def _counts(rows: dict[str, list[Any]]) -> dict[str, int]:
    return {"projects": len(rows["project"]), "indicators": len(rows["indicator"])}


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
