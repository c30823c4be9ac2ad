"""What PDFium tells of many characters, objects or points of a page, in arrays.

PDFium answers for one thing a call, and a call from Python takes longer than PDFium does in it. So the loops over the
calls are compiled (loops.c) where the machine that installed jixiao has a compiler; where it has none they are made
here, and the answers are the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_int64, c_void_p
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.pdf import native, pdfium
from extract.pdf.native import Array, Floats, Ints, at
from extract.pdf.pdfium import Handle

Whole = Sequence[int] | Ints
"""Handles, or the numbers of characters."""

_LOOPS = {
    "handles_in_each": native.bind("handles_in_each", None, c_void_p, c_void_p, c_void_p, c_int64, c_void_p),
    "handles_of": native.bind("handles_of", None, c_void_p, c_void_p, c_int64, c_void_p),
    "ints_of": native.bind("ints_of", None, c_void_p, c_void_p, c_int64, c_void_p),
    "places_in": native.bind("places_in", None, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int64),
    "places_of": native.bind("places_of", None, c_void_p, c_void_p, c_int64, c_void_p, c_int64),
    "twos_of": native.bind("twos_of", None, c_void_p, c_void_p, c_int64, c_void_p),
    "fours_of": native.bind("fours_of", None, c_void_p, c_void_p, c_int64, c_void_p),
}


def _looped(name: str, ask: Callable[..., Any], *rest: Any) -> None:
    """Run a loop of loops.c over calls of a function."""
    _LOOPS[name](pdfium.address_of(ask), *rest)


def _drain(calls: Iterable[object]) -> None:
    deque(calls, maxlen=0)


def _places(array: Array, every: int = 1) -> list[range]:
    """The addresses of each column of an array, `every` so many columns."""
    first, size, width = at(array), array.itemsize, array.shape[1]
    end, step = first + len(array) * width * size, width * size  # the strides of an empty array are zero
    return [range(first + column * size, end, step) for column in range(0, width, every)]


def _of(loop: str, ask: Callable[..., Any], of: Whole) -> Ints:
    """One answer for each handle."""
    if native.LIBRARY is None:
        return np.fromiter(map(ask, map(int, of)), np.int64, len(of))
    found, handles = np.empty(len(of), np.int64), np.ascontiguousarray(of, np.int64)
    _looped(loop, ask, at(handles), len(of), at(found))
    return found


def _filled(loop: str, ask: Callable[..., Any], of: Whole, found: Array, each: int) -> Array:
    """Rows of `found` filled by each handle, which is given the places of every so many columns."""
    if native.LIBRARY is None:
        _drain(map(ask, map(int, of), *_places(found, each)))
        return found
    handles = np.ascontiguousarray(of, np.int64)
    size = [found.shape[1] * found.itemsize] if loop == "places_of" else []
    _looped(loop, ask, at(handles), len(of), at(found), *size)
    return found


# Of characters. Where the loops are compiled, `native.runs_of` and `native.chars_of` ask for all but the last at once.


def text_objects(text: Handle, count: int) -> Ints:
    """The text object of each of the first `count` characters; 0 for those that PDFium invented."""
    return np.fromiter(map(pdfium.text_object, repeat(text), range(count)), np.int64, count)


def font_sizes(text: Handle, which: Ints) -> Floats:
    """The size of the font of each character, before any matrix."""
    return np.fromiter(map(pdfium.font_size, repeat(text), which.tolist()), np.float64, len(which))


def matrices(text: Handle, which: Ints) -> Floats:
    """The matrix of each character, from text space to the page; zeros where PDFium tells none."""
    found = np.zeros((len(which), 6), np.float32)
    _drain(map(pdfium.text_matrix, repeat(text), which.tolist(), *_places(found, 6)))
    return found.astype(np.float64)


def render_modes(handles: Whole) -> Ints:
    """How each text object is painted."""
    return np.fromiter(map(pdfium.render_mode, map(int, handles)), np.int64, len(handles))


def origins(text: Handle, count: int) -> Floats:
    """The origin of each of the first `count` characters on the page, x and y."""
    found = np.zeros((count, 2))
    _drain(map(pdfium.char_origin, repeat(text), range(count), *_places(found)))
    return found


def loose_boxes(text: Handle, which: Ints) -> Floats:
    """The box of each character by the widths and heights of its font: left, top, right, bottom."""
    found = np.zeros((len(which), 4), np.float32)
    if native.LIBRARY is None:
        _drain(map(pdfium.loose_box, repeat(text), which.tolist(), *_places(found, 4)))
    else:
        numbers = np.ascontiguousarray(which)
        _looped("places_in", pdfium.loose_box, text, at(numbers), len(which), at(found), 16)
    return found.astype(np.float64)


# Of objects.


def objects(page: Handle, count: int) -> tuple[Ints, Ints]:
    """The first `count` objects of a page, and their types."""
    if native.LIBRARY:
        return native.objects_of(page, count)
    found = np.fromiter(map(pdfium.get_object, repeat(page), range(count)), np.int64, count)
    return found, kinds(found)


def kinds(handles: Whole) -> Ints:
    """The types of objects."""
    return _of("ints_of", pdfium.type_of, handles)


def clip_counts(handles: Whole) -> Ints:
    """By how many paths each object is clipped."""
    return _of("ints_of", pdfium.count_clips, _of("handles_of", pdfium.clip_of, handles))


def colours(handles: Whole) -> NDArray[np.uint32]:
    """The fill of each object: red, green, blue, alpha; zeros where PDFium tells none."""
    return _filled("fours_of", pdfium.fill_color, handles, np.zeros((len(handles), 4), np.uint32), 1)


def bounds(handles: Whole) -> Floats:
    """The box of each object in its own space: left, bottom, right, top."""
    found = _filled("fours_of", pdfium.bounds_of, handles, np.zeros((len(handles), 4), np.float32), 1)
    return found.astype(np.float64)


def object_matrices(handles: Whole) -> Floats:
    """The matrix of each object."""
    found = _filled("places_of", pdfium.matrix_of, handles, np.zeros((len(handles), 6), np.float32), 6)
    return found.astype(np.float64)


# Of paths.


def draw_modes(paths: Whole) -> NDArray[np.int32]:
    """How each path is filled, and whether it is stroked."""
    return _filled("twos_of", pdfium.draw_mode, paths, np.zeros((len(paths), 2), np.int32), 1)


def sizes(paths: Whole) -> Ints:
    """The numbers of segments; 0 where PDFium tells none."""
    return np.maximum(_of("ints_of", pdfium.count_segments, paths), 0)


def segments(paths: Whole, sizes: Ints) -> Ints:
    """The segments of all the paths, so many of each."""
    if native.LIBRARY is None:
        counts = sizes.tolist()
        owners = chain.from_iterable(map(repeat, map(int, paths), counts))
        numbers = chain.from_iterable(map(range, counts))
        return np.fromiter(map(pdfium.get_segment, owners, numbers), np.int64, int(sizes.sum()))
    found, handles = np.empty(int(sizes.sum()), np.int64), np.ascontiguousarray(paths, np.int64)
    counts = np.ascontiguousarray(sizes)
    _looped("handles_in_each", pdfium.get_segment, at(handles), at(counts), len(handles), at(found))
    return found


def points(handles: Whole) -> Floats:
    """Where each segment ends, x and y in the space of its path."""
    found = _filled("twos_of", pdfium.segment_point, handles, np.zeros((len(handles), 2), np.float32), 1)
    return found.astype(np.float64)


def segment_types(handles: Whole) -> Ints:
    """Line, curve or move."""
    return _of("ints_of", pdfium.segment_type, handles)


def closing(handles: Whole) -> NDArray[np.bool_]:
    """Whether each segment closes its subpath."""
    found: NDArray[np.bool_] = _of("ints_of", pdfium.segment_close, handles) != 0
    return found
