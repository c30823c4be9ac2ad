"""Page cuts as they happen to printed tables: between rows, inside cells, inside merged labels."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.forms import HEADER, Rows, as_tabs

MARKS = ("\n", "\f", "— 3 —\n", "第3页\n", "\n第 3 页 共 28 页\n\n", "")
"""What stands at a cut: a blank line, a form feed, a page counter, or nothing at all."""

REPEATS = ("nothing", "nothing", "header", "title", "title and header")


@dataclass(frozen=True)
class Cut:
    """One cut of a form: the text, what kind of cut it is, and where."""

    text: str
    kind: str
    where: str


def cut_form(rows: Rows, random: Random, marks: tuple[str, ...] = MARKS) -> Cut:
    """The form cut once, at any row, inside any cell or label, at any character, with or without repeated headers."""
    kind = random.choice(("between", "cell", "cell", "cell", "label", "label", "name first", "two cells"))
    mark, repeat = random.choice(marks), random.choice(REPEATS)
    above, below, where = _KINDS[kind](rows, random)
    text = as_tabs(above) + mark + as_tabs(_repeated(rows, len(above), repeat)) + as_tabs(below)
    return Cut(text, kind, f"{kind} at {where}, mark {mark!r}, repeated {repeat}")


def _repeated(rows: Rows, at: int, repeat: str) -> Rows:
    again = rows[:2] if "title" in repeat else []
    return again + ([HEADER] if "header" in repeat and at > rows.index(HEADER) else [])


def _between(rows: Rows, random: Random) -> tuple[Rows, Rows, str]:
    at = random.randrange(1, len(rows))
    return rows[:at], rows[at:], f"row {at}"


def _inside(rows: Rows, random: Random) -> tuple[int, int, int]:
    """A row, a column and a position strictly inside the text there."""
    while True:
        at = random.randrange(len(rows))
        cols = [col for col, text in enumerate(rows[at]) if len(text) > 1]
        if cols:
            col = random.choice(cols)
            return at, col, random.randrange(1, len(rows[at][col]))


def _cell(rows: Rows, random: Random) -> tuple[Rows, Rows, str]:
    """One cell runs over the cut; the other cells of its row stay above."""
    at, col, position = _inside(rows, random)
    head, tail = list(rows[at]), [""] * 5
    head[col], tail[col] = rows[at][col][:position], rows[at][col][position:]
    return [*rows[:at], head], [tail, *rows[at + 1 :]], f"row {at}, {head[col]}|{tail[col]}"


def _two_cells(rows: Rows, random: Random) -> tuple[Rows, Rows, str]:
    """A label and the name beside it run over the same cut."""
    grid = [at for at in range(rows.index(HEADER) + 1, len(rows)) if rows[at][2] and len(rows[at][3]) > 1]
    at = random.choice(grid)
    head, tail = list(rows[at]), [""] * 5
    for col in (2, 3):
        position = random.randrange(1, len(rows[at][col]))
        head[col], tail[col] = rows[at][col][:position], rows[at][col][position:]
    return [*rows[:at], head], [tail, *rows[at + 1 :]], f"row {at}, {head[2]}|{tail[2]}, {head[3]}|{tail[3]}"


def _label(rows: Rows, random: Random) -> tuple[Rows, Rows, str]:
    """A merged label runs over the cut, its halves beside different rows (产出指 | 标)."""
    groups = [(at, end, col) for col in (0, 1, 2) for at, end in _groups(rows, col) if end - at > 1]
    at, end, col = random.choice(groups)
    cut = random.randrange(at + 1, end)
    position = random.randrange(1, len(rows[at][col]))
    head, tail = list(rows[at]), list(rows[cut])
    head[col], tail[col] = rows[at][col][:position], rows[at][col][position:]
    above = [*rows[:at], head, *rows[at + 1 : cut]]
    return above, [tail, *rows[cut + 1 :]], f"rows {at} and {cut}, {head[col]}|{tail[col]}"


def _groups(rows: Rows, col: int) -> list[tuple[int, int]]:
    """Where merged labels of the indicator grid stand in a column, and where the next one begins."""
    start = rows.index(HEADER) + 1
    tops = [at for at in range(start, len(rows)) if rows[at][col] or any(rows[at][:col])]
    return [(at, end) for at, end in zip(tops, [*tops[1:], len(rows)], strict=True) if rows[at][col]]


def _name_first(rows: Rows, random: Random) -> tuple[Rows, Rows, str]:
    """The name runs over the cut and its value stands wholly below."""
    grid = [at for at in range(rows.index(HEADER) + 1, len(rows)) if len(rows[at][3]) > 1]
    at = random.choice(grid)
    position = random.randrange(1, len(rows[at][3]))
    head, tail = [*rows[at][:3], rows[at][3][:position], ""], ["", "", "", rows[at][3][position:], rows[at][4]]
    return [*rows[:at], head], [tail, *rows[at + 1 :]], f"row {at}, {head[3]}|{tail[3]}"


_KINDS = {
    "between": _between,
    "cell": _cell,
    "two cells": _two_cells,
    "label": _label,
    "name first": _name_first,
}
