"""Characters that a document takes from a symbol font: their codes are the font's own and say nothing by themselves."""

from __future__ import annotations

# Adobe's Symbol encoding, as far as forms may need it, by the code below U+F000.
_SYMBOL = {
    0x25: "%", 0x28: "(", 0x29: ")", 0x2A: "∗", 0x2B: "+", 0x2C: ",", 0x2D: "−", 0x2E: ".", 0x2F: "/", 0x3A: ":",
    0x3B: ";", 0x3C: "<", 0x3D: "=", 0x3E: ">", 0x3F: "?", 0x40: "≅", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α",
    0x62: "β", 0x64: "δ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x7E: "∼", 0xA0: "€", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄",
    0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
    0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC6: "∅", 0xD0: "∠", 0xD7: "⋅", 0xE5: "∑",
} | {code: chr(code) for code in range(0x30, 0x3A)} | {0x20: " "}  # fmt: skip
_WINGDINGS = {
    0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0xA1: "○", 0xA8: "□",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0xE0: "→", 0xF0: "⇨", 0xA7: "▪", 0xD8: "➢",
} | {0x80: "⓪"} | {0x81 + n: chr(0x2460 + n) for n in range(10)}  # fmt: skip
_WINGDINGS_2 = {0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x2A: "□", 0x97: "●"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}

UNKNOWN = "\ufffd"


def symbol(font: str, code: int) -> str:
    """The character of a code in a symbol font; U+FFFD where it is not known."""
    return _FONTS.get(font.strip().lower(), {}).get(code & 0xFF, UNKNOWN)


def is_private(char: str) -> bool:
    """Whether a character is one of a symbol font, put where Word puts them."""
    return "\uf000" <= char <= "\uf0ff"


def is_symbol_font(font: str) -> bool:
    """Whether the codes of a font are its own."""
    return font.strip().lower() in _FONTS
