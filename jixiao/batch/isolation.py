"""The parent's side: documents handed to supervisors, from any number of threads."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from jixiao.batch import wire
from jixiao.batch.sandbox import prepared
from jixiao.batch.supervisor import Supervisor
from jixiao.batch.task import NamedPaged, Paged, Reply, Task, answer_of, failed, reply_of
from jixiao.batch.work import DOCUMENT
from jixiao.errors import DocumentError

_COMMAND = "from jixiao.batch.server import main; main()"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_TRIES = 3


class Closed(Exception):  # noqa: N818 - it names what happened
    """The run was stopped."""


def can_fork() -> bool:
    """Whether documents get forks of their own: Linux; elsewhere libraries do not bear it, or there is none."""
    return sys.platform == "linux"


class Isolation:
    """Runs documents in processes of their own; `work` is what they do, as module:function.

    `fork` chooses a process for each document; else each thread has one persistent worker, which is replaced after a
    fault. `told` is called once where the kernel lacks what fences the processes in, `paged` with the name of a
    document that takes long, how many of its pages are read, and of how many.
    """

    def __init__(
        self,
        work: str = DOCUMENT,
        preload: Sequence[str] = (),
        *,
        fork: bool | None = None,
        told: Callable[[str], None] | None = None,
        paged: NamedPaged | None = None,
    ) -> None:
        self._work, self._preload = work, list(preload)
        self._fork = can_fork() if fork is None else fork
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._asking: socket.socket | None = None
        self._idle: list[socket.socket] = []
        self._busy: set[socket.socket] = set()
        self._spawned: list[Supervisor] = []
        self._own = threading.local()
        self._closed = False
        self._told = told
        self._paged = paged

    def run(self, task: Task, data: bytes = b"", named: NamedPaged | None = None) -> Reply:
        """One document; `data` counts where the task names no path; `named` is told of its pages in place of `paged`.

        Raises Closed where the run was stopped.
        """
        message = task.message()
        heard = named or self._paged
        paged = partial(heard, task.source) if heard else None
        told, body = self._spawn(message, data, paged) if not self._fork else self._ask(message, data, paged)
        return reply_of(task.source, told, body) if told else failed(task.source, _LOST)

    def _ask(self, message: bytes, data: bytes, paged: Paged | None) -> tuple[bytes, bytes]:
        for _ in range(_TRIES):
            supervisor = self._taken()
            try:
                wire.send(supervisor.fileno(), message)
                wire.send(supervisor.fileno(), data)
                receive = partial(wire.receive, supervisor.fileno())
                answer = answer_of(receive, paged), receive()
            except wire.Lost:
                self._drop(supervisor)
                continue
            self._give_back(supervisor)
            return answer
        return b"", b""

    def _taken(self) -> socket.socket:
        with self._lock:
            if self._closed:
                raise Closed
            supervisor = self._idle.pop() if self._idle else self._new()
            self._busy.add(supervisor)
            return supervisor

    def _give_back(self, supervisor: socket.socket) -> None:
        with self._lock:
            self._busy.discard(supervisor)
            if self._closed:
                supervisor.close()
                raise Closed
            self._idle.append(supervisor)

    def _drop(self, supervisor: socket.socket) -> None:
        with self._lock:
            self._busy.discard(supervisor)
            supervisor.close()
            if self._closed:
                raise Closed

    def _new(self) -> socket.socket:
        """A supervisor of its own, from the server; another server where that one is gone."""
        for _ in range(_TRIES):
            if self._asking is None:
                self._start()
            assert self._asking  # noqa: S101 - it was just made
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(self._asking, [b"."], [theirs.fileno()])
                except OSError:
                    ours.close()
                    self._stop_server()
                    continue
            return ours
        raise RuntimeError("no process can be started")

    def _start(self) -> None:
        self._asking, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603 - this interpreter, and a command of our own
                [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("JIXIAO_DEBUG") else subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # the terminal's interrupt is for the parent alone
            )
        setting = {"path": sys.path, "work": self._work, "preload": self._preload}
        try:
            wire.send(self._asking.fileno(), msgspec.json.encode(setting))
            ready: dict[str, Any] = msgspec.json.decode(wire.receive(self._asking.fileno()))
        except wire.Lost:
            self._stop_server()
            raise RuntimeError("the server that forks for each document does not start") from None
        self._tell_once(ready["missing"])

    def _tell_once(self, missing: list[str]) -> None:
        if missing and self._told:
            self._told(f"this kernel has no {' and no '.join(missing)}: {_UNFENCED}")
            self._told = None

    def _stop_server(self) -> None:
        if self._asking:
            self._asking.close()
        if self._server:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(2)
            self._server.kill()
            self._server.wait()
        self._asking = self._server = None

    def _spawn(self, message: bytes, data: bytes, paged: Paged | None) -> tuple[bytes, bytes]:
        if self._closed:
            raise Closed
        supervisor: Supervisor | None = getattr(self._own, "supervisor", None)
        if supervisor is None:
            self._tell_once(list(prepared(None).missing))
            supervisor = self._own.supervisor = Supervisor(None, self._work, paged=self._page)
            with self._lock:
                self._spawned.append(supervisor)
        self._own.paged = paged
        return supervisor.answer(msgspec.json.decode(message), data)

    def _page(self, done: int, count: int) -> None:
        """A page of the document that this thread waits for."""
        if self._own.paged:
            self._own.paged(done, count)

    def close(self) -> None:
        """Stop at once: what runs is ended, its threads get Closed."""
        with self._lock:
            self._closed = True
            for supervisor in (*self._idle, *self._busy):
                with contextlib.suppress(OSError):
                    supervisor.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who waits
            for supervisor in self._idle:
                supervisor.close()
            self._idle.clear()
            self._stop_server()
        for each in self._spawned:
            each.close()


_UNFENCED = "documents are read with limits of time and memory, but not fenced in"
_LOST = DocumentError("the process that watches over it was ended again and again", "crashed")
