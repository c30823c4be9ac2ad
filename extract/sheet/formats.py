"""A number as a workbook displays it: number formats of ECMA-376, part 1, 18.8.30 and 18.8.31, as zh-CN shows them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from extract.sheet.dates import is_date, show_date

GENERAL = "General"
_WIDEST = 11  # characters of a number under General
_LONGEST = 255  # characters of a format that Excel takes
_DIGITS = 15  # that Excel keeps of a number

BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0', 6: '"¥"#,##0', 7: '"¥"#,##0.00',
    8: '"¥"#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0;-", 42: '"¥"#,##0;-"¥"#,##0;"¥"-',
    43: "#,##0.00;-#,##0.00;-", 44: '"¥"#,##0.00;-"¥"#,##0.00;"¥"-', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that a file names by number alone, as Excel and WPS show them in Chinese."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<exponent>[eE][+-])'
    r"|(?P<general>General|G/通用格式)|(?P<mark>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f]+)?")
_HOLDERS = "0#?"


class Shown(NamedTuple):
    """What a cell displays, and whether its format was understood; where not, the number stands as under General."""

    text: str
    known: bool = True


class Token(NamedTuple):
    """A piece of a format: a literal, a digit's place ("0#?"), or a sign (. , % E @)."""

    kind: str
    text: str


@lru_cache(maxsize=8192)
def show_number(raw: str, code: str, *, from_1904: bool = False) -> Shown:
    """The number in `raw` as a cell with this format shows it; not a number gives itself, unknown."""
    try:
        value = _kept(Decimal(raw))
    except InvalidOperation:
        return Shown(raw, known=False)
    if not value.is_finite() or value.adjusted() > 308:
        return Shown(raw, known=False)
    section, value, negative = _section(code, value)
    if section is None:
        return Shown(_general(value))
    if not any(token.kind == "G" for token in _tokens(section)) and is_date(section):
        text = show_date(value, section, from_1904=from_1904)
        return Shown(_general(value), known=False) if text is None or negative else Shown(text)
    text = _filled(section, value)
    if text is None:
        return Shown(("-" if negative else "") + _general(value), known=False)
    return Shown(f"-{text}" if negative and re.search("[1-9]", text) else text)


def show_text(text: str, code: str) -> str:
    """A text as a cell with this format shows it."""
    if "@" not in code or code == "@":
        return text
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    tokens = _tokens(section)
    if not any(token.kind == "@" for token in tokens):
        return text
    return "".join(text if token.kind == "@" else token.text for token in tokens)


def _kept(value: Decimal) -> Decimal:
    """The number with the digits that Excel keeps: 0.94999999999999996 is 0.95."""
    if not value.is_finite() or len(value.as_tuple().digits) <= _DIGITS:
        return value
    return Decimal(f"{value:.{_DIGITS - 1}e}")


def _general(value: Decimal) -> str:
    """A number under General: in full where it is whole, else in eleven characters, never with an exponent."""
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}".replace("-0", "0") if not value else f"{value.to_integral_value():f}"
    whole = len(f"{abs(int(value))}")
    places = _WIDEST - 1 - whole
    if abs(value) < Decimal("0.0001"):
        return f"{value.normalize():f}"
    rounded = value.quantize(Decimal(1).scaleb(-max(places, 0)), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(code: str, value: Decimal) -> tuple[str | None, Decimal, bool]:
    """The part of a format for a number (None: General), the number it shows, and whether a minus stands before it."""
    sections = _sections(code)
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, *condition):
                return _plain(section), abs(value), value < 0 and condition is None
        return None, value, False
    numbers = sections[:3] if "@" not in sections[-1] or len(sections) == 1 else sections[:-1][:3]
    if value < 0 and len(numbers) > 1:
        return _plain(numbers[1]), -value, _plain(numbers[1]) is None
    if value == 0 and len(numbers) > 2:
        return _plain(numbers[2]), value, False
    plain = _plain(numbers[0] if numbers and code.strip() else GENERAL)
    return (None, value, False) if plain is None else (plain, abs(value), value < 0)


def _plain(section: str) -> str | None:
    """The section; None where it is General or the text sign, under which numbers stand as under General."""
    bare = re.sub(r"\[[^\]]*\]", "", section).strip()
    return None if bare.lower() in ("general", "@", "g/通用格式") else section


@lru_cache(maxsize=1024)
def _sections(code: str) -> list[str]:
    """The parts between semicolons that stand in no quotes."""
    found = [""]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        if match["mark"] == ";":
            found.append("")
        else:
            found[-1] += match[0]
    return found


def _condition(section: str) -> tuple[str, Decimal] | None:
    for bracket in re.findall(r"\[([^\]]*)\]", section):
        found = _CONDITION.fullmatch(bracket)
        if found:
            return found[1], Decimal(found[2])
    return None


