"""From PDF coordinates to points from the top left of the page as it is shown, and to upright text."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.pdf.pdfium import Handle, page_box, page_rotation

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]


class Frame(NamedTuple):
    """The page as shown: `width` and `height` in points, and the matrix that leads there (y grows downwards)."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]

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


def frame_of(page: Handle) -> Frame:
    """The frame of a page: its crop box, turned as /Rotate says."""
    box = (ctypes.c_float * 4)()  # left, top, right, bottom
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
