"""What an OLE2 container (MS-CFB) holds, told by its streams: .doc, .xls, .wps, .et, .ppt, or an encrypted file."""

from __future__ import annotations

from typing import Literal

import olefile

from extract.errors import ReadError, shown

Held = Literal["doc", "xls", "other"]

_ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")
_SHEETS = ("Workbook", "Book")
_WORD = "WordDocument"
_FLAG_ENCRYPTED = 0x0100  # of the flags at byte 10 of the stream WordDocument (MS-DOC 2.5.2)


def held_in(data: bytes, name: str) -> Held:
    """What kind of document it is; raises ReadError `encrypted`, `damaged`."""
    try:
        with olefile.OleFileIO(data) as container:
            found = {stream for stream in (*_ENCRYPTED, *_SHEETS, _WORD) if container.exists(stream)}
            head = container.openstream(_WORD).read(12) if _WORD in found else b""
    except Exception as error:
        raise ReadError("damaged", f"{shown(name)} is an old Office document that is cut off or broken") from error
    if found & set(_ENCRYPTED) or int.from_bytes(head[10:12], "little") & _FLAG_ENCRYPTED:
        raise ReadError("encrypted", f"{shown(name)} needs a password")
    return "xls" if found & set(_SHEETS) else "doc" if _WORD in found else "other"
