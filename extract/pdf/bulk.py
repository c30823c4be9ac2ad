"""What PDFium tells of many characters of a page, in arrays.

A call through ctypes takes longer than what PDFium does in it, most of it for turning Python's integers into pointers.
So the functions here have no declared arguments: they are given pointers that were made once, to places from which the
results are copied.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from extract.pdf.pdfium import Handle

_SIZE = 4096
"""Results that are read before they are copied."""

_PTR = ctypes.c_void_p


def _bind(name: str, result: Any) -> Callable[..., Any]:
    """A function that takes any arguments: integers as int of C, everything else as an instance of its type."""
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(getattr(pdfium, name), _PTR).value or 0)


_text_object = _bind("FPDFText_GetTextObject", ctypes.c_size_t)
_font_size = _bind("FPDFText_GetFontSize", ctypes.c_double)
_matrix = _bind("FPDFText_GetMatrix", ctypes.c_int)
_origin = _bind("FPDFText_GetCharOrigin", ctypes.c_int)
_loose_box = _bind("FPDFText_GetLooseCharBox", ctypes.c_int)


class _Places:
    """Rows of numbers in memory, and pointers to the columns of each that a function is given."""

    def __init__(self, kind: type[np.floating[Any]], width: int, columns: tuple[int, ...] = (0,)) -> None:
        self.rows = np.zeros((_SIZE, width), kind)
        step, size = self.rows.strides
        first = self.rows.ctypes.data
        self.pointers = [[_PTR(first + row * step + column * size) for row in range(_SIZE)] for column in columns]

    def filled(self, function: Callable[..., Any], text: Handle, which: Sequence[int]) -> NDArray[np.float64]:
        """A row for each character; zeros where PDFium tells nothing."""
        handle = _PTR(text)
        found = np.empty((len(which), self.rows.shape[1]))
        for first in range(0, len(which), _SIZE):
            part = which[first : first + _SIZE]
            self.rows[: len(part)] = 0
            deque(map(function, repeat(handle), part, *self.pointers), maxlen=0)
            found[first : first + len(part)] = self.rows[: len(part)]
        return found


_ORIGINS = _Places(np.float64, 2, (0, 1))
_MATRICES = _Places(np.float32, 6)
_BOXES = _Places(np.float32, 4)


def text_objects(text: Handle, count: int) -> NDArray[np.int64]:
    """The text object of each character; 0 for those that PDFium invented."""
    return np.fromiter(map(_text_object, repeat(_PTR(text)), range(count)), np.int64, count)


def font_sizes(text: Handle, which: Sequence[int]) -> NDArray[np.float64]:
    """The size of the font of each character, before any matrix."""
    return np.fromiter(map(_font_size, repeat(_PTR(text)), which), np.float64, len(which))


def matrices(text: Handle, which: Sequence[int]) -> NDArray[np.float64]:
    """The matrix of each character, from text space to the page."""
    return _MATRICES.filled(_matrix, text, which)


def origins(text: Handle, count: int) -> NDArray[np.float64]:
    """The origin of each character on the page, x and y."""
    return _ORIGINS.filled(_origin, text, range(count))


def loose_boxes(text: Handle, which: Sequence[int]) -> NDArray[np.float64]:
    """The box of each character by the widths and heights of its font: left, top, right, bottom."""
    return _BOXES.filled(_loose_box, text, which)
