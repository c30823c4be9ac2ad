"""Which columns and rows the cells of a table without rules span, told by how their texts are aligned."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.pdf.grid import Grid
from extract.pdf.hints import is_field
from extract.pdf.rules import Rules

_ASCENT, _DESCENT, _MIDDLE = 0.85, 0.12, 0.35  # of an em, around the baseline
_LEADING = 1.75  # ems: lines that are further apart are of two cells
_SAME_LINE = 0.12  # of an em: what two distances between lines of cells may differ
_TOLERANCE = 0.3  # of an em
_BLANK = 0.5  # ems of misfit that a blank cell before the first text of a row is worth
_BEST_CUTS = 40  # labels of one column


class Piece(NamedTuple):
    """A text on one line: from `low` to `high` on the baseline `y`."""

    low: float
    high: float
    y: float
    size: float
    text: str

    @property
    def middle(self) -> float:
        """The middle of its height."""
        return self.y - _MIDDLE * self.size


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


# Blocks.


def _columns(sheet: Sheet, piece: Piece) -> tuple[int, int]:
    """The first and the last column that a piece touches."""
    slack = _TOLERANCE * piece.size
    first = bisect_right(sheet.xs, min(piece.low + slack, piece.high)) - 1
    last = bisect_right(sheet.xs, max(piece.high - slack, piece.low)) - 1
    most = len(sheet.xs) - 2
    return min(max(first, 0), most), min(max(last, first, 0), most)


def _leading(columns: list[list[Piece]], em: float) -> float:
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
    least = min(steps)[0]
    near = [shared for step, shared in steps if step <= least + _SAME_LINE * em]
    mostly_alone = sum(near) <= 0.6 * len(near)
    if least > _LEADING * em or not (least < 1.2 * em or mostly_alone or len(steps) >= 2 * len(near)):
        return 0.0
    return least


def _blocks(sheet: Sheet, pieces: list[Piece], leading: float) -> list[Block]:
    """The pieces joined to cells: what overlaps on following lines, and neighbours on a line in the same columns."""
    reach = leading + _SAME_LINE * sheet.em
    found: list[tuple[int, int, list[Piece]]] = []
    for piece in sorted(pieces, key=lambda each: (each.y, each.low)):
        first, last = _columns(sheet, piece)
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
    return [_block(*each) for each in found]


def _block(first: int, last: int, held: list[Piece]) -> Block:
    return Block(
        first,
        last,
        min(piece.low for piece in held),
        max(piece.high for piece in held),
        min(piece.y - _ASCENT * piece.size for piece in held),
        max(piece.y + _DESCENT * piece.size for piece in held),
        tuple(sorted({piece.y for piece in held})),
        "".join(piece.text for piece in held),
    )


# Rows.


class _Rows(NamedTuple):
    """The rows of a table: their edges, the first baseline of each, and the blocks of each that are no labels."""

    ys: list[float]
    baselines: list[float]
    blocks: list[list[Block]]


def cells_of(sheet: Sheet) -> tuple[list[float], list[Span]] | None:
    """The edges of rows and the cells of a table without rules; None where it has fewer than two rows."""
    fields = [piece for piece in sheet.pieces if piece.y < sheet.start - 0.5 * sheet.em]
    zone = [piece for piece in sheet.pieces if piece.y >= sheet.start - 0.5 * sheet.em]
    width = len(sheet.xs) - 1
    by_column: list[list[Piece]] = [[] for _ in range(width)]
    for piece in sheet.pieces:
        by_column[_columns(sheet, piece)[0]].append(piece)
    leading = _leading(by_column, sheet.em)
    names = sheet.names if sheet.names >= 0 else _names(sheet, zone, leading)
    blocks = _blocks(sheet, fields, leading) + _blocks(sheet, zone, leading)
    first_names = 1 if fields else names
    base: list[Block] = []
    labels: list[Block] = []
    for block in blocks:
        above = block.bottom < sheet.start - 0.2 * sheet.em
        heads = not above and block.top < sheet.head and block.bottom > sheet.head - 0.5 * sheet.em
        last = min(first_names, 1) if above else names
        (labels if block.last < last and not heads else base).append(block)
    rows = _rows(base, labels, sheet.em)
    if len(rows.blocks) < 2:
        return None
    cells = _cells(sheet, rows, labels)
    cells += _labels(sheet, rows, labels, cells, names)
    return rows.ys, _stretched(rows, cells, sheet)


def _names(sheet: Sheet, pieces: list[Piece], leading: float) -> int:
    """The first column with nearly as many blocks as the fullest: what stands before it are merged labels."""
    counts = Counter(block.first for block in _blocks(sheet, pieces, leading))
    most = max(counts.values(), default=0)
    return min((col for col, count in counts.items() if count >= 0.75 * most), default=0)


def _rows(base: list[Block], labels: list[Block], em: float) -> _Rows:
    """Rows are what no block that is no label runs across."""
    lone = [each for each in labels if not any(_beside(each, block) for block in base)]
    waiting = sorted([*base, *_own_rows(lone, base, em)], key=lambda block: block.top)
    held: list[list[Block]] = []
    reach = -np.inf
    for block in waiting:
        if block.top >= reach - 0.2 * em:
            held.append([])
        held[-1].append(block)
        reach = max(reach, block.bottom)
    if not held:
        return _Rows([], [], [])
    held = _around_labels(held, labels)
    tops = [min(block.top for block in row) for row in held]
    bottoms = [max(block.bottom for block in row) for row in held]
    gaps = [low - high for low, high in zip(tops[1:], bottoms, strict=False)]
    pad = max(0.0, float(np.median(gaps)) / 2) if gaps else 0.0
    middles = [(low + high) / 2 for low, high in zip(tops[1:], bottoms, strict=False)]
    low = min([tops[0] - pad, *(block.top - 0.5 for block in labels)])
    high = max([bottoms[-1] + pad, *(block.bottom + 0.5 for block in labels)])
    baselines = [min(block.baselines[0] for block in row) for row in held]
    return _Rows([low, *middles, high], baselines, held)


def _around_labels(rows: list[list[Block]], labels: list[Block]) -> list[list[Block]]:
    """The rows, two of them made one where they have no column in common and stand beside one tall label."""
    found = [rows[0]]
    for row in rows[1:]:
        columns = {col for block in found[-1] for col in range(block.first, block.last + 1)}
        apart = not any(col in columns for block in row for col in range(block.first, block.last + 1))
        if apart and any(
            any(_beside(label, block) for block in found[-1]) and any(_beside(label, block) for block in row)
            for label in labels
        ):
            found[-1] = found[-1] + row
        else:
            found.append(row)
    return found


def _beside(one: Block, other: Block) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def _own_rows(lone: list[Block], base: list[Block], em: float) -> list[Block]:
    """Labels that stand beside nothing, with room for a row of their own."""
    edges = sorted((block.top, block.bottom) for block in base)
    found = []
    for label in lone:
        above = max((bottom for _, bottom in edges if bottom <= label.top + 0.3 * em), default=-np.inf)
        below = min((top for top, _ in edges if top >= label.bottom - 0.3 * em), default=np.inf)
        if label.top - above > 1.1 * em and below - label.bottom > 1.1 * em:
            found.append(label)
    return found


# Cells of one row.


def _cells(sheet: Sheet, rows: _Rows, labels: list[Block]) -> list[Span]:
    """The cells of all rows. Those of fields run on to the next text; others span what their texts touch."""
    found: list[Span] = []
    above: list[tuple[Block, tuple[int, int]]] = []
    for at, held in enumerate(rows.blocks):
        blocks = _apart(held)
        if rows.ys[at + 1] <= sheet.start:
            taken = [label.last + 1 for label in labels if any(_beside(label, block) for block in blocks)]
            sides = partition(sheet, blocks, above, max(taken, default=0))
            above += zip(blocks, sides, strict=True)
        else:
            sides = [(block.first, block.last + 1) for block in blocks]
        found += [Span(at, at + 1, left, right) for left, right in sides]
    return found


def _apart(blocks: list[Block]) -> list[Block]:
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


def misfit(xs: list[float], lines: list[list[Piece]], em: float) -> float:
    """How badly the texts of some lines stand in cells between these edges, in ems."""
    sheet = Sheet(xs, [piece for line in lines for piece in line], np.inf, np.inf, -1, em)
    rows = [_apart([_block(*_columns(sheet, piece), [piece]) for piece in line]) for line in lines]
    lost = sum(len(line) - len(row) for line, row in zip(lines, rows, strict=True))
    return _LOST * lost + sum(_parted(sheet, row, [])[0] for row in rows)


_LOST = 4.0  # ems that two texts in one column are worth
_FIELD = 1.0  # likewise a label that runs to the end of its row
_END = 0.3  # likewise a blank cell behind the last text


Above = list[tuple[Block, tuple[int, int]]]
"""The cells of the rows above with their columns."""


def partition(sheet: Sheet, blocks: list[Block], above: Above, start: int = 0) -> list[tuple[int, int]]:
    """The columns of each block of a row, so that the cells follow one another.

    Of all ways to part the columns the one in which the texts stand best: in the middle of their cell, or at its left,
    and in the same columns as what stands right `above`. Blank columns may stand before the first cell and behind the
    last one; those before `start` are a label's.
    """
    return _parted(sheet, blocks, above, start)[1]


def _parted(sheet: Sheet, blocks: list[Block], above: Above, start: int = 0) -> tuple[float, list[tuple[int, int]]]:
    width, count = len(sheet.xs) - 1, len(blocks)
    best: list[dict[int, tuple[float, int]]] = [
        {left: (_BLANK if left > start else 0.0, start) for left in range(start, width)}
    ]
    for number, block in enumerate(blocks):
        found: dict[int, tuple[float, int]] = {}
        usual = {sides for other, sides in above if _in_line(block, other, sheet.em)}
        for left, (cost, _) in best[-1].items():
            if left > block.first:
                continue
            for right in range(block.last + 1, width + 1):
                total = (
                    cost
                    + _misfit(sheet, block, left, right)
                    + (_UNUSUAL if usual and (left, right) not in usual else 0.0)
                )
                if number + 1 == count:
                    total += _behind(block, right, width)
                if right not in found or total < found[right][0]:
                    found[right] = (total, left)
        best.append(found)
    if not best[-1]:
        return _LOST * count, [(block.first, block.last + 1) for block in blocks]
    right = min(best[-1], key=lambda end: best[-1][end][0])
    cost = best[-1][right][0]
    ends: list[tuple[int, int]] = []
    for found in reversed(best[1:]):
        left = found[right][1]
        ends.append((left, right))
        right = left
    return cost, ends[::-1]


_UNUSUAL = 0.7  # ems that other columns than those of a text above at the same place are worth


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
    """Where the texts of a column begin at the left."""
    lows = [piece.low for piece in sheet.pieces if sheet.xs[column] - 1 <= piece.low < sheet.xs[column + 1]]
    return min(lows, default=sheet.xs[column])


# Labels that span rows.


class _Run(NamedTuple):
    """Rows `first` to before `end` in which a column is free for labels; these and where cells may part there."""

    first: int
    end: int
    labels: list[Block]
    cuts: frozenset[int]


def _labels(sheet: Sheet, rows: _Rows, labels: list[Block], cells: list[Span], names: int) -> list[Span]:
    """The cells of the labels, column by column from the right; a label ends where one to its right ends."""
    best: tuple[float, list[Span]] = (np.inf, [])
    for mode in _MODES:
        found: list[Span] = []
        total = 0.0
        for column in range(names - 1, -1, -1):
            own = [block for block in labels if block.last == column]
            for run in _runs(rows, own, [*cells, *found], column, names):
                cost, spans = _grouped(rows, run, mode, sheet.em)
                total += cost
                left = {block: block.first for block in run.labels}
                found += [
                    Span(top, bottom, left.get(block, column) if block else column, column + 1)
                    for top, bottom, block in spans
                ]
        if total < best[0] - 0.01:
            best = total, found
    return best[1]


_MODES = ("middle", "top", "bottom")


def _runs(rows: _Rows, labels: list[Block], cells: list[Span], column: int, names: int) -> list[_Run]:
    """The stretches of rows in which no other cell lies over the column."""
    height = len(rows.blocks)
    covered = [False] * height
    for cell in cells:
        if cell.left <= column < cell.right:
            covered[cell.top : cell.bottom] = [True] * (cell.bottom - cell.top)
    right = [cell for cell in cells if cell.left == column + 1 and column + 1 < names and cell.bottom - cell.top > 0]
    within = {at for cell in right for at in range(cell.top + 1, cell.bottom)}
    found = []
    at = 0
    while at < height:
        end = at
        while end < height and not covered[end]:
            end += 1
        if end > at:
            inside = [block for block in labels if rows.ys[at] <= (block.top + block.bottom) / 2 <= rows.ys[end]]
            if inside:
                cuts = frozenset(set(range(at, end + 1)) - within)
                found.append(_Run(at, end, sorted(inside, key=lambda block: block.top), cuts))
        at = max(end, at + 1)
    return found


def _grouped(rows: _Rows, run: _Run, mode: str, em: float) -> tuple[float, list[tuple[int, int, Block | None]]]:
    """The rows of each label, so that they stand best in the middle (or at the top) of their rows.

    The rows before the first label may be blank, as behind a page cut, and so may those behind the last.
    """
    cuts = sorted(run.cuts | {run.first, run.end})
    best: list[dict[int, tuple[float, int]]] = [
        {cut: (0.0 if cut == run.first else 2 * _BLANK, run.first) for cut in cuts if cut < run.end}
    ]
    for label in run.labels:
        found: dict[int, tuple[float, int]] = {}
        for top, (cost, _) in best[-1].items():
            for bottom in cuts:
                if bottom > top:
                    total = cost + _off(rows, label, (top, bottom), mode, em)
                    if bottom not in found or total < found[bottom][0]:
                        found[bottom] = (total, top)
        best.append(found)
    if not best[-1]:
        return 0.0, []
    bottom = min(best[-1], key=lambda cut: best[-1][cut][0] + (0.0 if cut == run.end else 2 * _BLANK))
    cost = best[-1][bottom][0] + (0.0 if bottom == run.end else 2 * _BLANK)
    spans: list[tuple[int, int, Block | None]] = [(bottom, run.end, None)] if bottom < run.end else []
    for found, label in zip(reversed(best[1:]), reversed(run.labels), strict=True):
        top = found[bottom][1]
        spans.append((top, bottom, label))
        bottom = top
    if bottom > run.first:
        spans.append((run.first, bottom, None))
    return cost, spans[::-1]


def _off(rows: _Rows, label: Block, group: tuple[int, int], mode: str, em: float) -> float:
    """How far a label stands from its place beside these rows, in ems."""
    top, bottom = rows.ys[group[0]], rows.ys[group[1]]
    sticks_out = max(0.0, top - label.top, label.bottom - bottom)
    if mode == "middle":
        off = abs((top + bottom) / 2 - (label.top + label.bottom) / 2)
    elif mode == "top":
        off = abs(rows.baselines[group[0]] - label.baselines[0])
    else:
        off = abs(max(b.baselines[-1] for b in rows.blocks[group[1] - 1]) - label.baselines[-1])
    return (off + 3 * sticks_out) / em


def _stretched(rows: _Rows, cells: list[Span], sheet: Sheet) -> list[Span]:
    """The cells, labels of fields run on over blank columns to the next text."""
    found = []
    for cell in cells:
        right = cell.right
        if rows.ys[cell.bottom] <= sheet.start:
            others = [
                each.left for each in cells if each.top < cell.bottom and cell.top < each.bottom and each.left >= right
            ]
            right = min(others, default=right)
        found.append(cell._replace(right=right))
    return found


# Between level rules.


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
    return edges, cells + _down(drawn, merged)


def _banded(sheet: Sheet, ys: list[float], row: int, merged: np.ndarray, above: Above) -> list[Span]:
    """The cells of one row beside those that are merged over several."""
    pieces = [piece for piece in sheet.pieces if ys[row] <= piece.middle < ys[row + 1]]
    if not pieces:
        return []
    blocks = _apart([_block(*_columns(sheet, piece), [piece]) for piece in pieces])
    blocks = [block for block in blocks if not merged[block.first : block.last + 1].any()]
    if not blocks:
        return []
    if min(piece.y for piece in pieces) >= sheet.start:
        return [Span(row, row + 1, block.first, block.last + 1) for block in blocks]
    sides = partition(sheet, blocks, above)
    above += zip(blocks, sides, strict=True)
    return [Span(row, row + 1, left, right) for left, right in sides if not merged[left:right].any()]


def _down(drawn: np.ndarray, merged: np.ndarray) -> list[Span]:
    """The cells between whose rows no rule runs."""
    found = []
    for column in range(merged.shape[1]):
        top = 0
        for row in range(1, len(drawn)):
            if drawn[row, column]:
                if row - top > 1:
                    found.append(Span(top, row, column, column + 1))
                top = row
    return found
