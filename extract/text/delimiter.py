"""The delimiter of each block and of the whole file, by content."""

from __future__ import annotations

import re
from collections import Counter

from extract.text.cells import PIPE, Delimiter, is_split, width
from extract.text.lines import Row

# A comma with a space behind it is prose, one before three digits may group thousands.
_TIGHT: dict[Delimiter, re.Pattern[str]] = {
    ",": re.compile(r"(?<!\d),(?! )|,(?!\d{3}| )"),
    ";": re.compile(r";(?! )"),
}


def delimiters_of(blocks: list[list[Row]]) -> tuple[list[Delimiter], Delimiter]:
    """The delimiter of each block, and that of the file, which holds wherever a block does not speak clearly."""
    votes = [_vote(block) for block in blocks]
    counts: Counter[Delimiter] = Counter({"": 0})
    for vote, rows in votes:
        counts[vote] += rows
    main = max(counts, key=lambda sep: counts[sep])
    if not counts[main]:  # every row a block of its own
        main = _vote([row for block in blocks for row in block])[0]
    return [_settle(block, *vote, main) for block, vote in zip(blocks, votes, strict=True)], main


def _settle(block: list[Row], own: Delimiter, rows: int, main: Delimiter) -> Delimiter:
    if own in (main, "") or rows < (1 if own in ("\t", "|") else 3):
        return main
    return own if rows > sum(is_split(row, main) for row in block) else main


def _vote(block: list[Row]) -> tuple[Delimiter, int]:
    """The delimiter that a block speaks for by itself, and in how many rows."""
    lines = "\n".join(row.text for row in block).split("\n")
    tabs = sum("\t" in line for line in lines)
    pipes = [line for line in lines if "|" in line and PIPE.search(line)]
    if tabs and tabs >= len(pipes):
        return "\t", tabs
    if _is_piped(pipes):
        return "|", len(pipes)
    commas: list[tuple[Delimiter, int]] = [(",", _csv_rows(block, ",")), (";", _csv_rows(block, ";"))]
    best = max(commas, key=lambda vote: vote[1])
    gaps = sum(is_split(row, " ") for row in block)
    if best[1] and best[1] >= gaps:
        return best
    return (" ", gaps) if gaps else ("", 0)


def _is_piped(lines: list[str]) -> bool:
    """Whether lines with pipes are a table: framed by pipes, all with the same number of them, or all set apart."""
    if any(len(line.strip()) > 1 and line.strip()[0] == line.strip()[-1] == "|" for line in lines):
        return True
    apart = len(lines) > 2 and all(" |" in line for line in lines)
    return apart or (len(lines) > 1 and len({len(PIPE.findall(line)) for line in lines}) == 1)


def _csv_rows(block: list[Row], sep: Delimiter) -> int:
    """In how many rows the delimiter stands, 0 where their widths differ too much for an export."""
    if not any(_TIGHT[sep].search(row.text) for row in block):
        return 0
    widths = Counter(fields for row in block if (fields := width(row, sep)) > 1)
    held = widths.total()
    return held if held > 1 and 2 * held >= len(block) and max(widths.values()) >= 0.8 * held else 0
