"""The field block of a form: labels and their values, funding rows, goals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Row, finding, unplaced
from normalize.headers import funding_column, header_year, is_task_column, is_year_head, list_column, scope_of
from normalize.layouts.tables import remarks_of
from normalize.values import is_value_like, parse_amount
from normalize.words import key
from schemas.audit import Finding
from schemas.form import FormField, FormFunding, FormGoal
from schemas.project import FundingKind, Scope
from schemas.text import BLANK, Edit, Text

_UNIT = re.compile(r"(?:[(（](?:金额)?(?:单位)?[:：]?|单位[:：]?)(?:人民币)?(万元|亿元|千元|元)|(万元)$")
_COLON = re.compile(r"^([^:：]{1,16})[:：]\s*(.+)$", re.DOTALL)
_WHOLE = re.compile(r"(?:项目|计划)?(?:绩效)?总(?:金额|预算|投资|体|目标)|项目总|实施期")
_SPENT = re.compile("执行数|实际支出|已支出")
_WHOLE_TOTAL = re.compile(r"项目|总|资金总|计划总|预算总")
_OF_YEAR_ALONE = re.compile(r"(?:其中)?(?:当年|本年|年度|上年|年初)")
"""What a part of the year's amounts begins with, wherever it stands."""
_PAIR = 2
_EXECUTED = frozenset({"executed", "rate", "score"})
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
_COUNTS = re.compile(r"[%％]|(?:分值|得分|权重|[^汇税费]率|比例|占比|年限|期限|人数|户数|个数|面积|数量)\d*$")
_SHORT_LABEL = 10
_SHORT = 30  # characters of a value and the label behind it in one cell


@dataclass(slots=True)
class Fields:
    """What has been read of a field block so far."""

    fields: list[FormField] = field(default_factory=list)
    funding: list[FormFunding] = field(default_factory=list)
    goals: list[FormGoal] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    unit: Text = BLANK
    in_funding: bool = False
    columns: list[tuple[int, Text]] = field(default_factory=list)
    remarks: tuple[int, Text] | None = None  # where the remarks of a funding table stand, and what heads them
    executed: int | None = None  # where what was spent stands beside the budget (预算数：120 执行数：118.6)
    scopes: dict[int, Scope] = field(default_factory=dict)
    halves: tuple[int, int] | None = None  # where the total of the whole project and that of the year stand in a row
    year: int | None = None
    goal_scope: Scope = "annual"  # of the last goal's label, for those below it that only have a number
    line_unit: Text = BLANK  # printed for all amounts of the form, wherever that is


def read_fields(rows: Iterable[Row], year: int | None = None) -> Fields:
    """The fields, funding rows and goals of the rows of one field block; `year` is the form's."""
    block = Fields(year=year)
    for row in rows:
        if row.field in _TABLES:
            _TABLES[row.field](block, row)
        elif row.field:
            _add_known(block, row.field, row.at(0), row.at(1))
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
    amounts = [_is_amount(text) for _, text in cells]
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
    if parted := unit_parted(text):
        return [*_parts(parted[0]), parted[1]]
    if goal := _goal_below_label(text):
        return goal
    text = _without_of_which(text)
    found = _COLON.match(text.value)
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
    unit = next((found for rule in _UNIT_BESIDE if (found := rule.search(text.value))), None)
    if not unit or unit[0] == text.value:
        return None
    evidence = "the unit of the amounts stands beside another text in one cell"
    first, second = (text.value[: unit.start()] + text.value[unit.end() :]).strip(), unit[0].strip()
    return text.edit(first, "label-in-cell", evidence, 0.95), text.edit(second, "label-in-cell", evidence, 0.95)


