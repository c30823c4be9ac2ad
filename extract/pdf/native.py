"""The compiled loops: loops.c over PDFium's calls, shapes.c over arrays, contents.c over bytes.

They are compiled where the machine that installed jixiao has a compiler (hatch_build.py). Each stands for a function in
Python that gives the same and is used where there are none: `LIBRARY` is None then.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.pdf import pdfium
from extract.pdf.pdfium import Handle

Array = NDArray[Any]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def _loaded() -> ctypes.PyDLL | None:
    """The loops, which keep Python's lock as PDFium needs it."""
    try:
        return ctypes.PyDLL(str(Path(__file__).with_name("loops.so")))
    except OSError:
        return None


LIBRARY = _loaded()

_PTR, _INT, _REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double


def bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of the library; arrays go by their address, which `at` gives."""
    if LIBRARY is None:
        return _missing
    function = getattr(LIBRARY, name)
    function.restype, function.argtypes = result, arguments
    return function  # type: ignore[no-any-return]


def _missing(*_arguments: object) -> int:
    raise RuntimeError("the loops are not compiled")


_address: Callable[[Any], int] = ctypes.addressof
_first_of: Callable[[Any], Any] = ctypes.c_char.from_buffer


def at(array: Array) -> int:
    """Where an array begins, which its owner keeps alive meanwhile."""
    try:
        return _address(_first_of(array))  # a quarter of the time below
    except (TypeError, ValueError):  # it cannot be written to, lies in pieces, or is empty
        address: int = array.__array_interface__["data"][0]
        return address


def reals(array: Floats) -> Floats:
    """The array as the loops take it: in one piece."""
    return np.ascontiguousarray(array, np.float64)


def wholes(array: Ints) -> Ints:
    """Likewise."""
    return np.ascontiguousarray(array, np.int64)


def _calls(*functions: Callable[..., Any]) -> bytes:
    """The addresses of PDFium's functions, in the order in which a structure of loops.c has them."""
    return Struct(f"{len(functions)}q").pack(*(pdfium.address_of(each).value for each in functions))


# The characters of a page.

_runs_of = bind("runs_of", _INT, _PTR, _PTR, _INT, _PTR, _REAL, _REAL, _PTR, _PTR, _PTR, _PTR, _PTR)
_chars_of = bind("chars_of", _INT, _PTR, _PTR, _PTR, _PTR, _PTR, _PTR)
_TEXT_CALLS = _calls(
    pdfium.text_object,
    pdfium.font_size,
    pdfium.text_matrix,
    pdfium.loose_box,
    pdfium.char_origin,
    pdfium.render_mode,
    pdfium.clip_of,
    pdfium.count_clips,
    pdfium.fill_color,
    pdfium.unicode_of,
)
_MATRIX = Struct("6d")
_SHOWN = Struct("8q2q8d")


class Runs(NamedTuple):
    """The runs of a page as arrays, by row, and how many characters are of which kind.

    `marks` has start, object, quarter turns, number of clips, whether it is white and whether it is seen; `sizes` are
    in points; `tally` counts the seen characters of each turn, those not painted, those painted, those of `maybe`.
    """

    marks: Ints
    sizes: Floats
    tally: list[int]


def runs_of(
    text: Handle, count: int, frame: tuple[float, ...], rest: tuple[float, float, Bools]
) -> tuple[Ints, Ints, Runs]:
    """The code point and the run of each character, and the runs.

    `rest` is the scale of the frame, the slant from which a text is not seen, and which code points are counted.
    """
    of_char, marks, sizes = np.empty((2, count), np.int64), np.empty((6, count), np.int64), np.empty(count)
    tally, (scale, slant, maybe) = (ctypes.c_int64 * 7)(), rest
    places = at(maybe), at(of_char), at(marks), at(sizes), ctypes.addressof(tally)
    found = _runs_of(_TEXT_CALLS, text, count, _MATRIX.pack(*frame), scale, slant, *places)
    return of_char[0], of_char[1], Runs(marks[:, :found], sizes[:found], list(tally))


