"""Counted things and areas in running text: 326名, 三人, 2065.5平方米."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from msgspec import Struct

from normalize.values.units import EXACT, listed_unit, to_base

_NUMERALS = dict(zip("二两三四五六七八九十", (2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_SCALE = {"": 1, "百": 100, "千": 1_000, "万": 10_000}
_AREAS = ("平方公里", "平方千米", "平方米", "平米", "平方", "㎡", "公顷", "亩")
_PEOPLE = frozenset({"名", "人", "位"})
_PEOPLE_UNITS = ("人(?![次均天日月年大民口])", "名(?!单|称|额)", "位(?!一体|数|于|置)")
_THINGS = (
    "户次|户|个(?!百分点|月|季|工作日|小时|星期|方面|环节|阶段)|处|套|台|辆|件|块|座|栋|所|家|场次|场|次|盏|条|项|份|公里|千米|米"
    "|吨|株|棵|间"
)
_UNITS = "|".join((*_AREAS, "人次", *_PEOPLE_UNITS, _THINGS))
_COUNT = re.compile(
    rf"(?:(?P<digits>(?<![0-9.,~\-—至到])[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?)(?P<scale>[百千万]?)"
    rf"|(?P<numeral>(?<![一二两三四五六七八九十百千万第几数])[二两三四五六七八九十])(?=[人名户]))"
    rf"(?P<unit>{_UNITS})(?P<vague>/|以上|以下|以内|左右|余)?"
)
_VAGUE = re.compile(r"(?:不少于|不低于|不超过|超过|至少|最多|达到|[约近逾超≥≤><第])\s*$")
_HINTS = (re.compile(r"[0-9二两三四五六七八九十]"), re.compile(r"平方|平米|㎡|亩|公顷"))
_STOP = re.compile(r"[，。；、,;:： ]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_REACH = 10  # characters on either side of a count that tell what is counted


class Count(Struct, frozen=True):
    """An exact count in a text: its number and family of unit, where it stands, and the words around it."""

    number: Decimal
    family: str
    printed: str
    span: tuple[int, int]
    around: frozenset[str]


@lru_cache(maxsize=1024)  # each goal is asked for persons, for things and for areas
def counts_in(text: str) -> tuple[Count, ...]:
    """The exact counts of a text; vague ones (约50人, 50人以上) are left out."""
    return tuple(_counts(text))


def _counts(text: str) -> Iterator[Count]:
    for found in _COUNT.finditer(text):
        if found["vague"] or _VAGUE.search(text, max(found.start() - 4, 0), found.start()):
            continue
        number, family = _measured(found)
        before = _STOP.split(text[max(found.start() - _REACH, 0) : found.start()])[-1]
        after = _STOP.split(text[found.end() : found.end() + _REACH])[0]
        around = words_of(f"{before} {after}")
        yield Count(number, family, found[0], found.span(), around)


def _measured(found: re.Match[str]) -> tuple[Decimal, str]:
    if found["numeral"]:
        number = Decimal(_NUMERALS[found["numeral"]])
    else:
        number = EXACT.multiply(Decimal(found["digits"].replace(",", "")), Decimal(_SCALE[found["scale"]]))
    return measured(number, listed_unit(found["unit"]) or found["unit"])


def measured(number: Decimal, unit: str) -> tuple[Decimal, str]:
    """A number in the base unit of its family: 名, 位 and 人 are one."""
    scaled, base = to_base(number, unit)
    return scaled, family_of(base or unit)


@cache
def family_of(unit: str) -> str:
    """The unit that stands for all that count the same."""
    return "人" if unit in _PEOPLE else unit


def may_hold(text: str, *, areas: bool) -> bool:
    """A cheap test that every text with such a count passes."""
    return bool(_HINTS[areas].search(text))


def is_area(family: str) -> bool:
    """Whether a family is one of areas."""
    return family in _AREAS


def words_of(text: str) -> frozenset[str]:
    """All pairs of neighbouring Han characters, which is what words are compared by."""
    return frozenset(_pairs(text))


def _pairs(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from (run[i : i + 2] for i in range(len(run) - 1))
