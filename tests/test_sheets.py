"""Workbooks: every cell says what the program displays, and what is hidden or lost is told."""

from __future__ import annotations

import io
import zipfile

import pytest

from extract import read
from extract.sheet.formats import show_number, show_text
from jixiao.pipeline import extract
from samples.office_files import Grid, Page, stacked, xlsx, zipped
from samples.pdf_cells import Cell, whole_form
from tests.forms import SAMPLES
from tests.office import altered, inline, refusal, rules, shown, spans, told, workbook

openpyxl = pytest.importorskip("openpyxl")  # camelot brings it

DISPLAYED = [
    ("0.95", "0%", "95%"),
    ("0.94999999999999996", "General", "0.95"),
    ("316", "0.00", "316.00"),
    ("1030700", "#,##0.00", "1,030,700.00"),
    ("45292", "yyyy/m/d", "2024/1/1"),
    ("45292", 'yyyy"年"m"月"d"日";@', "2024年1月1日"),
    ("45292.5", "yyyy/m/d h:mm", "2024/1/1 12:00"),
    ("0.75", "h:mm AM/PM", "6:00 PM"),
    ("0.75", '上午/下午h"时"mm"分"', "下午6时00分"),
    ("1.5", "[h]:mm", "36:00"),
    ("60", "yyyy-mm-dd", "1900-02-28"),
    ("123456", '0\\.0,"万"', "12.3万"),
    ("-5", "0;(0)", "(5)"),
    ("-1234.5", "#,##0.00;-#,##0.00;-", "-1,234.50"),
    ("0", "0;-0;;@", ""),
    ("-0.4", "0", "0"),
    ("1.005", "0.00", "1.01"),
    ("2.5", "0", "3"),
    ("5", "000", "005"),
    ("12.5", "#.##", "12.5"),
    ("95", '[>=90]"优";[<90]"良"', "优"),
    ("253", '0"人"', "253人"),
    ("100", 'General"元"', "100元"),
    ("2024", "G/通用格式", "2024"),
    ("3", "0.00_);[红色](0.00)", "3.00"),
    ("1234.5", '"¥"#,##0.00', "¥1,234.50"),
    ("1234", "[$¥-804]#,##0", "¥1,234"),
    ("12345.678", "0.00E+00", "1.23E+04"),
    ("0.3333333333333333", "General", "0.333333333"),
    ("640221199001", "General", "640221199001"),
    ("0.0000001", "General", "0.0000001"),
    ("45292", "[$-F800]dddd, mmmm dd, yyyy", "2024年1月1日"),
    ("45292", "aaaa", "星期一"),
]


@pytest.mark.parametrize(("raw", "code", "text"), DISPLAYED)
def test_a_number_is_read_as_its_format_displays_it(raw: str, code: str, text: str) -> None:
    assert show_number(raw, code) == (text, True)


@pytest.mark.parametrize(("raw", "code"), [("0.5", "# ?/?"), ("12", "[DBNum2]0"), ("-1", "yyyy"), ("1e999", "0")])
def test_a_format_that_is_not_rendered_says_so(raw: str, code: str) -> None:
    assert not show_number(raw, code).known


def test_the_calendar_of_1904_begins_four_years_later() -> None:
    assert show_number("43830", "yyyy-mm-dd", from_1904=True).text == "2024-01-01"


def test_a_format_may_stand_around_a_text() -> None:
    assert show_text("甲", '0;0;0;"第"@"名"') == "第甲名"


def test_merged_cells_have_spans_and_the_name_of_their_range() -> None:
    cells = (Cell(0, 0, 1, 3, "标题", "title"), Cell(1, 0, 2, 1, "甲", "label"), Cell(1, 1, 1, 1, "乙", "text"))
    found = read(xlsx([Page("表", Grid((*cells, Cell(2, 2, 1, 1, "丙", "text")), 3, 3))]), "a.xlsx")
    assert spans(found) == [(0, 0, 1, 3, "标题"), (1, 0, 2, 1, "甲"), (1, 1, 1, 1, "乙"), (2, 2, 1, 1, "丙")]
    assert shown(found) == {"A1:C1": "标题", "A2:A3": "甲", "B2": "乙", "C3": "丙"}


def test_rich_text_is_read_whole_and_phonetic_guides_are_not() -> None:
    rich = "<si><r><t>产出</t></r><r><t>指标</t></r><rPh><t>zhǐ biāo</t></rPh></si>"
    data = xlsx([Page("表", Grid((Cell(0, 0, 1, 1, "甲", "text"), Cell(0, 1, 1, 1, "乙", "text")), 1, 2))])
    made = altered(data, "xl/sharedStrings.xml", ('<si><t xml:space="preserve">甲</t></si>', rich))
    assert shown(read(made, "a.xlsx")) == {"A1": "产出指标", "B1": "乙"}


