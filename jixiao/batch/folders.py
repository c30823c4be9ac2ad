"""Temporary folders that go with their process: at its end, and where it was killed, when the next run starts.

A folder is marked by a file that its process, and every fork of it, keeps locked. Whoever gets the lock knows that
nobody is left; numbers of processes would not tell that between containers that share a folder.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX, _MARK = "jixiao-", ".jixiao"
_HELD: dict[str, int] = {}


def claimed() -> str:
    """A new folder of this process."""
    folder = tempfile.mkdtemp(prefix=_PREFIX)
    if sys.platform != "win32":
        with suppress(OSError):
            _mark(folder)
    return folder


def released(folder: str) -> None:
    """Take a folder away with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder in _HELD:
        os.close(_HELD.pop(folder))


def sweep() -> None:
    """Take away the folders of this user whose processes were killed."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for each in os.scandir(tempfile.gettempdir()):
            if each.name.startswith(_PREFIX) and each.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    _take_away(each.path)


def _mark(folder: str) -> None:
    """Lock the mark before it has its name, so that nobody ever finds it unlocked."""
    handle, unnamed = tempfile.mkstemp(dir=folder)
    _lock(handle)
    Path(unnamed).rename(Path(folder, _MARK))
    _HELD[folder] = handle


def _take_away(folder: str) -> None:
    """Remove a folder that is ours by owner and mark; raises OSError where it is not, or where somebody holds it."""
    handle = os.open(Path(folder, _MARK), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        mark, place = os.fstat(handle), Path(folder).lstat()
        if stat.S_ISREG(mark.st_mode) and mark.st_uid == place.st_uid == os.getuid():
            _lock(handle)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    import fcntl  # noqa: PLC0415 - not everywhere

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
