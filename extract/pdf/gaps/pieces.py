"""Pieces of the lines of a page, cut at every gap that may part two cells; which lines are a table's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from extract.counters import COUNTER
from extract.pdf.chars import Chars
from extract.pdf.hints import is_bare_year, is_field, is_header, is_title
from extract.pdf.lines import lines_of

ASCENT, DESCENT, _MIDDLE = 0.85, 0.12, 0.35  # of an em, around the baseline


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


FINE = 0.28  # of an em: a wider gap on a line may part two cells

_WIDE = 0.9  # of an em: a wider one does


def lines_on(chars: Chars) -> list[list[Piece]]:
    """The upright text of a page by lines from the top, each cut at every gap that may part two cells."""
    chars = chars.take(chars.turn == 0)
    order, line = lines_of(np.zeros(len(chars.code), np.int64), chars.x, chars.y, chars.size)
    if not len(order):
        return []
    x, end, size, y = chars.x[order], chars.end[order], chars.size[order], chars.y[order]
    begin = np.ones(len(order), np.bool_)
    run = chars.run[order]
    gap = (x[1:] - end[:-1]) / np.maximum(size[1:], 0.01)
    begin[1:] = (line[1:] != line[:-1]) | (gap > _WIDE) | ((gap > FINE) & (run[1:] != run[:-1]))
    starts = begin.nonzero()[0]
    text = chars.code[order].astype("<u4").tobytes().decode("utf-32-le", "replace")
    stops = [*starts[1:].tolist(), len(order)]
    highs, sizes = np.maximum.reduceat(end, starts).tolist(), np.maximum.reduceat(size, starts).tolist()
    found: list[list[Piece]] = [[] for _ in range(int(line[-1]) + 1)]
    for a, b, high, em in zip(starts.tolist(), stops, highs, sizes, strict=True):
        found[line[a]].append(Piece(float(x[a]), high, float(y[a]), em, text[a:b]))
    return found


def parted(line: Sequence[Piece]) -> list[Piece]:
    """The texts of a line that surely stand in cells of their own."""
    found: list[Piece] = []
    for piece in line:
        if found and piece.low - found[-1].high <= _WIDE * piece.size:
            found[-1] = found[-1]._replace(high=piece.high, text=found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _overlaid(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces from the left, those above each other made one."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: each.low):
        if found and piece.low - found[-1].high <= FINE * piece.size:
            both = sorted((found[-1], piece), key=lambda each: each.y)
            found[-1] = piece._replace(
                low=found[-1].low, high=max(found[-1].high, piece.high), text=both[0].text + both[1].text
            )
        else:
            found.append(piece)
    return found


_STEP = 0.75  # ems: texts side by side may stand so far from one another; lines of one text are further apart


def side_by_side(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The texts that stand side by side, though not on one line: some at the top of their cells, some in the middle."""
    found: list[list[Piece]] = []
    for line in lines:
        if found and line[0].y - found[-1][0].y < _STEP * line[0].size:
            found[-1] = found[-1] + line
        else:
            found.append(line)
    return [parted(_overlaid(each)) for each in found]


def between_titles(lines: list[list[Piece]]) -> list[list[list[Piece]]]:
    """The lines between titles."""
    found: list[list[list[Piece]]] = [[]]
    for line in lines:
        whole = parted(line)
        if len(whole) == 1 and COUNTER.fullmatch(whole[0].text):
            continue
        if len(whole) == 1 and is_title(whole[0].text) and not (found[-1] and is_bare_year(whole[0].text)):
            found.append([])
        else:
            found[-1].append(line)
    return found


_FAR = 5.0  # ems below the last row


def trimmed(lines: list[list[Piece]], em: float) -> list[list[Piece]]:
    """Without the lines above the first that has several texts, and what stands alone far below: a page counter."""
    several = [at for at, line in enumerate(lines) if len(parted(line)) > 1]
    if not several:
        return []
    lines = [*lines[: several[-1]], *without_foot(lines[several[-1] :], em)]
    first = several[0]
    pieces = [piece for line in lines[first:] for piece in line]
    middle = (min(piece.low for piece in pieces) + max(piece.high for piece in pieces)) / 2
    while first and _belongs(lines[first - 1], lines[first], middle, em):
        first -= 1
    return lines[first:]


def without_foot(lines: list[list[Piece]], em: float) -> list[list[Piece]]:
    """Without the lines that stand alone far below the others."""
    last = len(lines)
    while last > 1 and lines[last - 1][0].y - lines[last - 2][0].y > _FAR * em:
        last -= 1
    return lines[:last]


_NEAR = 4.5  # ems between the lines of two rows at most

_UNIT = ("单位", "金额单位", "（单位", "(单位")


def _belongs(line: list[Piece], below: list[Piece], middle: float, em: float) -> bool:
    """Whether a line with one text is of the table below: it stands near, and is neither a title nor a unit's."""
    text = parted(line)[0]
    if len(line) > 1:
        return True
    centred = abs((text.low + text.high) / 2 - middle) < em
    return below[0].y - text.y < _NEAR * em and not centred and not text.text.startswith(_UNIT)


class _Header(NamedTuple):
    """The header row of an indicator grid: its first line, its fullest one, and the texts of that."""

    first: int
    at: int
    texts: list[Piece]


_WRAP = 0.95  # ems above and below its middle that a label of two lines takes

LEAST_TEXTS = 3


def header_of(lines: list[list[Piece]], em: float) -> _Header | None:
    """The first header row of an indicator grid; a label that wraps begins above its fullest line."""
    for at, line in enumerate(lines):
        whole = parted(line)
        if len(whole) >= LEAST_TEXTS and sum(is_header(piece.text) for piece in whole) >= LEAST_TEXTS:
            first = at
            while first and line[0].y - lines[first - 1][0].y < _WRAP * em:
                first -= 1
            near = (piece for each in lines[first:] if each[0].y - line[0].y < _WRAP * em for piece in each)
            return _Header(first, at, _overlaid(near))
    return None


def has_fields(lines: list[list[Piece]]) -> bool:
    """Whether lines are fields of a form, by the labels at their left."""
    return sum(is_field(parted(line)[0].text) for line in lines) > 1


_WRAPS = 3  # lines of a label, at most


def begins_with_field(lines: list[list[Piece]]) -> bool:
    """Whether lines begin with the label of a field, which may take several lines, and a text beside it."""
    pieces = sorted((piece for line in lines[: 2 * _WRAPS] for piece in line), key=lambda piece: (piece.y, piece.low))
    if not pieces:
        return False
    left = min(pieces, key=lambda piece: piece.low)
    label = [piece for piece in pieces if piece.low < left.high]
    texts = ["".join(piece.text for piece in label[:count]) for count in range(1, _WRAPS + 1)]
    return len(label) < len(pieces) and any(map(is_field, texts))
