"""Amounts of money in the funding block."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from normalize.values.numbers import NUMBER, to_decimal
from normalize.values.quantities import read_tail
from normalize.values.targets import LONGEST_VALUE
from normalize.values.tidy import reading_form, tidy_value
from normalize.values.units import listed_unit, to_base, unit_table

_CURRENCY_SIGN = re.compile(r"(?:人民币)?[¥￥]?(?=[0-9-])")
_LABEL_UNIT = re.compile(r"(?:^|[(\[【]|单位:?)([十百千万亿]*[美欧港日]?元)(?:$|[)\]】])")


class Amount(Struct, frozen=True):
    """A printed amount, its unit, and the amount in 元; all null where the text is no amount.

    `yuan` alone is null where no unit is known or the currency is another one.
    """

    amount: Decimal | None = None
    unit: str | None = None
    yuan: Decimal | None = None


_NO_AMOUNT = Amount()


@lru_cache(maxsize=4096)
def parse_amount(text: str, unit: str | None = None) -> Amount:
    """The amount in a funding cell: "50 万元", "1,030,700.00", or "316" with `unit` from the label, "(万元)".

    A unit in the cell goes before the label's. A bare 万 means 万元, since the cell holds money. A number that is
    compared, approximate, by something (/年) or counts anything but money is no amount. Never raises.
    """
    tidied = tidy_value(text)
    if len(tidied) > LONGEST_VALUE:
        return _NO_AMOUNT
    probe = reading_form(tidied)
    sign = _CURRENCY_SIGN.match(probe)
    number = NUMBER.match(probe, sign.end() if sign else 0)
    tail = read_tail(probe[number.end() :], listed_only=True) if number else None
    if number is None or tail is None or tail.operator or tail.approximate or tail.measure.per:
        return _NO_AMOUNT
    printed = tail.measure.unit
    currency = _money(printed) if printed else _money(_label_unit(unit))
    return _NO_AMOUNT if printed and currency is None else _amount(to_decimal(number[0]), currency)


def _amount(number: Decimal, unit: str | None) -> Amount:
    base_number, base_unit = to_base(number, unit)
    return Amount(number, unit, base_number if base_unit == "元" else None)


def _label_unit(label: str | None) -> str | None:
    """万元 of "(万元)", "项目资金（万元）" or "单位：万元"."""
    unit = _LABEL_UNIT.search(reading_form(tidy_value(label))) if label else None
    return listed_unit(unit[1]) if unit else None


def _money(unit: str | None) -> str | None:
    """`unit` where it is one of money."""
    if unit is None:
        return None
    if unit in unit_table().scales:
        return unit + "元"
    _, base = to_base(Decimal(1), unit)
    return unit if base in unit_table().currencies else None
