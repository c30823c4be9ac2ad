"""The checks: what each rule finds, what it leaves alone, and that none of them changes or breaks anything."""

from __future__ import annotations

import ast
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import normalize.checks
from normalize import check_all, parse_target
from normalize.checks import CHECKS, DOCUMENT_CHECKS
from normalize.project import Typed
from schemas.audit import Finding, ProjectAudit
from schemas.project import Attribute, Department, Execution, Funding, Goal, Indicator, Project, TargetValue
from schemas.text import TextPlace

HOMES = {"数量": "产出", "质量": "产出", "时效": "产出", "成本": "产出", "服务对象满意度": "满意度"}
FINDINGS_PAGE = Path(__file__).resolve().parent.parent / "docs" / "findings.md"


def indicator(level2: str | None, name: str, target: str | None, **changes: Any) -> Indicator:
    """An indicator; its class is given without 指标."""
    home = HOMES.get(level2 or "", "效益")
    record: dict[str, Any] = {"scope": "annual", "level1": f"{home}指标", "level2": level2 and f"{level2}指标"}
    return Indicator(**record | {"name": name, "target": parse_target(target)} | changes)


def money(label: str, kind: str, amount: str | None) -> Funding:
    """A funding row in 万元."""
    number = parse_target(amount and f"{amount}万元")
    return Funding.model_validate(
        {"label": label, "kind": kind, "scope": "annual", "amount": number.number, "unit": "万元"}
        | {"yuan": number.base_number}
    )


def rows(total: str | None, *parts: tuple[str, str, str | None]) -> dict[str, Any]:
    return {"funding": (money("年度资金总额", "total", total), *(money(*part) for part in parts))}


SOUND = (indicator("数量", "培训人数", "30人"), indicator("成本", "培训费用", "50万元"))


def project(*indicators: Indicator, goal: str = "", **changes: Any) -> Project:
    """A project that no check objects to, but for what is given."""
    record: dict[str, Any] = {
        "id": "019001-2024-0123456789ab",
        "form": "部门项目支出预算绩效目标表",
        "fiscal_year": 2024,
        "name": "培训经费",
        "code": None,
        "department": Department(name="某县公安局", code="019001"),
        "unit": "某县公安局",
        "attribute": Attribute(name=None, code=None),
        "period": None,
        "goals": (Goal(scope="annual", text=goal),) if goal else (),
        "indicators": indicators or SOUND,
    }
    return Project(**record | rows("50", ("财政拨款", "fiscal", "50"), ("其他资金", "other", None)) | changes)


def typed(given: Project) -> Typed:
    return Typed(given, ProjectAudit(given.id, "", (1,), {}, (), ()))


def findings(*projects: Project) -> list[Finding]:
    return [finding for each in check_all([typed(given) for given in projects]) for finding in each.audit.findings]


def found(rule: str, *projects: Project) -> list[Finding]:
    return [finding for finding in findings(*projects) if finding.rule == rule]


def one(level2: str | None, name: str, target: str | None, **changes: Any) -> tuple[Project, ...]:
    return (project(indicator(level2, name, target, **changes)),)


def marked(mark: str, *level2: str) -> tuple[Project, ...]:
    return (project(*(indicator(name, f"{name}要求", "30%", required=mark) for name in level2)),)


ALL_MANDATORY = ("数量", "质量", "时效", "成本", "社会效益", "可持续影响", "服务对象满意度")
PASSAGE = "通过安装交通信号灯及电子警察监控系统实现对交通的有序分流规范行车秩序消除安全隐患预防交通事故保护群众生命安全"
FILLER = "并完成终端显示系统座席指挥系统指挥中心会议音响系统的建设满足信息采集分析决策指挥调度媒体发布技术支撑等需求"
PARTS = "总面积3374平方米，其中，功能区2065.5平方米，办公区588.5平米，备勤区720平方米。"

Case = tuple[str, str, tuple[Project, ...]]


def scored(weight: str | None, score: str | None = None, target: str = "≥90%", actual: str | None = None) -> Indicator:
    """An indicator of a self-evaluation."""
    numbers = {"weight": weight and Decimal(weight), "score": score and Decimal(score)}
    return indicator("质量", f"合格率{weight}{actual}", target, actual=actual and parse_target(actual), **numbers)


