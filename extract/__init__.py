"""A file -> Document. The kind is found by content, never by the file's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from extract.errors import ReadError, shown
from extract.text import read_text
from schemas.table import Document

__all__ = ["KINDS", "Kind", "ReadError", "read"]

Reader = Callable[[bytes, str], Document]


class Kind(NamedTuple):
    """A kind of file known by its `magic` bytes at `offset`; without a `reader` it is refused by its name."""

    magic: bytes
    noun: str
    reader: Reader | None = None
    offset: int = 0


def _read_pdf(data: bytes, name: str, engine: str = "auto") -> Document:
    from extract.pdf.engines import read_with  # noqa: PLC0415 - PDFium and numpy cost more to load than a text to read

    return read_with(data, name, engine)


_ZIP = "a zip archive or an Office document"
_HTML = "an HTML page"

# Looked through in order; what none of them knows is text. Magic numbers that are plain letters (BM, MZ) are left out.
KINDS: tuple[Kind, ...] = (
    Kind(b"%PDF-", "a PDF", _read_pdf),
    Kind(b"PK\x03\x04", _ZIP),
    Kind(b"PK\x05\x06", _ZIP),
    Kind(b"PK\x07\x08", _ZIP),
    Kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (doc, xls, wps)"),
    Kind(b"{\\rtf", "an RTF document"),
    Kind(b"<!DOCTYPE html", _HTML),
    Kind(b"<!doctype html", _HTML),
    Kind(b"<html", _HTML),
    Kind(b"<HTML", _HTML),
    Kind(b"\x89PNG\r\n\x1a\n", "a PNG image"),
    Kind(b"\xff\xd8\xff", "a JPEG image"),
    Kind(b"GIF87a", "a GIF image"),
    Kind(b"GIF89a", "a GIF image"),
    Kind(b"II*\x00", "a TIFF image"),
    Kind(b"MM\x00*", "a TIFF image"),
    Kind(b"WEBPVP8", "a WebP image", offset=8),
    Kind(b"ftypheic", "a HEIC image", offset=4),
    Kind(b"\x1f\x8b", "a gzip archive"),
    Kind(b"1AY&SY", "a bzip2 archive", offset=4),
    Kind(b"\xfd7zXZ\x00", "an xz archive"),
    Kind(b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    Kind(b"Rar!\x1a\x07", "a RAR archive"),
    Kind(b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    Kind(b"SQLite format 3\x00", "an SQLite database"),
    Kind(b"\x7fELF", "a program"),
    Kind(b"\xff\xfe\x00\x00", "text in UTF-32"),
    Kind(b"\x00\x00\xfe\xff", "text in UTF-32"),
)


def read(data: bytes, name: str, *, engine: str = "auto") -> Document:
    """The document in `data`; `name` (a file name, with or without its folder) is only told, never trusted.

    `engine` chooses who reads a PDF (auto, pdfium, pdfplumber, camelot); it matters for no other kind.
    Raises ReadError where the kind is not supported, the content damaged, too large, or nothing is in it.
    """
    kind = next((kind for kind in KINDS if data.startswith(kind.magic, kind.offset)), None)
    if kind is None:
        return read_text(data, name)
    if kind.reader is None:
        raise ReadError("unsupported", f"{shown(name)} is {kind.noun}; this version reads text and PDF")
    return _read_pdf(data, name, engine) if kind.reader is _read_pdf else kind.reader(data, name)
