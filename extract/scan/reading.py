"""Strips to text with its doubts: what was read, what was nearly read, and a second look where signs count."""

from __future__ import annotations

import re
from typing import NamedTuple

import cv2
import numpy as np

from extract.scan.engine import Mark, Picture, folded, recognise
from extract.scan.strips import Line
from extract.scan.weighing import weighed, with_bar, without_bars

SURE = 0.9
"""Probability of a character below which it is in doubt."""

_SURE_SIGN = 0.98  # likewise of a digit or sign, where one stroke changes the value
_CERTAIN = 0.999  # likewise, from which a line is not looked at again: a second look found nothing there
_SIGNS = frozenset("0123456789.,%％‰°²≥≤><＞＜≧≦=＝-—~～+±/二一—mM")
_BODY = 0.72  # of a strip's height: an em
_LEAST_INK = 0.05  # of an em: narrower ink is dust
_FAR = 0.6  # of an em between the middles of ink and character
_MOST = 4  # readings that are told


class Reading(NamedTuple):
    """The text of a line or a cell; `sure` is the probability of its least sure character.

    `others` are other readings that the recogniser offers, likeliest first; `doubtful` tells that one should look.
    """

    text: str
    sure: float
    others: tuple[str, ...]
    doubtful: bool


NOTHING = Reading("", 1.0, (), doubtful=False)


def read_line(line: Line) -> Reading:
    """The text of a line."""
    return read_marks(line)[0]


def read_marks(line: Line) -> tuple[Reading, list[Mark]]:
    """The text of a line, and its characters."""
    first = recognise(line.strip)
    marks, settled = weighed(first, line.strip)
    reading = reading_of(marks)
    if _wants_second_look(first):
        reading = _compared(reading, reading_of(recognise(_otherwise(line.strip))), bars=not settled)
    if mismatched(marks, line):
        reading = reading._replace(doubtful=True)
    return reading, marks


def joined(readings: list[Reading], between: str = "\n") -> Reading:
    """The readings of lines as that of a cell: others differ in one line each."""
    if len(readings) == 1:
        return readings[0]
    texts = [reading.text for reading in readings]
    others = [
        between.join([*texts[:at], other, *texts[at + 1 :]])
        for at, reading in enumerate(readings)
        for other in reading.others
    ]
    sure = min((reading.sure for reading in readings), default=1.0)
    return Reading(between.join(texts), sure, tuple(others[:_MOST]), any(reading.doubtful for reading in readings))


def reading_of(marks: list[Mark]) -> Reading:
    """The text of marks, and what it is with each rival of the unsure ones in its place."""
    text = _text([mark.char for mark in marks])
    least, doubtful, others = 1.0, False, list[tuple[float, str]]()
    for at, mark in enumerate(marks):
        sure, limit, offered = mark.sure, _limit(mark), []
        for rival, probability in mark.rivals if sure < limit else ():
            chars = [each.char for each in marks]
            chars[at] = rival
            if folded(other := _text(chars)) == folded(text):
                sure += probability
            else:
                offered.append((probability, other))
        least, others = min(least, sure), [*others, *(offered if sure < limit else ())]
        doubtful |= sure < limit
    others.sort(key=lambda other: -other[0])
    return Reading(text, least, tuple(dict.fromkeys(other for _, other in others))[:_MOST], doubtful)


_MILLE = re.compile(r"[%％][0oO](?![\d.])")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[(（])|(?<=[)）]) +(?=[\u4e00-\u9fff])")
_ONE = re.compile(r"(?<=\d[-—–－])[-—–－](?=[年次般级])")


def _text(chars: list[str]) -> str:
    """Characters as a text; a dash between a code's own dash and 年 is a 一 (0101-一年期项目), a % with a ring a ‰.

    The white that belongs to a wide bracket is no space: 台（套）.
    """
    return _MILLE.sub("‰", _ONE.sub("一", _SPACED.sub("", "".join(chars).strip())))


def _limit(mark: Mark) -> float:
    signs = mark.char in _SIGNS or any(rival in _SIGNS for rival, _ in mark.rivals)
    return _SURE_SIGN if signs else SURE


def _wants_second_look(marks: list[Mark]) -> bool:
    """Whether a line has digits or signs, and a character that is not quite certain."""
    return any(mark.char in _SIGNS for mark in marks) and any(mark.sure < _CERTAIN for mark in marks)


def _otherwise(strip: Picture) -> Picture:
    """The strip a little narrower, with another margin, in grey of higher contrast."""
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    low, high = np.percentile(grey, (1, 90))
    grey = np.clip((grey.astype(np.float32) - low) * (245.0 / max(30.0, high - low)), 0, 255).astype(np.uint8)
    grey = cv2.copyMakeBorder(grey, height // 10, height // 10, 2, 2, cv2.BORDER_REPLICATE)
    grey = cv2.resize(grey, (max(8, round(width * 0.92)), height), interpolation=cv2.INTER_AREA)
    return np.repeat(grey[..., None], 3, axis=2)


def _compared(first: Reading, second: Reading, *, bars: bool) -> Reading:
    """The first reading with the second as another one where they differ; agreement of both dispels nothing.

    `bars` tells whether bars below comparison signs count: not where the ink has decided.
    """
    if _alike(first.text, bars=bars) == _alike(second.text, bars=bars):
        return first
    if first.others and with_bar(first.text, second.text) and folded(second.text) == folded(first.others[0]):
        first = first._replace(
            text=first.others[0], others=(first.text, *first.others[1:])
        )  # ink and second look agree
    others = tuple(dict.fromkeys((second.text, *first.others)))
    return first._replace(others=tuple(each for each in others if each != first.text)[:_MOST], doubtful=True)


def _alike(text: str, *, bars: bool) -> str:
    """A text as readings are compared; m2 and m² mean one thing."""
    text = folded(text).replace("m2", "m²")
    return text if bars else without_bars(text)


def mismatched(marks: list[Mark], line: Line) -> bool:
    """Whether ink and characters do not go together: some ink is far from all characters, or the other way round.

    The recogniser places a character within a quarter of an em, so a sign that it leaves out betrays itself.
    """
    height, width = line.strip.shape[:2]
    em = _BODY * height / width
    places = [mark.at for mark in marks if mark.char.strip()]
    if not line.ink or not places:
        return bool(line.ink) != bool(places)
    unread = any(
        end - start > _LEAST_INK * em
        and min(abs((start + end) / 2 - at) for at in places) - max(0.0, end - start - em) / 2 > _FAR * em
        for start, end in line.ink
    )
    return unread or any(all(max(start - at, at - end) > _FAR * em for start, end in line.ink) for at in places)
