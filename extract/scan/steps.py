"""Whether a rule runs from one crossing to the next: the ink there weighed against what text leaves in such places.

The weights were fitted (logistic regression) to 17,000 steps of forms in eight fonts, their rules broken, pale, faxed,
copied or whole: of the upright ones one in 220 comes out wrong, of the level ones one in 4,000.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from extract.pdf.chars import Bools
from extract.pdf.rules import Rules
from extract.scan.sheet import Floats, Mask

_BAND = 0.1  # of an em: how far from its place a rule may stray
_WINDOW = 4.0  # ems in which it strays by no more than a row
_CORNER = 0.27  # of an em at each end of a step that is left to the rules that cross there and to what they shade
_BESIDE = 0.35  # of an em beyond the band: where what text leaves is measured
_ACROSS = 0.18  # of an em on both sides that a stroke of a character covers which stands across
_STRUCK = 0.25  # of an em at each end where strokes are not looked for
_LEAST = 0.04  # share of ink by which dust and grain are allowed for
_MARKED = 0.45  # share of ink of a step that tells how whole the rules of the page are
_FEWEST = 4  # steps with ink
_GAPPED = 0.07  # share of steps with gaps from which rules are broken
_WHOLE = 0.9  # share of ink from which rules are whole
_WORN = 0.9  # of the share that rules commonly have, unless
_LEAST_WORN = 10  # per cent of them alone have less than a share: where rules are whole, one with gaps is none
_LONG = 6.0  # ems: a longer step tells no more
_FLOWING = 0.35  # of an em: white within a line of one text
_ENDS = (0.12, 0.27)  # of an em from a crossing: where a rule has ink and a stroke of a character has none
_REACH = 0.1  # share of steps with ink that may not reach their crossings where the rules of a page do
_HANGS = -5.0  # what it adds that a step does not
_FAR = 4.0  # ems of white that no text has within itself
_STEADY = (-1.0, 1.5)  # how much the steps before and behind count


_Number = TypeVar("_Number", np.bool_, np.float64)


class _Weights(NamedTuple):
    """What adds to the odds (logarithm): ink, ink by the root of the step's length, a stroke across, the next steps."""

    start: float
    ink: float
    length: float
    struck: float
    next: float


_LEVEL = _Weights(0.2, 0.4, 1.9, -1.0, 1.3)
_UPRIGHT = _Weights(-1.8, 1.1, 0.8, -2.7, 0.7)
_BLANK, _FLOWS = 2.0, -1.75  # text on one side at most; a text that goes on through
_WHITE = ((0.5, 0.6), (1.2, 2.0), (2.5, 4.5))  # ems of white between texts on both sides, and what they add
ONE = 0.5
"""Of an em: pieces of rules closer than this are of one place."""
UNSURE = 2.0
"""Odds (logarithm) between whose opposites it is not certain whether there is a rule."""


class Field(NamedTuple):
    """The page seen so that the rules in question are level: where it looks like a rule, and all ink."""

    cover: Mask
    ink: Mask
    em: float


class Steps(NamedTuple):
    """The steps between crossings (`stops`) of the rules at some places, and the odds (logarithm) that each has one.

    `at` is where each step's rule stands, since one may lean and tables one below the other may have columns that
    nearly meet; `shares` is how much of each step has ink.
    """

    places: Floats
    stops: list[float]
    at: Floats
    shares: Floats
    odds: Floats

    @property
    def broken(self) -> bool:
        """Whether those that have ink have gaps, or fewer than some have any."""
        marked = self.shares[self.shares > _MARKED]
        return len(marked) < _FEWEST or float(np.mean(marked < _WHOLE)) > _GAPPED

    @property
    def there(self) -> NDArray[np.bool_]:
        """Which steps have a rule; those of the frame do wherever anything else is drawn."""
        found: NDArray[np.bool_] = np.asarray(self.odds > 0)
        if found.size:
            drawn = np.asarray(found.any(axis=0))
            for row in (0, -1):
                ends = np.flatnonzero(found[row])
                if len(ends):
                    found[row, ends[0] : ends[-1] + 1] |= drawn[ends[0] : ends[-1] + 1]
        return found

    @property
    def unsure(self) -> Bools:
        """Of which steps it is not certain; the frame is."""
        found = np.asarray(np.abs(self.odds) < UNSURE)
        found[:1] = found[-1:] = False
        return found


def steps_of(field: Field, rules: Rules, places: Floats, stops: list[float], texts: Floats | None) -> Steps:
    """The steps of rules at these places; `rules` are the pieces that were found near them.

    `texts` are boxes of characters, for upright rules, which part them.
    """
    if len(stops) < 2 or not len(places):
        return Steps(places[:0], stops, *[np.zeros((0, 0))] * 3)
    at = _local(rules, places, stops, field.em)
    lengths = np.minimum(np.diff(stops) / field.em - 2 * _CORNER, _LONG)
    shares, beside = _shares_and_beside(field, at, stops)
    ink = _told_by_ink(shares, beside)
    struck = np.array([_by_row(_struck, field, each, stops) for each in at])
    weights = _LEVEL if texts is None else _UPRIGHT
    odds = weights.start + ink * (weights.ink + weights.length * np.sqrt(np.maximum(lengths, 0.0)))
    odds += np.where(struck, weights.struck, 0.0)
    odds += weights.next * _beside(np.where(struck, _STEADY[0], np.clip(ink, *_STEADY)))
    odds += np.where(_hang(field, at, stops, shares), _HANGS, 0.0)
    if texts is not None:
        odds += _told_by_texts(at, places, stops, texts, field.em)
    return Steps(places, stops, at, shares, odds)