def test_a_raised_digit_of_a_unit_is_read_as_shown() -> None:
    rich = '<r><t>3374m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r>'
    made = workbook(A1=f'<c r="{{name}}" t="inlineStr"><is>{rich}</is></c>', B1=inline("乙"))
    assert shown(read(made, "a.xlsx"))["A1"] == "3374m²"


def test_a_line_break_in_a_cell_is_a_line_feed() -> None:
    assert shown(read(workbook(A1=inline("目标1_x000D_&#10;目标2")), "a.xlsx")) == {"A1": "目标1\n目标2"}


def test_text_numbers_stay_texts_and_truth_values_are_shown() -> None:
    cells = {
        "A1": inline("007"),
        "B1": '<c r="{name}" t="b"><v>1</v></c>',
        "C1": '<c r="{name}" t="str"><v>2024</v></c>',
    }
    assert shown(read(workbook(**cells), "a.xlsx")) == {"A1": "007", "B1": "TRUE", "C1": "2024"}


def test_errors_and_formulas_without_a_result_are_flagged() -> None:
    error = '<c r="{name}" t="e"><f>A9</f><v>#REF!</v></c>'
    found = read(
        workbook(A1=error, B1='<c r="{name}"><f>1+1</f></c>', C1='<c r="{name}"><f>1+1</f><v>2</v></c>'), "a.xlsx"
    )
    assert shown(found) == {"A1": "#REF!", "C1": "2"}
    assert rules(found) == ["error-cell", "formula-without-value"]
    assert "B1" in told(found)["formula-without-value"]


def test_a_text_under_a_merged_cell_is_not_read_but_told() -> None:
    cells = (Cell(0, 0, 2, 1, "甲", "label"), Cell(0, 1, 1, 1, "乙", "text"))
    made = xlsx([Page("表", Grid(cells, 2, 2), extra={"A2": inline("被遮住")})])
    found = read(made, "a.xlsx")
    assert shown(found) == {"A1:A2": "甲", "B1": "乙"}
    assert rules(found) == ["covered-cell"]


def test_hidden_rows_columns_and_sheets_are_read_and_told() -> None:
    grid = Grid((Cell(0, 0, 1, 1, "甲", "text"), Cell(1, 1, 1, 1, "乙", "text"), Cell(5, 0, 1, 1, "", "text")), 6, 2)
    pages = [Page("一", grid, hidden_rows=frozenset({1, 4}), hidden_cols=frozenset({1})), Page("二", grid, hidden=True)]
    found = read(xlsx(pages), "a.xlsx")
    assert shown(found) == {"A1": "甲", "B2": "乙"}
    assert rules(found) == ["hidden-rows", "hidden-columns", "hidden-sheet"]
    assert "rows 2 of" in told(found)["hidden-rows"]
    assert "columns B of" in told(found)["hidden-columns"]


def test_several_tables_on_a_sheet_are_cut_at_blank_rows_only() -> None:
    cells = [Cell(0, 0, 3, 1, "甲", "label"), Cell(3, 1, 1, 1, "乙", "text"), Cell(5, 0, 1, 1, "丙", "text")]
    found = read(xlsx([Page("表", Grid(tuple(cells), 6, 2))]), "a.xlsx")
    assert [len(table.cells) for table in found.pages[0].tables] == [2, 1]


def test_a_text_that_a_blank_merged_cell_covers_alone_gives_no_table() -> None:
    made = altered(
        workbook(B2=inline("被遮住")),
        "xl/worksheets/sheet1.xml",
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:C3"/></mergeCells>'),
    )
    found = read(made, "a.xlsx")
    assert (shown(found), rules(found)) == ({}, ["covered-cell"])


def test_an_indicator_that_is_not_filled_in_below_a_blank_row_is_no_end_of_the_one_above() -> None:
    grid = stacked([whole_form()], gap=0)
    above, below = (next(cell for cell in grid.cells if cell.text == text) for text in ("≥11.5公里", "120人"))
    grid = Grid(tuple(cell for cell in grid.cells if cell is not below), grid.height, grid.width)
    found = extract(xlsx([Page("表", grid.with_blank(above.row + 1))]), name="a.xlsx").projects[0].indicators
    assert [(each.name, each.target.text) for each in found[1:3]] == [
        ("维修灌溉渠道，清理淤泥及附属设施", "≥11.5公里"),
        ("培训管护人员", None),
    ]


def test_a_table_that_goes_on_on_the_next_sheet_keeps_its_columns() -> None:
    first = Grid(tuple(Cell(0, col, 1, 1, f"甲{col}", "text") for col in (1, 2, 3)), 1, 4)
    second = Grid((Cell(0, 2, 1, 1, "乙", "text"),), 1, 4)
    other = Grid((Cell(0, 5, 1, 1, "丙", "text"),), 1, 6)
    found = read(xlsx([Page("1", first), Page("2", second), Page("3", other)]), "a.xlsx")
    assert [cell.col for page in found.pages for cell in page.tables[0].cells] == [0, 1, 2, 1, 0]


