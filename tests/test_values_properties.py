"""Values: nothing is read that is not printed, nothing printed is lost, and no text at all raises."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from normalize.values import map_glyphs, parse_amount, parse_period, parse_target, tidy_value
from normalize.values.units import to_base, unit_table
from schemas.project import Operator, TargetValue

# The second alphabet makes texts that nearly are values; plain texts hardly ever come close to one.
NEARLY = st.text(
    "≥≤><=≧％%0123456789.,，；年月日至到-—~±（）()人元万亿次每按一二三十百千分之以上内前底余约*X/、共 \n", max_size=24
)
ANY_TEXT = st.one_of(st.text(), NEARLY)
# 年, 月 and 季度 may name a part of the calendar.
UNITS = [*sorted(set(unit_table().names.values()) - {"年", "月", "季度"}), "万元", "亿元", "万平方米", "千人", "万"]
NUMBERS = st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=4) | st.integers(0, 10**15).map(Decimal)
quick = settings(deadline=None)  # the first Chinese numeral loads a library


@quick
@given(
    operator=st.sampled_from([None, "≥", "≤", ">", "<", "="]),
    number=NUMBERS,
    unit=st.sampled_from(UNITS),
    per=st.none() | st.sampled_from(["年", "月", "人", "亩", "人*月", "人、天", "平方米"]),
)
def test_a_rendered_target_is_read_back(operator: Operator | None, number: Decimal, unit: str, per: str | None) -> None:
    text = f"{operator or ''}{number:f}{unit}" + (f"/{per}" if per else "")
    assume(f"{unit}/{per}" not in unit_table().names)
    base_number, base_unit = to_base(number, unit)
    expected = TargetValue(
        text=text, kind="number", operator=operator, number=number, unit=unit, per=per,
        base_number=base_number, base_unit=base_unit,
    )  # fmt: skip
    assert parse_target(text) == expected
    assert str(parse_target(text).number) == f"{number:f}"


@quick
@given(number=NUMBERS, unit=st.sampled_from(["元", "万元", "亿元", ""]))
def test_a_rendered_amount_is_read_back(number: Decimal, unit: str) -> None:
    amount = parse_amount(f"{number:,f}{unit}", "万元")
    assert amount.amount == number
    assert amount.yuan == to_base(number, unit or "万元")[0]


@quick
@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0:%Y}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0:%Y}/{0.month}/{0.day}", "{0:%Y%m%d}"]),
)
def test_a_rendered_date_is_read_back(day: date, pattern: str) -> None:
    value = parse_target(pattern.format(day))
    assert (value.kind, value.date, value.precision) == ("date", day.isoformat(), "day")


@quick
@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    parse_target(text)
    parse_amount(text, text)
    parse_period(text)


def test_half_a_character_does_not_raise() -> None:
    assert parse_target("\ud800").kind == "text"
    assert parse_period("\ud800").text == "\ufffd"


@quick
@given(ANY_TEXT)
def test_tidying_twice_is_tidying_once_and_means_the_same(text: str) -> None:
    tidied = tidy_value(text)
    assert tidy_value(tidied) == tidied
    assert parse_target(tidied) == parse_target(text)


@quick
@given(low=NUMBERS, high=NUMBERS, unit=st.sampled_from(["%", "天", "万元", "毫克/升", ""]), form=st.sampled_from([
    "≥{a}{u}≤{b}{u}", ">{a}{u}<{b}{u}", "≤{b}{u}，≥{a}{u}", "{a}{u}≤x≤{b}{u}", "{a}≤指标值<{b}{u}",
    "{a}{u}至{b}{u}之间",
]))  # fmt: skip
def test_both_ends_of_a_range_are_read_and_nothing_else_is_a_range(
    low: Decimal, high: Decimal, unit: str, form: str
) -> None:
    assume(low != high and not (low < 2100 and high > 1899 and not unit))
    value = parse_target(form.format(a=f"{low:f}", b=f"{high:f}", u=unit))
    if low < high:
        assert (value.kind, value.number, value.upper, value.operator) == ("range", low, high, None)
        assert "/".join(filter(None, (value.unit, value.per))) == unit
    else:
        assert (value.kind, value.number) == ("text", None)


@quick
@given(number=NUMBERS.filter(bool), unit=st.sampled_from(["℃", "%", "毫米"]))
def test_a_tolerance_is_a_range_around_zero(number: Decimal, unit: str) -> None:
    value = parse_target(f"±{number:f}{unit}")
    assert (value.kind, value.number, value.upper, value.unit) == ("range", -number, number, unit)


@quick
@given(number=NUMBERS, sign=st.sampled_from("￥¥"), unit=st.sampled_from(["", "元", "万元", "万"]))
def test_an_amount_behind_its_sign_is_money(number: Decimal, sign: str, unit: str) -> None:
    value = parse_target(f"{sign}{number:,f}{unit}")
    assert (value.number, value.base_unit) == (number, "元")
    assert value.base_number == to_base(number, (unit or "元").removesuffix("元") + "元")[0]


@quick
@given(
    count=st.integers(2, 99), span=st.sampled_from(["年", "个月", "周", "天", "学期"]), times=st.integers(1, 99),
    form=st.sampled_from(["每{c}{s}{t}次", "{c}{s}{t}次", "{t}次/{c}{s}"]),
)  # fmt: skip
def test_how_often_in_several_years_is_never_how_often_in_one(count: int, span: str, times: int, form: str) -> None:
    value = parse_target(form.format(c=count, s=span, t=times))
    assert (value.number, value.unit, value.per) == (Decimal(times), "次", f"{count}{span}")


@quick
@given(number=NUMBERS, unit=st.sampled_from(["%", "天", "人次", ""]), form=st.sampled_from(["〉{v}", "〈{v}", "》{v}"]))
def test_a_bracket_in_place_of_a_comparison_is_one(number: Decimal, unit: str, form: str) -> None:
    plain = form.replace("〉", ">").replace("》", ">").replace("〈", "<")
    text = f"{number:f}{unit}"
    assert parse_target(form.format(v=text)) == parse_target(plain.format(v=text))


def ascii_digits(text: str) -> str:
    return re.sub("[^0-9]", "", map_glyphs(text))


@quick
@given(ANY_TEXT)
def test_no_digit_of_a_text_is_lost(text: str) -> None:
    assert ascii_digits(parse_target(text).text or "") == ascii_digits(text)


@quick
@given(NEARLY)
def test_every_number_is_printed_in_the_text(text: str) -> None:
    value = parse_target(text)
    printed = re.sub("[,，]", "", value.text or "")
    assume(not re.search("[±一二三十百]", printed))
    for number in (value.number, value.upper):
        assert number is None or str(number).lstrip("-") in printed


@quick
@given(NEARLY)
def test_what_is_not_stated_stays_null(text: str) -> None:
    value = parse_target(text)
    if value.kind in ("text", "grade", "date", "unfilled"):
        assert value.number is None
        assert value.base_number is None
    assert (value.upper is not None) == (value.kind == "range")
    assert (value.date is not None) == (value.kind == "date") == (value.precision is not None)
    assert (value.number is None) == (value.base_number is None)
