"""Cells that white space tells are in doubt where a small move of texts, a text across or a rule's end makes others."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps import Told
from extract.pdf.grid import Grid
from extract.pdf.rules import Rules
from extract.scan.cuts import contradicted
from extract.scan.sheet import Sheet
from extract.scan.steadiness import unsteady
from extract.scan.strips import Ground

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


def told_at(edge: float) -> list[Told]:
    return [Told(parted_at(edge), sure=True)]


def ground_of(*texts: tuple[int, int]) -> Ground:
    """A page of ink from and to each of these columns, all of it one text that was read."""
    ink = np.zeros((20, 100), np.uint8)
    for low, high in texts:
        ink[5:15, low:high] = 1
    page = np.full((20, 100, 3), 255, np.uint8)
    sheet = Sheet(page, page[..., 0], page[..., 0], ink, EM, EM, np.zeros((3, 8, 2), np.float32))
    area = (min(low for low, _ in texts), 5, max(high for _, high in texts), 15)
    return Ground(sheet, ink, np.zeros_like(ink), 1.0, {area: None})


NO_RULES = Rules(np.array([]), np.array([]), np.array([]))
BOTH = {(0, 0, 50, 20), (50, 0, 100, 20)}


def test_cells_that_stay_where_they_are_are_steady() -> None:
    assert unsteady([parted_at(50)], lambda _, __: told_at(51), chars((10, 15), (70, 15)), EM, -np.inf) == []


def test_an_edge_may_move_in_white_as_far_as_it_likes() -> None:
    assert unsteady([parted_at(50)], lambda _, __: told_at(30), chars((10, 15), (70, 15)), EM, -np.inf) == []


def test_cells_that_a_small_move_gives_other_texts_are_unsteady() -> None:
    def told(moved: Chars, _: float) -> list[Told]:
        return told_at(50 if moved.x[1] == 70 else 90)

    assert set(unsteady([parted_at(50)], told, chars((10, 15), (70, 15)), EM, -np.inf)) == BOTH


def test_a_blank_cell_is_never_in_doubt() -> None:
    found = unsteady([parted_at(50)], lambda _, __: [], chars((10, 15)), EM, -np.inf)
    assert found == [(0, 0, 50, 20)]


def test_cells_whose_edge_cuts_a_text_are_in_doubt() -> None:
    assert contradicted(parted_at(50), NO_RULES, ground_of((20, 80))) == BOTH


def test_white_at_an_edge_parts_what_was_read_as_one_text() -> None:
    assert contradicted(parted_at(50), NO_RULES, ground_of((20, 48), (52, 80))) == set()


def test_a_rule_that_ends_within_a_cell_puts_it_in_doubt() -> None:
    inside = Rules(np.array([20.0]), np.array([70.0]), np.array([100.0]))
    at_edge = Rules(np.array([20.0]), np.array([50.0]), np.array([100.0]))
    assert contradicted(parted_at(50), inside, ground_of((5, 40))) == {(50, 0, 100, 20)}
    assert contradicted(parted_at(50), at_edge, ground_of((5, 40))) == set()
