"""Wording: years that contradict each other, numbers that a space splits, characters that were lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalize.checks.shared import printed, shown, texts_of, years_in
from schemas.audit import Finding
from schemas.project import Project

# A second group that begins a list (… 100 2.完成) or a time of day (2024-12-31 12:00) is no rest of a number.
# No number begins within another: a search that tried it would take minutes for 100,000 digits.
_SPACED = re.compile(r"(?<![0-9])[0-9]++[ \t\u3000\xa0]++(?![0-9]{1,2}(?:[、)）:：]|\.(?![0-9])))[0-9]+")
_COMPARED = re.compile(r"较|比|去年|上年|往年|以前年度")
_LOST = "\ufffd"


def name_year(project: Project) -> Iterator[Finding]:
    """A project whose name bears another year than the form is for."""
    years, year = years_in(project.name), project.fiscal_year
    if not years or year is None or min(years) <= year <= max(years):
        return
    listed = "、".join(map(str, sorted(years)))
    yield Finding(
        "/name",
        "name-year",
        "warning",
        "text",
        f"项目名称“{shown(project.name)}”含{listed}年，预算年度却是{year}年",
        f"the name “{shown(project.name)}” bears {listed}, but the form is for {year}",
    )


def name_target_year(project: Project) -> Iterator[Finding]:
    """An indicator whose name and target bear different years."""
    for index, indicator in enumerate(project.indicators):
        named, stated = years_in(indicator.name), years_in(indicator.target.text or "")
        if not named or not stated or _COMPARED.search(indicator.name):
            continue
        if any(min(named) <= year <= max(named) for year in stated):
            continue
        yield Finding(
            f"/indicators/{index}/target",
            "name-target-year",
            "warning",
            "text",
            f"指标“{shown(indicator.name)}”写的是{min(named)}年，指标值却是“{shown(indicator.target.text or '')}”",
            f"“{shown(indicator.name)}” speaks of {min(named)}, but its target is "
            f"“{shown(indicator.target.text or '')}”",
        )


def spaced_number(project: Project) -> Iterator[Finding]:
    """A space between two groups of digits that no repair could decide about."""
    texts = [(f"/goals/{i}/text", goal.text) for i, goal in enumerate(project.goals)]
    texts += [(f"/indicators/{i}/target", each.target.text or "") for i, each in enumerate(project.indicators)]
    for pointer, text in texts:
        found = _SPACED.search(text)
        if found:
            yield Finding(
                pointer,
                "spaced-number",
                "warning",
                "text",
                f"“{shown(found[0])}”的数字之间有空格，可能是被拆开的一个数",
                f"a space stands inside “{shown(found[0])}”: it may be one number that was split",
            )


def undecodable(project: Project) -> Iterator[Finding]:
    """Characters that were lost before the text came here."""
    if _LOST not in printed(project):
        return
    for pointer, text in texts_of(project):
        if _LOST in text:
            lost = text.count(_LOST)
            yield Finding(
                pointer,
                "undecodable",
                "error",
                "text",
                f"“{shown(text)}”有{lost}个字符无法解码",
                f"{lost} characters of “{shown(text)}” could not be decoded",
            )
