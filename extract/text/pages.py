"""Blocks to pages: the rows of each as cells, and those as one table with the place of every cell."""

from __future__ import annotations

import re
from typing import NamedTuple

from extract.text.cells import Delimiter, Piece, is_split, split, split_pipes
from extract.text.columns import Grid, align, grid_of
from extract.text.cuts import Between
from extract.text.lines import Row
from extract.text.rows import regroup
from schemas.table import Cell, Page, Table
from schemas.text import Text, TextPlace

_RULE = re.compile(r"[\s|+:=-]+")


class Block(NamedTuple):
    """The cells of each row of a block; whether a row has a delimiter, columns are known, a marked cut stands before.

    Each block becomes a table of its own.
    """

    rows: list[list[Piece]]
    has_table: bool
    aligned: bool
    behind_mark: bool


def read_blocks(blocks: list[Between], delimiters: list[Delimiter]) -> list[Block]:
    """The blocks as cells; all that are split at spaces share their columns."""
    found: list[tuple[Between, Delimiter, list[Row], list[list[Piece]]]] = []
    for between, sep in zip(blocks, delimiters, strict=True):
        block = between.rows
        rows = _without_rules(regroup(block, sep), sep)
        found.append((between, sep, rows, _piped(rows) if sep == "|" else [split(row, sep) for row in rows]))
    grid = grid_of(pair for _, sep, rows, cells in found if sep == " " for pair in zip(rows, cells, strict=True))
    return [_block(rows, cells, sep, grid, between) for between, sep, rows, cells in found if rows]


def pages_of(blocks: list[Block], *, marked: bool) -> tuple[Page, ...]:
    """The blocks of each page.

    Where marks cut the pages, all blocks up to the next mark are one page, so that pages count as they are printed.
    Between blank lines each block is a page; a caption belongs to the page of the table that follows.
    """
    pages = _between_marks(blocks) if marked else _between_blank_lines(blocks)
    return tuple(_page(number, page) for number, page in enumerate(pages, 1))


def _between_marks(blocks: list[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = []
    for block in blocks:
        if block.behind_mark or not pages:
            pages.append([])
        pages[-1].append(block)
    return pages


def _between_blank_lines(blocks: list[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = []
    captions: list[Block] = []
    for block in blocks:
        captions.append(block)
        if block.has_table:
            pages.append(captions)
            captions = []
    return pages + [[caption] for caption in captions]


def _without_rules(rows: list[Row], sep: Delimiter) -> list[Row]:
    return [row for row in rows if not _is_rule(row.text)] if sep == "|" else rows


def _is_rule(text: str) -> bool:
    """|---|:--:| and +---+---+; a row of single dashes is data."""
    return bool(_RULE.fullmatch(text)) and any(mark in text for mark in ("--", ":-", "-:", "=="))


def _piped(rows: list[Row]) -> list[list[Piece]]:
    framed = sum(row.text.lstrip().startswith("|") for row in rows)
    piped = sum(is_split(row, "|") for row in rows)
    return [split_pipes(row, outer=2 * framed > piped) for row in rows]


def _block(rows: list[Row], cells: list[list[Piece]], sep: Delimiter, grid: Grid | None, between: Between) -> Block:
    has_table = any(is_split(row, sep) for row in rows)
    if sep == " " and grid:
        cells = [align(row, pieces, grid) for row, pieces in zip(rows, cells, strict=True)]
    return Block(cells, has_table, bool(grid) if sep == " " else bool(sep), between.behind_mark)


def _page(number: int, blocks: list[Block]) -> Page:
    return Page(number, tuple(_table(number, block) for block in blocks))


def _table(number: int, block: Block) -> Table:
    cells = tuple(
        Cell(at, piece.col, Text(piece.text, _places(number, piece)))
        for at, row in enumerate(block.rows)
        for piece in row
    )
    width = max((row[-1].col + 1 for row in block.rows if row), default=0)
    return Table(len(block.rows), width, cells, block.aligned)


def _places(number: int, piece: Piece) -> tuple[TextPlace, ...]:
    """The place of a cell; one for each line that a quoted cell runs over."""
    if piece.end_line is None:
        return (TextPlace(number, piece.line, (piece.first, piece.end), piece.text),)
    texts = piece.text.split("\n")
    starts = [piece.first, *[0] * (len(texts) - 1)]
    ends = [*(start + len(text) for start, text in zip(starts, texts[:-1], strict=False)), piece.end]
    parts = zip(starts, ends, texts, strict=True)
    return tuple(TextPlace(number, piece.line + at, (start, end), text) for at, (start, end, text) in enumerate(parts))
