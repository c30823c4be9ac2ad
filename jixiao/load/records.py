"""Project files and audits as the loader reads them: fast, numbers exact, keys it does not know passed over.

`Any` stands for a number: integers as they are, others as the decoder's `float_hook` makes them of the printed digits.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Raw, Struct

from schemas.project import Operator, Precision, Scope, TargetKind


class Value(Struct, frozen=True, gc=False):
    """A target or an actual value."""

    text: str | None = None
    kind: str | None = None
    operator: str | None = None
    number: Any = None
    upper: Any = None
    unit: str | None = None
    per: str | None = None
    approximate: bool | None = None
    base_number: Any = None
    base_unit: str | None = None
    date: str | None = None
    precision: str | None = None


class Named(Struct, frozen=True, gc=False):
    """A name with its code: department, attribute."""

    name: str | None = None
    code: str | None = None


class Period(Struct, frozen=True, gc=False):
    """The project's period."""

    text: str | None = None
    start: str | None = None
    end: str | None = None
    years: Any = None


class Execution(Struct, frozen=True, gc=False):
    """What was spent, in self-evaluations."""

    initial: Any = None
    executed: Any = None
    rate: Any = None
    weight: Any = None
    score: Any = None


class Funding(Struct, frozen=True, gc=False):
    """One row of the funding block."""

    label: str
    kind: str
    scope: str
    amount: Any = None
    unit: str | None = None
    yuan: Any = None
    execution: Execution | None = None


class Goal(Struct, frozen=True, gc=False):
    """One goal."""

    scope: str
    text: str


class Indicator(Struct, frozen=True, gc=False):
    """One indicator."""

    scope: str
    name: str
    target: Value
    level1: str | None = None
    level2: str | None = None
    required: str | None = None
    weight: Any = None
    actual: Value | None = None
    score: Any = None
    reason: str | None = None


class Project(Struct, frozen=True, gc=False):
    """One project file."""

    schema_version: str
    id: str
    name: str
    form: str | None = None
    fiscal_year: int | None = None
    code: str | None = None
    department: Named = Named()
    unit: str | None = None
    attribute: Named = Named()
    period: Period | None = None
    funding: list[Funding] = []
    goals: list[Goal] = []
    indicators: list[Indicator] = []
    extra: dict[str, str] = {}


_Level1 = Literal["产出指标", "效益指标", "满意度指标", "成本指标"]
_Level2 = Literal[
    "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标",
    "服务对象满意度指标",
]  # fmt: skip


class UsualValue(Value, frozen=True, gc=False):
    """A value whose words are the usual ones: each is one object in all values, made once."""

    kind: TargetKind | None = None
    operator: Operator | None = None
    precision: Precision | None = None


class UsualIndicator(Indicator, frozen=True, gc=False):
    """Likewise."""

    scope: Scope
    target: UsualValue
    level1: _Level1 | None = None
    level2: _Level2 | None = None


class UsualProject(Project, frozen=True, gc=False):
    """A project whose indicators are such; one with other words is no less a Project."""

    indicators: list[UsualIndicator] = []  # type: ignore[assignment]  # what is frozen may be narrower


NOTHING = Raw(b"")


class Something(Struct, frozen=True, gc=False):
    """Any object, whatever its keys."""


class Place(Struct, frozen=True, gc=False):
    """Any kind of place; which keys are set tells the kind."""

    text: str = ""
    page: int | None = None
    bbox: Raw = NOTHING
    line: int | None = None
    columns: Raw = NOTHING
    sheet: str | None = None
    cell: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


class Repair(Struct, frozen=True, gc=False):
    """One repair."""

    pointer: str
    rule: str
    before: str
    after: str
    evidence: str
    confidence: Any


class Finding(Struct, frozen=True, gc=False):
    """One finding; its places stay JSON."""

    pointer: str
    rule: str
    severity: str
    basis: str | None = None
    message: str = ""
    message_en: str = ""
    places: Raw = Raw(b"[]")


class ProjectAudit(Struct, frozen=True, gc=False):
    """How one project was obtained; places and repairs stay JSON."""

    id: str
    file: str
    pages: list[int] = []
    provenance: Raw = Raw(b"{}")
    repairs: Raw = Raw(b"[]")
    findings: list[Finding] = []


class Source(Struct, frozen=True, gc=False):
    """The source document."""

    name: str
    sha256: str | None = None
    media_type: str | None = None
    pages: int | None = None


class Tool(Struct, frozen=True, gc=False):
    """What made the extraction."""

    name: str
    version: str
    engine: str | None = None
    options: Raw = Raw(b"{}")


class Audit(Struct, frozen=True, gc=False):
    """One audit.json."""

    source: Source
    tool: Tool
    projects: list[ProjectAudit]
    findings: list[Finding] = []


class Entry(Struct, frozen=True, gc=False):
    """One line of manifest.jsonl."""

    source: str
    sha256: str | None = None
    status: str = "ok"
    folder: str | None = None
    code: str | None = None
    message: str | None = None
