"""Walls around the process of a document, by Landlock and seccomp where the kernel has them.

Whatever the document makes of it, it starts no program, talks to no network, writes outside one temporary folder
nowhere, and signals nobody. No privilege is needed for that.

Sources: landlock(7), seccomp(2), include/uapi/linux/{landlock,seccomp,filter,audit}.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from jixiao.batch.processes import libc

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _GET_SECCOMP, _FILTER = 38, 22, 21, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_BENEATH = 1
_EXECUTE, _WRITE_FILE, _MAKE_AND_REMOVE = 1 << 0, 1 << 1, 0b1_1111_1111_0000
_PIPES = 1 << 9 | 1 << 5  # to make sockets and to remove files: a stale one is in the way
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_TCP, _SCOPES = 0b11, 0b11

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the call fails with EPERM
_X32 = 0x40000000
_UNIX = 1


class _Machine(NamedTuple):
    """Numbers of system calls: those that start programs, that change rights or signal, that no reader needs."""

    arch: int
    socket: int
    starting: tuple[int, ...]
    rights: tuple[int, ...]
    never: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        41,
        (59, 322),
        (90, 91, 92, 93, 94, 260, 268, 452, 188, 189, 190, 62),
        (101, 155, 165, 166, 175, 246, 248, 249, 250, 272, 298, 304, 308, 310, 311, 313, 321, 323, 425, 438),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        198,
        (221, 281),
        (5, 6, 7, 52, 53, 54, 55, 452, 129),
        (39, 40, 41, 97, 104, 105, 117, 217, 218, 219, 241, 265, 268, 270, 271, 273, 280, 282, 425, 438),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Walls prepared once and put up in each process; what the kernel lacks is left out and named in `missing`."""

    ruleset: int | None
    filter: bytes | None
    missing: tuple[str, ...]

    def enter(self) -> None:
        """Put the walls up around the current process, for good."""
        if self.ruleset is None and self.filter is None:
            return
        c = libc()
        c.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if self.ruleset is not None and c.syscall(_RESTRICT_SELF, self.ruleset, 0):
            raise OSError(ctypes.get_errno(), "Landlock refused")
        if self.filter is not None:
            code = ctypes.create_string_buffer(self.filter, len(self.filter))
            program = _Program(len(self.filter) // 8, ctypes.addressof(code))
            if c.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
                raise OSError(ctypes.get_errno(), "seccomp refused")


def prepared(folder: str | None, *, programs: bool = False) -> Sandbox:
    """The walls for processes that write in `folder` alone; with `programs` they may start some (LibreOffice)."""
    missing = []
    ruleset = _ruleset(folder, programs=programs)
    if ruleset is None:
        missing.append("Landlock")
    code = _filter(programs=programs)
    if code is None:
        missing.append("seccomp")
    return Sandbox(ruleset, code, tuple(missing))


def _ruleset(folder: str | None, *, programs: bool) -> int | None:
    if sys.platform != "linux":
        return None
    c = libc()
    version = c.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return None
    rights = _WRITE_FILE | _MAKE_AND_REMOVE | (0 if programs else _EXECUTE)
    rights |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0) | (_IOCTL if version >= 5 else 0)
    attributes = struct.pack(
        "QQQ", rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 and not programs else 0
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset: int = c.syscall(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        return None
    if folder:
        _let(c, ruleset, folder, rights & ~_EXECUTE)
    for place in ("/dev/shm", "/var/tmp") if programs else ():  # noqa: S108 - where programs keep what they share
        _let(c, ruleset, place, rights)
    if programs:
        _let(c, ruleset, "/tmp", _PIPES)  # noqa: S108 - LibreOffice has its pipe there, whatever TMPDIR says
    _let(c, ruleset, "/dev/null", (_WRITE_FILE | _TRUNCATE | _IOCTL) & rights)
    return ruleset


def _let(c: ctypes.CDLL, ruleset: int, place: str, rights: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    c.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, handle), 0)
    os.close(handle)


def _filter(*, programs: bool) -> bytes | None:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or libc().prctl(_GET_SECCOMP, 0, 0, 0, 0) < 0:
        return None
    return b"".join(_code(machine, programs=programs))


def _code(machine: _Machine, *, programs: bool) -> Iterator[bytes]:
    """A filter of system calls: foreign call tables and the named calls fail, sockets other than local ones too."""
    refused = machine.never if programs else (*machine.never, *machine.rights, *machine.starting)
    yield _step(_LOAD, 4)
    yield _step(_EQUAL, machine.arch, 1, 0)
    yield _step(_RETURN, _REFUSE)
    yield _step(_LOAD, 0)
    yield _step(_AT_LEAST, _X32, 0, 1)
    yield _step(_RETURN, _REFUSE)
    for number in refused:
        yield _step(_EQUAL, number, 0, 1)
        yield _step(_RETURN, _REFUSE)
    yield _step(_EQUAL, machine.socket, 0, 3)
    yield _step(_LOAD, 16)
    yield _step(_EQUAL, _UNIX, 1, 0)
    yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("HBBI", code, true, false, value)
