"""Rules that are printed as characters: tables of ┌─┬─┐, as programs without graphics print them."""

from __future__ import annotations

from unicodedata import name

import numpy as np

from extract.pdf.chars import Bools, Chars
from extract.pdf.frame import Floats
from extract.pdf.paths import Drawing, Strokes

_FIRST, _LAST = 0x2500, 0x257F
_FEW = 20  # such characters of a page are signs in its text
_JOINTS = 4  # characters of a table in which rules meet, at least
_LIFT = 0.35  # of an em: from the baseline to the middle of a character
_TALL = 0.65  # of an em above and below that: as far as to the line above and below


def _arms(code: int) -> tuple[bool, bool, bool, bool]:
    """Whether a character runs to the left, to the right, up and down."""
    words = set(name(chr(code)).split())
    level, upright = "HORIZONTAL" in words, "VERTICAL" in words
    return level or "LEFT" in words, level or "RIGHT" in words, upright or "UP" in words, upright or "DOWN" in words


_ARMS = np.array([_arms(code) for code in range(_FIRST, _LAST + 1)], np.bool_)


def with_box_drawing(chars: Chars, drawing: Drawing) -> tuple[Chars, Drawing]:
    """The characters without those that draw a table, whose rules join the drawing.

    A level one between others is a dash, and stays.
    """
    boxed = (chars.code >= _FIRST) & (chars.code <= _LAST)
    if np.count_nonzero(boxed) < _FEW:
        return chars, drawing
    arms = np.zeros((len(boxed), 4), np.bool_)
    arms[boxed] = _ARMS[chars.code[boxed] - _FIRST]
    level, upright = arms[:, 0] | arms[:, 1], arms[:, 2] | arms[:, 3]
    if np.count_nonzero(level & upright) < _JOINTS:
        return chars, drawing
    beside = np.zeros(len(boxed), np.bool_)
    beside[1:] |= boxed[:-1]
    beside[:-1] |= boxed[1:]
    drawn: Bools = boxed & (upright | beside) & (chars.turn == 0)
    lines = _lines(chars.take(drawn), arms[drawn])
    x0, y0, x1, y1 = (np.concatenate(sides) for sides in zip(drawing.lines[:4], lines, strict=True))
    order = np.append(drawing.lines.order, np.zeros(len(lines[0]), np.int64))
    joined = Strokes(x0, y0, x1, y1, order)
    return chars.take(~drawn), drawing._replace(lines=joined)


def _lines(chars: Chars, arms: Bools) -> Floats:
    x, y = (chars.x + chars.end) / 2, chars.y - _LIFT * chars.size
    left, right = np.where(arms[:, 0], chars.x, x), np.where(arms[:, 1], chars.end, x)
    high = np.where(arms[:, 2], y - _TALL * chars.size, y)
    low = np.where(arms[:, 3], y + _TALL * chars.size, y)
    rows = np.array([left, y, right, y])[:, arms[:, 0] | arms[:, 1]]
    columns = np.array([x, high, x, low])[:, arms[:, 2] | arms[:, 3]]
    return np.concatenate([rows, columns], axis=1)
