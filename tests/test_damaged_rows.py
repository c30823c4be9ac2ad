"""Rows that damage has left in shapes that no form has: they are told, and are no defect."""

from __future__ import annotations

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps.ruled import told_between_rules
from extract.pdf.rules import Rules
from normalize.flow import Row
from normalize.grids import header_cells, header_of
from normalize.layouts.lists import listing_of
from schemas.text import BLANK, Text
from tests.test_published_forms import doubts, read, record


def test_a_second_amount_that_was_spent_of_one_budget_is_told() -> None:
    found = read("""
        项目支出绩效自评表 | < | < | < | <
        （2024年度） | < | < | < | <
        项目名称 | 山塘维修养护 | < | < | <
        年度资金总额 | 20万元 | 全年执行数 | 18万元 | <
        全年执行数 | 19万元 | < | < | <
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值
        产出指标 | 数量指标 | 维修山塘 | ≥3座 | 3座
    """)
    assert record(found)["indicators"][0]["name"] == "维修山塘"
    assert "unplaced-text" in doubts(found)


def test_level_rules_without_any_line_of_text_make_no_table() -> None:
    nothing = np.zeros(0)
    whole = np.zeros(0, np.int64)
    chars = Chars(whole, nothing, nothing, nothing, nothing, whole, whole, whole, whole)
    rules = Rules(np.arange(8, dtype=np.float64), np.zeros(8), np.full(8, 400.0))
    assert told_between_rules(rules, chars, 10.0) == []


def test_a_row_of_fields_of_projects_alone_is_no_header() -> None:
    row = Row(tuple(map(Text, ("项目名称", "项目单位", "合计", "一般公共预算", "政府性基金"))), 1)
    assert listing_of(row) is None
    assert header_of(row) is None
    assert header_cells(Row((BLANK, BLANK), 1)) == []
