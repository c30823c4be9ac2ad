"""How every value was obtained: the shapes of audit.json."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from schemas.text import Edit, Place, Severity

Basis = Literal["arithmetic", "form", "taxonomy", "text", "reading"]
"""What a finding rests on: sums; a rule the form itself prints; the known classes; the wording; the reading."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One logged repair of the value at `pointer` (RFC 6901): `before` became `after`."""

    pointer: str
    rule: str
    before: str
    after: str
    evidence: str
    confidence: float

    @classmethod
    def of(cls, pointer: str, edit: Edit) -> Repair:
        """The edit of a text, now that its pointer in the project file is known."""
        return cls(pointer, edit.rule, edit.before, edit.after, edit.evidence, edit.confidence)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reviewer should look at; a finding never changes a value.

    `message` is Chinese, `message_en` says the same in English; `pointer` is "" for the project or document as a whole.
    """

    pointer: str
    rule: str
    severity: Severity
    basis: Basis
    message: str
    message_en: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectAudit:
    """How one project was obtained; `file` is filled in by the writer."""

    id: str
    file: str
    pages: tuple[int, ...]
    provenance: dict[str, tuple[Place, ...]]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The source document: `name` without its folder, `pages` None where the carrier has none."""

    name: str
    sha256: str
    media_type: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the extraction."""

    name: str
    version: str
    engine: str
    options: dict[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole of one audit.json."""

    source: Source
    tool: Tool
    projects: tuple[ProjectAudit, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())
