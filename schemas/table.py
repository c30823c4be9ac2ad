"""The neutral table: what every reader gives, whatever the carrier was."""

from __future__ import annotations

from msgspec import Struct

from schemas.audit import Finding, Source
from schemas.text import Text


class Cell(Struct, frozen=True, gc=False):
    """One cell of a table; `row` and `col` count from 0, the spans from 1 (as in HTML)."""

    row: int
    col: int
    text: Text
    row_span: int = 1
    col_span: int = 1


class Table(Struct, frozen=True, gc=False):
    """Cells in reading order; blank cells may be left out.

    `aligned` tells whether `col` is where the cell stood. Where it is False (text whose columns were lost) only the
    order of the cells in a row is known. `exact` tells that the carrier itself says what is a cell and where (Excel,
    Word, HTML): no blank is ever lost, and a row goes on with the one above only where a table begins. `lines` tells
    that these are lines of text which the carrier keeps apart from its tables: none of them goes on with a cell.
    `cut` tells that a page cut may stand before the table; on one sheet none does.
    """

    num_rows: int
    num_cols: int
    cells: tuple[Cell, ...]
    aligned: bool = True
    exact: bool = False
    lines: bool = False
    cut: bool = True


class Page(Struct, frozen=True, gc=False):
    """The tables of one page in reading order; a line outside any table is a row with one cell."""

    number: int
    tables: tuple[Table, ...]


class Document(Struct, frozen=True, gc=False):
    """A source as read, before anything is repaired.

    `cuts_marked` tells whether the page cuts are known; pasted text may have lost them.
    """

    source: Source
    engine: str
    pages: tuple[Page, ...]
    cuts_marked: bool = True
    findings: tuple[Finding, ...] = ()
