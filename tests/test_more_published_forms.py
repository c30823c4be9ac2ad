"""More layouts that places publish: totals side by side, options with boxes, two levels, costs by their parts."""

from __future__ import annotations

from typing import Any

import pytest

from jixiao.pipeline import extract
from normalize.values.options import ticked
from tests import test_published_forms as others
from tests.family_carriers import as_html, as_pdf
from tests.test_published_forms import doubts, findings, indicators, read, record

SHANGHAI = """
财政项目支出绩效目标申报表 | < | < | < | < | < | < | <
（2026年度） | < | < | < | < | < | < | <
项目名称 | < | 河道疏浚 | < | 项目性质 | 阶段性项目 | 项目类别 | 特定目标类
主管部门 | < | 某区水务局 | < | 实施单位 | 某区河道所 | < | <
计划开始日期 | < | 2024-01-01 | < | 计划完成日期 | 2026-12-31 | < | <
项目资金（元） | < | 项目资金总额 | < | 9,300,000.00 | 年度资金申请总额 | < | 3,100,000.00
^ | < | 其中：财政资金 | < | 9,000,000.00 | 其中：当年财政拨款 | < | 3,000,000.00
^ | < | ^ | < | ^ | 上年结转资金 | < | 60,000.00
^ | < | 其他资金 | < | 300,000.00 | 其他资金 | < | 40,000.00
项目绩效目标 | 项目总体目标(2024 年-2026 年) | < | < | < | 年度总体目标 | < | <
^ | 三年疏浚河道90公里。 | < | < | < | 疏浚河道30公里。 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | < | < | 年度(/项目)指标值 | <
^ | 产出指标 | 数量指标 | 疏浚长度 | < | < | =30.00(公里) | <
^ | 效益指标 | 生态效益指标 | 河道水质 | < | < | 提升 | <
^ | 满意度指标 | 服务对象满意度指标 | 居民满意度 | < | < | ≥90.00(%) | <
"""
AMOUNTS = [
    ("项目资金总额", "total", "midterm", 9300000),
    ("财政资金", "fiscal", "midterm", 9000000),
    ("其他资金", "other", "midterm", 300000),
    ("年度资金申请总额", "total", "annual", 3100000),
    ("当年财政拨款", "fiscal", "annual", 3000000),
    ("上年结转资金", "part", "annual", 60000),
    ("其他资金", "other", "annual", 40000),
]


def amounts(project: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(row[part] for part in ("label", "kind", "scope", "amount")) for row in project["funding"]]


def test_totals_side_by_side_are_of_the_project_and_of_the_year() -> None:
    extraction = read(SHANGHAI)
    project = record(extraction)
    assert amounts(project) == AMOUNTS
    assert [(goal["scope"], goal["text"]) for goal in project["goals"]] == [
        ("midterm", "三年疏浚河道90公里。"),
        ("annual", "疏浚河道30公里。"),
    ]
    assert indicators(project, "name", "target") == [
        ("疏浚长度", "=30.00(公里)"),
        ("河道水质", "提升"),
        ("居民满意度", "≥90.00(%)"),
    ]
    assert doubts(extraction) == []


