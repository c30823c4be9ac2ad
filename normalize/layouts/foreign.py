"""Tables beside the forms (a budget summary, a list of expenses): skipped as a whole, with one note each."""

from __future__ import annotations

import re

from msgspec.structs import replace

from normalize.flow import Flow, Row, finding
from normalize.grids import header_of
from normalize.repairs.headings import is_name_row, is_title_row
from normalize.words import key, roles
from schemas.audit import Finding

_TITLE = re.compile(
    r"^(?:表\d*|附表\d*|\d+)?[、.．]?.{0,24}"
    r"(?:收支|预算|决算|支出|收入|经费|采购|资产|拨款|人员|基金|明细|汇总|一览|构成|来源|公开|结转|债务|编制|收费|购买服务)"
    r".{0,12}表(?:\(.*\))?$"
)
_LONGEST = 40
_REACH = 14  # rows between a form's name and the header of its indicators
_FEWEST = 2  # headers of another table in one row


def skip_foreign(flow: Flow) -> Flow:
    """Take out the tables that are no forms, from their title or header to the next form's title or name."""
    rows: list[Row] = []
    findings: list[Finding] = []
    skipped: list[Row] = []
    index = 0
    while index < len(flow.rows):
        if not _begins(flow.rows, index):
            rows.append(flow.rows[index])
            index += 1
            continue
        end = next((at for at in range(index + 1, len(flow.rows)) if _ends(flow.rows, at)), len(flow.rows))
        findings.append(_skipped(flow.rows[index], end - index))
        skipped += flow.rows[index:end]
        index = end
    return replace(flow, rows=tuple(rows), findings=(*flow.findings, *findings), skipped=tuple(skipped))


def _begins(rows: tuple[Row, ...], index: int) -> bool:
    row = rows[index]
    if len(row.filled) == 1:
        text = row.filled[0][1].value
        titled = len(text) <= _LONGEST and "绩效" not in text and bool(_TITLE.match(key(text)))
        return titled and not is_title_row(row) and not _heads_form(rows, index)
    heads = [text for _, text in row.filled if key(text.value) in roles("foreign")]
    return len(heads) >= _FEWEST and header_of(row) is None and not _is_in_form(rows, index)


def _is_in_form(rows: tuple[Row, ...], index: int) -> bool:
    """Whether a row stands between the title of a form and the header of its indicators, both near."""
    for above in reversed(rows[max(index - _REACH, 0) : index]):
        if is_title_row(above):
            break
        if header_of(above):
            return False
    else:
        return False
    for below in rows[index + 1 : index + 1 + _REACH]:
        if header_of(below) or is_title_row(below):
            return not is_title_row(below)
    return False


def _heads_form(rows: tuple[Row, ...], index: int) -> bool:
    """Whether a form begins right below a line: then the line belongs to it."""
    return any(_ends(rows, at) for at in range(index + 1, min(index + 4, len(rows))))


def _ends(rows: tuple[Row, ...], index: int) -> bool:
    row = rows[index]
    if is_title_row(row):
        return True
    below = rows[index + 1 : index + 1 + _REACH]
    return is_name_row(row) and any(header_of(each) for each in below)


def _skipped(row: Row, count: int) -> Finding:
    shown = " ".join(text.value.strip() for _, text in row.filled)[:60]
    messages = (
        f"“{shown}”起的{count}行不是绩效表，已跳过",
        f"the table that begins with “{shown}” is no performance form; its {count} rows are skipped",
    )
    places = tuple(place for _, text in row.filled for place in text.places)
    return finding("table-skipped", "info", "reading", messages, places)
