"""The white strip between two sheets that are printed on one page, as by two-up printing."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.frame import Box

MIDDLE = (0.4, 0.6)
"""Where of the width of all that is printed such a strip runs."""

_WIDE = 1.0  # ems


def stand_apart(tables: list[Box]) -> bool:
    """Whether any two tables stand beside one another."""
    return len(tables) > 1 and min(box[2] for box in tables) < max(box[0] for box in tables)


def strip_of(chars: Chars, tables: list[Box]) -> float:
    """Where the strip ends that no text and no table crosses, between tables on both sides; infinite if nowhere."""
    if not stand_apart(tables):
        return float("inf")
    lows = np.concatenate([chars.x, [box[0] for box in tables]])
    highs = np.concatenate([chars.end, [box[2] for box in tables]])
    left, right = float(lows.min()), float(highs.max())
    low, high = (left + share * (right - left) for share in MIDDLE)
    if ((lows < low) & (highs > high)).any():
        return float("inf")
    order = np.argsort(lows, kind="stable")
    reach, begin = np.maximum.accumulate(highs[order])[:-1], lows[order][1:]
    white = (begin - reach > _WIDE * float(np.median(chars.size))) & (begin > low) & (reach < high)
    edges = begin[white].tolist()
    parted = edges and min(box[0] for box in tables) < edges[0] - 1 < max(box[0] for box in tables)
    return float(edges[0]) - 1 if parted else float("inf")


_APART = 4.0  # ems between two rows of sheets, which have margins


def level_strip(boxes: list[Box], em: float) -> float:
    """The middle of the white strip that runs across a page near its middle; infinite where none does."""
    tops, ends = (np.sort([box[side] for box in boxes]) for side in (1, 3))
    low, high = (tops[0] + share * (ends[-1] - tops[0]) for share in MIDDLE)
    order = sorted(boxes, key=lambda box: box[1])
    reach = np.maximum.accumulate([box[3] for box in order])[:-1]
    begin = np.array([box[1] for box in order])[1:]
    white = np.flatnonzero((begin - reach > _APART * em) & (begin > low) & (reach < high))
    return float(reach[white[0]] + begin[white[0]]) / 2 if len(white) else float("inf")
