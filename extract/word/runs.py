"""The text of a paragraph as Word displays it: no deleted, hidden or field-code text, symbols as characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extract.markup import Element, attribute, child, children, local, switched_on
from extract.raised import is_raised, raised
from extract.word.numbering import Numbering
from extract.word.styles import Styles, font_of, list_of, toggled
from extract.word.symbols import UNKNOWN, is_private, symbol

_MARKS = {"tab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_UNSEEN = frozenset({
    "pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText", "softHyphen", "footnoteReference",
    "endnoteReference", "annotationRef", "commentReference", "lastRenderedPageBreak", "proofErr", "bookmarkStart",
    "bookmarkEnd", "rt", "Fallback",
})  # fmt: skip
_DELETED = frozenset({"del", "moveFrom"})
_INSERTED = frozenset({"ins", "moveTo"})
_PICTURES = frozenset({"pic", "imagedata"})
_DEEPEST = 200


@dataclass(slots=True)
class Seen:
    """What was met in a document that a reviewer should know of."""

    inserted: int = 0
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    odd_numbers: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    embedded: int = 0
    pictures: int = 0
    loose_pictures: int = 0


@dataclass(slots=True)
class Context:
    """What paragraphs are read with."""

    styles: Styles
    numbering: Numbering
    seen: Seen


@dataclass(slots=True)
class _Paragraph:
    """The pieces of one paragraph so far; `fields` tells for each open field whether its result has begun."""

    context: Context
    style: str
    pieces: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    pictures: int = 0

    @property
    def in_code(self) -> bool:
        return not all(self.fields)


def read_paragraph(element: Element, context: Context) -> tuple[list[str], int]:
    """The lines of a paragraph, its number in front where it stands in a list, and how many pictures it holds."""
    properties = child(element, "pPr")
    named = child(properties, "pStyle") if properties is not None else None
    paragraph = _Paragraph(context, attribute(named, "val") if named is not None else "")
    _walk(element, paragraph, 0)
    text = "".join(paragraph.pieces)
    prefix = _number(properties, paragraph) if text.strip() or paragraph.pictures else ""
    context.seen.pictures += paragraph.pictures
    return (prefix + text).split("\n"), paragraph.pictures


def _number(properties: Element | None, paragraph: _Paragraph) -> str:
    own, depth = list_of(properties)
    usual, usual_depth = paragraph.context.styles.list_of(paragraph.style)
    number = paragraph.context.numbering.number(own or usual, int(depth or usual_depth or "0"))
    if number is None:
        return ""
    text, known = number
    (paragraph.context.seen.numbers if known else paragraph.context.seen.odd_numbers).append(text)
    return text


def _walk(element: Element, paragraph: _Paragraph, depth: int) -> None:
    for part in element:
        name = local(part)
        if name == "r":
            _run(part, paragraph, depth)
        elif name in _DELETED:
            _tell(paragraph.context.seen.deleted, part)
        elif name == "AlternateContent":
            _walk_one(next(iter(part), None), paragraph, depth)
        elif name == "sym":
            paragraph.pieces.append(_symbol(part, paragraph))
        elif name == "t":
            paragraph.pieces.append(part.text or "")  # in formulas
        elif name not in _UNSEEN and name != "p" and depth < _DEEPEST:
            paragraph.context.seen.inserted += name in _INSERTED
            _walk(part, paragraph, depth + 1)


def _walk_one(element: Element | None, paragraph: _Paragraph, depth: int) -> None:
    if element is not None and depth < _DEEPEST:
        _walk(element, paragraph, depth + 1)


def _tell(texts: list[str], element: Element) -> None:
    text = "".join(each.text or "" for each in element.iter() if local(each) in ("t", "delText")).strip()
    if text:
        texts.append(text)


def _run(run: Element, paragraph: _Paragraph, depth: int) -> None:
    properties = child(run, "rPr")
    if _is_hidden(properties, paragraph):
        _tell(paragraph.context.seen.hidden, run)
        return
    font = font_of(properties) or paragraph.context.styles.font(paragraph.style)
    start = len(paragraph.pieces)
    for part in run:
        _run_part(part, font, paragraph, depth)
    if is_raised(properties):
        paragraph.pieces[start:] = [raised("".join(paragraph.pieces[start:]))]


def _run_part(part: Element, font: str, paragraph: _Paragraph, depth: int) -> None:
    name = local(part)
    if name == "fldChar":
        _field(part, paragraph)
    elif name in _UNSEEN or paragraph.in_code:
        return
    elif name == "t":
        paragraph.pieces.append(_mapped(part.text or "", font, paragraph))
    elif name in _MARKS:
        paragraph.pieces.append(_MARKS[name])
    elif name == "sym":
        paragraph.pieces.append(_symbol(part, paragraph))
    elif name in _NESTED:
        for each in _NESTED[name](part):
            _run_part(each, font, paragraph, depth + 1)
    elif name in ("drawing", "pict", "object"):
        _drawing(part, paragraph)


_NESTED: dict[str, Callable[[Element], list[Element]]] = {
    "ruby": lambda part: [each for base in children(part, "rubyBase") for run in base for each in run],
    "AlternateContent": lambda part: list(next(iter(part), ())),
}
"""Parts of a run that hold parts of runs: what a phonetic guide stands above; the first of several drawings."""


def _is_hidden(properties: Element | None, paragraph: _Paragraph) -> bool:
    own = toggled(properties, "vanish")
    if own is not None:
        return own
    named = child(properties, "rStyle") if properties is not None else None
    styles = paragraph.context.styles
    return (named is not None and styles.hidden(attribute(named, "val"))) or styles.hidden(paragraph.style)


def _mapped(text: str, font: str, paragraph: _Paragraph) -> str:
    if not any(map(is_private, text)):
        return text
    return "".join(_character(font, ord(char), paragraph) if is_private(char) else char for char in text)


def _symbol(part: Element, paragraph: _Paragraph) -> str:
    try:
        code = int(attribute(part, "char"), 16)
    except ValueError:
        code = 0
    return _character(attribute(part, "font"), code, paragraph)


def _character(font: str, code: int, paragraph: _Paragraph) -> str:
    if not 0xF000 <= code <= 0xF0FF and code > 0xFF:
        return chr(code) if code < 0xD800 else UNKNOWN
    char = symbol(font, code)
    if char == UNKNOWN:
        paragraph.context.seen.unknown.append(f"{font} {code:04X}")
    return char


def _field(part: Element, paragraph: _Paragraph) -> None:
    kind = attribute(part, "fldCharType")
    if kind == "begin":
        if not paragraph.in_code:
            box = child(part, "ffData", "checkBox")
            if box is not None:
                paragraph.pieces.append("☑" if _is_checked(box) else "☐")
        paragraph.fields.append(False)
    elif kind == "separate" and paragraph.fields:
        paragraph.fields[-1] = True
    elif kind == "end" and paragraph.fields:
        paragraph.fields.pop()


def _is_checked(box: Element) -> bool:
    for name in ("checked", "default"):
        found = child(box, name)
        if found is not None:
            return switched_on(attribute(found, "val", "1"))
    return False


def _drawing(part: Element, paragraph: _Paragraph) -> None:
    """Text boxes are told of, pictures counted."""
    inside = False
    for each in part.iter():
        name = local(each)
        if name in _PICTURES:
            paragraph.pictures += 1
        elif name == "txbxContent" and not inside:
            inside = True
            _tell(paragraph.context.seen.boxes, each)
