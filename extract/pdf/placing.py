"""Characters into the cells that another library found: what stands in none of them is a line, so nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.codes import REPLACEMENT, is_known
from extract.pdf.frame import Box, Frame
from extract.pdf.lines import Piece, texts_of
from extract.pdf.pages import CellPart, LinePart, PageParts, Part, TablePart

OVERSIZED = 1.9
"""Times the size of a page's text: within a table such a character is of a watermark."""

MIDDLE = 0.35
"""Of an em: from the baseline up to the middle of a character."""

_SAME = 0.3  # of an em: edges closer than this are one
_NONE = PageParts(parts=[], chars=0, unknown=0.0, hidden=0, picture=0.0, inferred=False)


def on_page(chars: Chars, frame: Frame) -> Chars:
    """The characters that stand on the page as it is shown."""
    inside = (chars.x > -chars.size) & (chars.x < frame.width) & (chars.y > 0) & (chars.y < frame.height + chars.size)
    return chars if inside.all() else chars.take(inside)


class Found(NamedTuple):
    """A table as found: the edges of its columns, how many rows it has, and its cells with their boxes."""

    xs: list[float]
    rows: int
    cells: list[tuple[int, int, int, int, Box]]
    box: Box


def found_of(boxes: Iterable[Box], em: float) -> Found | None:
    """A table by the boxes of its cells."""
    cells = sorted(boxes, key=lambda box: (box[1], box[0]))
    if not cells:
        return None
    xs = _edges([side for box in cells for side in (box[0], box[2])], _SAME * em)
    ys = _edges([side for box in cells for side in (box[1], box[3])], _SAME * em)
    slots = []
    for box in cells:
        left, right = _nearest(xs, box[0]), _nearest(xs, box[2])
        top, bottom = _nearest(ys, box[1]), _nearest(ys, box[3])
        if right > left and bottom > top:
            slots.append((top, left, bottom - top, right - left, box))
    return Found(xs, len(ys) - 1, sorted(slots), (xs[0], ys[0], xs[-1], ys[-1])) if slots else None


def _edges(sides: list[float], same: float) -> list[float]:
    found: list[float] = []
    for side in sorted(sides):
        if not found or side - found[-1] > same:
            found.append(side)
    return found


def _nearest(edges: list[float], side: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - side))


def page_of(chars: Chars, tables: list[Found], *, hidden: int, picture: float, inferred: bool) -> PageParts:
    """The parts of a page: each character in the cell that holds its middle, the others as lines."""
    if not len(chars.code):
        return _NONE._replace(hidden=hidden, picture=picture)
    known = is_known(chars.code)
    chars = chars._replace(code=np.where(known, chars.code, REPLACEMENT))
    return PageParts(
        parts=_parts(chars, tables),
        chars=len(chars.code),
        unknown=1.0 - float(known.mean()),
        hidden=hidden,
        picture=picture,
        inferred=inferred and bool(tables),
    )


def _parts(chars: Chars, tables: list[Found]) -> list[Part]:
    upright = chars.turn == 0
    x = np.where(upright, (chars.x + np.minimum(chars.end, chars.x + chars.size)) / 2, chars.x)
    y = np.where(upright, chars.y - MIDDLE * chars.size, chars.y)
    owner = np.full(len(x), -1, np.int64)
    number = 0
    for table in tables:
        for *_, (x0, top, x1, bottom) in table.cells:
            owner[(owner < 0) & (x >= x0) & (x < x1) & (y >= top) & (y < bottom)] = number
            number += 1
    kept = (owner < 0) | (chars.size <= OVERSIZED * float(np.median(chars.size)))
    chars, owner = chars.take(kept), owner[kept]
    pieces = texts_of(chars, np.where(owner < 0, number, owner), number)
    by_cell = {piece.owner: piece for piece in pieces if piece.owner < number}
    parts: list[Part] = [LinePart(piece.text, piece.box) for piece in pieces if piece.owner == number]
    first = 0
    for table in tables:
        if cells := _cells(table, first, by_cell):
            parts.append(TablePart(table.xs, table.rows, cells, table.box))
        first += len(table.cells)
    return sorted(parts, key=lambda part: (round(part.box[1]), part.box[0]))


def _cells(table: Found, first: int, pieces: dict[int, Piece]) -> list[CellPart]:
    return [
        CellPart(row, col, row_span, col_span, pieces[at].text, pieces[at].box)
        for at, (row, col, row_span, col_span, _) in enumerate(table.cells, first)
        if at in pieces
    ]
