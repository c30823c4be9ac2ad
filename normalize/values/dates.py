"""Dates and periods as printed, as ISO dates as far as they are stated.

A date is read from the whole text or not at all; an impossible one (2024年13月) is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from schemas.project import Precision

_YEAR = r"(?:19|20)[0-9]{2}"
_TO = r"(?:[-–]{1,2}|~|至|到)"
_POINT = re.compile(
    rf"({_YEAR})(?:年(?:([0-9]{{1,2}})月(?:([0-9]{{1,2}})[日号]?|份)?|度)?"
    rf"|([-/.])([0-9]{{1,2}})(?:\4([0-9]{{1,2}}))?)"
)
_COMPACT = re.compile(rf"({_YEAR})([0-9]{{2}})([0-9]{{2}})?")
_YEAR_END = re.compile(rf"({_YEAR})年(?:年|度)?[底末终]")
_MONTH_END = re.compile(rf"(?:({_YEAR})年)?([0-9]{{1,2}})月份?(?:底|末)")
_PART = re.compile(rf"({_YEAR})年度?(?:(上半年|下半年)|第?([一二三四1-4])季度|(全年))")
_YEARLESS = re.compile(r"([0-9]{1,2})月(?:([0-9]{1,2})[日号]|份)")
_MONTHS = re.compile(rf"({_YEAR})年([0-9]{{1,2}}){_TO}([0-9]{{1,2}})月份?")
_PERIOD = re.compile(rf"(.+?){_TO}({_YEAR}.*|[0-9]{{1,2}}月.*)")
_BARE_YEAR = re.compile(_YEAR)
_LEAP_YEAR = 2000
_LONGEST_DATE = 40
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


_ASKS_TIME = re.compile(
    r"(?:完成|完工|竣工|开工|交付|验收|投入使用|结束|启动|开始|支付|拨付|发放|到位|下达|实施|举办|采购)"
    r"[^，。；]{0,4}(?:时间|日期|时点|节点)"
)


def asks_time(name: str) -> bool:
    """Whether an indicator's name asks for a point of time: 项目完成时间; 响应时间 and 完成时限 may be durations."""
    return _ASKS_TIME.search(name) is not None


class Dated(NamedTuple):
    """An ISO date as far as stated, "start/end" for a period, and how exactly it is stated."""

    date: str
    precision: Precision


def looks_dated(text: str) -> bool:
    """A cheap test that every date passes."""
    return (text[:2] in {"19", "20"} or "月" in text) and len(text) <= _LONGEST_DATE


def read_date(text: str) -> Dated | None:
    """The date or period that `text` is.

    A year alone needs 年 (2024 is a number), a dotted month two digits (2024.6 is one, too). Without a year the
    date is "--11" or "--12-31", and a month needs 份 or 底 (12月 may be twelve months).
    """
    if not looks_dated(text):
        return None
    return _single(text) or _named(text) or read_span(text)


def _single(text: str) -> Dated | None:
    """One day, month or year."""
    point = _POINT.fullmatch(text)
    if point:
        if point[4] == "." and not point[6] and len(point[5]) == 1:
            return None
        return _dated(point[1], point[2] or point[5], point[3] or point[6])
    compact = _COMPACT.fullmatch(text)
    return _dated(*compact.groups()) if compact and compact[3] else None


def _dated(year: str | None, month: str | None, day: str | None = None) -> Dated | None:
    """The date of its printed parts; null where the calendar has no such day. Without a year: --12-31."""
    front = year or "-"
    if month is None:
        return Dated(front, "year")
    if not 1 <= int(month) <= 12:
        return None
    if day is None:
        return Dated(f"{front}-{int(month):02}", "month")
    if not 1 <= int(day) <= monthrange(int(year or _LEAP_YEAR), int(month))[1]:
        return None
    return Dated(f"{front}-{int(month):02}-{int(day):02}", "day")


def _named(text: str) -> Dated | None:
    """Ends and parts of a year, and dates without a year."""
    if end := _YEAR_END.fullmatch(text):
        return Dated(end[1], "year-end")
    if end := _MONTH_END.fullmatch(text):
        return _dated(end[1], end[2])
    if part := _PART.fullmatch(text):
        return _part(part)
    yearless = _YEARLESS.fullmatch(text)
    return _dated(None, yearless[1], yearless[2]) if yearless else None


def _part(part: re.Match[str]) -> Dated:
    """A half or a quarter as its first and last month; 全年 as the year."""
    year, half, quarter, _ = part.groups()
    if half:
        first, last = (1, 6) if half == "上半年" else (7, 12)
    elif quarter:
        last = 3 * (_QUARTERS.get(quarter) or int(quarter))
        first = last - 2
    else:
        return Dated(year, "year")
    return Dated(f"{year}-{first:02}/{year}-{last:02}", "month")


def read_span(text: str, *, bare_years: bool = False) -> Dated | None:
    """A period from one date to a later one, both stated equally exactly.

    `bare_years`: 2023-2025 is a period, too (where nothing but a period can be meant).
    """
    if months := _MONTHS.fullmatch(text):
        return _span(_dated(months[1], months[2]), _dated(months[1], months[3]))
    parts = _PERIOD.fullmatch(text)
    if parts is None:
        return None
    start, end = parts[1], parts[2]
    if not _BARE_YEAR.match(end):
        end = f"{start[:4]}年{end}"  # 2022年3月-11月: the year is said once
    elif _BARE_YEAR.fullmatch(start) and (bare_years or "年" in end):
        start += "年"  # 2023-2025年: so is 年
    if _BARE_YEAR.fullmatch(end) and "年" in start:
        end += "年"
    return _span(_end_point(start), _end_point(end))


def _end_point(text: str) -> Dated | None:
    """One end of a period; here six digits are a month, too (202001-202012), and so is 2024.1."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _dated(*compact.groups())
    point = _POINT.fullmatch(text)
    return _dated(point[1], point[2] or point[5], point[3] or point[6]) if point else None


def _span(start: Dated | None, end: Dated | None) -> Dated | None:
    if start is None or end is None or start.precision != end.precision or start.date > end.date:
        return None
    return Dated(f"{start.date}/{end.date}", start.precision)
