"""The taxonomy: classes that must be filled in, classes nobody knows, values that do not go with their class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalize import lexicon
from normalize.checks.shared import class_name, is_currency, shown
from schemas.audit import Finding
from schemas.project import Indicator, Project, TargetValue

_MANDATORY = {
    "数量指标": "必填硬性指标",
    "成本指标": "必填硬性指标",
    "质量指标": "必填",
    "时效指标": "必填",
    "社会效益指标": "必填",
    "可持续影响指标": "必填",
    "服务对象满意度指标": "必填",
}
"""What the form of Ningxia prints; a form with such marks follows it where a class and its mark are not printed."""


def required_empty(project: Project) -> Iterator[Finding]:
    """A class that the form says must be filled in, without any value."""
    marks = {each.level2: each.required for each in project.indicators if each.level2 and each.required}
    if not marks:
        return
    follows = any(mark.startswith("必填") for mark in marks.values())
    filled = {each.level2 for each in project.indicators if each.target.kind != "unfilled"}
    for level2, mark in ((_MANDATORY if follows else {}) | marks).items():
        if mark.startswith("必") and level2 not in filled:
            yield Finding(
                _first_of(project, level2),
                "required-empty",
                "warning",
                "form",
                f"{level2}为{mark}，但没有填写任何指标值",
                f"the class {level2} is mandatory ({mark}) but holds no value",
            )


def _first_of(project: Project, level2: str) -> str:
    found = (f"/indicators/{i}/target" for i, each in enumerate(project.indicators) if each.level2 == level2)
    return next(found, "/indicators")


def unknown_class(project: Project) -> Iterator[Finding]:
    """A class that the taxonomy does not know, once for each name."""
    seen: set[str] = set()
    for index, indicator in enumerate(project.indicators):
        for level, name in ((1, indicator.level1), (2, indicator.level2)):
            if name is None or name in seen:
                continue
            seen.add(name)
            if lexicon.class_label(name, level, strict=False) is None:
                yield Finding(
                    f"/indicators/{index}/level{level}",
                    "unknown-class",
                    "warning",
                    "taxonomy",
                    f"“{shown(name)}”不是已知的{'一二'[level - 1]}级指标类别",
                    f"“{shown(name)}” is no known class of level {level}",
                )


def class_missing(project: Project) -> Iterator[Finding]:
    """Indicators without a class; where a whole form prints none, one finding says so."""
    for level, part in ((1, "level1"), (2, "level2")):
        lost = [index for index, each in enumerate(project.indicators) if getattr(each, part) is None]
        if not lost:
            continue
        listed = "、".join(str(index + 1) for index in lost[:8]) + ("…" if len(lost) > 8 else "")
        yield Finding(
            f"/indicators/{lost[0]}/{part}",
            "class-missing",
            "warning",
            "taxonomy",
            f"{len(lost)}个指标没有{'一二'[level - 1]}级指标类别（第{listed}个）",
            f"{len(lost)} indicators have no class of level {level} (number {listed})",
        )


def class_place(project: Project) -> Iterator[Finding]:
    """A second level under a first level that cannot hold it, once for each pair."""
    seen: set[tuple[str, str]] = set()
    for index, indicator in enumerate(project.indicators):
        if indicator.level1 is None or indicator.level2 is None:
            continue
        pair = (indicator.level1, indicator.level2)
        if pair in seen or _goes_with(*pair):
            continue
        seen.add(pair)
        yield Finding(
            f"/indicators/{index}/level1",
            "class-place",
            "warning",
            "taxonomy",
            f"{indicator.level2}列在{indicator.level1}之下，应属于{'或'.join(lexicon.home_of(indicator.level2))}",
            f"{indicator.level2} stands under {indicator.level1}; "
            f"it belongs under {' or '.join(lexicon.home_of(indicator.level2))}",
        )


def _goes_with(level1: str, level2: str) -> bool:
    homes = lexicon.home_of(level2)
    if not homes or lexicon.class_label(level1, 1, strict=False) is None or level1 in homes:
        return True
    return level2.endswith("成本指标") and level1 == "产出指标"


_ALWAYS = re.compile(r"(?!)")
_TIME = re.compile(r"时间|时限|日期|期限|年限|周期|质保|保修|工期|进度")
_SHARE = re.compile(r"率|比例|比重|占比|百分|程度|幅|覆盖面")
_SUM = re.compile(r"[金额款费价钱税]|资金|资产|投资|投入|产值|收入|补助|补贴|奖励|工资|贷|债|成本|救助|预算|销售")
_SAVING = re.compile(r"成本|节约|节省|节支|降低|控制|超支|超概|超预算|预算|概算|费率|费用率|利率|折扣")
_COST = re.compile(r"成本|预算|概算|标准|价|控制|节约|节省|节支|降低|不超|以内|未超|费用|经费|金额")
_SUSPECT = {
    ("数量指标", "date"): _TIME,
    ("数量指标", "percentage"): _SHARE,
    ("数量指标", "money"): _SUM,
    ("质量指标", "date"): _TIME,
    ("时效指标", "money"): _ALWAYS,
    ("成本指标", "date"): _ALWAYS,
    ("成本指标", "percentage"): _SAVING,
    ("成本指标", "text"): _COST,
    ("成本指标", "count"): _ALWAYS,
    ("经济成本指标", "date"): _ALWAYS,
    ("经济成本指标", "percentage"): _SAVING,
    ("经济成本指标", "text"): _COST,
    ("经济效益指标", "date"): _TIME,
    ("社会效益指标", "date"): _TIME,
    ("生态效益指标", "date"): _TIME,
    ("服务对象满意度指标", "date"): _ALWAYS,
    ("服务对象满意度指标", "money"): _ALWAYS,
}
"""Class and sort of value that do not go together, unless the name or the value has one of the words."""

_SORTS = {"date": "日期", "percentage": "百分比", "money": "金额", "text": "文字", "count": "非金额的数量"}
_NEUTRAL = frozenset({"倍", "分", "点", "成"})


def class_value(project: Project) -> Iterator[Finding]:
    """A value that does not go with its class: a date under 质量, a percentage under 数量, words under 成本."""
    for index, indicator in enumerate(project.indicators):
        sort = _sort_of(indicator.target)
        if sort is None or not _is_suspect(indicator, sort):
            continue
        yield Finding(
            f"/indicators/{index}/target",
            "class-value",
            "warning",
            "taxonomy",
            f"{class_name(indicator)}指标“{shown(indicator.name)}”的指标值“{shown(indicator.target.text or '')}”"
            f"是{_SORTS[sort]}，与类别不符",
            f"the value “{shown(indicator.target.text or '')}” of “{shown(indicator.name)}” is a {sort}, "
            f"which does not go with the class {class_name(indicator)}",
        )


def _is_suspect(indicator: Indicator, sort: str) -> bool:
    excuse = _SUSPECT.get((indicator.level2 or indicator.level1 or "", sort))
    return excuse is not None and not excuse.search(f"{indicator.name}\n{indicator.target.text}")


def _sort_of(value: TargetValue) -> str | None:
    """What a value is, as far as classes care."""
    if value.kind == "date":
        return "date"
    if value.kind in ("text", "grade"):
        return "text"
    if value.kind not in ("number", "range") or value.base_unit is None or value.base_unit in _NEUTRAL:
        return None
    if value.base_unit in ("%", "‰", "比例", "百分点"):
        return "percentage"
    return "money" if is_currency(value.base_unit) else "count"


_RATE = re.compile(r"(?<![效频草轻坦表统利汇费])率(?![先领])|比例|占比|满意度")


def rate_value(project: Project) -> Iterator[Finding]:
    """A rate whose target is a date."""
    for index, indicator in enumerate(project.indicators):
        rate = _RATE.search(indicator.name) if indicator.target.kind == "date" else None
        if rate and not _TIME.search(indicator.name):
            yield Finding(
                f"/indicators/{index}/target",
                "rate-value",
                "warning",
                "text",
                f"“{shown(indicator.name)}”是{rate[0]}，指标值却是日期“{indicator.target.text}”",
                f"“{shown(indicator.name)}” is a rate ({rate[0]}), its target the date “{indicator.target.text}”",
            )
