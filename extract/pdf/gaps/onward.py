"""A table without rules that goes on over a page cut: its columns are where they were on the page before.

On a page of its own, a column that is blank there cannot be seen, and two columns of short texts are no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.pdf.frame import Box
from extract.pdf.gaps.pieces import Piece
from extract.pdf.gaps.rivers import Range
from extract.pdf.hints import is_name_header


class Onward(NamedTuple):
    """The columns of a table at the foot of a page: its sides, the white between columns, and which one holds names."""

    sides: Range
    whites: list[Range]
    names: int


_CROSSING = 0.03  # share of the texts that may stand across the white: some are labels of two columns
_OVER = 0.3  # of an em: what a text may reach over the edge of white


class Stood(NamedTuple):
    """A cell of a table that was read: its first and its next column, its text and where that stands."""

    left: int
    right: int
    text: str
    box: Box


def onward_of(xs: Sequence[float], cells: Sequence[Stood], before: Onward | None) -> Onward | None:
    """What a table tells of the columns of its next part; None where nothing tells which column holds names.

    `before` are the columns by which the table itself was read, if it goes on with another page's.
    """
    named = [cell.left for cell in cells if is_name_header(cell.text)]
    same = before if before and len(before.whites) == len(xs) - 2 else None
    if not named and not same:
        return None
    whites = []
    for edge in range(1, len(xs) - 1):
        low = max((cell.box[2] for cell in cells if cell.right == edge), default=xs[edge - 1])
        high = min((cell.box[0] for cell in cells if cell.left == edge), default=xs[edge + 1])
        if same:
            low, high = max(low, same.whites[edge - 1][0]), min(high, same.whites[edge - 1][1])
        whites.append((low, high) if low < xs[edge] < high else (xs[edge] - 1, xs[edge] + 1))
    return Onward((xs[0], xs[-1]), whites, named[-1] if named else same.names if same else -1)


def edges_onward(onward: Onward, lines: Sequence[Sequence[Piece]], em: float) -> list[float] | None:
    """The edges of the columns of the lines, from side to side; None where they do not stand in these columns."""
    pieces = [piece for line in lines for piece in line]
    left = min([onward.sides[0], *(piece.low - _OVER * em for piece in pieces)])
    right = max([onward.sides[1], *(piece.high + _OVER * em for piece in pieces)])
    if right - left > (onward.sides[1] - onward.sides[0]) + 4 * em:
        return None
    edges, crossing = [left], 0
    for white in onward.whites:
        (low, high), over = _narrowed(white, pieces, em)
        crossing += over
        edges.append((low + high) / 2)
    return [*edges, right] if crossing <= _CROSSING * len(pieces) else None


def _narrowed(white: Range, pieces: Sequence[Piece], em: float) -> tuple[Range, int]:
    """The white that these texts leave between two columns, and how many of them stand across it."""
    middle = (white[0] + white[1]) / 2
    before = [piece.high for piece in pieces if (piece.low + piece.high) / 2 < middle]
    behind = [piece.low for piece in pieces if (piece.low + piece.high) / 2 >= middle]
    over = sum(end > white[1] + _OVER * em for end in before) + sum(at < white[0] - _OVER * em for at in behind)
    low = max([white[0], *(end for end in before if end <= white[1])])
    return (low, min([white[1], *(at for at in behind if at >= low)])), over