def _goal_below_label(text: Text) -> list[Text]:
    """A goal and its label where the label is the first printed line of the goal's own cell; else nothing."""
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
    for colon in re.finditer("[:：]", text[:_SHORT]):
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
            block.unit = label if _unit_of(label) else block.unit
            index += 1
            continue
        role = lexicon.field_role(label.value) or _role_of_whose(label, value)
        numbered = [at for at in (index, index + 1) if _numbers_goal(cells[at : at + 2])]
        role, value = ("goal:next", value) if numbered == [index] else (role, BLANK) if numbered else (role, value)
        role = "extra" if role == "funding" and _in_words(cells[index + 1 : index + 3]) else role
        if role == "funding" and not _is_amount(value):
            block.in_funding = True
            block.unit = label if _unit_of(label) else block.unit
            index += 1
            continue
        if role:
            block.in_funding = role == "funding"
            block.executed = block.executed if block.in_funding else None
        own = _names_fund(label, cells[index + 1 :]) or not _is_next_label(role, value)
        value = value if own and not lexicon.is_unit_line(value.value) else BLANK
        value, taken = _with_end(value, cells[index + 2 : index + 4])
        _add(block, role, label, value, col)
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
    return bool(words and alone and not is_own_label(value) and not _is_amount(value))


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


def is_own_label(text: Text) -> bool:
    """Whether a cell of the field block is a label rather than a value."""
    return bool(lexicon.field_role(text.value) or lexicon.funding_kind(text.value))


def _add(block: Fields, role: str | None, label: Text, value: Text, col: int = 0) -> None:
    value = value.edit(value.value.lstrip(":： "), "label-in-cell", "the colon is the label's", 0.97)
    kind = lexicon.funding_kind(label.value)
    if role == "funding":
        _add_funding(block, label, "total", value, col)
    elif role and role.startswith("goal:"):
        _add_goal(block, role, label, value)
    elif role:
        block.fields.append(FormField(role, label, value))
    elif block.in_funding and is_year_head(label.value) and _is_amount(value) and _is_other_year(block, label):
        _add_year(block, label, value, col)
    elif told := _execution_role(block, label, col):
        _add_execution(block, told, label, value, col)
    elif kind in ("total", "fiscal", "other", "part") or (
        block.in_funding and _is_amount(value) and not _is_amount(label) and not _counts(label)
    ):
        block.in_funding = True
        _add_funding(block, label, _kind(kind), value, col)
    elif value and _may_be_label(label):
        block.fields.append(FormField("extra", label, value))
    elif parted := _parted_at_colon(label):
        block.fields.append(FormField("extra", *parted))
        block.notes += [unplaced(text) for text in (value,) if text]
    else:
        block.notes += [unplaced(text) for text in (label, value) if text and not lexicon.is_unfilled(text.value)]


def _is_other_year(block: Fields, label: Text) -> bool:
    """Whether a label of a year says no more (2025年), or is of another year than the form's (2026年预算)."""
    other = block.year is not None and header_year(label.value) != block.year
    return other or lexicon.funding_kind(label.value) is None


def _add_year(block: Fields, label: Text, value: Text, col: int) -> None:
    """The amount of one year beside the total of all: the form's own year's total, another year's by its label."""
    totals = (row for row in reversed(block.funding) if row.kind == "total" and not is_year_head(row.label.value))
    last = next(totals, None)
    if last is not None and not scope_of(last.label.value):
        block.funding = [replace(row, scope="midterm") if row is last else row for row in block.funding]
    if header_year(label.value) == block.year:
        _add_funding(block, label, "total", value, col)
    else:
        block.fields.append(FormField("extra", _of_both(last.label, label) if last else label, value))


def _counts(label: Text) -> bool:
    """Whether a label in the funding block speaks of anything but money: 执行率分值, 受益人数."""
    return _COUNTS.search(key(label.value)) is not None


def _parted_at_colon(text: Text) -> tuple[Text, Text] | None:
    """A label that nobody knows and its value in one cell (牵头科室：法制科); None where no colon parts them."""
    found = _COLON.match(text.value)
    if not found or len(found[1]) > _SHORT_LABEL or re.search("[\\d，。；;！？、]", found[1]):
        return None
    evidence = "a colon parts label and value in one cell"
    label = text.edit(found[1], "label-in-cell", evidence, 0.9)
    return label, text.edit(found[2].strip(), "label-in-cell", evidence, 0.9)


