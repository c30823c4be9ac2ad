"""Each repair alone: what it mends, and what it leaves because the evidence is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import read
from jixiao.pipeline import Extraction, extract
from normalize import REPAIRS
from normalize.flow import flow_of
from normalize.repairs.labels import completes
from normalize.repairs.wording import mend_value, mend_words
from schemas.text import Text, TextPlace
from tests.forms import SAMPLES
from tests.test_samples import SLUGS, extraction_of

LINES = (SAMPLES / "whole-form" / "source.txt").read_text(encoding="utf-8").splitlines()
GRID = 10


def lines(**changes: str) -> list[str]:
    """The whole form with some of its lines replaced, by number (`_11="…"`)."""
    return [changes.get(f"_{at}", line) for at, line in enumerate(LINES)]


def result(rows: list[str]) -> Extraction:
    return extract(("\n".join(rows) + "\n").encode(), name="form.txt").raise_for_status()


def repairs(extraction: Extraction) -> set[str]:
    assert extraction.audit
    return {repair.rule for project in extraction.audit.projects for repair in project.repairs}


def findings(extraction: Extraction) -> set[str]:
    assert extraction.audit
    inner = {finding.rule for project in extraction.audit.projects for finding in project.findings}
    return inner | {finding.rule for finding in extraction.audit.findings}


def record(extraction: Extraction) -> dict[str, Any]:
    [project] = extraction.projects
    return project.model_dump()


WHOLE = record(result(LINES))


def text(value: str) -> Text:
    return Text(value, (TextPlace(1, 1, (0, len(value)), value),))


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("产出指", "标"),
        ("产", "出指标"),
        ("产出", "指标"),
        ("数量指标（必填硬性指", "标)"),
        ("数量指标", "（必填）"),
        ("服务对象", "满意度指标"),
        ("社会", "效益指标"),
        ("项目资金", "(万元)"),
        ("项目资金 (万", "元)"),
        ("主管部门", "及代码"),
        ("主管部门", "名称"),
        ("年度", "总体目标"),
        ("其中: 财政", "拨款"),
        ("部门", "项目支出预算绩效目标表"),
        ("(2024", "年度)"),
        ("三级", "指标"),
        ("指标", "值"),
    ],
)
def test_two_halves_complete_a_label(head: str, tail: str) -> None:
    assert completes(head, tail)


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("部门项目支出预算绩效目标表", "(2024年度)"),
        ("(2024年度)", "年度总体目标"),
        ("产出指标", "数量指标"),
        ("产出指标", "标"),
        ("有效", "提升"),
        ("", "产出指标"),
        ("平罗县公安局", "项目支出绩效目标表"),
    ],
)
def test_two_texts_that_are_whole_or_no_label_are_left_apart(head: str, tail: str) -> None:
    assert not completes(head, tail)


def test_no_group_is_ever_called_by_the_tail_of_a_label() -> None:
    rows = [*LINES[:10], LINES[10].replace("产出指标", "产出指"), "", "\t标" + LINES[11][1:], *LINES[12:]]
    extraction = result(rows)
    assert record(extraction) == WHOLE
    assert "cut-label" in repairs(extraction)


def test_a_name_without_a_value_inside_a_page_is_an_indicator_without_a_target() -> None:
    rows = [*LINES[:5], "", *LINES[5:12], "\t\t\t修建管护站房\t", *LINES[12:]]
    indicators = record(result(rows))["indicators"]
    assert [row["name"] for row in indicators][1:3] == ["维修灌溉渠道，清理淤泥及附属设施", "修建管护站房"]
    assert indicators[2]["target"]["text"] is None
    assert indicators[2]["target"]["kind"] == "unfilled"


def test_a_value_before_a_page_cut_belongs_to_the_name_behind_it() -> None:
    """A row of one line beside one of two, of which the page holds the value alone."""
    extraction = result([*LINES[:12], "\t\t\t\t120人", "", "\t\t\t培训管护人员\t", *LINES[13:]])
    assert record(extraction)["indicators"][:4] == WHOLE["indicators"][:4]


def test_two_whole_values_are_never_run_together() -> None:
    extraction = result([*LINES[:12], "", "\t\t\t\t30人", *LINES[12:]])
    assert record(extraction)["indicators"][1]["target"]["text"] == "≥11.5公里"
    assert "unplaced-text" in findings(extraction)
    assert extraction.status == "partial"


def test_a_thousands_group_behind_a_space_is_not_joined_without_a_witness() -> None:
    extraction = result(lines(_12="\t\t\t培训管护人员\t88 100人"))
    assert record(extraction)["indicators"][2]["target"]["text"] == "88 100人"
    assert "spaced-number" in findings(extraction)


def test_a_split_number_with_a_witness_is_surer() -> None:
    extraction = result(lines(_10=LINES[10].replace("1566.2亩", "15 66.2亩")))
    assert record(extraction) == WHOLE
    assert extraction.audit
    [repair] = [r for r in extraction.audit.projects[0].repairs if r.rule == "split-number"]
    assert repair.confidence == 0.99


def test_a_label_one_letter_off_is_mended_and_flagged() -> None:
    extraction = result(lines(_13=LINES[13].replace("质量指标", "质量指际")))
    assert record(extraction) == WHOLE
    assert "doubtful-repair" in findings(extraction)


def test_a_label_near_two_others_is_left_and_flagged() -> None:
    extraction = result(lines(_13=LINES[13].replace("质量指标", "某量指标")))
    assert record(extraction)["indicators"][3]["level2"] == "某量指标（必填）"
    assert "unknown-class" in findings(extraction)


def test_a_lost_first_level_is_derived_from_the_second() -> None:
    extraction = result(lines(_17=LINES[17].replace("效益指标\t", "\t", 1)))
    assert record(extraction) == WHOLE
    assert "level1-from-level2" in repairs(extraction)


def test_an_unknown_header_is_bound_by_its_content_and_flagged() -> None:
    extraction = result(lines(_9=LINES[9].replace("指标值", "数值口径")))
    assert record(extraction) == WHOLE
    assert "columns-inferred" in findings(extraction)


def test_a_grid_without_its_header_is_bound_by_its_classes_and_flagged() -> None:
    extraction = result([line for at, line in enumerate(LINES) if at != 9])
    assert record(extraction)["indicators"] == WHOLE["indicators"]
    assert "header-missing" in findings(extraction)


def test_columns_in_another_order_are_bound_by_their_header() -> None:
    order = (0, 2, 1, 4, 3)
    table = [line.split("\t") for line in LINES]
    rows = ["\t".join(row[at] for at in order) if number >= 9 else "\t".join(row) for number, row in enumerate(table)]
    assert record(result(rows))["indicators"] == WHOLE["indicators"]


def test_text_between_a_lost_form_and_the_next_is_not_mixed_into_it() -> None:
    lost = [line for line in LINES if not line.startswith("项目名称")]
    extraction = result([*LINES, *lost, *LINES])
    assert len(extraction.projects) == 2
    assert "form-refused" in findings(extraction)
    assert extraction.status == "partial"
    first, second = extraction.projects
    assert first == second


def test_an_unknown_field_is_kept_in_extra() -> None:
    rows = [*LINES[:5], "资金归口处室\t\t农业处\t经办人员\t王某", *LINES[5:]]
    assert record(result(rows))["extra"] == {"资金归口处室": "农业处", "经办人员": "王某"}


def test_a_field_printed_twice_with_two_values_is_an_error_not_a_choice() -> None:
    rows = [*LINES[:5], LINES[3].replace("207101", "207102"), *LINES[5:]]
    extraction = result(rows)
    assert "field-twice" in findings(extraction)
    assert extraction.status == "partial"


@pytest.mark.parametrize("counter", ["— 3 —", " —3— ", "第3页", "第 3 页 共 28 页", "- 3 -"])
def test_a_page_counter_at_a_cell_s_edge_goes(counter: str) -> None:
    assert record(result(lines(_12=f"\t\t\t培训管护人员\t120人{counter}"))) == WHOLE


@pytest.mark.parametrize("value", ["1—3—5次", "2021-2023", "-219-", "3—5人"])
def test_numbers_with_dashes_of_their_own_stay(value: str) -> None:
    extraction = result(lines(_12=f"\t\t\t培训管护人员\t{value}"))
    assert record(extraction)["indicators"][2]["target"]["text"] == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("满意度 指标", "满意度指标"),
        ("326 人", "326人"),
        ("2024 年", "2024年"),
        ("办 公业务", "办公业务"),
        ("经费, 保障", "经费, 保障"),
        ("LED 显示屏", "LED 显示屏"),
        ("New York", "New York"),
        ("受益农⼾满意度", "受益农户满意度"),
        ("管护\u200b资金", "管护资金"),
        ("面积㎡", "面积㎡"),
    ],
)
def test_wording_loses_only_what_the_typesetter_put_in(before: str, after: str) -> None:
    assert mend_words(text(before)).value == after


@pytest.mark.parametrize(
    ("before", "after"), [("≧ 95％", "≥95%"), (">= 98 %", "≥98%"), ("２０２４年", "2024年"), ("≤7 工作日", "≤7工作日")]
)
def test_values_are_written_as_a_person_would_type_them(before: str, after: str) -> None:
    assert mend_value(text(before)).value == after


CHINESE = st.text(
    st.sampled_from("产出指标数量质满意度项目农田，。、（）() 0123456789.%≥≧ⅠA㎡\u3000\u200b⼈"), max_size=30
)


@given(CHINESE)
def test_mending_twice_is_mending_once(value: str) -> None:
    for mend in (mend_words, mend_value):
        once = mend(text(value))
        assert mend(text(once.value)).value == once.value


@given(CHINESE)
def test_no_repair_inside_a_text_adds_a_space_or_loses_a_character(value: str) -> None:
    kept = [char for char in value.translate(str.maketrans("⼈", "人")) if not char.isspace() and char != "\u200b"]
    after = mend_words(text(value)).value
    assert [char for char in after if not char.isspace()] == kept
    assert len(re.findall(r"\s", after)) <= len(re.findall(r"\s", value))


@given(CHINESE)
def test_the_edits_of_a_text_lead_from_before_to_after(value: str) -> None:
    mended = mend_value(text(value))
    state = value
    for edit in mended.edits:
        assert edit.before == state
        state = edit.after
    assert state == mended.value


def test_repairing_the_repaired_flow_again_changes_nothing() -> None:
    for sample in ("pingluo-police-2024", "label-cut", "cell-cut", "noise", "repeated-headings"):
        flow = flow_of(read((SAMPLES / sample / "source.txt").read_bytes(), "x"))
        for step in REPAIRS:
            flow = step(flow)
        once = flow
        for step in REPAIRS:
            flow = step(flow)
        assert [row.cells for row in flow.rows] == [row.cells for row in once.rows]


def test_every_rule_that_a_repair_logs_has_its_place_in_the_order() -> None:
    from normalize.trail import ORDER

    seen = {rule for slug in SLUGS for rule in repairs(extraction_of(slug))}
    assert seen <= set(ORDER)
    assert len(seen) > 12


def test_a_form_whose_name_is_blank_is_refused() -> None:
    extraction = extract("\n".join(lines(_2="项目名称\t\t\t\t")).encode(), name="form.txt")
    assert extraction.error is not None
    assert extraction.error.code == "unclear-table"


def test_a_blank_target_has_the_place_of_its_row() -> None:
    extraction = result(lines(_13=LINES[13].replace("≥98%", "")))
    assert extraction.audit
    places = extraction.audit.projects[0].provenance
    assert places["/indicators/3/target"] == places["/indicators/3/name"]


def test_full_width_digits_of_a_period_are_a_logged_repair() -> None:
    extraction = result(lines(_4=LINES[4].replace("1年", "１年")))
    assert record(extraction) == WHOLE
    assert "period-text" in repairs(extraction)
