"""A reader for tests that does what hostile documents do to real ones; the first word of the document says what."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from extract.telling import page_done
from jixiao.batch.handover import HEAVY

WORK = "tests.faults:work"

FAULTS = {
    "crash": "crashed",
    "abort": "crashed",
    "exit": "crashed",
    "hang": "timeout",
    "sleep": "timeout",
    "memory": "out-of-memory",
    "malloc": "out-of-memory",
}
"""What a document may do, and the code that must come of it."""


def work(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Do what the document says, if the engine that is asked is the one that it names."""
    what, _, engine = data.decode().partition(" ")
    if engine != "fine-without-pdfium" or not request.get("after"):
        _DEEDS.get(what.removeprefix("%PDF-"), _nothing)()
    entry = {
        "source": request["source"],
        "status": "ok",
        "code": None,
        "message": None,
        "engine": request.get("after") or str(os.getpid()),
        "pages": 1,
        "folder": None,
        "projects": 1,
        "indicators": 0,
        "findings": {"error": 0, "warning": 0, "info": 0},
    }
    record = {"entry": entry, "files": [("01-a.json", data), ("audit.json", b'{"projects": []}')], "lines": b""}
    return _LIES[what](record) if what in _LIES else record


def _nothing() -> None:
    """A good document."""


def _crash() -> None:
    ctypes.string_at(0)


def _hang() -> None:
    while True:
        pass


def _memory() -> None:
    held = []
    while True:
        held.append(bytes(10_000_000))


def _malloc() -> None:
    bytes(20_000_000_000)


def _leave_children() -> None:
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 100)
        time.sleep(600)
    time.sleep(0.1)


def _print() -> None:
    os.write(1, b"\x1b[31mnoise")
    os.write(2, b"\x1b[31mnoise")


def _heavy() -> None:
    """Import what readers of scans import; nothing of the kind is installed where it is not needed."""
    name = "rapidocr"
    assert name in HEAVY
    try:
        __import__(name)
    except ImportError:
        return


def _outside(record: dict[str, Any]) -> dict[str, Any]:
    """A result that would be written beside the folder of the document."""
    return record | {"files": [("../stray.json", b"{}")]}


def _no_result(record: dict[str, Any]) -> dict[str, Any]:
    """Files that are none."""
    return record | {"files": 7}


_LIES = {"outside": _outside, "no-result": _no_result}
"""What a process that its document took over may give back."""


def _pages() -> None:
    """A scan of many pages."""
    _heavy()
    for number in range(1, 26):
        page_done(number, 25)


def _heavy_crash() -> None:
    _heavy()
    _crash()


def _break_out() -> None:
    """Whatever of it is possible makes the document fail."""
    for deed in (
        lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda: Path(f"/tmp/jixiao-stray-{os.getpid()}").write_text("x", encoding="ascii"),  # noqa: S108 - it must fail
        lambda: os.kill(os.getppid(), 0),
    ):
        try:
            deed()
        except PermissionError:
            continue
        _crash()


_DEEDS = {
    "crash": _crash,
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "hang": _hang,
    "sleep": lambda: time.sleep(600),
    "memory": _memory,
    "malloc": _malloc,
    "children": _leave_children,
    "print": _print,
    "heavy": _heavy,
    "heavy-crash": _heavy_crash,
    "break-out": _break_out,
    "pages": _pages,
}
