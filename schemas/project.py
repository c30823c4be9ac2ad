"""The clean record of one project: the shapes of the project files."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

SCHEMA_VERSION: Literal["1.0"] = "1.0"

TargetKind = Literal["number", "range", "date", "frequency", "grade", "text", "unfilled"]
Operator = Literal["≥", "≤", ">", "<", "="]
Precision = Literal["year", "year-end", "month", "day"]
Scope = Literal["annual", "midterm", "half-year"]
FundingKind = Literal["total", "fiscal", "other", "part"]

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""A JSON number, exact to the printed digits: Decimal inside, never a float on the way."""


class Record(BaseModel):
    """Base of all parts: frozen, no unknown keys, Decimal for every number."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TargetValue(Record):
    """A target (or an actual value) as printed and as understood; every part not stated is null."""

    text: str | None = Field(description="The repaired text as a person would type it; null where nothing is printed.")
    kind: TargetKind = Field(description="What the text turned out to be; what is not understood stays `text`.")
    operator: Operator | None = Field(default=None, description="The stated comparison; null where none was stated.")
    number: Number | None = Field(
        default=None, description="The number, exact to the printed digits; start of a range."
    )
    upper: Number | None = Field(default=None, description="End of a range.")
    unit: str | None = Field(default=None, description="Unit without its per part, scale included (万元).")
    per: str | None = Field(default=None, description="What the unit counts by: 10万元/年 is 万元 per 年.")
    approximate: bool = Field(default=False, description="Printed as about: 50余人, 10人左右.")
    base_number: Number | None = Field(default=None, description="`number` scaled exactly to `base_unit`.")
    base_unit: str | None = Field(default=None, description="The unit without its scale: 万元 is 元, 平米 is 平方米.")
    date: str | None = Field(
        default=None, description='ISO date as far as stated ("2024", "2024-12-31"); a period is "start/end".'
    )
    precision: Precision | None = Field(default=None, description="How exactly the date is stated.")


class Department(Record):
    """The department in charge."""

    name: str | None
    code: str | None


class Attribute(Record):
    """Project attribute (项目属性)."""

    name: str | None
    code: str | None


class Period(Record):
    """Project period (项目期) as printed and, where stated, its ISO start and end or its number of years."""

    text: str
    start: str | None = None
    end: str | None = None
    years: Number | None = None


class Execution(Record):
    """Budget execution of a funding row, in self-evaluations."""

    initial: Number | None
    executed: Number | None
    rate: Number | None
    weight: Number | None
    score: Number | None


class Funding(Record):
    """One row of the funding block; a printed row without an amount keeps its label."""

    label: str
    kind: FundingKind
    scope: Scope
    amount: Number | None = Field(description="The printed amount, in `unit`.")
    unit: str | None
    yuan: Number | None = Field(description="The amount in 元, exact.")
    execution: Execution | None = None


class Goal(Record):
    """A goal text (年度总体目标)."""

    scope: Scope
    text: str


class Indicator(Record):
    """One promised target."""

    scope: Scope
    level1: str | None = Field(description="Canonical first level: 产出指标, 效益指标, 满意度指标, 成本指标.")
    level2: str | None = Field(description="Canonical second level: 数量指标, 质量指标, …")
    required: str | None = Field(default=None, description="必填, 选填, 必填硬性指标 where the form prints it.")
    name: str
    target: TargetValue
    weight: Number | None = None
    actual: TargetValue | None = None
    score: Number | None = None
    reason: str | None = None


class Project(Record):
    """One project of one form."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    id: str = Field(description="Stable key from department code or name, year and normalised project name.")
    form: str | None = Field(description="The form's printed title.")
    fiscal_year: int | None
    name: str
    code: str | None
    department: Department
    unit: str | None = Field(description="实施单位.")
    attribute: Attribute
    period: Period | None
    funding: tuple[Funding, ...]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    extra: dict[str, str] = Field(default_factory=dict, description="Printed fields the model has no place for.")