def _execution_role(block: Fields, label: Text, col: int) -> str:
    """What a label beside a budget says of its execution: 执行数, 得分 of the total, or a part of what was spent."""
    column = funding_column(label.value)
    if column and column.roles[0] in (*_EXECUTED, "weight") and block.funding:
        return column.roles[0]
    part = block.executed is not None and col >= block.executed and lexicon.funding_kind(label.value)
    return "part" if part else ""


def _add_execution(block: Fields, role: str, label: Text, value: Text, col: int) -> None:
    """Put what was spent to its budget: that of the last total, or of the part of the same name."""
    block.executed = col if role == "executed" and block.executed is None else block.executed
    for at in range(len(block.funding) - 1, -1, -1):
        row = block.funding[at]
        if key(row.label.value) == key(label.value) if role == "part" else row.kind == "total":
            own = "executed" if role == "part" else role
            if not value:
                return
            if own in dict(row.execution):
                break  # a second amount: which of them was spent is not known
            told = (*row.execution, (own, value))
            block.funding[at] = replace(row, execution=tuple(sorted(told, key=itemgetter(0))))
            return
    block.notes += [unplaced(text) for text in (label, value) if text]


def _may_be_label(text: Text) -> bool:
    """Whether an unknown text may be the label of what stands behind it: a few words, no sentence and no value."""
    return len(text.value) <= _SHORT and not re.search("[。；;！？]", text.value) and not is_value_like(text.value)


def _add_known(block: Fields, role: str, label: Text, value: Text) -> None:
    """A field whose role its column tells."""
    section, _, kind = role.partition(":")
    if section == "funding":
        _add_funding(block, label, _kind(kind), value, 0)
    elif section == "execution":
        _add_execution(block, kind, label, value, 0)
        block.executed = None
    elif section == "goal":
        _add_goal(block, role, label, value)
    else:
        block.fields.append(FormField(role, label, value))


def _kind(kind: str | None) -> FundingKind:
    return kind if kind in ("total", "fiscal", "other") else "part"  # type: ignore[return-value]


def _add_goal(block: Fields, role: str, label: Text, value: Text) -> None:
    scope: Scope = "midterm" if role == "goal:midterm" else "annual"
    scope = block.goal_scope if role == "goal:next" else scope
    block.goal_scope = scope
    if value:
        block.goals.append(FormGoal(scope, label, value))


def _is_amount(text: Text) -> bool:
    return parse_amount(text.value).amount is not None


def _add_funding(block: Fields, label: Text, kind: FundingKind, amount: Text, col: int) -> None:
    block.unit = label if _unit_of(label) else block.unit  # 年度资金总额（万元） speaks for the rows below it
    unit = amount if parse_amount(amount.value).unit else block.unit
    block.funding.append(FormFunding(label, kind, amount, unit, _scope(block, label, kind, col)))


def _scope(block: Fields, label: Text, kind: FundingKind, col: int) -> Scope:
    """The scope of a funding row: what its label says, else that of the last total in its column or left of it."""
    told = scope_of(label.value)
    if kind == "total":
        block.scopes[col] = told or ("midterm" if block.halves and col == block.halves[0] else "annual")
    home = max((at for at in block.scopes if at <= col), default=min(block.scopes, default=col))
    return told or block.scopes.get(home, "annual")


def _head_funding(block: Fields, row: Row) -> None:
    """The header of a funding table (年初预算数, 全年预算数, …)."""
    block.in_funding = True
    block.columns = [(col, text) for col, text in row.filled if funding_column(text.value)]
    remarks = remarks_of(row)
    block.remarks = (remarks, row.at(remarks)) if remarks is not None else None
    for _, text in row.filled:
        block.unit = text if _unit_of(text) else block.unit


