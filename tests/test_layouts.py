"""Forms as other counties print them: other titles, labels, columns, units and footers, in every carrier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jixiao.pipeline import Extraction, extract
from tests.carriers import to_aligned, to_csv, to_joined, to_pipes
from tests.forms import Rows, as_tabs

GOAL = "养护农村公路128.6公里，更换标志标牌45块，保障群众安全便捷出行。"
HEADER = ["名称", "一级指标", "二级指标", "三级指标", "指标值"]
HEAD = [
    ["部门项目支出预算绩效目标表"],
    ["(2025年度)"],
    ["项目名称", "", "2025年农村公路养护工程"],
    ["主管部门及代码", "", "云栖县交通运输局 812033", "实施单位", "云栖县公路养护中心"],
    ["项目属性", "", "0101-一年期项目", "项目期", "1年"],
    ["项目资金（万元）", "年度资金总额：", "186.5万元"],
    ["", "其中：财政拨款", "150万元"],
    ["", "其他资金", "36.5万元"],
    ["年度总体目标", GOAL],
]
GRID = [
    ["绩效指标", "产出指标", "数量指标", "养护农村公路里程", "≥128.6公里"],
    ["", "", "", "更换破损标志标牌", "45块"],
    ["", "", "质量指标", "养护工程验收合格率", "≥98%"],
    ["", "", "时效指标", "项目按期完成率", "100%"],
    ["", "", "成本指标", "公路养护经费", "186.5万元"],
    ["", "效益指标", "社会效益指标", "改善农村出行条件，方便沿线群众", "有效改善"],
    ["", "满意度指标", "服务对象满意度指标", "沿线群众满意度", "≥95%"],
]
CARRIERS = (str, to_pipes, to_csv, to_aligned, to_joined)
Carrier = Callable[[str], str]
carriers = pytest.mark.parametrize("carrier", CARRIERS, ids=("tabs", "pipes", "csv", "aligned", "joined"))


def form(*, head: Rows = HEAD, header: list[str] = HEADER, grid: Rows = GRID, foot: Rows | None = None) -> Rows:
    rows = [*head, header, *grid, *(foot or [])]
    return [[*row, *[""] * (max(map(len, rows)) - len(row))] for row in rows]


def put(rows: Rows, **changes: str) -> Rows:
    """Rows with other texts in some cells: `_3_1="…"` is row 3, column 1."""
    rows = [list(row) for row in rows]
    for place, text in changes.items():
        row, col = (int(number) for number in place[1:].split("_"))
        rows[row][col] = text
    return rows


def result(rows: Rows, carrier: Carrier = str) -> Extraction:
    return extract(carrier(as_tabs(rows)).encode(), name="form.txt").raise_for_status()


def record(extraction: Extraction) -> dict[str, Any]:
    [project] = extraction.projects
    return project.model_dump()


def doubts(extraction: Extraction) -> set[str]:
    """The rules of all findings of reading that ask for a look."""
    assert extraction.audit
    inner = [finding for project in extraction.audit.projects for finding in project.findings]
    found = [*inner, *extraction.audit.findings]
    return {finding.rule for finding in found if finding.basis == "reading" and finding.severity != "info"}


WHOLE = record(result(form()))


@carriers
def test_the_plain_form_reads_alike_in_every_carrier(carrier: Carrier) -> None:
    extraction = result(form(), carrier)
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize(
    "title",
    [
        "部门预算项目绩效目标公开表",
        "项目绩效目标情况表",
        "部门项目支出绩效目标表（含政府购买服务）",
        "县级部门项目支出绩效目标表",
    ],
)
def test_other_titles_are_titles(title: str, carrier: Carrier) -> None:
    assert record(result(form(head=put(HEAD, _0_0=title)), carrier)) == WHOLE | {"form": title}


@carriers
def test_a_year_before_the_title_is_the_fiscal_year(carrier: Carrier) -> None:
    head = [["2025年部门预算项目支出绩效目标表"], *HEAD[2:]]
    read = record(result(form(head=head), carrier))
    assert read == WHOLE | {"form": "2025年部门预算项目支出绩效目标表"}


@carriers
@pytest.mark.parametrize(
    "changes",
    [
        {"_3_3": "项目承担单位"},
        {"_4_3": "项目实施周期"},
        {"_8_0": "年度总目标"},
        {"_5_0": "项目资金（单位：万元）"},
        {"_5_0": "资金总量(万元)"},
        {"_3_0": "主管 部门："},
        {"_3_2": "[812033]云栖县交通运输局"},
        {"_3_2": "云栖县交通运输局/812033"},
    ],
)
def test_other_labels_mean_the_same(changes: dict[str, str], carrier: Carrier) -> None:
    extraction = result(form(head=put(HEAD, **changes)), carrier)
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("指标内容", "目标值（A）"),
        ("三级指标", "指标值（包含数字及文字描述）"),
        ("绩效指标", "指标值"),
        ("指标", "绩效指标值"),
    ],
)
def test_other_headers_name_the_same_columns(name: str, target: str, carrier: Carrier) -> None:
    extraction = result(form(header=[*HEADER[:3], name, target]), carrier)
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize("block", ["", "绩效指标", "指标分类"])
def test_the_column_of_the_block_may_have_any_header(block: str, carrier: Carrier) -> None:
    extraction = result(form(header=[block, *HEADER[1:]]), carrier)
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
def test_a_goal_s_numbered_lines_are_one_goal(carrier: Carrier) -> None:
    head = [*HEAD[:8], ["年度总体目标", "目标1：养护公路128.6公里。"], ["", "目标2：更换标志标牌45块。"]]
    extraction = result(form(head=head), carrier)
    [goal] = record(extraction)["goals"]
    assert goal["text"] == "目标1：养护公路128.6公里。目标2：更换标志标牌45块。"
    assert not doubts(extraction)


BARE = put(HEAD, _5_0="项目资金", _5_2="186.5", _6_2="150", _7_2="36.5")


@carriers
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_unit_in_a_line_of_its_own_holds_for_the_form_below(at: int, carrier: Carrier) -> None:
    first = form(head=[*BARE[:at], ["单位：万元"], *BARE[at:]])
    second = form(head=put(HEAD, _2_2="2025年桥梁维修工程"))
    extraction = result([*first, *second, *first], carrier)
    assert [project.funding for project in extraction.projects] == [result(form()).projects[0].funding] * 3
    assert [len(project.indicators) for project in extraction.projects] == [len(GRID)] * 3
    assert not doubts(extraction)


@carriers
def test_a_unit_in_the_total_s_label_holds_for_its_parts(carrier: Carrier) -> None:
    extraction = result(form(head=put(BARE, _5_1="年度资金总额（万元）：")), carrier)
    assert record(extraction)["funding"] == WHOLE["funding"]


def test_amounts_without_any_unit_stay_without_one() -> None:
    funding = record(result(form(head=BARE)))["funding"]
    assert [(row["unit"], row["yuan"]) for row in funding] == [(None, None)] * 3


@carriers
@pytest.mark.parametrize(
    ("foot", "extra"),
    [
        ([["填表人：李梅", "", "联系电话：0953-6012345"]], {"填表人": "李梅", "联系电话": "0953-6012345"}),
        ([["填表人", "李梅", "", "联系电话", "0953-6012345"]], {"填表人": "李梅", "联系电话": "0953-6012345"}),
        ([["填表人：李梅 联系电话：0953-6012345"]], {"填表人": "李梅", "联系电话": "0953-6012345"}),
        ([["备注：本表由实施单位填写。"]], {"备注": "本表由实施单位填写。"}),
        ([["注：1.其他资金为自有资金。"]], {"注": "1.其他资金为自有资金。"}),
        ([["合计"]], {}),
    ],
)
def test_what_stands_below_the_grid_is_no_indicator(foot: Rows, extra: dict[str, str], carrier: Carrier) -> None:
    extraction = result(form(foot=foot), carrier)
    assert record(extraction) == WHOLE | {"extra": extra}
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize("caption", ["附件3-2：", "附表2"])
def test_an_attachment_s_number_between_forms_belongs_to_neither(caption: str, carrier: Carrier) -> None:
    extraction = result([*form(), [caption], *form()], carrier)
    assert [project.model_dump() for project in extraction.projects] == [WHOLE, WHOLE]
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize("mark", ["", "%", "分"])
def test_weights_are_numbers_with_or_without_their_sign(mark: str, carrier: Carrier) -> None:
    weights = ["15", "10", "10", "15", "10", "30", "10"]
    grid = [[*row, weight + mark] for row, weight in zip(GRID, weights, strict=True)]
    indicators = record(result(form(header=[*HEADER, "权重"], grid=grid), carrier))["indicators"]
    assert [str(row["weight"]) for row in indicators] == weights


def test_a_weight_that_is_no_number_is_flagged_not_lost() -> None:
    grid = [[*row, "高" if at == 2 else "10"] for at, row in enumerate(GRID)]
    extraction = result(form(header=[*HEADER, "权重"], grid=grid))
    assert record(extraction)["indicators"][2]["weight"] is None
    assert "unplaced-text" in doubts(extraction)


@carriers
def test_a_name_that_is_also_a_field_s_label_stays_an_indicator(carrier: Carrier) -> None:
    assert record(result(form(grid=put(GRID, _1_3="项目内容")), carrier))["indicators"][1]["name"] == "项目内容"


def test_a_period_above_a_goal_is_no_half_of_its_label() -> None:
    extraction = result(form(head=put(HEAD, _4_3="建设周期", _4_4="2025年-2027年")), to_joined)
    assert record(extraction)["period"]["text"] == "2025年-2027年"
    assert record(extraction)["goals"] == WHOLE["goals"]


def test_a_header_below_a_department_is_no_half_of_its_label() -> None:
    extraction = result(form(head=put(HEAD, _3_0="主管部门")), to_joined)
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
@pytest.mark.parametrize("mark", ["\n", "\f", "第3页\n"])
def test_captions_that_are_printed_on_every_page_are_left_out(mark: str, carrier: Carrier) -> None:
    top = [["附件3："], ["云栖县2025年部门预算公开表"], *HEAD[:2]]
    whole, cut = form(head=[*top, *HEAD[2:]]), len(top) + len(HEAD[2:]) + 4
    text = as_tabs(whole[:cut]) + mark + as_tabs([*whole[:4], *whole[cut:]])
    extraction = extract(carrier(text).encode(), name="form.txt").raise_for_status()
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


@carriers
def test_a_unit_that_is_printed_on_every_page_is_left_out(carrier: Carrier) -> None:
    whole = form(head=[*BARE[:2], ["单位：万元"], *BARE[2:]])
    text = as_tabs(whole[:13]) + "\n" + as_tabs([*whole[:3], *whole[13:]])
    extraction = extract(carrier(text).encode(), name="form.txt").raise_for_status()
    assert record(extraction) == WHOLE
    assert not doubts(extraction)


def test_a_year_cut_in_two_above_a_repeated_title_is_rejoined() -> None:
    first, second = (
        as_tabs(form()),
        as_tabs(form()).replace("(2025年度)", "(2025年\t\n\n部门项目支出预算绩效目标表\n度)"),
    )
    extraction = extract((first + "\n" + second).encode(), name="form.txt").raise_for_status()
    assert [project.model_dump() for project in extraction.projects] == [WHOLE, WHOLE]


def test_a_remark_below_the_grid_goes_on_over_a_page_cut() -> None:
    text = as_tabs(form(foot=[["备注：本表由"]])) + "\n项目实施单位填写。\n"
    extraction = extract(text.encode(), name="form.txt").raise_for_status()
    assert record(extraction) == WHOLE | {"extra": {"备注": "本表由项目实施单位填写。"}}


def test_the_first_half_of_an_unknown_title_is_flagged() -> None:
    text = as_tabs(form(head=put(HEAD, _0_0="县级部\n\n门项目支出绩效目标表")))
    assert "outside-text" in doubts(extract(text.encode(), name="form.txt"))


@carriers
@pytest.mark.parametrize(("head", "tail"), [("县级部门项目支出绩效目标", "表"), ("项目绩", "效目标情况表")])
def test_an_unknown_title_is_rejoined_above_its_form(head: str, tail: str, carrier: Carrier) -> None:
    text = carrier(f"{head}\n\n{tail}\n" + as_tabs(form()[1:]))
    assert record(extract(text.encode(), name="form.txt")) == WHOLE | {"form": head + tail}


@pytest.mark.parametrize(("row", "position"), [(1, 2), (2, 3), (3, 3)])
def test_a_unit_alone_on_the_next_page_goes_to_its_number_where_columns_are_lost(row: int, position: int) -> None:
    value = GRID[row][4]
    grid = [
        *put(GRID, **{f"_{row}_4": value[:position]})[: row + 1],
        ["", "", "", "", value[position:]],
        *GRID[row + 1 :],
    ]
    text = to_joined(as_tabs(form(grid=grid)))
    assert record(extract(text.encode(), name="form.txt")) == WHOLE


def test_a_lone_unit_never_becomes_a_part_of_a_label_above() -> None:
    grid = [*put(GRID, _4_4="186.5")[:5], ["", "", "", "", "万元"], *GRID[5:]]
    read = record(result(form(grid=grid), to_joined))
    assert read["funding"] == WHOLE["funding"]
    assert read["indicators"] == WHOLE["indicators"]


def test_a_year_alone_in_a_column_of_values_does_not_end_the_form() -> None:
    whole = form(head=put(HEAD, _4_3="建设周期", _4_4="2025年-2027年"))
    cut = [*whole[:4], [*whole[4][:4], "2025年-"], ["", "", "", "", "2027年"], *whole[5:]]
    assert record(result(cut))["period"]["text"] == "2025年-2027年"
    assert record(result(cut))["indicators"] == WHOLE["indicators"]


def test_a_doubt_about_a_row_that_is_no_indicator_is_not_lost() -> None:
    grid = [*GRID[:6], ["生态"], *GRID[6:]]
    assert doubts(result(form(grid=grid), to_joined))


def test_a_header_that_lost_its_leading_blank_still_leaves_room_for_the_block() -> None:
    rows = form(header=["", *HEADER[1:]])
    text = "".join("\t".join(row).strip("\t") + "\n" for row in rows)
    assert record(extract(text.encode(), name="form.txt")) == WHOLE


def test_the_end_of_a_name_that_is_also_a_class_is_flagged_where_columns_are_lost() -> None:
    grid = [*put(GRID, _6_3="沿线群众"), ["", "", "", "满意度", ""]]
    assert "columns-inferred" in doubts(result(form(grid=grid), to_joined))


def test_a_label_cut_above_a_repeated_title_takes_no_year_for_its_other_half() -> None:
    head = [*put(HEAD[:6], _5_1="年度"), *HEAD[:2], ["", "资金总额："], *HEAD[6:]]
    assert record(result(form(head=head), to_joined))["funding"] == WHOLE["funding"]


def test_a_class_that_may_end_a_name_without_a_value_is_flagged_where_columns_are_lost() -> None:
    grid = [*put(GRID, _4_3="降低群众出行", _4_4="")[:5], ["", "", "", "成本", "有效降低"], *GRID[5:]]
    assert "columns-inferred" in doubts(result(form(grid=grid), to_joined))


def test_a_value_above_the_page_cut_goes_to_its_name_below() -> None:
    whole = form()
    at = len(HEAD) + 4
    text = as_tabs([*whole[:at], [*whole[at][:3], "", whole[at][4]]]) + "\n"
    text += as_tabs([["", "", "", whole[at][3], ""], *whole[at + 1 :]])
    assert record(extract(text.encode(), name="form.txt")) == WHOLE


@carriers
def test_a_first_level_that_is_printed_again_keeps_the_second_level_open(carrier: Carrier) -> None:
    extraction = result(form(grid=put(GRID, _1_1="产出指标")), carrier)
    assert record(extraction) == WHOLE


@pytest.mark.parametrize(
    ("line", "department", "unit"),
    [
        ("部门：云栖县交通运输局        单位：万元", "云栖县交通运输局", None),
        ("填报单位（盖章）：云栖县公路养护中心", None, "云栖县公路养护中心"),
        ("申报单位(公章)：云栖县公路养护中心   单位：万元", None, "云栖县公路养护中心"),
        ("部门（单位）：云栖县交通运输局", "云栖县交通运输局", None),
    ],
)
def test_a_line_above_the_fields_says_whose_the_form_is(line: str, department: str | None, unit: str | None) -> None:
    head = [*HEAD[:2], [line], HEAD[2], ["项目属性", "", "0101-一年期项目", "项目期", "1年"], *HEAD[5:]]
    found = record(result(form(head=head)))
    assert (found["department"]["name"], found["unit"]) == (department, unit)
    assert "部门" not in found["extra"]


def test_a_label_may_say_where_the_paper_is_stamped() -> None:
    head = put(HEAD, _3_0="主管部门（盖章）", _3_3="实施单位（公章）")
    found = record(result(form(head=head)))
    assert found["department"] == {"name": "云栖县交通运输局", "code": "812033"}
    assert found["unit"] == "云栖县公路养护中心"


@pytest.mark.parametrize("label", ["总投资", "计划总投资", "项目总额"])
def test_the_total_of_a_project_beside_that_of_the_year_is_no_second_total_of_the_year(label: str) -> None:
    head = [*HEAD[:5], ["项目资金（万元）", label, "900万元"], ["", "年度资金总额：", "186.5万元"], *HEAD[6:]]
    totals = [part for part in record(result(form(head=head)))["funding"] if part["kind"] == "total"]
    assert [(part["label"], part["scope"], part["yuan"]) for part in totals] == [
        (label, "midterm", 9000000),
        ("年度资金总额", "annual", 1865000),
    ]
