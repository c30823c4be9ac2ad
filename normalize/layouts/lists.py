"""One grid that lists many projects, their own columns merged down: each project as a form of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Cut, Flow, Row, finding
from normalize.grids import header_cells
from normalize.headers import column, funding_column, list_column
from normalize.repairs.headings import is_title_row, is_unit_row, is_year_row
from normalize.words import key
from schemas.audit import Finding
from schemas.text import BLANK, Edit, Text

_ROLES = {"goal": "goal:annual", "total": "funding:total", "funding": "funding:total"}
_EXECUTION = frozenset({"initial", "executed", "rate"})  # 分值 and 得分 are those of the indicators
_SHARED = frozenset({"unit", "department"})  # a blank of these is one merged down over several projects
_INDICATOR = frozenset({"name", "target", "level1", "level2", "tree"})
_FEWEST = 4
_HEADING = 6  # rows of a heading: title, year, lines, header
_ORGANISATION = re.compile(
    r"(?:局|委|办|厅|部|会|院|校|所|站|队|中心|学校|中学|小学|幼儿园|大学|公司|政府|机关|本级|馆|处|科)(?:[（(].*[)）])?$"
)
_GROUP = -1  # in place of a column: the row over a group of projects that names their unit


class Listing(Struct, frozen=True):
    """The header of a list: the projects' columns with their roles as fields, those of the indicators with theirs."""

    row: Row
    fields: dict[int, str]
    name: int
    shared: frozenset[int]
    grid: frozenset[int]
    roles: dict[int, str]


def listing_of(row: Row) -> Listing | None:
    """The list that a header row begins; None for any other row."""
    if len(row.filled) < _FEWEST or not row.aligned:
        return None
    if "listing" not in row.memo:  # asked by two steps
        row.memo["listing"] = _listing_of(row)
    return cast("Listing | None", row.memo["listing"])


def _listing_of(row: Row) -> Listing | None:
    if not any(_names_project(text) for _, text in row.filled):
        return None
    roles = {col: _role(text) for col, text in row.filled}
    names = [col for col, role in roles.items() if role == "name"]
    cells = header_cells(replace(row, cells=tuple(BLANK if roles.get(c) else t for c, t in enumerate(row.cells))))
    grid = {cell.col: cell.role for cell in cells}
    if len(names) != 1 or not _INDICATOR & set(grid.values()):
        return None
    if sum(role == "other" for role in grid.values()) * 3 > len(row.filled):
        return None
    first = min(col for col, role in grid.items() if role in _INDICATOR)
    unknown = {col: "extra" for col, role in grid.items() if role in ("other", "note") and col < first}
    fields = {col: role for col, role in roles.items() if role} | unknown
    serial = frozenset(col for col, role in grid.items() if role == "serial" and col < names[0])
    shared = frozenset(col for col, role in roles.items() if role in _SHARED)
    return Listing(row, fields, names[0], shared, frozenset(grid) - serial - frozenset(unknown), grid)


def _names_project(text: Text) -> bool:
    return "name" in (lexicon.field_role(text.value), list_column(text.value))


def _role(text: Text) -> str | None:
    """The role of a project's own column as a field; None for one of its indicators or an unknown one."""
    value = text.value
    own = list_column(value) or lexicon.field_role(value)
    if list_column(value) is None and own in ("extra", None) and column(value):
        return None
    kind = lexicon.funding_kind(value)
    if own in (None, "extra") and not kind and (told := funding_column(value)) and told.roles[0] in _EXECUTION:
        return f"execution:{told.roles[0]}"
    return _ROLES.get(own, own) if own else kind and f"funding:{kind}"


def unfold_lists(flow: Flow) -> Flow:
    """Give each project of a list rows of its own: title, fields, header and indicators."""
    rows: list[Row] = []
    again: list[Row] = []
    index = 0
    while index < len(flow.rows):
        listing = listing_of(flow.rows[index])
        if listing is None:
            rows.append(flow.rows[index])
            index += 1
            continue
        index, body = _end(flow.rows, listing, index)
        heading, at = _heading(rows)
        del rows[at:]
        projects = _projects(listing, body)
        again += [row for project in projects for row in project.again]
        rows.extend(_unfolded(listing, heading, projects))
    return replace(flow, rows=tuple(rows), skipped=(*flow.skipped, *again))


def _end(rows: Sequence[Row], listing: Listing, header: int) -> tuple[int, list[Row]]:
    """Where a list ends, and its rows: a heading printed again at the head of a page is left out on the way."""
    body: list[Row] = []
    index = header + 1
    while index < len(rows):
        again = _repeated(rows, listing, index)
        if again:
            index += again
            body += [replace(rows[index], cut=rows[index].cut or "inferred")] if index < len(rows) else []
        elif is_title_row(rows[index]) or is_year_row(rows[index]) or listing_of(rows[index]):
            return index, body
        else:
            body.append(rows[index])
        index += 1
    return len(rows), body


