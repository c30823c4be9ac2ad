"""The field block of a form: labels and their values, funding rows, goals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from normalize import lexicon
from normalize.block import COLON, SHORT, Fields, add, add_known, is_amount, is_own_label, unit_of
from normalize.field_tables import TABLES
from normalize.flow import Row, finding
from normalize.headers import header_year, list_column, scope_of
from normalize.values import is_value_like, parse_amount
from normalize.words import key
from schemas.audit import Finding
from schemas.form import FormFunding, FormGoal
from schemas.project import Scope
from schemas.text import BLANK, Edit, Text

_WHOLE = re.compile(r"(?:项目|计划)?(?:绩效)?总(?:金额|预算|投资|体|目标)|项目总|实施期")
_WHOLE_TOTAL = re.compile(r"项目|总|资金总|计划总|预算总")
_OF_YEAR_ALONE = re.compile(r"(?:其中)?(?:当年|本年|年度|上年|年初)")
"""What a part of the year's amounts begins with, wherever it stands."""
_PAIR = 2
_LINE = r"(?:金额)?单位\s*[:：]\s*(?:人民币)?"
_MONEY = "(?:万元|亿元|千元|元)"
_UNIT_BEHIND = re.compile(rf"\s*{_LINE}{_MONEY}\s*$")
_UNIT_BEHIND_YEAR = re.compile(rf"(?<=[年度)）\d])\s*[(（]\s*{_LINE}{_MONEY}\s*[)）]\s*$")
# 元谋县 begins with a unit, too: what follows the unit must be another thing by its first character or its colon.
_UNIT_BEFORE = re.compile(
    rf"^\s*{_LINE}(?:{_MONEY}(?=[\s(（0-9])|(?:万元|亿元|千元)(?=[^:：]{{2,8}}[:：]))\s*(?=[^\s)）])"
)
_UNIT_BESIDE = (_UNIT_BEFORE, _UNIT_BEHIND, _UNIT_BEHIND_YEAR)
_TO = re.compile(r"[至到]|[-—–－~～]+")
_MONEY_CELL = re.compile(r"[(（]?(?:万元|亿元|千元|元)[)）]?")


def read_fields(rows: Iterable[Row], year: int | None = None) -> Fields:
    """The fields, funding rows and goals of the rows of one field block; `year` is the form's."""
    block = Fields(year=year)
    for row in rows:
        if row.field in TABLES:
            TABLES[row.field](block, row)
        elif row.field:
            add_known(block, row.field, row.at(0), row.at(1))
        else:
            block.columns = []
            cells = [(col, part) for col, text in row.filled for part in _parts(text)]
            block.halves = _halves(cells) or block.halves
            _read_row(block, cells if row.exact or not block.halves else _in_halves(block, block.halves, cells))
    if any(_is_of_year(each) for each in block.funding):
        own = {_plain(each) for each in block.funding if _plain(each) != _bare(each)}
        block.funding = [replace(each, scope=_whole_span(each, own)) for each in block.funding]
    if any(scope_of(each.label.value) == "annual" for each in block.goals):
        block.goals = [replace(each, scope=_whole_span(each, set())) for each in block.goals]
    if block.line_unit:
        block.funding = [each if each.unit else replace(each, unit=block.line_unit) for each in block.funding]
    block.funding.sort(key=lambda each: each.scope != "midterm")
    block.goals.sort(key=lambda each: each.scope != "midterm")
    return block


def _halves(cells: Sequence[tuple[int, Text]]) -> tuple[int, int] | None:
    """Where the totals of the whole project and of the year stand in one row; None where it does not hold both.

    项目资金总额 | 1030 | 年度资金申请总额 | 350 head two halves: what stands below either is of the same time.
    """
    totals = [(col, text.value) for col, text in cells if lexicon.funding_kind(text.value) == "total"]
    if len(totals) != _PAIR or scope_of(totals[0][1]) or scope_of(totals[1][1]) != "annual":
        return None
    return (totals[0][0], totals[1][0]) if _WHOLE_TOTAL.match(key(totals[0][1])) else None


def _in_halves(block: Fields, halves: tuple[int, int], cells: Sequence[tuple[int, Text]]) -> list[tuple[int, Text]]:
    """The cells of a row whose columns are not known, at those of the halves they belong to.

    Of two labels of funding the first is of the whole project; one alone is taken for the year's, which is said.
    """
    amounts = [is_amount(text) for _, text in cells]
    labels = [at for at, each in enumerate(pairwise(amounts)) if each == (False, True)]
    if len(labels) == 1 and not _OF_YEAR_ALONE.match(key(cells[labels[0]][1].value)):
        block.notes.append(_scope_inferred(cells[labels[0]][1]))
    second = labels[-1] if labels and len(labels) <= _PAIR else 0
    return [(halves[at >= second], text) for at, (_, text) in enumerate(cells)] if labels else list(cells)


def _scope_inferred(label: Text) -> Finding:
    shown = label.value.strip()
    return finding(
        "scope-inferred",
        "warning",
        "reading",
        (
            f"“{shown}”在项目总额与年度总额两栏中的哪一栏不明，认作年度",
            f"“{shown}” may belong to the project's total or to the year's; it is taken for the year's",
        ),
        label.places,
    )


