"""The columns of a text that is aligned by spaces."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from extract.text.cells import Piece
from extract.text.lines import Row

# East Asian widths that take two columns; "ambiguous" signs (“ ≥ ①) depend on the font; "" counts plain characters.
_WIDE = ("WF", "WFA", "")


class Grid(NamedTuple):
    """The columns at which cells begin, counted from 0 with the characters of the classes `wide` as two."""

    anchors: list[int]
    wide: str


def grid_of(rows: Iterable[tuple[Row, list[Piece]]]) -> Grid | None:
    """The columns that 95 % of the rows of the whole file keep to, or None: a wrong alignment is worse than none."""
    split = [(row, pieces) for row, pieces in rows if len(pieces) > 1]
    if len(split) < 3:
        return None
    spans = {wide: [_spans(row, pieces, wide) for row, pieces in split] for wide in _WIDE}
    grids = [Grid(_anchors(spans[wide]), wide) for wide in _WIDE]
    best = max(grids, key=lambda grid: _fitting(spans[grid.wide], grid.anchors))
    found = spans[best.wide]
    sure = 2 <= len(best.anchors) <= 30 and _fitting(found, best.anchors) >= 0.95 * len(split) and _is_padded(found)
    return best if sure else None


def align(row: Row, pieces: list[Piece], grid: Grid) -> list[Piece]:
    """The cells in their columns; what begins two spaces behind a cell, but in no column, is the rest of that cell."""
    starts = [start for start, _ in _spans(row, pieces, grid.wide)]
    if len(pieces) == 1 and starts[0] not in grid.anchors:
        return pieces  # a centred title
    found: list[Piece] = []
    for start, piece in zip(starts, pieces, strict=True):
        # Up to two places off, a sign before it was counted too wide or too narrow.
        col = max(0, bisect_right(grid.anchors, start + 2) - 1)
        if not found or found[-1].col < col:
            found.append(_moved(piece, col))
        elif piece.first - found[-1].end == 2:
            last = found.pop()
            text = row.text[last.first - row.start : piece.end - row.start]
            found.append(last._replace(end=piece.end, text=text))
        else:
            found.append(_moved(piece, found[-1].col + 1))
    return found


def _moved(piece: Piece, col: int) -> Piece:
    return piece if piece.col == col else piece._replace(col=col)


def _anchors(rows: list[list[tuple[int, int]]]) -> list[int]:
    """Where cells begin in several rows, the most common beginnings first served."""
    support = Counter(start for row in rows for start, _ in row)
    found: set[int] = set()
    for start, count in support.most_common():
        # Two spaces and a character stand between the beginnings of neighbouring columns.
        if count >= max(2, len(rows) // 50) and found.isdisjoint(range(start - 2, start + 3)):
            found.add(start)
    return sorted(found)


def _fitting(rows: list[list[tuple[int, int]]], anchors: list[int]) -> int:
    """How many rows keep to the columns with all their cells."""
    known = set(anchors)
    return sum(all(start in known for start, _ in row) for row in rows)


def _is_padded(rows: list[list[tuple[int, int]]]) -> bool:
    """Whether gaps differ or rows are indented. Cells joined by two spaces may line up too, but by accident."""
    gaps = Counter(right[0] - left[1] for row in rows for left, right in pairwise(row))
    margin = min(row[0][0] for row in rows)
    indented = sum(row[0][0] > margin for row in rows)
    return gaps.total() - max(gaps.values()) + indented >= 0.1 * gaps.total()


def _spans(row: Row, pieces: list[Piece], wide: str) -> list[tuple[int, int]]:
    """The display columns at which the cells begin and end."""
    if not wide:
        return [(piece.first - row.start, piece.end - row.start) for piece in pieces]
    spans = []
    at = shown_to = 0
    for piece in pieces:
        first, end = piece.first - row.start, piece.end - row.start
        begin = shown_to + _display(row.text[at:first], wide)
        at, shown_to = end, begin + _display(row.text[first:end], wide)
        spans.append((begin, shown_to))
    return spans


def _display(text: str, wide: str) -> int:
    return len(text) if text.isascii() else sum(map(_WIDTHS[wide].__getitem__, text))


class _Widths(dict[str, int]):
    """How many columns each character takes where those of the East Asian widths `wide` take two; filled on use."""

    def __init__(self, wide: str) -> None:
        super().__init__()
        self.wide = wide

    def __missing__(self, char: str) -> int:
        unseen = unicodedata.category(char) in {"Mn", "Me", "Cf"}
        self[char] = 0 if unseen else 2 if unicodedata.east_asian_width(char) in self.wide else 1
        return self[char]


_WIDTHS = {wide: _Widths(wide) for wide in _WIDE}
