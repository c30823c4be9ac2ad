"""What other counties print around the same form: years beside units, goals under their label, totals side by side."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.pipeline import extract
from tests.test_layouts import HEAD, doubts, form, record, result

PLAIN = [["项目名称", "道路养护"], ["主管部门", "某县交通运输局"]]
INDICATORS = [["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "养护里程", "12公里"]]
TOTAL = ["年度资金总额", "12.5"]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("（2025年度）　　　单位：万元", "万元"),
        ("预算年度：２０２５　　　金额单位：人民币万元", "万元"),
        ("2025年度（单位：元）", "元"),
        ("单位：万元    2025年度", "万元"),
        ("单位：元 （2025年度）", "元"),
    ],
)
def test_a_year_and_the_unit_of_the_amounts_may_share_a_line(line: str, unit: str) -> None:
    extraction = result([["项目绩效目标表"], [line], *PLAIN, TOTAL, *INDICATORS])
    project = record(extraction)
    assert (project["fiscal_year"], project["funding"][0]["unit"], project["unit"]) == (2025, unit, None)
    assert not doubts(extraction)


def test_full_width_digits_are_a_year_too() -> None:
    assert record(result([["项目绩效目标表"], ["（２０２５年度）"], *PLAIN, *INDICATORS]))["fiscal_year"] == 2025
    assert record(result([["２０２５年项目绩效目标表"], *PLAIN, *INDICATORS]))["fiscal_year"] == 2025


@pytest.mark.parametrize(
    ("line", "unit", "extra"),
    [
        ("单位：元谋县教育局", "元谋县教育局", {}),  # begins like a unit of money
        ("单位：某县水务局  联系人：张三", "某县水务局", {"联系人": "张三"}),
        ("填报单位（盖章）：某县水务局   填报日期：2025.1.5", "某县水务局", {"填报日期": "2025.1.5"}),
    ],
)
def test_whose_a_form_is_ends_at_the_next_label_of_the_line(line: str, unit: str, extra: dict[str, str]) -> None:
    project = record(result([["项目绩效目标表"], [line], *PLAIN, *INDICATORS]))
    assert (project["unit"], project["extra"]) == (unit, extra)


def test_a_part_beside_its_total_is_of_the_total_s_time() -> None:
    rows = [
        ["资金情况（万元）", "实施期资金总额", "260", "其中：财政拨款", "250"],
        ["", "年度资金总额", "120", "其中：财政拨款", "100"],
        ["", "", "", "其他资金", "20"],
    ]
    project = record(result(form(head=[*HEAD[:5], *rows, HEAD[8]])))
    assert [(row["scope"], row["amount"]) for row in project["funding"]] == [
        ("midterm", 260),
        ("midterm", 250),
        ("annual", 120),
        ("annual", 100),
        ("annual", 20),
    ]


def test_a_goal_s_label_may_be_the_first_line_of_its_cell() -> None:
    page = """<p>项目绩效目标表</p><table>
