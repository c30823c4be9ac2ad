"""What a field block holds so far: its fields, funding rows and goals, and the ways in which more are added."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import unplaced
from normalize.headers import funding_column, header_year, is_year_head, scope_of
from normalize.values import is_value_like, parse_amount
from normalize.words import key
from schemas.audit import Finding
from schemas.form import FormField, FormFunding, FormGoal
from schemas.project import FundingKind, Scope
from schemas.text import BLANK, Text

_UNIT = re.compile(r"(?:[(（](?:金额)?(?:单位)?[:：]?|单位[:：]?)(?:人民币)?(万元|亿元|千元|元)|(万元)$")
COLON = re.compile(r"^([^:：]{1,16})[:：]\s*(.+)$", re.DOTALL)
"""A label and its value in one cell, parted by the first colon."""

EXECUTED = frozenset({"executed", "rate", "score"})
_COUNTS = re.compile(r"[%％]|(?:分值|得分|权重|[^汇税费]率|比例|占比|年限|期限|人数|户数|个数|面积|数量)\d*$")
_SHORT_LABEL = 10
SHORT = 30  # characters of a value and the label behind it in one cell


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


def is_own_label(text: Text) -> bool:
    """Whether a cell of the field block is a label rather than a value."""
    return bool(lexicon.field_role(text.value) or lexicon.funding_kind(text.value))


def add(block: Fields, role: str | None, label: Text, value: Text, col: int = 0) -> None:
    """Add a label and the value beside it under the role that the label has; without one, as what it may be here."""
    value = value.edit(value.value.lstrip(":： "), "label-in-cell", "the colon is the label's", 0.97)
    kind = lexicon.funding_kind(label.value)
    if role == "funding":
        add_funding(block, label, "total", value, col)
    elif role and role.startswith("goal:"):
        _add_goal(block, role, label, value)
    elif role:
        block.fields.append(FormField(role, label, value))
    elif block.in_funding and is_year_head(label.value) and is_amount(value) and _is_other_year(block, label):
        _add_year(block, label, value, col)
    elif told := _execution_role(block, label, col):
        add_execution(block, told, label, value, col)
    elif kind in ("total", "fiscal", "other", "part") or (
        block.in_funding and is_amount(value) and not is_amount(label) and not _counts(label)
    ):
        block.in_funding = True
        add_funding(block, label, kind_of(kind), value, col)
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
        add_funding(block, label, "total", value, col)
    else:
        block.fields.append(FormField("extra", of_both(last.label, label) if last else label, value))


def _counts(label: Text) -> bool:
    """Whether a label in the funding block speaks of anything but money: 执行率分值, 受益人数."""
    return _COUNTS.search(key(label.value)) is not None


def _parted_at_colon(text: Text) -> tuple[Text, Text] | None:
    """A label that nobody knows and its value in one cell (牵头科室：法制科); None where no colon parts them."""
    found = COLON.match(text.value)
    if not found or len(found[1]) > _SHORT_LABEL or re.search("[\\d，。；;！？、]", found[1]):
        return None
    evidence = "a colon parts label and value in one cell"
    label = text.edit(found[1], "label-in-cell", evidence, 0.9)
    return label, text.edit(found[2].strip(), "label-in-cell", evidence, 0.9)


def _execution_role(block: Fields, label: Text, col: int) -> str:
    """What a label beside a budget says of its execution: 执行数, 得分 of the total, or a part of what was spent."""
    column = funding_column(label.value)
    if column and column.roles[0] in (*EXECUTED, "weight") and block.funding:
        return column.roles[0]
    part = block.executed is not None and col >= block.executed and lexicon.funding_kind(label.value)
    return "part" if part else ""


def add_execution(block: Fields, role: str, label: Text, value: Text, col: int) -> None:
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
    return len(text.value) <= SHORT and not re.search("[。；;！？]", text.value) and not is_value_like(text.value)


def add_known(block: Fields, role: str, label: Text, value: Text) -> None:
    """A field whose role its column tells."""
    section, _, kind = role.partition(":")
    if section == "funding":
        add_funding(block, label, kind_of(kind), value, 0)
    elif section == "execution":
        add_execution(block, kind, label, value, 0)
        block.executed = None
    elif section == "goal":
        _add_goal(block, role, label, value)
    else:
        block.fields.append(FormField(role, label, value))


def kind_of(kind: str | None) -> FundingKind:
    """The kind of a funding row; one that is not known is a part."""
    return kind if kind in ("total", "fiscal", "other") else "part"  # type: ignore[return-value]


def _add_goal(block: Fields, role: str, label: Text, value: Text) -> None:
    scope: Scope = "midterm" if role == "goal:midterm" else "annual"
    scope = block.goal_scope if role == "goal:next" else scope
    block.goal_scope = scope
    if value:
        block.goals.append(FormGoal(scope, label, value))


def is_amount(text: Text) -> bool:
    """Whether a cell holds an amount of money or another plain number."""
    return parse_amount(text.value).amount is not None


def add_funding(block: Fields, label: Text, kind: FundingKind, amount: Text, col: int) -> None:
    """Add a row of the funding, with the unit that holds for it and the scope that its column or label tells."""
    block.unit = label if unit_of(label) else block.unit  # 年度资金总额（万元） speaks for the rows below it
    unit = amount if parse_amount(amount.value).unit else block.unit
    block.funding.append(FormFunding(label, kind, amount, unit, scope_in(block, label, kind, col)))


def scope_in(block: Fields, label: Text, kind: FundingKind, col: int) -> Scope:
    """The scope of a funding row: what its label says, else that of the last total in its column or left of it."""
    told = scope_of(label.value)
    if kind == "total":
        block.scopes[col] = told or ("midterm" if block.halves and col == block.halves[0] else "annual")
    home = max((at for at in block.scopes if at <= col), default=min(block.scopes, default=col))
    return told or block.scopes.get(home, "annual")


def of_both(first: Text, text: Text) -> Text:
    """The label of what stands under two: 资金支出计划（3月底）."""
    return Text(f"{first.value.strip()}（{text.value.strip()}）", (*first.places, *text.places))


def unit_of(text: Text) -> str | None:
    """The money unit that a label prints."""
    found = _UNIT.search(re.sub(r"\s", "", text.value))
    return found[1] or found[2] if found else None


def printed_unit(text: Text) -> str | None:
    """The money unit of an amount or of the label that prints it (项目资金 (万元), 单位：万元)."""
    return parse_amount(text.value).unit or unit_of(text)
