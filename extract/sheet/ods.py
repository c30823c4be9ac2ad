"""OpenDocument spreadsheets (ISO/IEC 26300): cells with the text that the program displayed when it saved them."""

from __future__ import annotations

from collections.abc import Iterator

from extract.archive import Archive
from extract.errors import ReadError, shown
from extract.markup import Element, attribute, child, children, local, parse_xml, whole_number
from extract.sheet.book import MAX_CELLS, MAX_COLS, MAX_ROWS, MAX_SHEETS, Sheet

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_GROUPS = ("table-row-group", "table-header-rows", "table-rows")
_COLUMN_GROUPS = ("table-column-group", "table-header-columns", "table-columns")
_UNSEEN = ("annotation", "annotation-end", "note", "ruby-text", "tracked-changes", "shapes")
_ERRORS = ("#", "Err:")
_MOST_ALIKE = 1_000  # rows or cells with one text that stand for many


def read_sheets(archive: Archive, name: str) -> list[Sheet]:
    """The sheets of a spreadsheet in its order; raises ReadError `encrypted`, `damaged`, `too-large`."""
    refuse_encrypted(archive, name)
    root = parse_xml(archive.read(CONTENT), name, CONTENT)
    body = child(root, "body", "spreadsheet")
    if body is None:
        raise ReadError("damaged", f"{shown(name)} is a spreadsheet without sheets")
    tables = list(children(body, "table"))
    if len(tables) > MAX_SHEETS:
        raise ReadError("too-large", f"{shown(name)} has {len(tables)} sheets; the limit is {MAX_SHEETS}")
    unseen = _hidden_styles(root)
    sheets = []
    cells = 0
    for table in tables:
        sheet = Sheet(attribute(table, "name"), attribute(table, "style-name") in unseen)
        _read_table(table, sheet)
        cells += len(sheet.texts)
        if cells > MAX_CELLS:
            raise ReadError("too-large", f"{shown(name)} has more than {MAX_CELLS} cells with a text")
        sheets.append(sheet)
    return sheets


def refuse_encrypted(archive: Archive, name: str) -> None:
    """Raise ReadError `encrypted` where a part of an OpenDocument package is."""
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise ReadError("encrypted", f"{shown(name)} needs a password")


def _hidden_styles(root: Element) -> set[str]:
    """The styles of tables that are not displayed."""
    styles = child(root, "automatic-styles")
    return {
        attribute(style, "name")
        for style in (children(styles, "style") if styles is not None else ())
        for properties in children(style, "table-properties")
        if attribute(properties, "display") == "false"
    }


def _read_table(table: Element, sheet: Sheet) -> None:
    col = 0
    for each in _within(table, "table-column", _COLUMN_GROUPS):
        count = _repeated(each, "number-columns-repeated", MAX_COLS - col)
        if _is_hidden(each):
            sheet.hidden_cols.append((col, col + count - 1))
        col += count
    row = 0
    for each in _within(table, "table-row", _GROUPS):
        count = _repeated(each, "number-rows-repeated", MAX_ROWS - row)
        alike = _read_row(each, row, sheet)
        if alike and count <= _MOST_ALIKE:
            for other in range(row + 1, row + count):
                _read_row(each, other, sheet)
        if _is_hidden(each):
            sheet.hidden_rows.update(range(row, row + min(count, _MOST_ALIKE)))
        row += count
        if row >= MAX_ROWS or len(sheet.texts) > MAX_CELLS:
            break
    sheet.pictures += sum(1 for each in table.iter() if local(each) == "image")
    boxes = ("".join(each.itertext()).strip() for each in table.iter() if local(each) == "text-box")
    sheet.boxes += [box for box in boxes if box][:_MOST_ALIKE]


def _within(table: Element, wanted: str, groups: tuple[str, ...]) -> Iterator[Element]:
    """The rows or columns of a table, those in groups too."""
    waiting = [iter(table)]
    while waiting:
        each = next(waiting[-1], None)
        if each is None:
            waiting.pop()
        elif local(each) == wanted:
            yield each
        elif local(each) in groups:
            waiting.append(iter(each))


def _repeated(element: Element, name: str, most: int) -> int:
    return max(min(whole_number(attribute(element, name), 1), most), 1)


def _is_hidden(element: Element) -> bool:
    return attribute(element, "visibility") in ("collapse", "filter")


def _read_row(element: Element, row: int, sheet: Sheet) -> bool:
    """Take the cells of a row; gives whether any has a text."""
    col = 0
    filled = False
    for cell in children(element, "table-cell", "covered-table-cell"):
        count = _repeated(cell, "number-columns-repeated", MAX_COLS - col)
        text = _displayed(cell) if len(cell) or attribute(cell, "value-type") else ""
        if text and not text.isspace():
            filled = True
            _put(cell, text, row, range(col, col + min(count, _MOST_ALIKE)), sheet)
        _merge(cell, row, col, sheet)
        col += count
        if col >= MAX_COLS:
            break
    return filled


def _put(cell: Element, text: str, row: int, cols: range, sheet: Sheet) -> None:
    for col in cols:
        sheet.texts[row, col] = text
        if attribute(cell, "formula") and text.startswith(_ERRORS):
            sheet.errors.append((row, col))


def _merge(cell: Element, row: int, col: int, sheet: Sheet) -> None:
    rows = whole_number(attribute(cell, "number-rows-spanned"), 1)
    cols = whole_number(attribute(cell, "number-columns-spanned"), 1)
    if (rows > 1 or cols > 1) and local(cell) == "table-cell":
        sheet.merges.append((row, col, min(row + rows, MAX_ROWS) - 1, min(col + cols, MAX_COLS) - 1))


def _displayed(cell: Element) -> str:
    """The paragraphs of a cell; its bare value where the writer left out how it is displayed."""
    lines = [text_of(part) for part in children(cell, "p", "h")]
    if lines:
        return "\n".join(lines)
    names = ("string-value", "date-value", "time-value", "boolean-value", "value")
    return next((value for name in names if (value := attribute(cell, name))), "")


def text_of(paragraph: Element) -> str:
    """The text of a paragraph with its spaces, tabs and line breaks, without notes and phonetic guides."""
    found: list[str] = []
    _collect(paragraph, found, depth=0)
    return "".join(found)


def _collect(element: Element, found: list[str], depth: int) -> None:
    found.append(element.text or "")
    for part in element:
        name = local(part)
        if name == "s":
            found.append(" " * min(whole_number(attribute(part, "c"), 1), 100))
        elif name == "tab":
            found.append("\t")
        elif name == "line-break":
            found.append("\n")
        elif name not in _UNSEEN and depth < 50:
            _collect(part, found, depth + 1)
        found.append(part.tail or "")
