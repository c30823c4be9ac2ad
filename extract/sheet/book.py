"""The sheets of a workbook as every reader of one gives them, and the Document that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.errors import ReadError, shown
from extract.found import Origin, finding, listed, ranges
from schemas.audit import Finding
from schemas.table import Cell, Document, Page, Table
from schemas.text import SheetPlace, Text

MAX_ROWS = 1_048_576
MAX_COLS = 16_384
MAX_CELLS = 500_000
"""Cells with a text in one workbook."""

MAX_SHEETS = 1_000
_MAX_COVERED = 5_000_000  # cells under merged ranges that are looked at

Range = tuple[int, int, int, int]
"""Top, left, bottom and right of a range, all included, from 0."""

Spot = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(slots=True)
class Sheet:
    """One sheet: the texts that its cells display, its merged ranges, and what a reviewer should know of it."""

    name: str
    hidden: bool = False
    texts: dict[Spot, str] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: list[tuple[int, int]] = field(default_factory=list)
    errors: list[Spot] = field(default_factory=list)
    unvalued: list[Spot] = field(default_factory=list)
    unknown_formats: list[Spot] = field(default_factory=list)
    pictures: int = 0
    boxes: list[str] = field(default_factory=list)


class Merged(NamedTuple):
    """What lies at a cell: the range that begins there, or True for a cell that another one covers."""

    starts: dict[Spot, Range]
    covered: set[Spot]


def document_of(sheets: Sequence[Sheet], origin: Origin) -> Document:
    """The document of a workbook, a page for each sheet with a text, a table for each block between blank rows.

    Columns without a text are left out; a sheet whose columns are all among those of the sheets before counts on with
    them, so that a table that goes on on the next sheet keeps its columns. Raises ReadError: `not-a-table` where no
    cell has a text, `too-large`.
    """
    if sum(len(sheet.texts) for sheet in sheets) > MAX_CELLS:
        raise ReadError("too-large", f"{shown(origin.name)} has more than {MAX_CELLS} cells with a text")
    if not any(sheet.texts for sheet in sheets):
        pictures = " but pictures; it needs OCR" if any(sheet.pictures for sheet in sheets) else ""
        raise ReadError("not-a-table", f"{shown(origin.name)} is a workbook without any text{pictures}")
    merged = [_merged(sheet, origin.name) for sheet in sheets]
    columns = _columns(sheets, merged)
    pages = [
        Page(number, tuple(_tables(sheet, numbers, spans)))
        for number, (sheet, spans, numbers) in enumerate(zip(sheets, merged, columns, strict=True), 1)
        if sheet.texts
    ]
    found = [note for sheet, spans in zip(sheets, merged, strict=True) for note in _notes(sheet, spans)]
    return Document(origin.source(), origin.engine, tuple(pages), cuts_marked=True, findings=tuple(found))


def _merged(sheet: Sheet, name: str) -> Merged:
    starts: dict[Spot, Range] = {}
    covered: set[Spot] = set()
    budget = _MAX_COVERED
    for area in sheet.merges:
        top, left, bottom, right = area
        size = (bottom - top + 1) * (right - left + 1)
        budget -= min(size, len(sheet.texts)) + 1
        if budget < 0:
            raise ReadError("too-large", f"{shown(name)}: sheet {shown(sheet.name)} has too many merged cells")
        starts.setdefault((top, left), area)
        inside = (
            ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))
            if size <= len(sheet.texts)
            else (spot for spot in sheet.texts if top <= spot[0] <= bottom and left <= spot[1] <= right)
        )
        covered.update(spot for spot in inside if spot in sheet.texts and spot != (top, left))
    return Merged(starts, covered)


def _columns(sheets: Sequence[Sheet], merged: Sequence[Merged]) -> list[dict[int, int]]:
    """For each sheet the number of each column in which a text begins."""
    used = [
        {spot[1] for spot in sheet.texts if spot not in spans.covered}
        for sheet, spans in zip(sheets, merged, strict=True)
    ]
    shared: set[int] = set()
    found = []
    for columns in used:
        if not columns.issubset(shared):
            shared = columns
        found.append({col: number for number, col in enumerate(sorted(shared))})
    return found


def _tables(sheet: Sheet, columns: dict[int, int], spans: Merged) -> Iterator[Table]:
    """The blocks of a sheet between rows in which nothing stands and over which nothing is merged."""
    for at, rows in enumerate(_blocks(sheet, spans)):
        first = rows[0][0][0]
        cells = [_cell(sheet, spot, first, columns, spans.starts.get(spot)) for row in rows for spot in row]
        height = max(cell.row + cell.row_span for cell in cells)
        width = max(cell.col + cell.col_span for cell in cells)
        yield Table(height, width, tuple(cells), exact=True, cut=not at)


def _blocks(sheet: Sheet, spans: Merged) -> Iterator[list[list[Spot]]]:
    rows: dict[int, list[Spot]] = {}
    for spot in sorted(sheet.texts):
        if spot not in spans.covered:
            rows.setdefault(spot[0], []).append(spot)
    block: list[list[Spot]] = []
    end = -1
    for row, spots in rows.items():
        if block and row > end + 1:
            yield block
            block = []
        block.append(spots)
        end = max(end, *(spans.starts.get(spot, (0, 0, row, 0))[2] for spot in spots))
    if block:
        yield block


def _cell(sheet: Sheet, spot: Spot, first: int, columns: dict[int, int], area: Range | None) -> Cell:
    row, col = spot
    text = sheet.texts[spot]
    bottom, right = area[2:] if area else spot
    width = sum(1 for each in columns if col <= each <= right) if area else 1
    return Cell(row - first, columns[col], Text(text, (_place(sheet, spot, area),)), bottom - row + 1, max(width, 1))


def _place(sheet: Sheet, spot: Spot, area: Range | None = None) -> SheetPlace:
    name = cell_name(*spot)
    if area and area[2:] != spot:
        name += f":{cell_name(*area[2:])}"
    return SheetPlace(sheet.name, name, sheet.texts.get(spot, ""))


def cell_name(row: int, col: int) -> str:
    """B7 for row 6, column 1."""
    return f"{column_name(col)}{row + 1}"


def column_name(col: int) -> str:
    """AA for column 26."""
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def _notes(sheet: Sheet, spans: Merged) -> Iterator[Finding]:
    """What a reviewer should know of a sheet; hidden places without a text say nothing."""
    called = f"“{sheet.name}”"
    if sheet.hidden and sheet.texts:
        yield finding(
            "hidden-sheet",
            "warning",
            f"工作表{called}是隐藏的，已照常读入",
            f"the sheet {called} is hidden; it is read all the same",
        )
    yield from _hidden(sheet, called)
    yield from _spots(sheet, called, spans)
    yield from _drawn(sheet, called)


def _hidden(sheet: Sheet, called: str) -> Iterator[Finding]:
    rows = sorted({row for row, _ in sheet.texts} & sheet.hidden_rows)
    if rows:
        names = listed(ranges([row + 1 for row in rows]))
        yield finding(
            "hidden-rows",
            "warning",
            f"工作表{called}的隐藏行{names}已照常读入",
            f"hidden rows {names} of the sheet {called} are read all the same",
            [_place(sheet, min(spot for spot in sheet.texts if spot[0] == row)) for row in rows[:12]],
        )
    filled = {col for _, col in sheet.texts}
    cols = sorted(col for col in filled if any(first <= col <= last for first, last in sheet.hidden_cols))
    if cols:
        names = listed([column_name(col) for col in cols])
        yield finding(
            "hidden-columns",
            "warning",
            f"工作表{called}的隐藏列{names}已照常读入",
            f"hidden columns {names} of the sheet {called} are read all the same",
        )


def _spots(sheet: Sheet, called: str, spans: Merged) -> Iterator[Finding]:
    if sheet.errors:
        names = listed([cell_name(*spot) for spot in sheet.errors])
        yield finding(
            "error-cell",
            "error",
            f"工作表{called}的单元格{names}显示的是错误值（如#REF!），原值已丢失",
            f"cells {names} of the sheet {called} show an error (#REF! or the like); their values are lost",
            [_place(sheet, spot) for spot in sheet.errors[:12]],
        )
    if sheet.unvalued:
        names = listed([cell_name(*spot) for spot in sheet.unvalued])
        yield finding(
            "formula-without-value",
            "error",
            f"工作表{called}的单元格{names}只有公式，没有保存计算结果，未读入",
            f"cells {names} of the sheet {called} hold formulas without a saved result; nothing is read there",
            [_place(sheet, spot) for spot in sheet.unvalued[:12]],
        )
    if sheet.unknown_formats:
        names = listed([cell_name(*spot) for spot in sheet.unknown_formats])
        yield finding(
            "number-format",
            "warning",
            f"工作表{called}的单元格{names}的数字格式无法识别，按常规格式读入",
            f"the number format of cells {names} of the sheet {called} is not known; the bare numbers are read",
            [_place(sheet, spot) for spot in sheet.unknown_formats[:12]],
        )
    if spans.covered:
        spots = sorted(spans.covered)
        names = listed([cell_name(*spot) for spot in spots])
        yield finding(
            "covered-cell",
            "warning",
            f"工作表{called}的单元格{names}被合并单元格遮住，其文字未读入",
            f"cells {names} of the sheet {called} lie under a merged cell; their texts are not read",
            [_place(sheet, spot) for spot in spots[:12]],
        )


def _drawn(sheet: Sheet, called: str) -> Iterator[Finding]:
    if sheet.pictures:
        yield finding(
            "picture",
            "warning",
            f"工作表{called}中有{sheet.pictures}张图片，图中的文字未读入",
            f"the sheet {called} holds pictures ({sheet.pictures}); what they show is not read",
        )
    if sheet.boxes:
        texts = listed([f"“{shown(text, 40)}”" for text in sheet.boxes])
        yield finding(
            "text-box",
            "warning",
            f"工作表{called}的文本框{texts}未读入",
            f"text boxes {texts} of the sheet {called} are not read",
        )
