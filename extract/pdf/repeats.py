"""Rows printed at the foot of a page and once more at the head of the next, as iText does beside merged cells."""

from __future__ import annotations

from extract.pdf.hints import is_field, is_header
from extract.pdf.pages import CellPart, Part, TablePart
from schemas.audit import Finding

_EDGE = 3.0  # points between two edges of columns that are one


def without_repeats(pages: list[list[Part]]) -> tuple[list[list[Part]], list[Finding]]:
    """The pages without rows that are printed twice, and what is told of them; labels merged further down stay."""
    found, findings = [*pages], []
    for at in range(1, len(pages)):
        table = pages[at][0] if pages[at] else None
        if isinstance(table, TablePart) and (cells := _repeated(pages[at - 1], table)):
            kept = [cell for cell in table.cells if not any(cell is each for each in cells)]
            found[at] = [table._replace(cells=kept), *pages[at][1:]]
            findings.append(_told(cells))
    return found, findings


def _repeated(before: list[Part], lower: TablePart) -> list[CellPart]:
    upper = before[-1] if before else None
    if not isinstance(upper, TablePart):
        return []
    last, first = _row(upper, upper.rows - 1), _row(lower, 0)
    same = len(last) == len(first) and all(map(_is_same, last, first))
    texts = [cell.text for _, cell in first]
    proved = len(texts) > 1 or any(map(is_field, texts))
    if not same or not proved or all(map(is_header, texts)):
        return []
    return [cell for _, cell in first if cell.row_span == 1]


Placed = tuple[tuple[float, float], CellPart]


def _row(table: TablePart, row: int) -> list[Placed]:
    """The cells that begin in a row, with their sides; one that begins further up reaches over the cut by itself."""
    return [((table.xs[cell.col], table.xs[cell.col + cell.col_span]), cell) for cell in table.cells if cell.row == row]


def _is_same(one: Placed, other: Placed) -> bool:
    near = all(abs(a - b) <= _EDGE for a, b in zip(one[0], other[0], strict=True))
    return near and one[1].text == other[1].text


def _told(cells: list[CellPart]) -> Finding:
    text = " | ".join(cell.text.replace("\n", "") for cell in cells)
    shown = text[:60] + ("…" if len(text) > 60 else "")
    return Finding(
        "",
        "repeated-row",
        "warning",
        "reading",
        f"“{shown}”在页尾和下一页的页首各印了一次，只读入一次",
        f"“{shown}” stands at the foot of a page and again at the head of the next; it was read once",
    )
