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