def _is_of_year(part: FormFunding) -> bool:
    """Whether a total's label says that it is of one year: 当年金额, 2025年预算."""
    own = scope_of(part.label.value) == "annual" or header_year(part.label.value)
    return part.kind == "total" and bool(own)


def _whole_span(part: FormFunding | FormGoal, of_year: set[str]) -> Scope:
    """The scope of a part whose label speaks of the whole project beside others of the year.

    项目总金额 beside 当年金额, 财政拨款 beside 当年财政拨款; `of_year` are the labels that stand for the year too.
    """
    whole = _WHOLE.match(key(part.label.value)) or _bare(part) in of_year
    return "midterm" if part.scope == "annual" and whole else part.scope


def _bare(part: FormFunding | FormGoal) -> str:
    return key(part.label.value).removeprefix("其中")


def _plain(part: FormFunding | FormGoal) -> str:
    """The label of a part without what says that it is of the year: 财政拨款 of 当年财政拨款."""
    return lexicon.OF_YEAR.sub("", _bare(part))


def _parts(text: Text) -> list[Text]:
    """A cell as labels and values where both stand in it behind colons (填表人：某某 联系电话：1234), else the cell."""
    colon = ":" in text.value or "：" in text.value
    if colon and (parted := unit_parted(text)):
        return [*_parts(parted[0]), parted[1]]
    if goal := _goal_below_label(text):
        return goal
    if not colon:
        return [text]
    text = _without_of_which(text)
    found = COLON.match(text.value)
    if not found or lexicon.label_kinds(text.value) or not _heads_cell(found[1], found[2]):
        return [text]
    label = text.edit(found[1], "label-in-cell", "label and value stand in one cell", 0.95)
    end = len(found[2]) if lexicon.goal_role(found[1]) else _next_label(found[2])
    value = text.edit(found[2][:end].strip(), "label-in-cell", f"the value behind the label “{found[1]}”", 0.95)
    if end == len(found[2]):
        return [label, value]
    rest = text.edit(found[2][end:], "label-in-cell", "another label stands behind the value in one cell", 0.95)
    return [label, value, *_parts(rest)]


def _without_of_which(text: Text) -> Text:
    """A cell without the 其中： before a label and its value (其中：财政资金：640万元)."""
    found = re.match(r"\s*其中\s*[:：]\s*(?=[^:：]{2,12}[:：]\s*\S)", text.value)
    return (
        text.edit(text.value[found.end() :], "label-in-cell", "其中 is no part of the label", 0.95) if found else text
    )


def unit_parted(text: Text) -> tuple[Text, Text] | None:
    """A text and the unit of the amounts beside it in one cell (（2025年度） 单位：万元); None where there is none."""
    if "单位" not in text.value:
        return None
    unit = next((found for rule in _UNIT_BESIDE if (found := rule.search(text.value))), None)
    if not unit or unit[0] == text.value:
        return None
    evidence = "the unit of the amounts stands beside another text in one cell"
    first, second = (text.value[: unit.start()] + text.value[unit.end() :]).strip(), unit[0].strip()
    return text.edit(first, "label-in-cell", evidence, 0.95), text.edit(second, "label-in-cell", evidence, 0.95)


def _goal_below_label(text: Text) -> list[Text]:
    """A goal and its label where the label is the first printed line of the goal's own cell; else nothing."""
    if len(text.places) == 1 and "\n" not in text.places[0].text:
        return []
    lines = "\n".join(place.text for place in text.places).split("\n", 1)
    head = lines[0].split()
    if len(lines) < 2 or not lexicon.goal_role("".join(head)) or lexicon.goal_role(text.value):
        return []  # 年度总体绩效 ⏎ 目标 is a label that wraps
    found = re.match(r"\s*".join(map(re.escape, "".join(head))), text.value)
    goal = text.value[found.end() :].strip() if found else ""
    if not found or not goal:
        return []
    label = text.edit(found[0], "label-in-cell", "a goal's label is the first line of its cell", 0.95)
    return [label, text.edit(goal, "label-in-cell", f"the goal below the label “{found[0]}”", 0.95)]


def _heads_cell(label: str, value: str) -> bool:
    """Whether the words before a colon are the label of what stands behind it in the same cell."""
    money = lexicon.funding_kind(label) and parse_amount(value).amount is not None
    return bool(lexicon.field_role(label) or money or _says_whose(label, value))


_WHOSE = ("unit", "department")
_FOLLOWING = frozenset((*_WHOSE, "extra", "code", "period"))


def _says_whose(label: str, value: str) -> bool:
    """Whether a line says whose a form is (单位：308001_某县水利局, 部门：…); 单位：万元 says another thing."""
    return list_column(lexicon.unsealed(label)) in _WHOSE and not lexicon.is_unit_line(f"{label}：{value}")


def _next_label(text: str) -> int:
    """Where the next label and its colon begin behind a value of a few words; the text's length where none does."""
    for colon in re.finditer("[:：]", text[:SHORT]):
        starts = range(max(colon.start() - 8, 0), colon.start() - 1)
        start = next((at for at in starts if lexicon.field_role(text[at : colon.start()]) in _FOLLOWING), None)
        if start is not None:
            return start
    return len(text)


