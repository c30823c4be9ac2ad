"""Blocks to pages: the rows of each as cells, and those as one table with the place of every cell."""

from __future__ import annotations

import re
from typing import NamedTuple

from extract.text.cells import Delimiter, Piece, is_split, split, split_pipes
from extract.text.columns import Grid, align, grid_of
from extract.text.lines import Row
from extract.text.rows import regroup
from schemas.table import Cell, Page, Table
from schemas.text import Text, TextPlace

_RULE = re.compile(r"[\s|+:=-]+")


class Block(NamedTuple):
    """The cells of each row of a block; whether any row has a delimiter; whether the columns are known."""

    rows: list[list[Piece]]
    has_table: bool
    aligned: bool


def read_blocks(blocks: list[list[Row]], delimiters: list[Delimiter]) -> list[Block]:
    """The blocks between two cuts as cells; all that are split at spaces share their columns."""
    found: list[tuple[Delimiter, list[Row], list[list[Piece]]]] = []
    for block, sep in zip(blocks, delimiters, strict=True):
        rows = _without_rules(regroup(block, sep), sep)
        found.append((sep, rows, _piped(rows) if sep == "|" else [split(row, sep) for row in rows]))
    grid = grid_of(pair for sep, rows, cells in found if sep == " " for pair in zip(rows, cells, strict=True))
    return [_block(rows, cells, sep, grid) for sep, rows, cells in found if rows]


def pages_of(blocks: list[Block], *, marked: bool) -> tuple[Page, ...]:
    """Between marked cuts each block is a page, so that pages count as they are printed.

    Between blank lines a caption belongs to the page of the table that follows; behind the last table each block is a
    page.
    """
    pages: list[list[Block]] = []
    captions: list[Block] = []
    for block in blocks:
        captions.append(block)
        if marked or block.has_table:
            pages.append(captions)
            captions = []
    pages += [[caption] for caption in captions]
    return tuple(_page(number, page) for number, page in enumerate(pages, 1))


def _without_rules(rows: list[Row], sep: Delimiter) -> list[Row]:
    return [row for row in rows if not _is_rule(row.text)] if sep == "|" else rows


def _is_rule(text: str) -> bool:
    """|---|:--:| and +---+---+; a row of single dashes is data."""
    return bool(_RULE.fullmatch(text)) and any(mark in text for mark in ("--", ":-", "-:", "=="))


def _piped(rows: list[Row]) -> list[list[Piece]]:
    framed = sum(row.text.lstrip().startswith("|") for row in rows)
    piped = sum(is_split(row, "|") for row in rows)
    return [split_pipes(row, outer=2 * framed > piped) for row in rows]


def _block(rows: list[Row], cells: list[list[Piece]], sep: Delimiter, grid: Grid | None) -> Block:
    has_table = any(is_split(row, sep) for row in rows)
    if sep == " " and grid:
        cells = [align(row, pieces, grid) for row, pieces in zip(rows, cells, strict=True)]
    return Block(cells, has_table, bool(grid) if sep == " " else bool(sep))


def _page(number: int, blocks: list[Block]) -> Page:
    rows = [row for block in blocks for row in block.rows]
    cells = tuple(
        Cell(at, col, Text(text, (TextPlace(number, line, (first, end), text, end_line),)))
        for at, row in enumerate(rows)
        for col, text, line, first, end, end_line in row
    )
    width = max((row[-1].col + 1 for row in rows if row), default=0)
    return Page(number, (Table(len(rows), width, cells, all(block.aligned for block in blocks)),))
