"""Cells cut in two by a page break: the row below that only continues the row above."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row, drop, unplaced
from normalize.layouts.content import is_dots, operator_of
from normalize.repairs.headings import is_unit_row
from normalize.values import is_value_like, parse_amount, parse_target
from schemas.text import Text

_LABELS = frozenset({"block", "level1", "level2"})
_WHOLE = ("operator", "unit", "weight", "score")  # columns of single words and numbers, which pages hardly cut in two
_OPEN_END = re.compile(r"[（(“‘《【、，,：:；/\-—]\s*$")
_NUMBERED = re.compile(r"^\s*(?:目标\s*)?[(（]?[\d一二三四五六七八九十]{1,2}[)）、.．:：]\D")
_CLOSING_START = re.compile(r"^\s*[）)”’》】、，,。；：:]")


def join_cut_cells(flow: Flow) -> Flow:
    """Rejoin a row with the row above where it has no labels of its own and continues what stands there."""
    rows = list(flow.rows)
    marked = _marked(rows)
    context = _Context(_lonely_name(rows), flow.rows)
    index = 1
    while index < len(rows):
        above, row = rows[index - 1], rows[index]
        merged = None
        if row.zone == above.zone == "grid":
            merged = _continue_indicator(rows, index, context, marked=marked[index])
        elif row.zone == above.zone == "head":
            merged = _continue_field(above, row, marked=flow.marked)
        if merged is None:
            index += 1
            continue
        rows[index - 1] = merged
        drop(rows, index)
        marked.pop(index)
    return replace(flow, rows=tuple(rows))


class _Context(Struct, frozen=True, dict=True):
    """What the rest of the document says: the only name without a value, and all rows, to look word seams up in."""

    lonely: Row | None
    rows: tuple[Row, ...]

    @cached_property
    def texts(self) -> str:
        """Every text of the document."""
        return "\n".join(text.value for row in self.rows for text in row.cells)

    def is_seam(self, head: str, tail: str) -> bool:
        """Whether the pair of characters at a seam stands elsewhere, as it would inside a word or phrase."""
        return bool(head and tail) and head[-1:] + tail[:1] in self.texts


def _marked(rows: list[Row]) -> list[bool]:
    """For each row whether page cuts are marked inside its form; blank lines between forms mark none inside them."""
    marked: list[bool] = []
    for inner, group in groupby(rows, key=lambda row: row.zone in ("head", "header", "grid")):
        body = list(group)
        marked += [inner and any(row.cut == "marked" for row in body[1:])] * len(body)
    return marked


def _lonely_name(rows: list[Row]) -> Row | None:
    """The row with the only name in the document that has no value: it is cut rather than not filled in."""
    empty = [row for row in rows if row.zone == "grid" and "name" in row.roles and "target" not in row.roles]
    return empty[0] if len(empty) == 1 else None


def _heads_next(rows: list[Row], index: int, context: _Context) -> bool:
    """Whether a name without a value begins the row below rather than ending the row above.

    Only asked where no page cut stands before it. The evidence is the pair of characters at each seam: one that
    stands elsewhere in the document is a word's, one that does not is where two names meet.
    """
    if index + 1 >= len(rows):
        return False
    above, row, below = (rows[at].role("name").value for at in (index - 1, index, index + 1))
    if not below or not above or rows[index + 1].zone != "grid" or _broken(above, row):
        return False
    if rows[index + 1].cut or above.rstrip().endswith("。"):
        return True
    return context.is_seam(row, below) and not context.is_seam(above, row)


def _stands_between_cuts(rows: list[Row], index: int) -> bool:
    """Whether a name without a value may as well belong to the row below: both stand behind a page cut."""
    below = rows[index + 1] if index + 1 < len(rows) else None
    if below is None or below.zone != "grid" or not (rows[index].cut and below.cut):
        return False
    return bool(below.role("name") and below.role("target")) and _LABELS.isdisjoint(below.roles)


def _continue_indicator(rows: list[Row], index: int, context: _Context, *, marked: bool) -> Row | None:
    """The row above with this row joined to it; None where this row stands for itself."""
    above, row = rows[index - 1], rows[index]
    if row.exact and not row.cut:
        return None
    if not _LABELS.isdisjoint(row.roles) or any(lexicon.is_sum(text.value) for _, text in row.filled):
        return None
    if any(_stands_alone(role, above, row) for role in _WHOLE) or is_dots(row.role("name").value):
        return None
    name, target = row.role("name"), row.role("target")
    if not above.role("name"):
        sure = 0.9 if row.cut and above.role("target") and name and not target else 0
    elif name and target:
        sure = _same_indicator(above, row, context, lonely=above is context.lonely, marked=marked)
    elif name:
        sure = _name_goes_on(rows, index, context, marked=marked)
    else:
        sure = 0 if _waits_for_name(rows, index) else _value_goes_on(above, row)
    return _merge(above, row, sure) if sure else None


def _stands_alone(role: str, above: Row, row: Row) -> bool:
    """Whether both rows hold a whole word or number of a column; an operator in words may be cut (小于, 等于)."""
    head, tail = above.role(role).value, row.role(role).value
    rest = bool(row.cut) and not row.role("name") and not row.role("target")
    return bool(head and tail) and not (rest and role == "operator" and operator_of(head + tail))


def _same_indicator(above: Row, row: Row, context: _Context, *, lonely: bool, marked: bool) -> float:
    """How sure it is that a row with name and value goes on with the row above (0: it does not)."""
    name, target = row.role("name").value, row.role("target").value
    if not above.role("target"):
        if row.cut:
            return 0.8
        likely = not marked or context.is_seam(above.role("name").value, name)
        return 0.75 if lonely and likely else 0
    if not row.cut:
        return 0
    whole = parse_target(above.role("target").value + target)
    halves = parse_target(above.role("target").value), parse_target(target)
    if halves[1].kind == "unfilled" and whole.kind in ("number", "range", "date"):
        return 0.9
    if whole.kind == "date" and halves[0].kind == "number" and halves[0].unit is None:
        return 0.84  # 11 ⏎ 月底之前
    return 0.8 if _broken(above.role("name").value, name) else 0


def _name_goes_on(rows: list[Row], index: int, context: _Context, *, marked: bool) -> float:
    """How sure it is that a name without a value goes on with the name above (0: it is an indicator of its own)."""
    above, row = rows[index - 1], rows[index]
    head, tail = above.role("name").value, row.role("name").value
    if row.cut:
        sure = 0.95 if above.role("target") else 0.75
        return min(sure, 0.75) if _stands_between_cuts(rows, index) else sure
    if _broken(head, tail):
        return 0.9
    if not above.role("target") or (row is context.lonely and _heads_next(rows, index, context)):
        return 0
    if marked:
        return 0.75 if context.is_seam(head, tail) else 0
    return 0.8


def _waits_for_name(rows: list[Row], index: int) -> bool:
    """Whether a whole value stands alone before a page cut, behind which a name stands alone: one row cut in two."""
    above, row, below = rows[index - 1], rows[index], rows[index + 1] if index + 1 < len(rows) else None
    if below is None or below.zone != "grid" or row.cut or not below.cut or not above.role("target"):
        return False
    return bool(below.role("name")) and not any(below.role(role) for role in ("target", *_LABELS))


def _value_goes_on(above: Row, row: Row) -> float:
    """How sure it is that a value without a name goes on with the value above; two whole values never do."""
    head, tail = above.role("target").value, row.role("target").value
    if not head or not tail:
        return 0.95 if row.cut else 0.85
    whole = parse_target(head + tail).kind
    if whole == "text" and {parse_target(head).kind, parse_target(tail).kind} <= {"number", "range", "date"}:
        return 0
    return 0.95 if row.cut else 0.85


def _broken(head: str, tail: str) -> bool:
    """Whether the wording itself shows that a text goes on: an open bracket, a comma, closing punctuation next."""
    return bool(_OPEN_END.search(head) or _CLOSING_START.search(tail)) or not lexicon.balanced(head)


def _merge(above: Row, row: Row, sure: float) -> Row:
    where = "at the page cut" if row.cut else "no page cut is marked here"
    for col, tail in row.filled:
        rule = "cut-name" if not above.role("target") and row.role("name") and row.role("target") else "cut-cell"
        evidence = f"the row below has no labels of its own and goes on with this cell ({where})"
        above = above.put(col, above.at(col).join(tail, rule, evidence, sure))
    return above


def _continue_field(above: Row, row: Row, *, marked: bool) -> Row | None:
    """A row of the field block without any label goes on with the values above it."""
    if any(_is_own_label(text) for _, text in row.filled) or (row.cells[0] and len(row.filled) > 1):
        return None
    if is_unit_row(row) or _begins_part(row) or _has_own_amount(above, row):
        return None
    if row.field or above.field or row.start:
        return None if not (row.cut and row.field == above.field) else _continue_table(above, row)
    if row.exact and not row.cut and len(row.filled) > 1:
        return None
    sure = 0.95 if row.cut or not marked else 0.9
    merged = above
    for col, tail in row.filled:
        home, doubt = _home(above, col, tail, aligned=row.aligned and above.aligned)
        if home is None or _are_amounts(above.at(home), tail, cut=bool(row.cut)):
            return None
        evidence = "the row below has no label and goes on with this field"
        merged = merged.put(home, merged.at(home).join(tail, "cut-cell", evidence, min(sure, doubt)))
    return merged


def _has_own_amount(above: Row, row: Row) -> bool:
    """Whether a row has words and an amount of its own, as the row above has: each is a row of the funding."""
    amounts = [col for col, text in row.filled if parse_amount(text.value).amount is not None]
    words = len(amounts) < len(row.filled)
    return words and any(parse_amount(above.at(col).value).amount is not None for col in amounts)


def _begins_part(row: Row) -> bool:
    """Whether a row begins another part of the form: a heading, a numbered goal, label and value in one cell."""
    first = row.filled[0][1].value
    label, colon, value = first.replace("：", ":", 1).partition(":")
    in_cell = bool(colon and value.strip()) and lexicon.field_role(label) is not None
    return in_cell or (lexicon.is_section(first) if len(row.filled) == 1 else lexicon.is_goal_number(first))


def _are_amounts(head: Text, tail: Text, *, cut: bool) -> bool:
    """Whether two cells hold a whole amount each, so that neither goes on with the other; at a cut it has a point."""
    whole = r"\s*\d[\d,]*\.\d+\s*" if cut else r"\s*[\d,.%％]+\s*"
    return all(re.fullmatch(whole, text.value) for text in (head, tail))


def _continue_table(above: Row, row: Row) -> Row | None:
    """A row of a small table at a page cut that goes on with the cells above it: its own first cell is blank."""
    first = above.filled[0][0]
    if row.at(first) or any(not above.at(col) for col, _ in row.filled):
        return None
    for col, tail in row.filled:
        joined = above.at(col).join(tail, "cut-cell", "the row below goes on with this cell (at the page cut)", 0.85)
        above = above.put(col, joined)
    return above


def _is_own_label(text: Text) -> bool:
    return bool(lexicon.label_kinds(text.value) & {"field", "funding", "header"})


def _is_next_goal(above: Row, tail: Text) -> bool:
    """Whether a text is the next of the numbered lines of a goal."""
    return bool(_NUMBERED.match(tail.value)) and any(lexicon.goal_role(text.value) for _, text in above.filled)


def _home(above: Row, col: int, tail: Text, *, aligned: bool) -> tuple[int | None, float]:
    """The cell above that a label-less cell goes on with, and how sure that is."""
    values = [at for at, text in above.filled if not _is_own_label(text)]
    if not values and len(above.filled) == 1 and _takes_text(above.filled[0][1]):
        return above.filled[0][0] + 1, 0.9  # a heading over the whole width, its text in the row below
    if aligned and col and (col in values or not values):
        return col, 1.0
    if aligned and col and not above.at(col):
        return col, 0.9
    if values and (col == 0 or not aligned):
        return values[-1], 0.9 if _is_next_goal(above, tail) else 0.84 if len(values) == 1 else 0.7
    return None, 0.0


def _takes_text(label: Text) -> bool:
    """Whether a label alone in its row wants a text: a goal, a remark."""
    return (lexicon.field_role(label.value) or "").startswith(("goal:", "extra"))


def note_loose(flow: Flow) -> Flow:
    """Flag what stands in a form's field block without a label and could not be joined to anything."""
    rows: list[Row] = []
    for row in flow.rows:
        if _is_loose(row):
            label = None if is_value_like(row.filled[0][1].value) else _label_over(rows, row)
            rows.append(_under(label, row) if label else row.note(unplaced(row.filled[0][1])))
        else:
            rows.append(row)
    return replace(flow, rows=tuple(rows))


def _label_over(rows: list[Row], row: Row) -> Text | None:
    """The label merged down the left of a loose text, which heads several fields (预算规模及资金用途)."""
    if not row.aligned or not row.filled or row.filled[0][0] == 0:
        return None
    for above in reversed(rows):
        if above.zone != "head" or not above.aligned:
            return None
        if above.at(0):
            role = lexicon.field_role(above.at(0).value)
            heads = role in ("funding", "extra") and len(above.filled) > 2
            return above.at(0) if heads else None
    return None


def _under(label: Text, row: Row) -> Row:
    return replace(row, cells=(label, row.filled[0][1]), field="extra")


def _is_loose(row: Row) -> bool:
    if row.zone != "head" or len(row.filled) != 1 or row.field or is_unit_row(row):
        return False
    if lexicon.is_section(row.filled[0][1].value):
        return False
    text = row.filled[0][1]
    return not (_is_own_label(text) or lexicon.leading_role(text.value) or lexicon.is_unfilled(text.value))
