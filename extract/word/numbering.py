"""Numbers that Word displays before paragraphs of a list and that are in no text (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from extract.markup import Element, attribute, child, children, whole_number

_LEVELS = 9
_CHINESE = "〇一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 3_999


def _counted(number: int) -> str:
    """二十一, as chineseCounting and its like write it up to 99; beyond, digit by digit."""
    if not 0 < number < 100:
        return "".join(_CHINESE[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _CHINESE[tens]) + ("十" if tens else "") + (_CHINESE[ones] if ones else "")


def _letters(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 260 else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: chr(0x2474 + number - 1) if 0 < number <= 20 else f"({number})",
    "chineseCounting": _counted,
    "chineseCountingThousand": _counted,
    "japaneseCounting": _counted,
    "taiwaneseCounting": _counted,
    "taiwaneseCountingThousand": _counted,
    "ideographDigital": _counted,
    "japaneseDigitalTenThousand": _counted,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts and what stands around the number."""

    start: int
    kind: str
    text: str
    suffix: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def number(self, list_id: str, depth: int) -> tuple[str, bool] | None:
        """The number before the next paragraph, and whether it is known; None where none is displayed."""
        if list_id not in self.lists or not 0 <= depth < _LEVELS:
            return None
        counter, levels = self.lists[list_id]
        level = levels.get(depth)
        if level is None or level.kind in ("bullet", "none"):
            return None
        counts = self.counts.setdefault(counter, [0] * _LEVELS)
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        known = True
        text = level.text
        for at in range(depth + 1):
            each = levels.get(at, level)
            write = _FORMATS.get(each.kind)
            known = known and (write is not None or f"%{at + 1}" not in text)
            count = min(counts[at] or each.start, _MOST)
            text = text.replace(f"%{at + 1}", (write or str)(count))
        return text + (" " if level.suffix == "space" else ""), known


def read_numbering(root: Element | None) -> Numbering:
    """The lists that a numbering part defines."""
    found = Numbering()
    if root is None:
        return found
    abstract = {attribute(each, "abstractNumId"): _levels(each) for each in children(root, "abstractNum")}
    for each in children(root, "num"):
        base = child(each, "abstractNumId")
        key = attribute(base, "val") if base is not None else ""
        levels = dict(abstract.get(key, {}))
        own = False
        for override in children(each, "lvlOverride"):
            own = _override(override, levels) or own
        name = attribute(each, "numId")
        found.lists[name] = (f"num {name}" if own else f"abstract {key}", levels)
    return found


def _levels(element: Element) -> dict[int, Level]:
    return {whole_number(attribute(each, "ilvl")): _level(each) for each in children(element, "lvl")}


def _level(element: Element) -> Level:
    def value(name: str, default: str) -> str:
        found = child(element, name)
        return attribute(found, "val", default) if found is not None else default

    text = re.sub(r"[\uf000-\uf0ff]", "", value("lvlText", ""))
    return Level(whole_number(value("start", "1"), 1), value("numFmt", "decimal"), text, value("suff", "tab"))


def _override(element: Element, levels: dict[int, Level]) -> bool:
    """Put another start or another level in place; gives whether the list then counts for itself."""
    at = whole_number(attribute(element, "ilvl"))
    own = child(element, "lvl")
    if own is not None:
        levels[at] = _level(own)
    start = child(element, "startOverride")
    if start is None:
        return False
    base = levels.get(at, Level(1, "decimal", f"%{at + 1}.", "tab"))
    levels[at] = Level(whole_number(attribute(start, "val"), 1), base.kind, base.text, base.suffix)
    return True