def chars_of(
    text: Handle, of: tuple[Ints, Ints], runs: Runs, turned: tuple[int, tuple[float, ...]], tables: tuple[Bools, Bools]
) -> tuple[Ints, Floats, int, int]:
    """The visible characters without spaces: code, turn, spaced, number and run, and x, y, end and size, by row.

    `of` are the code point and the run of each character, `turned` by how many quarters the page is turned, and the
    matrix of its frame then with its width and height; `tables` tell which code points are spaces and which are known.
    The last two are how many characters stand off the page, and how many are not known.
    """
    code, run = of
    count = len(code)
    whole, real, odd = np.empty((5, count), np.int64), np.empty((4, count)), (ctypes.c_int64 * 2)()
    marks, step = at(runs.marks), runs.marks.strides[0]
    head, turn, seen = marks + step, marks + 2 * step, marks + 5 * step
    shown = at(code), at(run), head, turn, seen, at(runs.sizes), *map(at, tables), count, turned[0], *turned[1]
    found = _chars_of(_TEXT_CALLS, text, _SHOWN.pack(*shown), at(whole), at(real), ctypes.addressof(odd))
    return whole[:, :found], real[:, :found], odd[0], odd[1]


# Objects and paths.

_objects_of = bind("objects_of", None, _PTR, _PTR, _PTR, _INT, _PTR, _PTR)
_OBJECT_CALLS = pdfium.address_of(pdfium.get_object), pdfium.address_of(pdfium.type_of)


def objects_of(page: Handle, count: int) -> tuple[Ints, Ints]:
    """The objects of a page, and their types."""
    out = np.empty((2, count), np.int64)
    first = at(out)
    _objects_of(*_OBJECT_CALLS, page, count, first, first + 8 * count)
    return out[0], out[1]


_plain_of = bind("plain_of", None, _PTR, _PTR, _INT, _PTR, _PTR, _REAL, _PTR, _PTR)
_PATH_CALLS = _calls(
    pdfium.count_segments,
    pdfium.draw_mode,
    pdfium.bounds_of,
    pdfium.fill_color,
    pdfium.get_segment,
    pdfium.segment_point,
)


def plain_of(
    paths: Ints, form: tuple[float, ...] | None, frame: tuple[float, ...], thick: float
) -> tuple[Ints, Floats]:
    """Kind, size, whether filled and whether stroked of each path by row; the boxes of those that bounds tell."""
    paths, count = wholes(paths), len(paths)
    whole, real = np.empty((4, count), np.int64), np.empty((4, count))
    moved = None if form is None else _MATRIX.pack(*form)
    _plain_of(_PATH_CALLS, at(paths), count, moved, _MATRIX.pack(*frame), thick, at(whole), at(real))
    return whole, real


# Rules and grids.

_merged = bind("merged", _INT, _PTR, _PTR, _PTR, _INT, _REAL, _REAL, _REAL, _REAL, _PTR)
_grid_of = bind("grid_of", _INT, *(_PTR, _PTR, _PTR, _INT) * 2, _REAL, _INT, _PTR, _PTR, _PTR, _PTR)
_components = bind("components", _INT, *(_PTR, _PTR, _PTR, _INT) * 2, _REAL, _PTR, _PTR)
_slots = bind("slots", _INT, _PTR, _PTR, _INT, _INT, _PTR, _PTR)
_owners = bind("owners", None, _PTR, _PTR, _INT, _PTR, _INT, _PTR, _INT, _PTR, _INT, _PTR)

Lines = tuple[Floats, Floats, Floats]
"""Where rules stand, and from where to where they run."""


def merged(rules: Lines, snap: float, join: float, shortest: float, far: float) -> Floats:
    """Rules in line made one, by row; `far` parts the groups."""
    lines = [reals(each) for each in rules]
    count = len(lines[0])
    out = np.empty((3, count))
    found = _enough(_merged(*map(at, lines), count, snap, join, shortest, far, at(out)))
    return out[:, :found]


def grid_of(rows: Lines, columns: Lines, reach: float, most: int) -> tuple[Floats, Floats, Bools, Bools] | None:
    """The edges of columns and rows and what runs between cells, of at most so many; None where there is no grid."""
    level, upright = [reals(each) for each in rows], [reals(each) for each in columns]
    heights, widths = len(level[0]), len(upright[0])
    room = min(heights * widths, most)
    size, edges, runs = (ctypes.c_int64 * 2)(), np.empty(heights + widths), np.empty((2, room), np.bool_)
    first = at(runs)
    given = *map(at, level), heights, *map(at, upright), widths
    _enough(_grid_of(*given, reach, most, ctypes.addressof(size), at(edges), first, first + room))
    height, width = size
    if not height:
        return None
    across, down = runs[0, : height * (width - 1)], runs[1, : (height - 1) * width]
    ys, xs = edges[:height], edges[height : height + width]
    return xs, ys, across.reshape(height, width - 1), down.reshape(height - 1, width)


