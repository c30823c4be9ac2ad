"""Sums, years, goals by number, units in odd places: kept where a reader looks for them, else told; never dropped."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from jixiao.pipeline import extract
from samples.family_forms import Rows
from tests.family_carriers import as_docx, as_html, as_text, as_xlsx
from tests.forms import as_tabs
from tests.test_layouts import doubts, record, result
from tests.test_other_counties import INDICATORS, PLAIN, TOTAL

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


@pytest.mark.parametrize("carrier", [as_text, as_xlsx, as_docx, as_html])
def test_goals_by_their_number_are_goals(carrier: type) -> None:
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
