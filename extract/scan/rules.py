"""Ink to rules: the thin lines of a straight page, pale and broken ones too, as the PDF reader has them.

Pieces that are surely rules tell where rules stand; then each step between two crossings has a rule where enough of it
has ink. So a rule that is broken is whole again, and one that ends at a merged cell ends there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.pdf.chars import Bools
from extract.pdf.rules import Rules, merged
from extract.scan.joints import settled
from extract.scan.sheet import Floats, Mask, Sheet
from extract.scan.steps import ONE, Field, drawn, far_apart, ruled, steps_of

_THICK = 0.22  # of an em: what is thicker is no rule
_TEXT = 2.4  # ems: a piece of ink that is smaller both ways is text, unless it is thin
_SURE = (1.6, 0.9)  # a piece of a rule: ems, and the share of them that has ink
_LONG = (4.0, 0.55)  # likewise of a rule that is broken
_SPARSE = (8.0, 0.4)  # likewise of one with more gaps than ink, on several rows of a table
_FAINT = (6.0, 0.8)  # likewise of a rule that is only a little darker than the paper
_CONTRAST = 10  # of 255: how much darker
_DARK_ROW = 0.3  # share of a row of a rule that has ink
_SHADE = 5  # likewise, where a rule is known to stand
_ALONE = 2.6  # ems: a shorter piece must touch a crossing rule at both ends, as strokes of letters do not
_TOUCH = 0.3  # of an em
_OPEN = 2.0  # ems that rules reach beyond all that cross them, where a table has no frame at its side
_NEAR, _GAP = 7, 8.0  # pixels across ink that its own shade takes, and ems along it that a gap may take
_DRAWN = 0.6  # times the length of rules that are faint: where more are in ink, the faint ones shine through
_FEW = (5.0, 40.0)  # unless they are as many times more, and the faint ones so many ems long: single rules of the page
_LEANS = 0.3  # of an em: a piece that is higher is taken in parts
_PART = 8.0  # ems of such a part
_DOT = 0.4  # of an em: a piece that is smaller and as wide as high is a dot, which stand below one another in colons
_WORD = (0.4, 12.0)  # ems: characters that run together are as high at least, and as wide at most
_PIECE = 0.6  # of an em: the shortest piece of a rule of which nothing else was found
_STROKE = 1.5  # ems: what is shorter both ways is a stroke of a character


class Lines(NamedTuple):
    """The rules of a sheet in its pixels, the ink that belongs to them, and the share of steps that are not certain.

    `level` are the level ones as they were found, where no upright ones tell at which crossings they end. `doubts` are
    the steps of upright ones of which it is not certain whether they are there, `level_doubts` those of level ones.
    """

    rows: Rules
    columns: Rules
    ink: Mask
    unsure: float
    level: Rules
    doubts: Rules
    level_doubts: Rules


class _Way(NamedTuple):
    """The page seen so that the rules in question are level; `thin` is `drawn` with what is faint."""

    thin: Mask
    drawn: Mask
    shade: Mask
    all: Mask
    em: float


def lines_of(sheet: Sheet) -> Lines:
    """The level and upright rules of a straight page; small pieces count only where rules turn out to be broken."""
    found, broken = _lines(sheet, small=False)
    return _lines(sheet, small=True)[0]._replace(level=found.level) if broken else found


def _lines(sheet: Sheet, *, small: bool) -> tuple[Lines, bool]:
    """The rules, and whether they are broken."""
    em = sheet.em
    text, strokes = _text(sheet.ink, em, small=small)
    turned = [np.ascontiguousarray(part.T) for part in (sheet.grey, sheet.ink, text)]
    level, upright = _way(sheet.grey, sheet.ink, text, em), _way(turned[0], turned[1], turned[2], em)
    rows, columns = _pieces(level), _pieces(upright)
    bare = _settled(rows, em)
    rows, columns = _anchored(rows, columns, em), _anchored(columns, rows, em)
    ys, xs = _places(rows, em), _places(columns, em)
    steps = (
        steps_of(_field(level), rows, ys, _stops(xs, _reach(rows), em), None),
        steps_of(_field(upright), columns, xs, _stops(ys, _reach(columns), em), strokes[:, [1, 0, 3, 2]]),
    )
    unsure = sum(float(each.unsure.mean()) if each.odds.size else 0.0 for each in steps) / 2
    there = settled(*steps)
    apart = far_apart(steps[1], there[1], strokes[:, [1, 0, 3, 2]], em) if small else []
    doubted = steps[1].unsure & (there[1] == (steps[1].odds > 0))
    for at in apart:
        there[1][at] = doubted[at] = True
    doubts, level_doubts = ruled(steps[1], doubted), ruled(steps[0], steps[0].unsure)
    rows, columns = ruled(steps[0], there[0]), ruled(steps[1], there[1])
    shown = drawn(steps[0], there[0]) if len(columns.at) > 1 else bare
    ink = _ink_of(shown, level) | np.ascontiguousarray(_ink_of(drawn(steps[1], there[1]), upright).T)
    broken = any(each.broken for each in steps) or _in_pieces(strokes, xs, em)
    return Lines(rows, columns, ink, unsure, bare, doubts, level_doubts), broken


def _in_pieces(strokes: Floats, xs: Floats, em: float) -> bool:
    """Whether thin upright strokes below one another make a rule, away from all that were found."""
    tall, middle = strokes[:, 3] - strokes[:, 1], (strokes[:, 0] + strokes[:, 2]) / 2
    far = np.abs(middle[:, None] - xs).min(axis=1, initial=np.inf) > ONE * em
    thin = far & (tall > _PIECE * em) & (strokes[:, 2] - strokes[:, 0] < _thick(em))
    weight = np.bincount(np.round(middle[thin]).astype(int), tall[thin])
    return bool(len(weight)) and float(np.convolve(weight, np.ones(3)).max()) > _LONG[0] * em


def _field(way: _Way) -> Field:
    return Field(way.drawn | way.shade, way.all, way.em)


def _text(ink: Mask, em: float, *, small: bool) -> tuple[Mask, Floats]:
    """Ink of pieces that have the size of characters and are not thin; thin ones too, unless small pieces count.

    With it the boxes (left, top, right, bottom) of all that are no longer than a stroke.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1]
    longer = size.max(axis=1)
    is_word = _are_words(ink, labels, size, em)
    is_text = (longer < _TEXT * em) & (size.min(axis=1) > max(3.0, _THICK * em)) | is_word
    is_text |= (longer < _DOT * em) & (size.min(axis=1) > 0.5 * longer)
    is_stroke = longer < _STROKE * em
    is_text[0] = is_stroke[0] = False
    told = (is_stroke | is_word) & (longer > max(2.0, 0.12 * em))
    boxes = np.concatenate([stats[told, :2], stats[told, :2] + size[told]], axis=1).astype(np.float64)
    if not small:
        is_text |= is_stroke
    return np.asarray(is_text[labels], np.uint8), boxes