def components(rows: Lines, columns: Lines, reach: float) -> tuple[int, Ints, Ints]:
    """How many sets of rules hang together, and to which each row and column belongs (-1: none)."""
    level, upright = [reals(each) for each in rows], [reals(each) for each in columns]
    of_row, of_column = np.empty(len(level[0]), np.int64), np.empty(len(upright[0]), np.int64)
    places = *map(at, level), len(of_row), *map(at, upright), len(of_column)
    return _enough(_components(*places, reach, at(of_row), at(of_column))), of_row, of_column


def slots(level: Bools, upright: Bools) -> tuple[Ints, Ints]:
    """The cell of each elementary one; row, column and spans of the cells by row."""
    level, upright = np.ascontiguousarray(level), np.ascontiguousarray(upright)
    height, width = len(upright), level.shape[1]
    owner, out = np.empty((height, width), np.int64), np.empty((4, height * width), np.int64)
    found = _slots(at(level), at(upright), height, width, at(owner), at(out))
    return owner, out[:, :found]


def owners(points: tuple[Floats, Floats], edges: tuple[Floats, Floats], cells: Ints, first: int, owner: Ints) -> None:
    """Fill in `owner` (contiguous) where it is below zero."""
    x, y = map(reals, points)
    xs, ys = map(reals, edges)
    cells = wholes(cells)
    _owners(at(x), at(y), len(x), at(xs), len(xs), at(ys), len(ys), at(cells), first, at(owner))


# Texts.

_crossings = bind("crossings", _INT, _PTR, _PTR, _PTR, _PTR, _INT, _PTR, _PTR, _PTR)


def crossings(owner: Ints, of: tuple[Ints, Ints, Ints], clips: Ints) -> tuple[Ints, int, int]:
    """The characters behind which a word may go on in another cell, the least and the most clips of all runs.

    `of` are the run, the number and the turn of each character.
    """
    arrays, range_ = [wholes(each) for each in (owner, *of)], (ctypes.c_int64 * 2)()
    out, clips = np.empty(len(owner), np.int64), wholes(clips)
    found = _crossings(*map(at, arrays), len(owner), at(clips), at(out), ctypes.addressof(range_))
    return out[:found], range_[0], range_[1]


_texts = bind("texts", _INT, _PTR, _PTR, _PTR, _PTR, _PTR, _PTR)
_TEXT = Struct("12q2q11d")
_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


class Script:
    """Characters to be put in order: arrays of one length, and what tells lines and words apart, in ems."""

    def __init__(
        self,
        places: tuple[Floats, ...],
        box: Floats | None,
        marks: tuple[Ints, ...],
        kinds: Array,
        room: tuple[float, ...],
    ) -> None:
        """`places` are u, v, end and size, `marks` group, owner, code, spaced, number and turn, `room` as in shapes.c.

        `box` has the sides of the box of each, by row; None: they are upright, u and v are their x and y.
        """
        self.places, self.marks = [reals(each) for each in places], [*map(wholes, marks), kinds]
        self.box = None if box is None else reals(box)
        self.room = room

    def packed(self, count: int, loose: int) -> bytes:
        """As shapes.c takes it."""
        box = 0 if self.box is None else at(self.box)
        return _TEXT.pack(*map(at, self.places), box, *map(at, self.marks), count, loose, *self.room)


def texts(
    script: Script, count: int, loose: int
) -> tuple[str, list[int], list[int], list[list[float]], tuple[int, int]]:
    """All texts in one, where each ends, their owners, the sides of their boxes by row, and what is odd in shapes.c."""
    out, whole, boxes = np.empty(3 * count, np.uint32), np.empty((2, count), np.int64), np.empty((4, count))
    ends, odd = at(whole), (ctypes.c_int64 * 2)()
    places = at(out), ends, ends + 8 * count, at(boxes), ctypes.addressof(odd)
    found = _enough(_texts(script.packed(count, loose), *places))
    stops, of_piece = whole[:, :found].tolist()
    length = stops[-1] if found else 0
    return (
        out[:length].tobytes().decode(_UTF32, "replace"),
        stops,
        of_piece,
        boxes[:, :found].tolist(),
        (odd[0], odd[1]),
    )


# Contents.

_uses_of = bind("uses_of", _INT, _PTR, _INT, _INT, _PTR, _INT)


def uses_of(data: bytes, mode: int) -> list[list[int]] | None:
    """The fonts and forms that a content names, as contents.c has them; None where that cannot be told."""
    room = 1 + data.count(b"Tf") + data.count(b"Do")
    out = np.empty((room, 12), np.int64)
    found = _uses_of(data, len(data), mode, at(out), room)
    return out[:found].tolist() if found >= 0 else None


def _enough(count: int) -> int:
    if count < 0:
        raise MemoryError
    return count
