"""What the end of a process says about its document, as a stable code and a sentence."""

from __future__ import annotations

import os
import resource
import signal

from jixiao.batch.limits import MIB, Limits

DEFECT, OUT_OF_MEMORY = 70, 77
"""Exit codes by which the process of a document tells how it ended."""

_NEARLY = 0.9  # of the memory allowed: who crashes there most likely lacked more


class Verdict(Exception):  # noqa: N818 - it is not always an error of ours
    """Why a document has no result."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


def too_late(limits: Limits) -> Verdict:
    """Of a process that did not end in time."""
    return Verdict("timeout", f"it took longer than {limits.wall} s; --wall-timeout raises the limit")


def of_ending(status: int, usage: resource.struct_rusage, limits: Limits) -> Verdict:
    """Of a process that ended without a result, by its wait status."""
    if os.WIFEXITED(status):
        if os.WEXITSTATUS(status) == OUT_OF_MEMORY:
            return _out_of_memory(limits)
        return Verdict("crashed", f"its reader ended by itself (exit code {os.WEXITSTATUS(status)})")
    number = os.WTERMSIG(status)
    used = usage.ru_utime + usage.ru_stime
    if number == signal.SIGXCPU or (number == signal.SIGKILL and used >= limits.cpu):
        return Verdict("timeout", f"it took more than {limits.cpu} s of CPU time; --timeout raises the limit")
    if number == signal.SIGKILL:
        return Verdict("out-of-memory", "the system ended its reader, most likely for lack of memory")
    if usage.ru_maxrss * 1024 > _NEARLY * limits.memory * MIB:
        return _out_of_memory(limits)
    return Verdict("crashed", f"its reader crashed ({_name(number)})")


def _out_of_memory(limits: Limits) -> Verdict:
    return Verdict("out-of-memory", f"it takes more than {limits.memory} MiB of memory; --memory raises the limit")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
