"""A sign alone in its cell, as operators and units stand in columns of their own: read beside what stands next to it.

The recogniser was trained on lines of text. Of a ≥ alone it makes 2 or W in half of all fonts, of = mostly 二; between
the name and the number that stand beside them it reads them rightly (of 110 signs in eight fonts all but two).
"""

from __future__ import annotations

import numpy as np

from extract.scan.engine import recognise
from extract.scan.reading import Reading, reading_of
from extract.scan.strips import Line
from extract.scan.weighing import weighed

_WIDE = 1.8  # times its height, that a strip is wide at most: its margins and a sign of one or two characters
_COMPANY = 6.0  # likewise of a neighbour: a longer one costs more than it tells
_BARS = frozenset("一-—–－―")  # 一 stands beside words, what is alone or beside figures is a dash
_DASH = Reading("-", 1.0, (), doubtful=False)
_SIGNS = frozenset("≥≤=＝<>＜＞≧≦%％‰/")


def stands_alone(line: Line, reading: Reading) -> bool:
    """Whether a line is a single character or two that are no number."""
    narrow = bool(line.strip.shape[1] <= _WIDE * line.strip.shape[0])
    return narrow and not (reading.text.isdigit() and not reading.doubtful)


def in_company(line: Line, alone: Reading, left: Line | None, right: Line | None) -> Reading:
    """The reading of a line beside its neighbours, where that is another one than `alone`."""
    beside = [each for each in (left, right) if each is not None]
    before, behind = ([each.strip] if each is not None and _is_short(each) else [] for each in (left, right))
    if not before and not behind:
        return _DASH if alone.text in _BARS and not beside else alone
    strip = np.hstack([*before, line.strip, *behind])
    start = before[0].shape[1] / strip.shape[1] if before else 0.0
    end = start + line.strip.shape[1] / strip.shape[1]
    marks, _ = weighed(recognise(strip), strip)
    if alone.text in _BARS and all(_is_short(each) for each in beside):
        others = "".join(mark.char for mark in marks if not start < mark.at < end)
        return alone if any(char >= "\u3400" and char not in _BARS for char in others) else _DASH
    return _compared(alone, reading_of([mark for mark in marks if start < mark.at < end and mark.char != " "]))


def _compared(alone: Reading, found: Reading) -> Reading:
    """What was read in company where it is a sign or as alone; else what was read alone, in doubt."""
    if not found.text or found.text == alone.text:
        return alone if not found.text or alone.sure > found.sure else found
    if all(char in _SIGNS for char in found.text):
        return found
    others = tuple(dict.fromkeys((found.text, *alone.others)))
    return alone._replace(others=tuple(each for each in others if each != alone.text), doubtful=True)


def _is_short(line: Line) -> bool:
    return bool(line.strip.shape[1] <= _COMPANY * line.strip.shape[0])
