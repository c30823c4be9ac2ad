"""Text to Document: lines, page cuts, delimiters and cells, each cell with the exact place it stood.

A line may hold a form feed; its parts stand on different pages. A row is one part, or several where a quoted cell
runs over lines. A block is the rows between two cuts.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import pairwise
from typing import Literal, NamedTuple

from extract.decoding import LINE_END, decode
from extract.errors import ReadError, shown
from schemas.audit import Source
from schemas.table import Cell, Document, Page, Table
from schemas.text import Text, TextPlace

MAX_BYTES = 32 * 2**20
MAX_LINE = 200_000

Delimiter = Literal["\t", "|", ",", ";", " ", ""]
_MEDIA_TYPES: dict[Delimiter, str] = {"|": "text/markdown", ",": "text/csv", ";": "text/csv"}


class _Line(NamedTuple):
    """A line, or its part behind a form feed, which then begins at character `start` > 0."""

    number: int
    start: int
    text: str


class _Piece(NamedTuple):
    """What stands between two delimiters: characters `first` to `end` of `line`, or of `end_line`."""

    col: int
    text: str
    line: int
    first: int
    end: int
    end_line: int | None = None


class _Block(NamedTuple):
    """The cells of each row of a block; whether any row has a delimiter; whether the columns are known."""

    rows: list[list[_Piece]]
    has_table: bool
    aligned: bool


_Row = tuple[_Line, ...]


def read_text(data: bytes, name: str) -> Document:
    """The pages of a plain text, a CSV file or a Markdown text, one table a page.

    Raises ReadError: `too-large` beyond MAX_BYTES or a line beyond MAX_LINE characters, `not-a-table` where nothing is
    in it, and what decoding refuses.
    """
    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{shown(name)} holds {len(data)} bytes of text; the limit is {MAX_BYTES}")
    decoded = decode(data, name)
    blocks, marked = _cut(_rows(_lines(decoded.text, name)))
    delimiters, main = _delimiters(blocks)
    pages = _pages(_read_blocks(blocks, delimiters))
    if not pages:
        raise ReadError("not-a-table", f"{shown(name)} is empty")
    digest = hashlib.sha256(data).hexdigest()
    source = Source(re.split(r"[/\\]", name)[-1], digest, _MEDIA_TYPES.get(main, "text/plain"), len(pages))
    return Document(source, "text", pages, marked or len(pages) > 1, decoded.findings)


# Lines and rows.


def _lines(text: str, name: str) -> list[_Line]:
    """The lines, cut at CR LF, LF and CR only (str.splitlines knows seven more), and parts at form feeds."""
    found: list[_Line] = []
    for number, line in enumerate(LINE_END.split(text), 1):
        if len(line) > MAX_LINE:
            raise ReadError(
                "too-large", f"{shown(name)}, line {number} holds {len(line)} characters; the limit is {MAX_LINE}"
            )
        start = 0
        for part in line.split("\f"):
            found.append(_Line(number, start, part))
            start += len(part) + 1
    return found


def _rows(lines: list[_Line]) -> list[_Row]:
    """The lines as rows; a quoted cell that runs over lines makes them one row."""
    sep = _quoting(lines)
    rows: list[_Row] = []
    at = 0
    while at < len(lines):
        size = _row_size(lines, at, sep)
        rows.append(tuple(lines[at : at + size]))
        at += size
    return rows


def _quoting(lines: list[_Line]) -> Delimiter:
    """The delimiter beside which quotes count; cells with line breaks are joined before the cuts are known."""
    counts = {sep: sum(sep in line.text for line in lines) for sep in _LONGEST_QUOTE}
    commas: tuple[Delimiter, Delimiter] = (",", ";")
    return "\t" if counts["\t"] else max(commas, key=lambda sep: counts[sep])


# Excel pastes short cells; a CSV export may hold the indicator tree of a whole department in one.
_LONGEST_QUOTE: dict[Delimiter, int] = {"\t": 50, ",": 1000, ";": 1000}


def _row_size(lines: list[_Line], at: int, sep: Delimiter) -> int:
    """How many lines make the row; a quote left open is an ordinary character.

    A quote is open where the number of quotes is odd, and closed at the next odd line, since doubled quotes come in
    twos. Each line is looked at twice at most, however the quotes stand.
    """
    if lines[at].text.count('"') % 2 == 0:
        return 1
    for size in range(2, min(_LONGEST_QUOTE[sep], len(lines) - at) + 1):
        last = lines[at + size - 1]
        if last.start:  # a form feed cuts quoted cells too
            return 1
        if last.text.count('"') % 2:
            return 1 if _quoted(tuple(lines[at : at + size]), sep) is None else size
    return 1


# Cells.


def _field(sep: str, inner: str) -> re.Pattern[str]:
    return re.compile(rf'(?:"(?P<quoted>(?:{inner}|"")*+)"|(?P<plain>[^{sep}\n]*))(?P<end>{sep}|\n|\Z)')


# In pasted tabs two unbalanced quotes in different cells are likelier than a tab inside a quoted cell.
_FIELD: dict[Delimiter, re.Pattern[str]] = {
    "\t": _field("\t", r'[^"\t]++'),
    ",": _field(",", r'[^"]++'),
    ";": _field(";", r'[^"]++'),
}


def _split_quoted(row: _Row, sep: Delimiter) -> list[_Piece]:
    return (_quoted(row, sep) if any('"' in line.text for line in row) else None) or list(_plain(row[0], sep))


def _plain(line: _Line, sep: str) -> Iterator[_Piece]:
    first = line.start
    for col, text in enumerate(line.text.split(sep)):
        yield _Piece(col, text, line.number, first, first + len(text))
        first += len(text) + 1


def _quoted(row: _Row, sep: Delimiter) -> list[_Piece] | None:
    """The cells of a row with quotes (RFC 4180); None where a line ends outside quotes before the row does."""
    joined = "\n".join(line.text for line in row)
    place = partial(_place, row, _offsets(row))
    pieces: list[_Piece] = []
    at = 0
    while found := _FIELD[sep].match(joined, at):
        group = "plain" if found["quoted"] is None else "quoted"
        text = found[group] if group == "plain" else found[group].replace('""', '"')
        (line, first), (end_line, end) = map(place, found.span(group))
        pieces.append(_Piece(len(pieces), text, line, first, end, None if end_line == line else end_line))
        at = found.end()
        if found["end"] == "\n":
            return None
        if not found["end"]:
            break
    return pieces


def _offsets(row: _Row) -> list[int]:
    """Where each line of the row begins in the joined row."""
    offsets = [0]
    for line in row[:-1]:
        offsets.append(offsets[-1] + len(line.text) + 1)
    return offsets


def _place(row: _Row, offsets: list[int], at: int) -> tuple[int, int]:
    """The line number and the column of a character of the joined row."""
    index = bisect_right(offsets, at) - 1
    return row[index].number, row[index].start + at - offsets[index]


_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_RULE = re.compile(r"[\s|+:=-]+")


def _split_pipes(line: _Line, *, outer: bool = True) -> list[_Piece]:
    """The cells between unescaped pipes; before an outer pipe stands a blank that is no column (col -1)."""
    text = line.text
    cuts = [-1, *(found.start() for found in _PIPE.finditer(text)), len(text)]
    col = -1 if outer and len(cuts) > 2 and not text[: cuts[1]].strip() else 0
    pieces = [_stripped(line, col + index, left + 1, right) for index, (left, right) in enumerate(pairwise(cuts))]
    return [piece._replace(text=_BREAK.sub("", piece.text.replace("\\|", "|"))) for piece in pieces]


def _is_rule(line: _Line) -> bool:
    """|---|:--:| and +---+---+; a row of single dashes is data."""
    text = line.text
    return bool(_RULE.fullmatch(text)) and any(mark in text for mark in ("--", ":-", "-:", "=="))


# Single spaces belong to the text, longer runs (also of full-width and no-break spaces) are the gap between cells.
_CHUNK = re.compile(r"[^ \u3000\xa0]+(?:[ \u3000\xa0][^ \u3000\xa0]+)*+")


def _split_spaces(line: _Line) -> list[_Piece]:
    found = (_stripped(line, 0, *chunk.span()) for chunk in _CHUNK.finditer(line.text))
    return [piece._replace(col=col) for col, piece in enumerate(piece for piece in found if piece.text)]


def _stripped(line: _Line, col: int, first: int, end: int) -> _Piece:
    """The characters `first` to `end` of the line's part, without the padding around them."""
    text = line.text[first:end]
    left = line.start + first + len(text) - len(text.lstrip())
    text = text.strip()
    return _Piece(col, text, line.number, left, left + len(text))