def copied(table: str) -> str:
    """The table as a browser copies it: nothing stands for what a merged cell covers."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return "\n".join("\t".join(cell for cell in line if cell not in ("<", "^")) for line in lines)


def test_totals_side_by_side_are_told_apart_where_the_columns_are_lost() -> None:
    extraction = extract(copied(SHANGHAI).encode())
    assert amounts(record(extraction)) == AMOUNTS
    assert "scope-inferred" not in doubts(extraction)


def test_an_amount_alone_under_totals_side_by_side_is_the_years_and_told_where_the_columns_are_lost() -> None:
    alone = SHANGHAI.replace("上年结转资金", "区级配套资金")
    extraction = extract(copied(alone).encode())
    assert ("区级配套资金", "part", "annual", 60000) in amounts(record(extraction))
    (told,) = (each for each in findings(extraction) if each.rule == "scope-inferred")
    assert "区级配套资金" in told.message


@pytest.mark.parametrize(
    ("printed", "chosen"),
    [
        ("新增项目□ 延续项目√", ("延续项目",)),
        ("1、持续性项目□ 2、新增性项目☑", ("新增性项目",)),
        ("□一次性 ☑经常性", ("经常性",)),
        ("一次性（ ） 经常性（√）", ("经常性",)),
        ("新增项目□√、延续项目□", ("新增项目",)),
        ("新增项目□ 延续项目□", ()),
        ("新增项目☑ 延续项目☑", ("新增项目", "延续项目")),
        ("延续项目", None),
        ("新增项目 延续项目□", None),  # the first one's mark is lost
        ("新增项目□ 延续项目", None),
        ("√", None),
    ],
)
def test_options_with_boxes(printed: str, chosen: tuple[str, ...] | None) -> None:
    assert ticked(printed) == chosen


BOXES = """
项目支出绩效目标表 | < | < | <
项目名称 | 图书购置 | 项目属性 | {}
主管部门 | 某县文旅局 | 实施单位 | 某县图书馆
项目资金（万元） | 年度资金总额 | 12 | <
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 购置图书 | 300册
"""


def test_the_ticked_option_is_the_attribute() -> None:
    extraction = read(BOXES.format("新增项目□ 延续项目☑"))
    assert record(extraction)["attribute"]["name"] == "延续项目"
    assert extraction.audit is not None
    repairs = extraction.audit.projects[0].repairs
    assert [(each.before, each.after) for each in repairs if each.rule == "ticked-option"] == [
        ("新增项目□ 延续项目☑", "延续项目")
    ]


@pytest.mark.parametrize("printed", ["新增项目□ 延续项目□", "新增项目☑ 延续项目☑"])
def test_options_of_which_not_one_is_ticked_stay_as_printed(printed: str) -> None:
    extraction = read(BOXES.format(printed))
    assert record(extraction)["attribute"]["name"] == printed
    assert doubts(extraction) == ["option-unclear"]


COSTS = """
某市2025年市直部门预算项目支出绩效目标表 | < | < | < | < | <
项目名称 | 档案楼运行 | < | < | < | <
项目预算 | 成本构成 | 金额 | 测算（公式）依据 | 2023年实际执行数 | 2024年实际执行数
^ | 保安服务费 | 19 | 依据招标文件 | 18 | 19
^ | 水电费 | 52 | 据实结算 | 37.3 | 50.5
^ | 合计 | 71 | | 55.3 | 69.5
绩效目标 | 保障档案楼运行 | < | < | < | <
绩效指标 | 一级指标 | 二级指标 | 绩效标准 | < | 当年预期实现值
^ | 数量指标 | 安检次数 | 巡检记录 | < | 200次
^ | ^ | 维修次数 | 维修记录 | < | ≥28次
^ | 质量指标 | 维修合格率 | 验收记录 | < | ≥92%
"""


def test_costs_by_their_parts_and_indicators_of_two_levels() -> None:
    extraction = read(COSTS)
    project = record(extraction)
    assert amounts(project) == [("合计", "total", "annual", 71)]
    assert (
        project["extra"].items()
        >= {
            "金额（保安服务费）": "19",
            "测算（公式）依据（水电费）": "据实结算",
            "2024年实际执行数（合计）": "69.5",
        }.items()
    )
    assert indicators(project, "level1", "level2", "name", "target") == [
        (None, "数量指标", "安检次数", "200次"),
        (None, "数量指标", "维修次数", "≥28次"),
        (None, "质量指标", "维修合格率", "≥92%"),
    ]
    assert doubts(extraction) == ["columns-inferred", "money-unit", "class-missing"]


def test_two_levels_whose_second_holds_classes_too_are_not_taken_for_names() -> None:
    extraction = read(COSTS.replace("安检次数", "质量指标"))
    assert extraction.error is not None
    assert extraction.error.code == "unclear-table"


LIST = """
2025年项目支出绩效目标表公开 | < | < | < | < | < | < | <
部门:505_某州教育局金额单位:万元 | < | < | < | < | < | < | <
单位代码 | 单位（专项）名称 | 资金总额 | 绩效指标 | < | < | < | <
^ | ^ | ^ | 一级指标 | 二级指标 | 三级指标 | 指标值 | 指标值类型
505006 | 学生伙食费 | 30.00 | 成本指标 | 社会成本指标 | | | 定性
^ | ^ | ^ | 产出指标 | 数量指标 | 补助学生 | ≥168人 | 定量
"""


def test_a_row_that_was_never_filled_in_is_no_loss() -> None:
    extraction = read(LIST)
    project = record(extraction)
    assert (project["fiscal_year"], project["department"]) == (2025, {"name": "某州教育局", "code": "505"})
    assert amounts(project) == [("资金总额", "total", "annual", 30)]
    assert project["funding"][0]["unit"] == "万元"
    assert indicators(project, "name", "target") == [("补助学生", "≥168人")]
    assert doubts(extraction) == []


def test_a_goal_of_a_rolling_plan_is_mid_term() -> None:
    goals = "总体目标 | 中期滚动目标(2025年--2027年) | 年度目标 | <\n^ | 三年购书900册 | 购书300册 | <\n"
    table = BOXES.format("延续项目").replace("一级指标 |", f"{goals}一级指标 |")
    assert [(goal["scope"], goal["text"]) for goal in record(read(table))["goals"]] == [
        ("midterm", "三年购书900册"),
        ("annual", "购书300册"),
    ]


REPORT = """
项目经费情况说明 | < | < | <
一、项目概述 | < | < | <
本项目用于图书馆日常运行，保障读者借阅，满足群众文化需求。 | < | < | <
二、立项依据 | < | < | <
某县公共图书馆服务规范。 | < | < | <
"""


def lines_of(table: str) -> str:
    """The table as text with tabs, a line of one text without any."""
    return "\n".join("\t".join(c.strip() for c in line.split("|") if c.strip() != "<") for line in table.split("\n"))


def test_a_report_between_two_forms_is_of_neither() -> None:
    first, second = BOXES.format("延续项目"), BOXES.format("新增项目").replace("图书购置", "书架购置")
    alone = [extract(lines_of(form).encode()).projects[0].model_dump() for form in (first, second)]
    extraction = extract(lines_of(first + REPORT + second).encode())
    assert [project.model_dump() for project in extraction.projects] == alone
    told = [each.message for each in findings(extraction) if each.rule == "outside-text"]
    assert told == ["从“项目经费情况说明”到“某县公共图书馆服务规范。”的5行在表外，未写入结果"]


def test_numbered_parts_of_a_form_go_on_below_its_grid() -> None:
    extraction = extract(lines_of(BOXES.format("延续项目") + "三、其他需要说明的问题\t无\n填表人\t李某").encode())
    assert record(extraction)["extra"].items() >= {"填表人": "李某"}.items()


def test_how_many_characters_go_there_is_no_part_of_a_label() -> None:
    table = BOXES.format("延续项目").replace(
        "一级指标 |", "项目概况(450字内) | 购置图书 | < | <\n年度目标（200字以内） | 购书300册 | < | <\n一级指标 |"
    )
    project = record(read(table))
    assert [(goal["scope"], goal["text"]) for goal in project["goals"]] == [("annual", "购书300册")]
    assert project["extra"] == {"项目概况(450字内)": "购置图书"}


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("某县2025年财政衔接资金（第二批）", "warning"),
        ("（包括总目标、年度目标，具体见表格）", "info"),
        ("以上目标经党组会议审定。", "info"),
    ],
)
def test_a_line_before_a_page_cut_may_be_half_of_the_title_below(line: str, severity: str) -> None:
    form = lines_of(BOXES.format("延续项目")).replace("项目支出绩效目标表", "衔接资金绩效目标表")
    (told,) = (each for each in findings(extract(f"{line}\f{form}".encode())) if each.rule == "outside-text")
    assert (told.severity, line[:6] in told.message) == (severity, True)


SCHOOL = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
项目名称 | 某校公用经费 | < | < | < | < | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 参考分值 | 指标值(A) | 全年实际值(B) | 得分 | 未完成原因分析及改进措施
^ | 项目决策(10分) | 目标完整性 | < | 4 | 目标明确、内容细化 | 目标明确 | 4 |
^ | ^ | 立项相关性 | < | 2 | 按照标准管理 | 完成 | 2 |
^ | 项目产出(30分) | 数量指标(10分) | 保障人数 | 10 | 237人 | 236人 | 9 |
"""


