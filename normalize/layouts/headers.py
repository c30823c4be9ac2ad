"""Headers of two rows made one, and the line above a grid that states its scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from normalize.flow import Flow, Header, Row
from normalize.grids import header_cells, header_of
from normalize.headers import block_scope, column, funding_column, is_place, list_column, scope_of
from normalize.layouts.content import operator_of
from normalize.lexicon import class_label, field_role, funding_kind, is_block
from normalize.values import is_value_like
from normalize.words import key
from schemas.text import BLANK, Edit, Text

_LABELS = ("block", "level1", "level2", "name")
_FEWEST = 3
_MONEY = re.compile(r"[(（]\s*(?:单位\s*[:：]\s*)?(万元|亿元|千元|元)\s*[)）]")
_LONGEST = 16  # characters of a cell in the second row of a header


def merge_headers(flow: Flow) -> Flow:
    """Make one row of a header of two: the upper one stands above the columns of the lower one and fills its blanks.

    A cell of the upper row reaches to the next one (指标值 over 半年 and 全年). A line above a header that says
    only 中期绩效指标 is its upper row too.
    """
    rows: list[Row] = []
    for row in flow.rows:
        if rows and header_of(rows[-1]) and numbers_columns([text for _, text in row.filled]):
            continue
        merged = _merged(rows[-1], row) if rows else None
        if merged:
            rows[-1] = merged
        else:
            rows.append(row)
    return replace(flow, rows=tuple(rows))


def _merged(upper: Row, lower: Row) -> Row | None:
    if not upper.filled or not lower.filled or len(lower.filled) > 40:
        return None
    above, below = header_of(upper), header_of(lower)
    if below and _is_scope_line(upper):
        return _under(upper, lower, fill=False)
    if not (upper.aligned and lower.aligned) or len(upper.filled) < 2:
        return None
    over = above is not None and below is not None and _stands_over(upper, below)
    if over or (above and _goes_on(above, lower)) or (below and _heads_list(upper, lower)):
        return _under(_beside(upper, lower) if over else upper, lower, fill=True)
    if _divides_funding(upper, lower):
        return replace(_with_units(_under(upper, lower, fill=True)), upper=())
    apart = below is not None and above is None and _tells_apart(upper, lower)
    return _under(upper, lower, fill=False) if apart else None


def numbers_columns(texts: Sequence[Text]) -> bool:
    """Whether a row below a header only numbers its columns (1 2 3 …), which is no content."""
    numbers = [text.value.strip() for text in texts]
    if len(numbers) < _FEWEST or not all(number.isascii() and number.isdecimal() for number in numbers):
        return False
    return [int(number) for number in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))


def _is_scope_line(row: Row) -> bool:
    return len(row.filled) == 1 and block_scope(row.filled[0][1].value) is not None


def _goes_on(header: Header, lower: Row) -> bool:
    """Whether the lower row only divides columns of a header above it: 指标值 into 半年 and 全年, or into places."""
    labels = {col for col, role in header.roles if role in _LABELS}
    cells = [text for _, text in lower.filled]
    if any(col in labels for col, _ in lower.filled) or not all(_divides(text) for text in cells):
        return False
    return any(column(text.value) or scope_of(text.value) or is_place(text.value) for text in cells)


def _stands_over(upper: Row, header: Header) -> bool:
    """Whether a header stands below the words that group its columns, and other columns beside these words.

    绩效指标 over the levels and 年度指标值 over value and unit, beside 实际完成值 and 得分, which reach down.
    """
    if not {"name", "target"} <= header.columns.keys():
        return False
    groups = [_groups(text) for _, text in upper.filled]
    over = groups.index(False) if False in groups else 0
    return over > 0 and not any(groups[over:]) and all(column(text.value) for _, text in upper.filled[over:])


def _groups(text: Text) -> bool:
    """Whether a header cell may group the levels of indicators, or the parts of their values."""
    named = column(text.value)
    return is_block(text.value) or bool(named and named.roles[0] == "target")


def _beside(upper: Row, lower: Row) -> Row:
    """The upper row with the columns that reach down beside the lower row, which a text puts above it instead."""
    down = [(col, text) for col, text in upper.filled if not _groups(text)]
    end = lower.filled[-1][0] + 1
    if upper.exact or not down or down[0][0] >= end or not all(column(text.value) for _, text in down):
        return upper
    over = [text if _groups(text) else BLANK for text in upper.cells]
    return replace(upper, cells=(*over[:end], *[BLANK] * (end - len(over)), *(text for _, text in down)))


def _divides(text: Text) -> bool:
    """Whether a text may head a part of a column: a few words that are no value, no class and no block."""
    value = text.value
    if len(value) > _LONGEST or class_label(value, 1) or class_label(value, 2) or is_block(value):
        return False
    return not is_value_like(value) and operator_of(value) is None


def _tells_apart(upper: Row, lower: Row) -> bool:
    """Whether the upper row gives a scope or a place to columns that the lower one calls by one name."""
    roles = [cell.role for cell in header_cells(lower)]
    twice = {role for role in roles if role != "other" and roles.count(role) > 1}
    if not twice & {"target", "name"}:
        return False
    first = next(cell.col for cell in header_cells(lower) if cell.role in twice)
    over = [text for col, text in upper.filled if col >= min(first, upper.filled[-1][0])]
    return bool(over) and all(_is_over(text) for text in over) and not _is_field_row(upper)


def _heads_list(upper: Row, lower: Row) -> bool:
    """Whether the upper row has the projects' columns of a list, and the lower one those of its indicators alone."""
    if len(upper.filled) < _FEWEST:
        return False
    first = lower.filled[0][0]
    own = [text.value for col, text in upper.filled if col < first]
    over = [text.value for col, text in upper.filled if col >= first]
    names = [field_role(text) == "name" or list_column(text) == "name" for text in own]
    return any(names) and all(is_block(text) or column(text) or key(text) == "指标" for text in over)


