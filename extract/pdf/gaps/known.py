"""Columns known from elsewhere: a table that goes on over a page cut, or a form of the same kind, keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.pdf.gaps.pieces import Piece
from extract.pdf.gaps.rivers import Range, fits, placed_in

Shares = tuple[float, ...]
"""The edges of the columns of a table, as shares of its width: from 0 to 1."""

_SLACK = 1.2  # ems that an edge may stand elsewhere: other texts told it
_AT_END = 0.2  # of an em: likewise where rules end
_NEAR = 0.7  # of an em: an end of a rule is at an edge
_STRAY = 0.2  # share of the ends of rules that may be elsewhere: some run into a text, or break
_OFF = 0.3  # of an em: what a text may reach over an edge
_CROSSING = 0.03  # share of the texts that may cross edges all the same
_LEAST = 3  # columns


def shares_of(xs: Sequence[float]) -> Shares:
    """Edges of columns as shares of the width of their table."""
    return tuple((x - xs[0]) / (xs[-1] - xs[0]) for x in xs)


class Bare(NamedTuple):
    """A table without a header: its lines, its left and right side, the inner ends of its rules.

    `fields` tells whether its lines are fields of a form.
    """

    lines: list[list[Piece]]
    sides: Range
    ends: list[float]
    fields: bool


def known_edges(known: Sequence[Shares], table: Bare, em: float) -> list[float] | None:
    """The edges of a table, from side to side, by the first known columns that suit it; None if none do.

    They suit where the inner ends of its rules are at edges, and its texts stand between them: those of fields, which
    span columns, as well as between edges of their own.
    """
    for shares in known:
        ranges = _ranges(shares, table.sides, table.ends, em)
        if len(ranges) < _LEAST - 1 or not _at(ranges, table.ends, em):
            continue
        inner = placed_in(ranges, table.lines, table.ends)
        if fits(table.lines, ranges, table.sides, em) if table.fields else _suits(table.lines, inner, em):
            return [table.sides[0], *inner, table.sides[1]]
    return None


def _ranges(shares: Shares, sides: Range, ends: list[float], em: float) -> list[Range]:
    """Where each edge may stand: at the end of rules, else around its place, but not beyond the middle to the next."""
    places = [sides[0] + share * (sides[1] - sides[0]) for share in shares]
    middles = [(a + b) / 2 for a, b in pairwise(places)]
    found = []
    for x, low, high in zip(places[1:-1], middles, middles[1:], strict=False):
        near = min(ends, key=lambda end: abs(end - x), default=x)
        at, slack = (near, _AT_END) if ends and abs(near - x) <= _NEAR * em else (x, _SLACK)
        found.append((max(at - slack * em, low), min(at + slack * em, high)))
    return found


def _at(ranges: list[Range], ends: list[float], em: float) -> bool:
    stray = [end for end in ends if not any(low - _NEAR * em < end < high + _NEAR * em for low, high in ranges)]
    return len(stray) <= _STRAY * len(ends)


def _suits(lines: list[list[Piece]], inner: list[float], em: float) -> bool:
    pieces = [piece for line in lines for piece in line]
    crossing = sum(any(piece.low + _OFF * em < x < piece.high - _OFF * em for x in inner) for piece in pieces)
    return crossing <= _CROSSING * len(pieces)
