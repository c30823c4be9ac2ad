"""Web pages: tables as a browser lays them out, whatever the site's own markup around them."""

from __future__ import annotations

import base64
import quopri
import time

import pytest

from extract import read
from extract.sniff import markup_of
from tests.office import refusal, rules, shown, spans, told


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def table(body: str) -> list[tuple[int, int, int, int, str]]:
    return spans(read(page(f"<table>{body}</table>"), "a.html"))


def test_cells_lie_beside_those_that_reach_down_from_above() -> None:
    rows = "<tr><td rowspan=2>甲<td>乙<td>丙<tr><td colspan=2>丁"
    assert table(rows) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (0, 2, 1, 1, "丙"), (1, 1, 1, 2, "丁")]


def test_a_row_span_of_0_runs_to_the_end_of_its_group_and_none_reaches_beyond() -> None:
    rows = "<tbody><tr><td rowspan=0>甲<td>1<tr><td>2</tbody><tbody><tr><td rowspan=9>乙<td>3</tbody>"
    assert [(cell[2], cell[4]) for cell in table(rows) if cell[1] == 0] == [(2, "甲"), (1, "乙")]


@pytest.mark.parametrize("span", ["1000000000", "99999999999999999999", "-3", "0", "abc", "2.9", ""])
def test_no_span_of_any_size_costs_anything(span: str) -> None:
    start = time.process_time()
    found = table(f'<tr><td colspan="{span}" rowspan="{span}">甲<td>乙')
    assert found[0][4] == "甲"
    assert found[0][3] <= 1000
    assert time.process_time() - start < 2


def test_the_foot_of_a_table_is_shown_last_wherever_it_stands() -> None:
    rows = "<tfoot><tr><td>尾</tfoot><tbody><tr><td>中</tbody><thead><tr><td>首</thead>"
    assert [cell[4] for cell in table(rows)] == ["首", "中", "尾"]


def test_end_tags_may_be_left_out() -> None:
    assert [cell[:2] for cell in table("<tr><td>甲<td>乙<tr><th>丙<td>丁")] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_cells_outside_any_row_make_one() -> None:
    assert [cell[4] for cell in table("<td>甲</td><td>乙</td>")] == ["甲", "乙"]


def test_breaks_and_blocks_end_lines_and_spaces_collapse() -> None:
    cell = "目标1<br>目标2<p>目标3</p>  目标 \n 4<div>5</div><span>6</span><b>7</b>"
    assert table(f"<tr><td>{cell}<td>乙")[0][4] == "目标1\n目标2\n目标3\n目标 4\n5\n67"


def test_blank_cells_of_hard_spaces_are_blank() -> None:
    assert [cell[:2] for cell in table("<tr><td>&nbsp;<td>&nbsp;&nbsp;<td>甲")] == [(0, 2)]


def test_scripts_styles_comments_and_choices_are_no_text() -> None:
    cell = "甲<script>x</script><style>y</style><!-- z --><select><option>选项</select><template>t</template>"
    assert table(f"<tr><td>{cell}<td>乙")[0][4] == "甲"


def test_raised_digits_and_boxes_are_read_as_shown() -> None:
    assert table("<tr><td>3374m<sup>2</sup><td><input type=checkbox checked>是<input type=radio>否")[0][4] == "3374m²"
    assert table("<tr><td><input type=checkbox checked>是<input type=radio>否<td>乙")[0][4] == "☑是☐否"


def test_hidden_rows_are_read_and_told_hidden_texts_are_only_told() -> None:
    body = "<table><tr><td>甲<span style='display:none'>暗</span><td>乙<tr style='DISPLAY: none'><td>丙<td>丁</table>"
    found = read(page(body), "a.html")
    assert [cell[4] for cell in spans(found)] == ["甲", "乙", "丙", "丁"]
    assert sorted(rules(found)) == ["hidden-rows", "hidden-text"]
    assert "暗" in told(found)["hidden-text"]


def test_a_table_in_a_hidden_part_of_the_page_is_read_and_told() -> None:
    found = read(page("<div style='display:none'><table><tr><td>甲<td>乙</table></div><p hidden>暗</p>"), "a.html")
    assert [cell[4] for cell in spans(found)] == ["甲", "乙"]
    assert rules(found) == ["hidden-rows"]


def test_only_innermost_tables_count_and_the_layout_s_text_is_lines_in_order() -> None:
    data = "<table><tr><td>一<td>二<tr><td>三<td>四</table>"
    body = f"<table><tr><td>菜单<td><table><tr><td><h1>标题</h1>{data}下<tr><td>尾</table></table>"
    found = read(page(body), "a.html")
    assert list(shown(found).values()) == ["菜单", "标题", "一", "二", "三", "四", "下", "尾"]
    assert [table.lines for table in found.pages[0].tables] == [True, False, True]


