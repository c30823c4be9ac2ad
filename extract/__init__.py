"""A file -> Document. The kind is found by content, never by the file's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from extract.errors import ReadError, shown
from extract.sniff import Markup, markup_of
from extract.text import read_text
from schemas.table import Document

__all__ = ["KINDS", "Kind", "ReadError", "read"]

Reader = Callable[[bytes, str], Document]


class Kind(NamedTuple):
    """A kind of file known by its `magic` bytes at `offset`; `start` must stand at its very start, too.

    Without a `reader` it is refused by its name.
    """

    magic: bytes
    noun: str
    reader: Reader | None = None
    offset: int = 0
    start: bytes = b""

    def is_of(self, data: bytes) -> bool:
        """Whether a file is of this kind."""
        return data.startswith(self.magic, self.offset) and data.startswith(self.start)


def _read_pdf(data: bytes, name: str, engine: str = "auto") -> Document:
    from extract.pdf.counting import counted  # noqa: PLC0415 - PDFium and numpy cost more to load than a text to read
    from extract.pdf.engines import read_with  # noqa: PLC0415 - likewise

    return counted(read_with(data, name, engine), data)


def _picture(media_type: str) -> Reader:
    def read_picture(data: bytes, name: str) -> Document:
        from extract.scan import read_image  # noqa: PLC0415 - OpenCV costs more to load than all other kinds

        return read_image(data, name, media_type)

    return read_picture


def _read_zip(data: bytes, name: str) -> Document:
    from extract.office import read_zip  # noqa: PLC0415 - a text needs no lxml

    return read_zip(data, name)


def _read_ole(data: bytes, name: str) -> Document:
    from extract.office import read_ole  # noqa: PLC0415 - likewise

    return read_ole(data, name)


def _read_rtf(data: bytes, name: str) -> Document:
    from extract.office import read_converted  # noqa: PLC0415 - likewise

    return read_converted(data, name, "rtf", "docx", "application/rtf")


def _read_markup(data: bytes, name: str, kind: Markup) -> Document:
    from extract.office import read_converted  # noqa: PLC0415 - likewise
    from extract.web import read_html, read_mhtml  # noqa: PLC0415 - likewise

    if kind == "html":
        return read_html(data, name)
    if kind == "mhtml":
        return read_mhtml(data, name)
    if kind == "word-xml":
        return read_converted(data, name, "xml", "docx", "application/msword")
    return read_converted(data, name, "xml", "xlsx", "application/vnd.ms-excel")


# Looked through in order; what none of them knows is a web page or text. Magic numbers that are plain letters (BM, MZ)
# are left out.
KINDS: tuple[Kind, ...] = (
    Kind(b"%PDF-", "a PDF", _read_pdf),
    Kind(b"PK\x03\x04", "a zip archive or an Office document", _read_zip),
    Kind(b"PK\x05\x06", "an empty zip archive"),
    Kind(b"PK\x07\x08", "a part of a zip archive"),
    Kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (doc, xls, wps, et)", _read_ole),
    Kind(b"{\\rtf", "an RTF document", _read_rtf),
    Kind(b"\x89PNG\r\n\x1a\n", "a PNG image", _picture("image/png")),
    Kind(b"\xff\xd8\xff", "a JPEG image", _picture("image/jpeg")),
    Kind(b"GIF87a", "a GIF image"),
    Kind(b"GIF89a", "a GIF image"),
    Kind(b"II*\x00", "a TIFF image", _picture("image/tiff")),
    Kind(b"MM\x00*", "a TIFF image", _picture("image/tiff")),
    Kind(b"WEBPVP8", "a WebP image", _picture("image/webp"), offset=8, start=b"RIFF"),
    Kind(b"\x00\x00\x00\x00", "a BMP image", _picture("image/bmp"), offset=6, start=b"BM"),  # letters alone are text
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
    kind = next((kind for kind in KINDS if kind.is_of(data)), None)
    if kind is None:
        markup = markup_of(data)
        return _read_markup(data, name, markup) if markup else read_text(data, name)
    if kind.reader is None:
        raise ReadError(
            "unsupported", f"{shown(name)} is {kind.noun}; this version reads text, PDF, pictures, Excel, Word and HTML"
        )
    return _read_pdf(data, name, engine) if kind.reader is _read_pdf else kind.reader(data, name)
