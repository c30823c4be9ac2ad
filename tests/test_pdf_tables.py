"""Tables drawn at random, with and without rules, are found cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from random import Random

import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract import read
from extract.pdf.document import assembled
from extract.pdf.hints import is_header
from extract.pdf.pages import CellPart, PageParts, Sight, TablePart
from extract.pdf.symbols import symbol_of
from schemas.text import BoxPlace
from tests.forms import HEADER, expected_projects, form_rows
from tests.pdfs import FONT, slots_of
from tests.random_tables import RULED, Found, drawn, look_of, random_slots

FORMS = [form_rows(project)[2:] for project in expected_projects("pingluo-police-2024")]
TEXTS = sorted({text for rows in FORMS for row in rows for text in row if text})
SHARES = ((0.06, 0.12), (0.1, 0.14), (0.14, 0.22), (0.28, 0.45), (0.14, 0.25))


def found_in(data: bytes) -> list[Found]:
    return [
        {(cell.row, cell.col, cell.row_span, cell.col_span, "".join(cell.text.value.split())) for cell in table.cells}
        for page in read(data, "x.pdf").pages
        for table in page.tables
    ]


def f1(truth: list[Found], found: list[Found]) -> float:
    hits = sum(max((len(true & each) for each in found), default=0) for true in truth)
    return 2 * hits / (sum(map(len, truth)) + sum(map(len, found)))


@pytest.mark.parametrize("seed", range(40))
def test_ruled_tables_at_random_are_found_exactly(seed: int) -> None:
    random = Random(seed)
    tables = [random_slots(random, TEXTS) for _ in range(random.randint(1, 3))]
    shares = [[random.uniform(0.7, 1.6) for _ in range(cols)] for _, cols in tables]
    data, truth = drawn([slots for slots, _ in tables], shares, look_of(random, RULED))
    assert found_in(data) == truth


@pytest.mark.parametrize(("rules", "least"), [("level", 0.97), ("none", 0.95)])
def test_forms_without_upright_rules_are_found_but_for_few_cells(rules: str, least: float) -> None:
    scores = []
    for seed in range(26):
        random = Random(seed)
        look = look_of(random, ("level",) if rules == "level" else ("none",))
        shares = [random.uniform(*share) for share in SHARES]
        slots = [slot for slot in slots_of(FORMS[seed % 13]) if slot.text]
        data, truth = drawn([slots], [shares], look)
        scores.append(f1(truth, found_in(data)))
    assert sum(scores) / len(scores) >= least, [round(score, 2) for score in scores]


# What exports do, one by one.


def page(*lines: tuple[float, float, float, float], texts: Mapping[tuple[int, int], str]) -> list[Found]:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont(FONT, 10)
    for line in lines:
        canvas.line(*line)
    for place, text in texts.items():
        canvas.drawString(*place, text)
    canvas.save()
    return found_in(out.getvalue())


def box(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float, float, float]]:
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def test_two_tables_four_points_apart_are_two() -> None:
    upper = [*box(50, 700, 350, 720), (150, 700, 150, 720)]
    lower = [*box(50, 656, 350, 696), (50, 676, 350, 676), (250, 656, 250, 696)]
    texts = {(60, 706): "甲", (160, 706): "乙", (60, 682): "丙", (260, 682): "丁", (60, 662): "戊", (260, 662): "己"}
    assert page(*upper, *lower, texts=texts) == [
        {(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙")},
        {(0, 0, 1, 1, "丙"), (0, 1, 1, 1, "丁"), (1, 0, 1, 1, "戊"), (1, 1, 1, 1, "己")},
    ]


GRID = {(60, 712): "甲", (160, 712): "乙", (60, 692): "丙", (160, 692): "丁"}
FOUND = [{(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 1, "丙"), (1, 1, 1, 1, "丁")}]


def pieces(x0: float, y0: float, x1: float, y1: float, step: float) -> list[tuple[float, float, float, float]]:
    """A line of squares, each drawn as a short stroke that is as wide as it is long."""
    count = round(max(x1 - x0, y1 - y0) / step)
    places = [(x0 + (x1 - x0) * n / count, y0 + (y1 - y0) * n / count) for n in range(count + 1)]
    return [(x - 0.5, y, x + 0.5, y) for x, y in places]


def test_squares_make_the_rules_along_which_they_stand() -> None:
    across = [line for y in (686, 706, 726) for line in pieces(50, y, 250, y, 2)]
    down = [line for x in (50, 150, 250) for line in pieces(x, 686, x, 726, 2)]
    assert page(*across, *down, texts=GRID) == FOUND


def test_tables_of_squares_three_points_apart_are_two() -> None:
    across = [line for y in (545, 664, 667, 786) for line in pieces(50, y, 250, y, 2)]
    down = [line for x in (50, 120, 250) for line in pieces(x, 667, x, 786, 2)]
    down += [line for x in (50, 180, 250) for line in pieces(x, 545, x, 664, 2)]
    texts = {(60, 722): "甲", (190, 722): "乙", (60, 600): "丙", (190, 600): "丁"}
    assert page(*across, *down, texts=texts) == [
        {(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙")},
        {(0, 0, 1, 1, "丙"), (0, 1, 1, 1, "丁")},
    ]


def test_boxes_with_doubled_lines_are_the_cells_of_one_table() -> None:
    cells = [(x, y, x + 98, y + 18) for y in (686, 707) for x in (50, 151)]
    lines = [line for x0, y0, x1, y1 in cells for d in (0, 2) for line in box(x0 + d, y0 + d, x1 - d, y1 - d)]
    assert page(*lines, texts={(60, 713): "甲", (161, 713): "乙", (60, 691): "丙", (161, 691): "丁"}) == FOUND


def test_rules_that_meet_in_corner_pieces_only_are_one_table() -> None:
    """As Qt draws dashed borders: each rule between corners, and the corners by themselves."""
    across = [(x + 1.2, y, x + 98.8, y) for y in (686, 706, 726) for x in (50, 150)]
    down = [(x, y + 1.2, x, y + 18.8) for x in (50, 150, 250) for y in (686, 706)]
    corners = [(x - 1.2, y + 0.0, x + 1.2, y + 0.0) for x in (50, 150, 250) for y in (686, 706, 726)]
    corners += [(x, y - 1.2, x, y + 1.2) for x in (50, 150, 250) for y in (686, 706, 726)]
    assert page(*across, *down, *corners, texts=GRID) == FOUND


def test_what_of_a_row_goes_on_beyond_the_page_is_no_row_of_it() -> None:
    lines = [(50, y, 250, y) for y in (806, 826)] + [(x, 806, x, 900) for x in (50, 150, 250)]
    lines += [(50, 786, 250, 786), *((x, 786, x, 806) for x in (50, 150, 250))]
    texts = {(60, 812): "甲", (160, 812): "乙", (60, 792): "丙", (160, 792): "丁"}
    assert page(*lines, texts=texts) == FOUND


def test_a_blank_first_column_that_no_rule_crosses_keeps_its_place() -> None:
    uprights = [(x, 600, x, 700) for x in (50, 150, 250, 350)]
    levels = [(150, y, 350, y) for y in (620, 640, 660, 680)]
    texts = {(160 + 100 * col, 606 + 20 * row): "甲乙"[col] for col in range(2) for row in range(5)}
    (table,) = page(*uprights, *levels, texts=texts)
    assert {(row, col) for row, col, *_ in table} == {(row, col) for row in range(5) for col in (1, 2)}


def test_a_vertical_label_with_turned_brackets_is_read_in_order() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont(FONT, 10)
    for line in [*box(50, 600, 200, 720), (80, 600, 80, 720), (80, 660, 200, 660)]:
        canvas.line(*line)
    for at, char in enumerate("项目资金(万元)"):
        if char in "()":
            canvas.saveState()
            canvas.translate(61.5, 709 - 12 * at)
            canvas.rotate(-90)
            canvas.drawString(0, 0, char)
            canvas.restoreState()
        else:
            canvas.drawString(60, 700 - 12 * at, char)
    canvas.drawString(90, 690, "年度资金总额")
    canvas.drawString(90, 630, "其他资金")
    canvas.save()
    assert (0, 0, 2, 1, "项目资金(万元)") in found_in(out.getvalue())[0]


def test_columns_keep_their_numbers_over_a_page_cut_only_within_one_table() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for inner in ((150, 250), (150, 250, 300), (190, 210, 310)):
        canvas.setFont(FONT, 10)
        for line in [*box(50, 60, 350, 100), *((x, 60, x, 100) for x in inner)]:
            canvas.line(*line)
        for x in (50, *inner):
            canvas.drawString(x + 2, 75, "字")
        canvas.showPage()
    canvas.save()
    first, second, third = found_in(out.getvalue())
    assert sorted(cell[1:4:2] for cell in first) == [(0, 1), (1, 1), (2, 2)]
    assert sorted(cell[1:4:2] for cell in second) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert sorted(cell[1:4:2] for cell in third) == [(0, 1), (1, 1), (2, 1), (3, 1)]


def test_the_forms_have_the_header_that_hints_know() -> None:
    assert all(is_header(text) for text in HEADER)


# Text that is easily lost.


def wrapped_cell(rotate: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(842, 595) if rotate % 180 else (595, 842), invariant=1)
    canvas.setPageRotation(rotate)
    canvas.setFont(FONT, 10)
    for line in [*box(50, 300, 250, 360), (150, 300, 150, 360)]:
        canvas.line(*line)
    for at, part in enumerate(["over 2000 ", "people, "]):
        canvas.drawString(55, 340 - 12 * at, part)
    canvas.drawString(155, 330, "乙")
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_space_written_at_a_wrap_or_behind_a_comma_stays(rotate: int) -> None:
    (table,) = read(wrapped_cell(rotate), "x.pdf").pages[0].tables
    assert table.cells[0].text.value == "over 2000 people, "


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as document:
        edit(document)
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def cell_of(*lines: str) -> str:
    """How a cell of such lines is read."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont(FONT, 10)
    for line in [*box(50, 300, 450, 460), (350, 300, 350, 460)]:
        canvas.line(*line)
    for at, part in enumerate(lines):
        canvas.drawString(55, 440 - 12 * at, part)
    canvas.drawString(355, 330, "乙")
    canvas.save()
    (table,) = read(out.getvalue(), "x.pdf").pages[0].tables
    return table.cells[0].text.value


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("管护, 维修, 清淤,", "培训"), "管护, 维修, 清淤, 培训"),
        (("管护, 维修,清淤,", "培训"), "管护, 维修,清淤,\n培训"),
        (("管护,维修,清淤,", "培训"), "管护,维修,清淤,\n培训"),
        (("管护, 维修,", "培训"), "管护, 维修,\n培训"),
        (("管护, 维修, ", "清淤, 排水,", "培训"), "管护, 维修, 清淤, 排水,\n培训"),
        (("管护、维修, 清淤, 排水。", "培训"), "管护、维修, 清淤, 排水。\n培训"),
    ],
    ids=["all have one", "not all have one", "none has one", "one tells nothing", "one is written", "no comma"],
)
def test_a_comma_at_a_wrap_has_its_space_where_each_other_on_the_page_has_one(
    lines: tuple[str, ...], text: str
) -> None:
    assert cell_of(*lines) == text


