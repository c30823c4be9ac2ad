"""The text of a web page: its encoding by its bytes first, then by what it declares."""

from __future__ import annotations

import codecs
import re

from extract.decoding import Decoded, decode
from extract.errors import ReadError

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_HEAD = 4096
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030"}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_page(data: bytes, name: str, declared: str = "") -> Decoded:
    """The text of a page; `declared` is what a header around it says. Raises ReadError as `decode` does.

    Bytes that are UTF-8 throughout are nothing else, whatever the page says; then its own word counts where all bytes
    fit it; then what Chinese texts look like.
    """
    if not data.startswith(_MARKS):
        for encoding in ("utf-8", _known(declared), _known(_said(data))):
            text = _strict(data, encoding)
            if text is not None and "\0" not in text:
                return Decoded(text, encoding)
    try:
        return decode(data, name)
    except ReadError:
        encoding = _known(declared) or _known(_said(data)) or "gb18030"
        text = data.decode(encoding, "replace").replace("\0", "\ufffd")
        if "<" not in text or text.count("\ufffd") > len(text) // 100:
            raise
        return Decoded(text, encoding)


def _said(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD])
    return found[1].decode("ascii") if found else ""


def _known(label: str) -> str:
    """The Python name of an encoding of text; "" where there is none."""
    label = label.strip().lower()
    try:
        info = codecs.lookup(_WIDER.get(label, label)) if label else None
    except (LookupError, ValueError):
        return ""
    return info.name if info and info._is_text_encoding else ""  # noqa: SLF001 - no other way tells rot13 from text


def _strict(data: bytes, encoding: str) -> str | None:
    if not encoding:
        return None
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError):
        return None
