"""Pages without upright rules, or without any: white space between texts tells the cells, as in the PDF reader.

That reader knows labels when it sees them, so the lines are recognised first; the cells then take what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps import Shares, Told, grids_by_gaps, told_between_rules
from extract.pdf.rules import Rules
from extract.scan.reading import read_marks
from extract.scan.sheet import Floats
from extract.scan.steadiness import unsteady
from extract.scan.strips import Ground, Line, lines_in

_EM = 10.5  # the size of a character in which the PDF reader's own measures are meant
_JOIN = 0.55  # of an em: gaps within a text
_ALIKE = 0.6  # of an em: ends of rules of one table
_FEWEST = 3
_STOPS, _STOP = "，。、；", 0.6  # of an em: what such a sign leaves blank behind itself


def grids_by_texts(rows: Rules, ground: Ground, known: Sequence[Shares] = ()) -> list[Told]:
    """The grids of a page of level rules only, or of none, in its pixels; what is read stays known to the ground.

    `known` are the columns of tables on the pages before, the likeliest first.
    """
    scale = _EM / ground.sheet.em
    pieces = [_piece(line, ground, scale) for line in _texts(ground)]
    chars = _chars([piece for piece in pieces if piece.code])
    if not len(chars.code):
        return []
    found: list[Told] = []
    if len(rows.at) >= _FEWEST:
        level = _even(rows, ground.sheet.em)
        found = told_between_rules(Rules(*(side * scale for side in level)), chars, _EM, known)
    if not found:
        grids = grids_by_gaps(chars, _EM)
        doubts = tuple(unsteady(grids, grids_by_gaps, chars, _EM))
        found = [Told(grid, sure=True, unsure=doubts) for grid in grids]
    return [_scaled(told, 1 / scale) for told in found]


def _scaled(told: Told, scale: float) -> Told:
    xs, ys = np.asarray(told.grid.xs) * scale, np.asarray(told.grid.ys) * scale
    unsure = tuple((x0 * scale, top * scale, x1 * scale, bottom * scale) for x0, top, x1, bottom in told.unsure)
    return told._replace(grid=told.grid._replace(xs=xs, ys=ys), unsure=unsure)


def _texts(ground: Ground) -> list[Line]:
    """The pieces of lines."""
    em = ground.sheet.em
    wide = cv2.dilate(ground.ink, np.ones((1, max(3, round(_JOIN * em))), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=4)
    found = []
    for number, (x0, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        part = ground.ink[top : top + height, x0 : x0 + width] & (labels[top : top + height, x0 : x0 + width] == number)
        found += lines_in((x0, top, x0 + width, top + height), ground, part)
    return found


class _Piece(NamedTuple):
    """The characters of a piece, and where they stand, in points."""

    code: list[int]
    x: list[float]
    end: list[float]
    y: float


def _piece(line: Line, ground: Ground, scale: float) -> _Piece:
    reading, marks = read_marks(line)
    ground.known[line.area] = reading
    left, _, right, bottom = line.area
    begin, end = line.ink[0][0] if line.ink else 0.0, line.ink[-1][1] if line.ink else 1.0
    width = (right - left) / max(1e-6, end - begin)
    marks = [mark for mark in marks if mark.char.strip()]
    middles = [left + (mark.at - begin) * width for mark in marks]
    halves = [ground.sheet.em * (0.25 if ord(mark.char[0]) < 0x2000 else 0.5) for mark in marks]
    lows = [max(left, middle - half) for middle, half in zip(middles, halves, strict=True)]
    highs = [min(right, middle + half) for middle, half in zip(middles, halves, strict=True)]
    if marks:
        wide = _STOP * ground.sheet.em if marks[-1].char in _STOPS else 0.0
        lows[0], highs[-1] = float(left), right + wide
    codes = [ord(mark.char[0]) for mark in marks]
    return _Piece(codes, [low * scale for low in lows], [high * scale for high in highs], bottom * scale - 0.08 * _EM)


def _chars(pieces: list[_Piece]) -> Chars:
    code = np.array([code for piece in pieces for code in piece.code], np.int64)
    x = np.array([x for piece in pieces for x in piece.x])
    end = np.array([end for piece in pieces for end in piece.end])
    counts = [len(piece.code) for piece in pieces]
    y = np.repeat(np.array([piece.y for piece in pieces]), counts)
    run = np.repeat(np.arange(len(pieces)), counts)
    zeros = np.zeros(len(code), np.int64)
    return Chars(code, x, y, end, np.full(len(code), _EM), zeros, zeros, np.arange(len(code)), run)


def _even(rows: Rules, em: float) -> Rules:
    """Rules whose ends are nearly at one place all end there: where most of them do."""
    return Rules(rows.at, _snapped(rows.low, _ALIKE * em), _snapped(rows.high, _ALIKE * em))


def _snapped(ends: Floats, near: float) -> Floats:
    """Each place moved to the middle one of those around it, the fullest crowd first."""
    found = ends.copy()
    left = np.ones(len(ends), np.bool_)
    while left.any():
        crowds = (abs(ends[:, None] - ends[None, :]) <= near) & left[None, :]
        crowd = crowds[int(np.argmax(crowds.sum(axis=1) * left))]
        found[crowd] = np.median(ends[crowd])
        left &= ~crowd
    return found
