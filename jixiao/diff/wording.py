"""When two printed texts say the same: spaces, width and punctuation aside, and the years of two budgets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.fuzz import ratio

_SIGNS = str.maketrans(
    {"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹪": "%", "〜": "~", "～": "~", "—": "-", "–": "-", "－": "-"}
)
_WORDY = re.compile(r">=|=>|<=|=<")
_KEPT = "%‰≥≤<>=±+°"
_NOISE = re.compile(rf"(?<=\d)[.:/~\-](?=\d)|[^\w{_KEPT}]|_")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\D|$)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=500_000)
def folded(text: str | None) -> str:
    """A text without what varies between two prints of it; a point or dash between digits stays."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).casefold()
    bare = _NOISE.sub(lambda found: found[0] if found[0] in ".:/~-" and _between_digits(found) else "", plain)
    return _WORDY.sub(lambda found: "≥" if ">" in found[0] else "≤", bare)


def _between_digits(found: re.Match[str]) -> bool:
    first, last = found.span()
    text = found.string
    return first > 0 and last < len(text) and text[first - 1].isdigit() and text[last].isdigit()


def same(old: str | None, new: str | None, roll: int) -> bool:
    """Whether two texts say the same, where years may have moved on by `roll`."""
    one, other = folded(old), folded(new)
    return one == other or (roll != 0 and _rolled(one, other, roll))


def _rolled(one: str, other: str, roll: int) -> bool:
    left, right = _YEAR.split(one), _YEAR.split(other)
    if len(left) != len(right) or len(left) == 1:
        return False
    if left[::2] != right[::2]:
        return False
    return all(int(b) - int(a) in (0, roll) for a, b in zip(left[1::2], right[1::2], strict=True))


@lru_cache(maxsize=500_000)
def yearless(text: str) -> str:
    """A folded text without its years: what names of two years have in common."""
    folded_text = folded(text)
    return _YEAR.sub("", folded_text) or folded_text


def numbers(text: str | None, roll: int = 0) -> list[str]:
    """The numbers in a text, years moved on by `roll`."""
    plain = folded(text)
    if roll:
        plain = _YEAR.sub(lambda found: str(int(found[1]) + roll), plain)
    return sorted(_DIGITS.findall(plain))


def likeness(old: str, new: str) -> float:
    """How alike two texts are, 0 to 1, years aside."""
    return ratio(yearless(old), yearless(new)) / 100
