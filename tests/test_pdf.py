"""PDFs read by the rules that they draw: cells, spans, places; and what cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract import ReadError, read
from jixiao.names import AUDIT
from jixiao.pipeline import extract
from jixiao.write import render
from schemas.table import Document, Table
from schemas.text import BoxPlace
from tests.forms import SAMPLES, expected_projects
from tests.pdfs import FONT, Look, Style, forms_pdf

SLUG = "pingluo-police-2024"
EXPECTED = {
    file.name: file.read_bytes() for file in sorted((SAMPLES / SLUG / "expected").iterdir()) if file.name != AUDIT
}
PROJECTS = expected_projects(SLUG)
RULED = [style for style in get_args(Style) if style not in {"level", "none"}]


def files_of(data: bytes) -> dict[str, bytes]:
    extraction = extract(data, name="x.pdf")
    extraction.raise_for_status()
    return {name: file for name, file in render(extraction, "x.pdf").files if name != AUDIT}


def tables_of(data: bytes) -> list[Table]:
    return [table for page in read(data, "x.pdf").pages for table in page.tables]


def values(table: Table) -> list[str]:
    return [cell.text.value for cell in table.cells]


# The acceptance: the 13 projects of the seed, byte for byte, out of any export.


@pytest.mark.parametrize("style", RULED)
def test_the_seed_comes_out_of_every_style_of_rules(style: Style) -> None:
    assert files_of(forms_pdf(PROJECTS, Look(style=style))) == EXPECTED


def edges(canvas: Canvas) -> None:
    """A running head and foot, as workbooks and browsers print them."""
    canvas.drawString(60, 815, "内部资料 请勿外传")
    canvas.drawString(60, 25, f"12/0{canvas.getPageNumber()}/2026 打印")


LOOKS = {
    "a page turned by 90": Look(rotate=90),
    "a page turned by 180": Look(rotate=180),
    "a page turned by 270": Look(rotate=270),
    "a table lying on its side": Look(turned=True),
    "a crop box that does not start at zero": Look(origin=(100, 50)),
    "no rules at the left and right": Look(frame=False),
    "small print in narrow columns": Look(size=7, widths=(40, 50, 60, 140, 80), cut_labels=False),
    "short pages with many cuts": Look(bottom=420),
    "a head and a foot on each page": Look(bottom=420, extras=[edges]),
    "labels that stand on one side of a cut": Look(bottom=420, whole_labels=True),
    "labels that stand below the foot of their page": Look(bottom=420, low_labels=True),
    "labels that stand on one side of many cuts": Look(bottom=560, whole_labels=True),
    "letters set apart": Look(spacing=2.5),
    "lines stretched to their cells": Look(stretched=True),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_seed_comes_out_of_every_page(look: Look) -> None:
    assert files_of(forms_pdf(PROJECTS, look)) == EXPECTED


@pytest.mark.parametrize(("bottom", "told"), [(420, 4), (600, 2)])
def test_a_head_and_a_foot_of_pages_go_on_with_no_cell(bottom: float, told: int) -> None:
    """Two pages prove nothing, and each line is told; on three they are told once."""
    data = forms_pdf(PROJECTS[1:2], Look(bottom=bottom, footer=False, extras=[edges]))
    result = extract(data, name="x.pdf")
    assert render(result, "x.pdf").files[0][1] == EXPECTED["02-2024年辅警业务经费.json"]
    assert result.audit
    assert [(finding.rule, finding.severity) for finding in result.audit.findings] == [("outside-text", "info")] * told


def test_columns_without_rules_are_told_by_the_white_space_between_them() -> None:
    expected = (SAMPLES / "whole-form" / "expected").glob("[0-9]*.json")
    data = forms_pdf(expected_projects("whole-form"), Look(style="level"))
    assert files_of(data) == {file.name: file.read_bytes() for file in expected}


def test_forms_without_upright_rules_keep_their_columns_from_page_to_page() -> None:
    assert files_of(forms_pdf(PROJECTS, Look(style="level"))) == EXPECTED


@pytest.mark.parametrize("rotate", [0, 90])
def test_forms_without_any_rules_keep_their_columns_from_page_to_page(rotate: int) -> None:
    data = forms_pdf(PROJECTS, Look(style="none", rotate=rotate))
    assert sum(EXPECTED[name] == file for name, file in files_of(data).items() if name in EXPECTED) >= 12
    assert {finding.rule for finding in read(data, "x.pdf").findings} == {"grid-inferred"}


def test_a_table_without_any_rules_is_told_by_white_space() -> None:
    def draw(canvas: Canvas) -> None:
        for x, column in zip((60, 150, 260, 420), zip(*BORDERLESS, strict=True), strict=True):
            for row, text in enumerate(column):
                for line, part in enumerate(text.split("\n")):
                    canvas.drawString(x, 700 - 40 * row - 13 * line, part)
        canvas.drawCentredString(300, 760, "绩效目标表")
        canvas.drawCentredString(300, 30, "第1页")

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(FONT, 10)
    draw(canvas)
    canvas.save()
    document = read(out.getvalue(), "x.pdf")
    assert [(finding.rule, finding.severity) for finding in document.findings] == [("grid-inferred", "warning")]
    title, table = document.pages[0].tables
    assert values(title) == ["绩效目标表"]
    assert [(cell.row, cell.col, cell.text.value) for cell in table.cells] == [
        (row, col, text) for row, texts in enumerate(BORDERLESS) for col, text in enumerate(texts) if text
    ]


BORDERLESS = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "修建道路长度", "12公里"],
    ["", "质量指标", "验收一次合格的\n工程所占比例", "≥95%"],
    ["", "时效指标", "完成时间", "2024年底"],
    ["效益指标", "社会效益指标", "改善出行", "明显改善"],
]


# Cells.


def test_every_cell_tells_its_spans_and_its_box() -> None:
    table = tables_of(forms_pdf(PROJECTS[:1]))[1]
    spans = {cell.text.value: (cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells}
    assert spans["项目名称"] == (0, 0, 1, 2)
    assert spans["2022年执法办案管理中心项目"] == (0, 2, 1, 3)
    assert spans["绩效指标"] == (8, 0, 10, 1)
    assert spans["质量指标"] == (9, 2, 2, 1)
    place = next(cell.text.places for cell in table.cells if cell.text.value == "项目名称")
    assert place == (BoxPlace(1, (51.64, 84.2, 91.64, 94.2), "项目名称"),)


def test_boxes_stand_on_the_page_as_it_is_shown() -> None:
    def box(look: Look) -> tuple[float, ...]:
        place = tables_of(forms_pdf(PROJECTS[:1], look))[0].cells[0].text.places[0]
        assert isinstance(place, BoxPlace)
        return place.bbox

    x0, top, x1, bottom = box(Look())
    assert box(Look(origin=(100, 50))) == pytest.approx((x0, top, x1, bottom), abs=0.05)
    assert box(Look(rotate=180)) == pytest.approx((595.28 - x1, 841.89 - bottom, 595.28 - x0, 841.89 - top), abs=0.05)
    assert box(Look(rotate=90)) == pytest.approx((841.89 - bottom, x0, 841.89 - top, x1), abs=0.05)


def test_reading_is_deterministic() -> None:
    data = forms_pdf(PROJECTS[:3])
    assert read(data, "x.pdf") == read(data, "x.pdf")


def test_a_document_knows_its_engine_and_its_pages() -> None:
    document: Document = read(forms_pdf(PROJECTS), "folder/x.pdf")
    assert (document.engine, document.source.media_type, document.source.name) == (
        "pdfium-lattice",
        "application/pdf",
        "x.pdf",
    )
    assert document.source.pages == len(document.pages)


# What cannot be read.


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "x.pdf")
    return caught.value.code


def test_a_truncated_pdf_is_refused_in_one_sentence() -> None:
    data = forms_pdf(PROJECTS[:1])
    assert code_of(data[:100]) == "damaged"
    assert code_of(b"%PDF-1.7\n") == "damaged"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_a_pdf_cut_off_anywhere_is_read_or_refused(share: float) -> None:
    data = forms_pdf(PROJECTS[:2])
    with suppress(ReadError):
        read(data[: int(share * len(data))], "x.pdf")


# Damage on the page.


def drawn(draw: Callable[[Canvas], None], *, seed: int = 1) -> list[list[str]]:
    """The values of each table of a page with one project and something more drawn on it."""
    return [values(table) for table in tables_of(forms_pdf(PROJECTS[:seed], Look(extras=[draw])))]


PLAIN = [values(table) for table in tables_of(forms_pdf(PROJECTS[:1]))]


def test_a_slanted_watermark_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(300, 500)
        canvas.rotate(40)
        canvas.setFont(FONT, 12)
        canvas.drawString(0, 0, "内部资料不得外传")
        canvas.restoreState()

    assert drawn(draw) == PLAIN


def test_a_huge_watermark_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 60)
        canvas.drawString(100, 500, "样本")

    assert drawn(draw) == PLAIN


def test_hidden_text_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 500)
        text.setFont(FONT, 10)
        text.setTextRenderMode(3)
        text.textLine("看不见的字")
        text.setTextRenderMode(0)
        canvas.drawText(text)

    assert drawn(draw) == PLAIN


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6])
def test_text_drawn_twice_to_look_bold_is_read_once(shift: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(200, 30, "合计")
        canvas.drawString(200 + shift, 30, "合计")

    found = drawn(draw)
    assert found[:-1] == PLAIN
    assert found[-1] == ["合计"]


def test_forms_within_forms_are_read_at_their_place() -> None:
    def draw(canvas: Canvas) -> None:
        if not canvas.hasForm("inner"):
            canvas.beginForm("inner")
            canvas.setFont(FONT, 10)
            for x in (0, 50, 100):
                canvas.line(x, 0, x, 20)
            for y in (0, 20):
                canvas.line(0, y, 100, y)
            canvas.drawString(5, 5, "甲")
            canvas.drawString(55, 5, "乙")
            canvas.endForm()
            canvas.beginForm("outer")
            canvas.translate(10, 0)
            canvas.doForm("inner")
            canvas.endForm()
        canvas.saveState()
        canvas.translate(100, 100)
        canvas.scale(1.2, 1.2)
        canvas.doForm("outer")
        canvas.restoreState()

    table = next(t for t in tables_of(forms_pdf(PROJECTS[:1], Look(extras=[draw]))) if values(t) == ["甲", "乙"])
    assert [(cell.row, cell.col) for cell in table.cells] == [(0, 0), (0, 1)]
    place = table.cells[0].text.places[0]
    assert isinstance(place, BoxPlace)
    assert place.bbox == pytest.approx((118.0, 725.33, 130.0, 737.33), abs=0.1)


def test_labels_that_run_down_or_up_the_page_are_read_in_order() -> None:
    def cell(texts: Callable[[Canvas], None]) -> str:
        def draw(canvas: Canvas) -> None:
            canvas.rect(100, 40, 40, 80)
            canvas.rect(140, 40, 100, 80)
            canvas.drawString(145, 80, "右边")
            texts(canvas)

        table = next(t for t in drawn(draw) if "右边" in t)
        return "".join(table[0].split())

    def stacked(canvas: Canvas) -> None:
        for at, char in enumerate("产出指标"):
            canvas.drawString(115, 100 - 14 * at, char)

    def turned(angle: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.translate(120, 60 if angle > 0 else 110)
            canvas.rotate(angle)
            canvas.drawString(0, 0, "产出指标")
            canvas.restoreState()

        return draw

    assert [cell(stacked), cell(turned(90)), cell(turned(-90))] == ["产出指标"] * 3


def test_white_fills_hide_the_rules_below() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (100, 150, 200):
            canvas.line(x, 40, x, 60)
        canvas.line(100, 40, 200, 40)
        canvas.line(100, 60, 200, 60)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(102, 42, 96, 16, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(110, 46, "一个格子里的字")

    assert ["一个格子里的字"] in drawn(draw)


def test_page_counters_are_left_out() -> None:
    def numbered(canvas: Canvas) -> None:
        canvas.drawCentredString(300, 20, str(canvas.getPageNumber()))

    found = tables_of(forms_pdf(PROJECTS[:3], Look(footer=False, extras=[numbered])))
    assert not [value for table in found for value in values(table) if value.isdigit()]


def test_what_a_browser_prints_at_the_edges_of_pages_is_left_out() -> None:
    def printed(canvas: Canvas) -> None:
        canvas.setFont(FONT, 7)
        canvas.drawString(20, 828, "2026/12/1 01:14")
        canvas.drawCentredString(300, 828, "部门预算公开")
        canvas.drawString(20, 12, "https://www.example.gov.cn/zwgk/2024.html")
        canvas.drawRightString(580, 12, f"{canvas.getPageNumber()}/12")

    assert files_of(forms_pdf(PROJECTS, Look(footer=False, extras=[printed]))) == EXPECTED


# What cannot be read.


def scan(*, hidden: bool) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, *A4)
    if hidden:
        text = canvas.beginText(60, 500)
        text.setFont(FONT, 10)
        text.setTextRenderMode(3)
        text.textLine("识别出来的字")
        canvas.drawText(text)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("hidden", [False, True])
def test_a_scan_is_said_to_need_ocr(hidden: bool) -> None:
    assert code_of(scan(hidden=hidden)) == "not-a-table"
    with pytest.raises(ReadError, match="OCR"):
        read(scan(hidden=hidden), "x.pdf")


def test_a_scan_among_readable_pages_is_a_finding() -> None:
    merged = pypdfium2.PdfDocument.new()
    for data in (forms_pdf(PROJECTS[:1]), scan(hidden=False)):
        with pypdfium2.PdfDocument(data) as part:
            merged.import_pages(part)
    out = io.BytesIO()
    merged.save(out)
    merged.close()
    document = read(out.getvalue(), "x.pdf")
    assert [(finding.rule, finding.severity) for finding in document.findings] == [("no-text-layer", "error")]
    assert "第2页" in document.findings[0].message


def test_a_pdf_with_a_password_is_encrypted() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "text")
    canvas.save()
    assert code_of(out.getvalue()) == "encrypted"


def test_a_pdf_without_text_is_no_table() -> None:
    out = io.BytesIO()
    Canvas(out).save()
    assert code_of(out.getvalue()) in {"not-a-table", "damaged"}


DATA = Path(__file__).resolve().parent / "data" / "pdf"


def test_an_embedded_font_gives_the_same_project() -> None:
    expected = (SAMPLES / "whole-form" / "expected").glob("[0-9]*.json")
    assert files_of((DATA / "embedded-font.pdf").read_bytes()) == {file.name: file.read_bytes() for file in expected}


def test_fonts_without_unicode_are_said_never_read_as_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.scan.installed", lambda: False)
    with pytest.raises(ReadError, match="pip install"):
        read((DATA / "no-unicode.pdf").read_bytes(), "x.pdf")


def test_the_fills_of_cells_count_where_no_rules_stand() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for at, text in enumerate(("甲", "乙", "丙", "丁")):
        x, y = 100 + 100 * (at % 2), 700 - 30 * (at // 2)
        canvas.setFillColorRGB(0.8 + 0.05 * at, 0.9, 0.9)
        canvas.rect(x, y, 100, 30, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFont(FONT, 10)
        canvas.drawString(x + 5, y + 10, text)
    canvas.save()
    [table] = tables_of(out.getvalue())
    assert [(cell.row, cell.col, cell.text.value) for cell in table.cells] == [
        (0, 0, "甲"),
        (0, 1, "乙"),
        (1, 0, "丙"),
        (1, 1, "丁"),
    ]


def test_an_underlined_word_does_not_cut_its_cell() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (100, 200, 300):
            canvas.line(x, 30, x, 58)
        canvas.line(100, 30, 300, 30)
        canvas.line(100, 58, 300, 58)
        canvas.drawString(105, 46, "第一行的字句")
        canvas.line(105, 44, 165, 44)
        canvas.drawString(105, 34, "第二行")
        canvas.drawString(205, 40, "乙")

    table = next(t for t in tables_of(forms_pdf(PROJECTS[:1], Look(extras=[draw]))) if "乙" in values(t))
    assert [(cell.row, cell.row_span, cell.text.value) for cell in table.cells] == [
        (0, 1, "第一行的字句\n第二行"),
        (0, 1, "乙"),
    ]
