"""Rules drawn as curves, boxes with round corners, borders filled between two outlines, and hatchings behind tables."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from extract import read
from tests.test_pdf_producers import CELLS, LINES, RULES, SHOWN, XS, YS, cells, page

ARC = 0.5523  # of the radius: where the control points of a quarter of a circle stand


def bow(line: tuple[float, float, float, float], bent: float = 0.0) -> str:
    """A line as one curve."""
    x0, y0, x1, y1 = line
    thirds = [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part + bent) for part in (1 / 3, 2 / 3)]
    return f"{x0} {y0} m {' '.join(f'{x} {y}' for x, y in thirds)} {x1} {y1} c S"


def rounded(box: tuple[float, float, float, float], radius: float) -> str:
    """The path of a rectangle whose corners are round."""
    x0, y0, x1, y1 = box
    off = radius * (1 - ARC)
    return (
        f"{x0 + radius} {y0} m {x1 - radius} {y0} l {x1 - off} {y0} {x1} {y0 + off} {x1} {y0 + radius} c "
        f"{x1} {y1 - radius} l {x1} {y1 - off} {x1 - off} {y1} {x1 - radius} {y1} c "
        f"{x0 + radius} {y1} l {x0 + off} {y1} {x0} {y1 - off} {x0} {y1 - radius} c "
        f"{x0} {y0 + radius} l {x0} {y0 + off} {x0 + off} {y0} {x0 + radius} {y0} c h"
    )


def boxes(gap: float = 0.0) -> list[tuple[float, float, float, float]]:
    return [
        (XS[col] + gap, YS[row] + gap, XS[col + 1] - gap, YS[row + 1] - gap) for row in range(2) for col in range(2)
    ]


def test_a_curve_that_runs_straight_is_a_rule() -> None:
    assert cells(" ".join(map(bow, LINES))) == [CELLS]


def test_a_curve_that_bends_is_none() -> None:
    assert cells(" ".join(bow(line, 30) for line in LINES)) != [CELLS]


@pytest.mark.parametrize("radius", [3, 8, 15])
def test_boxes_with_round_corners_are_cells(radius: float) -> None:
    assert cells(" ".join(f"{rounded(box, radius)} S" for box in boxes(gap=1))) == [CELLS]


@pytest.mark.parametrize("radius", [4, 12])
def test_a_frame_with_round_corners_closes_its_table(radius: float) -> None:
    inner = " ".join(f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in LINES if (x0, y0) == (200, 600) or y0 == 640)
    assert cells(f"{rounded((XS[0], YS[0], XS[-1], YS[-1]), radius)} S {inner}") == [CELLS]


@pytest.mark.parametrize("radius", [0, 5])
def test_borders_filled_between_an_outer_and_an_inner_outline_are_rules(radius: float) -> None:
    """As browsers print borders with round corners."""

    def outline(box: tuple[float, float, float, float], inset: float) -> str:
        x0, y0, x1, y1 = box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset
        return rounded((x0, y0, x1, y1), radius - inset) if radius else f"{x0} {y0} {x1 - x0} {y1 - y0} re"

    assert cells(" ".join(f"{outline(box, 0)} {outline(box, 0.75)} f*" for box in boxes())) == [CELLS]


def test_a_circle_makes_no_cell() -> None:
    assert cells(f"{RULES} {rounded((40, 560, 80, 600), 20)} S") == [CELLS]


@pytest.mark.parametrize("upright", [False, True])
def test_a_hatching_behind_a_table_has_no_rules(*, upright: bool) -> None:
    places = [XS[0] + 1 + 3 * at for at in range(99)] if upright else [YS[0] + 1 + 3 * at for at in range(26)]
    ends = [f"{at} {YS[0]} m {at} {YS[-1]}" if upright else f"{XS[0]} {at} m {XS[-1]} {at}" for at in places]
    hatching = " ".join(f"{line} l S" for line in ends)
    assert cells(f"0.2 w 0.9 G {hatching} 0.5 w 0 G {RULES}") == [CELLS]


def test_a_card_with_round_corners_and_a_ground_is_a_cell() -> None:
    """Where fills alone show the cells."""
    assert cells(" ".join(f"0.9 g {rounded(box, 4)} f" for box in boxes(gap=2)) + " 0 g") == [CELLS]
    found = read(page(f"{' '.join(f'0.9 g {rounded(box, 4)} f' for box in boxes(gap=2))} 0 g {SHOWN}"), "x.pdf")
    assert not found.findings


def test_a_box_whose_sides_are_filled_one_after_another_through_a_ring_is_a_cell() -> None:
    """As Chromium draws a border with round corners that a page cuts."""

    def ringed(box: tuple[float, float, float, float]) -> str:
        x0, y0, x1, y1 = box
        inner = rounded((x0 + 1, y0 + 1, x1 - 1, y1 - 1), 5)
        clips = f"0 0 595 842 re W n {rounded(box, 6)} W n 0 0 595 842 re {inner} W* n"
        return f"q {clips} {x0} {y0} {x1 - x0} {y1 - y0} re f {x0} {y0} {x1 - x0} {y1 - y0} re f Q"

    first, *others = boxes()
    assert cells(" ".join([ringed(first), *(f"{x0} {y0} {x1 - x0} {y1 - y0} re S" for x0, y0, x1, y1 in others)])) == [
        CELLS
    ]


@pytest.mark.parametrize("parts", [1, 4])
def test_a_corner_of_many_curves_is_one(parts: int) -> None:
    """As Skia writes it; each of its curves is so short that it looks level and upright."""
    drawing = " ".join(f"{many(box, 5, parts)} S" for box in boxes(gap=1))
    assert cells(drawing) == [CELLS]


def many(box: tuple[float, float, float, float], radius: float, parts: int) -> str:
    """A rectangle with corners of so many curves."""
    x0, y0, x1, y1 = box
    centres = [(x1 - radius, y0 + radius, -90), (x1 - radius, y1 - radius, 0), (x0 + radius, y1 - radius, 90)]
    centres.append((x0 + radius, y0 + radius, 180))
    steps = [math.radians(90 * at / parts) for at in range(parts + 1)]
    bow = 4 / 3 * math.tan(steps[1] / 4)
    path = [f"{x0 + radius} {y0} m"]
    for x, y, turn in centres:
        ends = [(math.cos(math.radians(turn) + step), math.sin(math.radians(turn) + step)) for step in steps]
        path.append(f"{x + radius * ends[0][0]} {y + radius * ends[0][1]} l")
        for (a, b), (c, d) in pairwise(ends):
            points = (a - bow * b, b + bow * a, c + bow * d, d - bow * c, c, d)
            path.append(" ".join(str((x, y)[at % 2] + radius * each) for at, each in enumerate(points)) + " c")
    return " ".join(path) + " h"
