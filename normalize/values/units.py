"""Units: their names, their scales, and what they count by."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

# Wide enough for every text that is read at all, so that scaling never rounds.
EXACT = Context(prec=2000)

_SCALED = re.compile(r"([十百千万]?[万亿]|[百千])(.*)", re.DOTALL)
_COMBINED = re.compile(r"([^()]+)\(([^()]+)\)")
_PER = re.compile(r"/|每")
_PER_PARTS = re.compile(r"([*×/、·.每])")
_IDEOGRAPHS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{1,6}")
_COUNTED = re.compile(r"(?P<count>[2-9]|[1-9][0-9]{1,5}|[两二三四五六七八九十])(?P<unit>[^0-9]+)")
_DIGIT_OF = dict(zip("两二三四五六七八九十", ("2", *map(str, range(2, 11))), strict=True))
_LONGEST_UNIT = 40


class Measure(NamedTuple):
    """A unit and what it counts by: 万元/年 is 万元 per 年. Both null where a number stands alone."""

    unit: str | None = None
    per: str | None = None


@dataclass(frozen=True)
class UnitTable:
    """data/units.toml, ready for look-up."""

    names: dict[str, str]  # as printed -> canonical
    scales: dict[str, Decimal]
    factors: dict[str, tuple[Decimal, str]]
    currencies: frozenset[str]
    occurrences: frozenset[str]
    signed: frozenset[str]
    spans: frozenset[str]
    unlisted_characters: frozenset[str]
    unlisted_words: frozenset[str]
    ordinal: frozenset[str]
    phrases: frozenset[str]
    period: frozenset[str]
    per: dict[str, str]  # what a letter behind a slash stands for


@lru_cache(maxsize=1)
def unit_table() -> UnitTable:
    """The units, read once, when first needed."""
    data: dict[str, Any] = tomllib.loads((files("normalize") / "data" / "units.toml").read_text(encoding="utf-8"))
    listed = {name: name for group in data["units"].values() for name in group}
    return UnitTable(
        names=listed | data["synonyms"],
        scales={name: Decimal(factor) for name, factor in data["scales"].items()},
        factors={name: (Decimal(factor), base) for name, (factor, base) in data["factors"].items()},
        currencies=frozenset(data["currencies"]),
        occurrences=frozenset(data["occurrences"]),
        signed=frozenset(data["signed"]),
        spans=frozenset(data["spans"]),
        unlisted_characters=frozenset(data["unlisted"]["characters"]),
        unlisted_words=frozenset(data["unlisted"]["words"]),
        ordinal=frozenset(data["chinese"]["ordinal"]),
        phrases=frozenset(data["chinese"]["phrases"]),
        period=frozenset(data["units"]["period"]),
        per=data["per"],
    )


def listed_unit(text: str) -> str | None:
    """The canonical name of a listed unit, scaled or not (平米 is 平方米, 万平米 is 万平方米)."""
    table = unit_table()
    name = table.names.get(text)
    if name is not None:
        return name
    scaled = _SCALED.fullmatch(text)
    if scaled and scaled[1] in table.scales:
        unscaled = table.names.get(scaled[2]) if scaled[2] else ""
        return None if unscaled is None else scaled[1] + unscaled
    return _combined_unit(text)


def _combined_unit(text: str) -> str | None:
    """台(套): one unit of two listed names."""
    names = unit_table().names
    parts = _COMBINED.fullmatch(text)
    return text if parts and parts[1] in names and parts[2] in names else None


def unlisted_unit(text: str, longest: int = 3) -> str | None:
    """`text` where it is a short word that can only be a unit nobody listed, scaled or not (5窝, 3万窝)."""
    table = unit_table()
    scaled = _SCALED.fullmatch(text)
    word = scaled[2] if scaled and scaled[1] in table.scales else text
    if len(word) > longest or not _IDEOGRAPHS.fullmatch(word):
        return None
    if word in table.unlisted_words or not table.unlisted_characters.isdisjoint(word):
        return None
    return text


@lru_cache(maxsize=4096)
def read_measure(text: str, *, listed_only: bool = False) -> Measure | None:
    """The unit and per part that `text` is, in brackets or not; null where it is anything else."""
    if not text:
        return Measure()
    if len(text) > _LONGEST_UNIT:
        return None
    if text[0] == "(" and text[-1] == ")":
        inner = text[1:-1]
        return read_measure(inner, listed_only=True) if inner else None
    unit = _unit(text, listed_only=listed_only)
    return Measure(unit) if unit else _measure_by(text, listed_only=listed_only)


def _unit(text: str, *, listed_only: bool) -> str | None:
    return listed_unit(text) or (None if listed_only else unlisted_unit(text))


def _measure_by(text: str, *, listed_only: bool) -> Measure | None:
    """A unit with its per part: 万元/年, 元/人*月, 元每亩."""
    # From the right, since a listed unit may hold a slash itself (人/次/年 is 人/次 per 年).
    for cut in reversed(list(_PER.finditer(text))):
        unit = _unit(text[: cut.start()], listed_only=listed_only)
        if unit:
            per = _per(text[cut.end() :])
            return Measure(unit, per) if per else None
    return None


def _per(text: str) -> str | None:
    """The per part, each of its names canonical, its signs as printed (人*月, 人、天); 每 becomes *."""
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    pieces = _PER_PARTS.split(text)
    names = [_per_name(name) for name in pieces[::2]]
    if None in names:
        return None
    pieces[::2] = [name for name in names if name]
    return "".join("*" if piece == "每" else piece for piece in pieces)


def counted_unit(text: str) -> str | None:
    """Several of a listed unit, as what something is counted by: 2年, 两年 (2年), 3个月; null for anything else."""
    found = _COUNTED.fullmatch(text)
    if found is None or found["unit"] not in unit_table().names:
        return None
    return f"{_DIGIT_OF.get(found['count'], found['count'])}{found['unit']}"


def _counted_span(text: str) -> str | None:
    """2年 of 1次/2年; 3次/200人 may be two values."""
    counted = counted_unit(text)
    return counted if counted and counted.lstrip("0123456789") in unit_table().period else None


def _per_name(text: str) -> str | None:
    table = unit_table()
    if text in table.spans:
        return text
    if short := table.per.get(text) or _counted_span(text):
        return short
    # Behind a slash a word is a unit in any case, so it may be longer than one directly behind a number.
    return listed_unit(text) or unlisted_unit(text, longest=6)


@lru_cache(maxsize=1024)
def _scale(unit: str) -> tuple[Decimal, str | None] | None:
    table = unit_table()
    if unit in table.names:
        return table.factors.get(unit)
    scaled = _SCALED.fullmatch(unit)
    factor = table.scales.get(scaled[1]) if scaled else None
    return (factor, scaled[2] or None) if scaled and factor else None


def to_base(number: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """`number` scaled exactly to its base unit, and that unit: 10 万元 is 100000 元; itself where nothing scales."""
    scale = _scale(unit) if unit else None
    if scale is None:
        return number, unit
    factor, base = scale
    return shortest(EXACT.multiply(number, factor)), base


def shortest(number: Decimal) -> Decimal:
    """`number` without needless zeros behind the point, and never with an exponent."""
    digits = format(number, "f")
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)
