"""Where the edges between columns stand: in the white bands that run through all rows, and in the gaps of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from extract.pdf.frame import Floats
from extract.pdf.gaps.fields import misfit
from extract.pdf.gaps.pieces import FINE, Piece, side_by_side

Range = tuple[float, float]
"""Where an edge between two columns may stand."""


def zone_ranges(lines: list[list[Piece]], header: list[Piece], em: float) -> list[Range]:
    """The edges of an indicator grid: in each gap of its header the widest river that the fewest texts cross.

    Left of the first text of the header every river is an edge: there stand labels merged over it.
    """
    low = np.array([piece.low for line in lines for piece in line])
    high = np.array([piece.high for line in lines for piece in line])
    before = [river for river in _rivers(low, high, em) if river[1] <= header[0].low + 1]
    return [*before, *(_river(low, high, a.high, b.low) for a, b in pairwise(header))]


def edge_ranges(lines: list[list[Piece]], em: float) -> list[Range]:
    """The fewest edges such that one stands in each gap of each line; and the rivers in which none does."""
    found: list[Range] = []
    for low, high in sorted(_gaps(lines), key=lambda gap: gap[1]):
        at = next((at for at, (left, right) in enumerate(found) if max(left, low) <= min(right, high)), None)
        if at is None:
            found.append((low, high))
        else:
            found[at] = max(found[at][0], low), min(found[at][1], high)
    lows = np.array([piece.low for line in lines for piece in line])
    highs = np.array([piece.high for line in lines for piece in line])
    best = [_river(lows, highs, *each) for each in found]
    rivers = _rivers(lows, highs, em)
    return sorted([*best, *(each for each in rivers if not any(_meet(each, other) for other in found))])


def _gaps(lines: list[list[Piece]]) -> list[Range]:
    return [(a.high, b.low) for line in side_by_side(lines) for a, b in pairwise(line)]


def _meet(one: Range, other: Range) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


def _river(lows: Floats, highs: Floats, low: float, high: float) -> Range:
    sides = np.concatenate([lows, highs])
    stops = np.unique(np.concatenate([[low, high], sides[(sides > low) & (sides < high)]]))
    if len(stops) < 2:
        return low, high
    middles = (stops[1:] + stops[:-1]) / 2
    crossed = ((lows[:, None] < middles) & (highs[:, None] > middles)).sum(axis=0)
    best = int(np.lexsort((stops[:-1] - stops[1:], crossed))[0])
    return float(stops[best]), float(stops[best + 1])


def _rivers(lows: Floats, highs: Floats, em: float) -> list[Range]:
    """The white bands that run from the top to the bottom."""
    order = np.argsort(lows)
    low, reach = lows[order][1:], np.maximum.accumulate(highs[order])[:-1]
    wide = low - reach > FINE * em
    return list(zip(reach[wide].tolist(), low[wide].tolist(), strict=True))


def fits(lines: list[list[Piece]], ranges: list[Range], sides: Range, em: float) -> bool:
    """Whether fields are of the table with these edges: one may stand in each gap, and the texts fit their cells."""
    gaps = [(low - 0.3 * em, high + 0.3 * em) for low, high in _gaps(lines)]
    if sum(any(_meet(gap, each) for each in ranges) for gap in gaps) < 0.9 * len(gaps):
        return False
    xs, own = ([sides[0], *placed_in(each, lines), sides[1]] for each in (ranges, edge_ranges(lines, em)))
    rows = [line for line in side_by_side(lines) if len(line) > 2]
    return misfit(xs, rows, em) <= misfit(own, rows, em) + _WORSE * len(rows)


_WORSE = 1.5  # ems of a row


def placed_in(ranges: list[Range], lines: list[list[Piece]], ends: Sequence[float] = ()) -> list[float]:
    """The edges: where rules end, else the middle of the part of each range that lies in the most gaps.

    Of equal parts the one that the fewest texts cross, the widest of these.
    """
    pieces = [piece for line in lines for piece in line]
    gaps = _gaps(lines)
    found: list[float] = []
    for low, high in ranges:
        own = [gap for gap in gaps if sum(_meet(gap, each) for each in ranges) == 1 and _meet(gap, (low, high))]
        left, right = _best_part((low, high), own, pieces)
        near = [end for end in ends if low - 1 < end < high + 1]
        middle = (left + right) / 2
        found.append(min(near, key=lambda end: abs(end - middle)) if near else middle)
    return found


def _best_part(whole: Range, gaps: list[Range], pieces: list[Piece]) -> Range:
    sides = {side for gap in gaps for side in gap} | {side for piece in pieces for side in (piece.low, piece.high)}
    stops = sorted({*whole, *(side for side in sides if whole[0] < side < whole[1])})
    parts = list(pairwise(stops)) or [whole]
    return max(
        parts,
        key=lambda part: (
            sum(gap[0] <= part[0] and part[1] <= gap[1] for gap in gaps),
            -sum(piece.low < (part[0] + part[1]) / 2 < piece.high for piece in pieces),
            part[1] - part[0],
        ),
    )
