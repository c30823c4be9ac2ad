"""A web page as lines and tables, as a browser lays them out: no scripts, no comments, nothing hidden but rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from extract.errors import ReadError, shown
from extract.markup import Element
from extract.raised import raised
from extract.tables import Part, RawLine, RawTable
from extract.web.spans import Grid

MAX_TAGS = 2_000_000
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_SKIPPED = frozenset({
    "script", "style", "head", "title", "template", "noscript", "option", "select", "button", "object", "iframe",
    "svg", "math", "xml", "rt", "rp", "map", "audio", "video", "canvas",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "big", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "img", "input", "ins",
    "kbd", "label", "mark", "nobr", "q", "ruby", "rb", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt",
    "u", "var", "wbr", "o:p", "p:colorscheme", "time", "data",
})  # fmt: skip
_GROUPS = ("thead", "tbody", "tfoot")
_DEEPEST = 200


@dataclass(slots=True)
class Sink:
    """Lines and tables as they come; `hidden` are texts that are not displayed.

    `inside` tells that a cell is read (elsewhere hidden texts are the site's own), `gone` that all of it is hidden.
    """

    name: str
    parts: list[Part] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: int = 0
    inside: bool = False
    gone: bool = False

    def text(self, text: str) -> None:
        """A piece of the current line."""
        if text:
            self.line.append(text)

    def end_line(self) -> None:
        """The current line is over; blank ones are left out."""
        text = _SPACES.sub(" ", "".join(self.line)).strip(" ")
        self.line = []
        if text and not text.isspace():
            self.parts.append(RawLine(text))


def read_page(text: str, name: str) -> Sink:
    """The parts of a page; raises ReadError `too-large`, `not-a-table` where there is no element at all."""
    if text.count("<") > MAX_TAGS:
        raise ReadError("too-large", f"{shown(name)} holds more than {MAX_TAGS} tags")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    sink = Sink(name)
    try:
        root: Any = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReadError("damaged", f"{shown(name)} is a web page that cannot be read") from error
    if root is not None:
        _read(root, sink, 0)
        sink.end_line()
    return sink


def _read(element: Element, sink: Sink, depth: int) -> None:
    """The text of an element and of all in it, lines ended where a browser ends them."""
    sink.text(element.text or "")
    for part in element:
        tag = _tag(part)
        if tag and tag not in _SKIPPED:
            _read_part(part, tag, sink, depth)
        sink.text(part.tail or "")


def _read_part(part: Element, tag: str, sink: Sink, depth: int) -> None:
    if is_hidden(part) and tag != "table" and not sink.gone:
        _read_hidden(part, sink, depth)
    elif tag == "br":
        sink.end_line()
    elif tag == "img":
        sink.pictures += 1
    elif tag == "input":
        sink.text(_input(part))
    elif depth >= _DEEPEST:
        sink.text("".join(part.itertext()))
    elif tag == "table":
        sink.end_line()
        sink.parts.append(read_table(part, sink, depth + 1))
    elif tag in _INLINE:
        if tag == "sup" and not len(part):
            sink.text(raised(part.text or ""))
        else:
            _read(part, sink, depth + 1)
    else:
        sink.end_line()
        _read(part, sink, depth + 1)
        sink.end_line()


def _read_hidden(part: Element, sink: Sink, depth: int) -> None:
    """Tables that are hidden are read, their rows told as such; other hidden texts are told where a cell holds them."""
    if depth < _DEEPEST and any(_tag(each) == "table" for each in part.iter()):
        sink.gone = True
        _read(part, sink, depth + 1)
        sink.gone = False
    elif sink.inside and (text := "".join(part.itertext()).strip()):
        sink.hidden.append(text)


def _tag(element: Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_hidden(element: Element) -> bool:
    """Whether a browser does not display an element, as its own attributes say."""
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def _input(element: Element) -> str:
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if "checked" in element.attrib else "☐"
    return element.get("value") or "" if kind in ("text", "number", "date") else ""


def read_table(element: Element, sink: Sink, depth: int) -> RawTable:
    """A table with its merged cells; its caption becomes a line before it."""
    for caption in element:
        if _tag(caption) == "caption":
            _read(caption, sink, depth)
            sink.end_line()
    grid = Grid(sink.name)
    gone = sink.gone or is_hidden(element)
    for group in _groups(element):
        for row, cells in _rows(group):
            grid.begin_row(hidden=gone or is_hidden(group[0].getparent()) or (row is not None and is_hidden(row)))
            for cell in cells:
                _cell(cell, grid, sink, depth)
        grid.end_group()
    return grid.table


def _groups(table: Element) -> Iterator[list[Element]]:
    """The children of a table group by group, the head first and the foot last, as a browser shows them."""
    found: dict[str, list[list[Element]]] = {name: [] for name in _GROUPS}
    loose: list[Element] | None = None
    for child in table:
        tag = _tag(child)
        if tag in _GROUPS:
            loose = None
            found[tag].append(list(child))
        elif tag in ("tr", "td", "th"):
            if loose is None:
                loose = []
                found["tbody"].append(loose)
            loose.append(child)
    yield from (group for name in _GROUPS for group in found[name] if group)


def _rows(group: list[Element]) -> Iterator[tuple[Element | None, list[Element]]]:
    """The rows of a group with their cells; cells outside any row make rows of their own."""
    loose: list[Element] = []
    for child in group:
        tag = _tag(child)
        if tag in ("td", "th"):
            loose.append(child)
        elif tag == "tr":
            if loose:
                yield None, loose
                loose = []
            yield child, [cell for cell in child if _tag(cell) in ("td", "th")]
    if loose:
        yield None, loose


def _cell(element: Element, grid: Grid, sink: Sink, depth: int) -> None:
    inner = Sink(sink.name, inside=True, gone=sink.gone)
    if not is_hidden(element):
        _read(element, inner, depth + 1)
        inner.end_line()
    else:
        inner.hidden.append("".join(element.itertext()).strip())
    sink.hidden += [text for text in inner.hidden if text]
    cell = grid.add(element.get("rowspan") or "", element.get("colspan") or "")
    cell.pictures = inner.pictures
    cell.content = [part.text if isinstance(part, RawLine) else part for part in inner.parts]
    if not (cell.content or cell.pictures):
        grid.table.cells.pop()
