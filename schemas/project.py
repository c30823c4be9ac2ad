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

    text: str | None = Field(
        title="指标值", description="The repaired text as a person would type it; null where nothing is printed."
    )
    kind: TargetKind = Field(
        title="类型", description="What the text turned out to be; what is not understood stays `text`."
    )
    operator: Operator | None = Field(
        title="比较符", default=None, description="The stated comparison; null where none was stated."
    )
    number: Number | None = Field(
        title="数值", default=None, description="The number, exact to the printed digits; start of a range."
    )
    upper: Number | None = Field(title="上限", default=None, description="End of a range.")
    unit: str | None = Field(
        title="单位", default=None, description="Unit without its per part, scale included (万元)."
    )
    per: str | None = Field(
        title="计量对象", default=None, description="What the unit counts by: 10万元/年 is 万元 per 年."
    )
    approximate: bool = Field(title="约数", default=False, description="Printed as about: 50余人, 10人左右.")
    base_number: Number | None = Field(
        title="基本单位数值", default=None, description="`number` scaled exactly to `base_unit`."
    )
    base_unit: str | None = Field(
        title="基本单位", default=None, description="The unit without its scale: 万元 is 元, 平米 is 平方米."
    )
    date: str | None = Field(
        title="日期",
        default=None,
        description='ISO date as far as stated ("2024", "2024-12-31"); a period is "start/end".',
    )
    precision: Precision | None = Field(title="日期精度", default=None, description="How exactly the date is stated.")


class Department(Record):
    """The department in charge."""

    name: str | None = Field(title="主管部门")
    code: str | None = Field(title="主管部门编码")


class Attribute(Record):
    """Project attribute (项目属性)."""

    name: str | None = Field(title="项目属性")
    code: str | None = Field(title="项目属性编码")


class Period(Record):
    """Project period (项目期) as printed and, where stated, its ISO start and end or its number of years."""

    text: str = Field(title="项目期")
    start: str | None = Field(default=None, title="开始日期")
    end: str | None = Field(default=None, title="结束日期")
    years: Number | None = Field(default=None, title="年数")


class Execution(Record):
    """Budget execution of a funding row, in self-evaluations."""

    initial: Number | None = Field(title="年初预算数")
    executed: Number | None = Field(title="全年执行数")
    rate: Number | None = Field(title="执行率")
    weight: Number | None = Field(title="分值")
    score: Number | None = Field(title="得分")


class Funding(Record):
    """One row of the funding block; a printed row without an amount keeps its label."""

    label: str = Field(title="资金栏目")
    kind: FundingKind = Field(title="资金类别")
    scope: Scope = Field(title="期间")
    amount: Number | None = Field(title="金额", description="The printed amount, in `unit`.")
    unit: str | None = Field(title="金额单位")
    yuan: Number | None = Field(title="金额（元）", description="The amount in 元, exact.")
    execution: Execution | None = Field(default=None, title="预算执行")


class Goal(Record):
    """A goal text (年度总体目标)."""

    scope: Scope = Field(title="期间")
    text: str = Field(title="绩效目标")


class Indicator(Record):
    """One promised target."""

    scope: Scope = Field(title="期间")
    level1: str | None = Field(
        title="一级指标", description="Canonical first level: 产出指标, 效益指标, 满意度指标, 成本指标."
    )
    level2: str | None = Field(title="二级指标", description="Canonical second level: 数量指标, 质量指标, …")
    required: str | None = Field(
        title="填报要求", default=None, description="必填, 选填, 必填硬性指标 where the form prints it."
    )
    name: str = Field(title="三级指标")
    target: TargetValue = Field(title="指标值")
    weight: Number | None = Field(default=None, title="分值")
    actual: TargetValue | None = Field(default=None, title="实际完成值")
    score: Number | None = Field(default=None, title="得分")
    reason: str | None = Field(default=None, title="偏差原因及改进措施")


class Project(Record):
    """One project of one form."""

    schema_version: Literal["1.0"] = Field(default=SCHEMA_VERSION, title="格式版本")
    id: str = Field(
        title="项目标识", description="Stable key from department code or name, year and normalised project name."
    )
    form: str | None = Field(title="表名", description="The form's printed title.")
    fiscal_year: int | None = Field(title="预算年度")
    name: str = Field(title="项目名称")
    code: str | None = Field(title="项目编码")
    department: Department = Field(title="主管部门")
    unit: str | None = Field(title="实施单位")
    attribute: Attribute = Field(title="项目属性")
    period: Period | None = Field(title="项目期")
    funding: tuple[Funding, ...] = Field(title="项目资金")
    goals: tuple[Goal, ...] = Field(title="绩效目标")
    indicators: tuple[Indicator, ...] = Field(title="绩效指标")
    extra: dict[str, str] = Field(
        title="其他栏目", default_factory=dict, description="Printed fields the model has no place for."
    )
