"""The bytes of a local file, once it is known to be one: regular, readable, of a size that can be handled."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jixiao.errors import DocumentError

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is opened at all; readers have closer limits of their own."""

TOO_LARGE = f"it has more than {LARGEST // 1024 // 1024} MiB"
_SPECIAL = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_file(path: str | Path) -> bytes:
    """The content of a regular file; DocumentError `not-found`, `unsupported`, `too-large` or `unreadable`."""
    with open_file(path) as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise DocumentError(TOO_LARGE, "too-large")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise DocumentError(TOO_LARGE, "too-large")
    return data


@contextmanager
def open_file(path: str | Path) -> Iterator[IO[bytes]]:
    """A regular file; its errors as DocumentError.

    Pipes and devices are told by their entry in the folder: opening them could hang, or do something.
    """
    try:
        _checked(Path(path).stat())
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        with os.fdopen(handle, "rb") as file:
            _checked(os.fstat(file.fileno()))
            yield file
    except FileNotFoundError as error:
        raise DocumentError("there is no such file", "not-found") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DocumentError(f"the file cannot be opened: {reason}", "unreadable") from error


def _checked(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        what = _SPECIAL.get(stat.S_IFMT(found.st_mode), "something else")
        raise DocumentError(f"it is no regular file but {what}", "unsupported")
