"""Painted lines to rules: pieces joined, doubles made one, what is painted over taken away."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools, Ints
from extract.pdf.frame import Floats
from extract.pdf.paths import Drawing, Strokes

JOIN = 4.0
"""Points between dashes or dots of one line."""

SNAP = 0.6
"""Of an em: lines closer than this are one, since no text fits between them."""

_SHORTEST = 0.7  # of an em: what is shorter, once joined, is no rule


class Rules(NamedTuple):
    """Level or upright rules: `at` is where they stand, `low` to `high` how far they run; sorted by both."""

    at: Floats
    low: Floats
    high: Floats


def rules_of(drawing: Drawing, em: float) -> list[tuple[Rules, Rules]]:
    """The level and the upright rules of a page whose text has this size, by the bands in which its tables stand.

    No upright rule runs in the gap between two bands. Where it is so narrow that the rules on both sides of it would be
    taken for doubled ones, more is asked of it: see `strips_of`.
    """
    lines = _uncovered(drawing)
    width, height = lines.x1 - lines.x0, lines.y1 - lines.y0
    dots = np.maximum(width, height) < JOIN
    level, upright = (width >= height) | dots, (height > width) | dots
    rows = Rules((lines.y0[level] + lines.y1[level]) / 2, lines.x0[level], lines.x1[level])
    columns = Rules((lines.x0[upright] + lines.x1[upright]) / 2, lines.y0[upright], lines.y1[upright])
    return _by_bands(rows, columns, em)


def _by_bands(rows: Rules, columns: Rules, em: float) -> list[tuple[Rules, Rules]]:
    """The rules of each band snapped by themselves, so that tables one below the other do not bend each other."""
    edges = [-np.inf, *sorted(_gaps(columns, em) + strips_of(rows, columns, em)), np.inf]
    middle = (columns.low + columns.high) / 2
    return [
        (
            merged(_taken(rows, (rows.at > top) & (rows.at < bottom)), em),
            merged(_taken(columns, (middle > top) & (middle < bottom)), em),
        )
        for top, bottom in pairwise(edges)
    ]


def _gaps(columns: Rules, em: float) -> list[float]:
    """The middles of the level gaps in which no upright rule runs."""
    order = np.argsort(columns.low, kind="stable")
    low, reach = columns.low[order][1:], np.maximum.accumulate(columns.high[order])[:-1]
    wide = low - reach > max(JOIN, SNAP * em) + _TOUCH
    middles: list[float] = ((low + reach) / 2)[wide].tolist()
    return middles


def _taken(rules: Rules, which: Bools) -> Rules:
    return rules if which.all() else Rules(rules.at[which], rules.low[which], rules.high[which])


_TOUCH = 1.2
"""Points: how far an upright may end from the rule at which it ends."""

_THICKEST = 2.0  # points: likewise where the rule is a bar
_PARTED = 2.6  # points: rules that are nearer are doubled, if their tables have columns in common
_LONG = 2.0  # ems


def strips_of(rows: Rules, columns: Rules, em: float) -> list[float]:
    """The middles of the strips between tables that stand closer than SNAP.

    On both sides of such a strip a level rule runs along it at which uprights end, and none runs through it. Where
    every row has such strips, cells are drawn as boxes of their own.
    """
    if not len(rows.at) or not len(columns.at):
        return []
    steps = np.diff(np.sort(rows.at))
    if not ((steps < SNAP * em + _TOUCH) & (steps > _TOUCH / 2)).any():
        return []
    level = merged(rows, em, snap=_TOUCH / em, join=_TOUCH)
    level = _taken(level, level.high - level.low > _LONG * em)
    places = np.unique(level.at)
    steps = np.diff(places)
    near = np.flatnonzero((steps < SNAP * em + _TOUCH) & (steps > _TOUCH))
    if len(near) and 2 * len(near) >= len(places) - len(near) - 1 > 1:
        near = near[steps[near] > 1.5 * np.median(steps[near]) + 1]
    if not len(near):
        return []
    uprights = merged(columns, em, snap=_TOUCH / em, join=_TOUCH)
    found = []
    for top, bottom in zip(places[near].tolist(), places[near + 1].tolist(), strict=True):
        touch = min(_THICKEST, (bottom - top) / 2)
        above = uprights.at[abs(uprights.high - top) <= touch]
        below = uprights.at[abs(uprights.low - bottom) <= touch]
        crossed = ((uprights.low < top - touch) & (uprights.high > bottom + touch)).any()
        if (
            min(len(above), len(below)) >= 2
            and not crossed
            and (bottom - top > _PARTED or not _shared(above, below, SNAP * em))
        ):
            found.append((top + bottom) / 2)
    return found


def _shared(one: Floats, other: Floats, reach: float) -> bool:
    """Whether of the inner columns of one of two tables half are columns of the other."""
    if min(len(one), len(other)) <= 2:
        return True
    few, many = sorted((one[1:-1], other[1:-1]), key=len)
    return bool(2 * (abs(few[:, None] - many).min(axis=1) < reach).sum() >= len(few))


def merged(rules: Rules, em: float, *, snap: float = SNAP, join: float = JOIN) -> Rules:
    """Rules in line with each other made one where they touch or nearly so."""
    if not len(rules.at):
        return rules
    by_place = np.argsort(rules.at, kind="stable")
    at, group = _snapped(rules.at[by_place], snap * em)
    low, high = rules.low[by_place], rules.high[by_place]
    order = np.lexsort((low, group))
    low, high, group, at = low[order], high[order], group[order], at[order]
    # Each group is moved far away from the others, so that one running maximum serves them all.
    apart = group * (2.0 * (max(high.max(), -low.min(), 0.0) + low.max() + 10 * JOIN + 1000))
    reach = np.maximum.accumulate(high + apart)
    begin = np.ones(len(low), np.bool_)
    begin[1:] = low[1:] + apart[1:] > reach[:-1] + join
    starts = np.flatnonzero(begin)
    found = Rules(at[starts], low[starts], np.maximum.reduceat(high, starts))
    long = found.high - found.low >= _SHORTEST * em
    return Rules(found.at[long], found.low[long], found.high[long])


def _snapped(at: Floats, closest: float) -> tuple[Floats, Ints]:
    """Sorted places, those closer to the first of their group than `closest` at their middle; and the groups."""
    places = at.tolist()
    starts = [0]
    while (after := bisect_left(places, places[starts[-1]] + closest)) < len(places):
        starts.append(after)
    first = np.array(starts)
    ends = np.append(first[1:], len(places))
    group = np.repeat(np.arange(len(starts)), ends - first)
    return ((at[first] + at[ends - 1]) / 2)[group], group


def _uncovered(drawing: Drawing) -> Strokes:
    """The lines that no later white fill hides, cut where one hides a part."""
    lines, fills = drawing.lines, drawing.fills.take(drawing.white)
    if not len(fills.order) or not len(lines.order) or fills.order.max() < lines.order.min():
        return lines
    for fill in zip(*fills, strict=True):
        lines = _without(lines, fill)
    return lines


_EDGE = 1.0  # a fill hides what lies this far within it; the rule at its edge stays


def _without(lines: Strokes, fill: tuple[float, float, float, float, int]) -> Strokes:
    left, top, right, bottom = fill[0] + _EDGE, fill[1] + _EDGE, fill[2] - _EDGE, fill[3] - _EDGE
    x, y = (lines.x0 + lines.x1) / 2, (lines.y0 + lines.y1) / 2
    level = lines.x1 - lines.x0 >= lines.y1 - lines.y0
    crossed = np.where(level, (y > top) & (y < bottom), (x > left) & (x < right))
    overlap = (lines.x0 < right) & (lines.x1 > left) & (lines.y0 < bottom) & (lines.y1 > top)
    hit = crossed & overlap & (lines.order < fill[4])
    if not hit.any():
        return lines
    kept, cut, along = lines.take(~hit), lines.take(hit), level[hit]
    before = Strokes(
        cut.x0,
        cut.y0,
        np.where(along, np.minimum(cut.x1, left), cut.x1),
        np.where(along, cut.y1, np.minimum(cut.y1, top)),
        cut.order,
    )
    after = Strokes(
        np.where(along, np.maximum(cut.x0, right), cut.x0),
        np.where(along, cut.y0, np.maximum(cut.y0, bottom)),
        cut.x1,
        cut.y1,
        cut.order,
    )
    parts = [part.take((part.x1 >= part.x0) & (part.y1 >= part.y0)) for part in (before, after)]
    return Strokes(*(np.concatenate(columns) for columns in zip(kept, *parts, strict=True)))


def rules_of_fills(drawing: Drawing, em: float) -> list[tuple[Rules, Rules]]:
    """The edges of the fills as rules, for pages that draw no other; by bands as above."""
    fills = drawing.fills
    sides = np.concatenate
    rows = Rules(sides([fills.y0, fills.y1]), sides([fills.x0, fills.x0]), sides([fills.x1, fills.x1]))
    columns = Rules(sides([fills.x0, fills.x1]), sides([fills.y0, fills.y0]), sides([fills.y1, fills.y1]))
    return _by_bands(rows, columns, em)
