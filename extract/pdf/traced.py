"""Paths point by point: the straight edges of what is stroked, the outlines of what is filled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools, Ints
from extract.pdf.frame import Floats

THICK = 3.2
"""Points; a fill that is thicker is no line."""

LINE, FILL, NOTHING, SHAPE = 0, 2, -1, -2

_LINE, _CURVE, _MOVE = 0, 1, 2  # as PDFium names segments
_FLAT = 0.5  # points by which an edge may rise or lean


class Part(NamedTuple):
    """Boxes (x0, y0, x1, y1 by row) with their order and kind; that of a fill is FILL and its colour added up."""

    box: Floats
    order: Ints
    kind: Ints


class Subpaths(NamedTuple):
    """The points of paths: to which path each belongs, its type, whether it closes; where subpaths start and end."""

    x: Floats
    y: Floats
    type: Ints
    close: Bools
    path: Ints
    start: Ints
    end: Ints


def subpaths_of(place: tuple[Floats, Floats], kinds: Ints, close: Bools, path: Ints) -> Subpaths:
    """The subpaths of points with these places, types and closing marks; `path` is to which path each belongs."""
    start = ((kinds == _MOVE) | (np.diff(path, prepend=-1) != 0)).nonzero()[0]
    return Subpaths(*place, kinds, close, path, start, np.append(start[1:], len(path))[: len(start)])


# What is filled.


def outlines(order: Ints, fill: Bools, points: Subpaths) -> Part:
    """The filled subpaths as their boxes; a thick one must be a rectangle, whose corners may be round."""
    start = points.start
    if not len(start):
        return Part(np.zeros((4, 0)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    low = [np.minimum.reduceat(column, start) for column in (points.x, points.y)]
    high = [np.maximum.reduceat(column, start) for column in (points.x, points.y)]
    box = np.array([*low, *high])
    owner, size = points.path[start], points.end - start
    thin = np.minimum(high[0] - low[0], high[1] - low[1]) <= THICK
    boxed = (size >= 4) & (size <= 5)
    if (fill[owner] & ~thin & ~boxed).any():
        boxed |= _are_boxes(points, box)
    kind = np.where(thin, LINE, np.where(boxed, FILL, SHAPE))
    kind[~fill[owner]] = NOTHING
    return Part(box, order[owner], kind)


_SIDES = 0.5  # of the girth of a box that its straight sides make at least


def _are_boxes(points: Subpaths, box: Floats) -> Bools:
    """Which subpaths run along the sides of their box alone, on straight edges for the most part."""
    of = np.repeat(np.arange(len(points.start)), points.end - points.start)
    x0, y0, x1, y1 = box[:, of]
    beside = (abs(points.x - x0) < _FLAT) | (abs(points.x - x1) < _FLAT)
    level = (abs(points.y - y0) < _FLAT) | (abs(points.y - y1) < _FLAT)
    along = np.minimum.reduceat(beside | level, points.start)
    tail, head = _straight(points)
    length = abs(points.x[head] - points.x[tail]) + abs(points.y[head] - points.y[tail])
    sides = np.bincount(of[head], length, len(points.start))
    found: Bools = along & (sides >= _SIDES * 2 * (box[2] - box[0] + box[3] - box[1]))
    return found


def framed(shapes: Part, points: Subpaths) -> list[Part]:
    """The shapes, those that one path lays closely within another made the four bars between them.

    So borders with round corners are drawn: what is within the outer edge and not within the inner one is filled.
    """
    box, order, kind = shapes
    inset = (box[:, 1:] - box[:, :-1]) * np.array([[1], [1], [-1], [-1]])
    owner = points.path[points.start]
    pair = (kind[1:] > LINE) & (kind[:-1] > LINE) & (owner[1:] == owner[:-1])
    outer = (pair & (inset > 0).all(axis=0) & (inset <= THICK).all(axis=0)).nonzero()[0]
    if not len(outer):
        return [shapes]
    (x0, y0, x1, y1), (left, top, right, bottom) = box[:, outer], box[:, outer + 1]
    bars = [(x0, y0, x1, top), (x0, bottom, x1, y1), (x0, y0, left, y1), (right, y0, x1, y1)]
    lines = Part(np.concatenate(bars, axis=1), np.tile(order[outer], 4), np.full(4 * len(outer), LINE))
    kind[outer] = kind[outer + 1] = NOTHING
    return [shapes, lines]


# What is stroked.


def edges(order: Ints, stroke: Bools, points: Subpaths) -> list[Part]:
    """The straight level or upright edges of stroked subpaths, and the corners between them that are round."""
    tail, head = _straight(points)
    stroked = stroke[points.path[head]]
    tail, head = tail[stroked], head[stroked]
    found = [_lines([(points.x[tail], points.y[tail]), (points.x[head], points.y[head])], order[points.path[head]])]
    if (points.type == _CURVE).any():
        found += _curves(order, stroke, points)
    return found


def _straight(points: Subpaths) -> tuple[Ints, Ints]:
    """Where the straight segments begin and end, those among them that close a subpath."""
    head, closing = np.flatnonzero(points.type == _LINE), np.flatnonzero(points.close)
    first = points.start[np.searchsorted(points.start, closing, "right") - 1]
    return np.concatenate([head - 1, closing]), np.concatenate([head, first])


def _lines(through: list[tuple[Floats, Floats]], order: Ints) -> Part:
    """What runs through these points, where that is level or upright."""
    x, y = (np.array(column) for column in zip(*through, strict=True))
    box = np.array([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])
    width, height = box[2] - box[0], box[3] - box[1]
    level = (np.minimum(width, height) <= _FLAT) & (np.maximum(width, height) > 0.05)
    return Part(box, order, np.where(level, LINE, NOTHING))


_ROUND = 20.0  # points: the radius of a corner


def _curves(order: Ints, stroke: Bools, points: Subpaths) -> list[Part]:
    """Curves that are lines; and round corners beside straight edges, as two lines that meet where these would."""
    last = np.flatnonzero(points.type == _CURVE)[2::3]
    last = last[stroke[points.path[last]]]
    if not len(last):
        return []
    places = [(points.x[last - back], points.y[last - back]) for back in (3, 2, 1, 0)]
    found = [_lines(places, order[points.path[last]])]
    begin = np.flatnonzero(_turns(last, places))
    end = np.append(begin[1:], len(last)) - 1  # a producer may draw a corner as several curves
    (x0, y0), (x1, y1) = ((x[begin], y[begin]) for x, y in places[:2])
    (x2, y2), (x3, y3) = ((x[end], y[end]) for x, y in places[2:])
    small = np.maximum(abs(x3 - x0), abs(y3 - y0)) <= _ROUND
    corner = small & (_ends_at_edge(points, last[begin] - 3) | _begins_edge(points, last[end]))
    (level, upright), (level_out, upright_out) = _ways(x1 - x0, y1 - y0), _ways(x3 - x2, y3 - y2)
    level_first, upright_first = level & upright_out, upright & level_out
    level_first, upright_first = corner & level_first & ~upright_first, corner & upright_first & ~level_first
    order = order[points.path[last[begin]]]
    for which, turn in ((level_first, (x3, y0)), (upright_first, (x0, y3))):
        if which.any():
            x, y = turn[0][which], turn[1][which]
            found.append(_lines([(x0[which], y0[which]), (x, y)], order[which]))
            found.append(_lines([(x, y), (x3[which], y3[which])], order[which]))
    return found


def _turns(last: Ints, places: list[tuple[Floats, Floats]]) -> Bools:
    """At which curves a corner begins: those that follow no other, and those that go on level or upright."""
    (x0, y0), (x1, y1) = places[:2]
    level, upright = _ways(x1 - x0, y1 - y0)
    found: Bools = (np.diff(last, prepend=-3) != 3) | (level ^ upright)
    return found


_STRAIGHT = 0.05  # how far off level or upright a curve may begin or end


def _ways(x: Floats, y: Floats) -> tuple[Bools, Bools]:
    """Whether steps are level, and whether they are upright; both where there is no step."""
    x, y = abs(x), abs(y)
    return y <= _STRAIGHT * x, x <= _STRAIGHT * y


def _ends_at_edge(points: Subpaths, at: Ints) -> Bools:
    """Whether a straight edge ends at these points; circles have none."""
    return _is_edge(points, np.maximum(at - 1, 0), at)


def _begins_edge(points: Subpaths, at: Ints) -> Bools:
    return _is_edge(points, at, np.minimum(at + 1, len(points.type) - 1))


def _is_edge(points: Subpaths, tail: Ints, head: Ints) -> Bools:
    length = abs(points.x[head] - points.x[tail]) + abs(points.y[head] - points.y[tail])
    found: Bools = (points.type[head] == _LINE) & (length > _FLAT)
    return found
