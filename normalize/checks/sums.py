"""Money: the total against its parts, the cost indicators against the total, amounts that names state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from normalize.checks.shared import differ, half_digit, is_cost, is_money, money, plain, shown, total
from normalize.values.units import EXACT, to_base
from schemas.audit import Finding
from schemas.form import FormFunding
from schemas.project import Funding, Indicator, Project, TargetValue

_MOST_OPTIONAL = 8  # beyond this many rows of unknown nesting only the plain sums are tried
_UNIT_PRICE = re.compile(
    r"单[价台件次个套人户]|单位(?:成本|造价|面积|能耗)|每(?!年)|[人户亩台件套次]均|平均|均价|价格|标准(?!化)"
)
_AMOUNT = re.compile(
    r"(?<![0-9.])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(亿元|万元|万(?![0-9亩人户只头株棵吨平立公米元套台件册份次]))"
)


def no_total(project: Project) -> Iterator[Finding]:
    """A form without the amount of its total."""
    if any(row.kind == "total" and row.amount is not None for row in project.funding):
        return
    yield Finding(
        "/funding", "no-total", "warning", "form", "没有读到资金总额", "no total amount of money was found in the form"
    )


def money_unit(project: Project) -> Iterator[Finding]:
    """Amounts whose unit the form does not print: 316 may be 元 or 万元; one finding for all of them."""
    lost = [index for index, row in enumerate(project.funding) if row.amount and row.yuan is None]
    if lost:
        row = project.funding[lost[0]]
        yield Finding(
            f"/funding/{lost[0]}/unit",
            "money-unit",
            "warning",
            "form",
            f"{len(lost)}个金额没有印出单位（如“{shown(row.label, 12)}”{plain(row.amount or Decimal(0))}），元数未知",
            f"{len(lost)} amounts have no printed unit (“{shown(row.label, 12)}”: {plain(row.amount or Decimal(0))}); "
            "how many 元 they are is not known",
        )


def total_sum(project: Project) -> Iterator[Finding]:
    """Each total against the rows below it."""
    for index, below in totals(project.funding):
        row, parts = project.funding[index], tuple(project.funding[at] for at in below)
        amounts = [part.yuan for part in parts if part.yuan is not None]
        if row.yuan is None or not amounts or not (any(amounts) or any(part.kind == "fiscal" for part in parts)):
            continue
        nearest = nearest_sum(row.yuan, parts)
        if differ(nearest, row.yuan, max(map(_half, (row, *(p for p in parts if p.yuan is not None))))):
            listed = " + ".join(
                f"{shown(part.label, 12)} {money(part.yuan)}" for part in parts if part.yuan is not None
            )
            yield Finding(
                f"/funding/{index}/amount",
                "total-sum",
                "warning",
                "arithmetic",
                f"{shown(row.label, 12)}{money(row.yuan)}与分项之和{money(nearest)}不符（{listed}）",
                f"the total {money(row.yuan)} differs from the sum of its parts {money(nearest)} ({listed})",
            )


def totals(rows: Sequence[Funding | FormFunding]) -> Iterator[tuple[int, list[int]]]:
    """Where each total stands, and where the rows of its scope up to the next one."""
    starts = [index for index, row in enumerate(rows) if row.kind == "total"]
    for start, end in pairwise((*starts, len(rows))):
        yield start, [at for at in range(start + 1, end) if rows[at].scope == rows[start].scope]


def nearest_sum(goal: Decimal, parts: tuple[Funding, ...]) -> Decimal:
    """The sum of the parts that comes nearest to the total.

    The form does not print which rows are parts of other rows (财政拨款, 其中: 中央补助). The first 财政拨款 and every
    其他资金 count; any further row may be a part of one of them.
    """
    fiscal = next((row for row in parts if row.kind == "fiscal" and row.yuan is not None), None)
    sure = [row.yuan for row in parts if row.yuan is not None and (row is fiscal or row.kind == "other")]
    maybe = [row.yuan for row in parts if row.yuan is not None and row is not fiscal and row.kind != "other"]
    base = total(sure)
    sums = [EXACT.add(base, total(chosen)) for chosen in _choices(maybe) if sure or chosen]
    return min(sums, key=lambda found: abs(EXACT.subtract(found, goal)))


def _choices(maybe: list[Decimal]) -> Iterator[tuple[Decimal, ...]]:
    if len(maybe) > _MOST_OPTIONAL:
        yield from ((), tuple(maybe))
        return
    for count in range(len(maybe) + 1):
        yield from combinations(maybe, count)


def _half(row: Funding) -> Decimal:
    return half_digit(row.amount, to_base(Decimal(1), row.unit)[0]) if row.amount is not None else Decimal(0)


def cost_sum(project: Project) -> Iterator[Finding]:
    """The money-valued cost indicators against the year's total; unit prices need not count."""
    totals = (row for row in project.funding if row.kind == "total" and row.scope == "annual")
    row = next((row for row in totals if row.yuan is not None), None)
    costs = [(index, each) for index, each in enumerate(project.indicators) if _is_share_of_total(each)]
    shares = [each.target for _, each in costs if not _UNIT_PRICE.search(each.name)]
    if row is None or row.yuan is None or not shares:
        return
    found = total(_amounts(shares))
    tolerance = max(_half(row), *map(_half_of, shares))
    explained = (found, total(_amounts(each.target for _, each in costs)), *_amounts(shares))
    if not all(differ(row.yuan, amount, tolerance) for amount in explained) or _is_bounded(row.yuan, found, shares):
        return
    listed = " + ".join(shown(value.text or "", 20) for value in shares[:12]) + ("…" if len(shares) > 12 else "")
    yield Finding(
        f"/indicators/{costs[0][0]}/target",
        "cost-sum",
        "warning",
        "arithmetic",
        f"成本指标合计{money(found)}（{listed}），与{shown(row.label, 12)}{money(row.yuan)}不符",
        f"the cost indicators add up to {money(found)} ({listed}), the total is {money(row.yuan)}",
    )


