"""Which rows merged labels span, told by where they stand beside them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from extract.pdf.gaps.blocks import Block, Sheet, Span
from extract.pdf.gaps.fields import BLANK
from extract.pdf.hints import contradicts


class Rows(NamedTuple):
    """The rows of a table: their edges, the first baseline of each, and the blocks of each that are no labels."""

    ys: list[float]
    baselines: list[float]
    blocks: list[list[Block]]


class _Run(NamedTuple):
    """Rows `first` to before `end` in which a column is free for labels; these and where cells may part there.

    `inner` are the labels of the next column with their cells, `blank` where a blank cell of it ends that begins here.
    """

    first: int
    end: int
    labels: list[Block]
    cuts: frozenset[int]
    inner: list[tuple[Span, str]]
    blank: set[int]


_MODES = ("middle", "top", "bottom")


Labelled = list[tuple[Span, Block | None]]
"""Cells with the label in each; without one it is blank, as behind a page cut."""


def label_cells(sheet: Sheet, rows: Rows, labels: list[Block], cells: list[Span], names: int) -> Labelled:
    """The cells of the labels, column by column from the right; a label ends where one to its right ends."""
    best: tuple[float, Labelled] = (np.inf, [])
    for mode in _MODES:
        found: Labelled = []
        total = 0.0
        for column in range(names - 1, -1, -1):
            own = [block for block in labels if block.last == column]
            for run in _runs(rows, own, [*cells, *(span for span, _ in found)], column, names):
                blank = {span.bottom for span, block in found if not block and span[::2] == (run.first, column + 1)}
                inner = [(span, block.text) for span, block in found if block and span.left == column + 1]
                inner += _beside(rows, column + 1)
                cost, spans = _grouped(rows, run._replace(inner=inner, blank=blank), mode, sheet.em)
                total += cost
                left = {block: block.first for block in run.labels}
                found += [
                    (Span(top, bottom, left.get(block, column) if block else column, column + 1), block)
                    for top, bottom, block in spans
                ]
        if total < best[0] - 0.01:
            best = total, found
    return best[1]


def _beside(rows: Rows, column: int) -> list[tuple[Span, str]]:
    """The texts of a column that are no merged labels."""
    return [
        (Span(at, at + 1, column, column + 1), block.text)
        for at, row in enumerate(rows.blocks)
        for block in row
        if block.first == column
    ]


def _runs(rows: Rows, labels: list[Block], cells: list[Span], column: int, names: int) -> list[_Run]:
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
                found.append(_Run(at, end, sorted(inside, key=lambda block: block.top), cuts, [], set()))
        at = max(end, at + 1)
    return found


def _grouped(rows: Rows, run: _Run, mode: str, em: float) -> tuple[float, list[tuple[int, int, Block | None]]]:
    """The rows of each label, so that they stand best in the middle (or at the top) of their rows.

    The rows before the first label may be blank, as behind a page cut, and so may those behind the last.
    """
    cuts = sorted(run.cuts | {run.first, run.end})
    best: list[dict[int, tuple[float, int]]] = [
        {cut: (_cost_of_blank(run, cut), run.first) for cut in cuts if cut < run.end}
    ]
    for label in run.labels:
        found: dict[int, tuple[float, int]] = {}
        foreign = [span for span, text in run.inner if contradicts(label.text, text)]
        for top, (cost, _) in best[-1].items():
            for bottom in cuts:
                if bottom > top:
                    total = cost + _off(rows, label, (top, bottom), mode, em) + _against(foreign, top, bottom)
                    if bottom not in found or total < found[bottom][0]:
                        found[bottom] = (total, top)
        best.append(found)
    if not best[-1]:
        return 0.0, []
    bottom = min(best[-1], key=lambda cut: best[-1][cut][0] + (0.0 if cut == run.end else 2 * BLANK))
    cost = best[-1][bottom][0] + (0.0 if bottom == run.end else 2 * BLANK)
    spans: list[tuple[int, int, Block | None]] = [(bottom, run.end, None)] if bottom < run.end else []
    for found, label in zip(reversed(best[1:]), reversed(run.labels), strict=True):
        top = found[bottom][1]
        spans.append((top, bottom, label))
        bottom = top
    if bottom > run.first:
        spans.append((run.first, bottom, None))
    return cost, spans[::-1]


_AGAINST = 3.0  # ems that a class beside one to which it does not belong is worth


def _against(foreign: list[Span], top: int, bottom: int) -> float:
    """What speaks against a label for these rows: classes of the next level that do not belong to it."""
    return _AGAINST * sum(top <= span.top and span.bottom <= bottom for span in foreign) if foreign else 0.0


def _cost_of_blank(run: _Run, end: int) -> float:
    """What a blank cell at the head is worth; where the next column has one too, a page cut explains both."""
    if end == run.first:
        return 0.0
    return 0.5 * BLANK if end in run.blank else 2 * BLANK


def _off(rows: Rows, label: Block, group: tuple[int, int], mode: str, em: float) -> float:
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


def stretched_labels(rows: Rows, cells: list[Span], sheet: Sheet) -> list[Span]:
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
