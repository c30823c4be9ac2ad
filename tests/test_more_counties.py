"""Sums, years, goals by number, units in odd places: kept where a reader looks for them, else told; never dropped."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from jixiao.pipeline import Extraction, extract
from samples.family_forms import Rows
from tests.family_carriers import as_docx, as_html, as_text, as_xlsx
from tests.forms import as_tabs
from tests.test_layouts import doubts, record, result
from tests.test_other_counties import INDICATORS, PLAIN, TOTAL

Carrier = Callable[[Rows], bytes]
every_carrier = pytest.mark.parametrize("carrier", [as_text, as_xlsx, as_docx, as_html])
TITLE = ["项目绩效目标表"]
YEAR = ["（2025年度）"]


def rules(rows: Rows) -> set[str]:
    """The rules of all findings but those of the checks."""
    audit = result(rows).audit
    assert audit
    found = [*audit.findings, *(finding for project in audit.projects for finding in project.findings)]
    return {finding.rule for finding in found if finding.basis == "reading"}


def test_what_a_row_of_sums_holds_is_kept_by_its_header() -> None:
    rows = [
        TITLE,
        *PLAIN,
        TOTAL,
        [*INDICATORS[0], "金额（万元）"],
        [*INDICATORS[1], "7.5"],
        ["", "", "更换标牌", "45块", "5"],
        ["", "", "合计", "", "12.5"],
        ["", "成本指标", "养护单价", "≤1万元/公里", ""],
        ["", "", "合计", "12.5万元", ""],
    ]
    project = record(result(rows))
    assert [row["name"] for row in project["indicators"]] == ["养护里程", "更换标牌", "养护单价"]
    assert (project["extra"]["合计（金额（万元））"], project["extra"]["合计（指标值）"]) == ("12.5", "12.5万元")


def test_values_of_several_years_keep_their_years() -> None:
    head = ["2024年目标值", "2025年目标值", "2026年目标值"]
    rows = [[*INDICATORS[0][:3], *head], [*INDICATORS[1][:3], "10公里", "12公里", "15公里"]]
    for year, own, others in (
        (YEAR, "12公里", {"2024年目标值（养护里程）": "10公里", "2026年目标值（养护里程）": "15公里"}),
        (["（2024-2026年）"], "10公里", {"2025年目标值（养护里程）": "12公里", "2026年目标值（养护里程）": "15公里"}),
    ):
        extraction = result([TITLE, year, *PLAIN, *rows])
        project = record(extraction)
        assert (project["indicators"][0]["target"]["text"], project["extra"]) == (own, others)
        assert doubts(extraction) == {"unread-column"}


def test_amounts_by_year_are_the_year_s_the_sum_mid_term_and_the_others_by_their_year() -> None:
    rows = [
        ["项目资金（万元）", "", "2024年", "2025年预算", "2026年", "合计"],
        ["", "资金总额", "220", "320", "160", "700"],
        ["", "财政拨款", "200", "300", "150", "650"],
    ]
    extraction = result([TITLE, YEAR, *PLAIN, *rows, *INDICATORS])
    project = record(extraction)
    assert [(row["scope"], row["kind"], row["yuan"]) for row in project["funding"]] == [
        ("midterm", "total", 7000000),
        ("midterm", "fiscal", 6500000),
        ("annual", "total", 3200000),
        ("annual", "fiscal", 3000000),
    ]
    assert project["extra"] == {
        "资金总额（2024年）": "220",
        "资金总额（2026年）": "160",
        "财政拨款（2024年）": "200",
        "财政拨款（2026年）": "150",
    }
    assert not doubts(extraction)


def test_what_was_spent_in_a_list_is_the_project_s_execution() -> None:
    rows = [
        ["2025年度部门预算项目绩效目标一览表"],
        ["单位：万元"],
        ["单位名称", "执行数", "项目名称", "预算金额", *INDICATORS[0]],
        ["第一中学", "80.5", "营养改善", "100", "产出指标", "数量指标", "受益学生", "2.1万人"],
        ["第二小学", "48", "校车补贴", "50", "产出指标", "数量指标", "校车数量", "56辆"],
        ["合计", "128.5", "", "150", "", "", "", ""],
    ]
    extraction = result(rows)
    projects = [each.model_dump() for each in extraction.projects]
    assert [(each["funding"][0]["amount"], each["funding"][0]["execution"]["executed"]) for each in projects] == [
        (100, Decimal("80.5")),
        (50, 48),
    ]
    assert [each["extra"] for each in projects] == [{}, {}]
    assert not doubts(extraction)
    assert "outside-text" in rules(rows)  # the sum of the list belongs to none of its projects


@every_carrier
def test_goals_by_their_number_are_goals(carrier: Carrier) -> None:
    rows = [
        TITLE,
        ["项目名称", "<", "亮化工程", "<"],
        ["项目年度绩效目标", "目标1", "安装路灯320盏", "<"],
        ["^", "目标2：", "覆盖12个自然村", "<"],
        ["^", "目标三", "方便群众夜间出行", "<"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "安装路灯", "320盏"],
    ]
    extraction = extract(carrier(rows), name="form").raise_for_status()
    assert [goal["text"] for goal in record(extraction)["goals"]] == [
        "安装路灯320盏",
        "覆盖12个自然村",
        "方便群众夜间出行",
    ]
    assert not doubts(extraction)


def test_a_goal_s_own_numbers_stay_in_its_text() -> None:
    rows = [TITLE, *PLAIN, ["年度总体目标", "目标1：养护12公里；目标2：更换标牌45块。"], *INDICATORS]
    assert [goal["text"] for goal in record(result(rows))["goals"]] == ["目标1：养护12公里；目标2：更换标牌45块。"]


def test_unit_and_unit_of_the_amounts_may_stand_in_cells_of_their_own() -> None:
    rows = [TITLE, ["单位", "沙河区图书馆", "金额单位", "万元"], *PLAIN, TOTAL, *INDICATORS]
    extraction = result(rows)
    project = record(extraction)
    assert (project["unit"], project["funding"][0]["yuan"], project["extra"]) == ("沙河区图书馆", 125000, {})
    assert not doubts(extraction)


@pytest.mark.parametrize("at", [3, 4, 5])
def test_the_unit_of_the_amounts_counts_wherever_it_stands(at: int) -> None:
    rows = [TITLE, *PLAIN, TOTAL, *INDICATORS]
    rows.insert(at, ["单位：万元"])
    extraction = result(rows)
    assert record(extraction)["funding"][0]["yuan"] == 125000
    assert not doubts(extraction)


def test_a_place_for_an_indicator_is_none() -> None:
    rows = [*INDICATORS, ["", "", "……", ""], ["", "质量指标", "合格率", "≥98%"], ["", "", "指标2：…", "…"]]
    for carrier in (as_text, as_xlsx):
        extraction = extract(carrier([TITLE, *PLAIN, *rows]), name="form").raise_for_status()
        assert [row["name"] for row in record(extraction)["indicators"]] == ["养护里程", "合格率"]
        assert not doubts(extraction)


def test_words_over_numbers_beside_a_label_are_kept_by_both() -> None:
    rows = [["资金支出计划（%）", "3月底", "6月底", "12月底"], ["", "0", "30", "100"]]
    project = record(result([TITLE, *PLAIN, *rows, *INDICATORS]))
    assert list(project["extra"].values()) == ["0", "30", "100"]
    assert "资金支出计划（%）（6月底）" in project["extra"]


def test_nothing_that_a_form_prints_is_lost_in_silence() -> None:
    """A text put into any blank of a form is in the result, or a finding shows it."""
    random = Random(7)
    whole = [TITLE, YEAR, *PLAIN, ["年度资金总额", "12.5万元"], ["年度总体目标", "养护12公里"], *INDICATORS]
    whole += [["", "", "更换标牌", "45块"], ["", "质量指标", "合格率", "≥98%"]]
    for _ in range(300):
        rows = [[*row, *[""] * (6 - len(row))] for row in whole]
        at, col = random.choice([0, 1, 2, 3, 4, 5, 7, 8, 9]), random.randrange(6)  # a header is a label
        stray = random.choice(("甲乙丙丁", "4711", "见附件说明。", "≥47%"))
        rows[at][col] += stray
        extraction = extract(as_tabs(rows).encode(), name="form.txt")
        if extraction.error is None:
            audit = extraction.audit
            assert audit
            findings = [*audit.findings, *(finding for project in audit.projects for finding in project.findings)]
            told = [place.text for finding in findings for place in finding.places]
            read = [
                place.text for project in audit.projects for places in project.provenance.values() for place in places
            ]
            labels = [label for project in extraction.projects for label in project.extra]
            assert any(stray in text for text in (*told, *read, *labels)), (at, col, stray)


@pytest.mark.parametrize(
    "other",
    [" تۈر نامى", "\nརྣམ་གྲངས།", " ᠲᠥᠰᠥᠯ", " Project Name", "（Name of the project）"],
    ids=lambda each: each.strip(),
)
def test_the_other_language_of_a_bilingual_label_does_not_count(other: str) -> None:
    cells = [[f"{label}{other}", *rest] for label, *rest in (*PLAIN, TOTAL)]
    header = [f"{label}{other}" for label in INDICATORS[0]]
    classes = [f"{label}{other}" for label in INDICATORS[1][:2]]
    extraction = extract(as_html([TITLE, YEAR, *cells, header, [*classes, *INDICATORS[1][2:]]]), name="form.html")
    project = record(extraction.raise_for_status())
    plain = record(extract(as_html([TITLE, YEAR, *PLAIN, TOTAL, *INDICATORS]), name="form.html"))
    for part in ("name", "department", "indicators", "extra"):
        assert project[part] == plain[part], part
    assert [row["amount"] for row in project["funding"]] == [Decimal("12.5")]
    assert not doubts(extraction)


@every_carrier
def test_a_name_may_stand_in_the_column_of_the_second_level(carrier: Carrier) -> None:
    rows = [
        TITLE,
        ["项目名称", "岗位补贴", "<", "<"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "质量指标", "符合条件率", "100%"],
        ["^", "开发岗位数", "<", "1300个"],
        ["^", "补贴标准", "<", "700元/人/月"],
        ["效益指标", "脱贫户增收", "<", "户均8400元/年"],
    ]
    project = record(extract(carrier(rows), name="form").raise_for_status())
    assert [(row["level1"], row["level2"], row["name"], row["target"]["text"]) for row in project["indicators"]] == [
        ("产出指标", "质量指标", "符合条件率", "100%"),
        ("产出指标", None, "开发岗位数", "1300个"),
        ("产出指标", None, "补贴标准", "700元/人/月"),
        ("效益指标", None, "脱贫户增收", "户均8400元/年"),
    ]


@every_carrier
def test_a_remark_between_the_indicators_and_the_signatures_below_are_fields(carrier: Carrier) -> None:
    rows = [
        TITLE,
        ["项目名称", "特别扶助", "<", "<"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "扶助人数", "1305人"],
        ["注：标准动态调整。", "<", "<", "<"],
        ["产出指标", "质量指标", "发放准确率", "100%"],
        ["合计", "<", "", "1305人"],
        ["申报单位（盖章）：", "负责人（签字）：", "日期：2025年1月6日", "<"],
    ]
    extraction = extract(carrier(rows), name="form").raise_for_status()
    project = record(extraction)
    assert [row["name"] for row in project["indicators"]] == ["扶助人数", "发放准确率"]
    assert project["extra"] == {"注": "标准动态调整。", "日期": "2025年1月6日", "合计（指标值）": "1305人"}
    assert not doubts(extraction)


def test_what_is_no_money_is_no_part_of_the_funding() -> None:
    rows = [["年度资金总额（万元）", "12.5", "执行率分值（10）", "10"], ["其中：财政拨款", "12.5", "受益人数", "300"]]
    extraction = result([TITLE, *PLAIN, *rows, *INDICATORS])
    project = record(extraction)
    assert [(row["label"], row["amount"]) for row in project["funding"]] == [
        ("年度资金总额", Decimal("12.5")),
        ("财政拨款", Decimal("12.5")),
    ]
    assert (project["funding"][0]["execution"]["weight"], project["extra"]) == (10, {"受益人数": "300"})


def test_a_label_that_nobody_knows_is_parted_from_its_value_at_the_colon() -> None:
    extraction = result([TITLE, ["牵头科室：法制科", ""], *PLAIN, TOTAL, *INDICATORS])
    assert record(extraction)["extra"] == {"牵头科室": "法制科"}
    assert not doubts(extraction)


def test_the_year_s_goal_beside_that_of_all_years() -> None:
    rows = [["项目绩效总目标", "三年养护36公里"], ["项目年度绩效目标", "养护12公里"]]
    goals = record(result([TITLE, *PLAIN, *rows, *INDICATORS]))["goals"]
    assert [(goal["scope"], goal["text"]) for goal in goals] == [
        ("midterm", "三年养护36公里"),
        ("annual", "养护12公里"),
    ]


def read(rows: Rows, carrier: Carrier = as_xlsx) -> Extraction:
    return extract(carrier(rows), name="form").raise_for_status()


def classes(project: dict[str, Any]) -> list[tuple[str | None, str | None, str, str | None]]:
    return [(row["level1"], row["level2"], row["name"], row["target"]["text"]) for row in project["indicators"]]


@every_carrier
def test_fields_may_stand_with_their_values_in_one_cell_and_first_levels_in_rows_of_their_own(carrier: Carrier) -> None:
    rows = [
        TITLE,
        ["项目名称：加装电梯补助", "<", "<", "<"],
        ["主管部门：某区住建局", "<", "实施单位：某区征收中心", "<"],
        ["预算金额：640万元", "<", "其中：财政资金：640万元", "<"],
        ["年度目标：加装电梯32部。", "<", "<", "<"],
        ["指标类别", "指标名称", "目标值", "计算方法"],
        ["产出指标", "<", "<", "<"],
        ["数量指标", "加装电梯", "32部", "竣工数"],
        ["效益指标", "<", "<", "<"],
        ["社会效益指标", "受益户数", "≥480户", "统计"],
    ]
    extraction = read(rows, carrier)
    project = record(extraction)
    assert (project["name"], project["department"]["name"], project["unit"]) == (
        "加装电梯补助",
        "某区住建局",
        "某区征收中心",
    )
    assert [(row["kind"], row["yuan"]) for row in project["funding"]] == [("total", 6400000), ("fiscal", 6400000)]
    assert [goal["text"] for goal in project["goals"]] == ["加装电梯32部。"]
    assert classes(project) == [
        ("产出指标", "数量指标", "加装电梯", "32部"),
        ("效益指标", "社会效益指标", "受益户数", "≥480户"),
    ]
    assert not doubts(extraction)


@every_carrier
def test_two_classes_in_one_cell_are_parted(carrier: Carrier) -> None:
    rows = [
        TITLE,
        *[[label, value, "<", "<"] for label, value in PLAIN],
        ["绩效指标", "指标名称", "指标值", "单位"],
        ["产出指标-数量指标", "养护里程", "≥12", "公里"],
        ["效益-社会效益", "受益人口", "3", "万人"],
    ]
    extraction = read(rows, carrier)
    assert classes(record(extraction)) == [
        ("产出指标", "数量指标", "养护里程", "≥12公里"),
        ("效益指标", "社会效益指标", "受益人口", "3万人"),
    ]
    assert not doubts(extraction)


def test_classes_a_level_higher_than_their_headers_are_read_by_their_content() -> None:
    rows = [
        TITLE,
        *[[label, value, "<", "<", "<"] for label, value in PLAIN],
        ["指标类型", "一级指标", "二级指标", "指标内容", "指标值"],
        ["产出", "产出数量", "维修校舍", "室内外", "8.6万㎡"],
        ["^", "产出质量", "合格率", "一次验收", "100%"],
        ["效果", "社会效益", "受益学生", "在校生", "2.3万人"],
    ]
    project = record(read(rows))
    assert classes(project) == [
        ("产出指标", "数量指标", "维修校舍", "8.6万㎡"),
        ("产出指标", "质量指标", "合格率", "100%"),
        ("效益指标", "社会效益指标", "受益学生", "2.3万人"),
    ]
    assert project["extra"]["指标内容（合格率）"] == "一次验收"


def test_a_known_label_is_never_taken_for_a_class_one_character_off() -> None:
    rows = [
        TITLE,
        *PLAIN,
        INDICATORS[0],
        ["决策", "绩效目标", "目标合理性", "合理"],
        ["影响力目标", "长效管理", "机制健全性", "健全"],
    ]
    assert [row[:2] for row in classes(record(result(rows)))] == [("决策", "绩效目标"), ("影响力目标", "长效管理")]


def test_mid_term_values_beside_those_of_single_years() -> None:
    head = ["中期指标值", "2025年指标值", "2026年指标值"]
    rows = [[*INDICATORS[0][:3], *head], [*INDICATORS[1][:3], "36公里", "12公里", "24公里"]]
    years = ["资金总额（万元）", "36", "2025年", "12", "2026年", "24"]
    project = record(result([TITLE, *PLAIN, years, *rows]))
    assert [(row["scope"], row["target"]["text"]) for row in project["indicators"]] == [
        ("midterm", "36公里"),
        ("annual", "12公里"),
    ]
    assert [(row["scope"], row["amount"]) for row in project["funding"]] == [("midterm", 36)]
    assert project["extra"] == {
        "资金总额（万元）（2025年）": "12",
        "资金总额（万元）（2026年）": "24",
        "2026年指标值（养护里程）": "24公里",
    }


def test_the_label_of_the_year_s_goal_may_name_the_form_s_year() -> None:
    goals = [["中期目标（2025年—2027年）", "养护36公里"], ["年度目标（2026年）", "养护12公里"]]
    years = ["资金总额（万元）", "36", "2025年", "12", "2026年", "24"]
    project = record(result([TITLE, *PLAIN, years, *goals, *INDICATORS]))
    assert project["fiscal_year"] == 2026
    assert [(row["scope"], row["amount"]) for row in project["funding"]] == [("midterm", 36), ("annual", 24)]
    assert project["extra"] == {"资金总额（万元）（2025年）": "12"}


def test_units_ends_and_years_in_cells_of_their_own() -> None:
    rows = [
        ["预算年度", "2025"],
        ["项目总投资", "1280", "万元", "申请财政资金", "1000", "万元"],
        ["项目起止时间", "2025年5月", "至", "2025年10月", "", ""],
    ]
    extraction = result([TITLE, *PLAIN, *rows, *INDICATORS])
    project = record(extraction)
    assert (project["fiscal_year"], project["period"]["start"], project["period"]["end"]) == (
        2025,
        "2025-05",
        "2025-10",
    )
    assert [row["yuan"] for row in project["funding"]] == [12800000, 10000000]
    assert project["extra"] == {}
    assert not doubts(extraction)


@every_carrier
def test_the_money_of_a_list_may_be_divided_by_a_second_header_row(carrier: Carrier) -> None:
    rows = [
        ["2025年度项目支出绩效目标表"],
        ["序号", "项目名称", "实施单位", "资金（万元）", "<", "指标类型", "指标名称", "指标值"],
        ["^", "^", "^", "财政资金", "其他资金", "^", "^", "^"],
        ["1", "文化下乡", "文化馆", "35", "0", "数量指标", "演出场次", "≥60场"],
        ["2", "书屋更新", "图书馆", "12.6", "3", "数量指标", "更新图书", "≥6300册"],
    ]
    extraction = read(rows, carrier)
    funding = [[(row["kind"], row["yuan"]) for row in each.model_dump()["funding"]] for each in extraction.projects]
    assert funding == [[("fiscal", 350000), ("other", 0)], [("fiscal", 126000), ("other", 30000)]]
    assert not doubts(extraction)


@every_carrier
def test_a_value_in_three_columns_under_one_header_is_one(carrier: Carrier) -> None:
    rows = [
        TITLE,
        *[[label, value, *["<"] * 4] for label, value in PLAIN],
        ["一级指标", "二级指标", "三级指标", "指标值", "<", "<"],
        ["^", "^", "^", "符号", "数值", "单位"],
        ["产出指标", "数量指标", "养护里程", "≥", "12", "公里"],
        ["^", "质量指标", "合格率", "＝", "100", "%"],
    ]
    extraction = read(rows, carrier)
    assert [row["target"]["text"] for row in record(extraction)["indicators"]] == ["≥12公里", "=100%"]
    assert not doubts(extraction)


@every_carrier
def test_the_values_of_all_places_are_never_those_of_one(carrier: Carrier) -> None:
    rows = [
        ["转移支付区域绩效目标表"],
        ["资金名称", "保费补贴", *["<"] * 4],
        ["一级指标", "二级指标", "三级指标", "全省", "甲山市", "乙水市"],
        ["产出指标", "数量指标", "投保面积（万亩）", "2100", "1200", "900"],
        ["^", "质量指标", "覆盖率", ">70%", "≥72%", "≥68%"],
    ]
    projects = [each.model_dump() for each in read(rows, carrier).projects]
    assert [(each["unit"], [row["target"]["text"] for row in each["indicators"]]) for each in projects] == [
        ("甲山市", ["1200万亩", "≥72%"]),
        ("乙水市", ["900万亩", "≥68%"]),
    ]
    assert [each["extra"]["全省（投保面积）"] for each in projects] == ["2100", "2100"]


@every_carrier
def test_a_form_in_numbered_parts(carrier: Carrier) -> None:
    rows = [
        TITLE,
        ["一、基本情况", "<", "<", "<"],
        ["项目名称", "档案馆建设", "项目负责人", "郑芳"],
        ["二、资金情况（万元）", "<", "<", "<"],
        ["年度资金总额", "150", "财政拨款", "150"],
        ["三、年度目标", "<", "<", "<"],
        ["完成数字化38万页，建成平台1套。", "<", "<", "<"],
        ["四、绩效指标", "<", "<", "<"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["1.产出指标", "1.1数量指标", "数字化页数", "38万页"],
        ["2.效益指标", "2.1社会效益指标", "查档时长", "≤10分钟/次"],
    ]
    extraction = read(rows, carrier)
    project = record(extraction)
    assert [row["yuan"] for row in project["funding"]] == [1500000, 1500000]
    assert [goal["text"] for goal in project["goals"]] == ["完成数字化38万页，建成平台1套。"]
    assert classes(project) == [
        ("产出指标", "数量指标", "数字化页数", "38万页"),
        ("效益指标", "社会效益指标", "查档时长", "≤10分钟/次"),
    ]
    assert project["extra"] == {"项目负责人": "郑芳"}
    assert not doubts(extraction)


def test_a_goal_may_stand_behind_a_second_label() -> None:
    rows = [TITLE, *PLAIN, ["绩效目标", "目标内容", "养护12公里。"], *INDICATORS]
    extraction = result(rows)
    assert [goal["text"] for goal in record(extraction)["goals"]] == ["养护12公里。"]
    assert not doubts(extraction)


def test_the_rest_of_an_amount_that_a_page_cuts_is_told() -> None:
    head = ["", "年初预算数", "全年预算数", "全年执行数", "执行率"]
    rows = [
        TITLE,
        *PLAIN,
        ["项目资金（万元）", *head],
        ["", "年度资金总额", "100", "86", "81.7", "95%"],
        ["", "其他资金", "0", "6", "4.1", "68%"],
    ]
    text = as_tabs(rows) + "\f" + as_tabs([["", "", "", "", "7", ""], *INDICATORS])
    extraction = extract(text.encode(), name="form.txt").raise_for_status()
    assert doubts(extraction)


@every_carrier
def test_a_list_that_prints_a_project_s_cells_in_each_row_has_it_once(carrier: Carrier) -> None:
    own = [
        ["121001", "林业局", "湿地巡护", "860000", "巡护湿地1.2万亩"],
        ["121001", "林业局", "病虫害防治", "320000", "防治6000亩"],
    ]
    rows = [
        ["2025年部门预算项目绩效目标表"],
        ["单位编码", "单位名称", "项目名称", "年度资金总额(元)", "绩效目标", *INDICATORS[0]],
        [*own[0], "产出指标", "数量指标", "巡护面积", "12000亩"],
        [*own[0], "产出指标", "时效指标", "巡护频次", "2次/月"],
        [*own[1], "产出指标", "数量指标", "防治面积", "6000亩"],
        [*own[1], "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"],
    ]
    extraction = read(rows, carrier)
    projects = [each.model_dump() for each in extraction.projects]
    assert [(each["name"], [row["name"] for row in each["indicators"]]) for each in projects] == [
        ("湿地巡护", ["巡护面积", "巡护频次"]),
        ("病虫害防治", ["防治面积", "群众满意度"]),
    ]
    assert not doubts(extraction)


def test_what_is_planned_to_be_spent_in_percent_is_no_funding() -> None:
    rows = [
        ["预算规模及资金用途", "预算数（万元）", "500", "其中：财政资金", "500"],
        ["资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"],
        ["", "10", "40", "80", "100"],
    ]
    project = record(result([TITLE, *PLAIN, *rows, *INDICATORS]))
    assert [row["kind"] for row in project["funding"]] == ["total", "fiscal"]
    assert project["extra"]["资金支出计划（%）（12月底）"] == "100"


def test_amounts_above_and_below_a_page_cut_are_never_made_one() -> None:
    above = [TITLE, *PLAIN, ["预算情况（万元）", "部门预算总额", "839.1"], ["", "（2）其他资金", "20"]]
    below = [["", "2.资金结构：（1）基本支出", "819.1"], *INDICATORS]
    for mark in ("", "\n", "\f", "— 3 —\n"):
        project = record(extract((as_tabs(above) + mark + as_tabs(below)).encode(), name="form.txt"))
        assert [row["amount"] for row in project["funding"]] == [Decimal("839.1"), 20, Decimal("819.1")]
