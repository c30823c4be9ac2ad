"""What a page draws: thin lines, whatever they were drawn as, and larger fills."""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import NamedTuple

import numpy as np

from extract.errors import ReadError
from extract.pdf import bulk, native, pdfium
from extract.pdf.chars import Bools, Ints
from extract.pdf.frame import Floats, Frame, Matrix, product
from extract.pdf.pdfium import Handle
from extract.pdf.traced import FILL, LINE, NOTHING, SHAPE, THICK, Part, edges, framed, outlines, subpaths_of

MAX_OBJECTS = 200_000
"""Of one page, those within forms counted too."""

_DEEPEST = 12
_MAX_SEGMENTS = 100_000
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
    """The lines of a page; its larger fills, their colours and which are white; the largest picture's share of it.

    A colour is red, green, blue and alpha, a byte each in one number. `bare` tells that nothing else is painted, so
    that what is white cannot be seen.
    """

    lines: Strokes
    fills: Strokes
    colours: Ints
    white: Bools
    picture: float
    bare: bool


class _Group(NamedTuple):
    """Objects that share a matrix."""

    paths: Ints
    orders: Ints
    matrix: Matrix


def read_paths(page: Handle, frame: Frame) -> Drawing:
    """All lines and fills of a page, those of its forms at their place."""
    groups, pictures, others = _groups(page)
    pictured = [_pictured(group, frame) for group in pictures]
    picture = max((_share(part.box, frame) for part in pictured), default=0.0)
    parts = [part for group in groups for part in _parts(group, frame)]
    if pictured and not any((part.kind == LINE).any() for part in parts):
        parts += pictured  # rules as pictures of a pixel, where no others are
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Drawing(_EMPTY, _EMPTY, nothing, nothing != 0, picture, not pictures and not others)
    box = np.concatenate([part.box for part in parts], axis=1)
    order = np.concatenate([part.order for part in parts])
    kind = np.concatenate([part.kind for part in parts])
    inside = (box[0] < frame.width) & (box[2] > 0) & (box[1] < frame.height) & (box[3] > 0)
    # A row that the producer cut at the page's end goes on beyond it.
    x, y = box[[0, 2]].clip(0, frame.width), box[[1, 3]].clip(0, frame.height)
    strokes = Strokes(x[0], y[0], x[1], y[1], order)
    fill = (kind > LINE) & inside
    colours = kind[fill] - FILL
    white = _are_white(colours)
    bare = not pictures and not others and not (kind == SHAPE).any() and bool(white.all())
    return Drawing(strokes.take((kind == LINE) & inside), strokes.take(fill), colours, white, picture, bare)


_OPEN = 1

_EMPTY = Strokes(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, np.int64))


# The objects.


def _groups(page: Handle) -> tuple[list[_Group], list[_Group], bool]:
    """The paths of the page, those of each form with the matrix that leads to the page; and the pictures.

    The last tells whether it has shadings.
    """
    groups: list[_Group] = []
    pictures: list[_Group] = []
    waiting = [(*bulk.objects(page, _bounded(pdfium.count_objects(page))), _SAME, 0)]
    seen, shaded = 0, False
    while waiting:
        objects, kinds, matrix, depth = waiting.pop()
        at = (kinds == pdfium.PATH).nonzero()[0]
        if len(at):
            groups.append(_Group(objects[at], seen + at, matrix))
        seen = _bounded(seen + len(objects))
        if (kinds <= pdfium.PATH).all():
            continue  # texts and paths alone
        shaded = shaded or bool((kinds == pdfium.SHADING).any())
        at = (kinds == pdfium.IMAGE).nonzero()[0]
        if len(at):
            pictures.append(_Group(objects[at], seen + at, matrix))
        if depth < _DEEPEST:
            forms = objects[kinds == pdfium.FORM].tolist()
            waiting += [(*_in_form(form), product(_matrix(form), matrix), depth + 1) for form in forms]
    return groups, pictures, shaded


def _in_form(form: Handle) -> tuple[Ints, Ints]:
    count = _bounded(pdfium.count_in_form(form))
    objects = np.fromiter(map(pdfium.get_in_form, repeat(form), range(count)), np.int64, count)
    return objects, bulk.kinds(objects)


def _pictured(group: _Group, frame: Frame) -> Part:
    """Pictures by their bounds, painted last; those that are as thin as a line are lines, the others nothing."""
    order, stroke = np.full(len(group.paths), MAX_OBJECTS), np.zeros(len(group.paths), np.bool_)
    part = _plain(group.paths, order, stroke, (group.matrix, frame), colour=False)
    return part._replace(kind=np.where(part.kind == LINE, LINE, NOTHING))


def _share(box: Floats, frame: Frame) -> float:
    """The largest picture's share of the page."""
    width, height = box[2:] - box[:2]
    return float((width * height).max() / max(1.0, frame.width * frame.height))


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


