"""Tables that draw some of their rules only: texts of several columns, or of several rows, stand in one cell."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools, Chars, Ints
from extract.pdf.frame import Box, Floats
from extract.pdf.gaps.bands import some_of
from extract.pdf.gaps.blocks import Sheet, grid_of
from extract.pdf.gaps.pieces import Piece, header_of, lines_on
from extract.pdf.gaps.rows import cells_of
from extract.pdf.gaps.ruled import told_between_rules
from extract.pdf.grid import Grid
from extract.pdf.hints import is_field, is_name_header
from extract.pdf.lines import PARTED, lines_of
from extract.pdf.rules import Rules

Filled = tuple[int, int, int, int, str, Box, object, int]
"""A cell: its row, its column, its spans, its text, and more."""

LEAST = 2
"""Lines that are parted at one place, at least, where labels of a form stand before it."""

_SEVERAL = 3  # likewise where anything does

_LINES = 4  # of a cell that may be rows
_COLUMNS = 3  # that hold as many lines


class Ruled(NamedTuple):
    """The grids of a page, the cells of each that hold text, and the characters of all.

    `owner` is the cell in which each character stands, numbered through all grids (-1: none); `first` numbers the first
    cell of each grid, and the first that is none.
    """

    grids: list[Grid]
    cells: list[Sequence[Filled]]
    chars: Chars
    owner: Ints
    first: list[int]


class Half(NamedTuple):
    """Which grids do not draw all their upright rules, and which others not all their level ones."""

    columns: list[int]
    rows: list[int]

    def __bool__(self) -> bool:
        return bool(self.columns or self.rows)


def half_of(ruled: Ruled, em: float, *, parted: bool) -> Half:
    """The grids that hold texts of several columns or rows in one cell; `parted`: white may part lines of them."""
    cells = _lack_uprights(ruled.chars, ruled.owner, ruled.first[-1]).tolist() if parted else []
    columns = sorted({bisect_right(ruled.first, cell) - 1 for cell in cells})
    rows = [
        at
        for at, (grid, held) in enumerate(zip(ruled.grids, ruled.cells, strict=True))
        if at not in columns and _lack_levels(grid, held, em)
    ]
    return Half(columns, rows)


def told_whole(ruled: Ruled, half: Half, rules: tuple[Rules, Rules], em: float) -> list[Grid]:
    """All grids, those that are half ruled as white space tells them; `rules` are the level and the upright ones."""
    found = [grid for at, grid in enumerate(ruled.grids) if at not in half.columns and at not in half.rows]
    mended = [_by_lines(ruled.grids[at], ruled.chars, em) or ruled.grids[at] for at in half.rows]
    if half.columns:
        rows, columns = rules
        others = [*found, *mended]
        loose = ruled.chars.take(~_within(others, ruled.chars.x, ruled.chars.y))
        rows = some_of(rows, ~_within(others, (rows.low + rows.high) / 2, rows.at))
        told = told_between_rules(rows, loose, em, columns=columns)
        mended += [each.grid for each in told] or [ruled.grids[at] for at in half.columns]
    return [*found, *mended]


def _within(grids: list[Grid], x: Floats, y: Floats) -> Bools:
    found = np.zeros(len(x), np.bool_)
    for grid in grids:
        x0, top, x1, bottom = grid.box
        found |= (x > x0) & (x < x1) & (y > top - 1) & (y < bottom + 1)
    return found


_LETTERS = 2  # characters of a text: labels and units are set apart letter by letter
_CROSSED = 0.5  # lines across the place for each that is parted there


def _lack_uprights(chars: Chars, owner: Ints, cells: int) -> Ints:
    """The cells, of so many, whose lines are parted by white at the same place as those of other rows."""
    inside = np.flatnonzero((owner >= 0) & (owner < cells) & (chars.turn == 0))
    if not len(inside):
        return inside
    shown, of = chars.take(inside), owner[inside]
    order, line = lines_of(of, shown.x, shown.y, shown.size)
    x, end, size = shown.x[order], np.minimum(shown.end, shown.x + shown.size)[order], shown.size[order]
    fresh = line[1:] != line[:-1]
    gaps = x[1:] - end[:-1]
    wide = fresh | (gaps > PARTED * size[1:])
    spread = _spread(gaps, wide)
    parted = np.flatnonzero(fresh | (gaps - 2 * np.maximum(spread[:-1], spread[1:]) > PARTED * size[1:]))
    begin = np.concatenate([[0], parted + 1])
    stop = np.append(begin[1:], len(order))
    long = stop - begin >= _LETTERS
    at = np.flatnonzero(~fresh[parted] & long[:-1] & long[1:])
    if len(at) < LEAST:
        return at[:0]
    low, high = end[parted[at]], x[parted[at] + 1]
    labels = _are_labels(shown.code[order], [(begin[one], stop[one]) for one in at])
    beside = np.isin(of[order][begin], of[order][parted[at]])  # what crosses a merged cell crosses no column
    lefts, rights = x[begin][beside], end[stop - 1][beside]
    found = []
    for place in (low + high) / 2:
        here = (low < place) & (place < high)
        crossing = int(((lefts < place) & (place < rights)).sum())
        several = here.sum() >= _SEVERAL or labels[here].sum() >= LEAST
        if several and crossing <= _CROSSED * here.sum():
            found.append(of[order][parted[at]][here])
    return np.unique(np.concatenate(found)) if found else at[:0]


def _spread(gaps: Floats, wide: Bools) -> Floats:
    """How far the characters of each text stand apart at least, by character: some fill the width of their cells."""
    inner = np.append(np.where(wide, np.inf, gaps), np.inf)
    starts = np.concatenate([[0], np.flatnonzero(wide) + 1])
    least = np.minimum.reduceat(inner, starts).clip(0)
    return np.repeat(np.where(np.isinf(least), 0.0, least), np.diff(np.append(starts, len(inner))))


def _are_labels(code: Ints, texts: list[tuple[int, int]]) -> Bools:
    """Which of the texts are labels of the fields of a form."""
    return np.array([is_field("".join(map(chr, code[first:end].tolist()))) for first, end in texts], np.bool_)


_BREAKS = 0.6  # share of the lines of a cell that end before the text had to wrap


def may_be_rows(cells: Sequence[Filled]) -> bool:
    """Whether so many cells have so many lines that they may hold several rows."""
    return sum([cell[4].count("\n") >= _LINES - 1 for cell in cells]) >= _COLUMNS


def _lack_levels(grid: Grid, cells: Sequence[Filled], em: float) -> bool:
    """Whether cells that stand side by side hold several rows each: lines that no wrap ends."""
    listed = [
        (row, rows)
        for row, col, rows, cols, text, *_ in cells
        if text.count("\n") >= _LINES - 1 and _is_listed(text, float(grid.xs[col + cols] - grid.xs[col]) / em)
    ]
    return max(Counter(listed).values(), default=0) >= _COLUMNS


def _is_listed(text: str, room: float) -> bool:
    """Whether most lines of a text end though more of it had room in its cell; `room` is in characters."""
    widths = [sum(0.5 if char < "\u2000" else 1.0 for char in line) for line in text.split("\n")]
    most = min(max(widths), room)
    ended = sum(width + 1.0 <= most for width in widths[:-1])
    short = max(widths) + _ROOM <= room
    return short or ended >= _BREAKS * (len(widths) - 1)


_ROOM = 3.0
"""Characters: one more and the margins of the cell, for which there is room behind all lines of no wrapped text."""


def _by_lines(grid: Grid, chars: Chars, em: float) -> Grid | None:
    """The grid with the rows that its texts tell."""
    x0, top, x1, bottom = grid.box
    inside = (chars.x > x0) & (chars.x < x1) & (chars.y > top) & (chars.y < bottom)
    lines = lines_on(chars.take(inside))
    if not lines:
        return None
    header = header_of(lines, em)
    places = (-np.inf, -np.inf, -1)
    if header:
        start, head = lines[header.first][0].y, lines[header.at][0].y
        named = (piece for piece in header.texts if is_name_header(piece.text))
        places = (start, head, _column(grid, next(named, header.texts[0])))
    sheet = Sheet(grid.xs.tolist(), [piece for line in lines for piece in line], *places, em)
    found = cells_of(sheet)
    return grid_of(sheet.xs, *found) if found else None


def _column(grid: Grid, piece: Piece) -> int:
    return int(np.searchsorted(grid.xs, (piece.low + piece.high) / 2)) - 1
