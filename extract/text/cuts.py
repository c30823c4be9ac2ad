"""Page cuts: form feeds and page counters, or runs of blank lines where there are none."""

from __future__ import annotations

import re
from itertools import pairwise

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


def cut(rows: list[Row]) -> tuple[list[list[Row]], bool]:
    """The blocks between cuts, and whether form feeds or page counters mark the cuts; else runs of blank lines do."""
    counters = _counters(rows)
    marked = bool(counters) or any(row.start for row in rows)
    blocks: list[list[Row]] = [[]]
    for index, row in enumerate(rows):
        blank = bool(_BLANK.fullmatch(row.text))
        if (index in counters or row.start or (blank and not marked)) and blocks[-1]:
            blocks.append([])
        if not blank and index not in counters:
            blocks[-1].append(row)
    return [block for block in blocks if block], marked


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