def test_numbers_with_spaces_between_them_are_no_letters_set_apart() -> None:
    assert cell_of("1 2 3", "管护 1 2 3 人") == "1 2 3\n管护 1 2 3 人"


def test_boxes_are_points_whatever_the_unit_of_the_page() -> None:
    def larger(document: pikepdf.Pdf) -> None:
        document.pages[0].obj["/UserUnit"] = 3

    data = wrapped_cell(0)
    (small,), (large,) = (read(each, "x.pdf").pages[0].tables for each in (data, edited(data, larger)))
    before, after = small.cells[1].text.places[0], large.cells[1].text.places[0]
    assert isinstance(before, BoxPlace)
    assert isinstance(after, BoxPlace)
    assert after.bbox == pytest.approx([3 * side for side in before.bbox], abs=0.1)


def test_text_off_the_page_is_said_to_be_lost() -> None:
    def cropped(document: pikepdf.Pdf) -> None:
        document.pages[0].obj["/CropBox"] = [0, 0, 152, 842]

    (finding,) = read(edited(wrapped_cell(0), cropped), "x.pdf").findings
    assert (finding.rule, finding.severity) == ("lost-text", "warning")
    assert "“乙”" in finding.message


@pytest.mark.parametrize("in_form", [False, True])
def test_text_that_a_clip_hides_is_said_to_be_lost(in_form: bool) -> None:
    def draw() -> None:
        canvas.setFont(FONT, 10)
        canvas.drawString(55, 340, "看得见")
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(150, 300, 100, 20)
        canvas.clipPath(path, stroke=0)
        canvas.drawString(155, 340, "看不见")
        canvas.restoreState()

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for line in [*box(50, 300, 250, 360), (150, 300, 150, 360)]:
        canvas.line(*(2 * side for side in line) if in_form else line)
    if in_form:
        canvas.beginForm("form")
        draw()
        canvas.endForm()
        canvas.scale(2, 2)
        canvas.doForm("form")
    else:
        draw()
    canvas.save()
    document = read(out.getvalue(), "x.pdf")
    assert [cell.text.value for table in document.pages[0].tables for cell in table.cells] == ["看得见"]
    assert ["看不见" in finding.message for finding in document.findings] == [True]


