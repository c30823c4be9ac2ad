"""When two values mean the same, however they are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.diff.wording import same

Record = dict[str, Any]

_SCALES = {
    "公里": ("米", Decimal(1000)), "厘米": ("米", Decimal("0.01")), "平方公里": ("平方米", Decimal(1_000_000)),
    "公顷": ("平方米", Decimal(10_000)), "吨": ("公斤", Decimal(1000)), "千克": ("公斤", Decimal(1)),
    "小时": ("分钟", Decimal(60)),
}  # fmt: skip
"""Units that are an exact multiple of another; 亩, two thirds of a thousand square metres, is none."""


def same_target(old: Record | None, new: Record | None, roll: int) -> bool:
    """Whether two targets promise the same: 1.93万元 and 19300元; 2024年底 and 2025年底 a year later."""
    if old is None or new is None:
        return old is new
    if same(old["text"], new["text"], roll):
        return True
    kinds = {old["kind"], new["kind"]}
    if kinds <= {"number", "range"}:
        return _measure(old) == _measure(new)
    if kinds == {"date"}:
        return old["precision"] == new["precision"] and same(old["date"], new["date"], roll)
    return False


def _measure(target: Record) -> tuple[Any, ...]:
    """What a number promises, in units that two prints of it share."""
    number, base, upper = target["number"], target["base_number"], target["upper"]
    unit, scale = _SCALES.get(target["base_unit"], (target["base_unit"], Decimal(1)))
    low = base if base is not None else number
    if upper is not None:
        upper = Decimal(upper) * (Decimal(base) / Decimal(number) if number and base is not None else 1) * scale
    if low is not None:
        low = Decimal(low) * scale
    operator = target["operator"] if target["operator"] != "=" else None
    return (operator, low, upper, unit, target["per"], target["approximate"])


def same_money(old: Record, new: Record) -> bool:
    """Whether two amounts are the same money."""
    if old["yuan"] is not None and new["yuan"] is not None:
        return bool(old["yuan"] == new["yuan"])
    return bool(old["amount"] == new["amount"] and (old["unit"] == new["unit"] or old["amount"] is None))


def same_period(old: Record | None, new: Record | None, roll: int) -> bool:
    """Whether two project periods are the same, a year later."""
    if old is None or new is None:
        return old is new
    return same(old["text"], new["text"], roll)