def test_a_name_merged_over_the_second_level_keeps_its_values() -> None:
    assert indicators(record(read(SCHOOL)), "level2", "name", "weight", "target", "actual", "score") == [
        (None, "目标完整性", 4, "目标明确、内容细化", "目标明确", 4),
        (None, "立项相关性", 2, "按照标准管理", "完成", 2),
        ("数量指标", "保障人数", 10, "237人", "236人", 9),
    ]


TABLES = {
    name: form
    for module in (others.__dict__, globals())
    for name, form in module.items()
    if name.isupper() and isinstance(form, str) and "{" not in form and "|" in form
}


@pytest.mark.parametrize("width", [900.0, 500.0, 330.0])
@pytest.mark.parametrize("name", TABLES)
def test_a_ruled_pdf_of_every_layout_is_read_as_the_table_itself(name: str, width: float) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in TABLES[name].strip().splitlines()]
    itself, pdf = extract(as_html(rows)), extract(as_pdf(rows, width))
    assert [project.model_dump() for project in pdf.projects] == [each.model_dump() for each in itself.projects]


TYPED = """项目支出绩效目标表
项目名称\t设备购置
年度资金总额\t100万元
一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位
产出指标\t数量指标\t购置设备\t等于\t5\t台
\t成本指标\t购置成本\t小于\t90\t万元
\f\t\t\t等于
\t时效指标\t完成时间\t小于等于\t6\t月
"""


