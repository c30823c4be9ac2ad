"""Members of zip archives as documents of their own: `zip://member::path/of/archive.zip`."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from jixiao.errors import DocumentError
from jixiao.opening import LARGEST, TOO_LARGE

MOST_MEMBERS = 100_000
_UTF8 = 0x800  # the flag of a name in UTF-8; others are in the code page of whoever packed it
_ENCRYPTED = 0x1
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"})
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, OverflowError)


def is_archive(path: str) -> bool:
    """Whether a path names a zip archive of documents: by its extension, and no Office document inside."""
    if not path.lower().endswith(".zip"):
        return False
    with suppress(*_BROKEN):
        if stat.S_ISREG(Path(path).stat().st_mode):
            with zipfile.ZipFile(path) as archive:
                return _OFFICE.isdisjoint(archive.namelist())
    return False


def members(path: str) -> list[str]:
    """The files in an archive, by their names; an archive that cannot be listed has none."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            return [] if len(listed) > MOST_MEMBERS else [_name(each) for each in listed if not each.is_dir()]
    except _BROKEN:
        return []


def read_member(file: IO[bytes], member: str, passwords: tuple[str, ...] = ()) -> bytes:
    """The content of a member; DocumentError `not-found`, `encrypted`, `too-large` or `damaged`."""
    with _told(), zipfile.ZipFile(file) as archive:
        found = [each for each in archive.infolist() if _name(each) == member]
        if not found:
            raise DocumentError("the archive has no such file", "not-found")
        if len({(each.CRC, each.file_size) for each in found}) > 1:
            raise DocumentError(f"the archive holds {len(found)} different files of this name", "damaged")
        info = found[0]
        if info.file_size > LARGEST:
            raise DocumentError(TOO_LARGE, "too-large")
        if info.flag_bits & _ENCRYPTED:
            return _decrypted(archive, info, passwords)
        return _content(archive, info, None)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: bytes | None) -> bytes:
    with archive.open(info, pwd=password) as opened:
        data = opened.read(LARGEST + 1)  # the size that the archive tells may be a lie
    if len(data) > LARGEST:
        raise DocumentError(TOO_LARGE, "too-large")
    return data


def _decrypted(archive: zipfile.ZipFile, info: zipfile.ZipInfo, passwords: tuple[str, ...]) -> bytes:
    for password in passwords:
        for encoded in {password.encode(), password.encode("gb18030")}:
            with suppress(*_BROKEN):
                return _content(archive, info, encoded)
    raise DocumentError("the archive needs a password", "encrypted")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DocumentError(f"the archive is broken ({type(error).__name__})", "damaged") from error


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was packed: zip knows UTF-8 and a code page of 1981, but Chinese systems wrote their own."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            raw = name.encode("cp437")
            try:
                return raw.decode()
            except UnicodeError:
                return raw.decode("gb18030")
    return name