def _parts(group: _Group, frame: Frame) -> list[Part]:
    paths, order = group.paths, group.orders
    if native.LIBRARY:
        form = None if group.matrix == _SAME else group.matrix
        (kind, sizes, fill, stroke), box = native.plain_of(paths, form, frame.matrix, THICK)
        open_, plain = kind == _OPEN, (kind == LINE) | (kind >= FILL)
        found = _ringed(Part(box[:, plain], order[plain], kind[plain]), paths[plain])
        if open_.any():
            found += _traced(group, open_.nonzero()[0], (sizes, fill != 0, stroke != 0), frame)
        return found
    sizes, modes = bulk.sizes(paths), bulk.draw_modes(paths)
    fill, stroke = modes[:, 0] != 0, modes[:, 1] != 0
    plain = (fill & ~stroke & (sizes <= 5)) | (stroke & ~fill & (sizes == 2))
    for number in (fill & ~stroke & (sizes >= _DASHES)).nonzero()[0].tolist():
        plain[number] = _is_dashed(int(paths[number]), int(sizes[number]))
    found = []
    if plain.any():
        found += _ringed(_plain(paths[plain], order[plain], stroke[plain], (group.matrix, frame)), paths[plain])
    rest = (~plain & (fill | stroke)).nonzero()[0]
    if len(rest):
        found += _traced(group, rest, (sizes, fill, stroke), frame)
    return found


_RING = 3  # clips of a fill that only shows between an outer and an inner edge: those of its page, and two


def _ringed(part: Part, paths: Ints) -> list[Part]:
    """The paths, fills of which one box is painted side by side through a ring made the four sides of the box.

    So Chromium draws the border of a cell with round corners that a page cuts.
    """
    fills = (part.kind >= FILL).nonzero()[0]
    if len(fills) < 2:
        return [part]
    box = part.box[:, fills]
    again = np.flatnonzero(np.all(abs(box[:, 1:] - box[:, :-1]) < _SAME_BOX, axis=0))
    if not len(again):
        return [part]
    again = again[bulk.clip_counts(paths[fills[again]]) >= _RING]
    (x0, y0, x1, y1), count = box[:, again], len(again)
    sides = np.concatenate([(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)], axis=1)
    return [part, Part(sides, np.tile(part.order[fills[again]], 4), np.full(4 * count, LINE))]


_SAME_BOX = 0.1  # points


def _traced(group: _Group, which: Ints, told: tuple[Ints, Bools, Bools], frame: Frame) -> list[Part]:
    """Some paths of a group point by point; `told` are the size of each, whether it is filled and whether stroked."""
    paths, order, sizes = group.paths[which], group.orders[which], told[0][which]
    fill, stroke = told[1][which], told[2][which]
    sizes = np.where(np.cumsum(sizes) <= _MAX_SEGMENTS, sizes, 0)
    segments = bulk.segments(paths, sizes)
    path = np.repeat(np.arange(len(paths)), sizes)
    a, b, c, d, e, f = bulk.object_matrices(paths)[path].T
    px, py = bulk.points(segments).T
    x, y = _placed(a * px + c * py + e, b * px + d * py + f, group.matrix, frame)
    subpaths = subpaths_of((x, y), bulk.segment_types(segments), bulk.closing(segments), path)
    shapes = outlines(order, fill, subpaths)
    _colour(shapes.kind, paths[subpaths.path[subpaths.start]])
    return [*framed(shapes, subpaths), *edges(order, stroke, subpaths)]


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


def _plain(paths: Ints, order: Ints, stroke: Bools, matrices: tuple[Matrix, Frame], *, colour: bool = True) -> Part:
    """Filled rectangles and single lines, by their bounds; those of a line are wider than it by its width all round."""
    sides = bulk.bounds(paths)
    x, y = _placed(sides[:, [0, 2]], sides[:, [1, 3]], *matrices)
    box = np.array([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)])
    width, height = box[2] - box[0], box[3] - box[1]
    inset = np.where(stroke, np.minimum(width, height) / 2, 0.0)
    box += np.array([inset, inset, -inset, -inset])
    thin = np.minimum(width, height) <= np.where(stroke, 4 * THICK, THICK)
    kind = np.where(thin, LINE, np.where(stroke, NOTHING, FILL))
    if colour:
        _colour(kind, paths)
    return Part(box, order, kind)


def _placed(x: Floats, y: Floats, matrix: Matrix, frame: Frame) -> tuple[Floats, Floats]:
    if matrix != _SAME:
        a, b, c, d, e, f = matrix
        x, y = a * x + c * y + e, b * x + d * y + f
    return frame.place(x, y)


def _colour(kind: Ints, paths: Ints) -> None:
    """Add its colour to the kind of each fill."""
    filled = (kind == FILL).nonzero()[0]
    if len(filled):
        kind[filled] += (bulk.colours(paths[filled]).astype(np.int64) << _BYTES).sum(axis=1)


_BYTES = np.array([24, 16, 8, 0])
_WHITE = 250  # of 255: what no eye tells from white


def _are_white(colours: Ints) -> Bools:
    white: Bools = ((colours[:, None] >> _BYTES & 255) >= _WHITE).all(axis=1)
    return white
