"""Ink to rules: the thin lines of a straight page, pale and broken ones too, as the PDF reader has them.

Pieces that are surely rules tell where rules stand; then each step between two crossings has a rule where enough of it
has ink. So a rule that is broken is whole again, and one that ends at a merged cell ends there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from extract.pdf.chars import Bools
from extract.pdf.rules import Rules, merged
from extract.scan.sheet import Floats, Mask, Sheet

_THICK = 0.22  # of an em: what is thicker is no rule
_TEXT = 2.4  # ems: a piece of ink that is smaller both ways is text, unless it is thin
_SURE = (1.6, 0.9)  # a piece of a rule: ems, and the share of them that has ink
_LONG = (4.0, 0.55)  # likewise of a rule that is broken
_FAINT = (6.0, 0.8)  # likewise of a rule that is only a little darker than the paper
_CONTRAST = 10  # of 255: how much darker
_DARK_ROW = 0.3  # share of a row of a rule that has ink
_SHADE = 5  # likewise, where a rule is known to stand
_ALONE = 2.6  # ems: a shorter piece must touch a crossing rule at both ends, as strokes of letters do not
_TOUCH = 0.3  # of an em
_ONE = 0.5  # of an em: rules closer than this are one
_STEP = (0.42, 0.75)  # share of a step between crossings that must have ink, where rules are broken and where whole
_STROKE = 1.5  # ems: what is shorter both ways is a stroke of a character
_FEWEST = 4  # steps with ink
_GAPPED = 0.2  # share of steps with gaps from which rules are broken
_THROUGH = 0.6  # likewise, where something stands across: the corner of a broken rule more likely than a character
_MARKED = 0.45  # share of ink of a step that surely has a rule, broken or not
_WHOLE = 0.9  # share of ink from which rules are whole
_APART = (0.6, 1.2)  # ems of white between texts of two cells where there is some ink, and where a rule ends
_WIDE, _CORNER = 1.8, 0.22  # ems of white, share of ink
_FLOWING = 0.35  # of an em: white within a line of one text
_ASTRIDE = 0.2  # of an em
_UNSURE = (0.12, 0.6)  # between these shares it is not certain whether there is a rule


class Lines(NamedTuple):
    """The rules of a sheet in its pixels, the ink that belongs to them, and the share of steps that are not certain.

    `level` are the level ones as they were found, where no upright ones tell at which crossings they end.
    """

    rows: Rules
    columns: Rules
    ink: Mask
    unsure: float
    level: Rules


class _Way(NamedTuple):
    """The page seen so that the rules in question are level."""

    thin: Mask
    shade: Mask
    all: Mask
    em: float


def lines_of(sheet: Sheet) -> Lines:
    """The level and upright rules of a straight page; small pieces count only where rules turn out to be broken."""
    found, broken = _lines(sheet, small=False)
    return _lines(sheet, small=True)[0]._replace(level=found.level) if broken else found


def _lines(sheet: Sheet, *, small: bool) -> tuple[Lines, bool]:
    """The rules, and whether they are broken."""
    text, boxes, strokes = _text(sheet.ink, sheet.em, small=small)
    turned = [np.ascontiguousarray(part.T) for part in (sheet.grey, sheet.ink, text)]
    level, upright = _way(sheet.grey, sheet.ink, text, sheet.em), _way(turned[0], turned[1], turned[2], sheet.em)
    rows, columns = _pieces(level), _pieces(upright)
    bare = _settled(rows, sheet.em)
    rows, columns = _anchored(rows, columns, sheet.em), _anchored(columns, rows, sheet.em)
    ys, xs = _places(rows, sheet.em), _places(columns, sheet.em)
    steps = [
        _steps(level, ys, xs, rows, boxes),
        _steps(upright, xs, ys, columns, boxes[:, [1, 0, 3, 2]]),
    ]
    if broken := small or any(step.broken for step in steps):
        steps[1] = _with_texts(steps[1], strokes[:, [1, 0, 3, 2]], sheet.em)
    rows, columns = (_ruled(step, broken=broken) for step in steps)
    unsure = sum(step.unsure for step in steps) / 2 if broken else 0.0
    drawn = rows if len(columns.at) > 1 else bare
    ink = _ink_of(drawn, level) | np.ascontiguousarray(_ink_of(columns, upright).T)
    return Lines(rows, columns, ink, unsure, bare), broken


def _text(ink: Mask, em: float, *, small: bool) -> tuple[Mask, Floats, Floats]:
    """Ink of pieces that have the size of characters and are not thin; thin ones too, unless small pieces count.

    With it the boxes (left, top, right, bottom) of those that are no strokes, and of all that are no longer than one.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1]
    is_text = (size.max(axis=1) < _TEXT * em) & (size.min(axis=1) > max(3.0, _THICK * em))
    is_text[0] = False
    is_stroke = size.max(axis=1) < _STROKE * em
    is_stroke[0] = False
    boxes, strokes = (
        np.concatenate([stats[which, :2], stats[which, :2] + size[which]], axis=1).astype(np.float64)
        for which in (is_text, is_stroke & (size.max(axis=1) > max(2.0, 0.12 * em)))
    )
    if not small:
        is_text |= is_stroke
    return np.asarray(is_text[labels], np.uint8), boxes, strokes


