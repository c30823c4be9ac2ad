"""The pages of one document laid over each other: no two sheets lie alike in a scanner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.pdf.gaps import Shares, shares_of
from extract.pdf.hints import is_header
from extract.pdf.pages import PageParts, TablePart

_WIDTHS = 0.03  # share by which the widths of a table on two pages may differ
_KNOWN = 8  # tables whose columns are tried
_HEADERS = 3  # labels of a header row
_NEAR = 6.0  # points between edges of columns that are one


def carried(page: PageParts, known: Sequence[Shares] = ()) -> list[Shares]:
    """The columns of tables with a header row for the page after this one, the last first, then those known before."""
    tables = [part for part in page.parts if isinstance(part, TablePart)]
    return [*(shares_of(table.xs) for table in reversed(tables) if _has_header(table)), *known][:_KNOWN]


def _has_header(table: TablePart) -> bool:
    rows = Counter(cell.row for cell in table.cells if cell.col_span == 1 and is_header("".join(cell.text.split())))
    return max(rows.values(), default=0) >= _HEADERS


def registered(pages: list[PageParts]) -> list[PageParts]:
    """The pages with the columns of each page's first table moved to those of the table that it goes on with."""
    found: list[PageParts] = []
    before: TablePart | None = None
    for page in pages:
        parts = list(page.parts)
        for at, part in enumerate(parts):
            if isinstance(part, TablePart):
                parts[at] = before = _laid_over(part, before) if before else part
        found.append(page._replace(parts=parts))
    return found


def _laid_over(table: TablePart, before: TablePart) -> TablePart:
    """The table moved and stretched so that its outer edges are those of the one before, if both are as wide."""
    left, right = before.xs[0], before.xs[-1]
    width = table.xs[-1] - table.xs[0]
    if width <= 0 or abs(width - (right - left)) > _WIDTHS * width:
        return table
    moved = [left + (x - table.xs[0]) * (right - left) / width for x in table.xs]
    return table._replace(xs=[_edge(x, before.xs) for x in moved])


def _edge(x: float, edges: list[float]) -> float:
    """The nearest of the edges, if it is near."""
    nearest = min(edges, key=lambda edge: abs(edge - x))
    return nearest if abs(nearest - x) <= _NEAR else x
