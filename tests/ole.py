"""A small writer of OLE2 containers (MS-CFB), for files that no free program writes."""

from __future__ import annotations

import struct

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STREAM, _ROOT = 2, 5
_LEAST = 4096  # bytes from which a stream has sectors of its own


def container(**streams: bytes) -> bytes:
    """A container with these streams, each filled up with zeros to at least 4,096 bytes."""
    held = {name: data.ljust(_LEAST, b"\0") for name, data in streams.items()}
    sizes = [-(-len(data) // _SECTOR) for data in held.values()]
    folders = -(-(len(held) + 1) // 4)
    fat = [_FAT, *range(2, folders + 1), _END]
    starts = []
    for size in sizes:
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + size), _END]
    assert len(fat) <= _SECTOR // 4
    entries = [_entry("Root Entry", _ROOT, 1 if held else _FREE, _END, 0)]
    for at, (name, data) in enumerate(held.items(), 1):
        entries.append(_entry(name, _STREAM, at + 1 if at < len(held) else _FREE, starts[at - 1], len(data)))
    entries += [_entry("", 0, _FREE, 0, 0)] * (folders * 4 - len(entries))
    table = struct.pack(f"<{_SECTOR // 4}I", *fat, *[_FREE] * (_SECTOR // 4 - len(fat)))
    body = b"".join(data.ljust(size * _SECTOR, b"\0") for data, size in zip(held.values(), sizes, strict=True))
    return _header() + table + b"".join(entries) + body


def _header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    return head + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(name: str, kind: int, link: int, start: int, size: int) -> bytes:
    """A directory entry: the root's link is its child, a stream's its right sibling."""
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    links = struct.pack("<III", _FREE, link if kind == _STREAM else _FREE, link if kind == _ROOT else _FREE)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
