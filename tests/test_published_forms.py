"""Layouts that provinces publish: the form of each is as printed there, places, people and projects are invented."""

from __future__ import annotations

from typing import Any

import pytest

from jixiao.pipeline import Extraction, extract
from schemas.audit import Finding
from tests.family_carriers import as_html


def read(table: str) -> Extraction:
    """A page with a table: "|" between cells, "<" goes on with the cell at the left, "^" with the one above."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return extract(as_html(rows))


def record(extraction: Extraction) -> dict[str, Any]:
    (project,) = extraction.projects
    return project.model_dump()


def doubts(extraction: Extraction) -> list[str]:
    return [finding.rule for finding in findings(extraction) if finding.severity != "info"]


def findings(extraction: Extraction) -> list[Finding]:
    assert extraction.audit is not None
    own = [finding for project in extraction.audit.projects for finding in project.findings]
    return [*own, *extraction.audit.findings]


def indicators(project: dict[str, Any], *parts: str) -> list[tuple[Any, ...]]:
    def part(row: dict[str, Any], name: str) -> Any:
        found = row[name]
        return found["text"] if isinstance(found, dict) else found

    return [tuple(part(row, name) for name in parts) for row in project["indicators"]]


YUNNAN = """
项目支出绩效自评表 | < | < | < | < | < | < | < | < | <
项目名称 | 湿地巡护经费 | < | < | < | < | < | < | < | <
主管部门 | 某州林业局 | < | < | 实施单位 | 某县湿地站 | < | < | < | <
绩效指标 | < | < | 年度指标值 | < | < | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | ^ | ^ | ^ | ^
产出指标 | 数量指标 | 巡护次数 | ≧ | 120 | 次 | 118 | 20 | 19 | 汛期停巡
^ | 质量指标 | 记录完整率 | ═ | 98 | % | 98 | 30 | 30 |
满意度指标 | 服务对象满意度指标等 | 村民满意度 | ≧ | 90 | % | 93 | 10 | 10 |
其他需要说明事项 | < | < | 无 | < | < | < | < | < | <
总分 | < | < | < | < | < | < | 60 | 59 | 优
"""


def test_columns_that_reach_down_beside_a_grouped_header_are_read() -> None:
    extraction = read(YUNNAN)
    project = record(extraction)
    assert indicators(project, "level2", "name", "target", "actual", "weight", "score", "reason") == [
        ("数量指标", "巡护次数", "≥120次", "118次", 20, 19, "汛期停巡"),
        ("质量指标", "记录完整率", "=98%", "98%", 30, 30, None),
        ("服务对象满意度指标", "村民满意度", "≥90%", "93%", 10, 10, None),
    ]
    assert project["extra"].items() >= {"其他需要说明事项": "无", "总分（分值）": "60", "总分（得分）": "59"}.items()


SICHUAN = """
部门预算项目支出绩效自评表(2024年度) | < | < | < | < | < | < | < | <
项目名称 | 51012024R000000123456-2024年渠系管护 | < | < | < | < | < | < | <
主管部门 | 某区水务局 | < | < | < | 实施单位 (盖章) | 某区灌区站 | < | <
项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | < | < | 年度目标完成情况 | < | < | <
^ | ^ | 管护渠道40公里 | < | < | 已管护40公里 | < | < | <
^ | 2.项目实施内容及过程概述 | 春灌前清淤 | < | < | < | < | < | <
预算执行情况(10分) | 年度预算数(万元) | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因
^ | 总额 | 50.00 | 42.50 | 42.50 | 100.00% | 10 | 10 | 年中调减
^ | 其中:财政资金 | 50.00 | 42.50 | 42.50 | 100.00% | / | / | ^
^ | 单位资金 | 0.00 | 0.00 | 0.00 | 0.00% | / | / | ^
绩效指标(90分) | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 得分
^ | 产出指标 | 数量指标 | 管护渠道 | ≥ | 40 | 公里 | 40 | 90
评价结论 | 完成较好 | < | < | < | < | < | < | <
存在问题 | 无 | < | < | < | < | < | < | <
项目负责人:李某 | < | < | < | 财务负责人: | < | < | < | <
"""


def test_an_evaluation_with_a_column_of_reasons_beside_its_funding() -> None:
    extraction = read(SICHUAN)
    project = record(extraction)
    assert (project["code"], project["name"]) == ("51012024R000000123456", "2024年渠系管护")
    assert [(row["kind"], row["amount"], row["execution"]["initial"]) for row in project["funding"]] == [
        ("total", 42.5, 50),
        ("fiscal", 42.5, 50),
        ("part", 0, 0),
    ]
    assert [goal["text"] for goal in project["goals"]] == ["管护渠道40公里"]
    assert project["extra"] == {
        "年度目标完成情况": "已管护40公里",
        "2.项目实施内容及过程概述": "春灌前清淤",
        "原因（总额）": "年中调减",
        "评价结论": "完成较好",
        "存在问题": "无",
        "项目负责人": "李某",
    }
    assert not doubts(extraction)


WHOLE = """
某区价格中心2025年度整体绩效目标表 | < | < | < | < | <
*部门(单位)名称 | 某区价格中心 | < | < | < | <
*年度总体绩效目标 | 做好价格认定 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标值类型 | *指标值 | 计量单位
产出指标 | 数量指标 | 认定件数 | 定量 | 80 | 件
效益指标 | 社会效益指标 | 服务办案 | 定性 | 应办尽办 |
"""


def test_asterisks_before_labels_that_must_be_filled_in_do_not_count() -> None:
    project = record(read(WHOLE))
    assert (project["name"], [goal["text"] for goal in project["goals"]]) == ("某区价格中心", ["做好价格认定"])
    assert indicators(project, "name", "target") == [("认定件数", "80件"), ("服务办案", "应办尽办")]


PLAIN = """
项目支出绩效目标表 | < | < | <
项目名称 | 校舍维修 | < | <
{fields}
一级指标 | 二级指标 | 三级指标 | 指标值
{grid}
"""
GRID = "产出指标 | 数量指标 | 维修面积 | 300平方米"


def plain(fields: str = "年度资金总额（万元） | 20 | < | <", grid: str = GRID) -> Extraction:
    return read(PLAIN.format(fields=fields, grid=grid))


def test_lines_to_be_filled_in_are_no_indicators_and_no_doubt() -> None:
    grid = f"""{GRID}
    ^ | ^ | 指标2： |
    ^ | ^ | …… |
    …… | | |
    满意度指标 | 服务对象满意度指标 | 指标1： |
    ^ | ^ | 指标2：家长满意度 | ≥90%"""
    extraction = plain(grid=grid)
    assert indicators(record(extraction), "name") == [("维修面积",), ("指标2：家长满意度",)]
    assert not doubts(extraction)


def test_places_for_signatures_that_are_blank_are_no_doubt() -> None:
    extraction = plain("项目责任人(签字)： | < | 单位(盖章)： | <\n年度资金总额（万元） | 20 | < | <")
    assert (record(extraction)["extra"], doubts(extraction)) == ({}, [])


def test_a_fund_may_be_the_value_of_a_field() -> None:
    project = record(plain("资金性质 | 一般公共预算 | < | <\n年度资金总额（万元） | 20 | < | <"))
    assert (project["extra"], [row["label"] for row in project["funding"]]) == (
        {"资金性质": "一般公共预算"},
        ["年度资金总额"],
    )


def test_amounts_of_the_year_beside_those_of_the_whole_project() -> None:
    fields = """项目资金（万元） | 资金总额 300 | 当年资金总额 | 100
    ^ | | 其中：当年财政拨款 | 100
    ^ | | 当年其他资金 | """.replace("资金总额 300", "资金总额：300")
    rows = record(plain(fields))["funding"]
    assert [(row["label"], row["scope"], row["amount"]) for row in rows] == [
        ("资金总额", "midterm", 300),
        ("当年资金总额", "annual", 100),
        ("当年财政拨款", "annual", 100),
        ("当年其他资金", "annual", None),
    ]


def test_a_name_that_lies_over_the_classes_column_is_a_name() -> None:
    grid = f"项目决策(10分) | 立项相关性 | < | 符合规划\n{GRID.replace('产出指标', '项目产出(90分)')}"
    assert indicators(record(plain(grid=grid)), "level1", "level2", "name", "target") == [
        ("项目决策", None, "立项相关性", "符合规划"),
        ("产出指标", "数量指标", "维修面积", "300平方米"),
    ]


COSTS = """
项目支出绩效目标表 | < | < | < | <
项目名称 | 展馆开放 | < | < | <
一级指标 | 二级指标 | 三级指标 | < | 指标值
产出指标 | 数量指标 | 开放天数 | < | ≥300天
^ | 成本指标 | 经济成本指标 | 运行成本 | ≤20万元
^ | ^ | 社会成本指标 | 对周边的影响 | 无
^ | 质量指标 | 完好率 | 展柜 | ≥95%
"""


def test_a_class_that_stands_before_its_name_under_one_header() -> None:
    extraction = read(COSTS)
    assert indicators(record(extraction), "level2", "name", "target")[:3] == [
        ("数量指标", "开放天数", "≥300天"),
        ("经济成本指标", "运行成本", "≤20万元"),
        ("社会成本指标", "对周边的影响", "无"),
    ]
    lost = [finding.message for finding in findings(extraction) if finding.rule == "unplaced-text"]
    assert [text for text in lost if "展柜" in text]  # two texts under one header: the second is told, not dropped


def test_the_money_and_the_goal_of_a_form_are_no_measure_of_one_place() -> None:
    table = """
    水利专项资金绩效目标表 | < | < | < | <
    项目名称 | 水利专项资金 | < | 主管部门(单位)名称 | 某县水利局
    资金总额（万元） | 35 | < | < | <
    总体目标 | 修复护岸2处 | < | < | <
    一级指标 | 二级指标 | 三级指标 | 青山街道办 | 白水镇
    产出指标 | 数量指标 | 修复护岸（处） | 1 | 1
    ^ | 成本指标 | 补助资金（万元） | 20 | 15
    """
    extraction = read(table)
    projects = [each.model_dump() for each in extraction.projects]
    assert [(each["unit"], indicators(each, "target")) for each in projects] == [
        ("青山街道办", [("1处",), ("20万元",)]),
        ("白水镇", [("1处",), ("15万元",)]),
    ]
    assert {each["department"]["name"] for each in projects} == {"某县水利局"}
    assert not doubts(extraction)


def test_the_money_of_a_whole_department_is_no_table_of_another_kind() -> None:
    table = """
    2025年县级部门整体支出绩效目标申报表 | < | < | <
    预算部门:某县文旅局 | < | < | <
    总额 | 基本支出 | 项目支出 | <
    年度总体目标 | 办好惠民演出 | < | <
    一级指标 | 二级指标 | 三级指标 | 指标值
    产出指标 | 数量指标 | 惠民演出 | ≥50场
    """
    assert indicators(record(read(table)), "name", "target") == [("惠民演出", "≥50场")]


@pytest.mark.parametrize("title", ["部门整体绩效目标", "部门整体绩效目标表"])
def test_a_whole_department_may_be_named_behind_its_code(title: str) -> None:
    table = f"""
    {title} | < | < | <
    基本信息 | < | < | <
    部门编码: | 316 | 部门名称: | 某县林业局
    *年度绩效总目标 | 管好森林 | < | <
    一级指标 | 二级指标 | 三级指标 | 目标值
    产出指标 | 数量指标 | 造林 | 300亩
    """
    assert record(read(table))["name"] == "某县林业局"


def test_an_amount_in_words_is_told() -> None:
    extraction = plain("年度资金总额（万元） | 20 | < | <\n其中:财政拨款 | 待省厅下达 | < | <")
    assert doubts(extraction) == ["unplaced-text"]


def pasted(table: str, *, blanks: bool = True, sep: str = "\t") -> Extraction:
    """A table as a browser copies it: nothing stands for what is merged; without `blanks` none is kept either."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    kept = [[cell for cell in row if cell not in ("<", "^") and (blanks or cell)] for row in rows]
    return extract("".join(sep.join(row) + "\n" for row in kept).encode())