def _is_share_of_total(indicator: Indicator) -> bool:
    """Whether an indicator is an amount out of the year's money: 10万元, 10万元/年; not 475元/亩."""
    value = indicator.target
    if indicator.scope != "annual" or value.kind != "number" or not is_cost(indicator):
        return False
    return is_money(value) and value.per in (None, "年")


def _amounts(values: Iterable[TargetValue]) -> list[Decimal]:
    return [value.base_number for value in values if value.base_number is not None]


def _half_of(value: TargetValue) -> Decimal:
    return half_digit(value.number, to_base(Decimal(1), value.unit)[0]) if value.number is not None else Decimal(0)


def _is_bounded(whole: Decimal, found: Decimal, values: list[TargetValue]) -> bool:
    """Whether the amounts are bounds that the whole keeps (≤60万元 beside a total of 50)."""
    if all(value.operator in ("≤", "<") for value in values):
        return whole <= found
    return all(value.operator in ("≥", ">") for value in values) and whole >= found


def name_value(project: Project) -> Iterator[Finding]:
    """A sum of money in an indicator's name beside another one as its target."""
    for index, indicator in enumerate(project.indicators):
        value = indicator.target
        if "万" not in indicator.name and "亿" not in indicator.name:
            continue
        stated = [(printed[0], _yuan(*printed.groups())) for printed in _AMOUNT.finditer(indicator.name)]
        if not stated or not is_money(value) or value.per or value.base_number in [yuan for _, yuan in stated]:
            continue
        yield Finding(
            f"/indicators/{index}/target",
            "name-value",
            "info",
            "text",
            f"指标名称中的{stated[0][0]}与指标值{value.text}不同（“{shown(indicator.name)}”）",
            f"the name states {stated[0][0]}, the target is {value.text} (“{shown(indicator.name)}”)",
        )


def _yuan(number: str, unit: str) -> Decimal:
    factor = 100_000_000 if unit == "亿元" else 10_000
    return EXACT.multiply(Decimal(number.replace(",", "")), Decimal(factor))
