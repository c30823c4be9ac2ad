"""What is asked about one document, and what comes back; both can travel to another machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from jixiao.batch.limits import DEFAULT_LIMITS, Limits
from jixiao.errors import DocumentError
from jixiao.options import DEFAULT, Options
from jixiao.write import Rendered, failed_entry

Shape = Literal["files", "lines"]
"""Files to be written, or the projects as JSON Lines."""


@dataclass(frozen=True, slots=True)
class Task:
    """One document: its name in the ledger, and its path, its address or its bytes.

    `known` is the SHA-256 of the source whose result is already whole on disk: where it still holds nothing is done.
    """

    source: str
    path: str | None = None
    address: str | None = None
    data: bytes | None = field(default=None, repr=False)
    shape: Shape = "files"
    options: Options = DEFAULT
    limits: Limits = DEFAULT_LIMITS
    known: str | None = None

    def message(self) -> bytes:
        """As JSON for the process that reads the document."""
        return msgspec.json.encode(
            {
                "source": self.source,
                "path": os.fsencode(self.path).hex() if self.path is not None else None,
                "shape": self.shape,
                "options": self.options.told(),
                "passwords": list(self.options.passwords),
                "layouts": list(self.options.layouts),
                "limits": self.limits.told(),
                "known": self.known,
            }
        )


Paged = Callable[[int, int], None]
"""Is told how many pages of a long document are read, and of how many."""

NamedPaged = Callable[[str, int, int], None]
"""The same, with the name of the document in front."""


def page_message(done: int, count: int) -> bytes:
    """What may come any number of times before the two messages of an answer."""
    return msgspec.json.encode({"page": done, "of": count})


def answer_of(receive: Callable[[], bytes], paged: Paged | None) -> bytes:
    """The first message that is no page's; those go to `paged`."""
    while True:
        message = receive()
        if not message.startswith(_PAGE):
            return message
        told = msgspec.json.decode(message)
        if paged:
            paged(told["page"], told["of"])


_PAGE = b'{"page":'


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one document, and what it took."""

    rendered: Rendered
    lines: bytes = b""
    unchanged: bool = False
    milliseconds: int = 0
    peak_memory: int = 0

    def entry(self) -> dict[str, Any]:
        """What is told of it where nothing is written."""
        return self.rendered.entry | {"milliseconds": self.milliseconds, "peak_memory": self.peak_memory}


def failed(source: str, error: DocumentError, told: dict[str, Any] | None = None) -> Reply:
    """The reply for a document that could not be read; `told` is what the process said of it."""
    told = told or {}
    sha256 = told.get("sha256")
    return Reply(
        Rendered(source, sha256, (), failed_entry(source, error, sha256)),
        milliseconds=told.get("milliseconds", 0),
        peak_memory=told.get("peak_memory", 0),
    )


def reply_of(source: str, told: bytes, body: bytes) -> Reply:
    """The reply in the two messages that the process of a document sends: JSON, and MessagePack with files as bytes."""
    said = msgspec.json.decode(told)
    if said.get("code"):
        return failed(source, DocumentError(said["message"], said["code"]), said)
    took = {"milliseconds": said["milliseconds"], "peak_memory": said["peak_memory"]}
    if said.get("unchanged"):
        return Reply(Rendered(source, said["sha256"], (), {}), unchanged=True, **took)
    result = _result_of(body)
    if result is None:
        return failed(source, DocumentError("its reader gave what is no result", "crashed"), said)
    entry = result.entry | {"sha256": said["sha256"]}
    return Reply(Rendered(source, said["sha256"], result.files, entry), result.lines, **took)


def body_of(record: dict[str, Any]) -> list[bytes]:
    """What the process of a document gives as MessagePack, in parts: files are long, and are not copied for it."""
    packed = msgspec.msgpack.encode
    if "files" not in record:
        return [packed(record)]
    rest = packed({name: value for name, value in record.items() if name != "files"})
    parts = [bytes([rest[0] + 1]), rest[1:], packed("files"), _LIST + len(record["files"]).to_bytes(4)]
    for name, data in record["files"]:
        parts += [_PAIR, packed(name), _BYTES + len(data).to_bytes(4), data]
    return parts


_PAIR, _BYTES, _LIST = b"\x92", b"\xc6", b"\xdd"


class _Result(msgspec.Struct):
    """What the process of a document gives, which may have been taken over by the document."""

    entry: dict[str, Any]
    files: tuple[tuple[str, bytes], ...]
    lines: bytes


def _result_of(body: bytes) -> _Result | None:
    """The result; None where it is none, or would be written anywhere but into the folder of the document."""
    try:
        result = msgspec.msgpack.decode(body, type=_Result)
    except msgspec.DecodeError:
        return None
    return result if all(_is_bare(name) for name, _ in result.files) else None


def _is_bare(name: str) -> bool:
    return name not in {"", ".", ".."} and not set(name) & _SEPARATORS


_SEPARATORS = frozenset("/\\\0")
