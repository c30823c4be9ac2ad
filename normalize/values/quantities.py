"""Numbers with what stands behind them: unit, per part, comparison, remarks; and ranges of them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from normalize.values.heads import Head, contradict
from normalize.values.numbers import NUMBER, NUMERAL, chinese_number, to_decimal
from normalize.values.reading import Reading
from normalize.values.units import EXACT, Measure, read_measure, to_base, unit_table
from schemas.project import Operator

# Words that say nothing about the value (100%完成, 100%发放到位).
DONE = (
    "全部完成|完成|达标|合格|全覆盖|覆盖|到位|发放|支付|拨付|缴纳|落实|完工|竣工|建成|到账|执行|实施|投入使用|使用"
    "|验收|交付|结束|发生"
)
_CLOSED = r"(?:\(含[^()]*\)|及其?|或|\(含\)及|\(及\))?"
_END = re.compile(
    rf"(?:(?P<up>{_CLOSED}以上|\([含及]?以上\))|(?P<down>{_CLOSED}以[下内]|之内|内|\([含及]?以[下内]\))"
    rf"|(?P<about>左右|上下)|(?:{DONE}|整)|\((?!不含)[^()]*\)|[。;,.、!])$"
)
_MORE = re.compile(r"([十百千万亿]*)[余多来](.*)", re.DOTALL)
_RANGE = re.compile(
    rf"(?P<unit>[^0-9()\-–~至到±]{{0,8}})(?:(?P<about>±)|[-–]{{1,2}}|~|至|到)(?P<end>{NUMBER.pattern.removeprefix('-?')})"
)
_RANGE_SIGNS = frozenset("-–~至到±")
_HUNDREDTHS = re.compile(r"百分(?:之|(?=百))")
_YEARS = (1900, 2099)
_NAMED_TIMES = {"月": 12, "季度": 4}
_HUNDRED = Decimal(100)
_CURRENCY = re.compile(r"(?:人民币)?[¥￥](?=[0-9])|人民币(?=[0-9])")
_YUAN = "元"


class Tail(NamedTuple):
    """What stands behind a number."""

    measure: Measure
    operator: Operator | None
    approximate: bool


@lru_cache(maxsize=4096)
def read_tail(text: str, *, listed_only: bool = False) -> Tail | None:
    """The tail that `text` is: 余人 is about, in 人; 万元(其中…) is in 万元; null where it is not understood."""
    more = _MORE.fullmatch(text)
    rest = more[1] + more[2] if more else text
    approximate, operator = more is not None, None
    while (measure := read_measure(rest, listed_only=True)) is None:
        end = _END.search(rest)
        if end is None:
            break
        comparison = _comparison(end)
        if contradict(operator, comparison):
            return None
        operator = operator or comparison
        approximate = approximate or end["about"] is not None
        rest = rest[: end.start()]
    if measure is None and not listed_only:
        measure = read_measure(rest)
    return Tail(measure, operator, approximate) if measure else None


def _comparison(end: re.Match[str]) -> Operator | None:
    if end["up"]:
        return "≥"
    return "≤" if end["down"] else None


def read_quantity(head: Head) -> Reading | None:
    """The number or range, with all that stands behind it, that follows `head`; null where it is anything else."""
    match = NUMBER.match(head.rest)
    if match is None:
        return _hundredths(head) or _counted(head) or _money(head) or _about_zero(head)
    number, behind = to_decimal(match[0]), head.rest[match.end() :]
    if not _RANGE_SIGNS.isdisjoint(behind):
        to = _RANGE.match(behind)
        if to:
            return _range(head, number, to, behind[to.end() :])
    tail = read_tail(behind)
    if tail is None or _names_time(head, number, tail):
        return None
    return _number(head, number, tail)


def _number(head: Head, number: Decimal, tail: Tail) -> Reading | None:
    if contradict(head.operator, tail.operator):
        return None
    unit, per = tail.measure
    base_number, base_unit = to_base(number, unit)
    if number < 0 and base_unit and base_unit not in unit_table().signed:
        return None
    return {
        "kind": "number",
        "operator": head.operator or tail.operator,
        "number": number,
        "unit": unit,
        "per": per,
        "approximate": head.approximate or tail.approximate,
        "base_number": base_number,
        "base_unit": base_unit,
    }


def _names_time(head: Head, number: Decimal, tail: Tail) -> bool:
    """12月 is December or twelve months, 3季度 the third quarter or three; only a comparison tells."""
    last = _NAMED_TIMES.get(tail.measure.unit or "")
    if last is None or tail.measure.per or head.operator or tail.operator:
        return False
    return 1 <= number <= last


def _may_be_calendar(head: Head, start: Decimal, upper: Decimal, tail: Tail) -> bool:
    """1-12月 and 2023-2025 may be months and years of the calendar."""
    years = tail.measure == Measure() and start >= _YEARS[0] and upper <= _YEARS[1]
    return years or _names_time(head, start, tail)


def _range(head: Head, number: Decimal, to: re.Match[str], behind: str) -> Reading | None:
    """From `number` to the matched end; null where it descends, changes its unit or is compared as a whole."""
    tail = read_tail(behind)
    if tail is None or head.operator or not _same_unit(to["unit"], tail.measure):
        return None
    end = to_decimal(to["end"])
    start, upper = (EXACT.subtract(number, end), EXACT.add(number, end)) if to["about"] else (number, end)
    reading = _number(head, start, tail)
    if reading is None or start >= upper or _may_be_calendar(head, start, upper, tail):
        return None
    return reading | {"kind": "range", "upper": upper}


def _money(head: Head) -> Reading | None:
    """￥5000, ￥5万, 人民币5000元: what follows the sign is money."""
    sign = _CURRENCY.match(head.rest)
    reading = read_quantity(head._replace(rest=head.rest[sign.end() :])) if sign else None
    if reading is None or "number" not in reading:
        return None
    unit = reading.get("unit")
    if unit is None or unit in unit_table().scales:
        unit = (unit or "") + _YUAN
    base_number, base_unit = to_base(reading["number"], unit)
    return reading | {"unit": unit, "base_number": base_number, "base_unit": _YUAN} if base_unit == _YUAN else None


def _about_zero(head: Head) -> Reading | None:
    """±2℃, ≤±2℃: a tolerance, from -2 to 2."""
    if head.rest[:1] != "±" or head.approximate or head.operator not in (None, "≤"):
        return None
    reading = read_quantity(Head(None, approximate=False, rest=head.rest[1:]))
    if reading is None or reading["kind"] != "number" or reading.get("operator") or reading["number"] <= 0:
        return None
    number, base = reading["number"], reading["base_number"]
    return reading | {"kind": "range", "number": -number, "upper": number, "base_number": -base}


def _same_unit(first: str, measure: Measure) -> bool:
    """Whether the unit behind the first number is left out, the same, or just the scale (5万-10万元)."""
    if not first or read_measure(first) == measure:
        return True
    return first in unit_table().scales and (measure.unit or "").startswith(first)


def _hundredths(head: Head) -> Reading | None:
    """百分之九十五, 百分之95, 百分之百."""
    front = _HUNDREDTHS.match(head.rest)
    if front is None:
        return None
    rest = head.rest[front.end() :]
    match = NUMBER.match(rest) or NUMERAL.match(rest)
    tail = read_tail(rest[match.end() :], listed_only=True) if match else None
    if match is None or tail is None or tail.measure != Measure():
        return None
    number = _hundredths_number(match)
    return None if number is None else _number(head, number, tail._replace(measure=Measure("%")))


def _hundredths_number(match: re.Match[str]) -> Decimal | None:
    if match[0] == "百":
        return _HUNDRED
    return to_decimal(match[0]) if match.re is NUMBER else chinese_number(match)


def _counted(head: Head) -> Reading | None:
    """A Chinese numeral before a listed unit: 三人, 十余家; not 一批, 第一, 三级."""
    numeral = NUMERAL.match(head.rest)
    table = unit_table()
    if numeral is None or head.rest in table.phrases:
        return None
    tail = read_tail(head.rest[numeral.end() :], listed_only=True)
    if tail is None or tail.measure.unit is None or tail.measure.unit in table.ordinal:
        return None
    number = chinese_number(numeral)
    return None if number is None else _number(head, number, tail)
