"""Kinds of text files that no magic bytes tell: web pages, web archives, and the XML of old Office programs."""

from __future__ import annotations

import codecs
import re
from typing import Literal

Markup = Literal["html", "mhtml", "word-xml", "excel-xml"]

_HEAD = 8192
_SPACE = rb"(?:\s|<!--(?:(?!-->).){0,4000}-->|<\?xml[^>]{0,200}\?>)*+"
_HTML = re.compile(
    _SPACE + rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|style|center|script|font|span|p|h[1-6])[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_OF_A_PAGE = re.compile(rb"<(?:html|table|!doctype html)[\s>]", re.IGNORECASE)
_HEADER = re.compile(
    rb"\s{0,20}(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]{0,998}\r?\n(?:[ \t][^\n]{0,998}\r?\n){0,20}){1,60}+"
)
_PROGRAM = re.compile(rb"<\?mso-application\s+progid=[\"'](Word|Excel)\.")


def markup_of(data: bytes) -> Markup | None:
    """The kind of a text file that is markup; None for plain text."""
    head = _ascii(data)
    program = _PROGRAM.search(head[:1000])
    if program:
        return "word-xml" if program[1] == b"Word" else "excel-xml"
    if _HTML.match(head) and _OF_A_PAGE.search(_ascii(data, len(data))):
        return "html"
    header = _HEADER.match(head)
    if header and b"mime-version:" in header[0].lower() and b"content-type:" in header[0].lower():
        return "mhtml"
    return None


def _ascii(data: bytes, size: int = _HEAD) -> bytes:
    """The beginning without its byte order mark, UTF-16 made narrow."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3 : size + 3]
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[2 : 2 * size + 2].decode(encoding, "replace").encode("ascii", "replace")
    return data[:size]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_ZIP = b"PK\x03\x04"


_ODF = b"opendocument."


def starts_program(data: bytes) -> bool:
    """Whether reading a file may start another program (LibreOffice): old Word and WPS documents, RTF, .odt, .xlsb.

    An OpenDocument file that does not begin with its kind, as a zip program packs it again, may be an .odt.
    """
    if data.startswith(_ZIP):
        head, names = data[:200], data[-65_536:]
        packed_again = _ODF not in head and b"META-INF/manifest.xml" in names
        return packed_again or b"opendocument.text" in head or b"xl/workbook.bin" in names
    return data.startswith((_OLE, _RTF)) or bool(_PROGRAM.search(_ascii(data, 1000)))
