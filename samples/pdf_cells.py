"""The forms as tables of cells with spans: what every producer of the PDF samples is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from samples.make import form
from tests.forms import HEADER, Rows, expected_projects, form_rows

Role = Literal["title", "label", "text", "value"]

NARROW_LABELS = {3, 5, 9, 10}
"""Forms of the seed whose field labels stand in one column, with the department over two."""
WIDE_GOALS = {6, 8, 11, 12}
"""Forms of the seed whose label of the goal is merged over two columns."""
OWN_GRID = {1}
"""Forms of the seed whose fields and indicators are two tables of four and five columns."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table, merged or not."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    role: Role


@dataclass(frozen=True)
class Block:
    """One table: its cells by row and column, and how its width is shared out."""

    cells: tuple[Cell, ...]
    height: int
    shares: tuple[float, ...]

    def at(self, row: int) -> list[Cell]:
        """The cells that begin in a row, from the left."""
        return sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.col)

    def covered(self, row: int, col: int) -> bool:
        """Whether a merged cell that begins elsewhere lies over this place."""
        return any(
            cell.row <= row < cell.row + cell.rows
            and cell.col <= col < cell.col + cell.cols
            and (cell.row, cell.col) != (row, col)
            for cell in self.cells
        )


@dataclass(frozen=True)
class Sheet:
    """One form: the lines above its tables, and the tables."""

    heading: tuple[str, ...]
    blocks: tuple[Block, ...]


SHARES = (0.10, 0.13, 0.19, 0.38, 0.20)


def whole_form(shares: tuple[float, ...] = SHARES) -> Sheet:
    """The invented form of samples/make.py in one table."""
    return _sheet(form(), shares)


def whole_form_apart(shares: tuple[float, ...] = SHARES) -> Sheet:
    """The invented form with its fields, its funding and its indicators in tables of their own."""
    rows = form()
    fields, funding, rest = rows[2:5], rows[5:8], rows[8:]
    short = [[row[0], *row[2:]] for row in fields]
    money = [row[:3] for row in funding]
    blocks = (_block(short, (0.2, 0.35, 0.15, 0.3)), _block(money, (0.25, 0.35, 0.4)), _block(rest, shares))
    return Sheet((rows[0][0], rows[1][0]), blocks)


def seed_forms(shares: tuple[float, ...] = SHARES) -> list[Sheet]:
    """The 13 forms of the seed, each merged as its source merges it."""
    return [_seed_form(number, shares) for number in range(1, 14)]


def _seed_form(number: int, shares: tuple[float, ...]) -> Sheet:
    rows = form_rows(expected_projects("pingluo-police-2024")[number - 1])
    if number in NARROW_LABELS:
        rows = [_moved(row) if row[0] in {"项目名称", "主管部门及代码", "项目属性"} else row for row in rows]
    if number in WIDE_GOALS:
        rows = [[row[0], "", row[1], "", ""] if row[0] == "年度总体目标" else row for row in rows]
    if number not in OWN_GRID:
        return _sheet(rows, shares)
    start = rows.index(HEADER)
    fields = [[row[0], *row[2:]] if not row[1] else row[:4] for row in rows[2:start]]
    blocks = (_block(fields, (0.2, 0.3, 0.2, 0.3)), _block(rows[start:], shares))
    return Sheet((rows[0][0], rows[1][0]), blocks)


def _moved(row: list[str]) -> list[str]:
    """A row of fields whose first value begins in the second column."""
    return [row[0], row[2], "", *row[3:]]


def _sheet(rows: Rows, shares: tuple[float, ...]) -> Sheet:
    return Sheet((rows[0][0], rows[1][0]), (_block(rows[2:], shares),))


def _block(rows: Rows, shares: tuple[float, ...]) -> Block:
    """Cells from rows with blanks: a field's value runs to the next text, a blank label belongs to the one above."""
    start = rows.index(HEADER) if HEADER in rows else len(rows)
    cells: list[Cell] = []
    for index, row in enumerate(rows):
        if index >= start:
            cells += _grid_cells(rows, index)
        elif row[1].startswith(("年度资金总额", "其中", "其他资金")):
            cells += _funding_cells(rows, index)
        else:
            cells += _field_cells(row, index)
    return Block(tuple(cells), len(rows), shares)


def _field_cells(row: list[str], index: int) -> list[Cell]:
    filled = [col for col, text in enumerate(row) if text]
    ends = [*filled[1:], len(row)]
    roles: list[Role] = ["label", "text"] * 2
    return [
        Cell(index, col, 1, end - col, row[col], roles[at])
        for at, (col, end) in enumerate(zip(filled, ends, strict=True))
    ]


def _funding_cells(rows: Rows, index: int) -> list[Cell]:
    row = rows[index]
    sub = Cell(index, 1, 1, 1, row[1], "label")
    amount = Cell(index, 2, 1, len(row) - 2, row[2], "text")
    return [*([Cell(index, 0, 3, 1, row[0], "label")] if row[0] else []), sub, amount]


def _grid_cells(rows: Rows, index: int) -> list[Cell]:
    row = rows[index]
    if row == HEADER:
        return [Cell(index, col, 1, 1, text, "label") for col, text in enumerate(row)]
    cells = []
    for col, text in enumerate(row):
        if col >= 3:
            cells.append(Cell(index, col, 1, 1, text, "text" if col == 3 else "value"))
        elif text:
            below = next((at for at in range(index + 1, len(rows)) if any(rows[at][: col + 1])), len(rows))
            cells.append(Cell(index, col, below - index, 1, text, "label"))
    return cells