def test_an_operator_in_words_that_a_page_cuts_is_whole() -> None:
    extraction = extract(TYPED.encode())
    assert indicators(record(extraction), "name", "target") == [
        ("购置设备", "=5台"),
        ("购置成本", "≤90万元"),
        ("完成时间", "≤6月"),
    ]


def test_a_class_that_nobody_knows_is_in_one_line() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in BOXES.format("延续项目").strip().splitlines()]
    rows[-1][:2] = ["项目管理(25分)", "制度建设与执行监督管理"]
    (row,) = record(extract(as_pdf(rows, 200.0)))["indicators"]
    assert (row["level1"], row["level2"]) == ("项目管理(25分)", "制度建设与执行监督管理")


def test_a_month_that_a_page_parts_from_its_number_is_one_time_and_doubtful() -> None:
    form = "项目支出绩效目标表\n项目名称\t培训\n年度资金总额\t9万元\n一级指标\t二级指标\t三级指标\t指标值\n"
    extraction = extract((form + "产出指标\t时效指标\t采购计划\t11\n\f\t\t完成时间\t月底之前\n").encode())
    assert indicators(record(extraction), "name", "target") == [("采购计划完成时间", "11月底之前")]
    assert "doubtful-repair" in doubts(extraction)


def test_a_second_column_headed_like_the_first_holds_the_second_level() -> None:
    table = BOXES.format("延续项目").replace("一级指标 | 二级指标", "一级指标 | 一级指标")
    extraction = read(f"{table.strip()}\n效益指标 | 社会效益指标 | 读者 | 9人")
    assert indicators(record(extraction), "level1", "level2", "name") == [
        ("产出指标", "数量指标", "购置图书"),
        ("效益指标", "社会效益指标", "读者"),
    ]
    assert doubts(extraction) == ["columns-inferred"]


def test_what_is_no_operator_in_their_column_is_told() -> None:
    more = "\t数量指标\t维修设备\t大于等于\t3\t台\n\t质量指标\t完好率\t等于\t98\t%\n"
    odd = TYPED.replace("小于等于\t6", "一\t6").replace("等于\t5", "-\t5") + more
    extraction = extract(odd.encode())
    assert indicators(record(extraction), "name", "target")[:3:2] == [("购置设备", "5台"), ("完成时间", "6月")]
    told = [each.message for each in findings(extraction) if each.rule == "operator-unclear"]
    assert told == ["比较符号栏的“一”不是比较符号，指标值“6”未带符号"]
