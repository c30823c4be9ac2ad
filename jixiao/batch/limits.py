"""What one document may take, and how the system is told so."""

from __future__ import annotations

import re
import resource
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

MIB = 1024 * 1024
_LARGEST_FILE = 256 * MIB
_OPEN_FILES = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """`cpu` and `wall` in seconds, `memory` in MiB beyond what the program itself takes."""

    cpu: int = 30
    wall: int = 120
    memory: int = 1024

    def told(self) -> dict[str, int]:
        """As the ledger records them."""
        return asdict(self)

    def __mul__(self, factor: int) -> Limits:
        """For work that is heavier by nature, such as a program that has to be started."""
        return Limits(self.cpu * factor, self.wall * factor, self.memory * factor)


DEFAULT_LIMITS = Limits()


class Taken(NamedTuple):
    """Bytes of addresses and of data that a process has already; zero where the system does not tell."""

    addresses: int
    data: int


def restrict(limits: Limits, taken: Taken, *, mapped: bool) -> None:
    """Hold the current process to its limits beyond what it has `taken` before the document.

    `mapped` counts reserved addresses too; some programs reserve many and use few.
    """
    limit_cpu(limits.cpu)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_DATA, taken.data + limits.memory * MIB)
    if mapped:
        _lower(resource.RLIMIT_AS, taken.addresses + limits.memory * MIB)


def limit_cpu(seconds: int) -> None:
    """Let the current process run for so many seconds more; it may be said again for the next document."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(OSError, ValueError):  # a system that knows no such limit
        resource.setrlimit(kind, (value, value))


def taken() -> Taken:
    """What the current process has; a fork of it has the same."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return Taken(0, 0)
    sizes = {name: int(size) * 1024 for name, size in re.findall(r"^Vm(Size|Data):\s*(\d+) kB", status, re.MULTILINE)}
    return Taken(sizes.get("Size", 0), sizes.get("Data", 0))