def _read_row(block: Fields, cells: Sequence[tuple[int, Text]]) -> None:
    index = 0
    while index < len(cells):
        (col, label), value = cells[index], cells[index + 1][1] if index + 1 < len(cells) else BLANK
        if lexicon.is_caption(label.value):
            index += 1
            continue
        if lexicon.is_unit_line(label.value):
            block.unit = block.line_unit = label
            index += 1
            continue
        if lexicon.is_unit_label(label.value, value.value):
            block.unit = block.line_unit = Text(f"{label.value}：{value.value}", (*label.places, *value.places))
            index += 2
            continue
        if len(cells) == 1 and lexicon.is_section(label.value) and lexicon.field_role(label.value) is None:
            block.unit = label if unit_of(label) else block.unit
            index += 1
            continue
        role = lexicon.field_role(label.value) or _role_of_whose(label, value)
        numbered = [at for at in (index, index + 1) if _numbers_goal(cells[at : at + 2])]
        role, value = ("goal:next", value) if numbered == [index] else (role, BLANK) if numbered else (role, value)
        role = "extra" if role == "funding" and _in_words(cells[index + 1 : index + 3]) else role
        if role == "funding" and not is_amount(value):
            block.in_funding = True
            block.unit = label if unit_of(label) else block.unit
            index += 1
            continue
        if role:
            block.in_funding = role == "funding"
            block.executed = block.executed if block.in_funding else None
        own = _names_fund(label, cells[index + 1 :]) or not _is_next_label(role, value)
        value = value if own and not lexicon.is_unit_line(value.value) else BLANK
        value, taken = _with_end(value, cells[index + 2 : index + 4])
        add(block, role, label, value, col)
        index += (2 if value else 1) + taken
        if index < len(cells) and _is_unit_of_last(block, cells[index][1]):
            index += 1


def _with_end(value: Text, behind: Sequence[tuple[int, Text]]) -> tuple[Text, int]:
    """A time with its end behind 至 in cells of its own, and how many cells that took."""
    if not value or len(behind) < 2 or not _TO.fullmatch(behind[0][1].value.strip()):
        return value, 0
    parts = [value, *(text for _, text in behind)]
    places = tuple(place for part in parts for place in part.places)
    before, whole = "\n".join(place.text for place in places), "".join(part.value.strip() for part in parts)
    evidence = "beginning and end stand in cells of their own"
    return Text(whole, places, (Edit("period-text", before, whole, evidence, 0.97),)), 2


def _is_unit_of_last(block: Fields, text: Text) -> bool:
    """Whether a cell is the unit of the amount at its left (1280, 万元), which it then gets."""
    row = block.funding[-1] if block.funding else None
    if row is None or not row.amount or row.unit is row.amount or not _MONEY_CELL.fullmatch(text.value.strip()):
        return False
    unit = Text(f"（{text.value.strip()}）", text.places)
    block.funding[-1] = replace(row, unit=unit)
    return True


def _numbers_goal(cells: Sequence[tuple[int, Text]]) -> bool:
    """Whether the first of two cells is the number of the goal in the second (目标2)."""
    numbered = len(cells) > 1 and lexicon.is_goal_number(cells[0][1].value)
    return numbered and not any(is_own_label(text) for _, text in cells)


def _in_words(behind: Sequence[tuple[int, Text]]) -> bool:
    """Whether what stands behind the heading of the funding block tells of it in words (资金来源: 县级财政63.8万元)."""
    value = behind[0][1] if behind else BLANK
    alone = len(behind) == 1 or (len(behind) > 1 and is_own_label(behind[1][1]))
    words = re.search("[\u4e00-\u9fff]{2}", value.value) and not lexicon.is_unit_line(value.value)
    return bool(words and alone and not is_own_label(value) and not is_amount(value))


def _role_of_whose(label: Text, value: Text) -> str | None:
    """The role of 单位 and 部门, which are labels where a line was parted at its colon or a name stands beside them."""
    parted = bool(label.edits) and label.edits[-1].rule == "label-in-cell"
    beside = value and not is_own_label(value) and not is_value_like(value.value)
    role = list_column(lexicon.unsealed(label.value)) if parted or beside else None
    return role if role in _WHOSE else None


def _is_next_label(role: str | None, text: Text) -> bool:
    """Whether what stands behind a label is the next label; 其他 behind a field of words (项目类别) is its value."""
    if lexicon.field_role(text.value) or lexicon.is_unfilled(text.value):
        return True
    kind = lexicon.funding_kind(text.value)
    return kind is not None and not (role not in (None, "funding") and kind == "other" and text.value.strip() == "其他")


def _names_fund(label: Text, behind: Sequence[tuple[int, Text]]) -> bool:
    """Whether the only text behind a label says which fund pays (资金性质: 一般公共预算)."""
    return (
        len(behind) == 1
        and key(label.value).endswith(("性质", "分类"))
        and lexicon.funding_kind(behind[0][1].value) is not None
    )
