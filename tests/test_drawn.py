"""Pages without usable text are recognised only as long as they show writing; pictures of pages always."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

import extract.scan
from extract.pdf.drawn import Drawn
from extract.pdf.pages import LinePart, PageParts, Sight

NO_UNICODE = Path(__file__).parent / "data" / "pdf" / "no-unicode.pdf"


def copies(count: int) -> bytes:
    """The page whose fonts tell nothing, so many times."""
    held = io.BytesIO()
    with pikepdf.open(NO_UNICODE) as pdf:
        for _ in range(count - len(pdf.pages)):
            pdf.pages.append(pdf.pages[0])
        pdf.save(held)
    return held.getvalue()


def tried(sure: list[float], monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """How many of the pages were shown to a recogniser that is so sure of each, and the codes of what was found."""
    shots: list[float] = []

    def read_shot(*_: object) -> PageParts:
        shots.append(sure[len(shots)])
        line = LinePart("项目名称", (0.0, 0.0, 9.0, 9.0), Sight(shots[-1], (), doubtful=False))
        return PageParts(parts=[line], chars=4, unknown=0.0, hidden=0, picture=0.0, inferred=False)

    monkeypatch.setattr(extract.scan, "read_shot", read_shot)
    try:
        rules = [finding.rule for finding in extract.read(copies(len(sure)), "a.pdf").findings]
    except extract.ReadError as error:
        rules = [error.code]
    return len(shots), rules


def test_after_two_pages_of_rubbish_the_others_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tried([0.4] * 6, monkeypatch) == (2, ["not-a-table"])


def test_pages_that_were_not_tried_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    count, rules = tried([0.99, 0.4, 0.4, 0.99, 0.99], monkeypatch)
    assert count == 3
    assert rules.count("scan-given-up") == 1
    assert rules.count("no-unicode") == 4


def test_a_legible_page_among_rubbish_keeps_the_recogniser_going(monkeypatch: pytest.MonkeyPatch) -> None:
    count, rules = tried([0.4, 0.99, 0.4, 0.99], monkeypatch)
    assert count == 4
    assert rules.count("no-unicode") == 2
    assert "scan-given-up" not in rules


def test_pictures_are_always_tried_and_kept() -> None:
    drawn = Drawn({1, 2, 3})
    read = []
    for number in drawn.worth_reading([1, 2, 3, 4, 5]):
        read.append(number)
        assert drawn.is_legible(number, 0.1) == (number > 3)
    assert read == [1, 2, 4, 5]