def _local(rules: Rules, places: Floats, stops: list[float], em: float) -> Floats:
    """Where each step of each place stands: where the piece does that runs along it, or else the nearest one."""
    owner = np.abs(rules.at[:, None] - places).argmin(axis=1) if len(rules.at) else np.zeros(0, np.int64)
    near = np.abs(rules.at - places[owner]) <= ONE * em
    found = np.repeat(places[:, None], len(stops) - 1, axis=1)
    low, high = np.array(stops[:-1]), np.array(stops[1:])
    for place in range(len(places)):
        own = np.flatnonzero(near & (owner == place))
        if len(own):
            along = np.minimum(rules.high[own, None], high) - np.maximum(rules.low[own, None], low)
            found[place] = rules.at[own][along.argmax(axis=0)]
    return found


def _by_row(
    tell: Callable[[Field, float, list[float]], NDArray[_Number]], field: Field, at: Floats, stops: list[float]
) -> NDArray[_Number]:
    """What `tell` says of steps that may stand in different rows of pixels; most stand in one."""
    rows = np.round(at)
    found = tell(field, float(rows[0]), stops)
    for row in np.unique(rows[rows != rows[0]]).tolist():
        found = np.where(rows == row, tell(field, row, stops), found)
    return found


def _shares_and_beside(field: Field, at: Floats, stops: list[float]) -> tuple[Floats, Floats]:
    """The share of each step that has ink, and the mean of that on both sides of it."""
    band = max(2, round(_BAND * field.em))
    away = round(_BESIDE * field.em) + band
    tell = partial(_shares, band=band)
    shares = np.array([[_by_row(tell, field, each + far, stops) for far in (0, -away, away)] for each in at])
    return shares[:, 0], shares[:, 1:].mean(axis=1)


def _told_by_ink(shares: Floats, beside: Floats) -> Floats:
    """How much likelier the ink of each step is on a rule of this page than beside one."""
    marked = shares[shares > _MARKED]
    common = max(_WORN * float(np.median(marked)), float(np.percentile(marked, _LEAST_WORN))) if len(marked) else 0.6
    without = np.clip(beside, _LEAST, 0.8)
    with_rule = np.clip(np.maximum(common, without + 0.1), None, 0.98)
    found: Floats = shares * np.log(with_rule / without) + (1 - shares) * np.log((1 - with_rule) / (1 - without))
    return found


def _shares(field: Field, place: float, stops: list[float], *, band: int) -> Floats:
    """The share of each step that has ink, in the row of the band that has most of it in each window."""
    height, width = field.cover.shape
    row = min(max(round(place), band), height - band - 1)
    rows = field.cover[row - band : row + band + 1]
    sums = np.zeros((len(rows), width + 1), np.int64)
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    found = np.zeros(len(stops) - 1)
    for at, (low, high) in enumerate(pairwise(stops)):
        first = min(max(round(low + _CORNER * field.em), 0), width - 1)
        last = min(max(round(high - _CORNER * field.em), first + 1), width)
        windows = max(1, round((last - first) / (_WINDOW * field.em)))
        edges = np.linspace(first, last, windows + 1).round().astype(int)
        found[at] = (sums[:, edges[1:]] - sums[:, edges[:-1]]).max(axis=0).sum() / (last - first)
    return found


def _hang(field: Field, at: Floats, stops: list[float], shares: Floats) -> Bools:
    """Which steps have ink that reaches neither of the rules that cross at their ends, where those of rules do.

    So does the stroke of a character that stands where columns meet above or below.
    """
    free = np.array([_by_row(_is_free, field, each, stops) for each in at])
    marked = shares > _MARKED
    common = float(free[marked].mean()) if marked.any() else 1.0
    return np.asarray(free & marked & (common < _REACH))


def _is_free(field: Field, place: float, stops: list[float]) -> Bools:
    """Whether both ends of a step, just beside the rules that cross there, are white."""
    band = max(2, round(_BAND * field.em))
    row = min(max(round(place), band), field.ink.shape[0] - band - 1)
    ink: Bools = np.asarray(field.ink[row - band : row + band + 1].any(axis=0))
    near, far = _ENDS[0] * field.em, _ENDS[1] * field.em
    found = []
    for low, high in pairwise(stops):
        ends = (ink[round(low + near) : round(low + far)], ink[round(high - far) : round(high - near)])
        found.append(all(len(end) > 0 and not end.all() for end in ends))
    return np.array(found)


