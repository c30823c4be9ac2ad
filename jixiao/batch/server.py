"""The fork server: one process with all libraries loaded and no second thread; its forks watch the documents.

    parent (threads) ── asks for a supervisor ──▶ server ── forks ──▶ supervisor ── forks ──▶ one process a document
           └─────────────────── documents, results over a socket of its own ───┘

Everything ends with the parent: each process sees the end of its socket, however the parent ended.
"""

from __future__ import annotations

import gc
import os
import pkgutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.machinery import FileFinder
from pathlib import Path
from typing import NoReturn

import msgspec

import extract
from jixiao.batch import wire
from jixiao.batch.folders import claimed, released, sweep
from jixiao.batch.handover import Handover, close_gate
from jixiao.batch.named import named
from jixiao.batch.processes import adopt, end_children
from jixiao.batch.sandbox import prepared
from jixiao.batch.supervisor import Supervisor
from jixiao.batch.task import page_message
from jixiao.batch.warm import warm_up
from jixiao.batch.work import Work

_RARE = (".camelots", ".scan", ".scans")
_ENCODINGS = ("big5", "cp437", "cp936", "gb18030", "gb2312", "utf_16", "utf_16_be", "utf_16_le", "utf_8_sig")
_LIBRARIES = ("lxml.etree", "lxml.html", "numpy.ma", "pdfminer.pdfpage", "pdfplumber", "pikepdf")


def main() -> None:
    """Serve until the parent is gone; the first argument is the number of the socket to it."""
    own = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt()
    sweep()
    folder = tempfile.tempdir = claimed()  # holds those of the supervisors
    try:
        setting = msgspec.json.decode(wire.receive(own.fileno()))
        sys.path[:] = setting["path"]
        close_gate()
        work: Work = named(setting["work"])
        preload(setting["preload"])
        if setting["preload"]:
            warm_up()
        gc.disable()
        gc.collect()
        gc.freeze()  # so that a collection in a fork copies no page of what stood here before
        ready = {"missing": prepared(None).missing, "threads": threading.active_count()}
        wire.send(own.fileno(), msgspec.json.encode(ready))
        _serve(own, work, setting["work"])
    except wire.Lost:
        pass
    finally:
        end_children()
        released(folder)


def preload(modules: list[str]) -> None:
    """Load what documents will need; "*" is every reader but those that only few documents need and that cost much."""
    import_module("jixiao.pipeline")
    if "*" in modules:
        modules = [*_readers(extract.__path__, "extract."), *_LIBRARIES]
        modules += [f"encodings.{each}" for each in _ENCODINGS]
    for module in modules:
        with suppress(Exception, Handover):  # who needs it says so
            import_module(module)


def _readers(places: Iterable[str], prefix: str) -> Iterator[str]:
    """The modules below a package by their files; packages that are left out are not even looked into."""
    for each in pkgutil.iter_modules(places, prefix):
        if not each.name.endswith(_RARE):
            yield each.name
            if each.ispkg and isinstance(each.module_finder, FileFinder):
                folder = Path(each.module_finder.path) / each.name.rpartition(".")[2]
                yield from _readers([str(folder)], each.name + ".")


def _serve(own: socket.socket, work: Work, name: str) -> None:
    while True:
        try:
            asked, handles, _, _ = socket.recv_fds(own, 1, 1)
        except OSError:
            return
        if not asked:
            return
        if os.fork() == 0:
            own.close()
            _supervise(handles[0], work, name)
        for handle in handles:
            os.close(handle)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _supervise(handle: int, work: Work, name: str) -> NoReturn:
    code = 0
    try:
        adopt()
        supervisor = Supervisor(work, name, handle, lambda done, count: wire.send(handle, page_message(done, count)))
        try:
            while True:
                request = msgspec.json.decode(wire.receive(handle))
                data = wire.receive(handle)
                told, body = supervisor.answer(request, data)
                wire.send(handle, told)
                wire.send(handle, body)
        finally:
            supervisor.close()
    except (wire.Lost, wire.Abandoned):
        pass
    except BaseException:  # noqa: BLE001 - the parent asks another supervisor
        code = 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
