"""Painted lines to rules: pieces joined, doubles made one, what is painted over taken away."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf import native
from extract.pdf.chars import Bools, Ints
from extract.pdf.frame import Floats
from extract.pdf.hatching import is_dense, without_hatching
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
    found = _rules_of(lines, drawing, em)
    if any(is_dense(rows.at, em) or is_dense(columns.at, em) for rows, columns in found):
        found = _rules_of(without_hatching(lines, em), drawing, em)
    return found


def _rules_of(lines: Strokes, drawing: Drawing, em: float) -> list[tuple[Rules, Rules]]:
    width, height = lines.x1 - lines.x0, lines.y1 - lines.y0
    length, level = np.maximum(width, height), width >= height
    dots = length < JOIN
    rows = Rules((lines.y0 + lines.y1) / 2, lines.x0, lines.x1)
    columns = Rules((lines.x0 + lines.x1) / 2, lines.y0, lines.y1)
    if dots.any():
        kinds = _kinds(length, dots)
        rows, columns = _dotted(rows, level, kinds, em), _dotted(columns, ~level, kinds, em)
    else:
        rows, columns = _taken(rows, level), _taken(columns, ~level)
    return _by_bands(rows, _with_sides(columns, drawing, em), em)


_DOTS = 1.0  # points by which the dots of one line stand off it, and differ in length


def _kinds(length: Floats, dots: Bools) -> list[Bools]:
    """The dots by their length: the dots of one rule and the dashes of another have a pitch of their own."""
    groups = _snapped_in_any_order(length)
    return [dots & (groups == group) for group in np.unique(groups[dots])]


def _dotted(rules: Rules, along: Bools, kinds: list[Bools], em: float) -> Rules:
    """The rules that run this way: those that are drawn so, and the rows of dots, whatever the shape of a dot.

    Dots are joined closely before anything else: those of all the rules that run the other way stand between them. What
    is drawn at a corner alone is a dot, too, and joins the rules that meet there.
    """
    drawn = _taken(rules, along & ~np.logical_or.reduce(kinds))
    joined = [
        merged(_joined(drawn, _taken(rules, dots)), em, snap=_DOTS / em, join=_pitch(_taken(rules, dots)))
        for dots in kinds
    ]
    return _joined(drawn, *joined)


def _joined(*parts: Rules) -> Rules:
    return Rules(*map(np.concatenate, zip(*parts, strict=True)))


def _pitch(dots: Rules) -> float:
    """How far dots of one line may be from each other: from dot to dot a third more than mostly."""
    order = np.lexsort((dots.low, _snapped_in_any_order(dots.at)))
    gaps = dots.low[order][1:] - dots.high[order][:-1]
    gaps = gaps[(gaps > 0) & (gaps < JOIN)]
    length = float(np.median(dots.high - dots.low))
    return min(JOIN, 1.3 * float(np.median(gaps)) + 0.3 * length + 0.2) if len(gaps) else _TOUCH


def _snapped_in_any_order(at: Floats) -> Ints:
    """The group of each of these places."""
    order = np.argsort(at, kind="stable")
    groups = np.empty(len(at), np.int64)
    groups[order] = _snapped(at[order], _DOTS)[1]
    return groups


def _by_bands(rows: Rules, columns: Rules, em: float) -> list[tuple[Rules, Rules]]:
    """The rules of each band snapped by themselves, so that tables one below the other do not bend each other."""
    whites = _gaps(columns, _TOUCH)
    between = [(top + end) / 2 for top, end in whites if end - top > _wide(em)]
    between = sorted(between + strips_of(rows, columns, em)) if whites else []
    if not between:
        return [(merged(rows, em), merged(columns, em))]
    edges = [-np.inf, *between, np.inf]
    middle = (columns.low + columns.high) / 2
    return [
        (
            merged(_taken(rows, (rows.at > top) & (rows.at < bottom)), em),
            merged(_taken(columns, (middle > top) & (middle < bottom)), em),
        )
        for top, bottom in pairwise(edges)
    ]


def _gaps(columns: Rules, least: float) -> list[tuple[float, float]]:
    """The level gaps, wider than `least`, in which no upright rule runs."""
    order = np.argsort(columns.low, kind="stable")
    low, reach = columns.low[order][1:], np.maximum.accumulate(columns.high[order])[:-1]
    wide = low - reach > least
    return list(zip(reach[wide].tolist(), low[wide].tolist(), strict=True)) if wide.any() else []


def _wide(em: float) -> float:
    """From which height such a gap parts tables by itself."""
    return max(JOIN, SNAP * em) + _TOUCH


_MOST = 0.8  # of a row


def _with_sides(columns: Rules, drawing: Drawing, em: float) -> Rules:
    """The upright rules with the sides of rows that have a ground of their own in place of any: headers of Word's."""
    if not len(drawing.white) or drawing.white.all() or not len(columns.at):
        return columns
    fills = drawing.fills.take(~drawing.white)
    for top, end in _gaps(columns, _wide(em)):
        inside = (
            (fills.y0 > top - _THICKEST) & (fills.y1 < end + _THICKEST) & (fills.y1 - fills.y0 > _MOST * (end - top))
        )
        row = fills.take(inside)
        if (row.x1 - row.x0).sum() > _MOST * (columns.at.max() - columns.at.min()) > 0:
            sides = np.array([row.x0.min(), row.x1.max()])
            columns = _joined(columns, Rules(sides, np.full(2, top), np.full(2, end)))
    return columns