def unitless(amount: str | None) -> Funding:
    return Funding(
        label="资金总额", kind="total", scope="annual", amount=Decimal(amount) if amount else None, unit=None, yuan=None
    )


def executed(amount: str, done: str, rate: str, score: str = "9") -> dict[str, Any]:
    execution = {"initial": None, "executed": done, "rate": rate, "weight": "10", "score": score}
    row = money("年度资金总额", "total", amount)
    return {"funding": (row.model_copy(update={"execution": Execution.model_validate(execution)}),)}


SEEN: list[Case] = [
    ("total-sum", "parts that miss the total", (project(**rows("50", ("财政拨款", "fiscal", "40"))),)),
    (
        "total-sum",
        "other funds on top of a fiscal share that is the total already",
        (project(**rows("50", ("财政拨款", "fiscal", "50"), ("其他资金", "other", "5"))),),
    ),
    ("cost-sum", "costs that miss the total", one("成本", "培训费用", "45万元")),
    ("money-unit", "an amount without a unit", (project(funding=(unitless("50"),)),)),
    ("weight-sum", "weights that miss 100 and 90", (project(scored("50"), scored("30")),)),
    ("score-over", "a score above its weight", (project(scored("90", "91"), scored("10", "10")),)),
    ("score-over", "a score of the execution above its weight", (project(**executed("50", "50", "100", "11")),)),
    ("execution-rate", "a rate that the amounts do not give", (project(**executed("50", "40", "95")),)),
    ("target-missed", "a full score for a target missed", (project(scored("90", "90", "≥90%", "88%")),)),
    ("target-missed", "a ceiling broken with a full score", (project(scored("90", "90", "≤24小时", "30小时")),)),
    (
        "cost-sum",
        "costs by the year that miss the total",
        (project(indicator("成本", "宣传", "10万元/年"), indicator("成本", "聘用", "30万元/年")),),
    ),
    ("cost-sum", "a ceiling below the total", one("成本", "培训费用", "≤45万元")),
    ("name-value", "another sum in the name", one("成本", "项目总投资不超过679.63万元", "50万元")),
    (
        "required-empty",
        "a mandatory class whose only target is blank",
        (
            project(
                *marked("必填", *ALL_MANDATORY[:-1])[0].indicators,
                indicator("服务对象满意度", "满意度", None, required="必填"),
            ),
        ),
    ),
    (
        "required-empty",
        "a form with marks that lacks a class mandatory in that form",
        marked("必填", *ALL_MANDATORY[1:]),
    ),
    ("class-value", "a date under 质量", one("质量", "图片质量明显提高", "2024年底")),
    ("class-value", "a date under 成本", one("成本", "整治费用减少", "2024年")),
    ("class-value", "a percentage under 成本", one("成本", "资金拨付率", "70%")),
    ("class-value", "words under 成本", one("成本", "资金使用合规性", "符合资金管理办法")),
    ("class-value", "persons under 成本", one("成本", "聘用人员", "20人")),
    ("class-value", "a percentage under 数量", one("数量", "开展禁毒宣传活动", "≥95%")),
    ("class-value", "money under 数量", one("数量", "设施改造", "30万元")),
    ("class-value", "a date under 满意度", one("服务对象满意度", "群众满意度", "2024年")),
    ("rate-value", "a rate with a date", one("时效", "图片提取率提高", "2024年底")),
    (
        "duplicate-indicator",
        "one indicator with two targets",
        (project(indicator("质量", "群众安全感得到提升。", "≥98%"), indicator("质量", "群众安全感得到提升", "≥96%")),),
    ),
    (
        "repeated-indicator",
        "one indicator twice",
        (project(indicator("质量", "合格率", "≥98%"), indicator("质量", "合格率", "≥ 98%")),),
    ),
    (
        "goal-count",
        "other persons in the goal",
        (project(indicator("数量", "补助辅警人数", "253人"), goal="补充326名辅警经费"),),
    ),
    (
        "goal-count",
        "other persons in a goal that speaks of somebody else",
        (project(indicator("数量", "辅警工资", "326人"), goal="保障武警中队官兵45人运行经费"),),
    ),
    (
        "goal-count",
        "persons counted in words",
        (project(indicator("数量", "退休人数", "5人"), goal="缴存退休人员三人住房公积金"),),
    ),
    (
        "goal-count",
        "another number of the same things",
        (project(indicator("数量", "路灯盏数", "150盏"), goal="新装路灯200盏"),),
    ),
    ("goal-area", "areas that do not add up", (project(goal=PARTS.replace("720", "700")),)),
    (
        "goal-area",
        "another area in the goal",
        (project(indicator("数量", "新建用房", "5000平米"), goal="建筑面积5740平方米"),),
    ),
    (
        "goal-copied",
        "the same goal under another name",
        (project(goal=PASSAGE), project(goal=PASSAGE.replace("规范", "，规范") + "。", name="大屏建设项目", id="x")),
    ),
    (
        "goal-copied",
        "a short goal copied as a whole",
        (
            project(goal="保障全局各项工作正常开展。"),
            project(goal="保障全局各项工作正常开展", name="大屏建设项目", id="x"),
        ),
    ),
    (
        "goal-copied",
        "a passage that is a third of the goal",
        (
            project(goal="目标一：" + PASSAGE + FILLER[::-1]),
            project(goal=FILLER + PASSAGE, name="大屏建设项目", id="x"),
        ),
    ),
    ("name-year", "the year of another budget", (project(name="2022年执法办案管理中心项目"),)),
    ("name-target-year", "another year in the target", one("时效", "2023年内完成整体建设", "2024年底")),
    ("time-value", "a day of a workbook", one("时效", "项目完成时间", "45657")),
    ("time-value", "January or October", one("时效", "工程竣工日期", "2025.1")),
    ("rate-over-100", "more than the whole", one("质量", "抽检合格率", "≥110%")),
    ("rate-over-100", "≥ read as 2", one("质量", "抽检合格率", "295%")),
    ("unfilled", "no target at all", one("质量", "抽检合格率", None)),
    ("unfilled", "a placeholder", one("质量", "抽检合格率", "≥**%")),
    ("unit-missing", "a number alone", one("社会效益", "事故死亡减少", "≥5")),
    ("unit-missing", "a scale alone", one("数量", "罚没款", "≥200万")),
    ("value-unclear", "digits that mean nothing", one("质量", "标准", "按GB50300第3章验收")),
    ("unknown-class", "a class of a province", one("工作管理", "制度", "健全")),
    ("class-missing", "no second level", one(None, "制度", "健全")),
    ("class-missing", "no first level", one("数量", "人数", "3人", level1=None)),
    ("class-place", "数量 under 效益", one("数量", "人数", "3人", level1="效益指标")),
    ("spaced-number", "a split number in a goal", (project(goal="硬化院落1 1566.21平方米"),)),
    ("spaced-number", "a split number in a target", one("数量", "长度", "88 100米")),
    ("undecodable", "a lost character in a name", (project(name="培\ufffd经费"),)),
    ("undecodable", "a lost character in an extra field", (project(extra={"备注": "某\ufffd"}),)),
    ("no-indicators", "an empty grid", (project(indicators=()),)),
    ("no-total", "a blank total", (project(**rows(None, ("财政拨款", "fiscal", "50"))),)),
    ("no-total", "no funding rows", (project(funding=()),)),
    ("same-id", "one id twice", (project(), project())),
    ("stray-letter", "a letter of a watermark", (project(goal="规范巡x逻执勤"),)),
]

