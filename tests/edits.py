"""Random edits of extracted projects, each with the difference that it must make."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from jixiao.diff.comparing import Comparison
from jixiao.diff.sides import Version
from jixiao.encode import pretty
from normalize import parse_target
from normalize.keys import project_id
from schemas.project import Department
from tests.forms import expected_projects

Record = dict[str, Any]
Fact = tuple[str, str, str, str | None, str | None]
"""Class, kind, field, before and after."""

SPARE = [
    ("数量指标", "购置执法记录仪数量", "40台"),
    ("质量指标", "设备验收合格率", "≥97%"), ("数量指标", "开展宣传活动次数", "12次"),
    ("时效指标", "资金支付及时率", "100%"),
    ("社会效益指标", "群众知晓率", "≥85%"), ("数量指标", "维修车辆数量", "31辆"),
    ("质量指标", "档案完整率", "≥99%"),
    ("社会效益指标", "矛盾纠纷化解率", "≥92%"), ("数量指标", "走访企业户数", "260户"),
    ("经济效益指标", "节约能耗比例", "≥5%"),
    ("数量指标", "采购服装套数", "653套"), ("可持续影响指标", "制度执行年限", "≥3年"),
]  # fmt: skip


@dataclass
class Edited:
    """Projects after edits, and what must be told of them."""

    projects: list[Record]
    truth: list[Fact] = field(default_factory=list)
    touched: list[Record] = field(default_factory=list)
    """Parts that were edited, and projects in which any was: nothing is edited twice."""

    def free(self, part: Record) -> bool:
        return not any(part is each for each in self.touched)


def base() -> list[Record]:
    """The thirteen projects of the seed."""
    return expected_projects("pingluo-police-2024")


def versions(projects: list[Record], side: str) -> list[Version]:
    """Projects as one side of a comparison, from a source of their own."""
    return [
        Version(each, pretty(each), f"{side}/{n:02}.json", n, f"{side}.pdf", side, "jixiao", msgspec.Raw(b"{}"))
        for n, each in enumerate(projects, 1)
    ]


def told(comparison: Comparison) -> list[Fact]:
    """The differences that are more than form."""
    return [
        (change.cls, change.kind, change.what.partition(" ")[2] or change.what, change.before, change.after)
        for change in comparison.changes
        if change.cls != "format"
    ]


def score(truth: list[Fact], found: list[Fact]) -> tuple[int, int, int]:
    """Right, missing and wrong ones."""
    left = list(found)
    right = 0
    for fact in truth:
        if fact in left:
            left.remove(fact)
            right += 1
    return right, len(truth) - right, len(left)


def target(text: str) -> Record:
    return parse_target(text).model_dump()


def pick(rng: random.Random, edited: Edited, accept: Callable[[Record], bool]) -> tuple[Record, Record] | None:
    """An indicator that no edit has touched, and its project."""
    places = [(p, i) for p in edited.projects for i in p["indicators"] if accept(i) and edited.free(i)]
    if not places:
        return None
    project, indicator = rng.choice(places)
    edited.touched += [indicator, project]
    return project, indicator


def numeric(indicator: Record) -> bool:
    return indicator["target"]["kind"] == "number" and re.search(r"\d", indicator["target"]["text"] or "") is not None


def change_value(rng: random.Random, edited: Edited) -> None:
    found = pick(rng, edited, numeric)
    if found:
        _, indicator = found
        before = indicator["target"]["text"]
        digits = re.search(r"\d+(\.\d+)?", before)
        if digits is None:
            raise AssertionError
        value = Decimal(digits[0]) + rng.choice([1, 2, 5]) if rng.random() < 0.7 else Decimal(digits[0]) * 2 + 1
        after = before[: digits.start()] + str(value) + before[digits.end() :]
        indicator["target"] = target(after)
        edited.truth.append(("meaning", "changed", indicator["name"], before, after))


def change_grade(rng: random.Random, edited: Edited) -> None:
    found = pick(
        rng, edited, lambda i: i["target"]["kind"] in ("text", "grade") and len(i["target"]["text"] or "") < 12
    )
    if found:
        _, indicator = found
        before = indicator["target"]["text"]
        after = rng.choice([word for word in ("稳步提高", "明显改善", "基本满意") if word != before])
        indicator["target"] = target(after)
        edited.truth.append(("meaning", "changed", indicator["name"], before, after))


def change_amount(rng: random.Random, edited: Edited) -> None:
    project = rng.choice(edited.projects)
    rows = [row for row in project["funding"] if row["amount"] is not None and edited.free(row)]
    if rows:
        row = rng.choice(rows)
        edited.touched += [row, project]
        before = f"{row['amount']}{row['unit']}"
        row["amount"] = Decimal(row["amount"]) + Decimal(rng.choice(["1", "10", "0.5"]))
        row["yuan"] = row["amount"] * 10000
        edited.truth.append(("meaning", "changed", row["label"], before, f"{row['amount']}{row['unit']}"))


def add_indicator(rng: random.Random, edited: Edited) -> None:
    project = rng.choice([each for each in edited.projects if len(each["indicators"]) > 4])
    level2, name, text = rng.choice(SPARE)
    if any(each["name"] == name for each in project["indicators"]):
        return
    like = rng.choice(project["indicators"])
    added = copy.deepcopy(like) | {"level2": level2, "name": name, "target": target(text)}
    edited.touched += [added, project]
    project["indicators"].insert(rng.randrange(len(project["indicators"]) + 1), added)
    edited.truth.append(("meaning", "added", name, None, text))


def remove_indicator(rng: random.Random, edited: Edited) -> None:
    found = pick(rng, edited, lambda _: True)
    if found:
        project, indicator = found
        at = next(n for n, each in enumerate(project["indicators"]) if each is indicator)
        del project["indicators"][at]
        edited.truth.append(("meaning", "removed", indicator["name"], indicator["target"]["text"], None))


def rename_indicator(rng: random.Random, edited: Edited) -> None:
    found = pick(rng, edited, lambda i: len(i["name"]) >= 6)
    if found:
        _, indicator = found
        before = indicator["name"]
        at = rng.randrange(1, len(before) - 1)
        after = rng.choice([before[:at] + "有关" + before[at:], before[:at] + "等" + before[at + 1 :], "本年" + before])
        if after != before:
            indicator["name"] = after
            edited.truth.append(("wording", "changed", "指标名称", before, after))


def reword_goal(rng: random.Random, edited: Edited) -> None:
    project = rng.choice(edited.projects)
    goal = project["goals"][0]
    if not edited.free(goal):
        return
    edited.touched += [goal, project]
    before = goal["text"]
    goal["text"] = before + "进一步做好相关工作。"
    edited.truth.append(("wording", "changed", "绩效目标", before, goal["text"]))


def remove_project(rng: random.Random, edited: Edited) -> None:
    untouched = [project for project in edited.projects if edited.free(project)]
    if untouched and len(edited.projects) > 8:
        project = rng.choice(untouched)
        edited.projects = [each for each in edited.projects if each is not project]
        edited.truth.append(("meaning", "removed", "项目", project["name"], None))


def add_project(rng: random.Random, edited: Edited) -> None:
    name = rng.choice(["智慧警务平台建设项目", "看守所改造项目", "社区警务室建设经费"])
    if any(each["name"] == name for each in edited.projects):
        return
    project = copy.deepcopy(edited.projects[0])
    project |= {"name": name, "id": project_id(Department(**project["department"]), project["fiscal_year"], name)}
    project["goals"][0]["text"] = f"完成{name}的全部任务。"
    rows = rng.sample(SPARE, 4)
    project["indicators"] = [
        copy.deepcopy(project["indicators"][0]) | {"level2": level2, "name": label, "target": target(text)}
        for level2, label, text in rows
    ]
    edited.touched += [project, *project["indicators"], *project["funding"], *project["goals"]]
    edited.projects.insert(rng.randrange(len(edited.projects) + 1), project)
    edited.truth.append(("meaning", "added", "项目", None, name))


def respace(rng: random.Random, edited: Edited) -> None:
    """A change of form: spaces, width, punctuation, unit."""
    found = pick(rng, edited, lambda i: bool(i["target"]["text"]))
    if found:
        _, indicator = found
        text = indicator["target"]["text"]
        wide = str.maketrans("0123456789%", "０１２３４５６７８９％")
        money = re.fullmatch(r"(\d+(?:\.\d+)?)万元", text)
        forms = [
            text + "。",
            text.translate(wide),
            " ".join(text) if not re.search(r"\d\d", text) else text + "；",
            text.replace("≥", ">="),
        ]
        if money:
            forms.append(f"{Decimal(money[1]) * 10000:f}元".replace(".0元", "元"))
        changed = rng.choice(forms)
        indicator["target"] = target(changed) | {"text": changed}
        indicator["name"] = rng.choice(
            [indicator["name"], f"{indicator['name']} ", indicator["name"].replace("，", ",")]
        )


MEANING = (change_value, change_value, change_grade, change_amount, add_indicator, remove_indicator)
WORDING = (rename_indicator, reword_goal)
PROJECTS = (add_project, remove_project)


def shuffle(rng: random.Random, edited: Edited) -> None:
    """Projects and rows in another order."""
    rng.shuffle(edited.projects)
    for project in edited.projects:
        rng.shuffle(project["indicators"])


def roll_year(edited: Edited) -> None:
    """The same forms a year later: the budget's year in names, goals and targets moves on."""
    for project in edited.projects:
        year = project["fiscal_year"]
        old, new = str(year), str(year + 1)
        project["fiscal_year"] = year + 1
        project["name"] = project["name"].replace(old, new)
        project["id"] = project_id(Department(**project["department"]), year + 1, project["name"])
        for goal in project["goals"]:
            goal["text"] = goal["text"].replace(old, new)
        for indicator in project["indicators"]:
            indicator["name"] = indicator["name"].replace(old, new)
            text = indicator["target"]["text"]
            if text and old in text:
                indicator["target"] = target(text.replace(old, new)) | {"text": text.replace(old, new)}
    edited.truth = [
        fact
        if fact[1] == "removed"
        else (*fact[:2], fact[2].replace(old, new), fact[3], (fact[4] or "").replace(old, new) or None)
        for fact in edited.truth
    ]
