"""Bytes to text: the encoding is found by content, decoding is strict, and every lost byte is told."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from extract.errors import ReadError, shown
from schemas.audit import Finding

LINE_END = re.compile(r"\r\n|\n|\r")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16 = ("utf-16-le", "utf-16-be")
_LOST = "\ufffd"
_NUL = "\0"
# What Chinese office text is made of: ASCII, typographic and mathematical signs, CJK punctuation and units, Han, full
# width forms, and the invisible characters that word processors leave behind.
_EXPECTED = re.compile(
    r"[\t\n\f\r -~\xa0\xb0-\xb7\xd7\u200b-\u2027\u202a-\u205e\u2066-\u2069\u20ac\u2100-\u22ff\u2460-\u26ff"
    r"\u3000-\u303f\u3200-\u33ff\u4e00-\u9fff\ufe30-\ufe4f\ufeff\uff01-\uffe5]+"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KNOWN_CONTROLS = frozenset("\t\n\v\f\r\x1a")  # \x1a is how DOS marked the end of a text
_LEAST_EXPECTED = 0.95
_LEAST_EVERYDAY = 0.4
_MOST_STRANGE = 0.05


class Decoded(NamedTuple):
    """A text, the Python name of its encoding, and what could not be decoded."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


class _Guess(NamedTuple):
    text: str
    encoding: str
    lost: int  # undecodable bytes, each run of them a U+FFFD in the text


def decode(data: bytes, name: str) -> Decoded:
    """The text in `data`, without its byte order mark; zero-width characters stay.

    Raises ReadError: `damaged` for NULs or too many lost bytes in readable text, `unsupported` for anything else.
    """
    guess = _by_mark(data) or _by_content(data)
    if guess is None:
        raise _refusal(data, name)
    _refuse_binary(guess.text, name)
    return Decoded(guess.text, guess.encoding, (_lost_bytes(guess),) if guess.lost else ())


def _by_mark(data: bytes) -> _Guess | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            found = _strict(body, encoding.removesuffix("-sig")) or (_tolerant(body) if "8" in encoding else None)
            return found and found._replace(encoding=encoding)
    return None


def _by_content(data: bytes) -> _Guess | None:
    if b"\0" in data and (wide := _most_everyday(data, _UTF16)):
        return wide
    utf8 = _strict(data, "utf-8") or _tolerant(data)
    if utf8 and (not utf8.lost or _mostly_multibyte(utf8)):
        return utf8
    # Few bytes of GB18030 among much ASCII look like few damaged bytes of UTF-8: that reading comes last.
    return _most_everyday(data, ("gb18030", *_UTF16)) or utf8


def _strict(data: bytes, encoding: str) -> _Guess | None:
    """The text, or None; only a last character that is cut off is forgiven."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    tail = len(decoder.getstate()[0])
    return _Guess(text + _LOST * bool(tail), encoding, tail)


def _tolerant(data: bytes, one_in: int = 1000) -> _Guess | None:
    """UTF-8 in which at most one byte in `one_in` is lost."""
    text = data.decode("utf-8", "replace")
    kept = len(text.replace(_LOST, "").encode()) + 3 * data.count(_LOST.encode())
    lost = len(data) - kept
    return _Guess(text, "utf-8", lost) if lost * one_in <= len(data) else None


def _mostly_multibyte(guess: _Guess) -> bool:
    """Whether more sequences of UTF-8 are whole than bytes are lost, which no other encoding does by accident."""
    wide = len(guess.text) - len(guess.text.encode("ascii", "ignore")) - guess.text.count(_LOST)
    return wide > guess.lost


def _most_everyday(data: bytes, encodings: tuple[str, ...]) -> _Guess | None:
    """The strict reading with the largest share of everyday Han, None where none looks like Chinese office text."""
    guesses = [guess for encoding in encodings if (guess := _strict(data, encoding)) and _is_expected(guess.text)]
    best = max(guesses, key=lambda guess: _everyday_share(guess.text), default=None)
    return best if best and _everyday_share(best.text) >= _LEAST_EVERYDAY else None


def _is_expected(text: str) -> bool:
    strange = len(_EXPECTED.sub("", text)) - text.endswith(_LOST)
    return strange <= (1 - _LEAST_EXPECTED) * len(text)


@cache
def _everyday_han() -> frozenset[str]:
    """Level 1 of GB 2312: the 3,755 everyday characters, rows 16 to 55; wrong decodings mostly hit rare ones."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in cells))


def _everyday_share(text: str) -> float:
    han = _HAN.findall(text)
    everyday = _everyday_han()
    return sum(char in everyday for char in han) / len(han) if han else 1.0


def _refuse_binary(text: str, name: str) -> None:
    nuls = text.count(_NUL)
    if _strange_share(text) > _MOST_STRANGE:
        raise ReadError("unsupported", f"{shown(name)} is binary data, not text")
    if nuls:
        where = _line(text, _NUL)
        raise ReadError("damaged", f"{shown(name)} is text with {nuls} NUL characters, the first in line {where}")


def _strange_share(text: str) -> float:
    """The share of control characters and code points without a character, NULs left aside."""
    strange = {char for char in set(text) - _KNOWN_CONTROLS if unicodedata.category(char) in {"Cc", "Cn"}}
    if not strange - {_NUL}:
        return 0.0
    rest = text.replace(_NUL, "")
    kept = re.sub(f"[{re.escape(''.join(sorted(strange)))}]+", "", rest)
    return 1 - len(kept) / len(rest)


def _refusal(data: bytes, name: str) -> ReadError:
    if data.startswith(tuple(mark for mark, _ in _MARKS)):
        return ReadError("damaged", f"{shown(name)} cannot be decoded in the encoding that its byte order mark names")
    guess = _tolerant(data, one_in=10)
    if guess and _mostly_multibyte(guess):
        return ReadError("damaged", f"{shown(name)} is UTF-8 text with {guess.lost} undecodable bytes")
    return ReadError("unsupported", f"{shown(name)} is not text in UTF-8, UTF-16 or GB18030")


def _lost_bytes(guess: _Guess) -> Finding:
    where = _line(guess.text, _LOST)
    return Finding(
        pointer="",
        rule="undecodable-bytes",
        severity="error",
        basis="reading",
        message=f"有{guess.lost}个字节无法按{guess.encoding}解码，首处在第{where}行，已记为U+FFFD",
        message_en=f"{guess.lost} bytes cannot be decoded as {guess.encoding}, the first in line {where}; "
        "they stand as U+FFFD",
    )


def _line(text: str, char: str) -> int:
    """The number, from 1, of the first line that holds the character."""
    return 1 + len(LINE_END.findall(text[: text.index(char)]))
