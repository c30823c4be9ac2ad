"""Rows and merged cells that white space tells: what belongs to one cell stays together."""

from __future__ import annotations

import numpy as np

from extract.pdf.gaps.bands import cells_between_rules
from extract.pdf.gaps.blocks import Block, Sheet, Span, leading_of
from extract.pdf.gaps.fields import partition
from extract.pdf.gaps.pieces import Piece
from extract.pdf.rules import Rules

EM = 10.0
XS = [0.0, 100.0, 200.0, 300.0, 400.0]


def piece(low: float, high: float, y: float, text: str = "字") -> Piece:
    return Piece(low, high, y, EM, text)


def field(column: int, text: str) -> Block:
    """A text in the middle of a column."""
    middle = (XS[column] + XS[column + 1]) / 2
    return Block(column, column, middle - 20, middle + 20, 0, 10, (8.5,), text)


def sheet(*pieces: Piece) -> Sheet:
    return Sheet(XS, list(pieces), np.inf, np.inf, -1, EM)


def test_one_stray_line_does_not_tell_how_far_lines_are_apart() -> None:
    column = [piece(0, 50, 13.0 * at) for at in range(12)]
    assert leading_of([[*column, piece(0, 50, 11 * 13 + 8.0)]], EM) == 13


def test_a_label_without_a_value_leaves_its_cell_blank() -> None:
    labels = [field(0, "项目名称"), field(2, "实施单位")]
    above = [(each, (each.first, each.last + 1), False) for each in labels]
    above[-1] = (labels[1], (2, 3), True)
    table = sheet(piece(30, 70, 8.5, "项目名称"), piece(230, 270, 8.5, "实施单位"))
    assert partition(table, labels, above) == [(0, 1), (2, 3)]


def rules(*each: tuple[float, float, float]) -> Rules:
    at, low, high = np.array(each, np.float64).T
    return Rules(at, low, high)


MERGED = rules((0, 0, 400), (20, 200, 400), (40, 0, 400))


def test_a_text_across_two_merged_columns_makes_them_one_cell() -> None:
    _, cells = cells_between_rules(
        sheet(piece(60, 140, 25, "项目资金（万元）"), piece(220, 280, 15), piece(220, 280, 35)), MERGED
    )
    assert Span(0, 2, 0, 2) in cells


def test_a_text_beside_a_merged_label_spans_the_columns_behind_it() -> None:
    label = rules((0, 0, 400), (20, 100, 400), (40, 0, 400))
    _, cells = cells_between_rules(sheet(piece(30, 70, 25), piece(220, 280, 15), piece(180, 320, 35)), label)
    assert {cell for cell in cells if cell.left} == {Span(0, 1, 1, 4), Span(1, 2, 1, 4)}
