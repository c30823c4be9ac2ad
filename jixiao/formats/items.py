"""What every format is made of: one thing to look at, in one place of one file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from jixiao.names import text_of

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Item:
    """A finding or a difference.

    `file` and `line` (from 1; None where the file has no lines) are where a reviewer of a repository sees it; the
    page, box and pointer of the source stand in `properties`. `key` is what stays when rows move: it makes the
    fingerprint.
    """

    rule: str
    level: Level
    message: str
    file: str
    line: int | None
    key: tuple[str, ...]
    properties: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(slots=True)
class Fingerprints:
    """Gives items their fingerprints, each unlike the others; the second of two equal ones counts as a second."""

    _seen: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def mark(self, items: Iterable[Item]) -> list[Item]:
        """The items with their fingerprints."""
        return [replace(item, file=text_of(item.file), fingerprint=self._next(item.key)) for item in items]

    def _next(self, key: tuple[str, ...]) -> str:
        self._seen[key] += 1
        text = text_of("\0".join((*key, str(self._seen[key]))))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def place_properties(place: dict[str, Any] | None) -> dict[str, Any]:
    """Page and box, or line, or cell, of a place of the source."""
    if not place:
        return {}
    names = {"bbox": "box"}
    return {names.get(key, key): value for key, value in place.items()}


def place_text(place: dict[str, Any] | None) -> str:
    """A place in a few words: page 3, box 71.2 200 180.5 214."""
    if not place:
        return ""
    if "bbox" in place:
        return f"page {place['page']}, box {' '.join(str(number) for number in place['bbox'])}"
    if "line" in place:
        return f"page {place['page']}, line {place['line']}"
    if "sheet" in place:
        return f"sheet {place['sheet']}, cell {place['cell']}"
    return f"table {place['table']}, row {place['row']}, column {place['column']}"
