"""The rows of a whole document in one flow, from which page cuts are mended away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Generic, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schemas.audit import Basis, Finding
from schemas.project import Scope
from schemas.table import Document, Table
from schemas.text import BLANK, Place, Severity, Text

Cut = Literal["", "marked", "inferred"]
Apart = Literal["", "line", "across"]
Zone = Literal["outside", "caption", "title", "year", "head", "header", "grid"]


_Found = TypeVar("_Found")


class _Once(Generic[_Found]):
    """What a struct works out about itself when it is first asked; functools has the same with a lock around it."""

    def __init__(self, function: Callable[..., _Found]) -> None:
        self.function, self.name, self.__doc__ = function, function.__name__, function.__doc__

    def __get__(self, owner: object, _kind: type | None = None) -> _Found:
        found = self.function(owner)
        owner.__dict__[self.name] = found
        return found


class Header(Struct, frozen=True, dict=True, eq=False):
    """The columns of an indicator grid: their roles by column, and the header cells themselves."""

    roles: tuple[tuple[int, str], ...]
    cells: tuple[Text, ...] = ()
    scope: Scope | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Header):
            return NotImplemented
        return (self.roles, self.scope) == (other.roles, other.scope)

    def __hash__(self) -> int:
        return hash((self.roles, self.scope))

    def role_at(self, col: int) -> str | None:
        """The role of the column that a cell at `col` belongs to: the last header cell at or left of it."""
        found = None
        for start, role in self.roles:
            if start <= col:
                found = role
        return found

    def cell(self, role: str) -> Text:
        """The header cell of a role; BLANK where the grid has lost its header."""
        return self.labels.get(role, BLANK)

    def label_at(self, col: int) -> Text:
        """The header cell of the column that a cell at `col` belongs to."""
        found = BLANK
        for (start, _), text in zip(self.roles, self.cells, strict=False):
            if start <= col:
                found = text
        return found

    def column(self, role: str) -> int | None:
        """Where the column of a role stands."""
        return self.columns.get(role)

    @_Once
    def labels(self) -> dict[str, Text]:
        """The header cell of each role."""
        return {role: text for (_, role), text in reversed([*zip(self.roles, self.cells, strict=False)])}

    @_Once
    def starts(self) -> frozenset[int]:
        """Where columns stand."""
        return frozenset(col for col, _ in self.roles)

    @_Once
    def columns(self) -> dict[str, int]:
        """The column of each role."""
        return {role: col for col, role in reversed(self.roles)}


class Row(Struct, frozen=True, dict=True):
    """One row: its texts by column (blank ones are BLANK), and where it stands in the document and in its form.

    `cut` is "marked" on the first row of a table, where a page cut may stand, and "inferred" where a repeated heading
    or the second half of a merged label shows that a page begins. `aligned` tells whether columns are known or only
    the order. `upper` holds what a header of two rows prints above each column; `scope` the time that the row's values
    stand for, where it is known; `start` marks the first field of a form; `field` is what a row of the field block is
    where its place rather than its words tell: a field's role, or a part of a small table. `exact` tells that the
    carrier itself says where cells stand and never loses a blank; `apart` is "line" where such a carrier keeps a line
    of text apart from all tables, and "across" where a row's one cell lies over all columns.
    """

    cells: tuple[Text, ...]
    page: int
    cut: Cut = ""
    aligned: bool = True
    upper: tuple[Text, ...] = ()
    scope: Scope | None = None
    start: bool = False
    field: str = ""
    zone: Zone = "outside"
    header: Header | None = None
    notes: tuple[Finding, ...] = ()
    exact: bool = False
    apart: Apart = ""

    @_Once
    def memo(self) -> dict[str, object]:
        """What functions have found out about this row."""
        return {}

    @_Once
    def filled(self) -> list[tuple[int, Text]]:
        """The cells that are not blank, with their columns."""
        return [(col, text) for col, text in enumerate(self.cells) if (value := text.value) and not value.isspace()]

    @_Once
    def roles(self) -> dict[str, Text]:
        """What stands in the columns of a grid, by their roles; blanks are left out."""
        columns, texts = self.header.columns if self.header else {}, dict(self.filled)
        return {role: texts[col] for role, col in columns.items() if col in texts}

    def at(self, col: int | None) -> Text:
        """The text of a column; BLANK where there is none."""
        return self.cells[col] if col is not None and col < len(self.cells) else BLANK

    def put(self, col: int, text: Text) -> Row:
        """The row with another text in one column."""
        cells = [*self.cells, *[BLANK] * (col + 1 - len(self.cells))]
        cells[col] = text
        return replace(self, cells=tuple(cells))

    def role(self, role: str) -> Text:
        """The text in the column of a role of the grid; BLANK where there is none."""
        return self.roles.get(role, BLANK)

    def told(self, **what: object) -> Row:
        """The row with more known about where it stands; its cells stay, and what was found out about them."""
        row = replace(self, **what)
        row.__dict__["filled"] = self.filled
        return row

    def note(self, *notes: Finding) -> Row:
        """The row with findings that belong to it."""
        return replace(self, notes=(*self.notes, *notes)) if notes else self


class Flow(Struct, frozen=True):
    """All rows of a document; `marked` tells whether its page cuts are known.

    `skipped` are rows of tables beside the forms, and cells that are printed again.
    """

    rows: tuple[Row, ...]
    marked: bool
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Row, ...] = ()


def flow_of(document: Document) -> Flow:
    """The rows of a document, page after page; rows without any text are left out."""
    rows: list[Row] = []
    for page in document.pages:
        for table in page.tables:
            for at, (cells, across) in enumerate(_rows(table)):
                cut: Cut = "marked" if at == 0 and rows and table.cut else ""
                apart: Apart = "line" if table.lines else "across" if across else ""
                rows.append(Row(cells, page.number, cut, table.aligned, exact=table.exact, apart=apart))
    return Flow(tuple(rows), document.cuts_marked)


def _rows(table: Table) -> list[tuple[tuple[Text, ...], bool]]:
    """The texts of each row that has any, and whether one cell lies over all of its columns."""
    grid: dict[int, dict[int, Text]] = defaultdict(dict)
    wide: set[int] = set()
    for cell in table.cells:
        value = cell.text.value
        if value and not value.isspace():
            grid[cell.row][cell.col] = cell.text
            if table.exact and cell.col_span >= table.num_cols > 2:
                wide.add(cell.row)
    return [(_spread(row), at in wide and len(row) == 1) for at, row in sorted(grid.items())]


def _spread(row: dict[int, Text]) -> tuple[Text, ...]:
    cells = [BLANK] * (max(row) + 1)
    for col, text in row.items():
        cells[col] = text
    return tuple(cells)


def held_by(rows: Iterable[Row]) -> dict[int, list[str]]:
    """What stands in each column of some rows, from above; blanks and blank columns are left out."""
    columns: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for col, text in row.filled:
            columns[col].append(text.value)
    return columns


def drop(rows: list[Row], index: int, *notes: Finding) -> None:
    """Take a row out of the flow; its page cut and its findings pass to a neighbour."""
    gone = rows.pop(index)
    notes = (*gone.notes, *notes)
    if gone.cut and index < len(rows):
        marked = "marked" in (gone.cut, rows[index].cut)
        rows[index] = replace(rows[index], cut="marked" if marked else "inferred")
    if rows:
        heir = max(index - 1, 0)
        rows[heir] = rows[heir].note(*notes)


def finding(
    rule: str, severity: Severity, basis: Basis, messages: tuple[str, str], places: tuple[Place, ...] = ()
) -> Finding:
    """A finding whose pointer is not known yet."""
    return Finding("", rule, severity, basis, messages[0], messages[1], places)


def unplaced(text: Text) -> Finding:
    """A text of the document that belongs to no field, and so is not in the result."""
    shown = " ".join(text.value.split())[:60]
    messages = (f"“{shown}”没有可归属的栏目，未写入结果", f"“{shown}” belongs to no field and is not in the result")
    return finding("unplaced-text", "error", "reading", messages, text.places)
