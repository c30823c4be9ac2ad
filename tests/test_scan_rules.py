"""Rules of scans that are broken, streaks across the page, and signs that stand alone in their cells."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.pdf.grid import grids_of, slots_of
from extract.scan import alone
from extract.scan.alone import in_company, stands_alone
from extract.scan.engine import Mark, Picture
from extract.scan.joints import settled
from extract.scan.page import _is_dash, is_beside_doubts
from extract.scan.reading import Reading, reading_of
from extract.scan.rules import _pieces, _text, _Way, lines_of
from extract.scan.shades import without_shades
from extract.scan.sheet import straightened
from extract.scan.steps import Field, Steps, _hang, _told_by_ink, far_apart, ruled
from extract.scan.streaks import without_streaks
from extract.scan.strips import Ground, Line, text_ink
from samples.scan_damage import Damage, broken_rules, damaged, noise, skew
from tests.test_scan import XS, YS, grid_page


def odds_of(rows: list[list[float]]) -> Steps:
    odds = np.array(rows)
    places = np.arange(len(odds), dtype=np.float64) * 10
    at = np.repeat(places[:, None], odds.shape[1], axis=1)
    return Steps(places, list(np.arange(odds.shape[1] + 1) * 10.0), at, np.abs(odds), odds)


def line(width: int) -> Line:
    return Line((0, 0, width, 48), np.full((48, width, 3), 255, np.uint8), [(0.3, 0.7)])


@pytest.mark.parametrize("damages", [(broken_rules(0.35), noise(4)), (broken_rules(0.35), skew(0.8), noise(4))])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cells_of_a_form_with_broken_rules_are_those_of_the_whole_one(
    damages: tuple[Damage, ...], seed: int
) -> None:
    grids = []
    for page in (grid_page(), damaged(grid_page(), damages, seed)):
        sheet = straightened(page)
        assert sheet is not None
        lines = lines_of(sheet)
        [grid] = grids_of(lines.rows, lines.columns, sheet.em)
        grids.append(slots_of(grid)[:4])
    assert grids[0] == grids[1]


def cells_of(page: Picture) -> set[tuple[int, int, int, int]]:
    """Row, column and spans of the cells that the rules of a page make."""
    sheet = straightened(page)
    assert sheet is not None
    lines = lines_of(sheet)
    [grid] = grids_of(lines.rows, lines.columns, sheet.em)
    return set(zip(*slots_of(grid)[:4], strict=True))


def marked(page: Picture, places: list[tuple[int, int]]) -> Picture:
    """The page with words of three marks that have the size of characters at these places."""
    for x, y in places:
        for step in range(3):
            cv2.rectangle(page, (x + 28 * step, y), (x + 28 * step + 20, y + 22), (0, 0, 0), 3)
    return page


def test_columns_of_two_blocks_of_a_table_may_nearly_meet() -> None:
    """Eight pixels apart: no text fits between, but the one is not where the other is drawn."""
    page = np.full((700, 1000, 3), 255, np.uint8)
    ys, halves = (100, 160, 220, 280, 340, 400, 460), ((80, 300, 620, 920), (80, 308, 470, 628, 920))
    for y in ys:
        cv2.line(page, (80, y), (920, y), (0, 0, 0), 2)
    for half, top in zip(halves, (0, 3), strict=True):
        for x in half:
            cv2.line(page, (x, ys[top]), (x, ys[top + 3]), (0, 0, 0), 2)
    page = marked(page, [(x + 20, y + 18) for at, y in enumerate(ys[:-1]) for x in halves[at // 3][:-1]])
    upper = {(row, col, 1, span) for row in range(3) for col, span in ((0, 1), (1, 2), (3, 1))}
    assert cells_of(page) == upper | {(row, col, 1, 1) for row in range(3, 6) for col in range(4)}


def test_a_border_that_leans_is_one_rule() -> None:
    """As where the page was bent at its edge: the other rules are straight."""
    page = np.full((1100, 1000, 3), 255, np.uint8)
    ys, xs = range(100, 1001, 60), (320, 640, 920)
    for y in ys:
        cv2.line(page, (80 + (y - 100) * 18 // 900, y), (920, y), (0, 0, 0), 2)
    for x in xs:
        cv2.line(page, (x, 100), (x, 1000), (0, 0, 0), 2)
    cv2.line(page, (80, 100), (98, 1000), (0, 0, 0), 2)
    page = marked(page, [(x + 20, y + 18) for y in ys[:-1] for x in (100, *xs[:-1])])
    assert cells_of(page) == {(row, col, 1, 1) for row in range(15) for col in range(3)}


@pytest.mark.parametrize("ground", [(20, 20, 20), (46, 110, 240), (120, 120, 120)])
@pytest.mark.parametrize("rule", [0, 255])
def test_light_text_on_a_dark_ground_is_read_as_dark_text(ground: tuple[int, int, int], rule: int) -> None:
    """As headers of coloured tables are, with rules of either kind between their cells."""
    page, shaded = grid_page(), grid_page()
    head = shaded[YS[0] : YS[1], XS[0] : XS[-1]]
    head[:] = np.where(head < 128, 255, np.array(ground, np.uint8))
    for x in XS:
        cv2.line(shaded, (x, YS[0]), (x, YS[1]), (rule, rule, rule), 2)
    cleaned = without_shades(shaded)
    assert cells_of(shaded) == cells_of(page)
    assert (cv2.cvtColor(cleaned, cv2.COLOR_RGB2GRAY)[YS[0] : YS[1]] < 90).mean() == pytest.approx(
        (page[YS[0] : YS[1], :, 0] < 90).mean(), abs=0.04
    )


def test_bars_seals_and_surroundings_are_no_grounds_of_text() -> None:
    page = grid_page()
    page[20:60, 100:400] = 60
    cv2.circle(page, (700, 350), 80, (220, 30, 30), 6)
    framed = cv2.copyMakeBorder(page, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(50, 40, 30))
    for picture in (page, framed):
        assert without_shades(picture) is picture


def test_a_step_without_ink_is_a_rule_where_cells_would_be_no_rectangles_without_it() -> None:
    level = odds_of([[9, 9], [-9, 9], [-9, 9], [9, 9]])
    upright = odds_of([[9, 9, 9], [9, -1, 9], [9, 9, 9]])
    assert settled(level, upright)[1].all()


def test_a_step_that_its_ink_denies_stays_open() -> None:
    level = odds_of([[9, 9], [-9, 9], [-9, 9], [9, 9]])
    upright = odds_of([[9, 9, 9], [9, -9, 9], [9, 9, 9]])
    assert not settled(level, upright)[1][1, 1]


def test_the_frame_is_whole_where_anything_else_is_drawn() -> None:
    steps = odds_of([[9, -3, 9], [9, 9, 9], [9, 9, 9]])
    assert steps.there[0].all()
    assert ruled(steps, steps.there).high.tolist() == [30.0, 30.0, 30.0]


def test_between_two_tables_the_frame_has_no_rule() -> None:
    steps = odds_of([[9, -9, 9], [9, -9, 9], [9, -9, 9]])
    assert not steps.there[:, 1].any()


@pytest.mark.parametrize("shade", [20, 150, 215])
def test_a_streak_down_the_page_is_taken_away_and_strokes_across_it_stay(shade: int) -> None:
    page = grid_page()
    streaked = page.copy()
    streaked[:, 342:344] = np.minimum(page[:, 342:344], shade)
    cleaned, grey = without_streaks(streaked, cv2.cvtColor(streaked, cv2.COLOR_RGB2GRAY))
    assert np.abs(cleaned.astype(int) - page).max() <= 40
    assert grey.shape == page.shape[:2]


def test_the_rules_of_a_picture_that_is_cut_along_its_table_are_no_streaks() -> None:
    page = grid_page()[YS[0] - 1 : YS[-1] + 2, XS[0] - 1 : XS[-1] + 2]
    cleaned, _ = without_streaks(page, cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
    assert cleaned is page


def heard(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the recogniser read this text in every strip, its characters evenly spread."""

    def recognise(_: Picture) -> list[Mark]:
        return [Mark(char, 0.99, (at + 0.5) / len(text)) for at, char in enumerate(text)]

    monkeypatch.setattr(alone, "recognise", recognise)
    monkeypatch.setattr(alone, "weighed", lambda marks, _: (marks, False))


