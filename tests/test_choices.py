"""Readings are chosen among what the recogniser offers, where one alone fits; else they stay as they are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.encode import project_record
from normalize import repair
from normalize.choices.candidates import candidates
from normalize.project import Typed
from normalize.repairs.labels import join_cut_labels
from normalize.repairs.readings import choose_labels
from schemas.audit import Finding
from schemas.text import ScanPlace, Text
from tests.misreadings import Misread, scan, typed
from tests.test_audit import DERIVED, is_read, text_at

FORM = "whole-form"  # 86.5万元 = 80万元 + 6.5万元
EVALUATION = "layout-evaluation-summary"
WHOLE = typed(FORM, {}).project


def rules(found: Typed) -> list[tuple[str, str, str]]:
    return [(each.rule, each.before, each.after) for each in found.audit.repairs if each.rule.startswith("reading-")]


def readings(found: Typed) -> dict[str, Finding]:
    return {each.pointer: each for each in found.audit.findings if each.rule in ("doubtful-reading", "chosen-reading")}


# Arithmetic.


def test_the_one_reading_that_makes_the_total_the_sum_of_its_parts_is_chosen_and_told() -> None:
    found = typed(FORM, {"86.5万元": ("36.5万元", ("86.5万元", "38.5万元"))})
    assert found.project.funding[0].amount == Decimal("86.5")
    assert rules(found) == [("reading-sum", "36.5万元", "86.5万元")]
    told = readings(found)["/funding/0/amount"]
    assert (told.rule, told.severity) == ("chosen-reading", "info")
    assert "“36.5万元”" in told.message
    assert "“38.5万元”" in told.message


def test_two_misread_parts_are_chosen_together() -> None:
    misread = {"86.5万元": ("86.6万元", ("86.5万元",)), "6.5万元": ("6.8万元", ("6.5万元", "5.6万元"))}
    found = typed(FORM, misread)
    assert found.project.funding == WHOLE.funding
    assert {rule for rule, _, _ in rules(found)} == {"reading-sum"}


def test_where_two_combinations_fit_nothing_is_chosen() -> None:
    misread = {"86.5万元": ("86.1万元", ("86.5万元", "86.6万元")), "6.5万元": ("6.9万元", ("6.5万元", "6.6万元"))}
    found = typed(FORM, misread)
    assert (found.project.funding[0].amount, found.project.funding[2].amount) == (Decimal("86.1"), Decimal("6.9"))
    assert {readings(found)[f"/funding/{at}/amount"].rule for at in (0, 2)} == {"doubtful-reading"}
    assert rules(found) == []


def test_where_no_alternative_makes_the_sum_right_nothing_is_chosen() -> None:
    found = typed(FORM, {"86.5万元": ("36.5万元", ("96.5万元",))})
    assert found.project.funding[0].amount == Decimal("36.5")
    assert rules(found) == []


def test_arithmetic_that_holds_with_the_reading_alone_settles_its_doubt() -> None:
    found = typed(FORM, {"86.5万元": ("86.5万元", ("36.5万元",))})
    assert found.project == WHOLE
    assert rules(found) == []
    assert readings(found)["/funding/0/amount"].rule == "chosen-reading"


def test_a_sure_amount_that_contradicts_the_sum_is_never_changed() -> None:
    found = typed(FORM, {"86.5万元": ("36.5万元", ())})
    assert found.project.funding[0].amount == Decimal("36.5")


def test_a_part_that_is_no_number_leaves_the_equation_open() -> None:
    found = typed(FORM, {"86.5万元": ("80.5万元", ("80万元",)), "6.5万元": ("6.s万元", ())})
    assert found.project.funding[0].amount == Decimal("80.5")


def test_weights_that_add_up_choose_a_weight() -> None:
    true = typed("layout-c-typed", {}).project
    weight = true.indicators[0].weight
    assert weight is not None
    found = typed("layout-c-typed", {str(weight): ("71", (str(weight),))}).project
    assert found.indicators[0].weight == weight


def test_the_rate_of_execution_chooses_what_was_spent() -> None:
    found = typed(EVALUATION, {"98%": ("93%", ("98%", "96%"))})
    assert found.project.funding[0].execution is not None
    assert found.project.funding[0].execution.rate == Decimal(98)
    assert ("reading-sum", "93%", "98%") in rules(found)


# Patterns.


@pytest.mark.parametrize(
    ("true", "reading", "others"),
    [
        ("≥11.5公里", "≥11.5公呈", ("≥11.5公里",)),
        ("120人", "12O人", ("120人", "12Q人")),
        ("≥98%", "298%", ("≥98%",)),
        ("2025年11月底前", "2025年l1月底前", ("2025年11月底前",)),
        ("≥3年", "之3年", ("≥3年", "乏3年")),
    ],
)
def test_the_one_reading_that_is_a_value_is_chosen_and_still_to_be_looked_at(
    true: str, reading: str, others: tuple[str, ...]
) -> None:
    found = typed(FORM, {true: (reading, others)})
    assert found.project == WHOLE
    assert rules(found) == [("reading-pattern", reading, true)]
    assert [each.severity for each in readings(found).values()] == ["warning"]


@pytest.mark.parametrize(
    ("true", "reading", "others"),
    [
        ("120人", "120人", ("128人", "12O人")),  # the reading is a value
        ("≥98%", ">98%", ("≥98%",)),  # so is this one
        ("120人", "12Q人", ("128人",)),  # a digit that only might be it
        ("120人", "12、0人", ("120人",)),  # a character left out
        ("120人", "1O0人", ("100人", "120人")),  # two that are values
        ("≥11.5公里", "=11.5公呈", ("≥11.5公里",)),  # differs twice
    ],
)
def test_what_only_might_be_is_not_chosen(true: str, reading: str, others: tuple[str, ...]) -> None:
    found = typed(FORM, {true: (reading, others)})
    assert rules(found) == []
    assert [each.rule for each in readings(found).values()] == ["doubtful-reading"]


def test_words_are_never_chosen_by_their_pattern() -> None:
    found = typed(FORM, {"有效改善": ("有敖改善", ("有效改善",))})
    assert rules(found) == []


# Labels.


def test_a_header_that_was_misread_is_read_by_the_vocabulary() -> None:
    found = typed(FORM, {"指标值": ("指标佰", ("指标值", "指栎佰")), "三级指标": ("三级揩标", ("三级指标",))})
    assert found.project == WHOLE
    assert [each.rule for each in found.audit.findings if each.rule == "chosen-reading"]


def test_a_class_that_was_misread_is_logged_at_its_value() -> None:
    found = typed(FORM, {"时效指标（必填）": ("时放指标（必填）", ("时效指标（必填）",))})
    assert found.project == WHOLE
    assert rules(found)[0][1:] == ("时放指标（必填）", "时效指标（必填）")


def test_two_labels_that_fit_are_no_choice() -> None:
    flow = repair(scan(FORM, {"年度总体目标": ("年度总伓目标", ("年度总体目标", "年度绩效目标"))}))
    assert "年度总伓目标" in [text.value for row in flow.rows for text in row.cells]


def recognised(text: str, *others: str) -> Text:
    return Text(text, (ScanPlace(1, (0, 0, 1, 1), text, 0.6, bool(others), others),))


def test_a_choice_before_a_join_is_kept_and_replays() -> None:
    head = recognised("数里指标", "数量指标").edit("数量指标", "reading-label", "…", 0.97)
    tail = recognised("（必坟）", "（必填）").edit("（必填）", "reading-label", "…", 0.97)
    whole = head.join(tail, "cut-label", "…", 0.98)
    assert whole.raw == "数里指标\n（必坟）"
    assert [(edit.rule, edit.before, edit.after) for edit in whole.edits] == [
        ("reading-label", "数里指标\n（必坟）", "数量指标\n（必坟）"),
        ("reading-label", "数量指标\n（必坟）", "数量指标\n（必填）"),
        ("cut-label", "数量指标\n（必填）", "数量指标（必填）"),
    ]


def test_the_first_half_of_a_cut_label_is_not_completed_by_an_alternative() -> None:
    flow = repair(scan(FORM, {"产出指标": ("产出指", ("产出指标",))}))
    chosen = [edit.rule for row in flow.rows for text in row.cells for edit in text.edits]
    assert "reading-label" not in chosen
    assert choose_labels(flow) == flow
    assert join_cut_labels(flow) == flow


def test_a_header_with_a_character_missing_is_the_one_that_the_row_lacks() -> None:
    found = typed(FORM, {"二级指标": ("级指标", ("l级指标",)), "三级指标": ("级指标", ("三级指标",))})
    assert found.project == WHOLE
    told = [each for each in found.audit.findings if each.rule == "chosen-reading"]
    assert sorted(each.severity for each in told) == ["info", "warning"]


def test_two_headers_that_might_be_either_are_not_mended() -> None:
    misread = {"二级指标": ("级指标", ("l级指标",)), "三级指标": ("级指标", ("l级指标",))}
    flow = repair(scan(FORM, misread))
    assert [text.value for row in flow.rows for text in row.cells].count("级指标") == 2


def test_the_label_of_the_name_is_read_although_a_character_is_wrong() -> None:
    found = typed(FORM, {"项目名称": ("项日名称", ("顶日名称",))})
    assert found.project == WHOLE


def test_what_people_wrote_in_a_grid_is_never_mended_to_a_label() -> None:
    name = "培训管护人员"
    found = typed(FORM, {name: ("完工时间", (name,))})
    assert "完工时间" in [each.name for each in found.project.indicators]


def test_a_reading_without_doubt_is_not_mended_to_a_label() -> None:
    flow = repair(scan(FORM, {"项目名称": ("项日名称", ())}))
    assert "项日名称" in [text.value for row in flow.rows for text in row.cells]


# All of them.


def test_alternatives_go_the_way_of_the_text_or_are_not_offered() -> None:
    text = recognised("＞ 95 %", "≧ 95 %")
    assert candidates(text) == ()
    assert candidates(text.edit(">95%", "glyph", "…", 1.0)) == ("≥95%",)
    assert candidates(text.edit("95%", "something-else", "…", 1.0)) == ()


LOOKALIKES = {
    "0": "O8",
    "1": "l7",
    "2": "Z7",
    "5": "S6",
    "8": "B3",
    "≥": ">2",
    "万": "方",
    "元": "兀",
    "人": "入",
    "标": "杯",
}
CELLS = [cell.text.value for page in scan(FORM, {}).pages for table in page.tables for cell in table.cells]


@st.composite
def misreadings(draw: st.DrawFn) -> Misread:
    """Some cells put in doubt, each read rightly or wrongly, its true text among what is offered where it is wrong."""
    found = {}
    for cell in draw(st.lists(st.sampled_from(CELLS), max_size=8, unique=True)):
        at = [index for index, char in enumerate(cell) if char in LOOKALIKES]
        if not at:
            continue
        others = [
            cell[:index] + draw(st.sampled_from(LOOKALIKES[cell[index]])) + cell[index + 1 :]
            for index in draw(st.lists(st.sampled_from(at), min_size=1, max_size=3, unique=True))
        ]
        if draw(st.booleans()):
            found[cell] = (others[0], tuple(draw(st.permutations([cell, *others[1:]]))))
        else:
            found[cell] = (cell, tuple(others))
    return found


@settings(max_examples=80, deadline=None)
@given(misread=misreadings())
def test_a_right_reading_is_never_made_wrong_and_every_choice_replays(misread: Misread) -> None:
    found = typed(FORM, misread)
    record = project_record(found.project)
    for pointer, places in found.audit.provenance.items():
        steps = [step for step in found.audit.repairs if step.pointer == pointer]
        state = "\n".join(place.text for place in places)
        for step in steps:
            assert step.rule in DERIVED or state == step.before
            state = step.after
        value = text_at(record, pointer) if is_read(pointer) else None
        assert value is None or value == state
        for step in reversed(steps):
            assert state == step.after
            state = step.before
    readings_then = {reading for reading, _ in misread.values()}
    for step in found.audit.repairs:
        if step.rule.startswith("reading-"):
            assert "".join(step.after.split()) in CELLS
            assert step.before in readings_then
