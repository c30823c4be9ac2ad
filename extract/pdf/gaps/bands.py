"""Tables whose rows are parted by level rules only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.chars import Bools
from extract.pdf.frame import Floats
from extract.pdf.gaps.blocks import Block, Sheet, Span, block_of, columns_of, grid_of, set_apart
from extract.pdf.gaps.fields import Above, partition, with_place
from extract.pdf.gaps.known import Bare, Shares, known_edges
from extract.pdf.gaps.pieces import LEAST_TEXTS, Piece, has_fields, header_of, parted, side_by_side
from extract.pdf.gaps.rivers import Range, edge_ranges, fits, placed_in, zone_ranges
from extract.pdf.grid import Grid
from extract.pdf.hints import is_field
from extract.pdf.rules import Rules

LEAST_RULES = 3

WIDTH = 15  # ems: what is narrower is no table

_ALIKE = 3.0  # points between ends of rules that are one table's

_TALL = 12.0  # ems of a row that a page cuts


def are_table(rows: Rules, least: int, em: float) -> bool:
    """Whether level rules are those of a table: several run to its right side."""
    if len(rows.at) < least:
        return False
    low, high = float(rows.low.min()), float(rows.high.max())
    return bool((abs(rows.high - high) < _ALIKE).sum() >= least and high - low >= WIDTH * em)


class Told(NamedTuple):
    """A grid that white space tells, and whether a header, or columns that are known, bear it out.

    `unsure` are sides (left, top, right, bottom) of cells that might as well be others.
    """

    grid: Grid
    sure: bool
    unsure: tuple[tuple[float, float, float, float], ...] = ()


def between_rules(
    rows: Rules,
    lines: list[list[Piece]],
    room: tuple[int, float],
    known: Sequence[Shares] = (),
    drawn: Sequence[float] | Floats = (),
) -> list[Told]:
    """The grids of lines of text between level rules; two where fields have other columns than the indicators.

    `known` are columns of tables elsewhere in the document, the likeliest first; `drawn` are edges that are.
    `room` is how many rules a table has at least, and the size of the text.
    """
    least, em = room
    left, right = float(rows.low.min()), float(rows.high.max())
    inside = [kept for line in lines if (kept := [each for each in line if left < (each.low + each.high) / 2 < right])]
    rows = _opened(rows, inside, em)
    top, bottom = float(rows.at.min()), float(rows.at.max())
    inside = [kept for line in inside if (kept := [each for each in line if top < each.middle < bottom])]
    texts = max((len(line) for line in side_by_side(inside)), default=0)
    if texts < LEAST_TEXTS and (texts < LEAST_TEXTS - 1 or len(np.unique(rows.at)) <= LEAST_RULES == least):
        return []
    all_ends = np.concatenate([rows.low, rows.high, drawn])
    all_ends = all_ends[(all_ends > left + _ALIKE) & (all_ends < right - _ALIKE)]
    ends = np.unique(all_ends)
    ends = ends[np.diff(ends, prepend=-np.inf) > _ALIKE].tolist()
    header = header_of(inside, em)
    if header is None:
        asks = has_fields(inside) or _has_wrapped_fields(rows, inside)
        start = np.inf if asks else -np.inf
        if xs := known_edges(known, Bare(inside, (left, right), all_ends.tolist(), asks), em):
            return [Told(_ruled(rows, inside, xs, start, em), sure=True)]
        ranges = edge_ranges(inside, em)
        more = [(end, end) for end in ends if not any(low - 1 < end < high + 1 for low, high in ranges)]
        xs = [left, *placed_in(sorted(ranges + more), inside, ends), right]
        return [Told(_ruled(rows, inside, xs, start, em), sure=False)]
    fields, zone = inside[: header.first], inside[header.first :]
    ranges = _with_starts(zone_ranges(zone, header.texts, em), rows, header.texts[0].low)
    start = zone[0][0].y - em
    cut = max((at for at in rows.at.tolist() if at < zone[0][0].middle), default=top)
    end = max((at for at in rows.at.tolist() if at < cut), default=cut)
    blank = fields and end > fields[-1][0].y  # a strip without text between two tables
    if not fields or (not blank and fits(fields, ranges, (left, right), em)):
        return [Told(_ruled(rows, inside, [left, *placed_in(ranges, inside, ends), right], start, em), sure=True)]
    own = some_of(rows, rows.at <= (end if blank else cut))
    xs = [left, *placed_in(ranges, zone, ends), right]
    found = [Told(_ruled(some_of(rows, rows.at >= cut), zone, xs, start, em), sure=True)]
    if len(own.at) > 1:
        edges = placed_in(edge_ranges(fields, em), fields, ends)
        found.insert(0, Told(_ruled(own, fields, [left, *edges, right], np.inf, em), sure=True))
    return found


def _with_starts(ranges: list[Range], rows: Rules, names: float) -> list[Range]:
    """The edges with those before the names where rules begin that run to the right side: merged labels end there."""
    left, right = float(rows.low.min()), float(rows.high.max())
    inner = (rows.high > right - _ALIKE) & (rows.low > left + _ALIKE) & (rows.low < names)
    more = [
        (float(start), float(start))
        for start in np.unique(np.round(rows.low[inner]))
        if not any(low - _ALIKE < start < high + _ALIKE for low, high in ranges)
    ]
    return sorted([*ranges, *more])


def _has_wrapped_fields(rows: Rules, lines: list[list[Piece]]) -> bool:
    """Whether lines are fields of a form whose labels take several lines between two rules."""
    found = 0
    for top, bottom in pairwise(np.unique(rows.at).tolist()):
        inside = [piece for line in lines for piece in line if top < piece.middle < bottom]
        if inside:
            first = min(inside, key=lambda piece: piece.low)
            label = [piece.text for piece in inside if piece.low < first.high]
            found += is_field("".join(label))
    return found > 1


def _ruled(rows: Rules, lines: list[list[Piece]], xs: list[float], start: float, em: float) -> Grid:
    sheet = Sheet(xs, [piece for line in lines for piece in line], start, start, -1, em)
    return grid_of(xs, *cells_between_rules(sheet, rows))


def some_of(rules: Rules, which: Bools) -> Rules:
    """Some of the rules."""
    return Rules(rules.at[which], rules.low[which], rules.high[which])


def _opened(rows: Rules, lines: list[list[Piece]], em: float) -> Rules:
    """The rules with an edge above and below them where the page cuts rows: lines of several texts stand there."""
    left, right = float(rows.low.min()), float(rows.high.max())
    top, bottom = float(rows.at.min()), float(rows.at.max())
    above = [line for line in lines if line[0].middle < top]
    below = [line for line in lines if line[0].middle > bottom]
    places = []
    if any(len(parted(line)) > 1 for line in above) and top - above[0][0].y < _TALL * em:
        places.append(above[0][0].y - 1.2 * em)
    if any(len(parted(line)) > 1 for line in below):
        last = max(line[0].y for line in below if len(parted(line)) > 1)
        if last - bottom < _TALL * em:
            places.append(last + 0.5 * em)
    if not places:
        return rows
    more = len(places)
    found = Rules(np.append(rows.at, places), np.append(rows.low, [left] * more), np.append(rows.high, [right] * more))
    order = np.argsort(found.at, kind="stable")
    return Rules(found.at[order], found.low[order], found.high[order])


def cells_between_rules(sheet: Sheet, rules: Rules) -> tuple[list[float], list[Span]]:
    """The edges of rows and the cells of a table whose rows are parted by level rules."""
    ys = np.unique(rules.at)
    height, width = len(ys) - 1, len(sheet.xs) - 1
    drawn = np.zeros((height + 1, width), np.bool_)
    for at, low, high in zip(*rules, strict=True):
        row = int(np.searchsorted(ys, at))
        for column in range(width):
            left, right = sheet.xs[column], sheet.xs[column + 1]
            if min(high, right) - max(low, left) > 0.5 * (right - left):
                drawn[row, column] = True
    drawn[0] = drawn[-1] = True
    merged = np.zeros((height, width), np.bool_)
    merged[1:] |= ~drawn[1:-1]
    merged[:-1] |= ~drawn[1:-1]
    edges = ys.tolist()
    above: Above = []
    cells = [span for row in range(height) for span in _banded(sheet, edges, row, merged[row], above)]
    return edges, cells + _down(sheet, edges, drawn)


def _banded(sheet: Sheet, ys: list[float], row: int, merged: np.ndarray, above: Above) -> list[Span]:
    """The cells of one row beside those that are merged over several."""
    pieces = [piece for piece in sheet.pieces if ys[row] <= piece.middle < ys[row + 1]]
    if not pieces:
        return []
    if min(piece.y for piece in pieces) < sheet.start:
        pieces = _flowing(pieces, sheet.em)
    blocks = set_apart(_within(sheet, [block_of(*columns_of(sheet, piece), [piece]) for piece in pieces]))
    blocks = [block for block in blocks if not merged[block.first : block.last + 1].any()]
    if not blocks:
        return []
    if min(piece.y for piece in pieces) >= sheet.start:
        return [Span(row, row + 1, block.first, block.last + 1) for block in blocks]
    label = int(merged[: blocks[0].first + 1].argmin())  # the columns of labels that are merged down begin the row
    sides = partition(sheet, blocks, above, label)
    above += with_place(blocks, sides)
    return [Span(row, row + 1, left, right) for left, right in sides if not merged[left:right].any()]


_LONG = 8.0  # ems: a text that is longer is no label


def _flowing(pieces: list[Piece], em: float) -> list[Piece]:
    """The pieces of a row of fields, a long text made one with what follows it on its line, unless that is a label."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: (each.y, each.low)):
        last = found[-1] if found else None
        if (
            last
            and last.y == piece.y
            and last.high - last.low > _LONG * em
            and piece.low - last.high < _PARTED * em
            and not is_field(piece.text)
        ):
            found[-1] = last._replace(high=piece.high, text=last.text + piece.text)
        else:
            found.append(piece)
    return found


