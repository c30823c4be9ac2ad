"""Tables without upright rules, or without any: columns and rows stand where white space runs between texts.

In the indicator grid, from its header row down, no cell spans columns: the rivers of white space that run through all
of it part its columns. Above it stand fields, whose cells span columns up to the next text; to the left of the names
stand labels that span rows. `spans.py` tells both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.counters import COUNTER
from extract.pdf.chars import Bools, Chars
from extract.pdf.frame import Floats
from extract.pdf.grid import Grid
from extract.pdf.hints import is_field, is_header, is_name_header, is_title
from extract.pdf.lines import lines_of
from extract.pdf.rules import Rules
from extract.pdf.spans import Piece, Sheet, cells_between_rules, cells_of, grid_of, misfit

_FINE = 0.28  # of an em: a wider gap on a line may part two cells
_WIDE = 0.9  # of an em: a wider one does
_LEAST_RULES = 3
_LEAST_TEXTS = 3
_LEAST_ROWS = 4  # of a table without any rules or header
_FAR = 5.0  # ems below the last row
_WIDTH = 15  # ems: what is narrower is no table
_ALIKE = 3.0  # points between ends of rules that are one table's


def grids_between_rules(rows: Rules, chars: Chars, em: float) -> list[Grid]:
    """The grids of a page that draws level rules only; none where no table shows itself."""
    if len(rows.at) < _LEAST_RULES:
        return []
    segments = [lines for lines in _segments(_lines(chars)) if lines]
    tops = [lines[0][0].y - 3 * em for lines in segments]
    found: list[Grid] = []
    for lines, top, bottom in zip(segments, [-np.inf, *tops[1:]], [*tops[1:], np.inf], strict=True):
        part = _taken(rows, (rows.at > top) & (rows.at <= bottom))
        if _are_table(part, em):
            found += _between_rules(part, lines, em)
    return found


def _are_table(rows: Rules, em: float) -> bool:
    """Whether level rules are those of a table: several run to its right side."""
    if len(rows.at) < _LEAST_RULES:
        return False
    low, high = float(rows.low.min()), float(rows.high.max())
    return bool((abs(rows.high - high) < _ALIKE).sum() >= _LEAST_RULES and high - low >= _WIDTH * em)


def grids_by_gaps(chars: Chars, em: float) -> list[Grid]:
    """The grids of a page that draws no rules; none where too few lines have several texts, as in prose."""
    found: list[Grid] = []
    for lines in _segments(_lines(chars)):
        found += _without_rules(_trimmed(lines, em), em)
    return found


# Pieces and lines.


def _lines(chars: Chars) -> list[list[Piece]]:
    """The upright text of a page by lines from the top, each cut at every gap that may part two cells."""
    chars = chars.take(chars.turn == 0)
    order, line = lines_of(np.zeros(len(chars.code), np.int64), chars.x, chars.y, chars.size)
    if not len(order):
        return []
    x, end, size, y = chars.x[order], chars.end[order], chars.size[order], chars.y[order]
    begin = np.ones(len(order), np.bool_)
    run = chars.run[order]
    gap = (x[1:] - end[:-1]) / size[1:]
    begin[1:] = (line[1:] != line[:-1]) | (gap > _WIDE) | ((gap > _FINE) & (run[1:] != run[:-1]))
    starts = begin.nonzero()[0]
    text = chars.code[order].astype("<u4").tobytes().decode("utf-32-le", "replace")
    stops = [*starts[1:].tolist(), len(order)]
    highs, sizes = np.maximum.reduceat(end, starts).tolist(), np.maximum.reduceat(size, starts).tolist()
    found: list[list[Piece]] = [[] for _ in range(int(line[-1]) + 1)]
    for a, b, high, em in zip(starts.tolist(), stops, highs, sizes, strict=True):
        found[line[a]].append(Piece(float(x[a]), high, float(y[a]), em, text[a:b]))
    return found


def _wide(line: Sequence[Piece]) -> list[Piece]:
    """The texts of a line that surely stand in cells of their own."""
    found: list[Piece] = []
    for piece in line:
        if found and piece.low - found[-1].high <= _WIDE * piece.size:
            found[-1] = found[-1]._replace(high=piece.high, text=found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _segments(lines: list[list[Piece]]) -> list[list[list[Piece]]]:
    """The lines between titles."""
    found: list[list[list[Piece]]] = [[]]
    for line in lines:
        whole = _wide(line)
        if len(whole) == 1 and COUNTER.fullmatch(whole[0].text):
            continue
        if len(whole) == 1 and is_title(whole[0].text):
            found.append([])
        else:
            found[-1].append(line)
    return found


def _trimmed(lines: list[list[Piece]], em: float) -> list[list[Piece]]:
    """Without the lines above the first that has several texts, and what stands alone far below: a page counter."""
    several = [at for at, line in enumerate(lines) if len(_wide(line)) > 1]
    if not several:
        return []
    last = len(lines) - 1
    while last > several[-1] and lines[last][0].y - lines[last - 1][0].y > _FAR * em:
        last -= 1
    first = several[0]
    pieces = [piece for line in lines[first : last + 1] for piece in line]
    middle = (min(piece.low for piece in pieces) + max(piece.high for piece in pieces)) / 2
    while first and _belongs(lines[first - 1], lines[first], middle, em):
        first -= 1
    return lines[first : last + 1]


_NEAR = 4.5  # ems between the lines of two rows at most
_UNIT = ("单位", "金额单位", "（单位", "(单位")


def _belongs(line: list[Piece], below: list[Piece], middle: float, em: float) -> bool:
    """Whether a line with one text is of the table below: it stands near, and is neither a title nor a unit's."""
    text = _wide(line)[0]
    centred = abs((text.low + text.high) / 2 - middle) < em
    return below[0].y - text.y < _NEAR * em and not centred and not text.text.startswith(_UNIT)


