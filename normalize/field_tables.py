"""The rows of small tables inside the field block, as `mark_tables` names them, and what each adds to the block."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from normalize import lexicon
from normalize.block import (
    EXECUTED,
    Fields,
    add,
    add_funding,
    is_amount,
    is_own_label,
    kind_of,
    of_both,
    scope_in,
    unit_of,
)
from normalize.flow import Row, unplaced
from normalize.headers import funding_column, header_year, is_task_column, is_year_head
from normalize.layouts.tables import remarks_of
from normalize.values import parse_amount
from schemas.form import FormField, FormFunding
from schemas.project import FundingKind, Scope
from schemas.text import BLANK, Text

_SPENT = re.compile("执行数|实际支出|已支出")


def _head_funding(block: Fields, row: Row) -> None:
    """The header of a funding table (年初预算数, 全年预算数, …)."""
    block.in_funding = True
    block.columns = [(col, text) for col, text in row.filled if funding_column(text.value)]
    remarks = remarks_of(row)
    block.remarks = (remarks, row.at(remarks)) if remarks is not None else None
    for _, text in row.filled:
        block.unit = text if unit_of(text) else block.unit


def _execution(block: Fields, row: Row) -> None:
    """A row of a funding table: the year's budget, beside it what was spent; a half-year's is a row of its own."""
    end = block.remarks[0] if block.remarks and row.aligned else len(row.cells)
    cells = [(col, text) for col, text in row.filled if col < end and lexicon.field_role(text.value) != "funding"]
    for _, text in cells:
        block.unit = text if unit_of(text) else block.unit
    (at, label), values = cells[0], cells[1:]
    if block.remarks:
        block.fields += [
            FormField("extra", of_both(block.remarks[1], label), text) for col, text in row.filled if col >= end
        ]
    if not row.aligned and len(values) not in (0, len(block.columns)):
        block.notes += [unplaced(text) for _, text in values]
        values = []
    known = lexicon.funding_kind(label.value)
    if not lexicon.balanced(label.value) or (row.cut and not values and not known):
        block.notes += [unplaced(label)]  # the rest of a label that a page cuts
    kind = kind_of(known)
    by_scope = _by_scope(block.columns, values, aligned=row.aligned)
    if not row.exact and any(map(_is_misplaced, by_scope.values())):
        block.notes += [unplaced(text) for _, text in values]
        by_scope = {}
    for told, by_role in by_scope.items() or {None: {}}.items():
        amount = by_role.get("amount") or by_role.get("initial") or BLANK
        unit = amount if parse_amount(amount.value).unit else block.unit
        scope = scope_in(block, label, kind, at) if told in (None, "annual") else told
        executed = tuple(sorted(by_role.items())) if EXECUTED & set(by_role) or _is_evaluated(block) else ()
        block.funding.append(FormFunding(label, kind, amount, unit, scope, executed))


def _is_misplaced(by_role: dict[str, Text]) -> bool:
    """Whether a share stands where money belongs, or where a weight does while none stands under the rate."""
    shares = {role for role, text in by_role.items() if text.value.strip().endswith(("%", "％"))}
    return bool(shares & {"initial", "amount", "executed"}) or (bool(shares) and "rate" not in shares)


def _is_evaluated(block: Fields) -> bool:
    return any((column := funding_column(text.value)) and column.roles[0] in EXECUTED for _, text in block.columns)


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
        block.unit = text if unit_of(text) else block.unit


def _year_amounts(block: Fields, row: Row) -> None:
    """A row of amounts by year: that of the form's year, the sum of all years as mid-term, the others by their year."""
    heads = dict(block.columns)
    cells = [
        (col, text) for col, text in row.filled if col not in heads and lexicon.field_role(text.value) != "funding"
    ]
    label = cells[0][1] if cells else row.filled[0][1]
    kind = kind_of(lexicon.funding_kind(label.value))
    for col, text in row.filled:
        head = heads.get(col, BLANK)
        if lexicon.is_sum(head.value) or (block.year and header_year(head.value) == block.year):
            scope: Scope = "midterm" if lexicon.is_sum(head.value) else "annual"
            unit = text if parse_amount(text.value).unit else block.unit
            block.funding.append(FormFunding(label, kind, text, unit, scope))
        elif head:
            block.fields.append(FormField("extra", of_both(label, head), text))
        elif text is not label and lexicon.field_role(text.value) != "funding":
            block.notes.append(unplaced(text))


def _head_values(block: Fields, row: Row) -> None:
    """Labels over their values; a first label that nothing stands under heads the others (年度总体目标)."""
    (_, first), *others = row.filled
    bare = lexicon.field_role(first.value) in (None, "extra") and not any(is_own_label(text) for _, text in others)
    block.columns = [(col, of_both(first, text)) for col, text in others] if bare else list(row.filled)
    block.in_funding = block.in_funding and not bare
    for _, text in row.filled:
        block.unit = text if unit_of(text) else block.unit


def _values(block: Fields, row: Row) -> None:
    for col, label in block.columns:
        value = row.at(col)
        if value:
            add(block, lexicon.field_role(label.value), label, value, col)


def _head_tasks(block: Fields, row: Row) -> None:
    """The header of a table of tasks; a second row of it divides the columns of the first."""
    heads = [(col, text) for col, text in row.filled if is_task_column(text.value)]
    block.columns = sorted({**dict(block.columns), **dict(heads)}.items())
    for _, text in heads:
        block.unit = text if unit_of(text) else block.unit


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
        if total and is_amount(text) and not _is_of_past(block, label):
            kind = lexicon.funding_kind(label.value) or _kind_of_sum(label, first=not sums)
            sums += 1
            shown = label if kind in ("fiscal", "other") else name
            add_funding(block, shown, kind_of(kind), text, col)
        else:
            block.fields.append(FormField("extra", of_both(label, name), text))
    if len(cells) == 1 and not total:
        block.fields.append(FormField("extra", block.columns[0][1], name))


def _is_of_past(block: Fields, label: Text) -> bool:
    """Whether a column's amounts are of another year than the form's, or were spent: 2020年实际执行数."""
    return header_year(label.value) not in (None, block.year) or _SPENT.search(label.value) is not None


def _kind_of_sum(label: Text, *, first: bool) -> FundingKind:
    """The kind of a sum under a head that says no more than 金额: the first is that of all."""
    return "total" if lexicon.field_role(label.value) == "funding" or (first and "金额" in label.value) else "part"


TABLES: Mapping[str, Callable[[Fields, Row], None]] = {
    "funding-columns": _head_funding,
    "execution": _execution,
    "year-columns": _head_years,
    "year-amounts": _year_amounts,
    "heads": _head_values,
    "values": _values,
    "task-columns": _head_tasks,
    "task": _task,
}
