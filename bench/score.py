"""How many cells of a page an engine found exactly: row, column, spans and text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from bench.truth import Cell, Page, Table

Found = list[list[Cell]]
"""The tables that an engine found on a page."""


@dataclass
class Score:
    """Cells and pages counted."""

    hits: int = 0
    true: int = 0
    found: int = 0
    pages: int = 0
    exact: int = 0

    def add(self, other: Score) -> None:
        """Count another score in."""
        self.hits += other.hits
        self.true += other.true
        self.found += other.found
        self.pages += other.pages
        self.exact += other.exact

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (self.true + self.found) if self.true + self.found else 1.0


def score(page: Page, found: Found) -> Score:
    """Compare the tables of a page; blank cells and tables of one column (lines of text) do not count.

    Each true table goes with the found one that has most cells in common with it; what is left over is wrong.
    """
    tables = [set(table) for table in map(_filled, found) if max((c.col + c.col_span for c in table), default=0) > 1]
    pairs = {
        (at, of): max((_compared(true, tables[of], whole) for whole in (False, True)), key=lambda pair: pair[0])
        for (at, true), of in product(enumerate(page), range(len(tables)))
    }
    hits, extra = 0, sum(map(len, tables))
    while pairs:
        (at, of), (common, torn) = max(pairs.items(), key=lambda item: item[1])
        hits += common
        extra -= torn
        pairs = {key: value for key, value in pairs.items() if key[0] != at and key[1] != of}
    true = sum(len(table.cells) for table in page)
    return Score(hits, true, extra, 1, int(hits == true == extra))


def _filled(table: list[Cell]) -> list[Cell]:
    return [cell for cell in table if cell.text]


def _compared(true: Table, found: set[Cell], through: bool) -> tuple[int, int]:
    """The cells in common, and the found ones that stand where a page cut tore a cell; columns counted either way."""
    cells, torn = (true.cells_of_all, true.torn_of_all) if through else (true.cells, true.torn)
    hits = found.intersection(cells)
    return len(hits), sum(any(_within(cell, each) for each in torn) for cell in found - hits)


def _within(cell: Cell, area: Cell) -> bool:
    return area.row <= cell.row < area.row + area.row_span and area.col <= cell.col < area.col + area.col_span