# Page cuts.

_BLANK = re.compile(r'(?:[\s,;|\u200b-\u200f\ufeff]++|"")*+')
_SPACES = " \u3000\xa0"
_S = rf"[{_SPACES}]*"
_N = r"\d{1,4}"
_DASH = r"[-\u2010-\u2015\u2212\uff0d~\u00b7]{1,3}"
_COUNTER = re.compile(
    rf"{_DASH}{_S}{_N}{_S}{_DASH}"
    rf"|第{_S}(?:{_N}|[一二三四五六七八九十百]{{1,5}}){_S}页(?:{_S}[,，/／]?{_S}共{_S}{_N}{_S}页)?"
    rf"|共{_S}{_N}{_S}页{_S}[,，/／]?{_S}第{_S}{_N}{_S}页"
    rf"|{_N}{_S}[/／]{_S}{_N}"
    rf"|page{_S}{_N}(?:{_S}(?:of|/){_S}{_N})?",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{1,3}")  # four digits are a year


def _cut(rows: list[_Row]) -> tuple[list[list[_Row]], bool]:
    """The blocks between cuts, and whether form feeds or page counters mark the cuts; else runs of blank lines do."""
    counters = _counters(rows)
    marked = bool(counters) or any(row[0].start for row in rows)
    blocks: list[list[_Row]] = [[]]
    for index, row in enumerate(rows):
        blank = _is_blank(row)
        if (index in counters or row[0].start or (blank and not marked)) and blocks[-1]:
            blocks.append([])
        if not blank and index not in counters:
            blocks[-1].append(row)
    return [block for block in blocks if block], marked


def _is_blank(row: _Row) -> bool:
    return all(_BLANK.fullmatch(line.text) for line in row)


def _counters(rows: list[_Row]) -> set[int]:
    """The rows that are page counters. A bare number is one only where its neighbour counts up with it."""
    short = {i: row[0].text.strip(_SPACES) for i, row in enumerate(rows) if len(row) == 1 and len(row[0].text) < 400}
    sure = {index for index, text in short.items() if text and _COUNTER.fullmatch(text)}
    bare = [(index, int(text)) for index, text in short.items() if text and _BARE.fullmatch(text)]
    chained = {i for (a, low), (b, high) in pairwise(bare) if high == low + 1 for i in (a, b)}
    return sure | chained


# The delimiter, by content.

# A comma with a space behind it is prose, one before three digits may group thousands.
_TIGHT: dict[Delimiter, re.Pattern[str]] = {
    ",": re.compile(r"(?<!\d),(?! )|,(?!\d{3}| )"),
    ";": re.compile(r";(?! )"),
}


def _delimiters(blocks: list[list[_Row]]) -> tuple[list[Delimiter], Delimiter]:
    """The delimiter of each block, and that of the file, which holds wherever a block does not speak clearly."""
    votes = [_vote(block) for block in blocks]
    counts: Counter[Delimiter] = Counter({"": 0})
    for vote, rows in votes:
        counts[vote] += rows
    main = max(counts, key=lambda sep: counts[sep])
    if not counts[main]:  # every row a block of its own
        main = _vote([row for block in blocks for row in block])[0]
    return [_settle(block, *vote, main) for block, vote in zip(blocks, votes, strict=True)], main


def _settle(block: list[_Row], own: Delimiter, rows: int, main: Delimiter) -> Delimiter:
    if own in (main, "") or rows < (1 if own in ("\t", "|") else 3):
        return main
    return own if rows > sum(len(_split(row, main)) > 1 for row in block) else main


def _vote(block: list[_Row]) -> tuple[Delimiter, int]:
    """The delimiter that a block speaks for by itself, and in how many rows."""
    texts = [line.text for row in block for line in row]
    tabs = sum("\t" in text for text in texts)
    pipes = [text for text in texts if _PIPE.search(text)]
    if tabs and tabs >= len(pipes):
        return "\t", tabs
    if _is_piped(pipes):
        return "|", len(pipes)
    commas: list[tuple[Delimiter, int]] = [(",", _csv_rows(block, ",")), (";", _csv_rows(block, ";"))]
    best = max(commas, key=lambda vote: vote[1])
    gaps = sum(len(_split(row, " ")) > 1 for row in block)
    if best[1] and best[1] >= gaps:
        return best
    return (" ", gaps) if gaps else ("", 0)


def _is_piped(texts: list[str]) -> bool:
    """Whether lines with pipes are a table: framed by pipes, or all with the same number of them."""
    if any(len(text.strip()) > 1 and text.strip()[0] == text.strip()[-1] == "|" for text in texts):
        return True
    return len(texts) > 1 and len({len(_PIPE.findall(text)) for text in texts}) == 1


def _csv_rows(block: list[_Row], sep: Delimiter) -> int:
    """In how many rows the delimiter stands, 0 where their widths differ too much for an export."""
    if not any(_TIGHT[sep].search(line.text) for row in block for line in row):
        return 0
    widths = Counter(width for row in block if (width := len(_split_quoted(row, sep))) > 1)
    held = widths.total()
    return held if held > 1 and 2 * held >= len(block) and max(widths.values()) >= 0.8 * held else 0


def _split(row: _Row, sep: Delimiter) -> list[_Piece]:
    if sep in _FIELD:
        return _split_quoted(row, sep)
    if sep == "|":
        return _split_pipes(row[0])
    return _split_spaces(row[0]) if sep else [_stripped(row[0], 0, 0, len(row[0].text))]


# Columns of a text that is aligned by spaces.

_WIDE = ("WF", "WFA", "")  # East Asian widths that take two columns; "ambiguous" signs (“ ≥ ①) depend on the font


class _Grid(NamedTuple):
    """The columns at which cells begin, counted from 0 with the characters of the classes `wide` as two."""

    anchors: list[int]
    wide: str


def _grid(lines: Iterable[_Line]) -> _Grid | None:
    """The columns that 95 % of the rows of the whole file keep to, or None: a wrong alignment is worse than none."""
    rows = [(line, pieces) for line in lines if len(pieces := _split_spaces(line)) > 1]
    if len(rows) < 3:
        return None
    spans = {wide: [_spans(line, pieces, wide) for line, pieces in rows] for wide in _WIDE}
    grids = [_Grid(_anchors(spans[wide]), wide) for wide in _WIDE]
    best = max(grids, key=lambda grid: _fitting(spans[grid.wide], grid.anchors))
    found = spans[best.wide]
    sure = 2 <= len(best.anchors) <= 30 and _fitting(found, best.anchors) >= 0.95 * len(rows) and _is_padded(found)
    return best if sure else None


def _anchors(rows: list[list[tuple[int, int]]]) -> list[int]:
    """Where cells begin in several rows, the most common beginnings first served."""
    support = Counter(start for row in rows for start, _ in row)
    found: set[int] = set()
    for start, count in support.most_common():
        # Two spaces and a character stand between the beginnings of neighbouring columns.
        if count >= max(2, len(rows) // 50) and found.isdisjoint(range(start - 2, start + 3)):
            found.add(start)
    return sorted(found)


def _fitting(rows: list[list[tuple[int, int]]], anchors: list[int]) -> int:
    """How many rows keep to the columns with all their cells."""
    known = set(anchors)
    return sum(all(start in known for start, _ in row) for row in rows)


def _is_padded(rows: list[list[tuple[int, int]]]) -> bool:
    """Whether gaps differ or rows are indented. Cells joined by two spaces may line up too, but by accident."""
    gaps = Counter(right[0] - left[1] for row in rows for left, right in pairwise(row))
    margin = min(row[0][0] for row in rows)
    indented = sum(row[0][0] > margin for row in rows)
    return gaps.total() - max(gaps.values()) + indented >= 0.1 * gaps.total()


def _spans(line: _Line, pieces: list[_Piece], wide: str) -> list[tuple[int, int]]:
    """The display columns at which the cells begin and end."""
    spans = []
    at = shown_to = 0
    for piece in pieces:
        first, end = piece.first - line.start, piece.end - line.start
        begin = shown_to + sum(_width(char, wide) for char in line.text[at:first])
        at, shown_to = end, begin + sum(_width(char, wide) for char in line.text[first:end])
        spans.append((begin, shown_to))
    return spans


@cache
def _width(char: str, wide: str) -> int:
    if wide and unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in wide else 1


def _align(line: _Line, pieces: list[_Piece], grid: _Grid) -> list[_Piece]:
    """The cells in their columns; what begins two spaces behind a cell, but in no column, is the rest of that cell."""
    starts = [start for start, _ in _spans(line, pieces, grid.wide)]
    if len(pieces) == 1 and starts[0] not in grid.anchors:
        return pieces  # a centred title
    found: list[_Piece] = []
    for start, piece in zip(starts, pieces, strict=True):
        # Up to two places off, a sign before it was counted too wide or too narrow.
        col = max(0, bisect_right(grid.anchors, start + 2) - 1)
        if not found or found[-1].col < col:
            found.append(piece._replace(col=col))
        elif piece.first - found[-1].end == 2:
            last = found.pop()
            text = line.text[last.first - line.start : piece.end - line.start]
            found.append(last._replace(end=piece.end, text=text))
        else:
            found.append(piece._replace(col=found[-1].col + 1))
    return found


# Blocks and pages.


def _read_blocks(blocks: list[list[_Row]], delimiters: list[Delimiter]) -> Iterator[_Block]:
    grouped = [_regroup(block, sep) for block, sep in zip(blocks, delimiters, strict=True)]
    pairs = list(zip(grouped, delimiters, strict=True))
    grid = _grid(row[0] for block, sep in pairs if sep == " " for row in block)
    return (_read_block(block, sep, grid) for block, sep in pairs)


def _regroup(block: list[_Row], sep: Delimiter) -> list[_Row]:
    """A row over several lines stays one only under the delimiter whose quotes hold it together."""
    found: list[_Row] = []
    for row in block:
        whole = len(row) == 1 or (sep in _FIELD and _quoted(row, sep))
        found.extend([row] if whole else [(line,) for line in row])
    return found


def _read_block(block: list[_Row], sep: Delimiter, grid: _Grid | None) -> _Block:
    rows = _piped(block) if sep == "|" else [_split(row, sep) for row in block]
    has_table = any(len(row) > 1 for row in rows)
    if sep == " " and grid:
        rows = [_align(row[0], pieces, grid) for row, pieces in zip(block, rows, strict=True)]
    return _Block(rows, has_table, bool(grid) if sep == " " else bool(sep))


def _piped(block: list[_Row]) -> list[list[_Piece]]:
    lines = [row[0] for row in block if not _is_rule(row[0])]
    framed = sum(line.text.lstrip().startswith("|") for line in lines)
    piped = sum(bool(_PIPE.search(line.text)) for line in lines)
    return [_split_pipes(line, outer=2 * framed > piped) for line in lines]


def _pages(blocks: Iterable[_Block]) -> tuple[Page, ...]:
    """A caption belongs to the page of the table that follows; behind the last table each block is a page."""
    pages: list[list[_Block]] = []
    captions: list[_Block] = []
    for block in blocks:
        captions.append(block)
        if block.has_table:
            pages.append(captions)
            captions = []
    pages += [[caption] for caption in captions if caption.rows]
    return tuple(_page(number, blocks) for number, blocks in enumerate(pages, 1))


def _page(number: int, blocks: list[_Block]) -> Page:
    rows = [row for block in blocks for row in block.rows]
    cells = tuple(_cell(number, at, piece) for at, row in enumerate(rows) for piece in row if piece.text.strip())
    width = max((cell.col for cell in cells), default=-1) + 1
    return Page(number, (Table(len(rows), width, cells, all(block.aligned for block in blocks)),))


def _cell(page: int, row: int, piece: _Piece) -> Cell:
    place = TextPlace(page, piece.line, (piece.first, piece.end), piece.text, piece.end_line)
    return Cell(row, piece.col, Text(piece.text, (place,)))
