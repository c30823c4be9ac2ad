"""What ink says of signs that look alike: a bar below a comparison sign, a figure that is raised."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from extract.scan.engine import Mark, Picture, forms_of, marks_of, with_own_forms
from extract.scan.ink import darkness_of, has_raised, is_barred, is_raised
from extract.scan.reading import read_line, reading_of
from extract.scan.strips import Line
from extract.scan.weighing import weighed

EM = 0.72 * 48
WIDE = 150


def strip(*strokes: tuple[tuple[int, int], ...]) -> Picture:
    """A strip with lines drawn on it."""
    picture: Picture = np.full((48, WIDE, 3), 250, np.uint8)
    for stroke in strokes:
        for one, two in pairwise(stroke):
            cv2.line(picture, one, two, (20, 20, 20), 2, cv2.LINE_AA)
    return picture


CHEVRON = ((6, 10), (32, 19), (6, 28))
LEVEL = ((6, 34), (32, 34))
SLANTED = ((6, 34), (32, 24))
FIGURE = ((50, 8), (66, 8), (66, 23), (50, 23), (50, 40), (66, 40))
MARKS = [Mark(">", 0.99, 19 / WIDE), Mark("2", 0.999, 58 / WIDE)]


@pytest.mark.parametrize(
    ("strokes", "wanted"),
    [((CHEVRON,), False), ((CHEVRON, LEVEL), True), ((CHEVRON, SLANTED), True), ((LEVEL[:1],), None)],
)
@pytest.mark.parametrize("blur", [0.0, 1.0, 1.6])
def test_a_bar_below_a_sign_spoils_its_symmetry(
    strokes: tuple[tuple[tuple[int, int], ...], ...], wanted: bool | None, blur: float
) -> None:
    picture = strip(*strokes, FIGURE)
    picture = cv2.GaussianBlur(picture, (0, 0), blur) if blur else picture
    assert is_barred(darkness_of(picture), MARKS, 0) is wanted


def ring(x: int, y: int, size: int = 5) -> tuple[tuple[int, int], ...]:
    return (
        (x - size, y - size),
        (x + size, y - size),
        (x + size, y + size),
        (x - size, y + size),
        (x - size, y - size),
    )


@pytest.mark.parametrize(("rings", "wanted"), [(2, False), (3, True)])
def test_a_percent_sign_with_three_rings_may_be_a_per_mille_sign(rings: int, *, wanted: bool) -> None:
    drawn = [ring(20, 15), ring(34, 33), ring(48, 33)][:rings]
    marks = [Mark("%", 0.999, (27 + 7 * (rings - 2)) / WIDE), Mark("含", 0.999, 90 / WIDE)]
    found, _ = weighed(marks, strip(((14, 40), (40, 6)), *drawn, *(ring(90, 24, 12),)))
    assert reading_of(found).doubtful is wanted
    assert ("‰含" in reading_of(found).others) is wanted


def read(char: str, *strokes: tuple[tuple[int, int], ...], rivals: tuple[tuple[str, float], ...] = ()) -> Mark:
    marks = [Mark(char, 0.7, 19 / WIDE, rivals), MARKS[1]]
    return weighed(marks, strip(*strokes, FIGURE))[0][0]


def test_a_sign_that_was_read_without_its_bar_is_in_doubt_and_the_other_is_offered() -> None:
    mark = read(">", CHEVRON, SLANTED)
    assert (mark.char, mark.rivals[0][0]) == (">", "≥")
    reading = reading_of([mark, MARKS[1]])
    assert (reading.text, reading.doubtful, reading.others[0]) == (">2", True, "≥2")


def test_a_bar_that_the_recogniser_nearly_read_and_the_ink_shows_is_read_and_stays_in_doubt() -> None:
    mark = read(">", CHEVRON, SLANTED, rivals=(("≥", 0.2), ("2", 0.1)))
    reading = reading_of([mark, MARKS[1]])
    assert (reading.text, reading.others[:1], reading.doubtful) == ("≥2", (">2",), True)
    assert read(">", CHEVRON, rivals=(("≥", 0.2),)).char == ">"


def test_ink_that_agrees_dispels_the_doubt_between_a_sign_and_its_twin_alone() -> None:
    mark = read("≥", CHEVRON, SLANTED, rivals=((">", 0.2), ("2", 0.06)))
    assert mark.sure == pytest.approx(0.9)
    assert mark.rivals == (("2", 0.06),)
    assert read(">", CHEVRON, rivals=(("≥", 0.3),)).sure == pytest.approx(1.0)


def test_a_sign_with_a_bar_that_is_not_there_is_in_doubt() -> None:
    mark = read("≥", CHEVRON)
    assert (mark.char, mark.rivals[0][0]) == ("≥", ">")
    assert mark.sure < 0.9


LETTER = ((6, 40), (6, 22), (16, 22), (16, 40), (16, 22), (26, 22), (26, 40))
RAISED = ((32, 6), (40, 6), (40, 12), (32, 12), (32, 18), (40, 18))
ON_LINE = ((34, 14), (46, 14), (46, 27), (34, 27), (34, 40), (46, 40))


def test_a_raised_figure_behind_a_letter_is_a_superscript() -> None:
    marks = [Mark("m", 0.99, 16 / WIDE), Mark("2", 0.9, 37 / WIDE)]
    assert is_raised(darkness_of(strip(LETTER, RAISED)), marks, 1)
    assert [mark.char for mark in weighed(marks, strip(LETTER, RAISED))[0]] == ["m", "²"]
    marks[1] = Mark("2", 0.9, 40 / WIDE)
    assert not is_raised(darkness_of(strip(LETTER, ON_LINE)), marks, 1)
    assert weighed(marks, strip(LETTER, ON_LINE))[0] == marks


def test_raised_ink_that_was_not_read_puts_the_letter_in_doubt_and_offers_the_square() -> None:
    marks = [Mark("m", 0.999, 16 / WIDE)]
    dark = darkness_of(strip(LETTER, RAISED))
    assert has_raised(dark, marks, 0)
    assert not has_raised(darkness_of(strip(LETTER)), marks, 0)
    reading = reading_of(weighed(marks, strip(LETTER, RAISED))[0])
    assert (reading.text, reading.others, reading.doubtful) == ("m", ("㎡",), True)


def test_a_strip_without_such_signs_is_left_alone() -> None:
    marks = [Mark("元", 0.99, 0.2)]
    assert weighed(marks, strip(CHEVRON))[0] is marks


def test_a_line_of_level_ink_is_read_without_an_error() -> None:
    picture = strip(LEVEL)
    read_line(Line((0, 0, WIDE, 48), picture, [(0.0, 0.3)]))


# Forms of characters, and dashes.


def test_forms_of_other_regions_count_for_the_mainland_s_own() -> None:
    signs = ["", "减", "少", "減"]
    found = np.array([[0, 0.4, 0, 0.6]], np.float32)
    [mark] = marks_of(with_own_forms(found, forms_of(signs)), signs, 1.0)
    assert (mark.char, mark.rivals) == ("减", ())
    assert mark.sure == pytest.approx(1.0)


def test_a_dash_between_a_code_s_dash_and_a_year_is_a_one() -> None:
    marks = [Mark(char, 1.0, 0.1) for char in "0101-"]
    rest = [Mark(char, 1.0, 0.9) for char in "年期项目"]
    sure = reading_of([*marks, Mark("一", 0.6, 0.5, (("—", 0.4),)), *rest])
    assert (sure.text, sure.doubtful) == ("0101-一年期项目", False)
    assert reading_of([*marks, Mark("—", 1.0, 0.5), *rest]).text == "0101-一年期项目"
    assert reading_of([Mark(char, 1.0, 0.1) for char in "目标——年内完成"]).text == "目标——年内完成"
