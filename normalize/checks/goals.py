"""The goal's numbers against the indicators': persons, things, areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from normalize.checks.counts import Count, counts_in, is_area, may_hold, measured, words_of
from normalize.checks.shared import differ, half_digit, plain, shown, total
from schemas.audit import Finding
from schemas.project import Goal, Project, TargetValue

_ONE = Decimal(1)
# Pairs of characters that stand beside any count and tell nothing about what is counted.
_EMPTY_WORDS = words_of(
    "建设|完成|安装|开展|购置|新建|改造|项目|工程|数量|人数|次数|个数|面积|建筑|工作|人员|服务|保障|补助|发放|设备|系统|活动"
    "|实施|全县|全区|全市|进行|计划|组织|采购|以及|业务|用房"
)
_WHOLE = re.compile(r"总[^，。；,;0-9]{0,6}面积|面积[^，。；,;0-9]{0,4}[共总]|(?:共计|合计|总计)")
_OF_WHICH = re.compile(r"其中|分别|包括|分为|包含|含")
_END = re.compile(r"[。；;]")


class _Claim(Struct, frozen=True):
    """A number of the goal, and the indicator's that contradicts it."""

    goal: int
    count: Count
    indicator: int


class _Stated(Struct, frozen=True):
    """A quantity indicator's target in the base unit of its family."""

    index: int
    value: TargetValue
    number: Decimal
    family: str


def goal_count(project: Project) -> Iterator[Finding]:
    """A number of persons or things that the goal has and the indicators contradict."""
    for claim in _contradicted(project, areas=False):
        indicator = project.indicators[claim.indicator]
        yield Finding(
            f"/goals/{claim.goal}/text",
            "goal-count",
            "warning",
            "text",
            f"目标写{claim.count.printed}，指标“{shown(indicator.name)}”却是{indicator.target.text}",
            f"the goal says {claim.count.printed}, the indicator “{shown(indicator.name)}” {indicator.target.text}",
        )


def goal_area(project: Project) -> Iterator[Finding]:
    """Areas of the goal that do not add up, or that the indicators contradict."""
    for index, goal in enumerate(project.goals):
        whole, parts = _sum_of_areas(goal.text)
        if whole and _fails(whole, parts):
            listed = "+".join(plain(part.number) for part in parts)
            found = plain(total(part.number for part in parts))
            yield Finding(
                f"/goals/{index}/text",
                "goal-area",
                "warning",
                "arithmetic",
                f"目标中的总面积{whole.printed}与分项之和不符：{listed}={found}",
                f"the areas of the goal add up to {listed} = {found}, the stated total is {whole.printed}",
            )
    for claim in _contradicted(project, areas=True):
        indicator = project.indicators[claim.indicator]
        yield Finding(
            f"/goals/{claim.goal}/text",
            "goal-area",
            "warning",
            "text",
            f"目标中的面积为{claim.count.printed}，指标“{shown(indicator.name)}”却是{indicator.target.text}",
            f"the goal states an area of {claim.count.printed}, the indicator “{shown(indicator.name)}” "
            f"{indicator.target.text}",
        )


def _sum_of_areas(text: str) -> tuple[Count | None, list[Count]]:
    """A stated total area and the areas named as its parts up to the end of the sentence."""
    label = _WHOLE.search(text) if may_hold(text, areas=True) else None
    areas = [count for count in counts_in(text) if is_area(count.family)] if label else []
    whole = next((area for area in areas if label and 0 <= area.span[0] - label.end() <= 6), None)
    if whole is None or not _OF_WHICH.match(re.sub(r"^[\s，,（(：:]+", "", text[whole.span[1] :])):
        return None, []
    stop = _END.search(text, whole.span[1])
    end = stop.start() if stop else len(text)
    return whole, [area for area in areas if whole.span[1] <= area.span[0] < end and area.family == whole.family]


def _fails(whole: Count, parts: list[Count]) -> bool:
    """Whether neither all parts nor the first two or more of them add up to the whole."""
    if len(parts) < 2:
        return False
    tolerance = half_digit(whole.number, _ONE)
    sums = (total(part.number for part in parts[:count]) for count in range(2, len(parts) + 1))
    return all(differ(whole.number, found, tolerance) for found in sums)


def _contradicted(project: Project, *, areas: bool) -> Iterator[_Claim]:
    """The counts of each goal that stand alone in their family, that no indicator agrees with and one contradicts."""
    for index, goal in enumerate(project.goals):
        if not may_hold(goal.text, areas=areas):
            continue
        counts = [count for count in counts_in(goal.text) if is_area(count.family) == areas]
        stated = _stated(project, goal) if counts else []
        for count in _alone(goal, counts):
            rivals = [each for each in stated if each.family == count.family]
            if not rivals or _agrees(count, rivals) or _is_named(count, project):
                continue
            rival = _rival(count, rivals, project)
            if rival is not None:
                yield _Claim(index, count, rival.index)


def _stated(project: Project, goal: Goal) -> list[_Stated]:
    found = []
    for index, indicator in enumerate(project.indicators):
        value = indicator.target
        if indicator.level2 != "数量指标" or indicator.scope != goal.scope or value.approximate or value.per:
            continue
        if value.kind == "number" and value.number is not None and value.unit:
            found.append(_Stated(index, value, *measured(value.number, value.unit)))
    return found


def _alone(goal: Goal, counts: list[Count]) -> list[Count]:
    """The counts that are the only number of their family; of areas that add up, the stated total."""
    whole, _ = _sum_of_areas(goal.text) if counts and is_area(counts[0].family) else (None, [])
    if whole:
        return [whole]
    numbers: dict[str, set[Decimal]] = {}
    for count in counts:
        numbers.setdefault(count.family, set()).add(count.number)
    first = {count.family: count for count in reversed(counts)}
    return [count for family, count in first.items() if len(numbers[family]) == 1]


def _agrees(count: Count, rivals: list[_Stated]) -> bool:
    """Whether an indicator, or all of them together, have the goal's number."""
    if total(each.number for each in rivals) == count.number:
        return True
    return any(_admits(each, count.number) for each in rivals)


def _admits(each: _Stated, number: Decimal) -> bool:
    if each.value.operator in ("≥", ">"):
        return number >= each.number
    if each.value.operator in ("≤", "<"):
        return number <= each.number
    return number == each.number


def _is_named(count: Count, project: Project) -> bool:
    """Whether the name of an indicator has the goal's number."""
    named = (other for each in project.indicators for other in counts_in(each.name))
    return any(other.number == count.number and other.family == count.family for other in named)


def _rival(count: Count, rivals: list[_Stated], project: Project) -> _Stated | None:
    """The indicator that speaks of the same thing as the goal.

    It shares a word with what stands around the goal's number, or it is the only one that counts persons or an area.
    """
    common = _EMPTY_WORDS | words_of(f"{project.department.name}{project.unit}")
    words = count.around - common
    for each in rivals:
        if words & words_of(project.indicators[each.index].name):
            return each
    alone = count.family == "人" or is_area(count.family)
    return rivals[0] if alone and len({each.number for each in rivals}) == 1 else None
