"""The lines of one cell made a block; cells and the grid of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.gaps.pieces import ASCENT, DESCENT, Piece
from extract.pdf.grid import Grid


class Sheet(NamedTuple):
    """The pieces of a table and the edges `xs` of its columns.

    Above `start` (a baseline) stand fields, whose cells span columns; from there on the indicator grid, in which the
    columns before `names` hold merged labels (-1: not known). `head` is the baseline of its header row.
    """

    xs: list[float]
    pieces: list[Piece]
    start: float
    head: float
    names: int
    em: float


class Block(NamedTuple):
    """Lines of one cell: the columns `first` to `last` that its text touches, and its height."""

    first: int
    last: int
    low: float
    high: float
    top: float
    bottom: float
    baselines: tuple[float, ...]
    text: str


class Span(NamedTuple):
    """A cell: rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int
    bottom: int
    left: int
    right: int


def grid_of(xs: list[float], ys: list[float], cells: list[Span]) -> Grid:
    """The grid whose cells are these; what none of them covers are cells of one row and column."""
    height, width = len(ys) - 1, len(xs) - 1
    owner = np.arange(-1, -height * width - 1, -1).reshape(height, width)
    for number, cell in enumerate(cells):
        area = owner[cell.top : cell.bottom, cell.left : cell.right]
        if (area < 0).all():
            area[:] = number
    level, upright = np.ones((height + 1, width), np.bool_), np.ones((height, width + 1), np.bool_)
    level[1:-1] = owner[1:] != owner[:-1]
    upright[:, 1:-1] = owner[:, 1:] != owner[:, :-1]
    return Grid(np.array(xs), np.array(ys), level, upright)


_TOLERANCE = 0.3  # of an em


def columns_of(sheet: Sheet, piece: Piece) -> tuple[int, int]:
    """The first and the last column that a piece touches."""
    slack = _TOLERANCE * piece.size
    first = bisect_right(sheet.xs, min(piece.low + slack, piece.high)) - 1
    last = bisect_right(sheet.xs, max(piece.high - slack, piece.low)) - 1
    most = len(sheet.xs) - 2
    return min(max(first, 0), most), min(max(last, first, 0), most)


_LEADING = 1.75  # ems: lines that are further apart are of two cells

_SAME_LINE = 0.12  # of an em: what two distances between lines of cells may differ


def leading_of(columns: list[list[Piece]], em: float) -> float:
    """The distance of lines within a cell; 0 where no cell has several lines.

    The nearest lines of a column are of one cell, unless other columns have lines at the same two places: then
    they may be rows, if few others are further apart.
    """
    baselines = [sorted(piece.y for piece in column) for column in columns]
    pairs = Counter((round(a), round(b)) for column in baselines for a, b in pairwise(column))
    steps: list[tuple[float, bool]] = []
    for column in baselines:
        for a, b in pairwise(column):
            if 0.6 * em < b - a < 2 * _LEADING * em:
                shared = sum(pairs[round(a) + i, round(b) + j] for i in (-1, 0, 1) for j in (-1, 0, 1))
                steps.append((b - a, shared > 1))
    if not steps:
        return 0.0
    least = _common(sorted(step for step, shared in steps if not shared), em) or min(steps)[0]
    near = [shared for step, shared in steps if step <= least + _SAME_LINE * em]
    mostly_alone = sum(near) <= 0.6 * len(near)
    if least > _LEADING * em or not (least < 1.2 * em or mostly_alone or len(steps) >= 2 * len(near)):
        return 0.0
    return least


_FEW = 5  # steps between lines that are of cells, for each that strays


def _common(steps: list[float], em: float) -> float:
    """The least of the steps that most lines of cells have, where hardly any is smaller; else 0."""
    crowds = [sum(step <= each <= step + _SAME_LINE * em for each in steps) for step in steps]
    most = max(crowds, default=0)
    at = crowds.index(most) if most else 0
    return steps[at] if most >= _FEW * max(1, at) and steps[at] <= _LEADING * em else 0.0


def blocks_of(sheet: Sheet, pieces: list[Piece], leading: float) -> list[Block]:
    """The pieces joined to cells: what overlaps on following lines, and neighbours on a line in the same columns."""
    reach = leading + _SAME_LINE * sheet.em
    found: list[tuple[int, int, list[Piece]]] = []
    for piece in sorted(pieces, key=lambda each: (each.y, each.low)):
        first, last = columns_of(sheet, piece)
        for at in range(len(found) - 1, -1, -1):
            left, right, held = found[at]
            step = piece.y - held[-1].y
            beside = step < 0.4 * sheet.em and (left <= last and first <= right)
            below = 0.4 * sheet.em <= step <= reach and any(
                each.low < piece.high and piece.low < each.high for each in held if held[-1].y - each.y < 0.4 * sheet.em
            )
            if beside or below:
                found[at] = (min(first, left), max(last, right), [*held, piece])
                break
        else:
            found.append((first, last, [piece]))
    return [block_of(*each) for each in found]


def block_of(first: int, last: int, held: list[Piece]) -> Block:
    """The block of these pieces."""
    return Block(
        first,
        last,
        min(piece.low for piece in held),
        max(piece.high for piece in held),
        min(piece.y - ASCENT * piece.size for piece in held),
        max(piece.y + DESCENT * piece.size for piece in held),
        tuple(sorted({piece.y for piece in held})),
        "".join(piece.text for piece in held),
    )


def set_apart(blocks: list[Block]) -> list[Block]:
    """Blocks from the left, those that share a column made one."""
    found: list[Block] = []
    for block in sorted(blocks, key=lambda each: each.low):
        if found and block.first <= found[-1].last:
            last = found[-1]
            lines = tuple(sorted({*last.baselines, *block.baselines}))
            found[-1] = Block(
                last.first,
                max(last.last, block.last),
                last.low,
                max(last.high, block.high),
                min(last.top, block.top),
                max(last.bottom, block.bottom),
                lines,
                last.text + block.text,
            )
        else:
            found.append(block)
    return found


def beside(one: Block, other: Block) -> bool:
    """Whether two blocks stand at the same height."""
    return one.top < other.bottom and other.top < one.bottom
