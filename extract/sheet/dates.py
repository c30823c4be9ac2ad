"""Serial numbers of workbooks as dates and times, as a format shows them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|(?P<elapsed>\[(?:h+|m+|s+)\])|(?P<bracket>\[[^\]]*\])'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<part>y+|e+|m+|d+|a{3,4}|h+|s+|b+)|(?P<split>\.0+)|(?P<mark>.)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_DAY = 2_958_465  # 9999-12-31
_WEEK = "一二三四五六日"
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_SYSTEM = {"$-F800": 'yyyy"年"m"月"d"日"', "$-F400": "h:mm:ss"}


@lru_cache(maxsize=1024)
def is_date(section: str) -> bool:
    """Whether a format shows a date or a time: it has letters of one and no place for a digit."""
    parts = list(_TOKEN.finditer(section))
    digits = any(match["mark"] in ("0", "#", "?") for match in parts if match["mark"])
    dated = any(match["part"] or match["elapsed"] or match["noon"] for match in parts)
    return (dated and not digits) or any(f"[{code}]" in section.upper() for code in _SYSTEM)


def show_date(value: Decimal, section: str, *, from_1904: bool) -> str | None:
    """The date and time of a serial number; None where there is none (negative, or beyond the year 9999)."""
    for code, usual in _SYSTEM.items():
        if f"[{code}]" in section.upper():
            section = usual
    parts = _parts(section)
    decimals = max((len(text) - 1 for kind, text in parts if kind == "split"), default=0)
    moment = _moment(value, decimals, from_1904=from_1904)
    if moment is None:
        return None
    noon = any(kind == "noon" for kind, _ in parts)
    return "".join(_shown(kind, text, moment, value, noon=noon) for kind, text in parts)


def _moment(value: Decimal, decimals: int, *, from_1904: bool) -> datetime | None:
    if from_1904:
        value += 1462
    if not 0 <= value < _LAST_DAY + 1:
        return None
    seconds = (value * 86_400).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    base = datetime(1899, 12, 31) if value < 60 else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
    return base + timedelta(microseconds=int(seconds * 1_000_000))  # 1900 is taken for a leap year


@lru_cache(maxsize=1024)
def _parts(section: str) -> tuple[tuple[str, str], ...]:
    """The parts of a format; months beside hours or seconds are minutes."""
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(section):
        if match["quoted"] is not None:
            found.append(("text", match["quoted"]))
        elif match["escaped"] or match["mark"]:
            found.append(("text", match["escaped"] or match["mark"]))
        elif match["elapsed"]:
            found.append(("elapsed", match["elapsed"][1:-1].lower()))
        elif match["noon"]:
            found.append(("noon", match["noon"]))
        elif match["part"]:
            found.append((match["part"][0].lower(), match["part"].lower()))
        elif match["split"]:
            found.append(("split", match["split"]))
    clock = [at for at, (kind, _) in enumerate(found) if kind not in ("text", "noon", "split")]
    for order, at in enumerate(clock):
        before = found[clock[order - 1]] if order else ("", "")
        after = found[clock[order + 1]] if order + 1 < len(clock) else ("", "")
        hour_before = before[0] == "h" or (before[0] == "elapsed" and before[1][0] == "h")
        if found[at][0] == "m" and (hour_before or after[0] == "s"):
            found[at] = ("minute", found[at][1])
    return tuple(found)


def _shown(kind: str, text: str, at: datetime, value: Decimal, *, noon: bool) -> str:  # noqa: PLR0911 - one a part
    size = len(text)
    if kind == "text":
        return text
    if kind in ("y", "e", "b"):
        return f"{at.year % 100:02}" if size <= 2 and kind == "y" else f"{at.year:04}"
    if kind == "m":
        names = {3: _MONTHS[at.month - 1][:3], 4: _MONTHS[at.month - 1], 5: _MONTHS[at.month - 1][0]}
        return names.get(size, f"{at.month:0{min(size, 2)}}")
    if kind == "d":
        return {3: _DAYS[at.weekday()][:3], 4: _DAYS[at.weekday()]}.get(size, f"{at.day:0{min(size, 2)}}")
    if kind == "a":
        return ("星期" if size == 4 else "") + _WEEK[at.weekday()]
    if kind == "noon":
        late = at.hour >= 12
        return ("下午" if late else "上午") if "午" in text else text.split("/")[late]
    if kind == "split":
        return f".{at.microsecond:06}"[: len(text)]
    if kind == "elapsed":
        seconds = int((value * 86_400).to_integral_value(ROUND_HALF_UP))
        return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{size}}"
    number = {"h": (at.hour + 11) % 12 + 1 if noon else at.hour, "minute": at.minute, "s": at.second}[kind]
    return f"{number:0{min(size, 2)}}"