class _Header(NamedTuple):
    """The header row of an indicator grid: its first line, its fullest one, and the texts of that."""

    first: int
    at: int
    texts: list[Piece]


def _header(lines: list[list[Piece]], em: float) -> _Header | None:
    """The first header row of an indicator grid; a label that wraps begins above its fullest line."""
    for at, line in enumerate(lines):
        whole = _wide(line)
        if len(whole) >= _LEAST_TEXTS and sum(is_header(piece.text) for piece in whole) >= _LEAST_TEXTS:
            first = at
            while first and line[0].y - lines[first - 1][0].y < _WRAP * em:
                first -= 1
            near = (piece for each in lines[first:] if each[0].y - line[0].y < _WRAP * em for piece in each)
            return _Header(first, at, _overlaid(near))
    return None


_WRAP = 0.95  # ems above and below its middle that a label of two lines takes


def _overlaid(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces from the left, those above each other made one."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: each.low):
        if found and piece.low - found[-1].high <= _FINE * piece.size:
            both = sorted((found[-1], piece), key=lambda each: each.y)
            found[-1] = piece._replace(
                low=found[-1].low, high=max(found[-1].high, piece.high), text=both[0].text + both[1].text
            )
        else:
            found.append(piece)
    return found


# Columns.

Range = tuple[float, float]
"""Where an edge between two columns may stand."""


def _zone_ranges(lines: list[list[Piece]], header: list[Piece], em: float) -> list[Range]:
    """The edges of an indicator grid: in each gap of its header the widest river that the fewest texts cross.

    Left of the first text of the header every river is an edge: there stand labels merged over it.
    """
    low = np.array([piece.low for line in lines for piece in line])
    high = np.array([piece.high for line in lines for piece in line])
    before = [river for river in _rivers(low, high, em) if river[1] <= header[0].low + 1]
    return [*before, *(_river(low, high, a.high, b.low) for a, b in pairwise(header))]


def _ranges(lines: list[list[Piece]], em: float) -> list[Range]:
    """The fewest edges such that one stands in each gap of each line; and the rivers in which none does."""
    found: list[Range] = []
    for low, high in sorted(_gaps(lines), key=lambda gap: gap[1]):
        at = next((at for at, (left, right) in enumerate(found) if max(left, low) <= min(right, high)), None)
        if at is None:
            found.append((low, high))
        else:
            found[at] = max(found[at][0], low), min(found[at][1], high)
    lows = np.array([piece.low for line in lines for piece in line])
    highs = np.array([piece.high for line in lines for piece in line])
    best = [_river(lows, highs, *each) for each in found]
    rivers = _rivers(lows, highs, em)
    return sorted([*best, *(each for each in rivers if not any(_meet(each, other) for other in found))])


def _gaps(lines: list[list[Piece]]) -> list[Range]:
    return [(a.high, b.low) for line in _level(lines) for a, b in pairwise(line)]


_STEP = 0.75  # ems: texts side by side may stand so far from one another; lines of one text are further apart


def _level(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The texts that stand side by side, though not on one line: some at the top of their cells, some in the middle."""
    found: list[list[Piece]] = []
    for line in lines:
        if found and line[0].y - found[-1][0].y < _STEP * line[0].size:
            found[-1] = found[-1] + line
        else:
            found.append(line)
    return [_wide(_overlaid(each)) for each in found]


def _meet(one: Range, other: Range) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


def _river(lows: Floats, highs: Floats, low: float, high: float) -> Range:
    sides = np.concatenate([lows, highs])
    stops = np.unique(np.concatenate([[low, high], sides[(sides > low) & (sides < high)]]))
    if len(stops) < 2:
        return low, high
    middles = (stops[1:] + stops[:-1]) / 2
    crossed = ((lows[:, None] < middles) & (highs[:, None] > middles)).sum(axis=0)
    best = int(np.lexsort((stops[:-1] - stops[1:], crossed))[0])
    return float(stops[best]), float(stops[best + 1])


def _rivers(lows: Floats, highs: Floats, em: float) -> list[Range]:
    """The white bands that run from the top to the bottom."""
    order = np.argsort(lows)
    low, reach = lows[order][1:], np.maximum.accumulate(highs[order])[:-1]
    wide = low - reach > _FINE * em
    return list(zip(reach[wide].tolist(), low[wide].tolist(), strict=True))


def _fits(lines: list[list[Piece]], ranges: list[Range], sides: Range, em: float) -> bool:
    """Whether fields are of the table with these edges: one may stand in each gap, and the texts fit their cells."""
    gaps = [(low - 0.3 * em, high + 0.3 * em) for low, high in _gaps(lines)]
    if sum(any(_meet(gap, each) for each in ranges) for gap in gaps) < 0.9 * len(gaps):
        return False
    xs, own = ([sides[0], *_placed(each, lines), sides[1]] for each in (ranges, _ranges(lines, em)))
    rows = [line for line in _level(lines) if len(line) > 2]
    return misfit(xs, rows, em) <= misfit(own, rows, em) + _WORSE * len(rows)


_WORSE = 1.5  # ems of a row


def _placed(ranges: list[Range], lines: list[list[Piece]], ends: Sequence[float] = ()) -> list[float]:
    """The edges: where rules end, else the middle of the part of each range that lies in the most gaps.

    Of equal parts the one that the fewest texts cross, the widest of these.
    """
    pieces = [piece for line in lines for piece in line]
    gaps = _gaps(lines)
    found: list[float] = []
    for low, high in ranges:
        own = [gap for gap in gaps if sum(_meet(gap, each) for each in ranges) == 1 and _meet(gap, (low, high))]
        left, right = _best_part((low, high), own, pieces)
        near = [end for end in ends if low - 1 < end < high + 1]
        middle = (left + right) / 2
        found.append(min(near, key=lambda end: abs(end - middle)) if near else middle)
    return found


def _best_part(whole: Range, gaps: list[Range], pieces: list[Piece]) -> Range:
    sides = {side for gap in gaps for side in gap} | {side for piece in pieces for side in (piece.low, piece.high)}
    stops = sorted({*whole, *(side for side in sides if whole[0] < side < whole[1])})
    parts = list(pairwise(stops)) or [whole]
    return max(
        parts,
        key=lambda part: (
            sum(gap[0] <= part[0] and part[1] <= gap[1] for gap in gaps),
            -sum(piece.low < (part[0] + part[1]) / 2 < piece.high for piece in pieces),
            part[1] - part[0],
        ),
    )


# Without rules.


def _without_rules(lines: list[list[Piece]], em: float) -> list[Grid]:
    header = _header(lines, em) if lines else None
    if header is None:
        if not _is_table(lines):
            return []
        edges = _placed(_ranges(lines, em), lines)
        return _kept(_grid(lines, edges, (np.inf, np.inf, 1) if _has_fields(lines) else None, em))
    fields, zone, head = lines[: header.first], lines[header.first :], lines[header.at][0].y
    ranges = _zone_ranges(zone, header.texts, em)
    named = (at for at, piece in enumerate(header.texts) if is_name_header(piece.text))
    names = next(named, 0) + len(ranges) - len(header.texts) + 1
    if not fields or _fits(fields, ranges, _sides(lines, em), em):
        return _kept(_grid(lines, _placed(ranges, lines), (zone[0][0].y, head, names), em))
    own = _grid(fields, _placed(_ranges(fields, em), fields), (np.inf, np.inf, 1), em)
    return _kept(own, _grid(zone, _placed(ranges, zone), (zone[0][0].y, head, names), em))


def _sides(lines: list[list[Piece]], em: float) -> Range:
    pieces = [piece for line in lines for piece in line]
    return min(piece.low for piece in pieces) - 0.3 * em, max(piece.high for piece in pieces) + 0.3 * em


def _outer(edge: float, side: float, pieces: list[Piece]) -> float:
    """Where the outer side of a column is: as far from the middle of texts that are centred in it as its other edge."""
    inside = [piece for piece in pieces if min(edge, side) - 1 < piece.low and piece.high < max(edge, side) + 1]
    middles = [(piece.low + piece.high) / 2 for piece in inside]
    begin = [piece.low for piece in inside]
    if len(inside) < _LEAST_TEXTS or max(begin) - min(begin) < 2 * (max(middles) - min(middles)):
        return side
    centred = 2 * float(np.median(middles)) - edge
    return min(side, centred) if side < edge else max(side, centred)


def _kept(*grids: Grid | None) -> list[Grid]:
    return [grid for grid in grids if grid]


def _is_table(lines: list[list[Piece]]) -> bool:
    """Whether lines without a header are a table: enough of them have several texts, or labels of a form."""
    counts = [len(line) for line in _level(lines)]
    if sum(count > 1 for count in counts) < _LEAST_ROWS:
        return False
    return max(counts) >= _LEAST_TEXTS or _has_fields(lines)


def _has_fields(lines: list[list[Piece]]) -> bool:
    return sum(is_field(_wide(line)[0].text) for line in lines) > 1


def _grid(
    lines: list[list[Piece]], edges: list[float], head: tuple[float, float, int] | None, em: float
) -> Grid | None:
    """The grid of lines with these inner edges; `head` as Sheet has it: start, head and names."""
    pieces = [piece for line in lines for piece in line]
    left, right = _sides(lines, em)
    if right - left < _WIDTH * em or len(edges) < 1:
        return None
    left, right = _outer(edges[0], left, pieces), _outer(edges[-1], right, pieces)
    sheet = Sheet([left, *edges, right], pieces, *(head or (-np.inf, -np.inf, -1)), em)
    found = cells_of(sheet)
    return grid_of(sheet.xs, *found) if found else None


# Between level rules.


def _between_rules(rows: Rules, lines: list[list[Piece]], em: float) -> list[Grid]:
    left, right = float(rows.low.min()), float(rows.high.max())
    inside = [kept for line in lines if (kept := [each for each in line if left < (each.low + each.high) / 2 < right])]
    rows = _opened(rows, inside, em)
    top, bottom = float(rows.at.min()), float(rows.at.max())
    inside = [kept for line in inside if (kept := [each for each in line if top < each.middle < bottom])]
    if max((len(_wide(line)) for line in inside), default=0) < _LEAST_TEXTS:
        return []
    ends = np.concatenate([rows.low, rows.high])
    ends = np.unique(ends[(ends > left + _ALIKE) & (ends < right - _ALIKE)])
    ends = ends[np.diff(ends, prepend=-np.inf) > _ALIKE].tolist()
    header = _header(inside, em)
    if header is None:
        start = np.inf if _has_fields(inside) else -np.inf
        ranges = _ranges(inside, em)
        more = [(end, end) for end in ends if not any(low - 1 < end < high + 1 for low, high in ranges)]
        return [_ruled(rows, inside, [left, *_placed(sorted(ranges + more), inside, ends), right], start, em)]
    fields, zone = inside[: header.first], inside[header.first :]
    ranges = _zone_ranges(zone, header.texts, em)
    start = zone[0][0].y - em
    if not fields or _fits(fields, ranges, (left, right), em):
        return [_ruled(rows, inside, [left, *_placed(ranges, inside, ends), right], start, em)]
    cut = max((at for at in rows.at.tolist() if at < zone[0][0].middle), default=top)
    own = _taken(rows, rows.at <= cut)
    found = [_ruled(_taken(rows, rows.at >= cut), zone, [left, *_placed(ranges, zone, ends), right], start, em)]
    if len(own.at) > 1:
        edges = _placed(_ranges(fields, em), fields, ends)
        found.insert(0, _ruled(own, fields, [left, *edges, right], np.inf, em))
    return found


def _ruled(rows: Rules, lines: list[list[Piece]], xs: list[float], start: float, em: float) -> Grid:
    sheet = Sheet(xs, [piece for line in lines for piece in line], start, start, -1, em)
    return grid_of(xs, *cells_between_rules(sheet, rows))


def _taken(rules: Rules, which: Bools) -> Rules:
    return Rules(rules.at[which], rules.low[which], rules.high[which])


def _opened(rows: Rules, lines: list[list[Piece]], em: float) -> Rules:
    """The rules with an edge above and below them where the page cuts rows: lines of several texts stand there."""
    left, right = float(rows.low.min()), float(rows.high.max())
    top, bottom = float(rows.at.min()), float(rows.at.max())
    above = [line for line in lines if line[0].middle < top]
    below = [line for line in lines if line[0].middle > bottom]
    places = []
    if any(len(_wide(line)) > 1 for line in above) and top - above[0][0].y < _TALL * em:
        places.append(above[0][0].y - 1.2 * em)
    if any(len(_wide(line)) > 1 for line in below):
        last = max(line[0].y for line in below if len(_wide(line)) > 1)
        if last - bottom < _TALL * em:
            places.append(last + 0.5 * em)
    if not places:
        return rows
    more = len(places)
    found = Rules(np.append(rows.at, places), np.append(rows.low, [left] * more), np.append(rows.high, [right] * more))
    order = np.argsort(found.at, kind="stable")
    return Rules(found.at[order], found.low[order], found.high[order])


_TALL = 12.0  # ems of a row that a page cuts
