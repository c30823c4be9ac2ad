"""The columns of a grid as their content confirms them: a header is a claim, what stands below it the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Header, Row, finding, held_by
from normalize.grids import MANY, header_of
from normalize.headers import column, is_place
from normalize.layouts.classes import by_classes
from normalize.layouts.content import fits, fits_wholly
from normalize.repairs.headings import is_name_row, is_title_row
from normalize.values import is_value_like
from schemas.audit import Finding
from schemas.text import BLANK, Text

Held = Mapping[int, Sequence[str]]
"""The texts in each column of a grid."""

_CONTENT = {
    "level2": ("二级指标", "second levels"),
    "name": ("指标名称", "names"),
    "target": ("指标值", "values"),
    "operator": ("符号", "operators"),
    "unit": ("单位", "units"),
}
_CONFIRMED = ("operator", "unit")  # columns that are not believed by their header alone


def with_block(header: Header, below: Sequence[Row]) -> Header:
    """The header with a column for the block's label, where its blank is lost and only the row below shows it."""
    shown = below[0].filled if below else []
    lost = header.column("block") is None and header.roles[0][0] == 0 and header.roles[0][1] != "serial"
    if not lost or not shown or not lexicon.is_block(shown[0][1].value):
        return header
    roles = ((0, "block"), *((col + 1, role) for col, role in header.roles))
    return replace(header, roles=roles, cells=(BLANK, *header.cells))


def completed(header: Header, row: Row, below: Sequence[Row]) -> tuple[Header, list[Finding]]:
    """The header of a row with the role of each column as what stands below confirms it, and what had to be inferred.

    An unknown label is read as the column of names or values that is missing where its content fits.
    """
    inner = takewhile(lambda each: not (header_of(each) or is_title_row(each) or is_name_row(each)), below)
    grid = [each for each in inner if not _is_field(each)]
    held = held_by(grid)
    header, misread = _second_level(with_block(header, below[:1]), held)
    header, twice = _read_once(header)
    twice += misread
    if row.aligned:
        header = _confirmed(header, grid)
    else:
        twice += [
            _told_by_content(head, role)
            for (_, role), head in zip(header.roles, header.cells, strict=True)
            if role in _CONFIRMED
        ]
    header, notes = _told_apart(by_classes(_with_blocks(header, grid, held), grid, held), held)
    if lowered := _level_lower(header, held):
        header, notes = lowered, [*notes, _told_by_content(header.cell("level2"), "name")]
    for role in ("name", "target"):
        at = _unknown_for(role, header, held) if header.column(role) is None else None
        if at is not None:
            col, label = header.roles[at][0], header.cells[at]
            roles = tuple((c, role if c == col else name) for c, name in header.roles)
            header = replace(header, roles=roles)
            notes += [] if is_place(label.value) else [_told_by_content(label, role)]
    return header, [*notes, *twice, *_unknown(header, held)]


def _second_level(header: Header, held: Held) -> tuple[Header, list[Finding]]:
    """The header of a grid whose second column of classes is headed like the first (一级指标 twice), and told so."""
    firsts = [at for at, (_, role) in enumerate(header.roles) if role == "level1"]
    if len(firsts) != _TWICE or header.column("level2") is not None:
        return header, []
    at = firsts[-1]
    col = header.roles[at][0]
    texts = held.get(col, [])
    if not texts or not fits("level2", texts) or fits("level1", texts):
        return header, []
    roles = (*header.roles[:at], (col, "level2"), *header.roles[at + 1 :])
    return replace(header, roles=roles), [_told_by_content(header.cells[at], "level2")]


_TWICE = 2


def _level_lower(header: Header, held: Held) -> Header | None:
    """The header of a grid of two levels, where the first holds the classes of the second (数量指标) and names follow.

    None where a column of names has a header, or the content does not say so.
    """
    firsts, seconds = header.column("level1"), header.column("level2")
    if header.column("name") is not None or firsts is None or seconds is None:
        return None
    classes, names = held.get(firsts, []), held.get(seconds, [])
    if not classes or not names or not fits("level2", classes) or any(lexicon.class_label(name, 2) for name in names):
        return None
    lower = {"level1": "level2", "level2": "name"}
    return replace(header, roles=tuple((col, lower.get(role, role)) for col, role in header.roles))


def _is_field(row: Row) -> bool:
    """Whether a row below a grid is a field again (填表人：…), whose cells say nothing of the grid's columns."""
    first = row.filled[0][1].value if row.filled and row.filled[0][0] == 0 else ""
    labelled = lexicon.field_role(first) is not None or lexicon.leading_role(first) is not None
    return labelled and not lexicon.is_block(first)