UNSEEN: list[Case] = [
    ("money-unit", "a blank amount without a unit", (project(funding=(unitless(None),)),)),
    ("weight-sum", "weights of 90 beside 10 for the execution", (project(scored("60"), scored("30")),)),
    ("weight-sum", "weights as shares of one", (project(scored("0.6"), scored("0.4")),)),
    ("weight-sum", "one weight alone", (project(scored("60")),)),
    ("score-over", "a full score", (project(scored("90", "90"), scored("10", "9.5")),)),
    ("execution-rate", "a rate rounded", (project(**executed("480", "456.3", "95.1")),)),
    ("execution-rate", "a rate as a share", (project(**executed("480", "456", "0.95")),)),
    ("target-missed", "a target missed that cost points", (project(scored("90", "80", "≥90%", "88%")),)),
    ("target-missed", "a target met", (project(scored("90", "90", "≥90%", "92%")),)),
    ("target-missed", "an actual value in another unit", (project(scored("90", "90", "≥90%", "88人")),)),
    (
        "total-sum",
        "parts that add up",
        (project(**rows("50", ("财政拨款", "fiscal", "45.5"), ("其他资金", "other", "4.5"))),),
    ),
    (
        "total-sum",
        "parts of parts",
        (
            project(
                **rows(
                    "60",
                    ("财政拨款", "fiscal", "50"),
                    ("中央补助", "part", "30"),
                    ("县级资金", "part", "20"),
                    ("单位资金", "part", "10"),
                )
            ),
        ),
    ),
    (
        "total-sum",
        "rounding within half of the last digit",
        (project(**rows("1.93", ("财政拨款", "fiscal", "1.927"))),),
    ),
    ("total-sum", "no part with an amount", (project(**rows("50", ("财政拨款", "fiscal", None))),)),
    (
        "cost-sum",
        "元 against 万元 within rounding",
        (project(indicator("成本", "住房公积金", "19270元"), **rows("1.93", ("财政拨款", "fiscal", "1.93"))),),
    ),
    ("cost-sum", "a price for each piece", one("成本", "设备采购单价", "2万元")),
    ("cost-sum", "a price by area", one("成本", "补助", "475元/亩")),
    (
        "cost-sum",
        "标准化, which is no unit price",
        (project(indicator("成本", "标准化工作室", "10万元"), indicator("成本", "宣传", "40万元")),),
    ),
    (
        "cost-sum",
        "a whole beside its shares",
        (project(indicator("成本", "总费用", "50万元"), indicator("成本", "设备", "30万元")),),
    ),
    ("cost-sum", "a ceiling that the total keeps", one("成本", "培训费用", "≤60万元")),
    ("name-value", "the same sum in another unit", one("成本", "项目总投资不超过50万元", "500000元")),
    ("name-value", "a number of 万 that is no money", one("成本", "种植5万株", "50万元")),
    ("required-empty", "all mandatory classes filled", marked("必填", *ALL_MANDATORY)),
    (
        "required-empty",
        "a class that the form itself calls optional",
        (
            project(
                *marked("必填", *ALL_MANDATORY[:-1])[0].indicators,
                indicator("服务对象满意度", "满意度", None, required="选填"),
            ),
        ),
    ),
    ("required-empty", "a form without marks", one("数量", "人数", "3人")),
    ("class-value", "a rate under 质量", one("质量", "验收合格率", "100%")),
    ("class-value", "a rate under 时效", one("时效", "开工及时率", "100%")),
    ("class-value", "a warranty under 质量", one("质量", "质保期限", "2026年12月31日")),
    ("class-value", "money under 数量 where the name speaks of it", one("数量", "发放补助金额", "30万元")),
    ("class-value", "a share under 数量 where the name speaks of it", one("数量", "资助比例", "30%")),
    ("class-value", "a saving under 成本", one("成本", "成本节约率", "≥5%")),
    ("class-value", "words about the budget under 成本", one("成本", "总支出", "不超预算")),
    ("rate-value", "efficiency, which is no rate", one("时效", "提高办案效率", "2024年底")),
    ("rate-value", "when a survey of satisfaction is done", one("时效", "满意度调查完成时间", "2024年12月")),
    (
        "duplicate-indicator",
        "a blank twin, which is unfilled",
        (project(indicator("质量", "合格率", None), indicator("质量", "合格率", "≥98%")),),
    ),
    (
        "duplicate-indicator",
        "one name in two classes",
        (project(indicator("社会效益", "生活质量", "有效改善"), indicator("可持续影响", "生活质量", "持续改善")),),
    ),
    (
        "repeated-indicator",
        "one name with two targets",
        (project(indicator("质量", "合格率", "≥98%"), indicator("质量", "合格率", "≥96%")),),
    ),
    (
        "goal-count",
        "名 and 人 are one",
        (project(indicator("数量", "补助辅警人数", "326人"), goal="补充326名辅警经费"),),
    ),
    (
        "goal-count",
        "indicators that add up to the goal",
        (project(indicator("数量", "男性", "200人"), indicator("数量", "女性", "126人"), goal="补充326名辅警经费"),),
    ),
    (
        "goal-count",
        "a floor that the goal keeps",
        (project(indicator("数量", "辅警人数", "≥300人"), goal="补充326名辅警经费"),),
    ),
    (
        "goal-count",
        "a goal that says about",
        (project(indicator("数量", "辅警人数", "253人"), goal="补充约326名辅警经费"),),
    ),
    (
        "goal-count",
        "the number in an indicator's name",
        (
            project(
                indicator("数量", "辅警", "5人"), indicator("成本", "聘用54名工作人员", "50万元"), goal="聘用54名人员"
            ),
        ),
    ),
    (
        "goal-count",
        "other things of the same unit",
        (project(indicator("数量", "电子警察", "4处"), goal="改造停车场12处"),),
    ),
    (
        "goal-area",
        "areas that add up, 平米 among them",
        (project(indicator("数量", "改造", "3374平方米"), goal=PARTS),),
    ),
    (
        "goal-area",
        "one of several areas of the indicators",
        (
            project(
                indicator("数量", "硬化", "11566.21平方米"),
                indicator("数量", "用房", "7280.3平方米"),
                goal="建筑面积7280.3平米",
            ),
        ),
    ),
    (
        "goal-copied",
        "a set phrase in both",
        (project(goal=PASSAGE[:30] + FILLER), project(goal=PASSAGE[:30], name="大屏", id="x")),
    ),
    ("goal-copied", "one project for each place", (project(goal=PASSAGE), project(goal=PASSAGE, id="x"))),
    ("name-year", "the year of the budget", (project(name="2024年辅警业务经费"),)),
    ("name-year", "years around the budget's", (project(name="2023-2025年辅警业务经费"),)),
    ("name-year", "the year of a law", (project(name="落实《2020年行动计划》"),)),
    ("name-target-year", "the same year", one("时效", "2024年内完成整体建设", "2024年底")),
    ("name-target-year", "an earlier year to compare with", one("时效", "较2023年提前完成", "2024年底")),
    ("time-value", "a month", one("时效", "项目完成时间", "2025年6月")),
    ("time-value", "a duration", one("时效", "项目完成时间", "90天")),
    ("rate-over-100", "growth", one("经济效益", "收入增长率", "120%")),
    ("rate-over-100", "all of it", one("质量", "抽检合格率", "100%")),
    ("unfilled", "words", one("质量", "抽检合格", "合格")),
    ("unit-missing", "a unit in the name", one("数量", "造林面积(亩)", "80000")),
    ("unit-missing", "a percentage", one("质量", "合格率", "95%")),
    ("value-unclear", "words without digits", one("质量", "标准", "按规范验收")),
    ("unknown-class", "成本 as a class of its own", one("经济成本", "费用", "50万元", level1="成本指标")),
    ("class-missing", "both levels", one("质量", "合格率", "95%")),
    ("class-place", "成本 on its own", one("成本", "费用", "50万元", level1="成本指标")),
    ("class-place", "满意度 under 效益", one("服务对象满意度", "满意度", "95%", level1="效益指标")),
    ("spaced-number", "the next item of a list", (project(goal="培训人数增加100 2.满意度提高"),)),
    ("spaced-number", "a time of day", one("时效", "完成时间", "2024-12-31 12:00")),
    ("undecodable", "rare characters", (project(name="㙍㽏经费"),)),
    ("no-indicators", "one indicator", one("质量", "合格率", "95%")),
    ("no-total", "a total of nothing", (project(**rows("0", ("财政拨款", "fiscal", "0"))),)),
    ("same-id", "two ids", (project(), project(id="x"))),
    ("stray-letter", "a word that stands twice", (project(goal="蒲公英e化，蒲公英e化"),)),
    ("stray-letter", "a class of things", (project(goal="购置乙型B超机，创建国家A级景区"),)),
]


