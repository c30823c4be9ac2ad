"""Which columns the cells of a row of fields span, told by how their texts are aligned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from extract.pdf.gaps.blocks import Block, Sheet, block_of, columns_of, set_apart
from extract.pdf.gaps.pieces import Piece
from extract.pdf.hints import is_field

BLANK = 0.5  # ems of misfit that a blank cell before the first text of a row is worth

_LOST = 4.0  # ems that two texts in one column are worth

_FIELD = 1.0  # likewise a label that runs to the end of its row

_END = 0.3  # likewise a blank cell behind the last text

_NO_VALUE = 0.6  # likewise a blank cell behind a label

_UNUSUAL = 0.7  # ems that other columns than those of a text above at the same place are worth

Above = list[tuple[Block, tuple[int, int], bool]]
"""The cells of the rows above with their columns, and whether each is the last of its row."""


def with_place(blocks: list[Block], sides: list[tuple[int, int]]) -> Above:
    """The cells of a row as Above has them."""
    last = len(blocks) - 1
    return [(block, side, at == last) for at, (block, side) in enumerate(zip(blocks, sides, strict=True))]


def misfit(xs: list[float], lines: list[list[Piece]], em: float) -> float:
    """How badly the texts of some lines stand in cells between these edges, in ems."""
    sheet = Sheet(xs, [piece for line in lines for piece in line], np.inf, np.inf, -1, em)
    rows = [set_apart([block_of(*columns_of(sheet, piece), [piece]) for piece in line]) for line in lines]
    lost = sum(len(line) - len(row) for line, row in zip(lines, rows, strict=True))
    return _LOST * lost + sum(_parted(sheet, row, [])[0] for row in rows)


def partition(sheet: Sheet, blocks: list[Block], above: Above, start: int = 0) -> list[tuple[int, int]]:
    """The columns of each block of a row, so that the cells follow one another.

    Of all ways to part the columns the one in which the texts stand best: in the middle of their cell, or at its left,
    and in the same columns as what stands right `above`. Blank columns may stand before the first cell and behind the
    last one; those before `start` are a label's.
    """
    return _parted(sheet, blocks, above, start)[1]


class _Way(NamedTuple):
    """The least cost to come to an edge, and the columns of the last block on the way."""

    cost: float
    sides: tuple[int, int]


def _parted(sheet: Sheet, blocks: list[Block], above: Above, start: int = 0) -> tuple[float, list[tuple[int, int]]]:
    width, count = len(sheet.xs) - 1, len(blocks)
    best: list[dict[int, _Way]] = [
        {left: _Way(BLANK if left > start else 0.0, (start, left)) for left in range(start, width)}
    ]
    for number, block in enumerate(blocks):
        found: dict[int, _Way] = {}
        end = number + 1 == count
        usual = {sides for other, sides, last in above if last == end and _in_line(block, other, sheet.em)}
        for left, (cost, _) in best[-1].items():
            if left > block.first:
                continue
            for right in range(block.last + 1, width + 1):
                total = (
                    cost
                    + _misfit(sheet, block, left, right)
                    + (_UNUSUAL if usual and (left, right) not in usual else 0.0)
                )
                if end:
                    total += _behind(block, right, width)
                if right not in found or total < found[right].cost:
                    found[right] = _Way(total, (left, right))
        best.append(found if end or not is_field(block.text) else _with_blanks(found, width))
    if not best[-1]:
        return _LOST * count, [(block.first, block.last + 1) for block in blocks]
    edge = min(best[-1], key=lambda end: best[-1][end].cost)
    cost = best[-1][edge].cost
    sides: list[tuple[int, int]] = []
    for ways in reversed(best[1:]):
        sides.append(ways[edge].sides)
        edge = sides[-1][0]
    return cost, sides[::-1]


def _with_blanks(found: dict[int, _Way], width: int) -> dict[int, _Way]:
    """The ways to each edge, also over a blank cell: a label may stand without a value before the next label."""
    ways = dict(found)
    for right, way in found.items():
        for edge in range(right + 1, width):
            if edge not in ways or way.cost + _NO_VALUE < ways[edge].cost:
                ways[edge] = way._replace(cost=way.cost + _NO_VALUE)
    return ways


def _in_line(one: Block, other: Block, em: float) -> bool:
    """Whether two texts begin at the same place, or have the same middle."""
    return abs(one.low - other.low) < 0.1 * em or abs(one.low + one.high - other.low - other.high) < 0.2 * em


def _behind(block: Block, right: int, width: int) -> float:
    """What the end of a row costs: a label of a field has a cell behind it, another text has none."""
    if is_field(block.text):
        return _FIELD if right == width else 0.0
    return 0.0 if right == width else _END


def _misfit(sheet: Sheet, block: Block, left: int, right: int) -> float:
    """How badly a text stands in a cell, in ems: off its middle, or off its left side."""
    low, high = sheet.xs[left], sheet.xs[right]
    off_middle = abs((low + high) / 2 - (block.low + block.high) / 2)
    off_left = max(0.0, block.low - _usual_left(sheet, left))
    return min(off_middle, off_left, 6 * sheet.em) / sheet.em


def _usual_left(sheet: Sheet, column: int) -> float:
    """Where the texts of a column begin at the left: those of fields, where any does."""
    inside = [piece for piece in sheet.pieces if sheet.xs[column] - 1 <= piece.low < sheet.xs[column + 1]]
    fields = [piece for piece in inside if piece.y < sheet.start - 0.5 * sheet.em]
    return min((piece.low for piece in fields or inside), default=sheet.xs[column])
