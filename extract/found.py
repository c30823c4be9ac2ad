"""What readers of office files and pages tell of a document, in both languages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.audit import Finding, Source
from schemas.text import Place, Severity

_LISTED = 12  # names that one message lists


def finding(rule: str, severity: Severity, message: str, message_en: str, places: Sequence[Place] = ()) -> Finding:
    """A finding about the reading of the whole document."""
    return Finding("", rule, severity, "reading", message, message_en, tuple(places))


def listed(names: Sequence[str]) -> str:
    """Names behind commas, those beyond a dozen as a number."""
    rest = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" … (+{rest})" if rest > 0 else "")


def ranges(numbers: Sequence[int]) -> list[str]:
    """Whole numbers in rising order as 3, 5-9."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]


class Origin(NamedTuple):
    """A file of a carrier without pages, and who reads it."""

    data: bytes
    name: str
    media_type: str
    engine: str

    def source(self) -> Source:
        """As the audit tells it."""
        name = re.split(r"[/\\]", self.name)[-1]
        return Source(name, hashlib.sha256(self.data).hexdigest(), self.media_type, None)