def named(case: Case) -> Any:
    return pytest.param(*case, id=f"{case[0]}: {case[1]}")


@pytest.mark.parametrize(("rule", "sentence", "projects"), [named(case) for case in SEEN])
def test_a_rule_finds(rule: str, sentence: str, projects: tuple[Project, ...]) -> None:
    assert len(found(rule, *projects)) == 1, sentence


@pytest.mark.parametrize(("rule", "sentence", "projects"), [named(case) for case in UNSEEN])
def test_a_rule_leaves_alone(rule: str, sentence: str, projects: tuple[Project, ...]) -> None:
    assert found(rule, *projects) == [], sentence


def test_a_sound_project_has_no_findings() -> None:
    assert findings(project(goal="对30名民警开展培训，所需费用50万元")) == []


# ---- what a finding says


def test_a_message_names_the_numbers_in_both_languages() -> None:
    (finding,) = found("cost-sum", *one("成本", "培训费用", "45万元"))
    for message in (finding.message, finding.message_en):
        assert "45万元" in message
        assert "50万元" in message
    assert (finding.pointer, finding.basis) == ("/indicators/0/target", "arithmetic")


def test_a_rate_that_begins_with_2_is_explained_by_a_misread_sign() -> None:
    assert "≥95%" in found("rate-over-100", *one("质量", "抽检合格率", "295%"))[0].message
    assert "2024-12-31" in found("time-value", *one("时效", "项目完成时间", "45657"))[0].message
    assert "≥" not in found("rate-over-100", *one("质量", "抽检合格率", "395%"))[0].message


