"""Forms for a whole department: they have no project name, the department is what they are about."""

from __future__ import annotations

import re

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row
from normalize.repairs.headings import is_name_row, is_title_row
from normalize.words import key

_REACH = 6  # rows below the title within which the department stands


def mark_departments(flow: Flow) -> Flow:
    """Mark the row of the department's name as the beginning of a form whose title says that it is for a whole one."""
    rows = list(flow.rows)
    for index, row in enumerate(rows):
        if not is_title_row(row) or "整体" not in key(row.filled[0][1].value):
            continue
        below = range(index + 1, min(index + 1 + _REACH, len(rows)))
        found = next((at for at in below if _names_department(rows[at])), None)
        named = any(is_name_row(rows[at]) or is_title_row(rows[at]) for at in below if found is None or at < found)
        if found is not None and not named and not is_name_row(rows[found]):
            rows[found] = replace(rows[found], start=True)
    return replace(flow, rows=tuple(rows))


def _names_department(row: Row) -> bool:
    """Whether a row has the department's label: its first one, behind its code, or before a colon in one cell."""
    labels = [re.split("[:：]", text.value, maxsplit=1)[0] for _, text in row.filled]
    roles = [lexicon.field_role(label) for label in labels]
    return bool(roles) and roles[0] is not None and not {"department", "unit"}.isdisjoint(roles)
