"""What is printed at the edges of pages and is not of the document.

Page counters (— 3 —, 第3页 共9页, 3/9, page 3 of 9), and what browsers print: the address, the day and the time.
"""

from __future__ import annotations

import re

SPACES = " \u3000\xa0"
_S = rf"[{SPACES}]*"
_N = r"\d{1,4}"
_DASH = r"[-\u2010-\u2015\u2212\uff0d~\u00b7]{1,3}"
_DAY = r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日)"
_STAMP = rf"{_DAY}[,，]?{_S}(?:上午|下午)?{_S}\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:{_S}[AP]M)?"
_ADDRESS = r"(?:https?|file)://\S+"
_OF = rf"{_N}{_S}(?:[/／]|of){_S}{_N}"
COUNTER = re.compile(
    rf"{_DASH}{_S}{_N}{_S}{_DASH}"
    rf"|第{_S}(?:{_N}|[一二三四五六七八九十百]{{1,5}}){_S}页(?:{_S}[,，/／]?{_S}共{_S}{_N}{_S}页)?"
    rf"|共{_S}{_N}{_S}页{_S}[,，/／]?{_S}第{_S}{_N}{_S}页"
    rf"|(?:{_ADDRESS}{_S})?{_OF}(?:{_S}{_STAMP})?"
    rf"|page{_S}{_N}(?:{_S}(?:of|/){_S}{_N})?",
    re.IGNORECASE,
)
PRINTED = re.compile(rf"{_STAMP}(?!\d)|{_ADDRESS}")
"""What a line that a browser prints at the edge of each page holds, beside the page's title."""
BARE = re.compile(r"\d{1,3}")
"""A number alone; four digits are a year."""

LONGEST = 400
"""Characters of a counter with the spaces around it."""
