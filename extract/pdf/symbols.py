"""Signs of symbol fonts that come out at private code points, or as the letters at whose places they stand.

Symbol and Wingdings have no Unicode names for their signs in old exports; U+F000 plus the byte is all that is left.
Byte to sign: Adobe's Symbol encoding (PDF 32000-1, D.5), and Microsoft's Wingdings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FIRST, _LAST = 0xF020, 0xF0FF

_SYMBOL = {
    **{byte: byte for byte in range(0x20, 0x40) if chr(byte) not in "\"$'*-"},
    0x2A: 0x2217,
    0x2D: 0x2212,
    0x5B: 0x5B,
    0x5D: 0x5D,
    0x6D: 0xB5,
    0xA3: 0x2264,
    0xA5: 0x221E,
    0xB0: 0xB0,
    0xB1: 0xB1,
    0xB3: 0x2265,
    0xB4: 0xD7,
    0xB7: 0x2022,
    0xB8: 0xF7,
    0xB9: 0x2260,
    0xBB: 0x2248,
    0xBC: 0x2026,
    0xD6: 0x221A,
    0xE5: 0x2211,
}
_WINGDINGS = {
    0x52: 0x2611,
    0x6C: 0x25CF,
    0x6E: 0x25A0,
    0x6F: 0x25A1,
    0x71: 0x25A1,
    0xA8: 0x25FB,
    0xFB: 0x2717,
    0xFC: 0x2713,
    0xFD: 0x2612,
    0xFE: 0x2611,
}
_LATIN = (0xA3, 0xB3, 0xB9, 0xBB)  # ≤ ≥ ≠ ≈ of the font Symbol, where a writer took it for a Latin one


_MAYBE = np.zeros(0x10000, np.bool_)
_MAYBE[[*range(_FIRST, _LAST + 1), *_LATIN]] = True


def is_symbol(code: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which code points may be signs of a symbol font."""
    found: NDArray[np.bool_] = _MAYBE[np.minimum(code, 0xFFFF)]
    return found


def symbol_of(code: int, font: str) -> int:
    """The code point of a sign by the name of its font; itself where the name tells nothing, so that it is flagged."""
    name = font.lower()
    table = _WINGDINGS if "wingdings" in name else _SYMBOL if "symbol" in name else {}
    return table.get(code & 0xFF, code)
