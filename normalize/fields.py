"""The field block of a form: labels and their values, funding rows, goals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from normalize import lexicon
from normalize.flow import Row, finding
from normalize.values import parse_amount
from schemas.audit import Finding
from schemas.form import FormField, FormFunding, FormGoal
from schemas.project import FundingKind, Scope
from schemas.text import BLANK, Text

_UNIT = re.compile(r"(?:[(（](?:金额)?(?:单位)?[:：]?|单位[:：]?)(?:人民币)?(万元|亿元|千元|元)|(万元)$")
_COLON = re.compile(r"^([^:：]{1,16})[:：]\s*(.+)$", re.DOTALL)
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


def read_fields(rows: Iterable[Row]) -> Fields:
    """The fields, funding rows and goals of the rows of one field block."""
    block = Fields()
    for row in rows:
        _read_row(block, [part for _, text in row.filled for part in _parts(text)])
    return block


def _parts(text: Text) -> list[Text]:
    """A cell as labels and values where both stand in it behind colons (填表人：某某 联系电话：1234), else the cell."""
    found = _COLON.match(text.value)
    if not found or lexicon.label_kinds(text.value) or not lexicon.field_role(found[1]):
        return [text]
    label = text.edit(found[1], "label-in-cell", "label and value stand in one cell", 0.95)
    end = _next_label(found[2]) if lexicon.field_role(found[1]) == "extra" else len(found[2])
    value = text.edit(found[2][:end].strip(), "label-in-cell", f"the value behind the label “{found[1]}”", 0.95)
    if end == len(found[2]):
        return [label, value]
    rest = text.edit(found[2][end:], "label-in-cell", "another label stands behind the value in one cell", 0.95)
    return [label, value, *_parts(rest)]


def _next_label(text: str) -> int:
    """Where the next label and its colon begin behind a value of a few words; the text's length where none does."""
    for colon in re.finditer("[:：]", text[:_SHORT]):
        starts = range(max(colon.start() - 8, 0), colon.start() - 1)
        start = next((at for at in starts if lexicon.field_role(text[at : colon.start()]) == "extra"), None)
        if start is not None:
            return start
    return len(text)


def _read_row(block: Fields, cells: list[Text]) -> None:
    index = 0
    while index < len(cells):
        label, value = cells[index], cells[index + 1] if index + 1 < len(cells) else BLANK
        if lexicon.is_unit_line(label.value):
            block.unit = label
            index += 1
            continue
        role = lexicon.field_role(label.value)
        if role == "funding":
            block.in_funding = True
            block.unit = label if _unit_of(label) else block.unit
            index += 1
            continue
        if role:
            block.in_funding = False
        value = BLANK if is_own_label(value) else value
        _add(block, role, label, value)
        index += 2 if value else 1


def is_own_label(text: Text) -> bool:
    """Whether a cell of the field block is a label rather than a value."""
    return bool(lexicon.field_role(text.value) or lexicon.funding_kind(text.value))


def _add(block: Fields, role: str | None, label: Text, value: Text) -> None:
    kind = lexicon.funding_kind(label.value)
    if role and role.startswith("goal:"):
        _add_goal(block, role, label, value)
    elif role:
        block.fields.append(FormField(role, label, value))
    elif kind in ("total", "fiscal", "other", "part") or (block.in_funding and _is_amount(value)):
        block.in_funding = True
        _add_funding(block, label, _kind(kind), value)
    elif value:
        block.fields.append(FormField("extra", label, value))
    else:
        block.notes.append(_unplaced(label))


def _kind(kind: str | None) -> FundingKind:
    return kind if kind in ("total", "fiscal", "other") else "part"  # type: ignore[return-value]


def _add_goal(block: Fields, role: str, label: Text, value: Text) -> None:
    scope: Scope = "midterm" if role == "goal:midterm" else "annual"
    if value:
        block.goals.append(FormGoal(scope, label, value))


def _is_amount(text: Text) -> bool:
    return parse_amount(text.value).amount is not None


def _add_funding(block: Fields, label: Text, kind: FundingKind, amount: Text) -> None:
    block.unit = label if _unit_of(label) else block.unit  # 年度资金总额（万元） speaks for the rows below it
    unit = amount if parse_amount(amount.value).unit else block.unit
    block.funding.append(FormFunding(label, kind, amount, unit))


def _unit_of(text: Text) -> str | None:
    """The money unit that a label prints."""
    found = _UNIT.search(re.sub(r"\s", "", text.value))
    return found[1] or found[2] if found else None


def _unplaced(text: Text) -> Finding:
    shown = text.value.strip()[:60]
    messages = (f"“{shown}”没有可归属的栏目，未写入结果", f"“{shown}” belongs to no field and is not in the result")
    return finding("unplaced-text", "error", "reading", messages, text.places)


def printed_unit(text: Text) -> str | None:
    """The money unit of an amount or of the label that prints it (项目资金 (万元), 单位：万元)."""
    return parse_amount(text.value).unit or _unit_of(text)