def test_a_small_table_in_a_cell_of_data_becomes_lines_of_the_cell() -> None:
    rows = "".join(f"<tr><td>甲{at}<td>乙{at}" for at in range(8))
    found = read(page(f"<table>{rows}<tr><td>目标<td><table><tr><td>1<td>2<tr><td>3<td>4</table></table>"), "a.html")
    assert [cell[4] for cell in spans(found)][-1] == "1 2\n3 4"
    assert rules(found) == ["nested-table"]


def test_lines_far_from_all_tables_are_left_out_and_counted() -> None:
    menu = "".join(f"<p>菜单{at}</p>" for at in range(50))
    found = read(page(f"{menu}<h1>标题</h1><table><tr><td>甲<td>乙</table>{menu}"), "a.html")
    assert "标题" in shown(found).values()
    assert len(shown(found)) == 2 + 12 + 12
    assert "77 lines" in told(found)["outside-text"]


TEXT = "<table><tr><td>部门项目支出预算绩效目标表<td>服务对象满意度指标</table>"


@pytest.mark.parametrize(
    "head", ["", "<meta charset=gb2312>", "<meta http-equiv=Content-Type content='text/html; charset=utf-8'>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_charset_is_found_by_the_bytes_whatever_the_page_declares(encoding: str, head: str) -> None:
    found = read(f"<html><head>{head}</head><body>{TEXT}</body></html>".encode(encoding), "a.html")
    assert list(shown(found).values()) == ["部门项目支出预算绩效目标表", "服务对象满意度指标"]


def test_a_page_in_big5_is_read_by_its_own_word() -> None:
    data = f"<html><head><meta charset=big5></head>{'<table><tr><td>績效目標表<td>滿意度指標</table>'}</html>".encode(
        "big5"
    )
    assert list(shown(read(data, "a.html")).values()) == ["績效目標表", "滿意度指標"]


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
def test_a_web_archive_gives_the_pages_inside(transfer: str) -> None:
    html = f"<html><body>{TEXT}</body></html>".encode("gb18030")
    bodies = {"quoted-printable": quopri.encodestring(html), "base64": base64.encodebytes(html), "8bit": html}
    body = bodies[transfer]
    head = (
        "From: <Saved by WPS>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\tboundary="b"\r\n\r\n'
        f'--b\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n'
    )
    found = read(head.encode() + body + b"\r\n--b--\r\n", "a.mht")
    assert found.source.media_type == "multipart/related"
    assert list(shown(found).values()) == ["部门项目支出预算绩效目标表", "服务对象满意度指标"]


def test_a_page_that_word_exported_is_read_without_its_own_markup() -> None:
    row = "<tr><td width=100><p class=MsoNormal><span lang=EN-US style='mso-hide:none'>≥<o:p></o:p></span>95%</p></td><td>乙</td></tr>"
    body = (
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->"
        f"<table class=MsoTableGrid>{row}<![if !supportMisalignedColumns]><tr height=0><td width=1></td></tr><![endif]></table>"
    )
    data = f"<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=gb2312></head><body>{body}</body></html>"
    assert list(shown(read(data.encode("gb18030"), "a.htm")).values()) == ["≥95%", "乙"]


def test_an_archive_that_excel_exported_gives_its_sheets_and_not_its_frames() -> None:
    sheet = "<html><body><table><tr><td x:num='0.95'>95%</td><td>{}</td></tr></table></body></html>"
    pages = ["<html><frameset><frame src=sheet001.htm></frameset></html>", sheet.format("甲"), sheet.format("乙")]
    parts = "".join(f'--b\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n{page}\r\n' for page in pages)
    head = 'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    assert list(shown(read(f"{head}{parts}--b--\r\n".encode(), "a.mht")).values()) == ["95%", "甲", "95%", "乙"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf  \r\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html>",
        b"<!-- saved from url --><html>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<div class=a><table><tr><td>",
        b"<TABLE border=1><TR>",
        b"<meta charset=gbk><style>a</style><table>",
        "<html>".encode("utf-16"),
    ],
)
def test_pages_and_pieces_of_them_are_known_by_content(data: bytes) -> None:
    assert markup_of(data) == "html"


@pytest.mark.parametrize("data", [b"a<b and c>d\t1\n", b"<b>bold</b> text\n", "项目名称\t<table>\n".encode()])
def test_text_with_angle_brackets_stays_text(data: bytes) -> None:
    assert markup_of(data) is None


def test_a_page_without_a_table_is_no_table() -> None:
    assert refusal(page("<p>没有表格</p>")) == "not-a-table"
    assert refusal(page("<table></table>")) == "not-a-table"
    assert refusal(b"<html>") == "not-a-table"
