"""The period of a project (项目期)."""

from __future__ import annotations

import re
from decimal import Decimal

from normalize.values.dates import Dated, looks_dated, read_date, read_span
from normalize.values.numbers import NUMBER, NUMERAL, chinese_number, to_decimal
from normalize.values.tidy import reading_form, tidy_value
from schemas.project import Period

_YEARS = re.compile(r"(.{1,24}?)(?:个?(?:年度|年))期?")
_CALENDAR_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def parse_period(text: str) -> Period:
    """The period as printed and, where stated, its ISO start and end or its number of years.

    1年, 一年期 give years; 2021年-2023年 gives start and end; 2024年 starts and ends with "2024". Anything else
    (长期, 2024年底) gives only the tidied text. Never raises.
    """
    tidied = tidy_value(text)
    probe = reading_form(tidied)
    years = _years(probe)
    if years is not None:
        return Period(text=tidied, years=years)
    dated = _dated(probe)
    if dated is None or dated.precision == "year-end":
        return Period(text=tidied)
    start, _, end = dated.date.partition("/")
    return Period(text=tidied, start=start, end=end or start)


def _dated(text: str) -> Dated | None:
    if not looks_dated(text):
        return None
    dated = read_date(text) or read_span(text, bare_years=True)
    return dated if dated and not dated.date.startswith("--") else None


def _years(text: str) -> Decimal | None:
    match = _YEARS.fullmatch(text)
    if match is None or _CALENDAR_YEAR.fullmatch(match[1]):
        return None
    if NUMBER.fullmatch(match[1]):
        return to_decimal(match[1])
    numeral = NUMERAL.fullmatch(match[1])
    return chinese_number(numeral) if numeral else None