def test_a_copied_goal_is_a_warning_and_a_shared_passage_only_an_info() -> None:
    copies = [found("goal-copied", *case)[0].severity for rule, _, case in SEEN if rule == "goal-copied"]
    assert copies == ["warning", "warning", "info"]


def test_a_copied_goal_is_told_at_the_later_project_with_the_number_of_the_earlier() -> None:
    copy = project(goal=PASSAGE, name="大屏", id="x")
    first, last = check_all([typed(project(goal=PASSAGE)), typed(copy)])
    assert first.audit.findings == ()
    assert "第1个项目“培训经费”" in last.audit.findings[0].message


def test_messages_show_long_texts_cut_and_on_one_line() -> None:
    for finding in findings(project(indicator("质量", "很长\n的名称" * 200, "2024年底" + "长" * 400))):
        assert len(finding.message) < 300
        assert "\n" not in finding.message


# ---- where a finding stands


def place(line: int) -> TextPlace:
    return TextPlace(1, line, (0, 1), "x")


def placed(given: Project, provenance: dict[str, tuple[TextPlace, ...]]) -> list[Finding]:
    audit = ProjectAudit(given.id, "", (1,), dict(provenance), (), ())
    return list(check_all([Typed(given, audit)])[0].audit.findings)


def test_a_finding_stands_where_its_value_stands() -> None:
    (finding,) = placed(one("质量", "时点", "2024年底")[0], {"/indicators/0/target": (place(7),), "/name": (place(1),)})
    assert finding.places == (place(7),)


