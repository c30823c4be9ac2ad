"""Small tables inside the field block: labels over their values, funding in columns, tasks of a department."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row
from normalize.headers import funding_column, is_task_column, is_year_head
from normalize.values import parse_amount
from normalize.words import key
from schemas.text import Text

_BREAK = re.compile(r"\s*\n\s*")
_SAYS_WHAT = re.compile("任务|内容|活动|工作|构成|明细")
"""What the head of a column of tasks, or of what the money is for, has in it."""


def mark_tables(flow: Flow) -> Flow:
    """Tell each row of a small table what it is.

    "funding-columns" stands over "execution" rows, "year-columns" over "year-amounts" rows, "task-columns" over "task"
    rows, "heads" over "values".
    """
    rows: list[Row] = []
    inside = ""
    remarks: int | None = None
    for index, row in enumerate(flow.rows):
        below = flow.rows[index + 1 : index + 2]
        inside = _kind(row, below, inside, remarks) if row.zone == "head" and not row.field else ""
        remarks = remarks_of(row) if inside == "funding-columns" else remarks
        rows.append(replace(row, field=inside) if inside else row)
    return replace(flow, rows=tuple(rows))


def remarks_of(header: Row) -> int | None:
    """Where the column of remarks begins that a funding table ends with (原因, 佐证材料); None where it has none."""
    columns = [col for col, text in header.filled if funding_column(text.value)]
    behind = [col for col, _ in header.filled if columns and col > columns[-1]]
    return behind[0] if behind and header.aligned else None


def _kind(row: Row, below: Sequence[Row], inside: str, remarks: int | None) -> str:
    if _heads_funding(row):
        return "funding-columns"
    if _heads_years(row):
        return "year-columns"
    if _heads_tasks(row, inside):
        return "task-columns"
    return _follows(row, inside, remarks) or ("heads" if inside != "heads" and _heads_values(row, below) else "")


def _follows(row: Row, inside: str, remarks: int | None) -> str:
    """What a row is that goes on with the small table above it; "" where it does not."""
    if inside in ("funding-columns", "execution") and _is_execution(row, remarks):
        return "execution"
    if inside in ("year-columns", "year-amounts") and _is_execution(row, None) and len(row.filled) > 1:
        return "year-amounts"
    if inside in ("task-columns", "task") and not _begins_field(row):
        return "task"
    return "values" if inside == "heads" else ""


def _heads_funding(row: Row) -> bool:
    found = {(column.roles[0], column.scope) for _, text in row.filled if (column := funding_column(text.value))}
    budget = any(role in ("amount", "initial") for role, _ in found)
    return len(found) > 1 and budget and not _amounts(row)


def _heads_years(row: Row) -> bool:
    """Whether a row heads amounts by their year: 2024年, 2025年预算, 合计, behind labels of funding."""
    years = [text for _, text in row.filled if is_year_head(text.value)]
    if len(years) < 2 or not row.aligned:
        return False
    others = [text for _, text in row.filled if not is_year_head(text.value)]
    known = all(lexicon.is_sum(text.value) or lexicon.field_role(text.value) or _is_label(text) for text in others)
    return known or len(others) == 1


def _heads_tasks(row: Row, inside: str) -> bool:
    """Whether a row heads tasks: two columns of them behind a label, one of which is not money; or their lower row."""
    heads = [text for _, text in row.filled if is_task_column(text.value)]
    if inside == "task-columns":
        return len(heads) == len(row.filled)
    words = [text for text in heads if not lexicon.funding_kind(text.value)]
    return len(heads) > 1 and len(heads) >= len(row.filled) - 1 and bool(words) and _named(words)


def _named(words: Sequence[Text]) -> bool:
    return any(_SAYS_WHAT.search(text.value) for text in words)


def _is_execution(row: Row, remarks: int | None) -> bool:
    """Whether a row of a funding table has a label and then only amounts, shares and dashes; remarks may follow."""
    end = remarks if remarks is not None and row.aligned else len(row.cells)
    cells = [text for col, text in row.filled if col < end and lexicon.field_role(text.value) != "funding"]
    if not cells or _is_amount(cells[0]) or _begins_other_field(cells[0]):
        return False
    return all(_is_amount(text) for text in cells[1:])


def _begins_other_field(text: Text) -> bool:
    return lexicon.field_role(text.value) not in (None, "funding")


def _begins_field(row: Row) -> bool:
    col, text = row.filled[0]
    return (col == 0 or not row.aligned) and lexicon.field_role(text.value) is not None


def _is_amount(text: Text) -> bool:
    bare = _BREAK.sub("", text.value.strip()).rstrip("%％分")  # 1580. ⏎ 00 wraps in a narrow column
    return parse_amount(bare).amount is not None or set(bare) <= set("-—–―－/／*＊ ")


def _amounts(row: Row) -> bool:
    return any(parse_amount(_BREAK.sub("", text.value)).amount is not None for _, text in row.filled)


def _heads_values(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row holds labels alone and the row below it their values, each in its label's column."""
    labels = [col for col, text in row.filled if _is_label(text)]
    if not below or below[0].zone != "head" or not (row.aligned and below[0].aligned):
        return False
    if len(labels) < 2:
        return _heads_numbers(row, below[0])
    values = below[0].filled
    if any(_is_label(text) for _, text in values) or values[0][0] == 0:
        return False
    columns = [col for col, _ in values]
    if len(labels) == len(row.filled):
        return set(columns) <= set(labels) and (len(columns) > 1 or columns[0] != labels[0])
    heads = [(col, text) for col, text in row.filled if col in columns]
    short = all(_is_label(text) or _may_be_label(text) for _, text in heads)
    filled = [text for _, text in row.filled if key(text.value) != "其中"]
    return len(columns) > 1 and len(heads) == len(columns) == len(filled) - 1 and labels[0] == 0 and short


def _heads_numbers(row: Row, below: Row) -> bool:
    """Whether words stand over numbers beside a label that heads all: 资金支出计划, 3月底 over 30, 6月底 over 60."""
    heads, columns = dict(row.filled[1:]), [col for col, _ in below.filled]
    if row.filled[0][0] or len(columns) < 2 or not set(columns) <= set(heads) or len(heads) > len(columns) + 1:
        return False
    return not any(map(_is_amount, heads.values())) and all(_is_amount(text) for _, text in below.filled)


def _may_be_label(text: Text) -> bool:
    return re.fullmatch(r"[^\d,，。；;！!]{2,16}", text.value.strip()) is not None


def _is_label(text: Text) -> bool:
    return bool(lexicon.field_role(text.value) or lexicon.funding_kind(text.value))
