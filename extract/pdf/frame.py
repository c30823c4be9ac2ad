"""From PDF coordinates to points from the top left of the page as it is shown, and to upright text."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.pdf.pdfium import Handle, page_box, page_rotation

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


def product(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that does `m` first, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


class Frame(NamedTuple):
    """The page as shown: `width` and `height` in points, and the matrix that leads there (y grows downwards)."""

    width: float
    height: float
    matrix: Matrix

    @property
    def scale(self) -> float:
        """Points for each unit of the PDF's space."""
        return max(abs(self.matrix[0]), abs(self.matrix[1]))

    def place(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Points of the PDF's space in this frame."""
        a, b, c, d, e, f = self.matrix
        if not b and not c:
            return a * x + e, d * y + f
        return a * x + c * y + e, b * x + d * y + f

    def turned(self, quarters: int) -> Frame:
        """The frame in which text that runs down (1), upside down (2) or up (3) the page runs to the right."""
        frame = self
        for _ in range(quarters % 4):  # a quarter against the clock: (x, y) -> (y, width - x)
            a, b, c, d, e, f = frame.matrix
            frame = Frame(frame.height, frame.width, (b, -a, d, -c, f, frame.width - e))
        return frame

    def box_back(self, box: Box, quarters: int) -> Box:
        """A box of the frame that was turned `quarters` times, on the page as shown; this frame is the turned one."""
        x0, top, x1, bottom = box
        width, height = self.width, self.height
        for _ in range(quarters % 4):  # a quarter with the clock: (x, y) -> (height - y, x)
            x0, top, x1, bottom = height - bottom, x0, height - top, x1
            width, height = height, width
        return x0, top, x1, bottom


def frame_of(page: Handle, unit: float = 1.0) -> Frame:
    """The frame of a page: its crop box, turned as /Rotate says; `unit` is how many points its unit has."""
    frame = _frame_of(page)
    if unit == 1.0:
        return frame
    a, b, c, d, e, f = (part * unit for part in frame.matrix)
    return Frame(frame.width * unit, frame.height * unit, (a, b, c, d, e, f))


_Sides = ctypes.c_float * 4  # left, top, right, bottom


def _frame_of(page: Handle) -> Frame:
    box = _Sides()
    page_box(page, ctypes.addressof(box))
    left, top, right, bottom = box
    width, height = right - left, top - bottom
    turn = page_rotation(page)
    if turn == 1:
        return Frame(height, width, (0, 1, 1, 0, -bottom, -left))
    if turn == 2:
        return Frame(width, height, (-1, 0, 0, 1, right, -bottom))
    if turn == 3:
        return Frame(height, width, (0, -1, -1, 0, top, right))
    return Frame(width, height, (1, 0, 0, -1, -left, top))
