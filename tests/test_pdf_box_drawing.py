"""Tables whose rules are printed as characters."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract import read
from tests.pdfs import FONT

TABLE = """\
┌────┬────┬──────┐
│项目│单位│金额　　　│
├────┼────┴──────┤
│甲　　│今年─明年│
├────┼────┬──────┤
│乙　　│丙　　│二万元　　│
└────┴────┴──────┘""".splitlines()


def printed(lines: list[str], leading: float) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, line in enumerate(lines):
        canvas.setFont(FONT, 10)
        for at, char in enumerate(line):
            canvas.drawString(50 + 10 * at, 700 - leading * number, char)
    canvas.save()
    return out.getvalue()


def aligned(line: str) -> str:
    """A line in which each text takes as many characters as the rules above it."""
    parts = line.split("│")[1:-1]
    widths = [4, 4, 6] if len(parts) == 3 else [4, 11]
    texts = ["".join(part.split("　")).ljust(width, "　") for part, width in zip(parts, widths, strict=True)]
    return "│" + "│".join(texts) + "│"


@pytest.mark.parametrize("leading", [10, 12, 13])
def test_box_drawing_characters_are_rules(leading: float) -> None:
    lines = [aligned(line) if line.startswith("│") else line for line in TABLE]
    (table,) = read(printed(lines, leading), "x.pdf").pages[0].tables
    assert {(cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value) for cell in table.cells} == {
        (0, 0, 1, 1, "项目"),
        (0, 1, 1, 1, "单位"),
        (0, 2, 1, 1, "金额"),
        (1, 0, 1, 1, "甲"),
        (1, 1, 1, 2, "今年─明年"),
        (2, 0, 1, 1, "乙"),
        (2, 1, 1, 1, "丙"),
        (2, 2, 1, 1, "二万元"),
    }


def test_a_few_such_signs_in_a_text_stay() -> None:
    (table,) = read(printed(["今年─明年，甲│乙"], 12), "x.pdf").pages[0].tables
    assert table.cells[0].text.value == "今年─明年，甲│乙"