def _are_words(ink: Mask, labels: NDArray[np.int32], size: NDArray[np.int32], em: float) -> Bools:
    """Which pieces of ink are characters that run together: no stroke of theirs is longer than a character."""
    long = round(_STROKE * em)
    straight = [cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((1, long), (long, 1))]
    ruled = np.zeros(len(size), np.bool_)
    ruled[labels[(straight[0] | straight[1]) > 0]] = True
    low, high = size.min(axis=1), size.max(axis=1)
    return np.asarray(~ruled & (low > _WORD[0] * em) & (low < _STROKE * em) & (high < _WORD[1] * em))


def _way(grey: Mask, ink: Mask, text: Mask, em: float) -> _Way:
    thick = _thick(em)
    bare = cv2.subtract(ink, text)
    thin = cv2.subtract(bare, cv2.morphologyEx(bare, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8)))
    faint, shade = _faint(grey, text, em, thick), cv2.subtract(_shade(grey, em), text)
    back = _back(faint, thin, em)
    if back is not None:
        faint, shade = cv2.subtract(faint, back), shade & cv2.dilate(thin, np.ones((_NEAR, _NEAR), np.uint8))
    near = np.ones((3, 1), np.uint8)
    return _Way(cv2.dilate(thin | faint, near), cv2.dilate(thin, near), shade, ink | faint, em)


def _back(faint: Mask, thin: Mask, em: float) -> Mask | None:
    """What is faint away from the ink, where rules in ink are many: the rules of the sheet's back; None without any."""
    sure = _dense(thin, em, *_LONG) & thin
    near = cv2.dilate(thin, np.ones((_NEAR, _NEAR), np.uint8))
    away = cv2.subtract(faint, near | cv2.dilate(sure, np.ones((_NEAR, round(_GAP * em) | 1), np.uint8)))
    if not away.any():
        return None
    inked, pale = (_length(part, em) for part in (thin, away))
    own = inked <= _DRAWN * pale or (inked > _FEW[0] * pale and pale > _FEW[1] * em) or pale < _ALONE * em
    return None if own else np.asarray(away)


def _length(thin: Mask, em: float) -> float:
    """The length of what is surely rules."""
    found = _dense(thin, em, *_SURE) & thin
    return float(cv2.subtract(found[1:], found[:-1]).sum())  # each of its columns begins once


def _thick(em: float) -> int:
    return max(3, round(_THICK * em))


def _faint(grey: Mask, text: Mask, em: float, thick: int) -> Mask:
    """Long thin lines a little darker than both of their sides, away from text."""
    smooth = cv2.blur(grey, (max(3, round(1.5 * em)), 1))
    darker = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((2 * thick + 1, 1), np.uint8))
    found = (darker > _CONTRAST).astype(np.uint8) & (1 - cv2.dilate(text, np.ones((3, round(em) | 1), np.uint8)))
    return np.asarray(found & _dense(found, em, *_FAINT))


