"""Word documents: tables with merged cells, and the text that the page shows, no more and no less."""

from __future__ import annotations

import pytest

from extract import ReadError, read
from samples.office_files import paragraph
from tests.office import document, refusal, rules, shown, spans, tc, told

SPAN = '<w:gridSpan w:val="{}"/>'
RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def run(content: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{content}</w:r>"


def text(content: str) -> str:
    return f"<w:t>{content}</w:t>"


def one(content: str, **parts: str) -> str:
    """What the only cell of a document shows."""
    found = shown(read(document(tc(f"<w:p>{content}</w:p>") + tc("旁"), **parts), "a.docx"))
    return found.get("1:1,1", "")


def test_merged_cells_over_columns_and_rows_have_spans() -> None:
    found = read(
        document(
            tc("标题", SPAN.format(3)),
            tc("甲", RESTART) + tc("乙") + tc("丙"),
            tc("", CONTINUE) + tc("丁", SPAN.format(2)),
        ),
        "a.docx",
    )
    assert spans(found) == [(0, 0, 1, 3, "标题"), (1, 0, 2, 1, "甲"), (1, 1, 1, 1, "乙"), (1, 2, 1, 1, "丙"),
                            (2, 1, 1, 2, "丁")]  # fmt: skip


def test_the_old_way_of_merging_over_columns_works_too() -> None:
    cells = tc("甲", '<w:hMerge w:val="restart"/>') + tc("", '<w:hMerge w:val="continue"/>') + tc("乙")
    assert spans(read(document(cells), "a.docx")) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙")]


def test_a_row_may_begin_behind_columns_that_it_leaves_out() -> None:
    late = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("丙")
    assert spans(read(document(tc("甲") + tc("乙"), late), "a.docx"))[-1] == (1, 1, 1, 1, "丙")


def test_a_covered_cell_shows_nothing_and_its_text_is_told() -> None:
    found = read(document(tc("甲", RESTART) + tc("乙"), tc("被遮住", CONTINUE) + tc("丙")), "a.docx")
    assert "被遮住" not in shown(found).values()
    assert rules(found) == ["covered-cell"]


def test_paragraphs_between_tables_are_lines_that_no_cell_goes_on_with() -> None:
    found = read(document(tc("甲"), before=paragraph("标题\n(2024年度)"), after=paragraph("说明")), "a.docx")
    assert shown(found) == {"line 1": "标题", "line 2": "(2024年度)", "1:1,1": "甲", "line 3": "说明"}
    assert [table.lines for table in found.pages[0].tables] == [True, False, True]


def test_a_second_table_of_the_same_width_keeps_the_columns_of_the_first() -> None:
    def table(widths: list[int], *cells: str) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid><w:tr>{''.join(map(tc, cells))}</w:tr></w:tbl><w:p/>"

    first = table([1000, 2000, 3000], "甲", "乙", "丙")
    second = table([1010, 4990], "丁", "戊")
    found = read(document(tc("无"), before=first + second), "a.docx")
    assert [(cell[1], cell[3]) for cell in spans(found)[:5]] == [(0, 1), (1, 1), (2, 1), (0, 1), (1, 2)]


def test_a_table_in_a_frame_is_the_table_and_the_frame_s_text_is_lines() -> None:
    inner = f"<w:tbl><w:tr>{tc('甲')}{tc('乙')}</w:tr><w:tr>{tc('丙')}{tc('丁')}</w:tr></w:tbl>"
    found = read(document(tc(f"{paragraph('标题')}{inner}<w:p/>")), "a.docx")
    assert list(shown(found).values()) == ["标题", "甲", "乙", "丙", "丁"]
    assert "nested-table" not in rules(found)


def test_a_table_in_a_cell_of_data_becomes_lines_of_the_cell() -> None:
    inner = f"<w:tbl><w:tr>{tc('1')}{tc('2')}</w:tr><w:tr>{tc('3')}{tc('4')}</w:tr></w:tbl><w:p/>"
    rows = [tc(f"甲{at}") + tc(f"乙{at}") for at in range(6)]
    found = read(document(*rows, tc("目标") + tc(inner)), "a.docx")
    assert shown(found)["1:7,2"] == "1 2\n3 4"
    assert rules(found) == ["nested-table"]


def test_insertions_are_read_deletions_are_not_and_both_are_told() -> None:
    deleted = f"<w:del>{run('<w:delText>旧</w:delText>')}</w:del>"
    content = f"<w:p>{deleted}<w:ins>{run(text('新'))}</w:ins></w:p>"
    found = read(document(tc(content), f"<w:trPr><w:del/></w:trPr>{tc('删去的行')}"), "a.docx")
    assert shown(found) == {"1:1,1": "新"}
    assert rules(found) == ["tracked-changes"]
    assert "旧" in told(found)["tracked-changes"]
    assert "删去的行" in told(found)["tracked-changes"]


def test_moved_text_is_read_where_it_went() -> None:
    moved = f"<w:moveFrom>{run(text('原处'))}</w:moveFrom><w:moveTo>{run(text('新处'))}</w:moveTo>"
    assert one(moved) == "新处"


def test_hidden_text_is_left_out_and_told_by_run_or_by_style() -> None:
    styles = '<w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="I"><w:basedOn w:val="H"/></w:style>'
    content = run(text("甲")) + run(text("乙"), "<w:vanish/>") + run(text("丙"), '<w:rStyle w:val="I"/>')
    content += run(text("丁"), '<w:rStyle w:val="I"/><w:vanish w:val="0"/>')
    found = read(document(tc(f"<w:p>{content}</w:p>"), styles=styles), "a.docx")
    assert shown(found) == {"1:1,1": "甲丁"}
    assert rules(found) == ["hidden-text"]


def test_a_hidden_row_is_read_and_told() -> None:
    found = read(document(tc("甲"), f"<w:trPr><w:hidden/></w:trPr>{tc('乙')}"), "a.docx")
    assert shown(found) == {"1:1,1": "甲", "1:2,1": "乙"}
    assert rules(found) == ["hidden-rows"]


@pytest.mark.parametrize(
    ("symbol", "char"),
    [
        ('<w:sym w:font="Symbol" w:char="F0B3"/>', "≥"),
        ('<w:sym w:font="Symbol" w:char="00A3"/>', "≤"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "☑"),
        ('<w:sym w:font="Wingdings 2" w:char="F052"/>', "☑"),
        ('<w:sym w:font="宋体" w:char="2265"/>', "≥"),
    ],
)
def test_a_symbol_is_the_character_that_it_shows(symbol: str, char: str) -> None:
    assert one(run(symbol) + run(text("95%"))) == f"{char}95%"


def test_characters_of_a_symbol_font_in_plain_text_are_mapped() -> None:
    assert one(run(text("\uf0b3"), '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run(text("95%"))) == "≥95%"


def test_an_unknown_symbol_stands_as_u_fffd_and_is_told() -> None:
    content = run('<w:sym w:font="Webdings" w:char="F041"/>')
    found = read(document(tc(f"<w:p>{content}</w:p>")), "a.docx")
    assert shown(found) == {"1:1,1": "\ufffd"}
    assert rules(found) == ["unknown-symbol"]


def numbering(kind: str, label: str, start: int = 1) -> str:
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{label}"/></w:lvl>'
    )
    return f'<w:abstractNum w:abstractNumId="7">{level}</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'


LISTED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'


@pytest.mark.parametrize(
    ("kind", "label", "start", "first", "second"),
    [
        ("decimal", "%1.", 1, "1.", "2."),
        ("chineseCounting", "%1、", 10, "十、", "十一、"),
        ("chineseCountingThousand", "（%1）", 20, "（二十）", "（二十一）"),
        ("decimalEnclosedCircleChinese", "%1", 1, "①", "②"),
        ("lowerLetter", "%1)", 26, "z)", "aa)"),
        ("upperRoman", "%1.", 4, "IV.", "V."),
        ("bullet", "●", 1, "", ""),
    ],
)
def test_automatic_numbers_stand_before_their_paragraphs(
    kind: str, label: str, start: int, first: str, second: str
) -> None:
    paragraphs = paragraph("甲", properties=LISTED) + paragraph("乙", properties=LISTED)
    found = read(document(tc(paragraphs), numbering=numbering(kind, label, start)), "a.docx")
    assert shown(found) == {"1:1,1": f"{first}甲\n{second}乙"}
    assert rules(found) == (["list-number"] if first else [])


def test_levels_of_a_list_count_within_each_other() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{label}"/></w:lvl>'
        for at, label in enumerate(("%1.", "%1.%2."))
    )
    root = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    depths = (0, 1, 1, 0, 1)
    lines = "".join(paragraph("甲", properties=LISTED.replace('"0"', f'"{depth}"')) for depth in depths)
    found = shown(read(document(tc(lines), numbering=root), "a.docx"))
    assert found["1:1,1"].replace("甲", "").split("\n") == ["1.", "1.1.", "1.2.", "2.", "2.1."]


def test_an_unknown_way_of_counting_is_told() -> None:
    found = read(document(tc(paragraph("甲", properties=LISTED)), numbering=numbering("hebrew1", "%1.")), "a.docx")
    assert shown(found) == {"1:1,1": "1.甲"}
    assert [finding.severity for finding in found.findings] == ["warning"]


def test_of_a_field_only_the_result_is_read() -> None:
    def mark(kind: str) -> str:
        return run(f'<w:fldChar w:fldCharType="{kind}"/>')

    inner = mark("begin") + run(text("条件")) + mark("separate") + run(text("内")) + mark("end")
    code = mark("begin") + run("<w:instrText>IF</w:instrText>") + inner + mark("separate")
    assert one(code + run(text("结果")) + mark("end") + run(text("后"))) == "结果后"


def test_check_boxes_show_whether_they_are_checked() -> None:
    box = '<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="{}"/></w:checkBox></w:ffData></w:fldChar>'
    end = run('<w:fldChar w:fldCharType="separate"/>') + run('<w:fldChar w:fldCharType="end"/>')
    assert one(run(box.format(1)) + end + run(text("是"))) == "☑是"
    assert one(run(box.format(0)) + end + run(text("否"))) == "☐否"
    control = f"<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>{run(text('☒'))}</w:sdtContent></w:sdt>"
    assert one(control + run(text("是"))) == "☒是"


def test_breaks_tabs_hyphens_and_phonetic_guides_are_read_as_displayed() -> None:
    assert one(run(text("甲") + "<w:br/>" + text("乙"))) == "甲\n乙"
    assert one(run(text("甲") + "<w:tab/>" + text("乙"))) == "甲 乙"
    assert one(run(text("0101") + "<w:noBreakHyphen/>" + text("一年期"))) == "0101-一年期"
    assert one(run(text("甲") + "<w:softHyphen/>" + text("乙"))) == "甲乙"
    ruby = f"<w:ruby><w:rt>{run(text('zhǐ'))}</w:rt><w:rubyBase>{run(text('指'))}</w:rubyBase></w:ruby>"
    assert one(run(ruby) + run(text("标"))) == "指标"


def test_a_raised_digit_of_a_unit_is_read_as_shown() -> None:
    assert one(run(text("3374m")) + run(text("2"), '<w:vertAlign w:val="superscript"/>')) == "3374m²"


def test_a_text_box_is_told_once_and_not_read() -> None:
    box = "<w:txbxContent><w:p>" + run(text("盖章处")) + "</w:p></w:txbxContent>"
    both = f"<mc:AlternateContent xmlns:mc='m'><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    found = read(document(tc(f"<w:p>{run(text('甲'))}{run(both)}</w:p>")), "a.docx")
    assert shown(found) == {"1:1,1": "甲"}
    assert rules(found) == ["text-box"]
    assert told(found)["text-box"].count("盖章处") == 1


def test_a_picture_in_a_cell_is_told_with_its_place() -> None:
    picture = run("<w:drawing><p:pic xmlns:p='p'/></w:drawing>")
    found = read(document(tc("甲") + tc(f"<w:p>{picture}{run(text('乙'))}</w:p>")), "a.docx")
    assert rules(found) == ["picture"]
    assert getattr(found.findings[0].places[0], "column", 0) == 2


def test_a_picture_between_tables_is_told() -> None:
    image = run("<w:pict><v:imagedata xmlns:v='v'/></w:pict>")
    picture = f"<w:p>{image}</w:p>"
    assert rules(read(document(tc("甲"), before=picture), "a.docx")) == ["picture"]


def test_a_document_of_pictures_says_that_it_needs_ocr() -> None:
    picture = run("<w:drawing><p:pic xmlns:p='p'/></w:drawing>")
    with pytest.raises(ReadError, match="OCR") as refused:
        read(document(tc(f"<w:p>{picture}</w:p>")), "a.docx")
    assert refused.value.code == "not-a-table"


def test_headers_and_footnotes_are_not_mixed_in() -> None:
    content = run(text("甲")) + run('<w:footnoteReference w:id="1"/>')
    found = read(
        document(tc(f"<w:p>{content}</w:p>"), footnotes=paragraph("脚注"), header1=paragraph("页眉")), "a.docx"
    )
    assert shown(found) == {"1:1,1": "甲"}


def test_content_controls_around_rows_and_cells_are_looked_into() -> None:
    cell = f"<w:sdt><w:sdtContent>{tc('乙')}</w:sdtContent></w:sdt>"
    row = f"<w:tr>{tc('甲')}{cell}</w:tr>"
    table = (
        f"<w:sdt><w:sdtContent><w:tbl><w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl></w:sdtContent></w:sdt>"
    )
    assert spans(read(document(tc("后"), before=table), "a.docx"))[:2] == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙")]


def test_a_document_without_a_table_is_no_table() -> None:
    assert refusal(document(tc(""), before=paragraph("只有文字"))) == "not-a-table"