_PARTED = 0.9  # of an em of white between two texts that are surely in two cells


def _within(sheet: Sheet, blocks: list[Block]) -> list[Block]:
    """The blocks without columns that a text only just reaches, and in which another one stands apart from it."""
    found = list(blocks)
    for at, block in enumerate(found):
        for other in found:
            apart = other.low - block.high > _PARTED * sheet.em
            if apart and block.first < block.last == other.first:
                edge = sheet.xs[block.last]
                if block.high - edge < min(other.high, sheet.xs[block.last + 1]) - other.low:
                    found[at] = block._replace(last=block.last - 1)
    return found


def _down(sheet: Sheet, ys: list[float], drawn: np.ndarray) -> list[Span]:
    """The cells between whose rows no rule runs; of columns side by side one, where a text stands across."""
    found: list[Span] = []
    for column in range(drawn.shape[1]):
        top = 0
        for row in range(1, len(drawn)):
            if drawn[row, column]:
                if row - top > 1:
                    found.append(Span(top, row, column, column + 1))
                top = row
    across = [
        (piece.middle, *columns_of(sheet, piece))
        for piece in sheet.pieces
        if columns_of(sheet, piece)[0] < columns_of(sheet, piece)[1]
    ]
    joined: list[Span] = []
    for span in sorted(found):
        last = joined[-1] if joined else None
        if (
            last
            and last[:2] == span[:2]
            and last.right == span.left
            and any(ys[span.top] < y < ys[span.bottom] and first < span.left <= end for y, first, end in across)
        ):
            joined[-1] = last._replace(right=span.right)
        else:
            joined.append(span)
    return joined
