"""Texts of a page whose cells are not known: a sign's own white does not part them."""

from __future__ import annotations

import numpy as np
import pytest

from extract.pdf.gaps.pieces import lines_on
from extract.scan import texts
from extract.scan.engine import Mark
from extract.scan.reading import Reading
from extract.scan.sheet import Sheet
from extract.scan.strips import Ground, Line, lines_in, text_ink
from extract.scan.texts import chars_of

EM = 20


def ground_of(*inks: tuple[int, int, int, int]) -> Ground:
    """A page with ink in these boxes, of which a text's ink is what is larger than a dot."""
    sheet_ink, ink = np.zeros((60, 400), np.uint8), np.zeros((60, 400), np.uint8)
    for left, top, right, bottom in inks:
        sheet_ink[top:bottom, left:right] = 1
        if right - left > 4:
            ink[top:bottom, left:right] = 1
    page = np.full((60, 400, 3), 255, np.uint8)
    rows, cols = np.mgrid[0:100:16, 0:440:16].astype(np.float32)
    sheet = Sheet(page, page[..., 0], page[..., 0], sheet_ink, EM, EM, np.stack([cols, rows], axis=2))
    return Ground(sheet, ink, np.zeros_like(ink), 1.0, {})


def read_as(monkeypatch: pytest.MonkeyPatch, *read: str) -> None:
    """Lines are read as these texts, from the left; their characters stand side by side."""

    def marks(_: Line) -> tuple[Reading, list[Mark]]:
        text = read[seen.pop(0)]
        places = [Mark(char, 1.0, (at + 0.5) / len(text)) for at, char in enumerate(text)]
        return Reading(text, 1.0, (), doubtful=False), places

    seen = list(range(len(read)))
    monkeypatch.setattr(texts, "read_marks", marks)


def found(ground: Ground) -> list[str]:
    return [piece.text for line in lines_on(chars_of(ground)) for piece in line]


CHARS = (20, 20, 38, 38), (40, 20, 58, 38)


def test_what_a_bracket_leaves_blank_is_no_white_between_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    read_as(monkeypatch, "资金）", "万元")
    closing = ground_of((20, 20, 38, 38), (40, 20, 46, 38), (60, 20, 78, 38), (80, 20, 98, 38))
    assert found(closing) == ["资金）万元"]


def test_texts_that_stand_apart_are_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    read_as(monkeypatch, "项目", "资金")
    assert found(ground_of(*CHARS, (70, 20, 88, 38), (90, 20, 108, 38))) == ["项目", "资金"]


def test_the_dots_of_a_colon_join_the_texts_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    read_as(monkeypatch, "其中：财政")
    ground = ground_of(*CHARS, (64, 24, 67, 27), (64, 32, 67, 35), (80, 20, 98, 38), (100, 20, 118, 38))
    assert found(ground) == ["其中：财政"]


COLON = (64, 24, 67, 27), (64, 32, 67, 35)


def test_dust_in_white_within_a_line_is_told_as_a_dot_and_dust_at_its_end_is_not() -> None:
    ground = ground_of(*CHARS, *COLON, (80, 20, 98, 38), (110, 30, 113, 33))
    [line] = lines_in((0, 0, 400, 60), ground)
    left, right = line.area[0] - 7, line.area[2] + 7
    [(first, end)] = line.dots
    assert left + first * (right - left) == pytest.approx(64)
    assert left + end * (right - left) == pytest.approx(67)


def test_a_colon_with_white_behind_it_is_no_speck_of_a_fax() -> None:
    specks = [(x, y, x + 1, y + 1) for x in range(150, 390, 4) for y in (5, 50)]
    ground = ground_of((20, 20, 38, 38), (40, 20, 58, 38), *COLON, (85, 20, 103, 38), *specks)
    _, dust = text_ink(ground.sheet, np.zeros_like(ground.ink))
    assert not dust[20:40, 60:80].any()
    assert all(dust[top, left] for left, top, _, _ in specks)
