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
from normalize.values.words import read_frequency, read_grade, read_unfilled
from schemas.project import Operator, TargetValue

# A value is never a page of prose; beyond this a text is not looked into.
LONGEST_VALUE = 500

_DIGIT = re.compile(r"[0-9]")
_DATE_END = re.compile(rf"(.+?)(?:(?P<before>之前|以前|前)|以内|之内|内|止)?(?:全部|全面|按期|按时)?(?:{DONE})?")
_AND = re.compile(r"并?且|(?<=[^,、;且])[,、;]?(?=[≥≤])")
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


def is_value_like(text: str | None) -> bool:
    """Whether `text` reads as a number, range, date, frequency or grade; prose and blanks do not."""
    return parse_target(text).kind in _VALUES


def _read(text: str) -> Reading | None:
    if _DIGIT.search(text):
        return _stated(text) or _between(text) or read_frequency(text)
    return read_grade(text) or read_frequency(text) or _stated(text) or read_unfilled(text)


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
    """≥95%且≤100%: a range of two compared numbers; null unless both ends are included."""
    parts = _AND.split(text, maxsplit=1)
    if len(parts) != 2:
        return None
    ends = {end.get("operator"): end for part in parts if (end := read_quantity(read_head(part)))}
    lower, upper = ends.get("≥"), ends.get("≤")
    if lower is None or upper is None or lower.get("unit") != upper.get("unit") or lower.get("per") != upper.get("per"):
        return None
    if not lower["number"] < upper["number"]:
        return None
    return lower | {"kind": "range", "operator": None, "upper": upper["number"]}