def test_a_file_that_only_qpdf_can_open_is_rebuilt_and_said_to_be() -> None:
    data = wrapped_cell(0)
    document = read(data[: data.rindex(b"trailer")], "x.pdf")
    assert document.engine == "pdfium-lattice+qpdf"
    assert [finding.rule for finding in document.findings] == ["file-rebuilt"]
    assert document.pages == read(data, "x.pdf").pages


@pytest.mark.parametrize(("font", "expected"), [("ABCDEF+SymbolMT", "≥95≤"), ("ABCDEF+Other", "\ufffd95\ufffd")])
def test_private_code_points_are_known_by_the_name_of_a_symbol_font(font: str, expected: str) -> None:
    assert [chr(symbol_of(ord(char), font)) for char in "\uf0b3\uf0a3"] == (
        ["≥", "≤"] if "Symbol" in font else ["\uf0b3", "\uf0a3"]
    )
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    canvas.setFont("Vera", 10)
    canvas.drawString(55, 340, "Q95Z and more text that is known")
    canvas.save()

    def renamed(document: pikepdf.Pdf) -> None:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/ToUnicode"):
                thing["/BaseFont"] = pikepdf.Name("/" + font)
                if "/FontDescriptor" in thing:
                    thing["/FontDescriptor"]["/FontName"] = pikepdf.Name("/" + font)
                cmap = thing["/ToUnicode"].read_bytes()
                cmap = cmap.replace(b"<0051>", b"<F0B3>").replace(b"<005A>", b"<F0A3>")
                thing["/ToUnicode"].write(cmap)

    document = read(edited(out.getvalue(), renamed), "x.pdf")
    assert document.pages[0].tables[0].cells[0].text.value.split()[0] == expected
    told = [("unknown-characters", "error")] if "\ufffd" in expected else []
    assert [(finding.rule, finding.severity) for finding in document.findings] == told


