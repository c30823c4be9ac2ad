"""One document at a time, each in a process of its own that is watched, held to its limits and ended for sure."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import resource
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from jixiao.batch import wire
from jixiao.batch.folders import claimed, released
from jixiao.batch.handover import Handover
from jixiao.batch.huge import gather
from jixiao.batch.limits import Limits, restrict, taken
from jixiao.batch.persistent import Persistent
from jixiao.batch.processes import die_with_parent, end_children
from jixiao.batch.sandbox import Sandbox, prepared
from jixiao.batch.task import Paged, body_of
from jixiao.batch.verdict import DEFECT, OUT_OF_MEMORY, Verdict, of_ending, too_late
from jixiao.batch.work import Work
from jixiao.errors import DocumentError
from jixiao.opening import read_file

_SET_PIPE_SIZE, _PIPE_SIZE = 1031, 1024 * 1024  # F_SETPIPE_SZ: large results pass in few turns
_PDF = b"%PDF-"
_OTHER_ENGINE = frozenset({"crashed", "timeout", "out-of-memory"})
_OFFICE_FACTOR = 4
_YOUNG = 50_000  # objects that may be made before garbage is looked for: a process this short needs it hardly ever


class Outcome(NamedTuple):
    """How one attempt ended: with a body, with a verdict, or asking for a persistent worker."""

    body: bytes = b""
    verdict: Verdict | None = None
    heavy: bool = False
    peak: int = 0


class Supervisor:
    """Runs documents one after the other.

    With `work` each in a fork of this process, which then must be one of its own, without a second thread; without, in
    a persistent worker. `name` is the work as module:function; the end of `parent`, a handle, means that nobody waits
    for an answer any more. `paged` is told of the pages of documents that take long.
    """

    def __init__(self, work: Work | None, name: str, parent: int | None = None, paged: Paged | None = None) -> None:
        self._work, self._parent = work, parent
        self._claimed = "" if work else claimed()  # a fork is in that of the server
        self.folder = tempfile.mkdtemp(prefix="jixiao-", dir=self._claimed or None)
        if work:
            tempfile.tempdir = os.environ["TMPDIR"] = self.folder
            gather()
        self._closed: Sandbox = prepared(self.folder)
        self._open: Sandbox = prepared(self.folder, programs=True)
        self._persistent = Persistent(name, self.folder, paged)
        self._taken = taken()

    def close(self) -> None:
        """End what still runs, and take the temporary folder away."""
        self._persistent.stop()
        released(self._claimed or self.folder)

    def answer(self, request: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
        """The two messages about one document; `data` counts where the request names no path."""
        started = time.monotonic()
        told: dict[str, Any] = {"sha256": None, "milliseconds": 0, "peak_memory": 0}
        outcome = Outcome()
        try:
            if request["path"] is not None:
                data = read_file(os.fsdecode(bytes.fromhex(request["path"])))
            told["sha256"] = hashlib.sha256(data).hexdigest()
            if told["sha256"] == request["known"]:
                told["unchanged"] = True
            else:
                outcome = self._read(request, data)
        except DocumentError as error:
            outcome = Outcome(verdict=Verdict(error.code, error.message))
        if outcome.verdict:
            told |= {"code": outcome.verdict.code, "message": outcome.verdict.message}
        told["milliseconds"] = round((time.monotonic() - started) * 1000)
        told["peak_memory"] = outcome.peak
        return msgspec.json.encode(told), outcome.body

    def _read(self, request: dict[str, Any], data: bytes) -> Outcome:
        first = self._attempt(request, data)
        if first.verdict and first.verdict.code in _OTHER_ENGINE and _has_other_engine(request, data):
            second = self._attempt(request | {"after": first.verdict.code}, data)
            if not second.verdict and _succeeded(second.body):
                return second
        return first

    def _attempt(self, request: dict[str, Any], data: bytes) -> Outcome:
        limits = Limits(**request["limits"])
        if self._work is None:
            return self._handed_over(request, data, limits)
        from extract.sniff import starts_program  # noqa: PLC0415 - the parent of all needs no reader

        programs = starts_program(data)
        if programs:
            limits *= _OFFICE_FACTOR
        outcome = self._forked(request, data, limits, programs=programs)
        return self._handed_over(request, data, limits) if outcome.heavy else outcome

    def _handed_over(self, request: dict[str, Any], data: bytes, limits: Limits) -> Outcome:
        try:
            body, peak = self._persistent.run(request, data, limits, self._parent)
        except Verdict as verdict:
            return Outcome(verdict=verdict)
        finally:
            self._tidy()
        return Outcome(body, peak=peak)

    def _forked(self, request: dict[str, Any], data: bytes, limits: Limits, *, programs: bool) -> Outcome:
        until = time.monotonic() + limits.wall
        reader, writer = os.pipe2(os.O_CLOEXEC)
        with suppress(OSError):
            fcntl.fcntl(reader, _SET_PIPE_SIZE, _PIPE_SIZE)
        child = os.fork()
        if not child:
            self._be_child(request, data, writer, limits, programs=programs)
        os.close(writer)
        told = body = b""
        verdict: Verdict | None = None
        ended = False
        try:
            told = wire.receive(reader, until=until, stop=self._parent)
            body = wire.receive(reader, until=until, stop=self._parent)
        except wire.Late:
            verdict = too_late(limits)
        except wire.Lost:
            ended = True
        except wire.TooLong:
            verdict = Verdict("too-large", "its result is larger than can be handled")
        finally:
            os.close(reader)
            status, usage = self._end(child)
        if ended:
            verdict = of_ending(status, usage, limits)
        return Outcome(b"" if verdict else body, verdict, told == b"heavy", usage.ru_maxrss * 1024)

    def _end(self, child: int) -> tuple[int, resource.struct_rusage]:
        """The child and all that it started are gone when this returns. Who is dead already keeps its own ending."""
        for kill in (os.kill, os.killpg):
            with suppress(OSError):
                kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        self._tidy()
        return status, usage

    def _tidy(self) -> None:
        with suppress(OSError):
            for left in os.scandir(self.folder):
                if left.is_dir(follow_symlinks=False):
                    shutil.rmtree(left.path, ignore_errors=True)
                else:
                    Path(left.path).unlink(missing_ok=True)
        if self._work:
            end_children(except_for=self._persistent.pid)

    def _be_child(
        self, request: dict[str, Any], data: bytes, writer: int, limits: Limits, *, programs: bool
    ) -> NoReturn:
        code = DEFECT
        try:
            gc.set_threshold(_YOUNG)
            gc.enable()
            os.setsid()
            die_with_parent()
            restrict(limits, self._taken, mapped=not programs)
            (self._open if programs else self._closed).enter()
            self._tell(request, data, writer)
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)

    def _tell(self, request: dict[str, Any], data: bytes, writer: int) -> None:
        told, body = b"{}", [b""]
        try:
            assert self._work  # noqa: S101 - only who can do the work forks
            body = body_of(self._work(request, data))
        except Handover:
            told = b"heavy"
        wire.send(writer, told)
        wire.send(writer, *body)


def _has_other_engine(request: dict[str, Any], data: bytes) -> bool:
    return data[:1024].lstrip().startswith(_PDF) and request["options"].get("engine") == "auto"


def _succeeded(body: bytes) -> bool:
    return bool(msgspec.msgpack.decode(body)["entry"]["status"] != "failed")