def _unknown(header: Header, held: Held) -> list[Finding]:
    """A finding for each column of values under an unknown header: in `extra`, perhaps not where they belong."""
    notes = []
    for (col, role), head in zip(header.roles, header.cells, strict=True):
        texts = held.get(col, []) if role == "other" else []
        if texts and sum(map(is_value_like, texts)) * 2 > len(texts):
            shown = head.value.strip()
            messages = (
                f"不认识表头“{shown}”，该列的数值写入extra",
                f"the header “{shown}” is not known; the values of its column are in `extra`",
            )
            notes.append(finding("unknown-column", "warning", "reading", messages, head.places))
    return notes


def _confirmed(header: Header, grid: Sequence[Row]) -> Header:
    """The header with each column in the first of its roles that its content fits; the last choice is a remark."""
    choices = [_choices(role, head) for (_, role), head in zip(header.roles, header.cells, strict=True)]
    taken = {found[0] for found in choices if len(found) == 1}
    roles: list[tuple[int, str]] = []
    held = held_by(each for each in grid if len(each.filled) > 1)
    for (col, role), found in zip(header.roles, choices, strict=True):
        if len(found) > 1 or role in _CONFIRMED:
            free = [choice for choice in found if len(found) == 1 or choice in MANY or choice not in taken]
            chosen = next((choice for choice in free if fits(choice, held.get(col, []))), "note")
            taken.add(chosen)
        else:
            chosen = role
        roles.append((col, chosen))
    return replace(header, roles=tuple(roles))


def _choices(role: str, head: Text) -> list[str]:
    """The roles that a header cell allows its column, in the vocabulary's order; else the given one alone."""
    named = column(head.value)
    others = list(named.roles) if named else []
    return others if len(others) > 1 and role in others else [role]


def _with_blocks(header: Header, grid: Sequence[Row], held: Held) -> Header:
    """The header with its first column read as the blocks': it holds their labels, or is merged down itself."""
    col, role = header.roles[0]
    if role != "other":
        return header
    levels = any(role in ("level1", "level2") for _, role in header.roles)
    merged = levels and len(grid) > 1 and not any(row.at(col) for row in grid[:2])
    if not (merged or any(map(lexicon.is_block, held.get(col, [])[:1]))):
        return header
    return replace(header, roles=((col, "block"), *header.roles[1:]))


def _told_apart(header: Header, held: Held) -> tuple[Header, list[Finding]]:
    """The header with unknown columns read as operators or units where nothing else stands in them, and told so."""
    notes = []
    for role in _CONFIRMED:
        for at, (col, known) in enumerate(header.roles):
            if known not in MANY or header.column(role) is not None or not fits_wholly(role, held.get(col, [])):
                continue
            roles = (*header.roles[:at], (col, role), *header.roles[at + 1 :])
            header = replace(header, roles=roles)
            notes.append(_told_by_content(header.cells[at], role))
    return header, notes


def _unknown_for(role: str, header: Header, held: Held) -> int | None:
    """The unknown column whose content fits a role: mostly values, or mostly words."""
    names = [name for _, name in header.roles]
    for at, name in enumerate(names):
        filled = held.get(header.roles[at][0], []) if name == "other" else []
        values = sum(is_value_like(cell) for cell in filled)
        fits = values * 2 > len(filled) if role == "target" else values * 4 < len(filled)
        behind = "name" in names[:at] if role == "target" else "level2" in names[:at]
        if filled and fits and behind:
            return at
    return None


def _told_by_content(label: Text, role: str) -> Finding:
    shown, what = label.value.strip(), _CONTENT[role]
    messages = (
        f"表头“{shown}”按内容认作{what[0]}列",
        f"the column “{shown}” is taken for the {what[1]} by its content",
    )
    return finding("columns-inferred", "warning", "reading", messages, label.places)


def _read_once(header: Header) -> tuple[Header, list[Finding]]:
    """The header in which a role stands once; each further column of it is a remark, and told."""
    roles = [role for _, role in header.roles]
    twice = [at for at, role in enumerate(roles) if role not in MANY and role in roles[:at]]
    kept = tuple((col, "note" if at in twice else role) for at, (col, role) in enumerate(header.roles))
    told = [_unread(header.cells[roles.index(roles[at])], header.cells[at]) for at in twice]
    read = column(header.cell("target").value) if twice else None
    return replace(header, roles=kept, scope=header.scope or (read.scope if read else None)), told


def _unread(first: Text, label: Text) -> Finding:
    read, shown = first.value.strip(), label.value.strip()
    messages = (
        f"“{read}”与“{shown}”两列同类，只有一列作为指标读入，另一列写入extra",
        f"the columns “{read}” and “{shown}” mean the same; one of them is read, the other is in `extra`",
    )
    return finding("unread-column", "warning", "reading", messages, label.places)
