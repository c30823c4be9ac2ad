"""Numbers as printed, in digits or in Chinese numerals; always Decimal, exact to the printed digits."""

from __future__ import annotations

import re
from decimal import Decimal

# No leading zeros: 05 and 019001 are codes as often as numbers. Commas only in legal groups of three.
NUMBER = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|0(?![0-9])|[1-9][0-9]*)(?:\.[0-9]+)?")
NUMERAL = re.compile(r"([零〇一二两三四五六七八九十百千万亿]{1,24})(?:点([零〇一二三四五六七八九]{1,24}))?")

_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


def to_decimal(printed: str) -> Decimal:
    """The number of a match of `NUMBER`."""
    return Decimal(printed.replace(",", ""))


def chinese_number(numeral: re.Match[str]) -> Decimal | None:
    """The number of a match of `NUMERAL` (十五 is 15, 两百 200, 三点五 3.5); null where it is none (百, 一二三)."""
    # Importing takes longer than a whole form, and few documents hold a Chinese numeral.
    import cn2an  # noqa: PLC0415

    try:
        whole = cn2an.cn2an(numeral[1].replace("两", "二"), "strict")
    except ValueError:
        return None
    fraction = (numeral[2] or "").translate(_DIGITS)
    return Decimal(f"{whole}.{fraction}") if fraction else Decimal(whole)
