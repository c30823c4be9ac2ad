"""Lines that a quoted cell runs over become one row, which they stay only under the delimiter beside the quotes."""

from __future__ import annotations

from extract.text.cells import FIELD, Delimiter, quoted
from extract.text.lines import Row

# Excel pastes short cells; a CSV export may hold the indicator tree of a whole department in one.
_LONGEST_QUOTE: dict[Delimiter, int] = {"\t": 50, ",": 1000, ";": 1000}


def rows_of(lines: list[Row]) -> list[Row]:
    """The lines as rows; a quoted cell that runs over lines makes them one row."""
    if not any('"' in line.text for line in lines):
        return lines
    sep = _quoting(lines)
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        size, row = _row_at(lines, at, sep)
        rows.append(row)
        at += size
    return rows


def regroup(block: list[Row], sep: Delimiter) -> list[Row]:
    """The rows of a block; those over several lines stay whole only where `sep` is beside the quotes."""
    found: list[Row] = []
    for row in block:
        whole = "\n" not in row.text or (sep in FIELD and quoted(row, sep))
        found.extend([row] if whole else row.lines())
    return found


def _quoting(lines: list[Row]) -> Delimiter:
    """The delimiter beside which quotes count; cells with line breaks are joined before the cuts are known."""
    counts = {sep: sum(sep in line.text for line in lines) for sep in _LONGEST_QUOTE}
    commas: tuple[Delimiter, Delimiter] = (",", ";")
    return "\t" if counts["\t"] else max(commas, key=lambda sep: counts[sep])


def _row_at(lines: list[Row], at: int, sep: Delimiter) -> tuple[int, Row]:
    """How many lines make the row, and the row; a quote left open is an ordinary character.

    A quote is open where the number of quotes is odd, and closed at the next odd line, since doubled quotes come in
    twos. Each line is looked at twice at most, however the quotes stand.
    """
    first = lines[at]
    if first.text.count('"') % 2:
        for end in range(at + 1, min(at + _LONGEST_QUOTE[sep], len(lines))):
            last = lines[end]
            if last.start:  # a form feed cuts quoted cells too
                break
            if last.text.count('"') % 2:
                row = first._replace(text="\n".join(line.text for line in lines[at : end + 1]))
                return (end + 1 - at, row) if quoted(row, sep) else (1, first)
    return 1, first
