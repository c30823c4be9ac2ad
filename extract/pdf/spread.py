"""Letters set apart: a line that is stretched to the width of its cell, or a text whose every letter stands alone.

Such gaps are no spaces. They are told by being alike: between all neighbours of a line, or, in a stretched one, between
all but those that both belong to one word of Latin letters and digits.
"""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Bools, Chars, Ints
from extract.pdf.codes import is_han
from extract.pdf.frame import Floats

_GAP = 0.1  # of an em: letters nearer than this stand together
_LEVEL = 0.5  # points: on one baseline
_ALIKE, _SHARE = 0.12, 0.05  # gaps of one line differ by less: of an em, and of themselves
_MOST = 0.8  # of the gaps of a line are alike; others hold a space, too
_FEW = 3  # neighbours tell how a line is set
_PAGE = 0.9  # of the Han neighbours of a page stand apart, where its numbers do too


def closed_up(chars: Chars, owner: Ints, loose: int) -> Floats:
    """Where each character ends, what sets it apart from the next counted to it; owners from `loose` on stay as are."""
    spaced = chars.spaced[1:].nonzero()[0]
    spaced = spaced[(owner[spaced] == owner[spaced + 1]) & (abs(chars.y[spaced] - chars.y[spaced + 1]) < _LEVEL)]
    if len(spaced) < _FEW or np.count_nonzero(is_han(chars.code[spaced]) & is_han(chars.code[spaced + 1])) < _FEW:
        return chars.end
    size = np.maximum(chars.size[1:], 0.01)
    gap = (chars.x[1:] - chars.end[:-1]) / size
    beside = (owner[1:] == owner[:-1]) & (owner[1:] < loose) & (abs(np.diff(chars.y)) < _LEVEL)
    end = chars.end.copy()
    end[:-1] += size * _spread(chars.code, gap, beside)
    return end


def _spread(code: Ints, gap: Floats, beside: Bools) -> Floats:
    """How much of each gap is spread, in ems; `beside` are those within a line."""
    line, han, latin = np.cumsum(~beside, dtype=np.int64), is_han(code), code < 0x7F
    pairs = beside & han[1:] & han[:-1]
    apart = pairs & (gap > _GAP)
    others = beside & ~(latin[1:] & latin[:-1])
    wide = _alike(gap, line, others)
    # A line without a Han character tells nothing of itself: three numbers may stand there.
    found = np.where((np.bincount(line, apart) > 0)[line], wide, 0)
    if apart.sum() > _PAGE * pairs.sum():
        tight = _alike(gap, line, beside)
        found = np.where((tight > 0) & (abs(tight - np.median(gap[pairs])) < _ALIKE), tight, found)
    return found


def _alike(gap: Floats, line: Ints, of: Bools) -> Floats:
    """How much of some gaps is spread; nothing in a line where letters touch, or where gaps differ."""
    count = int(line[-1]) + 1
    least = np.full(count, np.inf)
    np.minimum.at(least, line[of], gap[of])
    like = of & (gap < least[line] * (1 + _SHARE) + _ALIKE)
    share = np.bincount(line, like, count) >= _MOST * np.bincount(line, of, count)
    spread = (np.isfinite(least) & (least > _GAP) & share)[line]
    found: Floats = np.where(of & spread, np.where(like, gap, least[line]), 0.0)
    return found
