"""Tables that draw only some of their rules: what stands in one cell and belongs to several is parted, and flagged."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract import read
from jixiao.pipeline import extract
from schemas.table import Document
from tests.forms import expected_projects
from tests.pdfs import FONT, WIDTHS, Look, Style, forms_pdf
from tests.test_pdf_producers import page

XS = (50.0, 150.0, 250.0, 350.0, 450.0)
TOP, STEP = 700.0, 24.0
ROWS = [
    ("Region", "Income", "Outlay", "Share"),
    *((f"Place {n}", f"{n}1.5", f"{n}{n}0.2", f"{n}0%") for n in range(1, 7)),
]


def shown(rows: Sequence[Sequence[str]], step: float = STEP) -> str:
    return " ".join(
        f"BT /F1 10 Tf {XS[col] + 6} {TOP - step * row - 16} Td ({text}) Tj ET"
        for row, words in enumerate(rows)
        for col, text in enumerate(words)
    )


def level(count: int, step: float = STEP) -> str:
    return " ".join(f"{XS[0]} {TOP - step * row} m {XS[-1]} {TOP - step * row} l S" for row in range(count + 1))


def upright(at: float, high: float) -> str:
    return f"{at} {TOP} m {at} {TOP - high} l S"


def cells(document: Document) -> list[set[tuple[int, int, str]]]:
    return [
        {(cell.row, cell.col, cell.text.value) for cell in table.cells}
        for table in document.pages[0].tables
        if table.num_cols > 1
    ]


WHOLE = {(row, col, text) for row, words in enumerate(ROWS) for col, text in enumerate(words)}


@pytest.mark.parametrize("drawn", [(1,), (3,), (0, 2), (0, 4), (1, 3)])
def test_columns_that_no_upright_rule_parts_are_parted_by_white_and_flagged(drawn: tuple[int, ...]) -> None:
    uprights = " ".join(upright(XS[at], STEP * len(ROWS)) for at in drawn)
    document = read(page(f"{level(len(ROWS))} {uprights} {shown(ROWS)}"), "x.pdf")
    assert cells(document) == [WHOLE]
    assert [finding.rule for finding in document.findings] == ["grid-inferred"]


def test_rows_below_a_ruled_header_that_no_rule_parts_are_parted_and_flagged() -> None:
    frame = f"{level(1)} {XS[0]} {TOP - STEP * len(ROWS)} m {XS[-1]} {TOP - STEP * len(ROWS)} l S"
    uprights = " ".join(upright(x, STEP * len(ROWS)) for x in XS)
    document = read(page(f"{frame} {uprights} {shown(ROWS)}"), "x.pdf")
    assert cells(document) == [WHOLE]
    assert [finding.rule for finding in document.findings] == ["grid-inferred"]


def test_a_whole_table_beside_a_half_ruled_one_keeps_its_cells() -> None:
    below = TOP - STEP * len(ROWS) - 60
    grid = f"50 {below - 48} 400 48 re S 50 {below - 24} m 450 {below - 24} l S 250 {below - 48} m 250 {below} l S"
    words = [(56, below - 16, "A"), (256, below - 16, "B"), (56, below - 40, "C"), (256, below - 40, "D")]
    texts = " ".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in words)
    document = read(
        page(f"{level(len(ROWS))} {upright(XS[1], STEP * len(ROWS))} {shown(ROWS)} {grid} {texts}"), "x.pdf"
    )
    assert cells(document) == [WHOLE, {(0, 0, "A"), (0, 1, "B"), (1, 0, "C"), (1, 1, "D")}]


def test_letters_and_units_that_stand_apart_in_a_cell_part_no_column() -> None:
    rows = [("N    a    m    e", "12    m"), ("U    n    i    t", "4    m"), ("T    i    m    e", "7    m")]
    frame = " ".join(f"50 {TOP - STEP * row} m 250 {TOP - STEP * row} l S" for row in range(4))
    uprights = " ".join(upright(x, STEP * 3) for x in XS[:3])
    document = read(page(f"{frame} {uprights} {shown(rows)}"), "x.pdf")
    assert [len(found) for found in cells(document)] == [6]
    assert not document.findings


@pytest.mark.parametrize("style", ["none", "level"])
@pytest.mark.parametrize(("narrow", "bottom"), [(False, 180), (True, 108), (True, 188), (True, 204)])
def test_a_form_of_which_a_page_ends_with_the_first_field_is_not_joined_to_the_one_before(
    style: Style, narrow: bool, bottom: float
) -> None:
    """In narrow columns the label of that field takes several lines."""
    projects = expected_projects("pingluo-police-2024")[1:6]
    widths = (40.0, 45.0, 60.0, 170.0, 80.0) if narrow else WIDTHS
    result = extract(forms_pdf(projects, Look(style=style, bottom=bottom, widths=widths)), name="x.pdf")
    assert [project.name for project in result.projects] == [project["name"] for project in projects]


def test_letters_that_fill_the_width_of_a_cell_part_no_column_from_what_follows_them() -> None:
    """As workbooks distribute a text: the name letter by letter, the code behind it as one word."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for row in range(5):
        canvas.line(50, TOP - STEP * row, 350, TOP - STEP * row)
    for x in (50, 150, 350):
        canvas.line(x, TOP, x, TOP - STEP * 4)
    for row in range(4):
        canvas.setFont(FONT, 10)
        canvas.drawString(56, TOP - STEP * row - 16, "主管部门")
        canvas.drawString(156, TOP - STEP * row - 16, "平罗县公安局", charSpace=8)
        canvas.drawString(266, TOP - STEP * row - 16, "019001")
    canvas.save()
    document = read(out.getvalue(), "x.pdf")
    assert [len(found) for found in cells(document)] == [8]
    assert not document.findings


def test_narrow_columns_whose_texts_wrap_at_each_character_are_whole_rows() -> None:
    rows = [("A", "B", "C", "D"), *(("beta", "gama", "iota", "zeta") for _ in range(3))]
    step, narrow = 60.0, (50.0, 65.0, 80.0, 95.0, 110.0)
    uprights = " ".join(f"{x} {TOP} m {x} {TOP - step * len(rows)} l S" for x in narrow)
    levels = " ".join(f"{narrow[0]} {TOP - step * at} m {narrow[-1]} {TOP - step * at} l S" for at in range(5))
    texts = " ".join(
        f"BT /F1 10 Tf {narrow[col] + 5} {TOP - step * row - 14 - 12 * at} Td ({letter}) Tj ET"
        for row, words in enumerate(rows)
        for col, word in enumerate(words)
        for at, letter in enumerate(word)
    )
    document = read(page(f"{uprights} {levels} {texts}"), "x.pdf")
    assert document.findings == ()
    assert [(table.num_rows, table.num_cols) for table in document.pages[0].tables] == [(4, 4)]
