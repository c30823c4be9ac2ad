"""A target or an actual value, as printed -> as understood."""

from __future__ import annotations

import re
from functools import lru_cache

from normalize.values.dates import Dated, looks_dated, read_date
from normalize.values.heads import Head, contradict, read_head
from normalize.values.numbers import NUMBER
from normalize.values.quantities import DONE, read_quantity
from normalize.values.reading import Reading
from normalize.values.tidy import reading_form, tidy_value
from normalize.values.units import to_base
from normalize.values.words import read_frequency, read_grade, read_unfilled
from schemas.project import Operator, TargetValue

# A value is never a page of prose; beyond this a text is not looked into.
LONGEST_VALUE = 500

_DIGIT = re.compile(r"[0-9]")
_DATE_END = re.compile(rf"(.+?)(?:(?P<before>之前|以前|前)|以内|之内|内|止)?(?:全部|全面|按期|按时)?(?:{DONE})?")
_AND = re.compile(r"并?且|(?<=[^,、;且≥≤><=])[,、;]?(?=[≥≤><])")
_CHAIN = re.compile(r"(?P<first>[^≥≤><=]+)(?P<sign>[≥≤><])[^0-9≥≤><=]{1,12}(?P<again>[≥≤><])(?P<last>[^≥≤><=]+)")
_WITHIN = re.compile(r"(?:介于|在)?(?P<span>.+?)之间|介于(?P<bare>.+)")
_WRAPPED = re.compile(r"[(\[【“\"](?P<inside>[^()\[\]【】“”\"]+)[)\]】”\"]")
_DOTTED = r"(20[0-9]{2})\.([2-9])"
_TIME = re.compile(rf"{_DOTTED}(?:底?之?前|底|完成)?|1[0-2]月|[1-9]月")
_FROM, _TO = frozenset("≥>"), frozenset("≤<")
_VALUES = frozenset({"number", "range", "date", "frequency", "grade"})


@lru_cache(maxsize=8192)  # the same few hundred values fill the forms of a whole county, and results are frozen
def parse_target(text: str | None) -> TargetValue:
    """The meaning of a printed value.

    What is not understood stays kind `text`; every field not stated is null. `text` of the result is `text` tidied
    (see `tidy_value`), null where nothing is printed. Numbers are exact to the printed digits; `base_number` and
    `base_unit` are number and unit without the scale. Never raises.
    """
    tidied = tidy_value(text) if text else ""
    if not tidied:
        return TargetValue(text=None, kind="unfilled")
    if len(tidied) > LONGEST_VALUE:
        return TargetValue(text=tidied, kind="text")
    reading = _read(reading_form(tidied))
    return TargetValue(text=tidied, **reading) if reading else TargetValue(text=tidied, kind="text")


def parse_time(text: str) -> TargetValue:
    """The value of an indicator whose name asks for a time: there 2025.6 is June and 12月 December.

    2025.1 stays a number, since a workbook shows 2025.10 so, too.
    """
    value = parse_target(text)
    if value.text is None or not _TIME.fullmatch(value.text):
        return value
    dotted = re.sub(_DOTTED, r"\1年\2月", value.text)
    dated = parse_target(dotted if dotted != value.text else f"{value.text}份")
    return dated.model_copy(update={"text": value.text}) if dated.kind == "date" else value


def is_value_like(text: str | None) -> bool:
    """Whether `text` reads as a number, range, date, frequency or grade; prose and blanks do not."""
    return parse_target(text).kind in _VALUES


def _read(text: str) -> Reading | None:
    return _plain(text) or _wrapped(text)


def _plain(text: str) -> Reading | None:
    if _DIGIT.search(text):
        return _stated(text) or _between(text) or _within(text) or read_frequency(text) or read_grade(text)
    return read_grade(text) or read_frequency(text) or _stated(text) or read_unfilled(text)


def _wrapped(text: str) -> Reading | None:
    """A value that stands in brackets or quotation marks as a whole: (≥95%); (5) may be a number of a list, or -5."""
    found = _WRAPPED.fullmatch(text)
    return _plain(found["inside"]) if found and not NUMBER.fullmatch(found["inside"]) else None


def _within(text: str) -> Reading | None:
    """90%到95%之间, 介于90%和95%之间."""
    found = _WITHIN.fullmatch(text)
    span = (found["span"] or found["bare"]) if found else ""
    joined = re.sub("[和与]", "-", span) if found and found["span"] and len(re.findall("[和与]", span)) == 1 else span
    reading = _stated(joined) if joined else None
    return reading if reading and (reading["kind"] == "range" or "/" in reading.get("date", "")) else None


def _stated(text: str) -> Reading | None:
    """A date or a quantity."""
    head = read_head(text)
    # A compared plain number is no date: ≥20240630 compares numbers.
    if looks_dated(head.rest) and not (head.operator and NUMBER.fullmatch(head.rest)):
        dated = _date(head)
        if dated:
            return dated if head.by_date else None
    return read_quantity(head)


def _date(head: Head) -> Reading | None:
    """2024年底, 2021年12月31日前完成, 不晚于2024年6月."""
    end = _DATE_END.fullmatch(head.rest)
    date = read_date(end[1]) or _month_before(end) if end else None
    before: Operator | None = "≤" if end and end["before"] else None
    if date is None or contradict(head.operator, before):
        return None
    return {
        "kind": "date",
        "operator": head.operator or before,
        "approximate": head.approximate,
        "date": date.date,
        "precision": date.precision,
    }


def _month_before(end: re.Match[str]) -> Dated | None:
    """12月前: with 前 a month alone is the calendar's."""
    return read_date(end[1] + "份") if end["before"] and end[1][-1:] == "月" else None


def _between(text: str) -> Reading | None:
    """≥95%且≤100%, >90%<100%, 90%≤合格率<95%: a range of two compared numbers; only the text tells open ends."""
    ends = [read_quantity(read_head(part)) for part in _ends(text)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    first, last = ends[0], ends[1]
    measure = (last.get("unit"), last.get("per"))
    if (first.get("unit"), first.get("per")) not in (measure, (None, None)):
        return None
    lower, upper = (first, last) if first.get("operator") in _FROM else (last, first)
    signs = lower.get("operator") in _FROM and upper.get("operator") in _TO
    if not signs or {first["kind"], last["kind"]} != {"number"} or lower["number"] >= upper["number"]:
        return None
    base_number, base_unit = to_base(lower["number"], measure[0])
    whole: Reading = {**last, "kind": "range", "operator": None, "number": lower["number"], "upper": upper["number"]}
    return whole | {"base_number": base_number, "base_unit": base_unit}


def _ends(text: str) -> list[str]:
    """The two compared numbers that a text consists of, each behind its sign: 90%≤x≤95% is ≥90% and ≤95%."""
    chain = _CHAIN.fullmatch(text)
    if chain is None:
        return _AND.split(text, maxsplit=1)
    rises = chain["sign"] in _TO
    return [("≥" if rises else "≤") + chain["first"], chain["again"] + chain["last"]]