def _execution(block: Fields, row: Row) -> None:
    """A row of a funding table: the year's budget, beside it what was spent; a half-year's is a row of its own."""
    end = block.remarks[0] if block.remarks and row.aligned else len(row.cells)
    cells = [(col, text) for col, text in row.filled if col < end and lexicon.field_role(text.value) != "funding"]
    for _, text in cells:
        block.unit = text if _unit_of(text) else block.unit
    (at, label), values = cells[0], cells[1:]
    if block.remarks:
        block.fields += [
            FormField("extra", _of_both(block.remarks[1], label), text) for col, text in row.filled if col >= end
        ]
    if not row.aligned and len(values) not in (0, len(block.columns)):
        block.notes += [unplaced(text) for _, text in values]
        values = []
    known = lexicon.funding_kind(label.value)
    if not lexicon.balanced(label.value) or (row.cut and not values and not known):
        block.notes += [unplaced(label)]  # the rest of a label that a page cuts
    kind = _kind(known)
    by_scope = _by_scope(block.columns, values, aligned=row.aligned)
    if not row.exact and any(map(_is_misplaced, by_scope.values())):
        block.notes += [unplaced(text) for _, text in values]
        by_scope = {}
    for told, by_role in by_scope.items() or {None: {}}.items():
        amount = by_role.get("amount") or by_role.get("initial") or BLANK
        unit = amount if parse_amount(amount.value).unit else block.unit
        scope = _scope(block, label, kind, at) if told in (None, "annual") else told
        executed = tuple(sorted(by_role.items())) if _EXECUTED & set(by_role) or _is_evaluated(block) else ()
        block.funding.append(FormFunding(label, kind, amount, unit, scope, executed))


def _is_misplaced(by_role: dict[str, Text]) -> bool:
    """Whether a share stands where money belongs, or where a weight does while none stands under the rate."""
    shares = {role for role, text in by_role.items() if text.value.strip().endswith(("%", "％"))}
    return bool(shares & {"initial", "amount", "executed"}) or (bool(shares) and "rate" not in shares)


def _is_evaluated(block: Fields) -> bool:
    return any((column := funding_column(text.value)) and column.roles[0] in _EXECUTED for _, text in block.columns)


def _by_scope(
    columns: Sequence[tuple[int, Text]], values: Sequence[tuple[int, Text]], *, aligned: bool
) -> dict[Scope | None, dict[str, Text]]:
    """The values of a funding row by the scope and the role of their columns."""
    found: dict[Scope | None, dict[str, Text]] = {}
    for at, (col, text) in enumerate(values):
        home = max((c for c, _ in columns if c <= col), default=None) if aligned else columns[at][0]
        head = next((head for c, head in columns if c == home), BLANK)
        column = funding_column(head.value)
        if column:
            scope = column.scope if column.scope in ("half-year", "midterm") else None
            found.setdefault(scope, {}).setdefault(column.roles[0], text)
    return found


def _head_years(block: Fields, row: Row) -> None:
    """The header of amounts by year."""
    block.in_funding = True
    block.columns = [(col, text) for col, text in row.filled if is_year_head(text.value) or lexicon.is_sum(text.value)]
    for _, text in row.filled:
        block.unit = text if _unit_of(text) else block.unit


def _year_amounts(block: Fields, row: Row) -> None:
    """A row of amounts by year: that of the form's year, the sum of all years as mid-term, the others by their year."""
    heads = dict(block.columns)
    cells = [
        (col, text) for col, text in row.filled if col not in heads and lexicon.field_role(text.value) != "funding"
    ]
    label = cells[0][1] if cells else row.filled[0][1]
    kind = _kind(lexicon.funding_kind(label.value))
    for col, text in row.filled:
        head = heads.get(col, BLANK)
        if lexicon.is_sum(head.value) or (block.year and header_year(head.value) == block.year):
            scope: Scope = "midterm" if lexicon.is_sum(head.value) else "annual"
            unit = text if parse_amount(text.value).unit else block.unit
            block.funding.append(FormFunding(label, kind, text, unit, scope))
        elif head:
            block.fields.append(FormField("extra", _of_both(label, head), text))
        elif text is not label and lexicon.field_role(text.value) != "funding":
            block.notes.append(unplaced(text))