def _divides_funding(upper: Row, lower: Row) -> bool:
    """Whether the lower row divides the money of a list of projects (资金（万元） into 财政资金 and 其他资金)."""
    if len(upper.filled) < _FEWEST or len(lower.filled) < 2 or lower.filled[0][0] == 0:
        return False
    names = any("name" in (field_role(text.value), list_column(text.value)) for _, text in upper.filled)
    return names and all(funding_kind(text.value) or funding_column(text.value) for _, text in lower.filled)


def _with_units(row: Row) -> Row:
    """The row, with the unit of the money that only its upper row prints."""
    for col, text in row.filled:
        above = row.upper[col] if col < len(row.upper) else BLANK
        unit = _MONEY.search(above.value) if above is not text else None
        if unit and not _MONEY.search(text.value):
            whole, places = f"{text.value.strip()}（{unit[1]}）", (*text.places, *above.places)
            before = "\n".join(place.text for place in places)
            step = Edit("label-in-cell", before, whole, "the unit stands in the header above", 0.95)
            row = row.put(col, Text(whole, places, (step,)))
    return row


def _is_over(text: Text) -> bool:
    value = text.value
    return bool(scope_of(value) or block_scope(value) or is_place(value))


def _is_field_row(row: Row) -> bool:
    first = row.filled[0][1].value
    return field_role(first) is not None and not is_block(first)


def _under(upper: Row, lower: Row, *, fill: bool) -> Row:
    width = max(len(upper.cells), len(lower.cells))
    above, reach = [], BLANK
    for col in range(width):
        reach = upper.at(col) or reach
        above.append(reach)
    cells = [lower.at(col) or (upper.at(col) if fill else BLANK) for col in range(width)]
    shown = [text if lower.at(col) else BLANK for col, text in enumerate(above)]
    return replace(lower, cells=tuple(cells), upper=tuple(shown), cut=upper.cut, notes=(*upper.notes, *lower.notes))
