"""Messages between the processes of a batch: a length, then that many bytes.

What they say is JSON, a result is MessagePack; never pickle.
"""

from __future__ import annotations

import os
import select
import struct
import time

_HEAD = struct.Struct(">Q")
_PIECE = 1024 * 1024
_AT_ONCE = 512  # parts in one call; a system may take no more than 1,024
LARGEST_MESSAGE = 512 * 1024 * 1024
"""Bytes of the largest message that is taken; beyond it the other side is not believed."""


class Lost(Exception):  # noqa: N818 - it names what happened
    """The other side is gone, or what it sends is no message."""


class TooLong(Exception):  # noqa: N818 - likewise
    """The other side announces a message beyond LARGEST_MESSAGE."""


class Abandoned(Exception):  # noqa: N818 - likewise
    """Nobody waits for the message any more."""


class Late(Exception):  # noqa: N818 - likewise
    """The message did not come in time."""


def send(handle: int, *parts: bytes) -> None:
    """Write one message, given in parts; raises Lost where nobody reads any more."""
    left = [memoryview(part) for part in (_HEAD.pack(sum(map(len, parts))), *parts) if part]
    try:
        while left:
            written = os.writev(handle, left[:_AT_ONCE])
            while left and written >= len(left[0]):
                written -= len(left.pop(0))
            if written:
                left[0] = left[0][written:]
    except OSError as error:
        raise Lost from error


def receive(handle: int, *, until: float | None = None, stop: int | None = None) -> bytes:
    """Read one message. Raises Late after `until` (of the monotonic clock), Lost where the sender is gone.

    `stop` is a handle whose end means that nobody waits for the message any more: then Abandoned is raised.
    """
    head = _read(handle, _HEAD.size, until, stop)
    (length,) = _HEAD.unpack(head)
    if length > LARGEST_MESSAGE:
        raise TooLong
    return _read(handle, length, until, stop)


def _read(handle: int, length: int, until: float | None, stop: int | None) -> bytes:
    pieces: list[bytes] = []
    while length:
        if until is not None or stop is not None:
            _await(handle, until, stop)
        try:
            piece = os.read(handle, min(length, _PIECE))
        except OSError as error:
            raise Lost from error
        if not piece:
            raise Lost
        pieces.append(piece)
        length -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _await(handle: int, until: float | None, stop: int | None) -> None:
    """Return once there is something to read."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    if stop is not None:
        poll.register(stop, select.POLLRDHUP if hasattr(select, "POLLRDHUP") else select.POLLHUP)
    left = None if until is None else max(0.0, until - time.monotonic()) * 1000
    ready = dict(poll.poll(left))
    if not ready:
        raise Late
    if handle not in ready:
        raise Abandoned
