"""Self-evaluations: weights, scores, execution, and what was achieved against what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalize.checks.shared import differ, plain, shown, total
from normalize.values.units import EXACT
from schemas.audit import Finding
from schemas.project import Indicator, Project, TargetValue

_SUMS = (Decimal(100), Decimal(90))  # where 90, the other 10 are for the execution of the budget
_POINT = Decimal("0.01")
_PERCENT = Decimal(1)


def weight_sum(project: Project) -> Iterator[Finding]:
    """Weights that add up to neither 100 nor 90 (the other 10 are for the execution of the budget)."""
    for scope in dict.fromkeys(each.scope for each in project.indicators):
        weights = [each.weight for each in project.indicators if each.scope == scope and each.weight is not None]
        found = total(weights)
        if len(weights) < 2 or is_whole(found, _POINT):
            continue
        first = next(i for i, each in enumerate(project.indicators) if each.scope == scope and each.weight is not None)
        yield Finding(
            f"/indicators/{first}/weight",
            "weight-sum",
            "warning",
            "arithmetic",
            f"{len(weights)}个指标的权重（分值）合计{plain(found)}，既不是100也不是90",
            f"the weights of {len(weights)} indicators add up to {plain(found)}, neither 100 nor 90",
        )


_PARTS = (Decimal(1), Decimal("0.01"))  # as points or percent, or as shares of 1


def is_whole(found: Decimal, tolerance: Decimal) -> bool:
    """Whether weights of this sum are all there: 100, or 90 beside the execution of the budget."""
    return any(not differ(found, EXACT.multiply(goal, part), tolerance) for goal in _SUMS for part in _PARTS)


def score_over(project: Project) -> Iterator[Finding]:
    """Scores above the weight that they are out of, of indicators and of the budget's execution."""
    rows = [(f"/indicators/{i}/score", each.name, each.score, each.weight) for i, each in enumerate(project.indicators)]
    for index, row in enumerate(project.funding):
        if row.execution:
            pointer = f"/funding/{index}/execution/score"
            rows.append((pointer, row.label, row.execution.score, row.execution.weight))
    for pointer, name, score, weight in rows:
        if score is not None and weight is not None and score > weight:
            yield Finding(
                pointer,
                "score-over",
                "warning",
                "arithmetic",
                f"“{shown(name)}”得分{plain(score)}，超过分值{plain(weight)}",
                f"the score {plain(score)} of “{shown(name)}” is above its weight {plain(weight)}",
            )


def execution_rate(project: Project) -> Iterator[Finding]:
    """A printed rate of execution that differs from its amounts by more than a percent point."""
    for index, row in enumerate(project.funding):
        done = row.execution
        if done is None or done.rate is None or done.executed is None or not row.amount:
            continue
        rate, printed = rate_of(row.amount, done.executed), done.rate
        as_share = EXACT.multiply(printed, Decimal(100))
        if differ(rate, printed, _PERCENT) and (printed > 1 or differ(rate, as_share, _PERCENT)):
            yield Finding(
                f"/funding/{index}/execution/rate",
                "execution-rate",
                "warning",
                "arithmetic",
                f"“{shown(row.label)}”执行率{plain(printed)}%，按执行数与预算数计算为{plain(rate)}%",
                f"the rate of “{shown(row.label)}” is printed as {plain(printed)}%, its amounts give {plain(rate)}%",
            )


def rate_of(budget: Decimal, executed: Decimal) -> Decimal:
    """What share of a budget, which is not 0, was spent, in percent with two places."""
    return EXACT.multiply(EXACT.divide(executed, budget), Decimal(100)).quantize(_POINT)


def target_missed(project: Project) -> Iterator[Finding]:
    """An actual value that misses its target although the indicator has its full score."""
    for index, each in enumerate(project.indicators):
        missed = each.actual is not None and _misses(each.target, each.actual)
        if not missed or not _is_full(each) or each.actual is None:
            continue
        yield Finding(
            f"/indicators/{index}/actual",
            "target-missed",
            "warning",
            "arithmetic",
            f"“{shown(each.name)}”实际完成{each.actual.text}，未达到{each.target.text}，却得满分",
            f"“{shown(each.name)}”: the actual {each.actual.text} misses {each.target.text}, yet has the full score",
        )


def _is_full(indicator: Indicator) -> bool:
    return indicator.score is not None and indicator.weight is not None and indicator.score >= indicator.weight


def _misses(target: TargetValue, actual: TargetValue) -> bool:
    """Whether a number misses a target in the direction of its operator; unlike units are not compared."""
    same = target.base_unit == actual.base_unit and target.per == actual.per
    if target.kind != "number" or actual.kind != "number" or not same:
        return False
    if target.base_number is None or actual.base_number is None or actual.operator:
        return False
    promised, done = target.base_number, actual.base_number
    return {
        "≥": done < promised,
        ">": done <= promised,
        "≤": done > promised,
        "<": done >= promised,
        "=": done != promised,
    }.get(target.operator or "", False)