def test_a_finding_about_a_blank_stands_where_the_indicator_is_named() -> None:
    (finding,) = placed(one("质量", "合格率", None)[0], {"/indicators/0/name": (place(7),), "/name": (place(1),)})
    assert finding.places == (place(7),)


def test_a_finding_about_the_whole_stands_where_the_project_is_named() -> None:
    (finding,) = placed(project(indicators=()), {"/name": (place(1),)})
    assert finding.places == (place(1),)


def test_a_finding_without_any_known_place_has_none() -> None:
    assert placed(project(indicators=()), {})[0].places == ()


def test_earlier_findings_stay_in_front_and_new_ones_follow_by_check_and_pointer() -> None:
    targets = [indicator("质量", f"合格率{n}", None) for n in range(12)]
    given = project(*targets, name="2020年项目")
    early = Finding("/name", "doubtful-repair", "warning", "reading", "先", "first")
    audit = ProjectAudit(given.id, "", (1,), {}, (), (early,))
    after = check_all([Typed(given, audit)])[0].audit.findings
    assert after[0] == early
    assert [f.pointer for f in after[1:]] == [*(f"/indicators/{n}/target" for n in range(12)), "/name"]


# ---- what checks never do

WORDS = [
    "2023年",
    "2024年底",
    "326名",
    "5人",
    "2065.5平方米",
    "总面积",
    "，其中",
    "50万元",
    "1 5",
    "率",
    "单价",
    "\ufffd",
    "e",
    "数量",
]
words = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=8).map("".join)
some_words = st.none() | words
scopes = st.sampled_from(["annual", "midterm", "half-year"])
level2s = st.none() | st.sampled_from([f"{name}指标" for name in ALL_MANDATORY]) | words
targets = some_words.map(parse_target) | st.builds(
    TargetValue,
    text=some_words,
    kind=st.sampled_from(["number", "range", "text", "date"]),
    number=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    unit=st.none() | st.sampled_from(["人", "万元", "平米", "万", "?"]),
    base_number=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    base_unit=st.none() | st.sampled_from(["人", "元", "%", "平方米", "?"]),
)
indicators = st.builds(
    Indicator,
    scope=scopes,
    level1=st.none() | st.sampled_from(["产出指标", "效益指标", "成本指标"]) | words,
    level2=level2s,
    required=st.none() | st.sampled_from(["必填", "选填", "必填硬性指标"]) | words,
    name=words,
    target=targets,
)
fundings = st.builds(
    Funding,
    label=words,
    kind=st.sampled_from(["total", "fiscal", "other", "part"]),
    scope=scopes,
    amount=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    unit=st.none() | st.sampled_from(["元", "万元"]),
    yuan=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
)
projects = st.builds(
    Project,
    id=words,
    form=some_words,
    fiscal_year=st.none() | st.integers(2000, 2099),
    name=words,
    code=some_words,
    department=st.builds(Department, name=some_words, code=some_words),
    unit=some_words,
    attribute=st.builds(Attribute, name=some_words, code=some_words),
    period=st.none(),
    funding=st.lists(fundings, max_size=4).map(tuple),
    goals=st.lists(st.builds(Goal, scope=scopes, text=words), max_size=2).map(tuple),
    indicators=st.lists(indicators, max_size=4).map(tuple),
    extra=st.dictionaries(words, words, max_size=2),
)