def _taken(rules: Rules, which: Bools) -> Rules:
    return rules if which.all() else Rules(rules.at[which], rules.low[which], rules.high[which])


_TOUCH = 1.2
"""Points: how far an upright may end from the rule at which it ends."""

_THICKEST = 2.0  # points: likewise where the rule is a bar
_PARTED = 2.6  # points: rules that are nearer are doubled, if their tables have columns in common
_LONG = 2.0  # ems


def strips_of(rows: Rules, columns: Rules, em: float) -> list[float]:
    """The middles of the strips between tables that stand closer than SNAP.

    No upright runs in such a strip, and two or more end at both sides of it. Where every row has such strips, cells are
    drawn as boxes of their own, and only a wider one parts tables.
    """
    uprights = merged(columns, em, snap=_TOUCH / em, join=_TOUCH)
    if len(uprights.at) < _ENDS:
        return []
    width = _widths(uprights)
    near = ((width > _TOUCH) & (width <= _wide(em))).nonzero()[0]
    if not len(near):
        return []
    levels = _levels(rows, em)
    bottoms = np.sort(uprights.low)[1:][near]
    strips = [_between(levels, bottom - high, bottom) for bottom, high in zip(bottoms, width[near], strict=True)]
    usual = _doubled(levels, em)
    strips = [(top, bottom) for top, bottom in strips if bottom - top > usual]
    return [(top + bottom) / 2 for top, bottom in strips if _parts_tables(uprights, levels, (top, bottom), em)]


def _doubled(levels: Floats, em: float) -> float:
    """How high a strip must be to part tables, where most of the level rules stand in pairs; 0 where they do not."""
    steps = np.diff(levels)
    pairs = steps[(steps > _TOUCH) & (steps < SNAP * em + _TOUCH)]
    return 1.5 * float(np.median(pairs)) + 1 if 2 * len(pairs) >= len(steps) - len(pairs) > 2 else 0.0


def _between(levels: Floats, top: float, bottom: float) -> tuple[float, float]:
    """The strip up to the level rules that bound it, which uprights may run over a little."""
    above = levels[(levels <= top) & (levels > top - _TOUCH)]
    below = levels[(levels >= bottom) & (levels < bottom + _TOUCH)]
    return (float(above[-1]) if len(above) else float(top)), (float(below[0]) if len(below) else float(bottom))


def _parts_tables(uprights: Rules, levels: Floats, strip: tuple[float, float], em: float) -> bool:
    """Whether uprights end at both sides of the strip, two or more unless level rules run along both sides."""
    top, bottom = strip
    touch = min(_THICKEST, (bottom - top) / 2)
    above = uprights.at[abs(uprights.high - top) <= touch]
    below = uprights.at[abs(uprights.low - bottom) <= touch]
    ruled = all((abs(levels - edge) < _TOUCH).any() for edge in strip)
    single = np.count_nonzero((levels > top - _TOUCH) & (levels < bottom + _TOUCH)) == 1  # short of a rule of one table
    parted = not single and (bottom - top > _PARTED or not _shared(above, below, SNAP * em))
    between = np.concatenate([np.diff(np.sort(above)), np.diff(np.sort(below))])
    boxed = (abs(between - (bottom - top)) < _TOUCH).any()  # cells stand as far apart within their row
    return parted and not boxed and min(len(above), len(below)) >= (1 if ruled else _ENDS)


_ENDS = 2  # a table has two sides


