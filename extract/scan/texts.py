"""The texts of a page whose cells are not known: their characters in places as wide as a typesetter gives them.

Ink alone is narrower: 目 and 月 leave white at their sides, a colon or a bracket half of its place. Taken for white
between two texts, that parts 其中：财政拨款 in two cells.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from extract.pdf.chars import Chars
from extract.scan.engine import Mark
from extract.scan.reading import read_marks
from extract.scan.strips import BETWEEN, Ground, Line, amid, lines_in

EM = 10.5
"""The size of a character in which the PDF reader's own measures are meant."""

_JOIN = 0.55  # of an em: gaps within a text
_UP = 0.2  # likewise between the strokes of a character, such as 三
_OWN = 0.12  # of an em: a dot that is nearer to other ink is a stroke of a character
_TALL, _TWO = 1.05, 1.75  # ems of a line from which it is set larger, and from which it is two
_BELOW, _DEPTH = 0.38, 0.1  # of an em from the middle of a line to its baseline, and from there to that of a comma
_WIDE = 0x2000  # from where on characters are as wide as high
_SLIM = 0.3  # of an em: white at a side of a character at most
_STOPS, _STOP = "，。、；,;", 0.75  # of an em: what such a sign leaves blank behind itself
_OPENING, _CLOSING, _HALF = frozenset("：:（(【《"), frozenset("：:）)】》！？"), 0.6  # likewise, before and behind


def chars_of(ground: Ground) -> Chars:
    """The characters of a page in points, as if set at EM; what is read stays known to the ground."""
    pieces = [_piece(line, ground, EM / ground.sheet.em) for line in _texts(ground)]
    return _chars([piece for piece in pieces if piece.code])


def _texts(ground: Ground) -> list[Line]:
    """The pieces of lines; a dot between two texts, as of a colon or a decimal point, makes them one."""
    em = ground.sheet.em
    dots = cv2.subtract(ground.sheet.ink, ground.rules | ground.ink) & amid(ground.ink, em, BETWEEN)
    ink = ground.ink | dots
    wide = cv2.dilate(ink, np.ones((round(_UP * em) | 1, max(3, round(_JOIN * em))), np.uint8))
    alone = cv2.subtract(dots, cv2.dilate(ground.ink, np.ones((2 * round(_OWN * em) + 1,) * 2, np.uint8)))
    wide |= cv2.dilate(alone, np.ones((1, round(2 * BETWEEN * em) | 1), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=4)
    found = []
    for number, (x0, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        part = ink[top : top + height, x0 : x0 + width] & (labels[top : top + height, x0 : x0 + width] == number)
        found += lines_in((x0, top, x0 + width, top + height), ground, part)
    return found


class _Piece(NamedTuple):
    """The characters of a piece, and where they stand, in points."""

    code: list[int]
    x: list[float]
    end: list[float]
    y: float
    size: float


def _piece(line: Line, ground: Ground, scale: float) -> _Piece:
    reading, marks = read_marks(line)
    ground.known[line.area] = reading
    left, top, right, bottom = line.area
    em = ground.sheet.em
    em *= max(1.0, (bottom - top) / (_TALL * em)) if bottom - top < _TWO * em else 1.0
    begin, end = line.ink[0][0] if line.ink else 0.0, line.ink[-1][1] if line.ink else 1.0
    width = (right - left) / max(1e-6, end - begin)
    marks = [mark for mark in marks if mark.char.strip()]
    middles = [left + (mark.at - begin) * width for mark in marks]
    halves = [em * _half(mark.char) for mark in marks]
    lows = [max(left, middle - half) for middle, half in zip(middles, halves, strict=True)]
    highs = [min(right, middle + half) for middle, half in zip(middles, halves, strict=True)]
    if marks:
        inks = [(left + (a - begin) * width, left + (b - begin) * width) for a, b in line.ink]
        white = [_white(marks[at], _reach(inks, lows[at], highs[at]) / em) * em for at in (0, -1)]
        lows[0] = left - max(_blank(marks[0].char, _OPENING) * em, white[0])
        highs[-1] = right + max(_blank(marks[-1].char, _CLOSING) * em, white[1])
    codes = [ord(mark.char[0]) for mark in marks]
    places = [low * scale for low in lows], [high * scale for high in highs]
    low = all(mark.char in _STOPS for mark in marks)  # they stand on the line
    y = bottom * scale - _DEPTH * EM if low else (top + bottom) / 2 * scale + _BELOW * EM
    return _Piece(codes, *places, y, em * scale)


def _white(mark: Mark, reach: float) -> float:
    """The white at each side of a character whose ink reaches so far, in ems."""
    return max(0.0, min(_half(mark.char) - reach / 2, _SLIM))


def _half(char: str) -> float:
    """Half of the width of a character's place, in ems."""
    return 0.25 if ord(char[0]) < _WIDE else 0.5


def _reach(inks: list[tuple[float, float]], low: float, high: float) -> float:
    """How much of a character's place its ink takes: 目 and 月 leave white at their sides."""
    inside = [(a, b) for a, b in inks if low < (a + b) / 2 < high or (a <= low and b >= high)]
    return max(b for _, b in inside) - min(a for a, _ in inside) if inside else high - low


def _blank(char: str, halves: frozenset[str]) -> float:
    """What a sign at the end of a text leaves blank of its place, in ems."""
    return _STOP if char in _STOPS else _HALF if char in halves else 0.0


def _chars(pieces: list[_Piece]) -> Chars:
    code = np.array([code for piece in pieces for code in piece.code], np.int64)
    x = np.array([x for piece in pieces for x in piece.x])
    end = np.array([end for piece in pieces for end in piece.end])
    counts = [len(piece.code) for piece in pieces]
    y = np.repeat(np.array([piece.y for piece in pieces]), counts)
    run = np.repeat(np.arange(len(pieces)), counts)
    zeros = np.zeros(len(code), np.int64)
    size = np.repeat(np.array([piece.size for piece in pieces]), counts)
    return Chars(code, x, y, end, size, zeros, zeros, np.arange(len(code)), run)
