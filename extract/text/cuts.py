"""Page cuts: form feeds and page counters; blank lines."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from extract.counters import BARE, COUNTER, LONGEST, SPACES
from extract.text.lines import Row

_BLANK = re.compile(r'(?:[\s,;|\u200b-\u200f\ufeff]++|"")*+')


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
        if len(row.text) < LONGEST:
            text = row.text.strip(SPACES)
            if BARE.fullmatch(text):
                bare.append((index, int(text)))
            elif COUNTER.fullmatch(text):
                sure.add(index)
    return sure.union(index for (a, low), (b, high) in pairwise(bare) if high == low + 1 for index in (a, b))