def _widths(columns: Rules) -> Floats:
    """The heights of the level gaps in which no upright rule runs, from the top; 0 and less where one does."""
    order = np.argsort(columns.low, kind="stable")
    found: Floats = columns.low[order][1:] - np.maximum.accumulate(columns.high[order])[:-1]
    return found


def _levels(rows: Rules, em: float) -> Floats:
    """The heights at which level rules stand, doubled ones twice."""
    level = merged(rows, em, snap=_TOUCH / em, join=_TOUCH)
    return np.unique(level.at[level.high - level.low > _LONG * em])


def _shared(one: Floats, other: Floats, reach: float) -> bool:
    """Whether of the inner columns of one of two tables half are columns of the other."""
    if min(len(one), len(other)) <= 2:
        return True
    few, many = sorted((one[1:-1], other[1:-1]), key=len)
    return bool(2 * (abs(few[:, None] - many).min(axis=1) < reach).sum() >= len(few))


_FAR = 10 * JOIN + 1000  # points between the groups below


def merged(rules: Rules, em: float, *, snap: float = SNAP, join: float = JOIN) -> Rules:
    """Rules in line with each other made one where they touch or nearly so."""
    if not len(rules.at):
        return rules
    if native.LIBRARY:
        return Rules(*native.merged(rules, snap * em, join, _SHORTEST * em, _FAR))
    by_place = np.argsort(rules.at, kind="stable")
    at, group = _snapped(rules.at[by_place], snap * em)
    low, high = rules.low[by_place], rules.high[by_place]
    order = np.lexsort((low, group))
    low, high, group, at = low[order], high[order], group[order], at[order]
    # Each group is moved far away from the others, so that one running maximum serves them all.
    apart = group * (2.0 * (max(high.max(), -low.min(), 0.0) + low.max() + _FAR))
    reach = np.maximum.accumulate(high + apart)
    begin = np.ones(len(low), np.bool_)
    begin[1:] = low[1:] + apart[1:] > reach[:-1] + join
    starts = np.flatnonzero(begin)
    found = Rules(at[starts], low[starts], np.maximum.reduceat(high, starts))
    long = found.high - found.low >= _SHORTEST * em
    return Rules(found.at[long], found.low[long], found.high[long])


def _snapped(at: Floats, closest: float) -> tuple[Floats, Ints]:
    """Sorted places, those closer to the first of their group than `closest` at their middle; and the groups."""
    first = np.concatenate(([0], (at[1:] - at[:-1] >= closest).nonzero()[0] + 1))
    ends = np.concatenate((first[1:], [len(at)]))
    if (at[ends - 1] - at[first] >= closest).any():
        first = _starts(at.tolist(), closest)
        ends = np.concatenate((first[1:], [len(at)]))
    group = np.repeat(np.arange(len(first)), ends - first)
    return ((at[first] + at[ends - 1]) / 2)[group], group


def _starts(places: list[float], closest: float) -> Ints:
    """Where groups begin, where places stand so densely that each begins only `closest` behind the one before."""
    starts = [0]
    while (after := bisect_left(places, places[starts[-1]] + closest)) < len(places):
        starts.append(after)
    return np.array(starts)


def _uncovered(drawing: Drawing) -> Strokes:
    """The lines that no later white fill hides, cut where one hides a part."""
    lines = drawing.lines
    if not drawing.white.any():
        return lines
    fills = drawing.fills.take(drawing.white)
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


_MOST_FILLS = 2000  # of a page, more of which are compared with none


def without_hidden(drawing: Drawing) -> Drawing:
    """The drawing without fills that nobody sees: within another that is painted over them, or that has their colour.

    Some producers paint every cell that a merged one covers.
    """
    fills, colours = drawing.fills, drawing.colours
    if len(fills.order) > _MOST_FILLS:
        return drawing
    within = (fills.x0[:, None] >= fills.x0 - _EDGE) & (fills.x1[:, None] <= fills.x1 + _EDGE)
    within &= (fills.y0[:, None] >= fills.y0 - _EDGE) & (fills.y1[:, None] <= fills.y1 + _EDGE)
    later = fills.order[:, None] < fills.order
    within &= (later & (colours & _OPAQUE == _OPAQUE)) | ((colours[:, None] == colours) & ~later)
    np.fill_diagonal(within, val=False)
    shown = ~np.logical_or.reduce(within, axis=1)
    return drawing._replace(fills=fills.take(shown), colours=colours[shown], white=drawing.white[shown])


_OPAQUE = 0xFF  # of a colour's last byte
