"""One engine in an interpreter of its own: a path on each line of standard input, an answer in JSON on each of output.

python -m bench.worker ENGINE
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.engines import ENGINES, RECORDS, digests


def main(name: str) -> None:
    """Answer until the input ends. The first word of a line tells whether the result is wanted too."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what engines print is no answer
    engine = ENGINES[name]
    read = engine.load()
    _answer(answers, {"ready": True})
    for line in sys.stdin:
        wanted, path = line.rstrip("\n").split(" ", 1)
        answer: dict[str, Any] = {}
        start = _cpu()
        try:
            result = read(path)
            answer["cpu"] = _cpu() - start
            if wanted == "result" and name == RECORDS:
                answer["records"] = digests(result)
            elif wanted == "result" and engine.cells:
                answer["pages"] = engine.cells(result)
        except Exception as error:  # noqa: BLE001 - whatever an engine raises, it failed at this file
            answer["error"] = f"{type(error).__name__}: {error}"[:200]
        _answer(answers, {**answer, "peak": peak()})


def _answer(file: Any, answer: dict[str, Any]) -> None:
    file.write(json.dumps(answer) + "\n")
    file.flush()


def _cpu() -> float:
    """CPU seconds of this process, all its threads, and its children that have ended (Java)."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak() -> int:
    """The most memory in KiB, with that of the largest child. getrusage alone would count the parent before exec."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s*(\d+)", status.read_text(encoding="utf-8"))):
        return int(found[1]) + children
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children


if __name__ == "__main__":
    main(sys.argv[1])
