"""A worker that stays: a fresh interpreter with heavy libraries loaded, replaced after some documents or a fault."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

import msgspec

from jixiao.batch import wire
from jixiao.batch.limits import Limits
from jixiao.batch.task import Paged, answer_of
from jixiao.batch.verdict import Verdict, of_ending, too_late

FACTOR = 10
"""How much more a document may take here than in a process of its own: its pages are pictures."""

RECYCLED_AFTER = 50
"""Pages after which a worker is replaced; a document without pages counts as one."""

_COMMAND = "from jixiao.batch.worker import main; main()"
_ROOM = 1024  # MiB for the libraries and their models


class Persistent:
    """Starts its worker when it is needed; `name` is the work as module:function, `paged` is told of pages."""

    def __init__(self, name: str, folder: str, paged: Paged | None = None) -> None:
        self._name, self._folder, self._paged = name, folder, paged
        self._worker: subprocess.Popen[bytes] | None = None
        self._pages = 0

    @property
    def pid(self) -> int | None:
        """Of the worker, where there is one."""
        return self._worker.pid if self._worker else None

    def run(self, request: dict[str, Any], data: bytes, limits: Limits, stop: int | None) -> tuple[bytes, int]:
        """The body of one document's result and the peak memory of the worker; raises Verdict."""
        limits = Limits(limits.cpu * FACTOR, limits.wall * FACTOR, limits.memory + _ROOM)
        worker = self._worker or self._started(limits)
        assert worker.stdin  # noqa: S101 - as it was started
        assert worker.stdout  # noqa: S101 - likewise
        until = time.monotonic() + limits.wall
        try:
            wire.send(worker.stdin.fileno(), msgspec.json.encode(request | {"limits": limits.told()}))
            wire.send(worker.stdin.fileno(), data)
            answers = worker.stdout.fileno()
            answer = answer_of(lambda: wire.receive(answers, until=until, stop=stop), self._paged)
            told = msgspec.json.decode(answer)
            body = wire.receive(answers, until=until, stop=stop)
        except wire.Lost:
            raise self._fallen(limits) from None
        except wire.Late:
            self.stop()
            raise too_late(limits) from None
        except wire.TooLong:
            self.stop()
            raise Verdict("too-large", "its result is larger than can be handled") from None
        except BaseException:
            self.stop()
            raise
        self._pages += told["pages"]
        if self._pages >= RECYCLED_AFTER:
            self.stop()
        return body, told["peak_memory"]

    def stop(self) -> None:
        """End the worker."""
        worker, self._worker, self._pages = self._worker, None, 0
        if worker:
            worker.kill()
            _close(worker)
            worker.wait()

    def _started(self, limits: Limits) -> subprocess.Popen[bytes]:
        environment = os.environ | {"TMPDIR": self._folder, "PYTHONDONTWRITEBYTECODE": "1"}
        self._worker = subprocess.Popen(  # noqa: S603 - this interpreter, and a command of our own
            [sys.executable, "-P", "-c", _COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("JIXIAO_DEBUG") else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        assert self._worker.stdin  # noqa: S101 - as it was started
        setting = {"path": sys.path, "work": self._name, "folder": self._folder, "limits": limits.told()}
        with suppress(wire.Lost):  # told by the first document
            wire.send(self._worker.stdin.fileno(), msgspec.json.encode(setting))
        return self._worker

    def _fallen(self, limits: Limits) -> Verdict:
        worker, self._worker, self._pages = self._worker, None, 0
        assert worker  # noqa: S101 - it was just spoken to
        os.kill(worker.pid, signal.SIGKILL)  # who is dead already keeps its own ending, until it is waited for
        _close(worker)
        _, status, usage = os.wait4(worker.pid, 0)
        worker.returncode = os.waitstatus_to_exitcode(status)
        return of_ending(status, usage, limits)


def _close(worker: subprocess.Popen[bytes]) -> None:
    for pipe in (worker.stdin, worker.stdout):
        with suppress(OSError):
            if pipe:
                pipe.close()
