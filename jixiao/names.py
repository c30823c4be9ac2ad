"""File and folder names that are safe on every system."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\ufffd]')
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # Unicode categories
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(\.|$)", re.IGNORECASE)
AUDIT = "audit.json"
MANIFEST = "manifest.jsonl"
PROJECT = re.compile(r"\d\d+-.*\.json$")
"""The names of a project's file, by `project_file`."""

LONGEST = 200
"""Bytes of a name in UTF-8, with the extension."""


def safe_name(name: str, extension: str = "") -> str:
    """A name without separators, control characters or reserved words, at most 200 bytes long."""
    text = unicodedata.normalize("NFC", name)
    if not text.isprintable():
        text = "".join("_" if unicodedata.category(char) in _UNSEEN else char for char in text)
    text = _FORBIDDEN.sub("_", text).strip(" .") or "_"
    if _RESERVED.match(text) or text.casefold() == MANIFEST:
        text = "_" + text
    return (cut(text, LONGEST - len(extension.encode())) or "_") + extension


def cut(text: str, room: int) -> str:
    """The beginning of a name that has so many bytes at most."""
    return text.encode()[:room].decode(errors="ignore").strip(" .")


def project_file(number: int, total: int, name: str) -> str:
    """`02-2024年辅警业务经费.json`; as many digits as the document's projects need, two at least."""
    width = max(2, len(str(total)))
    return safe_name(f"{number:0{width}}-{name}", ".json")


def printable(text: str) -> str:
    """A text that cannot move the cursor or turn the writing direction of a terminal."""
    return "".join(char if char.isprintable() and unicodedata.category(char) != "Cf" else "�" for char in text)


_HALVES = re.compile("[\ud800-\udfff]")


def text_of(name: str) -> str:
    """A path as text that UTF-8 can hold: a byte that is no text as backslash, x and two digits."""
    return _HALVES.sub(
        lambda half: f"\\x{ord(half[0]) & 0xFF:02x}" if "\udc80" <= half[0] <= "\udcff" else "\ufffd", name
    )