def _repeated(rows: Sequence[Row], listing: Listing, index: int) -> int:
    """How many rows from here are the list's heading printed again; 0 where another list begins.

    Below a title the list goes on only where the first row has no project name of its own.
    """
    for at in range(index, min(index + _HEADING, len(rows))):
        other = listing_of(rows[at])
        if other:
            same = (other.fields, other.name, other.grid) == (listing.fields, listing.name, listing.grid)
            goes_on = at == index or (at + 1 < len(rows) and not rows[at + 1].at(listing.name))
            return at + 1 - index if same and goes_on else 0
        if not (is_title_row(rows[at]) or is_year_row(rows[at]) or (at > index and _is_line(rows[at]))):
            return 0
    return 0


def _heading(rows: list[Row]) -> tuple[list[Row], int]:
    """The title, year and lines above the list's header, which speak for each of its projects."""
    at = len(rows)
    while at and (is_title_row(rows[at - 1]) or is_year_row(rows[at - 1]) or _is_line(rows[at - 1])):
        at -= 1
        if is_title_row(rows[at]):
            return rows[at:], at
    return [], len(rows)


def _is_line(row: Row) -> bool:
    return len(row.filled) <= 3 and not any(lexicon.class_label(text.value, 2) for _, text in row.filled)


@dataclass(slots=True)
class _Project:
    values: dict[int, Text]
    page: int
    cut: Cut
    rows: list[Row] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    again: list[Row] = field(default_factory=list)  # its own cells, where a row prints them again
    begun: dict[int, str] = field(default_factory=dict)  # what of a cell that is printed again a page cut leaves above


def _unfolded(listing: Listing, heading: Sequence[Row], projects: Sequence[_Project]) -> list[Row]:
    found: list[Row] = []
    for number, project in enumerate(projects):
        found.extend(replace(row, notes=()) if number else row for row in heading)
        found.extend(_form(listing, project))
    return [found[0].note(*listing.row.notes), *found[1:]] if found else found


def _projects(listing: Listing, body: Sequence[Row]) -> list[_Project]:
    projects: list[_Project] = []
    opened: dict[int, Text] = {}
    loose: list[Finding] = []
    for index, row in enumerate(body):
        if is_unit_row(row):
            continue
        below = body[index + 1] if index + 1 < len(body) else None
        if _is_group(listing, row, below):
            loose.extend(_grouped(listing, row, opened))
            continue
        _take(listing, row, projects, opened)
        if projects and loose:
            projects[-1].notes.extend(loose)
            loose.clear()
    if projects:
        projects[-1].notes.extend(loose)
    return projects


def _is_group(listing: Listing, row: Row, below: Row | None) -> bool:
    """Whether a row names only a department over the projects below it, with or without their sum, or is a sum."""
    homes = {_home(listing, col) for col, _ in row.filled}
    if any(lexicon.is_sum(text.value) for _, text in row.filled[:2]):
        return True
    goal = any(listing.fields.get(col, "").startswith("goal") for col in homes)
    if homes & listing.grid or goal or below is None or not below.at(listing.name) or below.cut:
        return False
    name = row.at(listing.name).value.strip()
    if row.cut and not any(_is_number(text) for _, text in row.filled):
        return bool(name) and bool(_ORGANISATION.search(name))
    return not name or len(homes) == 1 or bool(_ORGANISATION.search(name))


def _grouped(listing: Listing, row: Row, opened: dict[int, Text]) -> list[Finding]:
    """Note a group's row: under a header that names units too it is the unit of the projects below, else it is told."""
    if any(lexicon.is_sum(text.value) for _, text in row.filled[:2]):
        return [_unwritten([text for _, text in row.filled], "合计行", "a row of sums")]
    shared = next((text for col, text in row.filled if _home(listing, col) in listing.shared), BLANK)
    text = row.at(listing.name) or shared or row.filled[0][1]
    label = listing.row.at(listing.name)
    if any(word in key(label.value) for word in ("单位", "部门")):
        opened[_GROUP] = text
        beside = any(each is not text for _, each in row.filled)
        return [_unwritten([each for _, each in row.filled], "分组行", "a group's row")] if beside else []
    return [_unwritten([each for _, each in row.filled], "分组行", "a group's row")]


def _unwritten(texts: Sequence[Text], zh: str, en: str) -> Finding:
    shown = " ".join(" ".join(text.value.split()) for text in texts)[:60]
    places = tuple(place for text in texts for place in text.places)
    messages = (f"“{shown}”是{zh}，未写入结果", f"“{shown}” is {en} and is not in the result")
    return finding("outside-text", "info", "reading", messages, places)