def _holds(value: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": value < bound,
        ">": value > bound,
        "=": value == bound,
        "<=": value <= bound,
        ">=": value >= bound,
        "<>": value != bound,
    }[sign]


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[Token, ...]:
    found: list[Token] = []
    for match in _TOKEN.finditer(section):
        bracket, mark = match["bracket"], match["mark"]
        if match["quoted"] is not None:
            found.append(Token("text", match["quoted"]))
        elif match["escaped"]:
            found.append(Token("text", match["escaped"]))
        elif match["exponent"]:
            found.append(Token("E", match["exponent"]))
        elif match["general"]:
            found.append(Token("G", match["general"]))
        elif bracket is not None:
            currency = _CURRENCY.fullmatch(bracket)
            found.append(Token("text", currency[1]) if currency else Token("bracket", bracket))
        elif mark:
            found.append(Token(mark if mark in "0#?.,%@/" else "text", mark))
    return tuple(found)


def _filled(section: str, value: Decimal) -> str | None:
    """The number in the places of a format; None for fractions and Chinese numerals, which are not rendered."""
    tokens = _tokens(section)
    kinds = [token.kind for token in tokens]
    chinese = any(token.kind == "bracket" and token.text.startswith("DBNum") for token in tokens)
    holders = [at for at, kind in enumerate(kinds) if kind in _HOLDERS]
    if "G" in kinds and not holders:
        return "".join(_general(value) if token.kind == "G" else token.text for token in tokens)
    if chinese or not holders:
        return None if chinese or "/" in kinds else "".join(token.text for token in tokens if token.kind != "bracket")
    if "/" in kinds[holders[0] : holders[-1]]:
        return None
    if "E" in kinds:
        return _scientific(tokens, value)
    return _decimal(tokens, value, holders)


def _decimal(tokens: tuple[Token, ...], value: Decimal, holders: list[int]) -> str:
    kinds = [token.kind for token in tokens]
    point = kinds.index(".") if "." in kinds else len(tokens)
    whole = [at for at in holders if at < point]
    places = [at for at in holders if at > point]
    last = whole[-1] if whole else point
    scale = sum(1 for at in range(last + 1, len(tokens)) if kinds[at] == "," and at not in places)
    scaled = value.scaleb(2 * kinds.count("%") - 3 * scale)
    digits = f"{scaled.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP):f}"
    left, _, right = digits.partition(".")
    grouped = bool(whole) and "," in kinds[whole[0] : last]
    parts = _whole_part(tokens, whole, left.lstrip("0"), grouped=grouped)
    shown = _fraction_part(tokens, places, right)
    out = []
    for at, token in enumerate(tokens):
        if token.kind in _HOLDERS:
            out.append(parts.get(at, "") or shown.get(at, ""))
        elif token.kind == ".":
            out.append(("" if whole else left.lstrip("0")) + ("." if any(shown.values()) or places else ""))
        elif token.kind in ("text", "%", "/"):
            out.append(token.text)
    return "".join(out)


def _whole_part(tokens: tuple[Token, ...], whole: list[int], digits: str, *, grouped: bool) -> dict[int, str]:
    """The digits before the point by place, from the right; the first place takes all that are left."""
    wanted = max(len(digits), sum(1 for at in whole if tokens[at].kind == "0"))
    zeros = next((len(whole) - n for n, at in enumerate(whole) if tokens[at].kind == "0"), 0)
    digits = digits.zfill(max(zeros, 0)) if digits or zeros else ""
    digits = digits.zfill(wanted) if zeros else digits
    found: dict[int, str] = {}
    count = 0
    for order, at in enumerate(reversed(whole)):
        take = digits if order == len(whole) - 1 else digits[-1:]
        digits = "" if order == len(whole) - 1 else digits[:-1]
        text = ""
        for digit in reversed(take):
            text = digit + ("," if grouped and count and count % 3 == 0 else "") + text
            count += 1
        found[at] = text
    return found


def _fraction_part(tokens: tuple[Token, ...], places: list[int], digits: str) -> dict[int, str]:
    """The digits behind the point by place; zeros at the end stand only where the format asks for them."""
    shown = dict(zip(places, digits, strict=False))
    for at in reversed(places):
        if tokens[at].kind == "0" or shown.get(at, "0") != "0":
            break
        shown[at] = ""
    return shown


def _scientific(tokens: tuple[Token, ...], value: Decimal) -> str:
    kinds = [token.kind for token in tokens]
    cut = kinds.index("E")
    places = sum(1 for kind in kinds[kinds.index(".") : cut] if kind in _HOLDERS) if "." in kinds[:cut] else 0
    power = sum(1 for kind in kinds[cut:] if kind in _HOLDERS)
    mantissa, _, exponent = f"{value:.{places}E}".partition("E")
    sign = "-" if exponent.startswith("-") else "+" if tokens[cut].text.endswith("+") else ""
    return f"{mantissa}E{sign}{exponent.lstrip('+-').zfill(power)}"
