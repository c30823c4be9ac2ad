"""What happened to each document: a journal while a run lasts, `manifest.jsonl` when it ends.

The journal is append-only: before a document's files are written a line names them, afterwards a line tells what
became of the document. A run that was killed leaves the journal; the next one takes away what was begun and not
finished, and goes on. The lock on the journal keeps two runs out of one folder.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from jixiao.encode import line, load
from jixiao.errors import OutputError
from jixiao.names import AUDIT, MANIFEST
from jixiao.write import part_of, remove_empty, written_in

JOURNAL = ".journal.jsonl"
_LOCK_TRIES = 10


class Ledger:
    """The ledger of one out folder, held by one run at a time; raises OutputError where it cannot be."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._places: dict[str, tuple[int, int, int]] = {}  # source: handle, offset, length
        self._begun: tuple[str, str, list[str]] | None = None
        self._manifest = -1
        try:
            if out.is_file():
                raise OutputError(f"{out} is a file; the results go into a folder")
            out.mkdir(parents=True, exist_ok=True)
            self._journal = _locked(out / JOURNAL, out)
            with suppress(FileNotFoundError):
                self._manifest = os.open(out / MANIFEST, os.O_RDONLY)
            self.folders = self._known()
            self._end = os.fstat(self._journal).st_size
        except OSError as error:
            raise _refused(out, error) from error

    def _known(self) -> dict[str, str]:
        """Load what earlier runs said, undo what one left half done; the folder of each source."""
        folders: dict[str, str] = {}
        if self._manifest >= 0:
            for offset, entry, length in _records(self._manifest):
                if "source" in entry:
                    self._note(entry, self._manifest, offset, length, folders)
        begun: dict[str, dict[str, Any]] = {}
        whole = 0
        for offset, entry, length in _records(self._journal):
            whole = offset + length
            if "begin" in entry:
                begun[entry["begin"]] = entry
            elif "source" in entry:
                begun.pop(entry["source"], None)
                self._note(entry, self._journal, offset, length, folders)
        os.ftruncate(self._journal, whole)  # half a line, where the run was killed while it wrote
        for source, entry in begun.items():
            self._places.pop(source, None)
            folders.pop(source, None)
            _undo(self.out / entry["folder"], entry["files"])
        return folders

    def _note(self, entry: dict[str, Any], handle: int, offset: int, length: int, folders: dict[str, str]) -> None:
        source = entry["source"]
        self._places[source] = (handle, offset, length)
        folders.pop(source, None)
        if entry.get("folder"):
            folders[source] = entry["folder"]

    def entry(self, source: str) -> dict[str, Any] | None:
        """What is known of a document."""
        place = self._places.get(source)
        if place is None:
            return None
        record: dict[str, Any] = load(os.pread(place[0], place[2], place[1]))
        return record

    def begin(self, source: str, folder: str, files: set[str]) -> None:
        """Say that these files of a document are about to be written or taken away."""
        self._append({"begin": source, "folder": folder, "files": sorted(files)})
        self._begun = (source, folder, sorted(files))

    def done(self, entry: dict[str, Any]) -> None:
        """Say what became of a document, whose files are whole now."""
        offset, length = self._append(entry)
        self._places[entry["source"]] = (self._journal, offset, length)
        self._begun = None

    def _append(self, record: dict[str, Any]) -> tuple[int, int]:
        data = line(record)
        offset = self._end
        try:
            written = os.pwrite(self._journal, data, offset)
            if written < len(data):
                raise OSError(28, "No space left on device")  # noqa: TRY301 - told as the system would
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._journal, offset)
            raise _refused(self.out, error) from error
        self._end += len(data)
        return offset, len(data)

    def finish(self) -> None:
        """Write the manifest: one line a document, sorted by source, those of earlier runs too. Then let go."""
        part = self.out / part_of(MANIFEST)
        try:
            if self._begun:
                source, folder, files = self._begun
                self._places.pop(source, None)
                _undo(self.out / folder, files)
            _settle(self.out)
            with part.open("wb") as file:
                for source in sorted(self._places):
                    handle, offset, length = self._places[source]
                    file.write(os.pread(handle, length, offset))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.out / MANIFEST)
            (self.out / JOURNAL).unlink()
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise _refused(self.out, error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the folder; the journal stays where it is."""
        for handle in (self._journal, self._manifest):
            with suppress(OSError):
                os.close(handle)
        self._manifest = -1


def _locked(path: Path, out: Path) -> int:
    """The journal, opened and locked; a run that ends meanwhile takes its own away, then another is made."""
    for _ in range(_LOCK_TRIES):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _lock(handle)
        except BlockingIOError:
            os.close(handle)
            raise OutputError(f"{out}: another run is writing into this folder", "busy") from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        os.close(handle)
    raise OutputError(f"{out}: other runs come and go in this folder", "busy")


def _lock(handle: int) -> None:
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415 - not everywhere

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _records(handle: int) -> Iterator[tuple[int, dict[str, Any], int]]:
    """Offset, content and length of each whole line that is a JSON object."""
    offset = 0
    with os.fdopen(os.dup(handle), "rb") as file:
        file.seek(0)
        for each in file:
            if each.endswith(b"\n"):
                with suppress(ValueError, msgspec.DecodeError):
                    record = msgspec.json.decode(each)
                    if isinstance(record, dict):
                        yield offset, record, len(each)
            offset += len(each)


def _undo(place: Path, files: list[str]) -> None:
    """Take away what a killed run left of a document."""
    for name in {*files, *written_in(place), AUDIT}:
        if name == Path(name).name:
            for each in (name, part_of(name)):
                (place / each).unlink(missing_ok=True)
    remove_empty(place)


def _settle(out: Path) -> None:
    """Let everything below a folder reach the disk: one call for all files, since one for each takes far longer."""
    if sys.platform == "linux":
        handle = os.open(out, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(handle):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        finally:
            os.close(handle)
    elif hasattr(os, "sync"):
        os.sync()


def _refused(out: Path, error: OSError) -> OutputError:
    return OutputError(f"{out}: {error.strerror or error}")
