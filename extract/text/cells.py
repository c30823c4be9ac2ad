"""A row to its cells under each delimiter: fields with or without quotes, pipes of Markdown, runs of spaces."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from extract.text.lines import Row

Delimiter = Literal["\t", "|", ",", ";", " ", ""]


class Piece(NamedTuple):
    """What stands between two delimiters: characters `first` to `end` of `line`, or of `end_line`."""

    col: int
    text: str
    line: int
    first: int
    end: int
    end_line: int | None = None


def split(row: Row, sep: Delimiter) -> list[Piece]:
    """The cells that are not blank; those between pipes have a function of their own."""
    if sep in FIELD:
        return _fields(row, sep)
    return _spaced(row) if sep else _whole(row)


def is_split(row: Row, sep: Delimiter) -> bool:
    """Whether the row has more than one cell, blank or not."""
    if sep in FIELD:
        return width(row, sep) > 1
    if sep == "|":
        return bool(PIPE.search(row.head))
    return bool(sep and _GAP.search(row.head)) and sum(not chunk.isspace() for chunk in _CHUNK.findall(row.head)) > 1


# Fields.


def _field(sep: str, inner: str) -> re.Pattern[str]:
    return re.compile(rf'(?:"(?P<quoted>(?:{inner}|"")*+)"|(?P<plain>[^{sep}\n]*))(?P<end>{sep}|\n|\Z)')


# In pasted tabs two unbalanced quotes in different cells are likelier than a tab inside a quoted cell.
FIELD: dict[Delimiter, re.Pattern[str]] = {
    "\t": _field("\t", r'[^"\t]++'),
    ",": _field(",", r'[^"]++'),
    ";": _field(";", r'[^"]++'),
}


def width(row: Row, sep: Delimiter) -> int:
    """The number of fields, blank or not."""
    pieces = quoted(row, sep) if '"' in row.text else None
    return len(pieces) if pieces else row.head.count(sep) + 1


def _fields(row: Row, sep: Delimiter) -> list[Piece]:
    if '"' in row.text and (pieces := quoted(row, sep)):
        return [piece for piece in pieces if piece.text and not piece.text.isspace()]
    pieces = []
    first = row.start
    for col, text in enumerate(row.text.split(sep)):
        end = first + len(text)
        if text and not text.isspace():
            pieces.append(Piece(col, text, row.number, first, end))
        first = end + 1
    return pieces


def quoted(row: Row, sep: Delimiter) -> list[Piece] | None:
    """All fields of a row with quotes (RFC 4180); None where a line ends outside quotes before the row does."""
    pieces: list[Piece] = []
    line, shift = row.number, row.start  # `shift` leads from a character's place in the row to that in its line
    for found in FIELD[sep].finditer(row.text):
        group = "plain" if found["quoted"] is None else "quoted"
        text = found[group]
        at, end = found.span(group)
        number, first = line, at + shift
        if group == "quoted":
            if "\n" in text:
                line += text.count("\n")
                shift = -1 - row.text.rindex("\n", at, end)
            text = text.replace('""', '"')
        pieces.append(Piece(len(pieces), text, number, first, end + shift, None if line == number else line))
        if found["end"] == "\n":
            return None
        if not found["end"]:
            break
    return pieces


# Pipes.

PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)


def split_pipes(row: Row, *, outer: bool) -> list[Piece]:
    """The cells between unescaped pipes that are not blank; what stands before an `outer` pipe is no column."""
    parts = PIPE.split(row.text)
    framed = outer and len(parts) > 1 and not parts[0].strip()
    pieces: list[Piece] = []
    at = row.start
    for col, part in enumerate(parts, -1 if framed else 0):
        text = part.strip()
        first = at + part.find(text)
        shown = _BREAK.sub("", text.replace("\\|", "|")) if "<" in text or "\\" in text else text
        if shown and not shown.isspace():
            pieces.append(Piece(col, shown, row.number, first, first + len(text)))
        at += len(part) + 1
    return pieces


# Spaces.

# Single spaces belong to the text, longer runs (also of full-width and no-break spaces) are the gap between cells.
_GAP = re.compile(r"[ \u3000\xa0]{2}")
_CHUNK = re.compile(r"[^ \u3000\xa0]+(?:[ \u3000\xa0][^ \u3000\xa0]+)*+")


def _spaced(row: Row) -> list[Piece]:
    pieces: list[Piece] = []
    for chunk in _CHUNK.finditer(row.text):
        text = chunk[0].strip()
        if text:
            first = row.start + chunk.start() + chunk[0].find(text)
            pieces.append(Piece(len(pieces), text, row.number, first, first + len(text)))
    return pieces


def _whole(row: Row) -> list[Piece]:
    text = row.text.strip()
    first = row.start + row.text.find(text)
    return [Piece(0, text, row.number, first, first + len(text))] if text else []
