"""Nobody outlives the run: children die with their parent, and what they leave behind is ended too. Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36


@cache
def libc() -> ctypes.CDLL:
    """The C library, which tells its errors; loaded once, so that no fork does it again."""
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends."""
    if sys.platform == "linux":
        libc().prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt() -> None:
    """Become the parent of all that is left behind below this process."""
    if sys.platform == "linux":
        libc().prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children(except_for: int | None = None) -> None:
    """End every child of this process but one, and wait for them: what a document started and left behind."""
    for _ in range(100):  # each round may bring their children
        others = [child for child in _children() if child != except_for]
        if not others:
            return
        for child in others:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    try:
        listed = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in listed.split()]
