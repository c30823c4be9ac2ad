"""Excel workbooks in Office Open XML (ECMA-376, part 1, 18): cells as they are displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.errors import ReadError, shown
from extract.markup import Element, attribute, child, children, iterate_xml, local, switched_on, whole_number
from extract.package import Package
from extract.raised import is_raised, raised
from extract.sheet.book import MAX_CELLS, MAX_COLS, MAX_ROWS, MAX_SHEETS, Sheet, Spot
from extract.sheet.drawings import read_drawings
from extract.sheet.formats import BUILT_IN, GENERAL, Shown, show_number, show_text

_NAME = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Styles:
    """What all sheets share: texts, the number format of each style, and the calendar."""

    texts: list[str]
    formats: list[str]
    from_1904: bool


def read_sheets(package: Package, workbook: str) -> list[Sheet]:
    """The sheets of a workbook in its order; sheets that are charts or macros are left out."""
    root = package.xml(workbook)
    relations = package.relations(workbook)
    properties = child(root, "workbookPr")
    styles = Styles(
        _shared_texts(package, package.related(workbook, "sharedStrings")),
        _formats(package, package.related(workbook, "styles")),
        properties is not None and switched_on(attribute(properties, "date1904")),
    )
    listing = child(root, "sheets")
    entries = list(children(listing, "sheet")) if listing is not None else []
    if len(entries) > MAX_SHEETS:
        raise ReadError("too-large", f"{shown(package.name)} has {len(entries)} sheets; the limit is {MAX_SHEETS}")
    found: list[Sheet] = []
    for entry in entries:
        relation = relations.get(next((v for k, v in entry.attrib.items() if k.endswith("}id")), ""))
        if relation is None or relation.kind != "worksheet":
            continue
        sheet = Sheet(attribute(entry, "name"), attribute(entry, "state") in ("hidden", "veryHidden"))
        _read_sheet(package, relation.target, sheet, styles)
        read_drawings(package, relation.target, sheet)
        found.append(sheet)
    return found


def _shared_texts(package: Package, part: str | None) -> list[str]:
    if part is None:
        return []
    data = package.archive.read(part)
    return [_text(item) for item in iterate_xml(data, package.name, part, "si")]


def _text(item: Element) -> str:
    """The runs of a text, without its phonetic guide."""
    found = []
    for part in item:
        name = local(part)
        if name == "t":
            found.append(part.text or "")
        elif name == "r":
            run = "".join(text.text or "" for text in children(part, "t"))
            found.append(raised(run) if is_raised(child(part, "rPr")) else run)
    return _unescaped("".join(found))


def _unescaped(text: str) -> str:
    if "_x" not in text and "\r" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    text = "".join(char for char in text if not "\ud800" <= char <= "\udfff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _formats(package: Package, part: str | None) -> list[str]:
    """The number format of each cell style."""
    if part is None:
        return []
    root = package.xml(part)
    own = child(root, "numFmts")
    codes = {
        whole_number(attribute(each, "numFmtId"), -1): attribute(each, "formatCode", GENERAL)
        for each in (children(own, "numFmt") if own is not None else ())
    }
    styles = child(root, "cellXfs")
    numbers = [whole_number(attribute(each, "numFmtId")) for each in (styles if styles is not None else ())]
    return [BUILT_IN.get(number, GENERAL) if number not in codes else codes[number] for number in numbers]


def _read_sheet(package: Package, part: str, sheet: Sheet, styles: Styles) -> None:
    tags = ("sheetFormatPr", "col", "row", "mergeCell")
    row = -1
    all_hidden = False
    for element in iterate_xml(package.archive.read(part), package.name, part, *tags):
        name = local(element)
        if name == "row":
            row = min(max(whole_number(attribute(element, "r"), row + 2) - 1, 0), MAX_ROWS - 1)
            if switched_on(attribute(element, "hidden", "1" if all_hidden else "0")):
                sheet.hidden_rows.add(row)
            _read_row(element, row, sheet, styles)
            if len(sheet.texts) > MAX_CELLS:
                raise ReadError("too-large", f"{shown(package.name)} has more than {MAX_CELLS} cells with a text")
        elif name == "col" and switched_on(attribute(element, "hidden")):
            first, last = (whole_number(attribute(element, key)) - 1 for key in ("min", "max"))
            sheet.hidden_cols.append((first, last))
        elif name == "mergeCell":
            sheet.merges.extend(_range(attribute(element, "ref")))
        elif name == "sheetFormatPr":
            all_hidden = switched_on(attribute(element, "zeroHeight"))


def _read_row(element: Element, row: int, sheet: Sheet, styles: Styles) -> None:
    col = -1
    for cell in element:
        if local(cell) != "c":
            continue
        named = _spot(cell.get("r") or "")
        col = named[1] if named else col + 1
        if col >= MAX_COLS or not len(cell):
            continue
        spot = (row, col)
        text = _shown(cell, spot, sheet, styles)
        if text and not text.isspace():
            sheet.texts[spot] = text


def _shown(cell: Element, spot: Spot, sheet: Sheet, styles: Styles) -> str:
    """What a cell displays; "" where it is blank."""
    kind = cell.get("t") or "n"
    style = whole_number(cell.get("s") or "0")
    code = styles.formats[style] if style < len(styles.formats) else GENERAL
    if kind == "inlineStr":
        item = child(cell, "is")
        return show_text(_text(item), code) if item is not None else ""
    held = child(cell, "v")
    value = str(held.text or "") if held is not None else ""
    if not value.strip():
        if child(cell, "f") is not None and kind != "str":
            sheet.unvalued.append(spot)
        return ""
    if kind == "b":
        return "TRUE" if switched_on(value) else "FALSE"
    if kind == "e":
        sheet.errors.append(spot)
        return value
    found = _valued(kind, value, code, styles)
    if found is None:
        sheet.errors.append(spot)
        return ""
    if not found.known:
        sheet.unknown_formats.append(spot)
    return found.text


def _valued(kind: str, value: str, code: str, styles: Styles) -> Shown | None:
    """A text or a number as displayed; None for a text that the workbook does not hold."""
    if kind == "n":
        return show_number(value.strip(), code, from_1904=styles.from_1904)
    if kind != "s":
        return Shown(show_text(_unescaped(value), code))
    at = whole_number(value, -1)
    return Shown(show_text(styles.texts[at], code)) if 0 <= at < len(styles.texts) else None


def _spot(name: str) -> Spot | None:
    found = _NAME.fullmatch(name)
    if not found:
        return None
    col = 0
    for letter in found[1]:
        col = col * 26 + ord(letter) - 64
    return int(found[2]) - 1, col - 1


def _range(ref: str) -> Iterator[tuple[int, int, int, int]]:
    """The range of a merged cell; none where it is no range."""
    first, _, last = ref.partition(":")
    start, end = _spot(first), _spot(last)
    if start and end and start <= end and start[1] <= end[1]:
        yield (*start, min(end[0], MAX_ROWS - 1), min(end[1], MAX_COLS - 1))
