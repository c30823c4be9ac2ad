"""Characters weighed against their ink, where the recogniser's own probabilities tell little."""

from __future__ import annotations

from extract.scan.engine import Mark, Picture, folded
from extract.scan.ink import darkness_of, has_raised, has_three_rings, is_barred, is_raised

_BARRED = {"≥": ">", "≧": ">", "≤": "<", "≦": "<"}
_PLAIN = {">": "≥", "＞": "≥", "<": "≤", "＜": "≤"}
_BARS = str.maketrans("≥≧≤≦＞＜", ">><<><")
_SQUARES = frozenset("2²")
_PERCENT, _RING = frozenset("%％"), frozenset("0oO")
_WEIGHED = frozenset({*_BARRED, *_PLAIN, *_PERCENT, "m"})
_UNREAD = 0.5  # the probability of a character of whose strokes one was not read


def without_bars(text: str) -> str:
    """A text in which ≥ is no other sign than >, nor ≤ than <."""
    return text.translate(_BARS)


def with_bar(text: str, other: str) -> bool:
    """Whether another reading of a text differs from it by nothing but bars that it has more."""
    bars = sum(char in _BARRED for char in other) - sum(char in _BARRED for char in text)
    return bars > 0 and without_bars(folded(text)) == without_bars(folded(other))


def weighed(marks: list[Mark], strip: Picture) -> tuple[list[Mark], bool]:
    """The characters with what their ink says of comparison signs, raised figures and the rings of ‰.

    Also whether it bears out every comparison sign as it was read, with a bar or without.
    """
    whole = [mark for mark in marks if mark.char.strip()]
    if not any(mark.char in _WEIGHED for mark in whole):
        return marks, False
    dark, found, told = darkness_of(strip), dict[int, Mark](), []
    for at, mark in enumerate(whole):
        if mark.char in _BARRED or mark.char in _PLAIN:
            barred = is_barred(dark, whole, at)
            told.append(barred is (mark.char in _BARRED))
            found[id(mark)] = _with_bar(mark, barred)
        elif mark.char in _SQUARES and at and whole[at - 1].char == "m" and is_raised(dark, whole, at):
            found[id(mark)] = _gained(mark._replace(char="²"), _SQUARES)
        elif mark.char in _PERCENT and not _has_ring(whole, at) and has_three_rings(dark, whole, at):
            found[id(mark)] = _instead(mark, "‰")
        elif mark.char == "m" and _ends(whole, at) and has_raised(dark, whole, at):
            found[id(mark)] = _instead(mark, "㎡")
    return [found.get(id(mark), mark) for mark in marks], bool(told) and all(told)


def _instead(mark: Mark, other: str) -> Mark:
    """A character in doubt, with what its ink looks like."""
    return mark._replace(sure=min(mark.sure, _UNREAD), rivals=((other, 1 - _UNREAD), *mark.rivals))


def _has_ring(marks: list[Mark], at: int) -> bool:
    """Whether the third ring of a ‰ was read behind a %."""
    return at + 1 < len(marks) and marks[at + 1].char in _RING


def _ends(marks: list[Mark], at: int) -> bool:
    """Whether a letter ends its word: no other letter and no figure was read behind it."""
    return at + 1 == len(marks) or not (marks[at + 1].char.isdigit() or marks[at + 1].char.isascii())


def _with_bar(mark: Mark, barred: bool | None) -> Mark:
    """A comparison sign with what its ink says of a bar below: rivals that it denies count for the sign."""
    twins = frozenset(each for each in (*_BARRED, *_PLAIN) if without_bars(each) == without_bars(mark.char))
    if barred is (mark.char in _BARRED):
        return _gained(mark, twins)
    if barred is None and mark.char in _BARRED:
        return mark
    char, other = mark.char, _BARRED.get(mark.char) or _PLAIN[mark.char]
    if barred and any(rival in _BARRED and rival in twins for rival, _ in mark.rivals):
        char, other = other, char  # the recogniser itself nearly read the bar
    others = tuple(each for each in mark.rivals if each[0] not in twins)
    return Mark(char, min(mark.sure, _UNREAD), mark.at, ((other, 1 - _UNREAD), *others))


def _gained(mark: Mark, twins: frozenset[str]) -> Mark:
    """A character to which the probabilities of its twins are given."""
    gained = sum(sure for rival, sure in mark.rivals if rival in twins)
    rivals = tuple(each for each in mark.rivals if each[0] not in twins)
    return mark._replace(sure=min(1.0, mark.sure + gained), rivals=rivals)
