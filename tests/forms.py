"""Forms as rows of cells, rendered from the expected projects of a sample: the raw material of damage."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
HEADER = ["名称", "一级指标", "二级指标", "三级指标", "指标值"]

Rows = list[list[str]]


def expected_projects(slug: str) -> list[dict[str, Any]]:
    """The expected projects of a sample, in the order of the form."""
    files = sorted((SAMPLES / slug / "expected").glob("[0-9]*.json"))
    return [json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal) for file in files]


def form_rows(project: dict[str, Any]) -> Rows:
    """A project printed as the form that it came from, whole: five columns, blanks where cells are merged."""
    rows = [[project["form"]], [f"({project['fiscal_year']}年度)"], ["项目名称", "", project["name"]]]
    department = f"{project['department']['name']} {project['department']['code']}"
    rows.append(["主管部门及代码", "", department, "实施单位", project["unit"]])
    attribute = f"{project['attribute']['code']}-{project['attribute']['name']}"
    rows.append(["项目属性", "", attribute, "项目期", project["period"]["text"]])
    for index, row in enumerate(project["funding"]):
        amount = "" if row["amount"] is None else f"{row['amount']}{row['unit']}"
        label = ["年度资金总额:", "其中: 财政拨款", "其他资金"][index]
        rows.append(["项目资金 (万元)" if index == 0 else "", label, amount])
    rows += [["年度总体目标", goal["text"]] for goal in project["goals"]]
    rows.append(HEADER)
    above = ("", "")
    for index, indicator in enumerate(project["indicators"]):
        level1, level2 = indicator["level1"], indicator["level2"] + _note(indicator)
        shown1 = level1 if level1 != above[0] else ""
        shown2 = level2 if (level1, level2) != above else ""
        rows.append(["绩效指标" if index == 0 else "", shown1, shown2, indicator["name"], indicator["target"]["text"]])
        above = (level1, level2)
    return [[*row, *[""] * (5 - len(row))] for row in rows]


def _note(indicator: dict[str, Any]) -> str:
    return f"（{indicator['required']}）" if indicator["required"] else ""


def as_tabs(rows: Rows) -> str:
    """Rows as a tab-separated paste; a row with one text only is a line of its own."""
    return "".join("\t".join(row) + "\n" for row in rows)