def _struck(field: Field, place: float, stops: list[float]) -> Bools:
    """Whether a stroke runs across the step, as those of a character do that stands there; a rule ends a stroke."""
    far = max(2, round(_ACROSS * field.em))
    row = min(max(round(place), far + 1), field.ink.shape[0] - far - 2)
    offsets = (-far, -(far // 2) - 1, far // 2 + 1, far)
    across: Bools = np.all([field.ink[row + offset] > 0 for offset in offsets], axis=0)
    inset = _STRUCK * field.em
    parts = ((max(0, round(low + inset)), max(0, round(high - inset))) for low, high in pairwise(stops))
    return np.array([bool(across[first:last].any()) for first, last in parts])


def _beside(told: Floats) -> Floats:
    """The sum of what the steps before and behind each tell."""
    found = np.zeros_like(told)
    found[:, 1:] += told[:, :-1]
    found[:, :-1] += told[:, 1:]
    return found


def _told_by_texts(at: Floats, places: Floats, stops: list[float], boxes: Floats, em: float) -> Floats:
    """What the texts on both sides of upright steps tell: they are in two cells, or one goes on through.

    `boxes` are left, top, right, bottom along the rules. Pieces of ink that lie on a rule may belong to it and tell
    nothing.
    """
    found = np.full((len(places), len(stops) - 1), _BLANK)
    boxes = boxes[_within((boxes[:, 0] + boxes[:, 2]) / 2, np.array(stops)) > 0.25 * em]
    boxes = boxes[_within((boxes[:, 1] + boxes[:, 3]) / 2, places) > 0.12 * em]
    along = np.searchsorted(stops, (boxes[:, 0] + boxes[:, 2]) / 2) - 1
    across = (boxes[:, 1] + boxes[:, 3]) / 2
    for row in range(1, len(places) - 1):
        for col in range(found.shape[1]):
            before, here, behind = at[row - 1 : row + 2, col].tolist()
            left = boxes[(along == col) & (across > before) & (across < here)]
            right = boxes[(along == col) & (across > here) & (across < behind)]
            if len(left) and len(right):
                found[row, col] = _parted(left, right, em)
    return found


def far_apart(steps: Steps, there: Bools, boxes: Floats, em: float) -> list[tuple[int, int]]:
    """The likeliest upright steps in white so wide that no text runs on over it, where none of them has a rule.

    `there` tells which have one; a rule that lost all of its ink is known by what it parts.
    """
    found: list[tuple[int, int]] = []
    if not there.size:
        return found
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    inner = steps.places[1:-1]
    for col, (low, high) in enumerate(pairwise(steps.stops)):
        inside = boxes[(middles > low) & (middles < high)]
        inside = inside[(inside[:, 1] > steps.places[0]) & (inside[:, 3] < steps.places[-1])]
        inside = inside[np.argsort(inside[:, 1])]
        ends = np.maximum.accumulate(inside[:, 3])
        for at in np.flatnonzero(inside[1:, 1] - ends[:-1] > _FAR * em).tolist():
            rows = 1 + np.flatnonzero((inner > ends[at]) & (inner < inside[at + 1, 1]))
            if len(rows) and not there[rows, col].any():
                found.append((int(rows[steps.odds[rows, col].argmax()]), col))
    return found


def _parted(left: Floats, right: Floats, em: float) -> float:
    white, gap = _white(left, right)
    return (_FLOWS if gap < _FLOWING * em else 0.0) + sum(weight for least, weight in _WHITE if white > least * em)


def _white(left: Floats, right: Floats) -> tuple[float, float]:
    """The white between all of two texts, and the narrowest between two characters on one line."""
    beside = np.minimum(left[:, None, 2], right[:, 2]) - np.maximum(left[:, None, 0], right[:, 0])
    line = beside > 0.3 * np.minimum(left[:, None, 2] - left[:, None, 0], right[:, 2] - right[:, 0])
    gaps = np.where(line, right[:, 1] - left[:, None, 3], np.inf)
    return float(right[:, 1].min() - left[:, 3].max()), float(gaps.min())


def _within(middles: Floats, places: Floats) -> Floats:
    """How far each is from the nearest of the places."""
    found: Floats = np.abs(middles[:, None] - places[None, :]).min(axis=1)
    return found


def ruled(steps: Steps, there: Bools) -> Rules:
    """Rules from crossing to crossing along the steps that have one, each in its one place."""
    return _joined(steps, there, np.repeat(steps.places[:, None], there.shape[1], axis=1))


def drawn(steps: Steps, there: Bools) -> Rules:
    """The same where they stand on the page."""
    return _joined(steps, there, steps.at)


def _joined(steps: Steps, there: Bools, places: Floats) -> Rules:
    at, low, high = [], [], []
    for place, row in zip(places, there, strict=True):
        for first, end in _runs(row, place):
            at.append(float(place[first]))
            low.append(steps.stops[first])
            high.append(steps.stops[end])
    return Rules(np.array(at), np.array(low), np.array(high))


def _runs(there: Bools, at: Floats) -> list[tuple[int, int]]:
    """The steps that have a rule, those together that follow one another in one place."""
    found = np.flatnonzero(there)
    if not len(found):
        return []
    parts = np.split(found, np.flatnonzero((np.diff(found) > 1) | (np.diff(at[found]) != 0)) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]
