"""audit.json as the loader reads it: without its spaces; places and repairs still JSON, but checked.

Four fifths of what is read stand in it, so its bytes are gone over once, by minify.c where that was compiled
(hatch_build.py). Where it was not, and for whatever minify.c refuses, msgspec does the same in five passes.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from jixiao.load import records as r

_AUDIT = msgspec.json.Decoder(r.Audit)
_PLACES = msgspec.json.Decoder(dict[str, list[r.Something]])
_REPAIRS = msgspec.json.Decoder(list[r.Something])
_BEHIND = bytes(64)
"""What minify.c wants behind the bytes, and as much room behind its own."""
_VALUES = 4096  # that stay JSON, two a project: a document with more is read by msgspec


def _compiled() -> Callable[..., int] | None:
    try:
        function = ctypes.PyDLL(str(Path(__file__).with_name("minify.so"))).minified
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    function.restype, function.argtypes = number, (pointer, pointer, number, pointer, number)
    return function


MINIFIED = _compiled()
"""The function of minify.c; None where it was not compiled."""


class Audits:
    """Reads one audit.json after the other into the same memory, which costs half of what new memory for each does."""

    def __init__(self) -> None:
        self._spans = (ctypes.c_int64 * (1 + 2 * _VALUES))()
        self._data = self._out = memoryview(bytearray())

    def read(self, file: str) -> tuple[r.Audit, bytes]:
        """The audit of a file and its JSON without spaces; OSError, ValueError or MsgspecError where it is none."""
        length = self._filled(file)
        return self._minified(length) or _by_msgspec(bytes(self._data[:length]))

    def _filled(self, file: str) -> int:
        """The bytes of the file are in memory, so many."""
        length = 0
        with open(file, "rb", buffering=0) as opened:  # noqa: PTH123 - a Path takes ten times as long
            self._make_room(os.fstat(opened.fileno()).st_size)
            while more := opened.readinto(self._data[length : -len(_BEHIND)]):
                length += more
        return length

    def _make_room(self, size: int) -> None:
        """For a file of this size, and for a byte more, by which its end is known."""
        if len(self._data) <= size + len(_BEHIND):
            self._data, self._out = (memoryview(bytearray(2 * (size + len(_BEHIND)))) for _ in range(2))

    def _minified(self, length: int) -> tuple[r.Audit, bytes] | None:
        """The audit that the bytes in memory are; None where they are not plainly right."""
        self._data[length : length + len(_BEHIND)] = _BEHIND
        found = MINIFIED and MINIFIED(*map(_at, (self._data, self._out)), length, _at(self._spans), _VALUES)
        if not found:
            return None
        json = bytes(self._out[:found])
        spans = self._spans[1 : 1 + 2 * self._spans[0]]
        try:
            audit = _AUDIT.decode(_numbered(json, spans))
        except msgspec.MsgspecError:
            return None
        view = memoryview(json)
        values = [Raw(view[start:end]) for start, end in zip(spans[::2], spans[1::2], strict=True)]
        return replace(audit, projects=[_whole(each, values) for each in audit.projects]), json


def _at(memory: memoryview | ctypes.Array[ctypes.c_int64]) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def _numbered(json: bytes, spans: list[int]) -> bytes:
    """The JSON with numbers for the values that stay JSON, so that only the rest is decoded."""
    between = [json[end:start] for end, start in zip([0, *spans[1::2]], [*spans[::2], len(json)], strict=True)]
    return between[0] + b"".join(b"%d%b" % each for each in enumerate(between[1:]))


def _whole(project: r.ProjectAudit, values: list[Raw]) -> r.ProjectAudit:
    """The project with the values for their numbers; what is not there has none."""
    number = {name: bytes(getattr(project, name)) for name in ("provenance", "repairs")}
    return replace(project, **{name: values[int(each)] for name, each in number.items() if each.isdigit()})


def _by_msgspec(data: bytes) -> tuple[r.Audit, bytes]:
    json = msgspec.json.format(data, indent=-1)
    audit = _AUDIT.decode(json)
    str(json, "utf-8")
    for entry in audit.projects:
        _PLACES.decode(entry.provenance)
        _REPAIRS.decode(entry.repairs)
    return audit, json
