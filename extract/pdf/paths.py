"""What a page draws: thin lines, whatever they were drawn as, and larger fills."""

from __future__ import annotations

import ctypes
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from extract.errors import ReadError
from extract.pdf import pdfium
from extract.pdf.chars import Bools, Ints, drain
from extract.pdf.frame import Floats, Frame, Matrix, product
from extract.pdf.pdfium import Handle

MAX_OBJECTS = 200_000
"""Of one page, those within forms counted too."""

THICK = 3.2
"""Points; a fill that is thicker is no line."""

_DEEPEST = 12
_MAX_SEGMENTS = 100_000
_LINE, _MOVE = 0, 2

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Strokes(NamedTuple):
    """Thin boxes in the order in which they are painted; points from the top left, y downwards."""

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    order: Ints

    def take(self, which: Bools | Ints) -> Strokes:
        """Some of them."""
        return Strokes(self.x0[which], self.y0[which], self.x1[which], self.y1[which], self.order[which])


class Drawing(NamedTuple):
    """The lines of a page; its larger fills and which of them are white; the largest picture's share of the page.

    `bare` tells that nothing else is painted, so that what is white cannot be seen.
    """

    lines: Strokes
    fills: Strokes
    white: Bools
    picture: float
    bare: bool


class _Group(NamedTuple):
    """Objects that share a matrix."""

    paths: list[Handle]
    orders: list[int]
    matrix: Matrix


def read_paths(page: Handle, frame: Frame) -> Drawing:
    """All lines and fills of a page, those of its forms at their place."""
    groups, pictures, others = _groups(page)
    picture = max((_share(handle, matrix, frame) for handle, matrix in pictures), default=0.0)
    parts = [part for group in groups for part in _parts(group, frame)]
    if not parts:
        return Drawing(_EMPTY, _EMPTY, np.zeros(0, np.bool_), picture, not pictures and not others)
    box = np.concatenate([part.box for part in parts], axis=1)
    order = np.concatenate([part.order for part in parts])
    kind = np.concatenate([part.kind for part in parts])
    inside = (box[0] < frame.width) & (box[2] > 0) & (box[1] < frame.height) & (box[3] > 0)
    strokes = Strokes(box[0], box[1], box[2], box[3], order)
    fill = (kind > LINE) & inside
    white = kind[fill] == WHITE
    bare = not pictures and not others and not (kind == SHAPE).any() and bool(white.all())
    return Drawing(strokes.take((kind == LINE) & inside), strokes.take(fill), white, picture, bare)


LINE, COLOURED, WHITE, _NOTHING, SHAPE = 0, 1, 2, -1, -2


class _Part(NamedTuple):
    """Boxes (x0, y0, x1, y1 by row) with their order and kind."""

    box: Floats
    order: Ints
    kind: Ints


_EMPTY = Strokes(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, np.int64))


# The objects.


def _groups(page: Handle) -> tuple[list[_Group], list[tuple[Handle, Matrix]], bool]:
    """The paths of the page, those of each form with the matrix that leads to the page; and the pictures.

    The last tells whether it has shadings.
    """
    groups: list[_Group] = []
    pictures: list[tuple[Handle, Matrix]] = []
    objects = list(map(pdfium.get_object, repeat(page), range(_bounded(pdfium.count_objects(page)))))
    waiting = [(objects, _SAME, 0)]
    seen, shaded = 0, False
    while waiting:
        objects, matrix, depth = waiting.pop()
        kinds = list(map(pdfium.type_of, objects))
        if pdfium.PATH in kinds:
            at = [number for number, kind in enumerate(kinds) if kind == pdfium.PATH]
            groups.append(_Group([objects[number] for number in at], [seen + number for number in at], matrix))
        seen, shaded = _bounded(seen + len(objects)), shaded or pdfium.SHADING in kinds
        if pdfium.IMAGE in kinds:
            pictures += [(each, matrix) for each, kind in zip(objects, kinds, strict=True) if kind == pdfium.IMAGE]
        if pdfium.FORM in kinds and depth < _DEEPEST:
            forms = [each for each, kind in zip(objects, kinds, strict=True) if kind == pdfium.FORM]
            waiting += [(_in_form(form), product(_matrix(form), matrix), depth + 1) for form in forms]
    return groups, pictures, shaded


def _in_form(form: Handle) -> list[Handle]:
    return list(map(pdfium.get_in_form, repeat(form), range(_bounded(pdfium.count_in_form(form)))))