def reading(text: str, sure: float = 0.8) -> Reading:
    return reading_of([Mark(char, sure, 0.5) for char in text])


def test_a_sign_alone_is_read_between_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    heard(monkeypatch, "数≥9")
    assert in_company(line(60), reading("2"), line(60), line(60))[::3] == ("≥", False)


def test_another_word_in_company_is_told_as_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    heard(monkeypatch, "9入无")
    found = in_company(line(60), reading("人", 0.99), line(60), line(60))
    assert (found.text, found.doubtful, found.others) == ("人", True, ("入",))


@pytest.mark.parametrize(("text", "expected"), [("9一5", "-"), ("9一条", "一")])
def test_a_bar_beside_figures_is_a_dash_and_beside_words_a_number(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    heard(monkeypatch, text)
    assert in_company(line(60), reading("一"), line(60), line(60)).text == expected


def test_a_bar_without_neighbours_is_a_dash() -> None:
    assert in_company(line(60), reading("一"), None, None).text == "-"


@pytest.mark.parametrize(("width", "text", "is_alone"), [(60, "2", True), (60, "20", False), (300, "≥", False)])
def test_only_narrow_lines_that_are_no_sure_number_are_read_in_company(width: int, text: str, is_alone: bool) -> None:
    assert stands_alone(line(width), reading(text, 0.99 if text == "20" else 0.8)) is is_alone


@pytest.mark.parametrize(("text", "expected"), [("台 (套)", "台(套)"), ("(套) 台", "(套)台"), ("km (a)", "km (a)")])
def test_the_white_of_a_wide_bracket_is_no_space(text: str, expected: str) -> None:
    """Else 台 (套) is no unit of the list, and 14台（套） comes out as 14."""
    assert reading(text).text == expected


def test_a_percent_with_a_ring_is_a_per_mille() -> None:
    assert reading("0.9%o").text == "0.9‰"


def steps_at(odds: list[list[float]]) -> Steps:
    """Upright rules at 0, 100, 200 and 300, a row from 0 to 20."""
    told = np.array(odds)
    places = np.array([0.0, 100.0, 200.0, 300.0])
    return Steps(places, [0.0, 20.0], places[:, None], np.abs(told), told)


TEXTS = np.array([[5.0, 20.0, 15.0, 60.0], [5.0, 220.0, 15.0, 260.0]])


def test_white_that_no_text_has_within_itself_tells_a_rule_that_lost_all_of_its_ink() -> None:
    steps = steps_at([[9.0], [-5.0], [-3.0], [9.0]])
    assert far_apart(steps, steps.there, TEXTS, 10.0) == [(2, 0)]


def test_texts_that_a_rule_parts_need_no_other_one() -> None:
    steps = steps_at([[9.0], [4.0], [-3.0], [9.0]])
    assert far_apart(steps, steps.there, TEXTS, 10.0) == []
    assert far_apart(steps, steps.there, TEXTS[:1], 10.0) == []


def test_rules_of_the_back_of_a_sheet_are_no_rules() -> None:
    page = grid_page()
    back = 255 - ((255 - np.roll(page[:, ::-1], 23, axis=0)) * 0.2).astype(np.uint8)
    sheets = [straightened(each) for each in (page, np.minimum(page, back))]
    one, other = (lines_of(sheet) for sheet in sheets if sheet is not None)
    assert len(other.rows.at) == len(one.rows.at)
    assert len(other.columns.at) == len(one.columns.at)


def shining_through(page: Picture, down: int) -> Picture:
    """The page with its own back on it, mirrored and so far down."""
    back = np.roll(page[:, ::-1], down, axis=0)
    return np.minimum(page, 255 - ((255 - back) * 0.2).astype(np.uint8))


def table(ys: list[int], xs: list[int], parted: list[int]) -> Picture:
    """A ruled page, the rules at `ys` going across, but the first column merged over those that are not `parted`."""
    page = np.full((ys[-1] + 100, xs[-1] + 80, 3), 255, np.uint8)
    for y in ys:
        cv2.line(page, (xs[0] if y in parted else xs[1], y), (xs[-1], y), (0, 0, 0), 2)
    for x in xs:
        cv2.line(page, (x, ys[0]), (x, ys[-1]), (0, 0, 0), 2)
    return marked(page, [(x + 20, y + 18) for y in ys[:-1] for x in xs[1:-1]])


def test_a_rule_of_the_back_that_lies_where_a_rule_stands_cuts_no_merged_cell() -> None:
    ys, xs = list(range(100, 641, 60)), [80, 360, 640, 920]
    page = table(ys, xs, [ys[0], ys[4], ys[-1]])
    assert cells_of(page) <= cells_of(shining_through(page, 60))


@pytest.mark.parametrize(("ems", "found"), [(12, 1), (4, 0)])
def test_a_long_rule_that_has_lost_more_than_half_of_its_ink_is_found(ems: int, found: int) -> None:
    """Its pieces are shorter than a character; so few of them in a row may be anything."""
    thin = np.zeros((30, 400), np.uint8)
    for x in range(40, 40 + 20 * ems, 40):
        thin[14:16, x : x + 18] = 1
    assert len(_pieces(_Way(thin, thin, 0 * thin, thin, 20.0)).at) == found


def test_pieces_of_upright_rules_between_whole_level_ones_are_rules() -> None:
    """As pale rules leave ink: none is longer than a character, and none touches a level rule."""
    ys, xs = list(range(100, 701, 50)), [80, 360, 640, 920]
    page = table(ys, xs, ys)
    whole = cells_of(page)
    for y in ys[:-1]:
        page[y + 2 : y + 10, 630:650] = page[y + 42 : y + 49, 630:650] = 255
    assert cells_of(page) == whole


def test_a_rule_that_juts_out_of_the_frame_makes_no_column() -> None:
    ys = list(range(100, 641, 60))
    page = table(ys, [80, 360, 640, 920], ys)
    whole = cells_of(page)
    cv2.line(page, (50, 220), (80, 220), (0, 0, 0), 2)
    assert cells_of(page) == whole


def test_where_rules_are_whole_one_with_gaps_is_none() -> None:
    """As the feet of a long number seem to be."""
    shares = np.full((4, 6), 1.0)
    shares[1, 2] = 0.8
    told = _told_by_ink(shares, np.full((4, 6), 0.2))
    assert told[1, 2] < 0.6 < told[0, 0]


@pytest.mark.parametrize("underlined", [False, True])
def test_characters_that_run_together_are_text_unless_a_rule_holds_them(*, underlined: bool) -> None:
    """Else the feet of a long number are taken for a rule, and texts that a rule might part for white."""
    ink = np.zeros((60, 200), np.uint8)
    peaks = np.array([[20 + 8 * at, 20 + 20 * (at % 2)] for at in range(16)], np.int32)
    cv2.polylines(ink, [peaks], False, 1, 2)
    if underlined:
        cv2.line(ink, (10, 40), (180, 40), 1, 2)
    text, boxes = _text(ink, 20.0, small=False)
    assert bool(text.any()) is not underlined
    assert len(boxes) == (0 if underlined else 1)


def test_a_level_step_is_in_doubt_where_its_ink_leaves_it_open() -> None:
    """Between all of its ink and none there is a share of which nobody can tell."""
    ys, xs = list(range(100, 641, 60)), [80, 360, 640, 920]
    told, beside = [], []
    for lost in range(0, 281, 28):
        page = table(ys, xs, ys)
        page[330:350, 640 : 640 + lost] = 255
        sheet = straightened(page)
        assert sheet is not None
        lines = lines_of(sheet)
        told.append(len(lines.level_doubts.at))
        beside.append([is_beside_doubts(lines, (640, y, 920, y + 60), sheet.em) for y in ys[:-1]])
    assert told[0] == told[-1] == 0
    assert any(told)
    assert [[at for at, each in enumerate(cells) if each] for cells in beside] == [
        [3, 4] if each else [] for each in told
    ]


@pytest.mark.parametrize(("cut", "hangs"), [(8, True), (2, False)])
def test_a_stroke_of_a_character_reaches_no_rule_that_crosses(cut: int, hangs: bool) -> None:
    """But where all rules of a page end short of their crossings, that says nothing."""
    stops = [40.0, 90.0, 140.0, 190.0, 240.0]
    ink = np.zeros((160, 280), np.uint8)
    for y in (20, 60, 100, 140):
        ink[y - 1 : y + 2, 40:241] = 1
    ink[50:70, 90 + 1 : 140] = 0
    ink[59:62, 90 + cut : 140 - cut] = 1
    at, shares = np.full((4, 4), [[20.0], [60.0], [100.0], [140.0]]), np.ones((4, 4))
    found = _hang(Field(ink, ink, 28.0), at, stops, shares)
    assert found.any() == hangs
    assert not hangs or np.argwhere(found).tolist() == [[1, 1]]
    for low in stops[:-1]:
        ink[:, round(low) : round(low) + 9] = 0
        ink[:, round(low) + 42 : round(low) + 50] = 0
    assert not _hang(Field(ink, ink, 28.0), at, stops, shares).any()


def ground_of(page: Picture) -> Ground:
    sheet = straightened(page)
    assert sheet is not None
    rules = lines_of(sheet)
    wide = cv2.dilate(rules.ink, np.ones((3, 3), np.uint8))
    return Ground(sheet, text_ink(sheet, wide)[0], rules.ink, 0.36, {})


@pytest.mark.parametrize("away", [4, 8])
def test_the_bars_of_a_sign_beside_an_upright_rule_are_no_slivers_of_it(away: int) -> None:
    ys, xs = list(range(100, 641, 60)), [80, 360, 640, 920]
    page = table(ys, xs, ys)
    bare = ground_of(page).ink.sum()
    for y in (ys[2] + 28, ys[2] + 34):
        cv2.line(page, (xs[2] + away, y), (xs[2] + away + 8, y), (0, 0, 0), 2)
    assert ground_of(page).ink.sum() - bare > 40


@pytest.mark.parametrize(("bars", "is_dash"), [((0,), True), ((0, 2), False)])
def test_two_bars_are_no_dash(bars: tuple[int, ...], is_dash: bool) -> None:
    ys, xs = list(range(100, 641, 60)), [80, 360, 640, 920]
    page = table(ys, xs, ys)
    ground = ground_of(page)
    ground.ink[200:220, 420:460] = 0
    for bar in bars:
        ground.ink[205 + bar, 430:444] = 1
    area = (430, 205, 444, 206 + bars[-1])
    assert _is_dash(area, ground) is is_dash
