"""Tables ruled only between their rows: the columns stand where white space runs down between the texts."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Chars, Ints
from extract.pdf.frame import Floats
from extract.pdf.lines import lines_of
from extract.pdf.rules import Rules, merged

_GAP = 0.9  # of an em: a wider gap on a line parts two texts
_LEAST_RULES = 3
_LEAST_TEXTS = 3
_WIDTH = 15  # ems: what is narrower is no table
_ALIKE = 3.0  # points between ends of rules that are one table's


class _Texts(NamedTuple):
    """Pieces of lines between gaps: from `low` to `high`, in a band between two rules, on a line."""

    low: Floats
    high: Floats
    band: Ints
    line: Ints


def columns_by_gaps(rows: Rules, chars: Chars, em: float) -> Rules | None:
    """Upright rules for a page that draws level ones only; None where no table shows itself.

    The line with the most texts tells the columns, and the ends of rules beside merged cells where they stand. In a
    band where a text runs across an edge there is no rule.
    """
    if len(rows.at) < _LEAST_RULES:
        return None
    left, right = float(rows.low.min()), float(rows.high.max())
    whole = (abs(rows.low - left) < _ALIKE) & (abs(rows.high - right) < _ALIKE)
    if whole.sum() < _LEAST_RULES or right - left < _WIDTH * em:
        return None
    places = np.unique(rows.at)
    texts = _texts(chars, places)
    counts = np.bincount(texts.line) if len(texts.line) else np.zeros(1, np.int64)
    if counts.max() < _LEAST_TEXTS:
        return None
    best = (texts.line == counts.argmax()).nonzero()[0]
    ends = _inner_ends(rows, left, right)
    gaps = [(float(texts.high[a]), float(texts.low[b])) for a, b in pairwise(best.tolist())]
    open_gaps = [gap for gap in gaps if not any(gap[0] - _ALIKE < end < gap[1] + _ALIKE for end in ends)]
    edges = ends + [_edge(texts, *gap) for gap in open_gaps]
    frame = [(left, float(places[0]), float(places[-1])), (right, float(places[0]), float(places[-1]))]
    found = [*frame, *(piece for edge in edges for piece in _pieces(texts, edge, places))]
    at, low, high = (np.array(column) for column in zip(*sorted(found), strict=True))
    return merged(Rules(at, low, high), em)


def _inner_ends(rows: Rules, left: float, right: float) -> list[float]:
    """Where rules begin or end within the table: beside merged cells, at the edges of columns."""
    found: list[float] = []
    for end in np.sort(np.concatenate([rows.low, rows.high])).tolist():
        if left + _ALIKE < end < right - _ALIKE and (not found or end - found[-1] > _ALIKE):
            found.append(end)
    return found


def _texts(chars: Chars, places: Floats) -> _Texts:
    band = np.searchsorted(places, chars.y - 0.35 * chars.size) - 1
    chars = chars.take((band >= 0) & (band < len(places) - 1) & (chars.turn == 0))
    band = np.searchsorted(places, chars.y - 0.35 * chars.size) - 1
    order, line = lines_of(band, chars.x, chars.y, chars.size)
    if not len(order):
        return _Texts(chars.x, chars.x, band, line)
    x, end, size = chars.x[order], chars.end[order], chars.size[order]
    begin = np.ones(len(order), np.bool_)
    begin[1:] = (line[1:] != line[:-1]) | (x[1:] - end[:-1] > _GAP * size[1:])
    starts = begin.nonzero()[0]
    return _Texts(x[starts], np.maximum.reduceat(end, starts), band[order][starts], line[starts])


def _edge(texts: _Texts, low: float, high: float) -> float:
    """The place between two neighbouring texts that the fewest others cross, the middle of the widest such gap."""
    sides = np.concatenate([texts.low, texts.high])
    stops = np.unique(np.concatenate([[low, high], sides[(sides > low) & (sides < high)]]))
    middles = (stops[1:] + stops[:-1]) / 2
    crossed = ((texts.low[:, None] < middles) & (texts.high[:, None] > middles)).sum(axis=0)
    best = np.lexsort((stops[:-1] - stops[1:], crossed))[0]
    return float(middles[best])


def _pieces(texts: _Texts, edge: float, places: Floats) -> list[tuple[float, float, float]]:
    crossed = set(texts.band[(texts.low < edge) & (texts.high > edge)].tolist())
    bands = enumerate(pairwise(places.tolist()))
    return [(edge, top, bottom) for band, (top, bottom) in bands if band not in crossed]
