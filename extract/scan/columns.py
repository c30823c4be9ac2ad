"""The pages of one document laid over each other: no two sheets lie alike in a scanner."""

from __future__ import annotations

from extract.pdf.pages import PageParts, TablePart

_WIDTHS = 0.03  # share by which the widths of a table on two pages may differ
_NEAR = 6.0  # points between edges of columns that are one


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
