"""Classes that stand a column beside their header, or both in one cell (产出指标-数量指标)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Header, Row
from schemas.text import BLANK, Text

_SEAM = re.compile(r"\s*[-—–－―/／·:：>→|]+\s*")
_MOST = 0.6  # share of a column's cells that must be classes
_LEVELS = ("level1", "level2")


def by_classes(header: Header, grid: Sequence[Row], held: Mapping[int, Sequence[str]]) -> Header:
    """The header with the columns of classes where they stand.

    Where 一级指标 heads 产出数量 and 二级指标 the names, each is a level higher, and what is called a name a remark.
    Two classes in one cell are of both levels, and a first level may stand in a row above its classes; it then gets a
    column of its own behind all others. `held` are the texts in each column of the grid.
    """
    header = _a_level_higher(header, held)
    if header.column("level1") is not None:
        return header
    both = next((col for col, role in header.roles if _holds_both(role, held.get(col, []))), None)
    if both is None and not any(heads_classes(row, header) for row in grid):
        return header
    roles = tuple((col, "level2" if col == both else role) for col, role in header.roles)
    behind = max([header.roles[-1][0], *(len(row.cells) for row in grid)]) + 1
    return replace(header, roles=(*roles, (behind, "level1")), cells=(*header.cells, BLANK))


def heads_classes(row: Row, header: Header) -> bool:
    """Whether a row holds a first level alone, in the column of the second, above the classes that belong to it."""
    filled = row.filled
    if len(filled) != 1 or header.column("level2") != filled[0][0] or header.column("name") is None:
        return False
    return lexicon.class_label(filled[0][1].value, 1) is not None


def _share(held: Sequence[str], level: int) -> float:
    return sum(lexicon.class_label(text, level) is not None for text in held) / len(held) if held else 0


def _a_level_higher(header: Header, held: Mapping[int, Sequence[str]]) -> Header:
    columns = [header.column(role) for role in ("level1", "level2", "name")]
    if None in columns or columns != sorted(columns, key=lambda col: col or 0):
        return header
    first, second = (held.get(col or 0, []) for col in columns[:2])
    left = [col for col, _ in header.roles if col < (columns[0] or 0) and _share(held.get(col, []), 1) >= _MOST]
    if not left or _share(first, 2) < _MOST or _share(first, 1) >= _MOST or _share(second, 2) >= _MOST:
        return header
    moved = dict(zip([left[-1], *columns], (*_LEVELS, "name", "note"), strict=True))
    return replace(header, roles=tuple((col, moved.get(col, role)) for col, role in header.roles))


def _holds_both(role: str, held: Sequence[str]) -> bool:
    return role in ("block", "level2", "other", "note") and bool(held) and all(map(parted, held))


def parted(text: str) -> tuple[str, str] | None:
    """The two classes of a cell, the first level before the second (产出指标-数量指标); None for anything else."""
    pieces = _SEAM.split(text.strip(), maxsplit=1)
    if len(pieces) != 2:
        return None
    known = all(lexicon.class_label(piece, level) for level, piece in enumerate(pieces, start=1))
    return (pieces[0], pieces[1]) if known else None


def part_classes(row: Row) -> Row:
    """The row with the two classes of one cell in columns of their own."""
    label, first, second = row.role("level2"), *(row.header.column(role) if row.header else None for role in _LEVELS)
    pieces = parted(label.value) if label and first is not None and second is not None else None
    if pieces is None or first is None or second is None:
        return row
    evidence = "two classes stand in one cell"
    texts: list[Text] = [label.edit(piece, "class-name", evidence, 0.97) for piece in pieces]
    return row.put(second, texts[1]).put(first, texts[0])