def _way(grey: Mask, ink: Mask, text: Mask, em: float) -> _Way:
    thick = _thick(em)
    bare = cv2.subtract(ink, text)
    thin = cv2.subtract(bare, cv2.morphologyEx(bare, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8)))
    faint = _faint(grey, text, em, thick)
    shade = cv2.subtract(_shade(grey, em), text)
    return _Way(cv2.dilate(thin | faint, np.ones((3, 1), np.uint8)), shade, ink | faint, em)


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
    full = cv2.boxFilter(ink, cv2.CV_32F, (length, 1), normalize=True, borderType=cv2.BORDER_CONSTANT)
    core = (full >= share).astype(np.uint8)
    return np.asarray(cv2.dilate(core, np.ones((1, length), np.uint8)), np.uint8)


def _pieces(way: _Way) -> Rules:
    """Pieces that are surely rules, from their first ink to their last."""
    found = (_dense(way.thin, way.em, *_SURE) | _dense(way.thin, way.em, *_LONG)) & way.thin
    joined = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((1, max(3, round(1.5 * way.em))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    at, low, high = [], [], []
    for number in range(1, count):
        x0, y0, width, height = (int(value) for value in stats[number, :4])
        if width < 1.2 * way.em or height > max(8, 0.5 * way.em):
            continue
        rows = (labels[y0 : y0 + height, x0 : x0 + width] == number).sum(axis=1)
        at.append(y0 + float((rows * np.arange(height)).sum() / rows.sum()))
        low.append(float(x0))
        high.append(float(x0 + width))
    return Rules(np.array(at), np.array(low), np.array(high))


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
    far, found = round(_ONE * em), []
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


class _Steps(NamedTuple):
    """The steps between crossings of the rules at some places.

    Of each the share that has ink, and whether a character stands across it, which no rule cuts through. Of upright
    ones also how many ems of white part the texts on both sides; 0 where there is text on one side only.
    """

    places: Floats
    stops: list[float]
    shares: Floats
    crossed: Bools
    white: Floats | None = None

    @property
    def broken(self) -> bool:
        """Whether those that have ink have gaps, or fewer than some have any."""
        marked = self.shares[self.shares > _MARKED]
        return len(marked) < _FEWEST or float(np.mean(marked < _WHOLE)) > _GAPPED

    @property
    def unsure(self) -> float:
        """The share of steps for which it is not certain whether there is a rule."""
        found = ~self.crossed & (self.shares > _UNSURE[0]) & (self.shares < _UNSURE[1])
        return float(np.mean(found)) if found.size else 0.0


def _steps(way: _Way, places: Floats, crossings: Floats, pieces: Rules, boxes: Floats) -> _Steps:
    stops = _stops(crossings, _reach(pieces), way.em)
    if len(stops) < 2 or not len(places):
        return _Steps(places[:0], stops, np.zeros((0, 0)), np.zeros((0, 0), np.bool_))
    return _Steps(places, stops, _shares(way, places, stops), _crossed(places, stops, boxes, way.em))


def _crossed(places: Floats, stops: list[float], boxes: Floats, em: float) -> Bools:
    """Whether a character stands across a step, with a good part on either side."""
    far = _ASTRIDE * em
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    found = np.zeros((len(places), len(stops) - 1), np.bool_)
    for row, place in enumerate(places.tolist()):
        astride = (boxes[:, 1] < place - far) & (boxes[:, 3] > place + far)
        at = np.searchsorted(stops, middle[astride]) - 1
        found[row, at[(at >= 0) & (at < len(stops) - 1)]] = True
    return found


def _with_texts(steps: _Steps, boxes: Floats, em: float) -> _Steps:
    """Upright steps with what the texts beside them tell: they are in two cells, or one goes on through.

    Pieces of ink that lie on a rule may belong to it and tell nothing.
    """
    white = np.zeros_like(steps.shares)
    flowing = np.zeros(steps.shares.shape, np.bool_)
    boxes = boxes[_within((boxes[:, 0] + boxes[:, 2]) / 2, np.array(steps.stops)) > 0.25 * em]
    boxes = boxes[_within((boxes[:, 1] + boxes[:, 3]) / 2, steps.places) > 0.12 * em]
    along = np.searchsorted(steps.stops, (boxes[:, 0] + boxes[:, 2]) / 2) - 1
    across = (boxes[:, 1] + boxes[:, 3]) / 2
    for row in range(1, len(steps.places) - 1):
        before, here, behind = steps.places[row - 1 : row + 2].tolist()
        for col in range(white.shape[1]):
            left = boxes[(along == col) & (across > before) & (across < here)]
            right = boxes[(along == col) & (across > here) & (across < behind)]
            if not len(left) or not len(right):
                continue
            beside = np.minimum(left[:, None, 2], right[:, 2]) - np.maximum(left[:, None, 0], right[:, 0]) > 0.3 * em
            gaps = np.where(beside, right[:, 1] - left[:, None, 3], np.inf)
            white[row, col] = (right[:, 1].min() - left[:, 3].max()) / em
            flowing[row, col] = float(gaps.min()) < _FLOWING * em
    return steps._replace(white=white, crossed=steps.crossed | flowing)


def _within(middles: Floats, places: Floats) -> Floats:
    """How far each is from the nearest of the places."""
    if not len(places):
        return np.full(len(middles), np.inf)
    found: Floats = np.abs(middles[:, None] - places[None, :]).min(axis=1)
    return found


def _ruled(steps: _Steps, *, broken: bool) -> Rules:
    """Rules from crossing to crossing, where enough of the steps between has ink."""
    there = _voted(steps) if broken else steps.shares >= np.where(steps.crossed, _WHOLE, _STEP[1])
    at, low, high = [], [], []
    for place, row in zip(steps.places.tolist(), there, strict=True):
        edges = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0, append=0))
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            at.append(place)
            low.append(steps.stops[first])
            high.append(steps.stops[end])
    return Rules(np.array(at), np.array(low), np.array(high))