def _head_values(block: Fields, row: Row) -> None:
    """Labels over their values; a first label that nothing stands under heads the others (年度总体目标)."""
    (_, first), *others = row.filled
    bare = lexicon.field_role(first.value) in (None, "extra") and not any(is_own_label(text) for _, text in others)
    block.columns = [(col, _of_both(first, text)) for col, text in others] if bare else list(row.filled)
    block.in_funding = block.in_funding and not bare
    for _, text in row.filled:
        block.unit = text if _unit_of(text) else block.unit


def _of_both(first: Text, text: Text) -> Text:
    return Text(f"{first.value.strip()}（{text.value.strip()}）", (*first.places, *text.places))


def _values(block: Fields, row: Row) -> None:
    for col, label in block.columns:
        value = row.at(col)
        if value:
            _add(block, lexicon.field_role(label.value), label, value, col)


def _head_tasks(block: Fields, row: Row) -> None:
    """The header of a table of tasks; a second row of it divides the columns of the first."""
    heads = [(col, text) for col, text in row.filled if is_task_column(text.value)]
    block.columns = sorted({**dict(block.columns), **dict(heads)}.items())
    for _, text in heads:
        block.unit = text if _unit_of(text) else block.unit


def _task(block: Fields, row: Row) -> None:
    """A task: its columns under their labels and its name; the row of sums is the department's funding."""
    starts = [col for col, _ in block.columns]
    cells = [(col, text) for col, text in row.filled if col >= starts[0]] if row.aligned else list(row.filled)
    if not cells:
        return
    if not row.aligned and len(cells) != len(block.columns):
        block.notes += [unplaced(text) for _, text in cells]
        return
    name = cells[0][1]
    total = lexicon.is_sum(name.value.replace("金额", "")) or name.value.strip().endswith("合计")
    sums = 0
    for at, (col, text) in enumerate(cells[1:], start=1):
        over = (head for start, head in reversed(block.columns) if start <= col)
        label = next(over, BLANK) if row.aligned else block.columns[at][1]
        if total and _is_amount(text) and not _is_of_past(block, label):
            kind = lexicon.funding_kind(label.value) or _kind_of_sum(label, first=not sums)
            sums += 1
            shown = label if kind in ("fiscal", "other") else name
            _add_funding(block, shown, _kind(kind), text, col)
        else:
            block.fields.append(FormField("extra", _of_both(label, name), text))
    if len(cells) == 1 and not total:
        block.fields.append(FormField("extra", block.columns[0][1], name))


def _is_of_past(block: Fields, label: Text) -> bool:
    """Whether a column's amounts are of another year than the form's, or were spent: 2020年实际执行数."""
    return header_year(label.value) not in (None, block.year) or _SPENT.search(label.value) is not None


def _kind_of_sum(label: Text, *, first: bool) -> FundingKind:
    """The kind of a sum under a head that says no more than 金额: the first is that of all."""
    return "total" if lexicon.field_role(label.value) == "funding" or (first and "金额" in label.value) else "part"


_TABLES = {
    "funding-columns": _head_funding,
    "execution": _execution,
    "year-columns": _head_years,
    "year-amounts": _year_amounts,
    "heads": _head_values,
    "values": _values,
    "task-columns": _head_tasks,
    "task": _task,
}


def _unit_of(text: Text) -> str | None:
    """The money unit that a label prints."""
    found = _UNIT.search(re.sub(r"\s", "", text.value))
    return found[1] or found[2] if found else None


def printed_unit(text: Text) -> str | None:
    """The money unit of an amount or of the label that prints it (项目资金 (万元), 单位：万元)."""
    return parse_amount(text.value).unit or _unit_of(text)
