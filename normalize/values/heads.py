"""What stands in front of a value: the comparison and how exactly it is meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.project import Operator

GLYPHS: dict[str, Operator] = {"≥": "≥", "≤": "≤", ">": ">", "<": "<", "=": "=", "≮": "≥", "≯": "≤"}

# 达到, 控制在 and the like state no comparison themselves (控制在1%以内 states it behind the number).
_NEUTRAL = "达到|达成|达|控制在|保持在|稳定在|维持在|共计|合计|总计|累计|共|为|完成|于|在|截至|截止到|截止|到"
_AT_LEAST = "(?:大于|高于|多于)(?:或者?)?等于|不(?:得|能|应)?(?:小于|少于|低于|下于)|至少|最少"
_AT_MOST = "(?:小于|低于|少于)(?:或者?)?等于|不(?:得|能|应)?(?:大于|高于|超过|多于|超|晚于|迟于)|未超过|至多|最多"
_LATELY = "[0-9一二三四五六七八九十两]+(?:年|个月|月|周|天|日)"  # 近三年 is a time, not nearly three years
_HEAD = re.compile(
    rf"(?P<neutral>{_NEUTRAL})?"
    rf"(?:(?P<ge>[≥≮]|{_AT_LEAST})|(?P<le>[≤≯]|{_AT_MOST})|(?P<gt>>|大于|多于|高于|超过|超)|(?P<lt><|小于|少于|低于)|(?P<eq>=|等于))?"
    rf"(?P<about>大约|大概|将近|≈|约|近(?!{_LATELY}))?"
)
_LATE = re.compile("[晚迟]于")
_OPERATORS: dict[str, Operator] = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<", "eq": "="}
_DIGITS = frozenset("0123456789")
_DIRECTION = {"≥": 1, ">": 1, "≤": -1, "<": -1, "=": 0}


class Head(NamedTuple):
    """The stated comparison, whether the value is approximate, and the text behind both."""

    operator: Operator | None
    approximate: bool
    rest: str
    neutral: bool = False
    glyph: bool = False
    by_date: bool = True  # 不低于2023年 compares with that year's value, only glyphs and 不晚于 compare dates


def read_head(text: str) -> Head:
    """The head of `text`, which may be empty."""
    first = text[:1]
    if first in _DIGITS:
        return Head(None, approximate=False, rest=text)
    if first in GLYPHS and text[1:2] in _DIGITS:
        return Head(GLYPHS[first], approximate=False, rest=text[1:], glyph=True)
    return _worded_head(text)


def _worded_head(text: str) -> Head:
    match = _HEAD.match(text)
    if match is None:  # every part is optional
        return Head(None, approximate=False, rest=text)
    operator = next((glyph for name, glyph in _OPERATORS.items() if match[name]), None)
    glyph = operator is not None and text[match.end("neutral") if match["neutral"] else 0] in GLYPHS
    return Head(
        operator,
        approximate=match["about"] is not None,
        rest=text[match.end() :],
        neutral=match["neutral"] is not None,
        glyph=glyph,
        by_date=operator is None or glyph or _LATE.search(match[0]) is not None,
    )


def contradict(head: Operator | None, tail: Operator | None) -> bool:
    """Whether the comparisons in front of a value and behind it exclude each other (不超过5次以上)."""
    return head is not None and tail is not None and _DIRECTION[head] != _DIRECTION[tail]
