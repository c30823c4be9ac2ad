"""Labels cut in two by a page break, rejoined against the closed vocabulary."""

from __future__ import annotations

import re

from msgspec.structs import replace

from normalize.flow import Flow, Row, drop
from normalize.headers import column
from normalize.lexicon import field_role, first_characters, is_prose, is_title, label_kinds, may_be_label, year_row
from normalize.words import key, remembered
from schemas.text import BLANK, Text

_REACH = 60  # rows between the two halves of a merged label; a page holds fewer
_SUFFIXES = ("名称",)  # a label of its own in a header, but also the end of others: 主管部门|名称
_PERIOD = re.compile(r"(?:\d+[年月日度.]*[至到\-—–~]*)+")  # a value that a goal's label may carry, but no half of one
_NUMBER = re.compile(r"[\s\d.,%％]+")
_CLASSES = frozenset({"level1", "level2"})
_UNIT = re.compile(r"(?:万|千|亿)?元")
_GRID_LABELS = frozenset({"block", "level1", "level2"})  # their second half stands at the head of a page
_LONGEST = 40  # characters of the longest label with its note


@remembered
def completes(head: str, tail: str) -> bool:
    """Whether two pieces make one label that they are not yet: 产出指 + 标, 项目资金 + (万元)."""
    if not head or not tail or len(head) + len(tail) > _LONGEST or not may_be_label(head + tail):
        return False
    if label_kinds(tail) and key(tail) not in _SUFFIXES and (label_kinds(head) or _PERIOD.fullmatch(key(head))):
        return False
    if label_kinds(head) and _UNIT.fullmatch(tail.strip()):
        return False  # 其他资金 above a lone 万元, which is the end of an amount
    if "year" in label_kinds(tail) or tail.strip().isdecimal():
        return False  # 年度 above a whole (2025年度)
    kinds = label_kinds(head + tail)
    return bool(kinds - _CLASSES if _NUMBER.fullmatch(head) else kinds)  # 12.5 above 数量指标 numbers no class


def join_cut_labels(flow: Flow) -> Flow:
    """Rejoin labels whose second half stands at the head of the next page, often beside another row.

    A merged label's halves stand in the same column, with blanks between; where columns are lost, any cell above may
    hold the first half. The half below is taken out of its row, which keeps its other cells.
    """
    rows = list(flow.rows)
    index = 1
    while index < len(rows):
        if _join_row(rows, index, marked=flow.marked) and not rows[index].filled:
            drop(rows, index)
        else:
            index += 1
    return replace(flow, rows=tuple(rows))


def _join_row(rows: list[Row], index: int, *, marked: bool) -> bool:
    joined = False
    for col, tail in rows[index].filled:
        found = _head(rows, index, col, tail)
        if found and _divides(rows[found[0]].cells[found[1]], rows[index]):
            continue
        if found is None or (key(tail.value) in _SUFFIXES and _is_header(rows[index])):
            continue
        above, at = found
        head = rows[above].cells[at]
        sure = rows[index].cut or not marked
        what = "a label of the closed vocabulary" if label_kinds(head.value + tail.value) else "a form's title"
        evidence = f"“{head.value}” and “{tail.value}” make {what}"
        label = head.join(tail, "cut-label", evidence, 0.98 if sure else 0.95)
        rows[above] = rows[above].put(at, label)
        rows[index] = rows[index].put(col, BLANK)
        if label_kinds(label.value) & _GRID_LABELS:
            rows[index] = replace(rows[index], cut=rows[index].cut or "inferred")
        joined = True
    return joined


def _divides(head: Text, row: Row) -> bool:
    """Whether a row of headers divides a column of the header above: 指标值 over 符号, 数值 and 单位."""
    return len(row.filled) > 1 and bool(column(head.value)) and all(column(text.value) for _, text in row.filled)


def _is_header(row: Row) -> bool:
    """Whether a row holds labels of a grid's header, beside which 名称 is one of its own."""
    return sum("header" in label_kinds(text.value) for _, text in row.filled) > 2


def _ends_title(rows: list[Row], index: int) -> bool:
    """Whether a line and the one above it make a title of any name, which no line does alone, above a form's fields."""
    above, row = rows[index - 1 : index + 1]
    if len(row.filled) != 1 or len(above.filled) != 1 or index + 1 == len(rows):
        return False
    head, tail = above.filled[0][1].value, row.filled[0][1].value
    alone = is_title(head) or is_title(tail) or label_kinds(head) or label_kinds(tail)
    first = rows[index + 1].filled[0][1].value
    begins = year_row(first) is not None or field_role(first) == "name"
    return begins and not alone and is_title(head + tail)


def _is_middle(rows: list[Row], index: int, col: int, head: str, middle: str) -> bool:
    """Whether a text is the middle of a label that two page breaks cut: 产 + 出指 + 标."""
    if head[:1] not in first_characters() or label_kinds(middle):
        return False
    tail = next((text.value for row in rows[index + 1 : index + _REACH] if (text := row.at(col))), "")
    if not tail or len(head + middle + tail) > _LONGEST or label_kinds(tail):
        return False
    return bool(label_kinds(head + middle + tail) & _GRID_LABELS)


def _head(rows: list[Row], index: int, col: int, tail: Text) -> tuple[int, int] | None:
    if len(tail.value) >= _LONGEST:
        return None
    if _ends_title(rows, index):
        return index - 1, rows[index - 1].filled[0][0]
    if is_prose(tail.value):
        return None
    aligned = rows[index].aligned
    for above in range(index - 1, max(index - _REACH, -1), -1):
        row = rows[above]
        if row.aligned and aligned:
            cells = row.cells
            if col < len(cells) and cells[col] is not BLANK and cells[col]:
                head = cells[col].value
                goes_on = completes(head, tail.value) or _is_middle(rows, index, col, head, tail.value)
                return (above, col) if goes_on else None
        else:
            at = next((at for at, head in row.filled if completes(head.value, tail.value)), None)
            if at is not None:
                return above, at
    return None