def _shade(grey: Mask, em: float) -> Mask:
    """Where half an em along a line is darker than what lies above it and below it."""
    smooth = cv2.blur(grey, (max(3, round(0.5 * em)), 1))
    away = max(3, round(0.2 * em))
    above, below = np.roll(smooth, away, axis=0), np.roll(smooth, -away, axis=0)
    return np.asarray(cv2.subtract(cv2.min(above, below), smooth) > _SHADE, np.uint8)


def _dense(ink: Mask, em: float, ems: float, share: float) -> Mask:
    """Where a window of so many ems along holds at least this share of ink: all of the window."""
    length = max(5, round(ems * em)) | 1
    full = cv2.boxFilter(ink * 255, -1, (length, 1), normalize=True, borderType=cv2.BORDER_CONSTANT)
    core = (full >= round(share * 255)).astype(np.uint8)
    return np.asarray(cv2.dilate(core, np.ones((1, length), np.uint8)), np.uint8)


def _pieces(way: _Way) -> Rules:
    """Pieces that are surely rules, from their first ink to their last."""
    kinds = (_SURE, _LONG, _SPARSE)
    found = np.bitwise_or.reduce([_dense(way.thin, way.em, *kind) for kind in kinds]) & way.thin
    joined = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((1, max(3, round(1.5 * way.em))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    at, low, high = [], [], []
    for number in range(1, count):
        x0, y0, width, height = (int(value) for value in stats[number, :4])
        if width < 1.2 * way.em:
            continue
        for left, right in _level_parts(width, height, way.em):
            rows = (labels[y0 : y0 + height, x0 + left : x0 + right] == number).sum(axis=1)
            drawn = np.flatnonzero(rows)
            if drawn[-1] - drawn[0] < max(8, 0.5 * way.em):
                at.append(y0 + float((rows * np.arange(height)).sum() / rows.sum()))
                low.append(float(x0 + left))
                high.append(float(x0 + right))
    return Rules(np.array(at), np.array(low), np.array(high))


def _level_parts(width: int, height: int, em: float) -> list[tuple[int, int]]:
    """From where to where the parts of a piece run that leans so much that it has no one place."""
    count = max(1, round(width / (_PART * em))) if height > _LEANS * em else 1
    edges = np.linspace(0, width, count + 1).round().astype(int).tolist()
    return list(pairwise(edges))


def _anchored(rules: Rules, others: Rules, em: float) -> Rules:
    """Without short pieces that touch no crossing rule at one of their ends."""
    touch = _TOUCH * em
    at = rules.at[:, None]
    crossed = (others.low[None, :] - touch <= at) & (at <= others.high[None, :] + touch)
    begins = (crossed & (abs(others.at[None, :] - rules.low[:, None]) <= touch)).any(axis=1)
    ends = (crossed & (abs(others.at[None, :] - rules.high[:, None]) <= touch)).any(axis=1)
    kept = (rules.high - rules.low >= _ALONE * em) | (begins & ends)
    return Rules(rules.at[kept], rules.low[kept], rules.high[kept])


def _places(rules: Rules, em: float) -> Floats:
    """Where rules stand: of pieces near each other, where most of their ink lies."""
    if not len(rules.at):
        return rules.at
    weight = np.bincount(np.round(rules.at).astype(int), rules.high - rules.low)
    near = np.convolve(weight, np.ones(5), "same")
    far, found = round(ONE * em), []
    while near.max() > 0:
        peak = int(near.argmax())
        around = slice(max(0, peak - 2), peak + 3)
        found.append(float(np.average(np.arange(len(weight))[around], weights=weight[around])))
        near[max(0, peak - far) : peak + far + 1] = 0
    return np.array(sorted(found))


def _settled(rules: Rules, em: float) -> Rules:
    """Long rules, each where most of the ink of those beside it lies."""
    long = rules.high - rules.low >= _ALONE * em
    rules = Rules(rules.at[long], rules.low[long], rules.high[long])
    places = _places(rules, em)
    at = [float(places[abs(places - at).argmin()]) for at in rules.at.tolist()]
    return merged(Rules(np.array(at), rules.low, rules.high), em) if at else rules


def _reach(rules: Rules) -> tuple[float, float]:
    return (float(rules.low.min()), float(rules.high.max())) if len(rules.at) else (0.0, 0.0)


def _stops(crossings: Floats, reach: tuple[float, float], em: float) -> list[float]:
    stops = crossings.tolist()
    stops += [end for end in reach if all(abs(end - stop) > _OPEN * em for stop in stops)]
    return sorted(stops)


def _ink_of(rules: Rules, way: _Way) -> Mask:
    """The ink of rules: of each only the rows that are dark along most of it, so that text which touches it stays."""
    found = np.zeros_like(way.all)
    reach = max(2, _thick(way.em) // 2 + 1)
    for at, low, high in zip(*rules, strict=True):
        top, left, right = max(0, round(at) - reach), max(0, int(low) - 3), int(high) + 4
        band = way.all[top : round(at) + reach + 1, left:right]
        dark = band.mean(axis=1) >= _DARK_ROW
        found[top : top + len(band), left:right][dark] |= band[dark]
    return found
