"""When two values mean the same, however they are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.diff.wording import same

Record = dict[str, Any]


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
    number, base, upper = target["number"], target["base_number"], target["upper"]
    scaled = None
    if upper is not None:
        scale = Decimal(base) / Decimal(number) if number and base is not None else Decimal(1)
        scaled = Decimal(upper) * scale
    operator = target["operator"] if target["operator"] != "=" else None
    low = base if base is not None else number
    return (operator, low, scaled, target["base_unit"], target["per"], target["approximate"])


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
