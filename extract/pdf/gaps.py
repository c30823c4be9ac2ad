"""Tables without upright rules, or without any: columns and rows stand where white space runs between texts."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools, Chars, Ints
from extract.pdf.frame import Floats
from extract.pdf.lines import lines_of
from extract.pdf.rules import Rules, merged

_GAP = 0.9  # of an em: a wider gap on a line parts two texts
_LEAST_RULES = 3
_LEAST_TEXTS = 3
_LEAST_COLUMNS = _LEAST_ROWS = 4  # of a table without any rules
_FAR = 4.0  # ems below the last row
_PITCH = 1.45  # of an em: lines of one cell follow no further apart
_WIDTH = 15  # ems: what is narrower is no table
_ALIKE = 3.0  # points between ends of rules that are one table's


class _Texts(NamedTuple):
    """Pieces of lines between gaps: from `low` to `high` on the baseline `y`, by line and by band between rules."""

    low: Floats
    high: Floats
    y: Floats
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
    if not len(texts.line) or np.bincount(texts.line).max() < _LEAST_TEXTS:
        return None
    return _columns(texts, places, _edges(texts, _inner_ends(rows, left, right)), (left, right), em)


def rules_by_gaps(chars: Chars, em: float) -> tuple[Rules, Rules] | None:
    """Rules for a page that draws none: between rows where no cell runs on, between columns as above.

    Lines of a column that follow closely are one cell. None where too few lines have several texts, as in prose.
    """
    texts = _texts(chars, np.array([-np.inf, np.inf]))
    counts = np.bincount(texts.line) if len(texts.line) else np.zeros(1, np.int64)
    if counts.max() < _LEAST_COLUMNS or (counts > 1).sum() < _LEAST_ROWS:
        return None
    edges = _edges(texts, [])
    blocks = _blocks(texts, np.array(edges), em)
    places = _trimmed(_between_rows(blocks, em), texts, em)
    if len(places) < _LEAST_ROWS:
        return None
    sides = float(texts.low.min()) - 1, float(texts.high.max()) + 1
    rows = _rows(blocks, places, [sides[0], *edges, sides[1]])
    return merged(rows, em), _columns(_texts(chars, places), places, edges, sides, em)


class _Blocks(NamedTuple):
    """Lines of one column that make a cell, from `top` to `bottom`.

    A block beside which another column has several, one below the other, is a merged label: rows go on through it.
    """

    col: Ints
    top: Floats
    bottom: Floats
    label: Bools


def _blocks(texts: _Texts, edges: Floats, em: float) -> _Blocks:
    columns = np.searchsorted(edges, texts.low + 1)
    order = np.lexsort((texts.y, columns))
    y, col = texts.y[order], columns[order]
    begin = np.ones(len(y), np.bool_)
    begin[1:] = (col[1:] != col[:-1]) | (y[1:] - y[:-1] > _PITCH * em)
    starts = begin.nonzero()[0]
    col, top, bottom = col[starts], y[starts] - 0.88 * em, np.maximum.reduceat(y, starts) + 0.12 * em
    beside = (np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top) > 0).astype(np.int64)
    several = np.array([np.bincount(col, row).max() > 1 for row in beside])
    return _Blocks(col, top, bottom, several)


def _between_rows(blocks: _Blocks, em: float) -> Floats:
    """The middles of the gaps between rows, and the outer edges."""
    cells = ~blocks.label
    if not cells.any():
        return np.zeros(0)
    by_top = np.argsort(blocks.top[cells], kind="stable")
    tops, reach = blocks.top[cells][by_top], np.maximum.accumulate(blocks.bottom[cells][by_top])
    apart = tops[1:] > reach[:-1] + 0.1 * em
    middles = (tops[1:] + reach[:-1])[apart] / 2
    return np.concatenate([[blocks.top.min() - 1], middles, [blocks.bottom.max() + 1]])


def _trimmed(places: Floats, texts: _Texts, em: float) -> Floats:
    """Without the titles above the first row of several texts, and what stands alone far below: a page counter."""
    band = np.searchsorted(places, texts.y - 0.35 * em) - 1
    several = (np.bincount(band, minlength=max(1, len(places) - 1)) > 1).nonzero()[0]
    if not len(several):
        return np.zeros(0)
    first, last = int(several[0]), len(places) - 1
    while last - 1 > several[-1] and texts.y[band == last - 1].min() - texts.y[band == last - 2].max() > _FAR * em:
        last -= 1
    return places[first : last + 1]


def _rows(blocks: _Blocks, places: Floats, edges: list[float]) -> Rules:
    """The level rules, open where a merged label goes on."""
    found: list[tuple[float, float, float]] = []
    for place in places.tolist():
        going_on = set(blocks.col[(blocks.top < place) & (blocks.bottom > place)].tolist())
        sides = enumerate(pairwise(edges))
        found += [(place, left, right) for col, (left, right) in sides if col not in going_on]
    at, low, high = (np.array(column) for column in zip(*found, strict=True))
    return Rules(at, low, high)


def _edges(texts: _Texts, ends: list[float]) -> list[float]:
    """The edges of columns: the ends of rules, and between the texts of the fullest line where none is."""
    best = (texts.line == np.bincount(texts.line).argmax()).nonzero()[0]
    gaps = [(float(texts.high[a]), float(texts.low[b])) for a, b in pairwise(best.tolist())]
    open_gaps = [gap for gap in gaps if not any(gap[0] - _ALIKE < end < gap[1] + _ALIKE for end in ends)]
    return sorted(ends + [_edge(texts, *gap) for gap in open_gaps])


def _columns(texts: _Texts, places: Floats, edges: list[float], sides: tuple[float, float], em: float) -> Rules:
    left, right = sides
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
        return _Texts(chars.x, chars.x, chars.y, band, line)
    x, end, size = chars.x[order], chars.end[order], chars.size[order]
    begin = np.ones(len(order), np.bool_)
    begin[1:] = (line[1:] != line[:-1]) | (x[1:] - end[:-1] > _GAP * size[1:])
    starts = begin.nonzero()[0]
    high = np.maximum.reduceat(end, starts)
    return _Texts(x[starts], high, chars.y[order][starts], band[order][starts], line[starts])


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
