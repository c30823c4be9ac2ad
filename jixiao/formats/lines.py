"""The line of a JSON file at which the value of a pointer begins."""

from __future__ import annotations

import re
from functools import lru_cache
from json import loads

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


@lru_cache(maxsize=64)
def lines_of(data: bytes) -> dict[str, int]:
    """Every pointer (RFC 6901) of a JSON text with its line, from 1."""
    found = {"": 1}
    path: list[str | int] = []  # keys and indexes down to where we are
    kinds: list[str] = []  # the brackets that are open
    line, key_next = 1, False
    for piece in _TOKEN.findall(data.decode("utf-8", errors="replace")):
        if piece == "\n":
            line += 1
        elif piece in "{[":
            _mark(found, path, line)
            kinds.append(piece)
            path.append("" if piece == "{" else 0)
            key_next = piece == "{"
        elif piece in "}]":
            kinds.pop()
            path.pop()
            key_next = False
        elif piece == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            key_next = kinds[-1] == "{"
        elif piece == ":":
            key_next = False
        elif key_next:
            path[-1] = str(loads(piece))
        else:
            _mark(found, path, line)
    return found


def _mark(found: dict[str, int], path: list[str | int], line: int) -> None:
    pointer = "".join("/" + str(each).replace("~", "~0").replace("/", "~1") for each in path)
    found.setdefault(pointer, line)


def line_of(data: bytes, pointer: str) -> int:
    """The line of a pointer's value, or of what it is nearest to within."""
    known = lines_of(data)
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return known.get(pointer, 1)