@pytest.mark.parametrize("ground", ["paper", "dark"])
def test_white_text_counts_only_where_it_can_be_seen(ground: str) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    if ground == "dark":
        canvas.rect(50, 300, 100, 60, fill=1)
    for line in [*box(50, 300, 250, 360), (150, 300, 150, 360)]:
        canvas.line(*line)
    canvas.setFont(FONT, 10)
    canvas.drawString(155, 330, "253人")
    canvas.setFillGray(1)
    canvas.drawString(55, 330, "标签")
    canvas.save()
    (table,) = read(out.getvalue(), "x.pdf").pages[0].tables
    assert [cell.text.value for cell in table.cells] == ([] if ground == "paper" else ["标签"]) + ["253人"]


@pytest.mark.parametrize("inferred", [False, True])
@pytest.mark.parametrize("sight", [None, Sight(1.0, (), doubtful=False)])
def test_rules_say_of_each_cell_where_it_stands_and_white_space_does_not(inferred: bool, sight: Sight | None) -> None:
    box = (50.0, 50.0, 250.0, 70.0)
    table = TablePart([50.0, 150.0, 250.0], 1, [CellPart(0, 1, 1, 1, "甲", box, sight)], box)
    page = PageParts([table], chars=1, unknown=0.0, hidden=0, picture=0.0, inferred=inferred)
    ((found,), _) = assembled([page], "x.pdf")
    assert [table.exact for table in found.tables] == [not inferred]
