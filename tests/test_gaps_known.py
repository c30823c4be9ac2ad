"""Columns that are known from other pages: where they suit a table without a header, and where they do not."""

from __future__ import annotations

import pytest

from extract.pdf.gaps.known import Bare, known_edges, shares_of
from extract.pdf.gaps.pieces import Piece

KNOWN = shares_of([50, 100, 160, 250, 450, 550])
EM = 10.0


def lines(*rows: tuple[tuple[float, float], ...]) -> list[list[Piece]]:
    """A line of text for each row, with a text from and to each of these places."""
    return [[Piece(low, high, 20.0 * at, EM, "字") for low, high in row] for at, row in enumerate(rows, 1)]


VALUES = lines(((255, 330), (480, 510)), ((255, 400), (470, 520)), ((255, 300), (490, 500)))


def test_columns_that_are_blank_on_a_whole_page_are_kept() -> None:
    edges = known_edges([KNOWN], Bare(VALUES, (50, 550), [], fields=False), EM)
    assert edges is not None
    assert len(edges) == 6
    assert all(abs(edge - x) <= 12 for edge, x in zip(edges, [50, 100, 160, 250, 450, 550], strict=True))


def test_known_columns_give_way_to_the_ends_of_rules() -> None:
    edges = known_edges([KNOWN], Bare(VALUES, (50, 550), [104.0, 104.0, 250.0], fields=False), EM)
    assert edges is not None
    assert edges[1] == pytest.approx(104, abs=2)


@pytest.mark.parametrize(
    "table",
    [
        Bare(lines(((60, 300), (320, 500)), ((60, 310), (330, 520))), (50, 550), [], fields=False),
        Bare(VALUES, (50, 550), [200.0, 300.0, 400.0], fields=False),
    ],
    ids=["texts stand across them", "rules end elsewhere"],
)
def test_columns_that_do_not_suit_a_table_are_not_taken(table: Bare) -> None:
    assert known_edges([KNOWN], table, EM) is None


def test_the_likeliest_columns_that_suit_are_taken() -> None:
    other = shares_of([50, 290, 550])
    assert known_edges([other, KNOWN], Bare(VALUES, (50, 550), [], fields=False), EM) is not None