def _share(handle: Handle, matrix: Matrix, frame: Frame) -> float:
    part = _plain([handle], np.zeros(1, np.int64), np.zeros(1, np.bool_), (matrix, frame), colour=False)
    width, height = (part.box[2:] - part.box[:2])[:, 0]
    return float(width * height / max(1.0, frame.width * frame.height))


def _bounded(count: int) -> int:
    if count > MAX_OBJECTS:
        raise ReadError("too-large", f"a page holds {count} drawn objects; the limit is {MAX_OBJECTS}")
    return max(0, count)


def _matrix(handle: Handle) -> Matrix:
    values = (ctypes.c_float * 6)(*_SAME)
    pdfium.matrix_of(handle, ctypes.addressof(values))
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


# The paths of one group.


def _parts(group: _Group, frame: Frame) -> list[_Part]:
    paths, count = group.paths, len(group.paths)
    sizes = np.fromiter(map(pdfium.count_segments, paths), np.int64, count)
    modes = np.zeros((count, 2), np.int32)
    at = modes.ctypes.data
    drain(map(pdfium.draw_mode, paths, range(at, at + 8 * count, 8), range(at + 4, at + 4 + 8 * count, 8)))
    fill, stroke = modes[:, 0] != 0, modes[:, 1] != 0
    order = np.array(group.orders, np.int64)
    plain = (fill & ~stroke & (sizes <= 5)) | (stroke & ~fill & (sizes == 2))
    for number in np.flatnonzero(fill & ~stroke & (sizes >= _DASHES)).tolist():
        plain[number] = _is_dashed(paths[number], int(sizes[number]))
    found = []
    if plain.any():
        found.append(
            _plain([paths[n] for n in np.flatnonzero(plain)], order[plain], stroke[plain], (group.matrix, frame))
        )
    rest = np.flatnonzero(~plain & (fill | stroke))
    if len(rest):
        subpaths = _subpaths([paths[n] for n in rest], sizes[rest], group.matrix, frame)
        found += _outlines([paths[n] for n in rest], order[rest], fill[rest], subpaths)
        found.append(_edges(order[rest], stroke[rest], subpaths))
    return found


_DASHES = 20  # points of a path: fewer are cheaper to read than to guess
_SAMPLES = 4
_BOUNDS, _POINT = (ctypes.c_float * 4)(), (ctypes.c_float * 2)()


