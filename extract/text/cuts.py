"""Page cuts: form feeds and page counters; blank lines."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from extract.text.lines import Row

_BLANK = re.compile(r'(?:[\s,;|\u200b-\u200f\ufeff]++|"")*+')
_SPACES = " \u3000\xa0"
_S = rf"[{_SPACES}]*"
_N = r"\d{1,4}"
_DASH = r"[-\u2010-\u2015\u2212\uff0d~\u00b7]{1,3}"
_COUNTER = re.compile(
    rf"{_DASH}{_S}{_N}{_S}{_DASH}"
    rf"|第{_S}(?:{_N}|[一二三四五六七八九十百]{{1,5}}){_S}页(?:{_S}[,，/／]?{_S}共{_S}{_N}{_S}页)?"
    rf"|共{_S}{_N}{_S}页{_S}[,，/／]?{_S}第{_S}{_N}{_S}页"
    rf"|{_N}{_S}[/／]{_S}{_N}"
    rf"|page{_S}{_N}(?:{_S}(?:of|/){_S}{_N})?",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{1,3}")  # four digits are a year
_LONGEST_COUNTER = 400  # with the spaces around it


class Between(NamedTuple):
    """The rows between two gaps; whether a form feed or a page counter stands before them, or only a blank line."""

    rows: list[Row]
    behind_mark: bool


def cut(rows: list[Row]) -> tuple[list[Between], bool]:
    """The blocks between gaps, and whether any gap is a mark: a form feed or a page counter."""
    counters = _counters(rows)
    blocks = [Between([], behind_mark=True)]
    mark = False
    for index, row in enumerate(rows):
        blank = bool(_BLANK.fullmatch(row.text))
        here = index in counters or bool(row.start)
        mark = mark or here
        if (here or blank) and blocks[-1].rows:
            blocks.append(Between([], behind_mark=here))
        elif here:
            blocks[-1] = Between([], behind_mark=True)
        if not blank and index not in counters:
            blocks[-1].rows.append(row)
    return [block for block in blocks if block.rows], mark


def _counters(rows: list[Row]) -> set[int]:
    """The rows that are page counters. A bare number is one only where its neighbour counts up with it."""
    sure: set[int] = set()
    bare: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        if len(row.text) < _LONGEST_COUNTER:
            text = row.text.strip(_SPACES)
            if _BARE.fullmatch(text):
                bare.append((index, int(text)))
            elif _COUNTER.fullmatch(text):
                sure.add(index)
    return sure.union(index for (a, low), (b, high) in pairwise(bare) if high == low + 1 for index in (a, b))
