"""Tables without upright rules, or without any: columns and rows stand where white space runs between texts.

In the indicator grid, from its header row down, no cell spans columns: the rivers of white space that run through all
of it part its columns. Above it stand fields, whose cells span columns up to the next text; to the left of the names
stand labels that span rows.
"""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps.bands import WIDTH, Told
from extract.pdf.gaps.blocks import Sheet, grid_of
from extract.pdf.gaps.half import LEAST, Ruled, half_of, may_be_rows, told_whole
from extract.pdf.gaps.known import Shares, shares_of
from extract.pdf.gaps.onward import Onward, Stood, edges_onward, onward_of
from extract.pdf.gaps.pieces import (
    LEAST_TEXTS,
    Piece,
    begins_with_field,
    between_titles,
    has_fields,
    header_of,
    lines_on,
    side_by_side,
    trimmed,
    without_foot,
)
from extract.pdf.gaps.rivers import Range, edge_ranges, fits, placed_in, zone_ranges
from extract.pdf.gaps.rows import cells_of
from extract.pdf.gaps.ruled import told_between_rules
from extract.pdf.grid import Grid
from extract.pdf.hints import is_class, is_name_header
from extract.pdf.rules import Rules

__all__ = [
    "LEAST",
    "Onward",
    "Ruled",
    "Shares",
    "Stood",
    "Told",
    "grids_between_rules",
    "grids_by_gaps",
    "half_of",
    "may_be_rows",
    "onward_of",
    "shares_of",
    "told_between_rules",
    "told_whole",
]

_LEAST_ROWS = 4  # of a table without any rules or header


def grids_between_rules(rows: Rules, chars: Chars, em: float) -> list[Grid]:
    """The grids of a page that draws level rules only; none where no table shows itself."""
    return [told.grid for told in told_between_rules(rows, chars, em)]


def grids_by_gaps(chars: Chars, em: float, onward: Onward | None = None) -> list[Grid]:
    """The grids of a page that draws no rules; none where too few lines have several texts, as in prose.

    `onward` are the columns of the table at the foot of the page before, which may go on here.
    """
    first, *others = between_titles(lines_on(chars))
    found = (onward and _going_on(first, onward, em)) or _without_rules(trimmed(first, em), em)
    for lines in others:
        found += _below_title(lines, em)
    return found


def _going_on(lines: list[list[Piece]], onward: Onward, em: float) -> list[Grid]:
    """The rest of a table, which has neither header nor fields; none where the lines do not stand in its columns."""
    lines = without_foot(lines, em)
    if not lines or has_fields(lines) or header_of(lines, em):
        return []
    edges = edges_onward(onward, lines, em)
    if edges is None:
        return []
    sheet = Sheet(edges, [piece for line in lines for piece in line], -np.inf, -np.inf, onward.names, em)
    found = cells_of(sheet)
    return [grid_of(sheet.xs, *found)] if found else []


def _below_title(lines: list[list[Piece]], em: float) -> list[Grid]:
    """The grids of lines below a title, of which the page may hold the first field alone."""
    begun = begins_with_field(lines)
    return _without_rules(trimmed(lines, em) or (without_foot(lines, em) if begun else []), em, begun=begun)


def _without_rules(lines: list[list[Piece]], em: float, *, begun: bool = False) -> list[Grid]:
    header = header_of(lines, em) if lines else None
    if header is None:
        labelled = begun or has_fields(lines)
        if not _is_table(lines, fields=labelled):
            return []
        edges = placed_in(edge_ranges(lines, em), lines)
        return _kept(_grid(lines, edges, (np.inf, np.inf, 1) if labelled else None, em))
    fields, zone, head = lines[: header.first], lines[header.first :], lines[header.at][0].y
    ranges = zone_ranges(zone, header.texts, em)
    named = (at for at, piece in enumerate(header.texts) if is_name_header(piece.text))
    names = next(named, 0) + len(ranges) - len(header.texts) + 1
    if not fields or fits(fields, ranges, _sides(lines, em), em):
        return _kept(_grid(lines, placed_in(ranges, lines), (zone[0][0].y, head, names), em))
    own = _grid(fields, placed_in(edge_ranges(fields, em), fields), (np.inf, np.inf, 1), em)
    return _kept(own, _grid(zone, placed_in(ranges, zone), (zone[0][0].y, head, names), em))


def _sides(lines: list[list[Piece]], em: float) -> Range:
    pieces = [piece for line in lines for piece in line]
    return min(piece.low for piece in pieces) - 0.3 * em, max(piece.high for piece in pieces) + 0.3 * em


def _outer(edge: float, side: float, pieces: list[Piece]) -> float:
    """Where the outer side of a column is: as far from the middle of texts that are centred in it as its other edge."""
    inside = [piece for piece in pieces if min(edge, side) - 1 < piece.low and piece.high < max(edge, side) + 1]
    middles = [(piece.low + piece.high) / 2 for piece in inside]
    begin = [piece.low for piece in inside]
    if len(inside) < LEAST_TEXTS or max(begin) - min(begin) < 2 * (max(middles) - min(middles)):
        return side
    centred = 2 * float(np.median(middles)) - edge
    return min(side, centred) if side < edge else max(side, centred)


def _kept(*grids: Grid | None) -> list[Grid]:
    return [grid for grid in grids if grid]


def _is_table(lines: list[list[Piece]], *, fields: bool) -> bool:
    """Whether lines without a header are a table: enough of them have several texts, or labels of a form."""
    counts = [len(line) for line in side_by_side(lines)]
    if max(counts, default=0) >= LEAST_TEXTS and any(is_class(piece.text) for line in lines for piece in line):
        return True
    several = sum(count > 1 for count in counts)
    return several > 0 if fields else several >= _LEAST_ROWS and max(counts) >= LEAST_TEXTS


def _grid(
    lines: list[list[Piece]], edges: list[float], head: tuple[float, float, int] | None, em: float
) -> Grid | None:
    """The grid of lines with these inner edges; `head` as Sheet has it: start, head and names."""
    pieces = [piece for line in lines for piece in line]
    left, right = _sides(lines, em)
    if right - left < WIDTH * em or len(edges) < 1:
        return None
    left, right = _outer(edges[0], left, pieces), _outer(edges[-1], right, pieces)
    sheet = Sheet([left, *edges, right], pieces, *(head or (-np.inf, -np.inf, -1)), em)
    found = cells_of(sheet)
    return grid_of(sheet.xs, *found) if found else None
