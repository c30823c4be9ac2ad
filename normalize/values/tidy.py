"""The text of a value as a person would type it."""

from __future__ import annotations

import re

OPERATOR_GLYPHS: dict[str, str] = {
    "≧": "≥",
    "⩾": "≥",
    ">=": "≥",
    "=>": "≥",
    "≦": "≤",
    "⩽": "≤",
    "<=": "≤",
    "=<": "≤",
    "＞": ">",
    "﹥": ">",
    "＜": "<",
    "﹤": "<",
    "＝": "=",
    "﹦": "=",
    "═": "=",
}
"""Printed operator -> the one glyph of it; pairs are looked for after the single ones are mapped."""

_WIDE_DIGITS = dict(zip("０１２３４５６７８９", "0123456789", strict=True))
_INVISIBLE = dict.fromkeys(("\u200b", "\u2060", "\ufeff"), "")
_GLYPHS = str.maketrans(
    {glyph: plain for glyph, plain in OPERATOR_GLYPHS.items() if len(glyph) == 1}
    | _WIDE_DIGITS
    | _INVISIBLE
    | {"％": "%", "﹪": "%"}
    # Halves of a character cannot be written as UTF-8, so no file can hold them.
    | dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")
)
_PAIRS = {pair: plain for pair, plain in OPERATOR_GLYPHS.items() if len(pair) == 2}
_PAIR = re.compile("|".join(map(re.escape, _PAIRS)))

# Brackets of titles and quotation marks in place of a comparison: 〉95%, 〈=5天. They open or close nothing there.
_ANGLE = re.compile(r"^([〉》›»]|[〈《‹«])(?=\s*[=＝]?\s*[0-9０-９])(?![^〉》›»]*[〉》›»])")

# CJK characters, their punctuation and squared units, full-width forms, operators, percent signs.
_TIGHT = "\u3001-\u303f\u3300-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff65≥≤><=±%‰℃"
_TYPESETTING = re.compile(rf"(?<=[{_TIGHT}])\s+(?=[{_TIGHT}0-9])|(?<=[0-9])\s+(?=[{_TIGHT}])")

# Only for reading: the text keeps its punctuation.
_PLAIN = str.maketrans(
    {
        "（": "(",
        "）": ")",
        "，": ",",
        "；": ";",
        "：": ":",
        "．": ".",
        "／": "/",
        "＊": "*",
        "＋": "+",
        "！": "!",
        "～": "~",
        "〜": "~",
        "∼": "~",
        "－": "-",
        "−": "-",
        "﹣": "-",
        # Dashes stay apart from the hyphen, which may be a minus sign.
        "•": "·",
        "・": "·",
        "∙": "·",
        "⋅": "·",
        "—": "–",
        "―": "–",
        "＿": "_",
        "Ｘ": "X",
        "ｘ": "x",
    }
)
_ENDING = "。;,.、!"
# What is left of the spaces: kept within numbers, words and behind a leading dash, where it may mean something.
_LOOSE = re.compile(r"(?<![0-9A-Za-z.,\s])(?<!^[-–])\s+|\s+(?![0-9A-Za-z.,\s])|(?<=[0-9])\s+(?=[A-Za-z])")


_TIDY = re.compile("[0-9A-Za-z.,%‰≥≤/、，。；（）()+\u4e00-\u9fff-]*+")


def is_tidy(text: str) -> bool:
    """Whether a text has only characters that always stay as they are, as most values have."""
    return _TIDY.fullmatch(text) is not None


def map_glyphs(text: str) -> str:
    """`text` with one glyph for each operator and ASCII digits and percent signs; characters without width go."""
    if is_tidy(text):
        return text
    text = _ANGLE.sub(_one_angle, text)
    return _PAIR.sub(_one_glyph, text.translate(_GLYPHS))


def tidy_value(text: str) -> str:
    """`text` with its glyphs mapped (`map_glyphs`) and no typesetting spaces.

    Spaces go between CJK characters, digits, operators and percent signs; never between two digits, where only
    evidence can tell a split number from two. Tidying twice is tidying once. No digit is lost.
    """
    if is_tidy(text):
        return text
    tight = _TYPESETTING.sub("", map_glyphs(text).strip())
    return _PAIR.sub(_one_glyph, tight)  # "> =" is a pair only now


def _one_angle(angle: re.Match[str]) -> str:
    return ">" if angle[1] in "〉》›»" else "<"


def _one_glyph(pair: re.Match[str]) -> str:
    return _PAIRS[pair[0]]


def reading_form(tidied: str) -> str:
    """A tidied text as the readers of this package want it: ASCII punctuation, no loose spaces or closing marks."""
    plain = tidied.translate(_PLAIN)
    return _LOOSE.sub("", plain).rstrip(_ENDING)