<tr><td>项目名称<td colspan=3>道路养护</tr><tr><td>主管部门<td colspan=3>某县交通运输局</tr>
<tr><td>总体目标<td>实施期目标（2024年—2026年）<br>三年养护36公里<td colspan=2>年度目标<br>养护12公里</tr>
<tr><td>一级指标<td>二级指标<td>三级指标<td>指标值</tr><tr><td>产出指标<td>数量指标<td>养护里程<td>12公里</tr></table>"""
    extraction = extract(page.encode(), name="form.html").raise_for_status()
    goals = record(extraction)["goals"]
    assert [(goal["scope"], goal["text"]) for goal in goals] == [
        ("midterm", "三年养护36公里"),
        ("annual", "养护12公里"),
    ]
    assert not doubts(extraction)


@pytest.mark.parametrize(
    ("value", "whole"), [("95以上", "95%以上"), ("≥95", "≥95%"), ("90（含）以上", "90%（含）以上")]
)
def test_a_unit_of_its_own_column_goes_before_the_words_that_end_a_value(value: str, whole: str) -> None:
    rows = form(
        header=[*INDICATORS[0][:3], "计量单位", "指标值"], grid=[["产出指标", "质量指标", "合格率", "%", value]]
    )
    [indicator] = record(result(rows))["indicators"]
    target = indicator["target"]
    assert (target["text"], target["operator"], target["unit"]) == (whole, "≥", "%")


def test_the_sum_of_a_province_s_places_is_no_place_and_no_target() -> None:
    rows = [
        ["转移支付区域绩效目标表"],
        ["资金名称", "林业保护补助资金", "", "", "", ""],
        ["中央主管部门", "国家局", "省级财政部门", "某省财政厅", "省级主管部门", "某省局"],
        ["一级指标", "二级指标", "三级指标", "指标值", "", ""],
        ["", "", "", "全省合计", "青山县", "白水县"],
        ["产出指标", "数量指标", "管护面积（万亩）", "670", "350", "320"],
        ["效益指标", "生态效益指标", "森林覆盖率", "稳步提升", "有所提升", "基本持平"],
    ]
    projects = [each.model_dump() for each in result(rows).projects]
    assert [(each["unit"], [row["target"]["text"] for row in each["indicators"]]) for each in projects] == [
        ("青山县", ["350万亩", "有所提升"]),
        ("白水县", ["320万亩", "基本持平"]),
    ]
    assert [each["extra"]["省级主管部门"] for each in projects] == ["某省局"] * 2  # it stands in a place's column
    assert [each["extra"]["全省合计（管护面积）"] for each in projects] == ["670"] * 2


def test_what_an_earlier_year_reached_is_not_what_this_year_reaches() -> None:
    header = [*INDICATORS[0][:3], "2023年实际值", "2025年目标值"]
    grid = [["产出指标", "数量指标", "减免具数", "812具", "≥850具"]]
    for title in ("2025年项目绩效目标表", "项目绩效目标表"):
        project = record(result([[title], *PLAIN, header, *grid]))
        assert (project["indicators"][0]["actual"], project["indicators"][0]["target"]["number"]) == (None, 850)
        assert project["extra"] == {"2023年实际值（减免具数）": "812具"}


def test_what_this_year_reached_stays_the_actual_value() -> None:
    header = [*INDICATORS[0][:3], "年度指标值", "2024年实际完成值"]
    grid = [["产出指标", "数量指标", "减免具数", "≥850具", "812具"]]
    for title in ("2025年项目支出绩效自评表", "2024年项目绩效目标表"):  # printed in 2025, about 2024
        project = record(result([[title], *PLAIN, header, *grid]))
        assert project["indicators"][0]["actual"]["number"] == 812


def test_what_was_spent_beside_the_budget_is_no_second_budget() -> None:
    rows = [
        ["预算执行情况（10分）", "预算数（万元）：", "120", "执行数：", "118.6", "得分", "9.88"],
        ["", "其中：财政拨款", "100", "其中：财政拨款", "98.6", "", ""],
        ["", "其他资金", "20", "其他资金", "20", "", ""],
    ]
    extraction = result(form(head=[*HEAD[:5], *rows, HEAD[8]]))
    funding = record(extraction)["funding"]
    assert [(row["amount"], row["execution"]["executed"], row["execution"]["score"]) for row in funding] == [
        (120, Decimal("118.6"), Decimal("9.88")),
        (100, Decimal("98.6"), None),
        (20, 20, None),
    ]
    assert not doubts(extraction)


def test_a_list_s_own_units_win_over_the_line_above_it() -> None:
    rows = [
        ["2025年度部门预算项目绩效目标一览表"],
        ["编制单位：某县财政局"],
        ["单位名称", "项目名称", "一级指标", "二级指标", "三级指标", "指标值"],
        ["第一中学", "营养改善", "产出指标", "数量指标", "受益学生", "2.1万人"],
        ["第二小学", "校车补贴", "产出指标", "数量指标", "校车数量", "56辆"],
    ]
    projects = [each.model_dump() for each in result(rows).projects]
    assert [(each["unit"], each["extra"]) for each in projects] == [
        ("第一中学", {"编制单位": "某县财政局"}),
        ("第二小学", {"编制单位": "某县财政局"}),
    ]


def test_a_year_and_a_unit_in_cells_of_one_row_are_both_read() -> None:
    project = record(result([["项目绩效目标表"], ["（2025年度）", "", "单位：万元"], *PLAIN, TOTAL, *INDICATORS]))
    assert (project["fiscal_year"], project["funding"][0]["yuan"]) == (2025, 125000)


def test_a_source_of_money_in_words_is_kept() -> None:
    rows = [["资金来源", "①县级财政 63.8万元", "其他资金", "2万元"]]
    extraction = result([["项目绩效目标表"], *PLAIN, *rows, *INDICATORS])
    assert record(extraction)["extra"] == {"资金来源": "①县级财政63.8万元"}
    assert [row["label"] for row in record(extraction)["funding"]] == ["其他资金"]


@pytest.mark.parametrize("span", ["（2025-2027年）", "（2025年—2027年）", "(2025～27年)"])
def test_a_span_of_years_in_a_title_is_no_fiscal_year(span: str) -> None:
    project = record(result([["项目绩效目标申报表" + span], *PLAIN, *INDICATORS]))
    assert (project["form"], project["fiscal_year"]) == ("项目绩效目标申报表" + span, None)


def test_the_total_of_a_project_beside_that_of_a_named_year_is_no_second_total_of_the_year() -> None:
    rows = [["项目总投资（万元）", "900", "2025年预算（万元）", "300"]]
    project = record(result([["项目绩效目标表"], *PLAIN, *rows, *INDICATORS]))
    assert [(row["scope"], row["amount"]) for row in project["funding"]] == [("midterm", 900), ("annual", 300)]


def test_parts_of_the_funding_may_stand_in_columns_behind_of_which() -> None:
    rows = [
        ["项目资金（万元）", "年度资金总额", "其中：", "中央", "省级", "县级"],
        ["", "86", "", "50", "20", "16"],
    ]
    extraction = result([["项目绩效目标表"], *PLAIN, *rows, *INDICATORS])
    funding = record(extraction)["funding"]
    assert [(row["label"], row["yuan"]) for row in funding] == [
        ("年度资金总额", 860000),
        ("中央", 500000),
        ("省级", 200000),
        ("县级", 160000),
    ]
    assert not doubts(extraction)


def test_a_number_is_never_the_label_of_an_amount() -> None:
    extraction = result([["项目绩效目标表"], *PLAIN, ["年度资金总额", "86万元"], ["", "50", "20"], *INDICATORS])
    assert [row["label"] for row in record(extraction)["funding"]] == ["年度资金总额"]
    assert "unplaced-text" in doubts(extraction)


def test_the_fourth_level_names_an_indicator_where_it_is_printed() -> None:
    rows = [
        [*INDICATORS[0][:3], "四级指标", "指标值"],
        ["产出指标", "数量指标", "机构建设", "新建机构", "2家"],
        ["产出指标", "数量指标", "机构建设", "新增床位", "120张"],
    ]
    extraction = result([["项目绩效目标表"], *PLAIN, *rows])
    project = record(extraction)
    assert [row["name"] for row in project["indicators"]] == ["新建机构", "新增床位"]
    assert project["extra"] == {"三级指标（新建机构）": "机构建设", "三级指标（新增床位）": "机构建设"}
    assert not doubts(extraction)


@pytest.mark.parametrize(
    ("name", "value", "count"), [("/", "/", 1), ("无", "—", 1), ("投诉", "无", 2), ("无", "3起", 2)]
)
def test_a_class_that_is_crossed_out_has_no_indicator(name: str, value: str, count: int) -> None:
    rows = [*INDICATORS, ["效益指标", "经济效益指标", name, value]]
    assert len(record(result([["项目绩效目标表"], *PLAIN, *rows]))["indicators"]) == count
