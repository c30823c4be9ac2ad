"""File and folder names that are safe on every system."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)", re.IGNORECASE)
_LONGEST = 200  # bytes in UTF-8, with the extension


def safe_name(name: str, extension: str = "") -> str:
    """A name without separators, control characters or reserved words, at most 200 bytes long."""
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "_"
    if _RESERVED.match(text) or text.casefold() == "manifest.jsonl":
        text = "_" + text
    room = _LONGEST - len(extension.encode())
    return text.encode()[:room].decode(errors="ignore").strip(" .") + extension


def project_file(number: int, total: int, name: str) -> str:
    """`02-2024年辅警业务经费.json`; as many digits as the document's projects need, two at least."""
    width = max(2, len(str(total)))
    return safe_name(f"{number:0{width}}-{name}", ".json")


def printable(text: str) -> str:
    """A text that cannot move the cursor or turn the writing direction of a terminal."""
    return "".join(char if char.isprintable() and unicodedata.category(char) != "Cf" else "�" for char in text)
