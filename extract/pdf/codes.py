"""Code points that a printed form can hold; what else comes out of a font says that its text is lost."""

from __future__ import annotations

import numpy as np

from extract.pdf.native import Bools, Ints

REPLACEMENT = 0xFFFD

_KNOWN = (
    (0x21, 0x7E),
    (0xA2, 0xA9),
    (0xAE, 0xAE),
    (0xB0, 0xB7),
    (0xB9, 0xB9),
    (0xBC, 0xBE),
    (0xD7, 0xD7),
    (0xE0, 0xE1),
    (0xE8, 0xEA),
    (0xEC, 0xED),
    (0xF2, 0xF3),
    (0xF7, 0xF7),
    (0xF9, 0xFA),
    (0xFC, 0xFC),
    (0x2C7, 0x2D9),
    (0x370, 0x3FF),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x23FF),
    (0x2460, 0x27BF),
    (0x2900, 0x2BFF),
    (0x2E80, 0x2FDF),
    (0x3001, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFB00, 0xFB06),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFFEE),
)
_HAN = ((0x2E80, 0x2FDF), (0x3001, 0x303F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF01, 0xFF60))


def _table(ranges: tuple[tuple[int, int], ...]) -> Bools:
    table = np.zeros(0x10000, np.bool_)
    for first, last in ranges:
        table[first : last + 1] = True
    return table


_FOREIGN = ((0xA1, 0xFF), (0x100, 0x24F), (0x400, 0x52F), (0x1E00, 0x1EFF))
_CHINESE = 0.1  # share of Han characters
IS_KNOWN, IS_HAN, _IS_FOREIGN = _table(_KNOWN), _table(_HAN), _table(_FOREIGN)


def is_known(code: Ints) -> Bools:
    """Whether each code point of a page can stand there; the rarer Han characters lie beyond the basic plane.

    Accented and Cyrillic letters can where the page is not Chinese: there they come out of fonts that tell nothing.
    """
    found: Bools = IS_KNOWN[np.minimum(code, 0xFFFF)] | ((code >= 0x20000) & (code < 0x33480))
    if not found.all() and (foreign := _IS_FOREIGN[np.minimum(code, 0xFFFF)]).any() and is_han(code).mean() < _CHINESE:
        found |= foreign
    return found


def count_foreign(code: Ints) -> int:
    """How many unknown code points are letters of other scripts: a font gives them that tells its characters wrongly.

    Others are mostly signs of lists and ticks, in fonts of their own.
    """
    return int((_IS_FOREIGN[np.minimum(code, 0xFFFF)] & ~is_known(code)).sum())


def is_han(code: Ints) -> Bools:
    """Whether each is a Han character or its punctuation, between which no space belongs."""
    found: Bools = IS_HAN[np.minimum(code, 0xFFFF)] | ((code >= 0x20000) & (code < 0x33480))
    return found
