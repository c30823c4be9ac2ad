"""Values by themselves: not filled in, not understood, impossible, without a unit, said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from normalize.checks.shared import bare, class_name, plain, same_value, shown
from normalize.values import asks_time
from normalize.values.units import listed_unit
from schemas.audit import Finding
from schemas.project import Indicator, Project, TargetValue

_MAY_EXCEED = re.compile(
    r"增长|增幅|增速|增加|增收|涨|上升|提高|提升|倍|超额|同比|利润|回报|收益率|负债|备付|偿付|流动比|拨备|产能"
)
_DIGITS = re.compile(r"[0-9]")
_NAMED_UNIT = re.compile(r"[(（]([^()（）]{1,8})[)）]$")
_HUNDRED = Decimal(100)
_DAY_ZERO = date(1899, 12, 30)  # of workbooks, whose year 1900 has a day too many
_DAYS = (36526, 54788)  # 2000-01-01 to 2049-12-31


def no_indicators(project: Project) -> Iterator[Finding]:
    """A form of which no indicator was read."""
    if not project.indicators:
        yield Finding(
            "/indicators",
            "no-indicators",
            "error",
            "form",
            "没有读到任何绩效指标",
            "no indicator was found in the form",
        )


def unfilled(project: Project) -> Iterator[Finding]:
    """A target that nobody filled in."""
    for index, indicator in enumerate(project.indicators):
        if indicator.target.kind != "unfilled":
            continue
        printed = f"“{shown(indicator.target.text)}”" if indicator.target.text else ""
        yield Finding(
            f"/indicators/{index}/target",
            "unfilled",
            "warning",
            "form",
            f"“{shown(indicator.name)}”的指标值没有填写{printed and f'（只有{printed}）'}",
            f"the target of “{shown(indicator.name)}” is not filled in{printed and f' (only {printed})'}",
        )


def value_unclear(project: Project) -> Iterator[Finding]:
    """A target with digits of which no value could be made."""
    for index, indicator in enumerate(project.indicators):
        text = indicator.target.text
        if indicator.target.kind == "text" and text and _DIGITS.search(text):
            yield Finding(
                f"/indicators/{index}/target",
                "value-unclear",
                "info",
                "text",
                f"指标值“{shown(text)}”含数字，但未能识别为数值",
                f"the target “{shown(text)}” has digits but is not understood as a value",
            )


def unit_missing(project: Project) -> Iterator[Finding]:
    """A number without a unit, or with a scale alone (200万)."""
    for index, indicator in enumerate(project.indicators):
        value = indicator.target
        if value.kind not in ("number", "range") or value.base_unit is not None or _names_unit(indicator.name):
            continue
        scale = f"只有“{value.unit}”，" if value.unit else ""
        behind = f" behind “{value.unit}”" if value.unit else ""
        yield Finding(
            f"/indicators/{index}/target",
            "unit-missing",
            "info",
            "text",
            f"“{shown(indicator.name)}”的指标值“{value.text}”{scale}没有计量单位",
            f"the target “{value.text}” of “{shown(indicator.name)}” has no unit{behind}",
        )


def _names_unit(name: str) -> bool:
    """Whether the name ends with a unit in brackets: 造林面积(亩)."""
    found = _NAMED_UNIT.search(name)
    return bool(found and listed_unit(found[1]))


def time_value(project: Project) -> Iterator[Finding]:
    """A number where the name asks for a time: 45657 is the number that a workbook keeps for a day."""
    for index, indicator in enumerate(project.indicators):
        value = indicator.target
        if value.kind != "number" or value.unit or value.number is None or not asks_time(indicator.name):
            continue
        day = _day_of(value.number)
        yield Finding(
            f"/indicators/{index}/target",
            "time-value",
            "warning",
            "text",
            f"“{shown(indicator.name)}”应为时间，指标值却是“{value.text}”" + (f"，可能是日期{day}" if day else ""),
            f"“{shown(indicator.name)}” asks for a time, the target is “{value.text}”"
            + (f", perhaps the day {day}" if day else ""),
        )


def _day_of(number: Decimal) -> str | None:
    """The day that a workbook keeps as this number, where it is one of this century."""
    if number != int(number) or not _DAYS[0] <= number <= _DAYS[1]:
        return None
    return (_DAY_ZERO + timedelta(days=int(number))).isoformat()


def rate_over_100(project: Project) -> Iterator[Finding]:
    """A share of more than 100 %, unless it is one of growth; 295% may be a ≥95% that was misread."""
    for index, indicator in enumerate(project.indicators):
        value = indicator.target
        if not exceeds(value, indicator.name):
            continue
        guess = misread(value)
        yield Finding(
            f"/indicators/{index}/target",
            "rate-over-100",
            "warning",
            "arithmetic",
            f"“{shown(indicator.name)}”的指标值{value.text}超过100%" + (f"，可能是“≥{guess}%”误识" if guess else ""),
            f"the target {value.text} of “{shown(indicator.name)}” is more than 100 %"
            + (f"; it may be ≥{guess}% with ≥ read as 2" if guess else ""),
        )


def exceeds(value: TargetValue, name: str) -> bool:
    """Whether a value is a share of more than 100 %, and its name does not speak of growth."""
    if value.base_unit != "%" or value.number is None or value.operator in ("≤", "<"):
        return False
    return (value.upper or value.number) > _HUNDRED and not _MAY_EXCEED.search(name)


def misread(value: TargetValue) -> str | None:
    """95 of 295, where no operator is printed and ≥ may have become the 2 in front."""
    if value.operator or value.kind != "number" or value.number is None:
        return None
    digits = plain(value.number)
    rest = digits[1:]
    return rest if digits[0] == "2" and rest[:1] not in ("", "0", ".") and Decimal(rest) <= _HUNDRED else None


def duplicates(project: Project) -> Iterator[Finding]:
    """One indicator printed twice in one class, with two values or with the same."""
    first: dict[tuple[str, str | None, str | None, str], int] = {}
    for index, indicator in enumerate(project.indicators):
        if indicator.target.kind == "unfilled":
            continue
        key = (indicator.scope, indicator.level1, indicator.level2, bare(indicator.name))
        earlier = first.setdefault(key, index)
        if earlier != index and key[-1]:
            yield _twice(index, indicator, earlier, project.indicators[earlier])


def _twice(index: int, indicator: Indicator, at: int, earlier: Indicator) -> Finding:
    name, group = shown(indicator.name), class_name(indicator)
    if same_value(indicator.target, earlier.target):
        return Finding(
            f"/indicators/{index}/name",
            "repeated-indicator",
            "info",
            "text",
            f"{group}指标“{name}”与第{at + 1}个指标重复，指标值相同",
            f"“{name}” ({group}) repeats indicator {at + 1} with the same target",
        )
    values = (shown(earlier.target.text or "—"), shown(indicator.target.text or "—"))
    return Finding(
        f"/indicators/{index}/target",
        "duplicate-indicator",
        "warning",
        "text",
        f"{group}指标“{name}”出现两次，指标值不同：{values[0]}（第{at + 1}个）与{values[1]}",
        f"“{name}” ({group}) stands twice with different targets: {values[0]} (indicator {at + 1}) and {values[1]}",
    )
