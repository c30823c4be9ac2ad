"""The one error of this room: a source that cannot be read, with a stable code and a sentence for the user."""

from __future__ import annotations

from typing import Literal

ReadCode = Literal[
    "damaged", "encrypted", "missing-part", "not-a-table", "out-of-memory", "timeout", "too-large", "unsupported"
]
_LONGEST_MESSAGE = 300


class ReadError(Exception):
    """A source could not be read: `code` is stable, `message` one English sentence on one line."""

    def __init__(self, code: ReadCode, message: str) -> None:
        super().__init__(code, message)  # both in args, so that the error survives pickling
        self.code: ReadCode = code
        self.message = shown(message, _LONGEST_MESSAGE)

    def __str__(self) -> str:
        return self.message


def shown(text: str, longest: int = 80) -> str:
    """Untrusted text, safe to print: at most `longest` characters and no line breaks, control or bidi characters."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)
