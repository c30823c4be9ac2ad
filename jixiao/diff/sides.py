"""The two sides of a comparison: projects with the document that they are from, wherever that lies."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from jixiao.errors import DocumentError, UsageError
from jixiao.names import AUDIT, MANIFEST

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_MAJOR = "1."
_REVISION = re.compile(r"[^\s:]+:.*")


class _Audited(msgspec.Struct, frozen=True, gc=False):
    id: str = ""
    file: str = ""
    provenance: msgspec.Raw = msgspec.Raw(b"{}")


class _Source(msgspec.Struct, frozen=True, gc=False):
    name: str = ""
    sha256: str | None = None


class _Audit(msgspec.Struct, frozen=True, gc=False):
    source: _Source = _Source()
    tool: dict[str, Any] = {}
    projects: list[_Audited] = []


class _Entry(msgspec.Struct, frozen=True, gc=False):
    source: str = ""
    status: str = "ok"
    code: str | None = None


_AUDITS = msgspec.json.Decoder(_Audit)
_ENTRIES = msgspec.json.Decoder(_Entry)


@dataclass(frozen=True)
class Version:
    """A project as one side has it: the record, the file that holds it, and what is known of its source."""

    record: dict[str, Any]
    data: bytes
    file: str
    number: int
    source: str
    sha256: str | None
    tool: str
    places: msgspec.Raw = field(repr=False)

    @cached_property
    def provenance(self) -> dict[str, list[dict[str, Any]]]:
        """The places of every value, by pointer."""
        found: dict[str, list[dict[str, Any]]] = _DECODER.decode(self.places)
        return found

    def place(self, pointer: str) -> dict[str, Any] | None:
        """Where the value at a pointer stood first; of a row where its first value stood."""
        while pointer:
            for key, places in self.provenance.items():
                if places and (key == pointer or key.startswith(f"{pointer}/")):
                    return places[0]
            pointer = pointer.rpartition("/")[0]
        return None


Read = Callable[[str, bytes | None], list["Version"]]
"""Extracts an attachment, by its name or from its bytes."""


Told = Callable[[str], None]
"""Hears what else should be known of a side: documents of which it has no projects, because they could not be read."""


def side(named: str, read: Read, told: Told = lambda _: None) -> list[Version]:
    """The projects of an out folder, a document's folder, a project file, a git revision or an attachment."""
    path = Path(named)
    if path.is_dir():
        return list(folders(named, _on_disk(path), told))
    if path.suffix == ".json" and path.is_file():
        return list(_one_file(path))
    if path.is_file():
        return read(named, None)
    if _REVISION.fullmatch(named):
        return list(_revision(named, read, told))
    raise DocumentError(
        f"{named}: there is no such file or folder; one of a revision in git is written REV:path", "not-found"
    )


def _on_disk(path: Path) -> dict[str, bytes]:
    """The files of results below a folder, by their path in it."""
    try:
        if (path / AUDIT).is_file():
            return {file.name: file.read_bytes() for file in path.glob("*.json")}
        found = {file.relative_to(path).as_posix(): file.read_bytes() for file in path.glob("*/*.json")}
        return found | {file.name: file.read_bytes() for file in path.glob(MANIFEST)}
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}", "unreadable") from error


def folders(named: str, files: dict[str, bytes], told: Told = lambda _: None) -> Iterator[Version]:
    """The projects of results whose files are given by their path below `named`."""
    audits = sorted(name for name in files if PurePosixPath(name).name == AUDIT)
    if not audits and MANIFEST not in files:
        raise DocumentError(f"{named} holds no results of jixiao extract", "no-results")
    for line in files.get(MANIFEST, b"").splitlines():
        entry = _decoded(_ENTRIES, line, f"{named}/{MANIFEST}")
        if entry.status == "failed":
            told(f"{named}: {entry.source} could not be read ({entry.code}); its projects are not on this side")
    for name in audits:
        folder = name.removesuffix(AUDIT)
        audit = _decoded(_AUDITS, files[name], f"{named}/{name}")
        for number, entry in enumerate(audit.projects, 1):
            data = files.get(folder + entry.file)
            where = f"{named.rstrip('/')}/{folder}{entry.file}"
            if data is None:
                raise DocumentError(f"{where}: the file is missing, though {AUDIT} names it")
            yield _version(data, where, number, audit, entry)


def _version(data: bytes, where: str, number: int, audit: _Audit, entry: _Audited) -> Version:
    record = _decoded(_DECODER, data, where)
    if not isinstance(record, dict) or "schema_version" not in record:
        raise DocumentError(f"{where} is no project file of jixiao")
    if not str(record["schema_version"]).startswith(_MAJOR):
        raise DocumentError(f"{where} is of schema {record['schema_version']}; this jixiao knows {_MAJOR}x")
    tool = f"{audit.tool.get('name', '')} {audit.tool.get('version', '')} {audit.tool.get('engine', '')}"
    return Version(record, data, where, number, audit.source.name, audit.source.sha256, tool.strip(), entry.provenance)


def _decoded(decoder: Any, data: bytes, where: str) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise DocumentError(f"{where} cannot be read: {error}") from error


def _one_file(path: Path) -> Iterator[Version]:
    audit, entry, number = _Audit(), _Audited(), 1
    if (path.parent / AUDIT).is_file():
        audit = _decoded(_AUDITS, (path.parent / AUDIT).read_bytes(), str(path.parent / AUDIT))
        for number, entry in enumerate(audit.projects, 1):  # noqa: B007 - the one that is found is kept
            if entry.file == path.name:
                break
        else:
            audit, entry, number = _Audit(), _Audited(), 1
    yield _version(path.read_bytes(), str(path), number, audit, entry)


def _blob(named: str, path: str, read: Read) -> Iterator[Version]:
    """One file in git: a project file without its audit, or an attachment."""
    data = _git("cat-file", "blob", named)
    if path.endswith(".json"):
        yield _version(data, named, 1, _Audit(), _Audited())
    else:
        yield from read(named, data)


def _revision(named: str, read: Read, told: Told) -> Iterator[Version]:
    """What git holds at REV:path: a file, a folder of results, or one document's folder in it."""
    revision, _, path = named.partition(":")
    if _git("cat-file", "-t", named).strip() == b"blob":
        yield from _blob(named, path, read)
        return
    listed = _git("ls-tree", "--full-tree", "-r", "-z", "--name-only", f"{revision}:{path}")
    names = [name for name in listed.decode().split("\0") if name.endswith(".json") or name == MANIFEST]
    data = _git("cat-file", "--batch", data="".join(f"{revision}:{_under(path, name)}\n" for name in names).encode())
    yield from folders(named, dict(zip(names, _blobs(data), strict=True)), told)


def _under(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}" if path.rstrip("/") not in ("", ".") else name


def _blobs(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        size = int(data[at:end].split()[-1])
        yield data[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _git(*arguments: str, data: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", *arguments], input=data, capture_output=True, check=False)  # noqa: S603, S607 - the user's git
    except FileNotFoundError as error:
        raise UsageError("git is not installed, so no revision can be read") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise DocumentError(said[-1].removeprefix("fatal: ") if said else "git failed", "not-found")
    return done.stdout
