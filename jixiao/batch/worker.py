"""The persistent worker: documents from standard input, results to standard output, until the input ends."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

import msgspec

from extract.telling import hearing
from jixiao.batch import wire
from jixiao.batch.limits import Limits, limit_cpu, restrict, taken
from jixiao.batch.named import named
from jixiao.batch.sandbox import prepared
from jixiao.batch.task import body_of, page_message
from jixiao.batch.verdict import OUT_OF_MEMORY


def main() -> None:
    """Serve the supervisor that started this interpreter."""
    questions, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # what libraries print is no answer
    try:
        setting = msgspec.json.decode(wire.receive(questions))
        sys.path[:] = setting["path"]
        restrict(Limits(**setting["limits"]), taken(), mapped=False)
        prepared(setting["folder"], programs=True).enter()
        work = named(setting["work"])
        while True:
            request = msgspec.json.decode(wire.receive(questions))
            data = wire.receive(questions)
            limit_cpu(request["limits"]["cpu"])
            _forget_peak()
            with hearing(lambda done, count: wire.send(answers, page_message(done, count))):
                record = work(request, data)
            told = {"pages": max(1, _pages(record)), "peak_memory": _peak()}
            wire.send(answers, msgspec.json.encode(told))
            wire.send(answers, *body_of(record))
    except wire.Lost:
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _pages(record: dict[str, Any]) -> int:
    return int(record.get("entry", {}).get("pages") or 1)


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak() -> int:
    """The most memory in bytes since it was forgotten."""
    try:
        found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    except OSError:
        found = None
    return (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024
