"""How every value was obtained: the shapes of audit.json."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from schemas.text import Edit, Place, Severity

Basis = Literal["arithmetic", "form", "taxonomy", "text", "reading"]
"""What a finding rests on: sums; a rule the form itself prints; the known classes; the wording; the reading."""


class Repair(Struct, frozen=True, gc=False):
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


class Finding(Struct, frozen=True, gc=False):
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


class ProjectAudit(Struct, frozen=True, gc=False):
    """How one project was obtained; `file` is filled in by the writer."""

    id: str
    file: str
    pages: tuple[int, ...]
    provenance: dict[str, tuple[Place, ...]]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]


class Source(Struct, frozen=True, gc=False):
    """The source document: `name` without its folder, `pages` None where the carrier has none."""

    name: str
    sha256: str
    media_type: str
    pages: int | None


class Tool(Struct, frozen=True, gc=False):
    """What made the extraction."""

    name: str
    version: str
    engine: str
    options: dict[str, str | int | bool]


class Audit(Struct, frozen=True, gc=False):
    """The whole of one audit.json."""

    source: Source
    tool: Tool
    projects: tuple[ProjectAudit, ...] = ()
    findings: tuple[Finding, ...] = ()