def _is_dashed(path: Handle, size: int) -> bool:
    """Whether a filled path is one row of dashes or dots, told by where some of its points stand.

    Chromium draws each dashed border so. A gap between dashes in which a cell has no border shows in them.
    """
    at, point = ctypes.addressof(_BOUNDS), ctypes.addressof(_POINT)
    if not pdfium.bounds_of(path, at, at + 4, at + 8, at + 12):
        return False
    width, height = _BOUNDS[2] - _BOUNDS[0], _BOUNDS[3] - _BOUNDS[1]
    if min(width, height) > THICK or max(width, height) * 5 / size > 2 * THICK:
        return False
    places = []
    for number in range(0, size, max(1, size // _SAMPLES)):
        segment = pdfium.get_segment(path, number)
        pdfium.segment_point(segment, point, point + 4)
        places.append((number, _POINT[0 if width > height else 1]))
    (first, low), (last, high) = places[0], places[-1]
    pitch = (high - low) / max(1, last - first)
    return all(abs(low + (number - first) * pitch - place) < 2 * THICK for number, place in places)


def _plain(
    paths: list[Handle], order: Ints, stroke: Bools, matrices: tuple[Matrix, Frame], *, colour: bool = True
) -> _Part:
    """Filled rectangles and single lines, by their bounds; those of a line are wider than it by its width all round."""
    count = len(paths)
    bounds = np.zeros((count, 4), np.float32)  # left, bottom, right, top
    at, end = bounds.ctypes.data, bounds.ctypes.data + 16 * count
    drain(map(pdfium.bounds_of, paths, *(range(at + 4 * n, end, 16) for n in range(4))))
    sides = bounds.astype(np.float64)
    x, y = _placed(sides[:, [0, 2]], sides[:, [1, 3]], *matrices)
    box = np.array([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)])
    width, height = box[2] - box[0], box[3] - box[1]
    inset = np.where(stroke, np.minimum(width, height) / 2, 0.0)
    box += np.array([inset, inset, -inset, -inset])
    thin = np.minimum(width, height) <= np.where(stroke, 2 * THICK, THICK)
    kind = np.where(thin, LINE, np.where(stroke, _NOTHING, COLOURED))
    for number in np.flatnonzero((kind == COLOURED) & colour).tolist():
        if _is_white(paths[number]):
            kind[number] = WHITE
    return _Part(box, order, kind)


def _placed(x: Floats, y: Floats, matrix: Matrix, frame: Frame) -> tuple[Floats, Floats]:
    if matrix != _SAME:
        a, b, c, d, e, f = matrix
        x, y = a * x + c * y + e, b * x + d * y + f
    return frame.place(x, y)


_COLOUR = (ctypes.c_uint * 4)()
_CHANNELS = tuple(ctypes.addressof(_COLOUR) + 4 * n for n in range(4))


def _is_white(path: Handle) -> bool:
    return bool(pdfium.fill_color(path, *_CHANNELS)) and min(_COLOUR) >= 250


class _Subpaths(NamedTuple):
    """The points of paths: to which path and subpath each belongs, its type, and whether it closes the subpath."""

    x: Floats
    y: Floats
    type: Ints
    close: Bools
    path: Ints
    start: Ints


def _subpaths(paths: list[Handle], sizes: Ints, matrix: Matrix, frame: Frame) -> _Subpaths:
    sizes = np.maximum(sizes, 0)
    total = int(sizes.sum())
    if total > _MAX_SEGMENTS:
        keep = np.cumsum(sizes) <= _MAX_SEGMENTS
        sizes = np.where(keep, sizes, 0)
        total = int(sizes.sum())
    counts = sizes.tolist()
    owners = chain.from_iterable(map(repeat, paths, counts))
    segments = list(map(pdfium.get_segment, owners, chain.from_iterable(map(range, counts))))
    points = np.zeros((total, 2), np.float32)
    at = points.ctypes.data
    drain(map(pdfium.segment_point, segments, range(at, at + 8 * total, 8), range(at + 4, at + 4 + 8 * total, 8)))
    kinds = np.fromiter(map(pdfium.segment_type, segments), np.int64, total)
    close = np.fromiter(map(pdfium.segment_close, segments), np.bool_, total)
    own = np.zeros((len(paths), 6), np.float32)
    at = own.ctypes.data
    drain(map(pdfium.matrix_of, paths, range(at, at + 24 * len(paths), 24)))
    path = np.repeat(np.arange(len(paths)), sizes)
    a, b, c, d, e, f = own.astype(np.float64)[path].T
    px, py = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    x, y = _placed(a * px + c * py + e, b * px + d * py + f, matrix, frame)
    start = (kinds == _MOVE) | (np.diff(path, prepend=-1) != 0)
    return _Subpaths(x, y, kinds, close, path, np.flatnonzero(start))


def _outlines(paths: list[Handle], order: Ints, fill: Bools, points: _Subpaths) -> list[_Part]:
    """The filled subpaths as their boxes; a thick one must be a rectangle."""
    start = points.start
    if not len(start):
        return []
    low = [np.minimum.reduceat(column, start) for column in (points.x, points.y)]
    high = [np.maximum.reduceat(column, start) for column in (points.x, points.y)]
    owner = points.path[start]
    size = np.diff(start, append=len(points.x))
    thin = np.minimum(high[0] - low[0], high[1] - low[1]) <= THICK
    kind = np.where(thin, LINE, np.where((size >= 4) & (size <= 5), COLOURED, SHAPE))
    kind[~fill[owner]] = _NOTHING
    white: dict[int, bool] = {}
    for number in np.flatnonzero(kind == COLOURED).tolist():
        path = int(owner[number])
        if path not in white:
            white[path] = _is_white(paths[path])
        if white[path]:
            kind[number] = WHITE
    return [_Part(np.array([*low, *high]), order[owner], kind)]


def _edges(order: Ints, stroke: Bools, points: _Subpaths) -> _Part:
    """The straight level or upright edges of stroked subpaths."""
    count = len(points.x)
    sub = np.zeros(count, np.int64)
    sub[points.start] = 1
    first = points.start[np.cumsum(sub) - 1] if len(points.start) else sub
    tail, head = np.flatnonzero(points.type == _LINE) - 1, np.flatnonzero(points.type == _LINE)
    closing = np.flatnonzero(points.close)
    tail, head = np.concatenate([tail, closing]), np.concatenate([head, first[closing]])
    tail, head = tail[stroke[points.path[head]]], head[stroke[points.path[head]]]
    x, y = np.array([points.x[tail], points.x[head]]), np.array([points.y[tail], points.y[head]])
    box = np.array([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])
    width, height = box[2] - box[0], box[3] - box[1]
    level = (np.minimum(width, height) <= 0.5) & (np.maximum(width, height) > 0.05)
    return _Part(box, order[points.path[head]], np.where(level, LINE, _NOTHING))
