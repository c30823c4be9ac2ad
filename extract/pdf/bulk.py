"""What PDFium tells of many characters, objects or points of a page, in arrays.

PDFium answers for one thing a call, and a call from Python takes longer than PDFium does in it. So the loops over the
calls are compiled (loops.c) where the machine that installed jixiao has a compiler; where it has none they are made
here, and the answers are the same.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.pdf import pdfium
from extract.pdf.pdfium import Handle

Array = NDArray[Any]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Whole = Sequence[int] | Ints
"""Handles, or the numbers of characters."""


def _loaded() -> ctypes.PyDLL | None:
    """The compiled loops, which keep Python's lock as PDFium needs it; None where there are none."""
    try:
        return ctypes.PyDLL(str(Path(__file__).with_name("loops.so")))
    except OSError:
        return None


LOOPS = _loaded()


def _address(array: Array) -> ctypes.c_void_p:
    """Where an array begins, which its owner keeps alive meanwhile; `array.ctypes` takes five times as long."""
    return ctypes.c_void_p(array.__array_interface__["data"][0])


def _looped(name: str, ask: Callable[..., Any], of: ctypes.c_void_p | Ints, *rest: Any) -> None:
    """Run a loop of loops.c; the function that it calls, and integers, go as they are."""
    if isinstance(of, np.ndarray):
        of = _address(of)
    getattr(LOOPS, name)(pdfium.address_of(ask), of, *rest)


def _drain(calls: Iterable[object]) -> None:
    deque(calls, maxlen=0)


def _places(array: Array, every: int = 1) -> list[range]:
    """The addresses of each column of an array, `every` so many columns."""
    first, size, width = array.ctypes.data, array.itemsize, array.shape[1]
    end, step = first + len(array) * width * size, width * size  # the strides of an empty array are zero
    return [range(first + column * size, end, step) for column in range(0, width, every)]


def _in(loop: str, ask: Callable[..., Any], of: Handle, which: Ints | int) -> Array:
    """One answer for each number of a page, text or path, or for so many first ones."""
    kind = np.float64 if loop == "doubles_in" else np.int64
    count, numbers = (which, None) if isinstance(which, int) else (len(which), np.ascontiguousarray(which))
    if LOOPS is None:
        return np.fromiter(map(ask, repeat(of), range(count) if numbers is None else numbers.tolist()), kind, count)
    found = np.empty(count, kind)
    at = None if numbers is None else _address(numbers)
    _looped(loop, ask, ctypes.c_void_p(of), at, ctypes.c_int64(count), _address(found))
    return found


def _of(loop: str, ask: Callable[..., Any], of: Whole) -> Ints:
    """One answer for each handle."""
    if LOOPS is None:
        return np.fromiter(map(ask, map(int, of)), np.int64, len(of))
    found, handles = np.empty(len(of), np.int64), np.ascontiguousarray(of, np.int64)
    _looped(loop, ask, handles, ctypes.c_int64(len(of)), _address(found))
    return found


def _filled(loop: str, ask: Callable[..., Any], of: Whole, found: Array, each: int) -> Array:
    """Rows of `found` filled by each handle, which is given the places of every so many columns."""
    if LOOPS is None:
        _drain(map(ask, map(int, of), *_places(found, each)))
        return found
    handles = np.ascontiguousarray(of, np.int64)
    size = [ctypes.c_int64(found.shape[1] * found.itemsize)] if loop == "places_of" else []
    _looped(loop, ask, handles, ctypes.c_int64(len(of)), _address(found), *size)
    return found


# Of characters.


def text_objects(text: Handle, count: int) -> Ints:
    """The text object of each of the first `count` characters; 0 for those that PDFium invented."""
    return _in("handles_in", pdfium.text_object, text, count)


def font_sizes(text: Handle, which: Ints) -> Floats:
    """The size of the font of each character, before any matrix."""
    return _in("doubles_in", pdfium.font_size, text, which)


def matrices(text: Handle, which: Ints) -> Floats:
    """The matrix of each character, from text space to the page; zeros where PDFium tells none."""
    return _rows(pdfium.text_matrix, text, which, 6)


def loose_boxes(text: Handle, which: Ints) -> Floats:
    """The box of each character by the widths and heights of its font: left, top, right, bottom."""
    return _rows(pdfium.loose_box, text, which, 4)


def _rows(ask: Callable[..., Any], text: Handle, which: Ints, width: int) -> Floats:
    found = np.zeros((len(which), width), np.float32)
    if LOOPS is None:
        _drain(map(ask, repeat(text), which.tolist(), *_places(found, width)))
    else:
        numbers = np.ascontiguousarray(which)
        sizes = (
            _address(numbers),
            ctypes.c_int64(len(which)),
            _address(found),
            ctypes.c_int64(found.shape[1] * found.itemsize),
        )
        _looped("places_in", ask, ctypes.c_void_p(text), *sizes)
    return found.astype(np.float64)


def origins(text: Handle, count: int) -> Floats:
    """The origin of each of the first `count` characters on the page, x and y."""
    found = np.zeros((count, 2))
    if LOOPS is None:
        _drain(map(pdfium.char_origin, repeat(text), range(count), *_places(found)))
    else:
        _looped("pairs_in", pdfium.char_origin, ctypes.c_void_p(text), None, ctypes.c_int64(count), _address(found))
    return found


# Of objects.


def objects(page: Handle, count: int) -> Ints:
    """The first `count` objects of a page."""
    return _in("handles_in", pdfium.get_object, page, count)


def kinds(handles: Whole) -> Ints:
    """The types of objects."""
    return _of("ints_of", pdfium.type_of, handles)


def render_modes(handles: Whole) -> Ints:
    """How each text object is painted."""
    return _of("ints_of", pdfium.render_mode, handles)


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
    if LOOPS is None:
        counts = sizes.tolist()
        owners = chain.from_iterable(map(repeat, map(int, paths), counts))
        numbers = chain.from_iterable(map(range, counts))
        return np.fromiter(map(pdfium.get_segment, owners, numbers), np.int64, int(sizes.sum()))
    found, handles = np.empty(int(sizes.sum()), np.int64), np.ascontiguousarray(paths, np.int64)
    counts = np.ascontiguousarray(sizes)
    rest = _address(counts), ctypes.c_int64(len(handles)), _address(found)
    _looped("handles_in_each", pdfium.get_segment, handles, *rest)
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
