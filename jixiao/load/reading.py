"""The documents of an `out/`, one after the other, as rows."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jixiao.errors import DocumentError
from jixiao.load import records as r
from jixiao.load.audits import Audits
from jixiao.load.columns import Loaded
from jixiao.names import AUDIT, MANIFEST

_MAJOR = "1."


@dataclass(frozen=True, slots=True)
class Result:
    """One document's results on disk, or the manifest's word that there are none."""

    source: str
    folder: Path | None
    entry: r.Entry


@dataclass(frozen=True, slots=True)
class Opened:
    """One document's results as bytes, and the digest that tells whether a database holds them already."""

    result: Result
    audit: r.Audit | None
    files: list[bytes]
    """audit.json without its spaces, and the project files."""
    digest: str

    @property
    def source(self) -> str:
        """What the document is known by."""
        return self.result.source

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(map(len, self.files))


@dataclass
class Reader:
    """Reads results; `exact` is how many digits and decimals the database holds, None where it holds all.

    `number` makes a number with a fraction of its printed digits.
    """

    places: bool = True
    exact: tuple[int, int] | None = None
    number: Callable[[str], Any] = Decimal
    inexact: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._audits = Audits()
        self._usual = msgspec.json.Decoder(r.UsualProject, float_hook=self._number)
        self._project = msgspec.json.Decoder(r.Project, float_hook=self._number)

    def read(self, result: Result) -> Loaded:
        """The rows of one document; DocumentError where its files are not what they should be."""
        return self.rows(self.open(result))

    def open(self, result: Result) -> Opened:
        """The files of one document, not yet understood; DocumentError where they are not there, or damaged."""
        if result.folder is None:
            return Opened(result, None, [], _digest([repr(result.entry).encode()]))
        folder = str(result.folder)
        with _told():
            audit, data = self._audits.read(f"{folder}/{AUDIT}")
            files = [data, *(_bytes(folder, _name(project.file)) for project in audit.projects)]
        return Opened(result, audit, files, _digest([*files, b"places" if self.places else b""]))

    def rows(self, opened: Opened) -> Loaded:
        """The rows of one document; DocumentError where its files do not say what they should."""
        result, audit = opened.result, opened.audit
        if audit is None:
            return Loaded(result.source, _document(result, None, opened.digest))
        with _told():
            projects = [self._decoded(each) for each in opened.files[1:]]
        for project in projects:
            if not project.schema_version.startswith(_MAJOR):
                raise DocumentError(f"its results are of schema {project.schema_version}; this jixiao knows {_MAJOR}x")
        counts = {"projects": len(projects), "indicators": sum(len(each.indicators) for each in projects)}
        document = _document(result, audit, opened.digest) | counts
        return Loaded(result.source, document, audit, projects, self.places)

    def _decoded(self, data: bytes) -> r.Project:
        inexact = self.inexact
        try:
            return self._usual.decode(data)
        except msgspec.ValidationError:
            self.inexact = inexact
            return self._project.decode(data)

    def _number(self, digits: str) -> Any:
        if self.exact and len(digits) > self.exact[1] + 2:
            self._judge(digits)
        return self.number(digits)

    def _judge(self, digits: str) -> None:
        if self.exact is None:
            return
        whole, _, rest = re.sub(r"[eE].*", "", digits).lstrip("-").partition(".")
        rest = rest.rstrip("0")
        if len((whole + rest).lstrip("0")) > self.exact[0] or len(rest) > self.exact[1]:
            self.inexact += 1


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise DocumentError(f"its results cannot be read: {_why(error)}") from error


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
    if file in ("", ".", "..") or file != os.path.basename(file):  # noqa: PTH119 - a Path takes ten times as long
        raise ValueError(f"{file!r} is no name of a project file")
    return file


def _bytes(folder: str, name: str) -> bytes:
    with open(f"{folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - likewise
        return file.read()


def _digest(parts: list[bytes]) -> str:
    digest = hashlib.sha256()
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
        "options": audit.tool.options,
    }  # fmt: skip


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
