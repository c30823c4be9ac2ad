"""Cells that white space tells are in doubt where a small move of texts would make them others."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.grid import Grid
from extract.scan.steadiness import unsteady

EM = 10.0


def chars(*places: tuple[float, float]) -> Chars:
    """A character at each of these places, each a text of its own."""
    count = len(places)
    x, y = np.array([place[0] for place in places]), np.array([place[1] for place in places])
    zeros = np.zeros(count, np.int64)
    order = np.arange(count)
    return Chars(zeros + ord("国"), x, y, x + EM, np.full(count, EM), zeros, zeros, order, order)


def parted_at(edge: float) -> Grid:
    """One row of two cells that meet at an edge."""
    return Grid(np.array([0.0, edge, 100.0]), np.array([0.0, 20.0]), np.ones((2, 2), bool), np.ones((1, 3), bool))


def test_cells_that_stay_where_they_are_are_steady() -> None:
    assert unsteady([parted_at(50)], lambda _, __: [parted_at(51)], chars((10, 15), (70, 15)), EM) == []


def test_cells_that_a_small_move_makes_others_are_unsteady() -> None:
    def told(moved: Chars, _: float) -> list[Grid]:
        return [parted_at(50 if moved.x[1] == 70 else 30)]

    found = unsteady([parted_at(50)], told, chars((10, 15), (70, 15)), EM)
    assert found == [(0, 0, 50, 20), (50, 0, 100, 20)]


def test_a_blank_cell_is_never_in_doubt() -> None:
    found = unsteady([parted_at(50)], lambda _, __: [], chars((10, 15)), EM)
    assert found == [(0, 0, 50, 20)]
