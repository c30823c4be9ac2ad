"""The rows and cells of a table without rules."""

from __future__ import annotations

from collections import Counter

import numpy as np

from extract.pdf.gaps.blocks import Block, Sheet, Span, beside, blocks_of, columns_of, leading_of, set_apart
from extract.pdf.gaps.fields import Above, partition, with_place
from extract.pdf.gaps.labels import Labelled, Rows, label_cells, stretched_labels
from extract.pdf.gaps.pieces import Piece


def cells_of(sheet: Sheet) -> tuple[list[float], list[Span]] | None:
    """The edges of rows and the cells of a table without rules; None where it has no row."""
    fields = [piece for piece in sheet.pieces if piece.y < sheet.start - 0.5 * sheet.em]
    zone = [piece for piece in sheet.pieces if piece.y >= sheet.start - 0.5 * sheet.em]
    width = len(sheet.xs) - 1
    by_column: list[list[Piece]] = [[] for _ in range(width)]
    for piece in sheet.pieces:
        by_column[columns_of(sheet, piece)[0]].append(piece)
    leading = leading_of(by_column, sheet.em)
    names = sheet.names if sheet.names >= 0 else _names(sheet, zone, leading)
    blocks = blocks_of(sheet, fields, leading) + blocks_of(sheet, zone, leading)
    first_names = 1 if fields else names
    base: list[Block] = []
    labels: list[Block] = []
    for block in blocks:
        above = block.bottom < sheet.start - 0.2 * sheet.em
        heads = not above and block.top < sheet.head and block.bottom > sheet.head - 0.5 * sheet.em
        last = min(first_names, 1) if above else names
        (labels if block.last < last and not heads else base).append(block)
    rows = _rows(base, labels, sheet.em)
    if not rows.blocks:
        return None
    cells = _cells(sheet, rows, labels)
    labelled = label_cells(sheet, rows, labels, cells, names)
    cells += [span for span, _ in labelled]
    return _fitted(rows, labelled), stretched_labels(rows, cells, sheet)


def _fitted(rows: Rows, labelled: Labelled) -> list[float]:
    """The edges of rows, moved where a label is taller than the texts beside it."""
    low = [rows.ys[0], *(max(block.bottom for block in row) for row in rows.blocks)]
    high = [*(min(block.top for block in row) for row in rows.blocks), rows.ys[-1]]
    for span, label in labelled:
        if label:
            low[span.bottom] = max(low[span.bottom], label.bottom)
            high[span.top] = min(high[span.top], label.top)
    inner = [(a + b) / 2 if a < b else y for a, b, y in zip(low, high, rows.ys, strict=True)]
    return [rows.ys[0], *inner[1:-1], rows.ys[-1]]


def _names(sheet: Sheet, pieces: list[Piece], leading: float) -> int:
    """The first column with nearly as many blocks as the fullest: what stands before it are merged labels."""
    counts = Counter(block.first for block in blocks_of(sheet, pieces, leading))
    most = max(counts.values(), default=0)
    return min((col for col, count in counts.items() if count >= 0.88 * most), default=0)


def _rows(base: list[Block], labels: list[Block], em: float) -> Rows:
    """Rows are what no block that is no label runs across."""
    lone = [each for each in labels if not any(beside(each, block) for block in base)]
    waiting = sorted([*base, *_own_rows(lone, base, em)], key=lambda block: block.top)
    held: list[list[Block]] = []
    reach = -np.inf
    for block in waiting:
        if block.top >= reach - 0.2 * em:
            held.append([])
        held[-1].append(block)
        reach = max(reach, block.bottom)
    if not held:
        return Rows([], [], [])
    held = _around_labels(held, labels)
    tops = [min(block.top for block in row) for row in held]
    bottoms = [max(block.bottom for block in row) for row in held]
    gaps = [low - high for low, high in zip(tops[1:], bottoms, strict=False)]
    pad = max(0.0, float(np.median(gaps)) / 2) if gaps else 0.0
    middles = [(low + high) / 2 for low, high in zip(tops[1:], bottoms, strict=False)]
    low = min([tops[0] - pad, *(block.top - 0.5 for block in labels)])
    high = max([bottoms[-1] + pad, *(block.bottom + 0.5 for block in labels)])
    baselines = [min(block.baselines[0] for block in row) for row in held]
    return Rows([low, *middles, high], baselines, held)


def _around_labels(rows: list[list[Block]], labels: list[Block]) -> list[list[Block]]:
    """The rows, two of them made one where they have no column in common and stand beside one tall label."""
    found = [rows[0]]
    for row in rows[1:]:
        columns = {col for block in found[-1] for col in range(block.first, block.last + 1)}
        apart = not any(col in columns for block in row for col in range(block.first, block.last + 1))
        if apart and any(
            any(beside(label, block) for block in found[-1]) and any(beside(label, block) for block in row)
            for label in labels
        ):
            found[-1] = found[-1] + row
        else:
            found.append(row)
    return found


def _own_rows(lone: list[Block], base: list[Block], em: float) -> list[Block]:
    """Labels that stand beside nothing, with room for a row of their own."""
    edges = sorted((block.top, block.bottom) for block in base)
    found = []
    for label in lone:
        above = max((bottom for _, bottom in edges if bottom <= label.top + 0.3 * em), default=-np.inf)
        below = min((top for top, _ in edges if top >= label.bottom - 0.3 * em), default=np.inf)
        room = label.top - above, below - label.bottom
        if min(room) > 1.1 * em or (max(room) == np.inf and min(room) > 0):
            found.append(label)
    return found


def _cells(sheet: Sheet, rows: Rows, labels: list[Block]) -> list[Span]:
    """The cells of all rows. Those of fields run on to the next text; others span what their texts touch."""
    found: list[Span] = []
    above: Above = []
    for at, held in enumerate(rows.blocks):
        blocks = set_apart(held)
        if rows.ys[at + 1] <= sheet.start:
            taken = [label.last + 1 for label in labels if any(beside(label, block) for block in blocks)]
            sides = partition(sheet, blocks, above, max(taken, default=0))
            above += with_place(blocks, sides)
        else:
            sides = [(block.first, block.last + 1) for block in blocks]
        found += [Span(at, at + 1, left, right) for left, right in sides]
    return found