def test_cells_without_names_stand_one_behind_the_other() -> None:
    made = altered(
        workbook(A1=inline("甲"), B1=inline("乙")),
        "xl/worksheets/sheet1.xml",
        ('r="A1"', ""),
        ('r="B1"', ""),
        ('<row r="1">', "<row>"),
    )
    assert shown(read(made, "a.xlsx")) == {"A1": "甲", "B1": "乙"}


def test_a_used_range_of_the_whole_sheet_costs_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row></sheetData>'
    made = altered(workbook(A1=inline("甲")), "xl/worksheets/sheet1.xml", ("</sheetData>", far))
    assert shown(read(made, "a.xlsx")) == {"A1": "甲", "XFD1048576": "远"}


def test_merged_ranges_over_the_whole_sheet_cost_nothing() -> None:
    merges = "</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 5_000 + "</mergeCells>"
    made = altered(workbook(A1=inline("甲"), B2=inline("乙")), "xl/worksheets/sheet1.xml", ("</sheetData>", merges))
    assert rules(read(made, "a.xlsx")) == ["covered-cell"]


def test_openpyxl_and_this_reader_agree_on_texts_and_merged_cells() -> None:
    data = (SAMPLES / "office-seed-openpyxl" / "source.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    theirs = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value}
    ours = {name.partition(":")[0]: text for name, text in shown(read(data, "a.xlsx")).items()}
    assert ours == theirs
    ranges = {str(area) for area in sheet.merged_cells.ranges}
    assert {name for name in shown(read(data, "a.xlsx")) if ":" in name} <= ranges


@pytest.mark.parametrize("slug", ["office-seed-calc", "office-seed-xls"])
def test_other_workbooks_give_the_cells_of_xlsx(slug: str) -> None:
    ours = read((SAMPLES / "office-seed-openpyxl" / "source.xlsx").read_bytes(), "a")
    other = read(next((SAMPLES / slug).glob("source.*")).read_bytes(), "b")
    assert spans(other) == spans(ours)
    assert list(shown(other).values()) == list(shown(ours).values())


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:automatic-styles><style:style style:name="h">
 <style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
 {}</office:spreadsheet></office:body></office:document-content>"""


def ods(*tables: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": ODS.format("".join(tables))}, stored=("mimetype",))


def test_an_ods_shows_what_it_displays_and_repeats_are_bounded() -> None:
    rows = (
        '<table:table-column table:number-columns-repeated="16384"/>'
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.95"><text:p>95%</text:p>'
        "<office:annotation><text:p>批注</text:p></office:annotation></table:table-cell><table:table-cell/>"
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"><text:p>甲<text:s text:c="2"/>乙'
        "</text:p><text:p>丙</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        '<table:table-row table:visibility="collapse"><table:table-cell><text:p>丁</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    found = read(ods(f'<table:table table:name="表">{rows}</table:table>'), "a.ods")
    assert shown(found) == {"A1": "95%", "C1:D2": "甲  乙\n丙", "A2": "丁"}
    assert rules(found) == ["hidden-rows"]


def test_a_hidden_sheet_and_an_error_of_an_ods_are_told() -> None:
    cell = '<table:table-cell table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>'
    table = f'<table:table table:name="表" table:style-name="h"><table:table-row>{cell}</table:table-row></table:table>'
    assert rules(read(ods(table), "a.ods")) == ["hidden-sheet", "error-cell"]


def test_parts_may_be_named_in_any_case_and_with_backslashes() -> None:
    names = {"xl/sharedStrings.xml": "XL/SHAREDSTRINGS.XML", "xl/styles.xml": "xl\\styles.xml"}
    data = xlsx([Page("表", Grid((Cell(0, 0, 1, 1, "甲", "text"), Cell(0, 1, 1, 1, "95%", "text")), 1, 2), typed=True)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {names.get(name, name): archive.read(name) for name in archive.namelist()}
    assert shown(read(zipped(parts), "a.xlsx")) == {"A1": "甲", "B1": "95%"}


@pytest.mark.parametrize(
    ("slug", "media_type"),
    [
        ("office-seed-merged", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("office-seed-calc", "application/vnd.oasis.opendocument.spreadsheet"),
        ("office-seed-xls", "application/vnd.ms-excel"),
        ("office-seed-word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("office-seed-page", "text/html"),
        ("office-seed-archive", "multipart/related"),
    ],
)
def test_the_kind_is_found_by_content_whatever_the_name(slug: str, media_type: str) -> None:
    data = next((SAMPLES / slug).glob("source.*")).read_bytes()
    for name in ("a.xls", "a.doc", "a.et", "a.wps", "a.pdf", "a"):
        assert read(data, name).source.media_type == media_type


def test_a_workbook_without_texts_is_no_table() -> None:
    assert refusal(workbook()) == "not-a-table"
    assert refusal(ods('<table:table table:name="表"/>')) == "not-a-table"
