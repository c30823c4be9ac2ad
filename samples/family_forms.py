"""Invented forms of every layout family, as printed grids: one text file each in `grids/`.

A line is a row, its cells parted by "|"; "<" goes on with the cell at its left, "^" with the one above. A line with one
cell stands above or below the table. Places, people and projects are invented; labels and patterns are those of real
forms.
"""

from __future__ import annotations

from pathlib import Path

Rows = list[list[str]]
GRIDS = Path(__file__).resolve().parent / "grids"


def form(name: str) -> Rows:
    """The rows of one form."""
    lines = (GRIDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines]


FORMS: dict[str, Rows] = {path.stem: form(path.stem) for path in sorted(GRIDS.glob("*.txt"))}
"""All forms by name."""