@given(st.lists(projects, max_size=3))
def test_checks_never_raise_and_never_alter_a_project(given: list[Project]) -> None:
    before = [each.model_dump_json() for each in given]
    after = check_all([typed(each) for each in given])
    assert [each.project for each in after] == given
    assert [each.project.model_dump_json() for each in after] == before


@given(st.lists(projects, max_size=3))
def test_checks_find_the_same_every_time(given: list[Project]) -> None:
    assert findings(*given) == findings(*given)


def test_hundreds_of_long_goals_are_compared_in_seconds() -> None:
    many = [project(goal=f"{n}" + (PASSAGE + FILLER) * 20 + f"{n}", name=f"项目{n}", id=f"{n}") for n in range(300)]
    start = time.process_time()
    assert len(found("goal-copied", *many)) == 299
    assert time.process_time() - start < 20


# ---- every code is known


def emitted_rules() -> set[str]:
    """The rule of every Finding that the sources of the checks build."""
    rules = set()
    for file in Path(normalize.checks.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                rule = node.args[1]
                assert isinstance(rule, ast.Constant), f"{file.name}:{node.lineno}: a rule is a literal"
                rules.add(str(rule.value))
    return rules


def test_every_rule_has_a_project_that_shows_it_and_a_near_miss() -> None:
    assert emitted_rules() == {rule for rule, _, _ in SEEN} == {rule for rule, _, _ in UNSEEN}


def test_every_rule_is_explained_in_the_docs_with_its_basis_and_severity() -> None:
    page = FINDINGS_PAGE.read_text(encoding="utf-8")
    for rule, _, case in SEEN:
        row = re.search(rf"^\| `{rule}` \|.*$", page, re.MULTILINE)
        assert row, f"{rule} is not in docs/findings.md"
        for finding in found(rule, *case):
            assert finding.severity in row[0], f"{rule}: severity"
            assert finding.basis in row[0], f"{rule}: basis"


def test_every_check_has_a_docstring_that_says_what_it_looks_for() -> None:
    assert all(check.__doc__ for check in (*CHECKS, *DOCUMENT_CHECKS))