def _voted(steps: _Steps) -> Bools:
    """Where broken rules run: no character stands across, and the step or those before and behind it have ink."""
    there = steps.shares >= np.where(steps.crossed, _THROUGH, _STEP[0])
    if not there.size:
        return there
    if steps.white is not None:
        beside = np.zeros_like(there)
        beside[:, 1:] |= there[:, :-1]
        beside[:, :-1] |= there[:, 1:]
        parted = ((steps.white > _APART[0]) & (steps.shares > _UNSURE[0])) | ((steps.white > _APART[1]) & beside)
        corner = (steps.white > _WIDE) & (steps.shares > _CORNER)  # what stands across is of the rule itself
        there |= parted & (~steps.crossed | corner)
    between = np.zeros_like(there)
    between[:, 1:-1] = there[:, :-2] & there[:, 2:]
    there |= between & ~steps.crossed & (steps.shares > _UNSURE[0])
    for row in (0, -1):  # the frame has no gaps
        found = np.flatnonzero(there[row])
        if len(found):
            there[row, found[0] : found[-1] + 1] = True
    if steps.white is not None:  # between two tables the frame has no ink
        there &= np.maximum(steps.shares[0], steps.shares[-1]) > _STEP[0]
    return there


def _stops(crossings: Floats, reach: tuple[float, float], em: float) -> list[float]:
    stops = [stop for stop in crossings.tolist() if reach[0] - em < stop < reach[1] + em]
    stops += [end for end in reach if all(abs(end - stop) > em for stop in stops)]
    return sorted(stops)


def _shares(way: _Way, places: Floats, stops: list[float]) -> Floats:
    """For each place and step the share that has ink, or is darker than both of its sides."""
    band, inset = max(2, round(0.1 * way.em)), 0.1 * way.em
    shares = np.zeros((len(places), len(stops) - 1))
    for row, place in enumerate(places.tolist()):
        rows = way.thin[max(0, round(place) - band) : round(place) + band + 1]
        shades = way.shade[max(0, round(place) - 1) : round(place) + 2]
        if not len(rows) or not len(shades):
            continue
        covered = np.maximum(rows.max(axis=0), shades.max(axis=0))
        for col, (left, right) in enumerate(pairwise(stops)):
            inner = covered[round(left + inset) : round(right - inset)]
            shares[row, col] = inner.mean() if len(inner) else 0.0
    return shares


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