def _take(listing: Listing, row: Row, projects: list[_Project], opened: dict[int, Text]) -> None:
    own = {col: text for col, text in row.filled if _home(listing, col) in listing.fields}
    begins = bool(row.at(listing.name)) and not (projects and _goes_on(listing, row, projects[-1]))
    if begins:
        merged = {col: _filled(opened[col]) for col in opened if col not in own}
        opened |= {col: text for col, text in own.items() if col in listing.shared}
        projects.append(_Project(merged | own, row.page, row.cut))
    elif projects:
        _join(listing, row, own, projects[-1])
    if projects:
        cells = tuple(
            text if text and _home(listing, col) in listing.grid else BLANK for col, text in enumerate(row.cells)
        )
        kept = replace(row, cells=cells)
        above = projects[-1].rows
        if above and not begins and kept.cut and _is_rest_of_tree(listing, kept):
            above[-1] = _with_rest(above[-1], kept)
        elif kept.filled:
            above.append(kept)


def _is_rest_of_tree(listing: Listing, row: Row) -> bool:
    """Whether a row at a page cut holds only more of the cell with the whole tree of indicators."""
    return bool(row.filled) and all(listing.roles.get(_home(listing, col)) == "tree" for col, _ in row.filled)


def _with_rest(row: Row, rest: Row) -> Row:
    for col, text in rest.filled:
        joined = row.at(col).join(text, "cut-cell", "the cell goes on at the head of the page", 0.9)
        row = row.put(col, joined)
    return row.note(*rest.notes)


def _home(listing: Listing, col: int) -> int:
    """The header cell that a cell stands under."""
    return max((start for start, _ in listing.row.filled if start <= col), default=col)


def _filled(text: Text) -> Text:
    evidence = "blank of a merged cell; the value stands above"
    return Text(text.value, text.places, (Edit("fill-down", "", text.value, evidence, 0.9),))


def _goes_on(listing: Listing, row: Row, project: _Project) -> bool:
    """Whether the project's cells of a row go on with those above: printed again, or cut by the page.

    At a page cut, a project begins with its classes; where these are blank, the row stands inside the merged cell.
    """
    again = row.at(listing.name).value.strip() == project.values[listing.name].value.strip()
    if again:
        return bool(row.cut) or _is_printed_again(listing, row, project)
    if any(_is_number(text) and _is_number(project.values.get(col, BLANK)) for col, text in row.filled):
        return False
    levels = [col for col, role in listing.roles.items() if role in ("level1", "level2")]
    if levels:
        return bool(row.cut) and not any(row.at(col) for col in levels)
    return bool(row.cut) and not any(_home(listing, col) in listing.grid for col, _ in row.filled)


def _is_printed_again(listing: Listing, row: Row, project: _Project) -> bool:
    """Whether a row prints all of the project's own cells again, as lists do whose cells are not merged.

    A page cut may leave the beginning of one of them.
    """
    own = {col: text.value.strip() for col, text in row.filled if _home(listing, col) in listing.fields}
    known = {col: text.value.strip() for col, text in project.values.items() if col >= 0 and text}
    other = [col for col, text in own.items() if text != known.get(col)]
    begun = all(known.get(col, "").startswith(own[col]) and not own[col].isascii() for col in other)
    return begun and own.keys() >= known.keys() and len(own) > 1 and len(other) <= 1


def _is_begun(listing: Listing, row: Row, project: _Project, col: int) -> bool:
    """Whether a cell is the beginning of one that the row prints again."""
    again = bool(row.at(listing.name)) and _is_printed_again(listing, row, project)
    return again and project.values[col].value.startswith(row.at(col).value.strip())


def _is_number(text: Text) -> bool:
    return re.fullmatch(r"[\d,.]+", text.value.strip()) is not None


def _join(listing: Listing, row: Row, own: dict[int, Text], project: _Project) -> None:
    evidence = "the row has no project name of its own and goes on with this cell"
    for col, text in own.items():
        before = project.values.get(col, BLANK)
        begun = project.begun.pop(col, "")
        if f"{begun}{text.value}".strip() == before.value.strip() or _is_begun(listing, row, project, col):
            project.again.append(replace(row, cells=(text,)))
            project.begun |= {col: text.value} if text.value.strip() != before.value.strip() and not begun else {}
            continue
        sure = 0.9 if row.cut and listing.fields.get(_home(listing, col), "").startswith("goal") else 0.8
        project.values[col] = before.join(text, "cut-cell", evidence, sure)
    if not own and listing.name not in project.values:
        project.notes.extend(row.notes)


def _form(listing: Listing, project: _Project) -> list[Row]:
    header = listing.row
    cut: Cut = "marked" if project.cut else ""
    name = (header.at(listing.name), project.values[listing.name])
    head = [Row(name, project.page, cut=cut, start=True, field="name").note(*project.notes)]
    if _GROUP in project.values:
        text = project.values[_GROUP]
        head.append(Row((Text(text.value, text.places), text), project.page, field="unit"))
    for col, role in sorted(listing.fields.items(), key=lambda each: each[1].startswith("execution")):
        if col != listing.name and project.values.get(col):
            head.append(Row((header.at(col), project.values[col]), project.page, field=role))
    cells = tuple(text if col in listing.grid else BLANK for col, text in enumerate(header.cells))
    return [*head, replace(header, cells=cells, cut="", notes=(), page=project.page), *project.rows]