EVALUATION = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
项目名称 | 禁毒宣传 | < | < | < | < | < | < | <
主管部门 | 某市公安局 | < | < | < | 实施单位 | 禁毒支队 | < | <
项目资金（万元） | | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | < | 120 | 100 | 90 | 10 | 90% | 9
^ | 其中：当年财政拨款 | < | 120 | 100 | 90 | - | | -
^ | 其他资金 | < | | | | - | | -
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 开展宣传 | < | < | < | 已经开展 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标(50分) | 数量指标 | 演出场次 | ≥10场 | 12场 | 20 | 20 |
^ | ^ | ^ | 印发手册 | ≥2000册 | 1900册 | 20 | 19 | 印刷延误
^ | ^ | 质量指标 | 制度执行 | 严格执行 | 严格执行 | 10 | 10 |
^ | 效益指标(30分) | 社会效益指标 | 禁毒意识 | 提升 | 提升 | 30 | 30 |
^ | 满意度指标(10分) | 服务对象满意度 | 群众满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | < | 100 | 98 |
"""


@pytest.mark.parametrize("sep", ["\t", " | "])
def test_a_copied_page_that_lost_its_merged_cells_gives_what_the_page_gives(sep: str) -> None:
    page, copy = record(read(EVALUATION)), pasted(EVALUATION, sep=sep)
    assert record(copy) == page
    assert not doubts(copy)
    assert [finding.rule for finding in findings(copy)].count("columns-inferred") == 1


def stacked(table: str, *, framed: bool = False) -> list[str]:
    """A cell on each line and a pipe behind it; what a row lacks of the width is closed behind its last cell.

    A row may be `framed` by a pipe before its first cell.
    """
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    kept = [[cell for cell in row if cell not in ("<", "^")] for row in rows]
    lines = [[f"{cell} |" if cell else "|" for cell in row] for row in kept]
    missing = [max(map(len, rows)) - len(row) for row in kept]
    return [
        ("|\n" if framed and at == 0 else "") + line + (f" {'|' * lost}" if lost and at == len(cells) - 1 else "")
        for cells, lost in zip(lines, missing, strict=True)
        for at, line in enumerate(cells)
    ]


@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("break_", ["\n", "\r\n", "\n\n"])
def test_a_cell_on_each_line_with_a_pipe_behind_it(break_: str, framed: bool) -> None:
    lines = ["附件1", *stacked(EVALUATION, framed=framed)]
    copy = extract(break_.join(lines).replace("已经开展", f"已经{break_}开展").encode())
    page = record(read(EVALUATION.replace("已经开展", "已经 开展")))
    assert record(copy) == page
    assert not doubts(copy)


def test_cells_on_lines_of_their_own_whose_rows_do_not_agree_are_refused() -> None:
    lines = stacked(EVALUATION)
    gone = [line for line in lines if line != "|"]  # blanks are lost: no width holds for all rows
    assert extract("\n".join(gone).encode()).status == "failed"
    assert extract("\n".join(line.replace("||", "|") for line in lines).encode()).status == "failed"


HALVES = """
项目支出绩效目标申报表 | < | < | < | < | < | < | <
项目名称 | 农技推广 | < | < | < | < | < | <
项目资金（万元） | 中期资金总额 | 40 | < | 年度资金总额 | < | 20 | <
^ | 其中：财政拨款 | 40 | < | 其中：财政拨款 | < | 20 | <
总体目标 | 中期目标(2024年—2026年) | < | < | 年度目标 | < | < | <
^ | 健全推广体系 | < | < | 推广新品种 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
^ | 产出指标 | 数量指标 | 推广次数 | ≥30次 | 数量指标 | 推广次数 | ≥10次
^ | ^ | 成本指标 | 总成本 | ≤40万元 | 成本指标 | 总成本 | ≤20万元
^ | 满意度指标 | 满意度指标 | 农户满意度 | ≥95% | 满意度指标 | 农户满意度 | ≥95%
"""


def test_halves_side_by_side_are_found_in_a_copied_page() -> None:
    assert record(pasted(HALVES)) == record(read(HALVES))
    assert not doubts(pasted(HALVES))


LIST = """
项目绩效目标表 | < | < | < | < | < | < | < | < | <
单位：元 | < | < | < | < | < | < | < | < | <
单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 指标方向 | 目标值 | 计量单位
某旗检察院 | 装备经费 | 1,030,700.00 | 保障装备 | 产出指标 | 数量指标 | 车辆 | 小于等于 | 1 | 辆
^ | ^ | ^ | ^ | ^ | 时效指标 | 完成时间 | | 11月底前 |
^ | ^ | ^ | ^ | ^ | ^ | 验收及时率 | 大于等于 | 98 | %
^ | 办案经费 | 3,239,300.00 | 保障办案 | 产出指标 | 质量指标 | 结案率 | 大于等于 | 90 | %
"""


def test_a_list_of_projects_is_found_in_a_copied_page() -> None:
    pages, copies = read(LIST).projects, pasted(LIST).projects
    assert [each.model_dump() for each in copies] == [each.model_dump() for each in pages]
    assert len(copies) == 2


def test_rows_of_a_copied_page_that_may_have_lost_blanks_between_their_texts_are_told() -> None:
    copy = pasted(EVALUATION.replace("1900册 |", " |").replace("| 10 | 90% |", "| | 90% |"), blanks=False)
    told = [finding.message for finding in findings(copy) if finding.severity != "info"]
    assert any("印刷延误" in text for text in told)  # which stands where a score would
    assert any("90%" in text for text in told)  # which amount is missing is not known


def test_a_project_named_like_a_form_keeps_its_name() -> None:
    table = PLAIN.format(fields="年度资金总额（万元） | 20 | < | <", grid=GRID)
    assert (
        record(pasted(table.replace("校舍维修", "校舍维修项目支出绩效自评表")))["name"] == "校舍维修项目支出绩效自评表"
    )


@pytest.mark.parametrize("sep", [" ", "", "\n"])
def test_a_form_whose_cells_are_not_told_apart_is_refused_as_a_table_that_is_not_clear(sep: str) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in EVALUATION.strip().splitlines()]
    text = sep.join(cell for row in rows for cell in row if cell not in ("<", "^", ""))
    refused = extract(text.encode())
    assert refused.error is not None
    assert refused.error.code == "unclear-table"


def test_classes_that_say_between_which_scores_they_lie() -> None:
    table = """
    财政项目支出绩效目标审批表 | < | < | < | <
    项目名称 | 举报奖励 | < | 财政资金预算分类 | 一般公共预算
    年度主要目标和成果 | 做好奖励 | < | < | <
    年度绩效目标(90分) | 一级指标 | 二级指标 | 三级指标 | 指标值
    ^ | 产出指标 (40-50)分 | 数量指标 | 奖励次数 | ≥5次
    ^ | 满意度指标(10)分 | 服务对象满意度指标 | 群众满意度 | ≥90%
    """
    for project in (record(read(table)), record(pasted(table))):
        assert indicators(project, "level1", "name") == [("产出指标", "奖励次数"), ("满意度指标", "群众满意度")]
        assert project["extra"] == {"财政资金预算分类": "一般公共预算"}
        assert [goal["text"] for goal in project["goals"]] == ["做好奖励"]
