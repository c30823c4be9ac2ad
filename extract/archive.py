"""A zip archive of untrusted origin: what is in it, and each part in full or not at all."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter

from extract.errors import ReadError, shown

MAX_PART = 64 * 2**20
"""Bytes of the largest part that is unpacked."""

MAX_PARTS = 20_000
_MAX_TOTAL = 192 * 2**20  # bytes unpacked from one archive
_MAX_RATIO = 300  # deflate reaches 1,032 with zeros; sheets of blank formatted cells reach 50
_SMALL = 4 * 2**20  # bytes that may be packed as tightly as they like
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class Archive:
    """The parts of a zip archive by name, whatever its case and its slashes, unpacked within bounds.

    Raises ReadError `damaged` where the archive is cut off, broken or holds two parts of one name, `encrypted` where a
    part needs a password, `too-large` where a part or all that is asked for would be beyond the bounds.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise ReadError("damaged", f"{shown(name)} is a zip archive that is cut off or broken") from error
        if len(parts) > MAX_PARTS:
            raise ReadError("too-large", f"{shown(name)} holds {len(parts)} parts; the limit is {MAX_PARTS}")
        self._counts = Counter(_key(part.filename) for part in parts)
        self._parts = {_key(part.filename): part for part in parts}
        self._left = _MAX_TOTAL

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._parts

    def read(self, part: str) -> bytes:
        """The bytes of a part; `damaged` where there is none of that name."""
        info = self._parts.get(_key(part))
        if info is None:
            raise ReadError("damaged", f"{shown(self._name)} lacks its part {shown(part)}")
        self._refuse(info)
        try:
            with self._zip.open(info) as file:
                data = file.read(min(MAX_PART, self._left) + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise ReadError("damaged", f"{shown(self._name)}: its part {shown(part)} cannot be unpacked") from error
        self._left -= len(data)
        if len(data) > MAX_PART or self._left < 0:
            raise self._too_large(part)
        return data

    def _refuse(self, info: zipfile.ZipInfo) -> None:
        part = info.filename
        if (count := self._counts[_key(part)]) > 1:
            raise ReadError("damaged", f"{shown(self._name)} holds {count} parts named {shown(part)}")
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("encrypted", f"{shown(self._name)} needs a password")
        if info.compress_type not in _METHODS:
            raise ReadError("damaged", f"{shown(self._name)}: its part {shown(part)} is packed in a foreign way")
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > min(MAX_PART, self._left) or (info.file_size > _SMALL and ratio > _MAX_RATIO):
            raise self._too_large(part)

    def _too_large(self, part: str) -> ReadError:
        size = self._parts[_key(part)].file_size
        limits = f"the limits are {MAX_PART} bytes a part, {_MAX_TOTAL} in all, {_MAX_RATIO} times the packed size"
        return ReadError("too-large", f"{shown(self._name)}: its part {shown(part)} unpacks to {size} bytes; {limits}")


def _key(name: str) -> str:
    """Part names are the same in any case (ECMA-376, part 2, 6.2.2.3), and some programs write backslashes."""
    return name.replace("\\", "/").lower()
