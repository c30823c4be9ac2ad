"""Page counters: — 3 —, 第3页 共9页, 3/9, page 3 of 9."""

from __future__ import annotations

import re

SPACES = " \u3000\xa0"
_S = rf"[{SPACES}]*"
_N = r"\d{1,4}"
_DASH = r"[-\u2010-\u2015\u2212\uff0d~\u00b7]{1,3}"
COUNTER = re.compile(
    rf"{_DASH}{_S}{_N}{_S}{_DASH}"
    rf"|第{_S}(?:{_N}|[一二三四五六七八九十百]{{1,5}}){_S}页(?:{_S}[,，/／]?{_S}共{_S}{_N}{_S}页)?"
    rf"|共{_S}{_N}{_S}页{_S}[,，/／]?{_S}第{_S}{_N}{_S}页"
    rf"|{_N}{_S}[/／]{_S}{_N}"
    rf"|page{_S}{_N}(?:{_S}(?:of|/){_S}{_N})?",
    re.IGNORECASE,
)
BARE = re.compile(r"\d{1,3}")
"""A number alone; four digits are a year."""

LONGEST = 400
"""Characters of a counter with the spaces around it."""
