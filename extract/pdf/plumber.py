"""The second opinion of pdfplumber: pdfminer's characters and lines, pdfplumber's tables."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise
from typing import Any

import numpy as np

from extract.errors import ReadError, shown
from extract.pdf.chars import Bools, Chars
from extract.pdf.codes import REPLACEMENT
from extract.pdf.frame import Box, Frame
from extract.pdf.pages import LinePart, PageParts, Part
from extract.pdf.peers import told_in_codes
from extract.pdf.placing import Found, found_of, on_page, page_of
from extract.pdf.rules import JOIN, Rules, merged

ENGINE = "pdfplumber"
MAX_PAGES = 20_000

_SLANT = 3.0  # degrees off the nearest quarter turn, from which text is a watermark
_GUESSED = 0.2  # of an em: a gap from which a space may have stood there
_THICK = 3.0  # points: a filled rectangle thinner than this is a rule
_LEVEL = 0.5  # points that the ends of a level line may differ
_CLOSED = 0.35  # of an em: how far the last line of a frame may stand from the ends of the others
_WHOLE = 0.95  # of a side of a frame: what is drawn of less leaves it open
_LEAST_RULES = 3
_HIDING = (3, 7)  # text render modes that paint nothing

_UPRIGHT_FORM = re.compile("[\ufe10-\ufe19\ufe30-\ufe48]")  # brackets and commas of vertical text

Thing = dict[str, Any]


def read_pages(data: bytes, name: str, only: Collection[int] | None = None) -> list[PageParts | None]:
    """The parts of the pages, or of `only` some of them (from 1; the others are None); raises ReadError."""
    with told_in_codes(ENGINE, name, "pdfminer", "pdfplumber"):
        import pdfplumber  # noqa: PLC0415 - costs more to load than most documents to read

        with pdfplumber.open(io.BytesIO(data)) as document:
            count = len(document.pages)
            if count > MAX_PAGES:
                raise ReadError("too-large", f"{shown(name)} has {count} pages; the limit is {MAX_PAGES}")
            if not count:
                raise ReadError("damaged", f"{shown(name)} is a PDF in which pdfplumber finds no page")
            numbers = range(1, count + 1)
            return [
                _read(page) if only is None or at in only else None
                for at, page in zip(numbers, document.pages, strict=True)
            ]


def _read(page: Any) -> PageParts | None:
    """A page; None where pdfminer cannot parse it."""
    try:
        hidden = _lay_out(page)
        frame = _frame(page)
        chars, frame, quarters = _chars(page.chars, frame)
        tables, inferred = _tables(page, chars, frame)
        found = page_of(chars, tables, hidden=hidden, picture=_picture(page), inferred=inferred)
    except (MemoryError, ReadError):
        raise
    except Exception:  # noqa: BLE001 - one type for each damage of a page; the caller says that it is lost
        return None
    finally:
        page.close()
    return turned_back(found, frame, quarters)


def turned_back(found: PageParts, frame: Frame, quarters: int) -> PageParts:
    """The parts with their boxes on the page as shown; `frame` is the one that was turned."""

    def back(box: Box) -> Box:
        x0, top, x1, bottom = frame.box_back(box, quarters)
        return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)

    def turned(part: Part) -> Part:
        if isinstance(part, LinePart):
            return part._replace(box=back(part.box))
        cells = [cell._replace(box=back(cell.box)) for cell in part.cells]
        return part._replace(cells=cells, box=back(part.box))

    return found._replace(parts=[turned(part) for part in found.parts])


# Characters.


def _lay_out(page: Any) -> int:
    """Let pdfminer lay the page out without the text that is not painted; gives how many characters that was."""
    from pdfminer.pdfinterp import PDFPageInterpreter  # noqa: PLC0415 - as above
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent  # noqa: PLC0415 - as above

    class Painted(PDFPageAggregatorWithMarkedContent):
        hides = False
        hidden = 0

        def render_string(self, textstate: Any, *rest: Any) -> None:
            self.hides = textstate.render in _HIDING
            super().render_string(textstate, *rest)

        def render_char(self, *char: Any) -> float:
            advance = float(super().render_char(*char))
            if self.hides:
                self.cur_item._objs.pop()  # noqa: SLF001 - pdfminer has no other way to leave an item out
                self.hidden += 1
            return advance

    device = Painted(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()  # noqa: SLF001 - where pdfplumber keeps it
    return device.hidden


def _frame(page: Any) -> Frame:
    """From pdfminer's space (turned as /Rotate says, from the corner of the media box up) to the page as shown."""
    mx0, my0, mx1, my1 = _sorted_box(page.page_obj.mediabox)
    cx0, cy0, cx1, cy1 = _sorted_box(page.page_obj.cropbox)
    left, low, right, high = max(mx0, cx0), max(my0, cy0), min(mx1, cx1), min(my1, cy1)
    if right <= left or high <= low:
        left, low, right, high = mx0, my0, mx1, my1
    box = {
        90: (low - my0, mx1 - right, high - my0, mx1 - left),
        180: (mx1 - right, my1 - high, mx1 - left, my1 - low),
        270: (my1 - high, left - mx0, my1 - low, right - mx0),
    }.get(page.rotation, (left - mx0, low - my0, right - mx0, high - my0))
    return Frame(box[2] - box[0], box[3] - box[1], (1, 0, 0, -1, -box[0], box[3]))


def _sorted_box(box: Any) -> Box:
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _chars(found: list[Thing], frame: Frame) -> tuple[Chars, Frame, int]:
    """The characters without spaces, the frame turned so that most run to the right, and by how many quarters."""
    rows = [row for number, char in enumerate(found) for row in _codes(char, number)]
    columns = np.array(rows, np.float64).reshape(-1, 8)
    code, number = columns[:, 0].astype(np.int64), columns[:, 7].astype(np.int64)
    along = np.arctan2(-columns[:, 2], columns[:, 1]) * (2 / np.pi)  # y grows downwards in the frame
    turn = np.rint(along).astype(np.int64) % 4
    straight = abs(along - np.rint(along)) * 90 < _SLANT
    space = (code <= 0x20) | np.isin(code, [0xA0, 0x202F, 0x205F, 0x3000]) | ((code >= 0x2000) & (code < 0x200C))
    seen = straight & ~space
    quarters = int(np.bincount(turn[seen], minlength=4).argmax())
    frame = frame.turned(quarters)
    x, y = frame.place(columns[:, 3], columns[:, 4])
    advance = columns[:, 6]
    end, _ = frame.place(columns[:, 3] + columns[:, 1] * advance, columns[:, 4] + columns[:, 2] * advance)
    size = columns[:, 5]
    spaced = np.zeros(len(code), np.int64)
    spaced[1:] = np.where(space[:-1], 2, 0)
    place = Chars(code, x, y, np.maximum(end, x), size, (turn - quarters) % 4, spaced, number, np.zeros_like(code))
    return _with_guessed(on_page(place.take(seen), frame)), frame, quarters


def _codes(char: Thing, number: int) -> list[tuple[float, ...]]:
    """A character as code point, direction, origin, size and width; a ligature as several, side by side."""
    a, b, _, _, e, f = char["matrix"]
    text = char["text"]
    if not text or text.startswith("(cid:"):
        text = chr(REPLACEMENT)
    elif _UPRIGHT_FORM.match(text):
        text = unicodedata.normalize("NFKC", text)
    size = float(char["width"] if abs(b) > abs(a) else char["height"])
    scale = math.hypot(a, b) or 1.0
    step = char["adv"] / len(text)
    return [
        (ord(each), a / scale, b / scale, e + a * step * at, f + b * step * at, size, step * scale, number)
        for at, each in enumerate(text)
    ]


def _with_guessed(chars: Chars) -> Chars:
    """With a guess where a gap may stand for a space, as PDFium makes it."""
    if len(chars.code) < 2:
        return chars
    gap = np.zeros(len(chars.code))
    gap[1:] = chars.x[1:] - chars.end[:-1]
    level: Bools = np.append(False, abs(np.diff(chars.y)) < _GUESSED * chars.size[1:])
    guessed = level & (gap > _GUESSED * chars.size) & (chars.spaced == 0)
    return chars._replace(spaced=np.where(guessed, 1, chars.spaced))


def _picture(page: Any) -> float:
    area = float(page.width) * float(page.height) or 1.0
    return min(1.0, max((float(each["width"]) * float(each["height"]) / area for each in page.images), default=0.0))


# Tables.


def _tables(page: Any, chars: Chars, frame: Frame) -> tuple[list[Found], bool]:
    """The tables, the smallest first, and whether white space had to tell them."""
    if not len(chars.code):
        return [], False
    em = float(np.median(chars.size))
    drawn = [*page.lines, *page.rects, *page.curves]
    found, inferred = _ruled(page, [thing for thing in drawn if _is_rule(thing)], em), False
    if not found:
        found, inferred = _half_ruled(page, em), True
    if not found and len(fills := [thing for thing in drawn if _is_fill(thing)]) > _LEAST_RULES:
        found, inferred = _ruled(page, fills, em), False
    if not found:
        found, inferred = _aligned(page), True
    boxes = [[_in_frame(cell, page, frame) for cell in table] for table in found]
    tables = [table for each in boxes if (table := found_of(each, em)) and not _is_page(table, frame)]
    return sorted(tables, key=_area), inferred


def _area(table: Found) -> float:
    x0, top, x1, bottom = table.box
    return (x1 - x0) * (bottom - top)


def _is_page(table: Found, frame: Frame) -> bool:
    x0, top, x1, bottom = table.box
    return len(table.cells) == 1 and (x1 - x0) * (bottom - top) > 0.6 * frame.width * frame.height


def _in_frame(cell: Box, page: Any, frame: Frame) -> Box:
    left, top = page.mediabox[:2]
    x = np.array([cell[0], cell[2]], np.float64) - left
    y = float(page.height) + top - np.array([cell[1], cell[3]], np.float64)
    fx, fy = frame.place(x, y)
    return float(fx.min()), float(fy.min()), float(fx.max()), float(fy.max())


def _is_rule(thing: Thing) -> bool:
    if thing["object_type"] == "line":
        return True
    thin = bool(thing.get("stroke")) or min(thing["width"], thing["height"]) < _THICK
    return thing["object_type"] in {"rect", "curve"} and thin


def _is_fill(thing: Thing) -> bool:
    if thing["object_type"] != "rect" or not thing.get("fill") or min(thing["width"], thing["height"]) < _THICK:
        return False
    colour = thing.get("non_stroking_color")
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    return not (len(parts) in {1, 3} and all(part is not None and float(part) > 0.97 for part in parts))


def _ruled(page: Any, things: list[Thing], em: float) -> list[list[Box]]:
    """The cells of each table between drawn lines, its outer frame closed where the page leaves it open."""
    level, upright = _rules(things, em)
    if not len(level.at) or not len(upright.at):
        return []
    closing_level, closing_upright = _frames(level, upright, em)
    settings = {
        "horizontal_strategy": "explicit",
        "vertical_strategy": "explicit",
        "explicit_horizontal_lines": _edges(level, closing_level, level=True),
        "explicit_vertical_lines": _edges(upright, closing_upright, level=False),
        "snap_tolerance": 0.3 * em,
        "join_tolerance": JOIN,
        "intersection_tolerance": 0.5 * em,
    }
    return [table.cells for table in page.find_tables(settings)]


def _rules(things: list[Thing], em: float) -> tuple[Rules, Rules]:
    """The level and upright rules: pieces of dashed and dotted lines joined, double lines made one."""
    found = [box for thing in things for box in _lines_of(thing)]
    box = np.array(found, np.float64).reshape(-1, 4)
    width, height = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    dot = np.maximum(width, height) < JOIN
    flat, tall = box[(width >= height) | dot], box[(height > width) | dot]
    level = Rules((flat[:, 1] + flat[:, 3]) / 2, flat[:, 0], flat[:, 2])
    upright = Rules((tall[:, 0] + tall[:, 2]) / 2, tall[:, 1], tall[:, 3])
    return merged(level, em), merged(upright, em)


def _lines_of(thing: Thing) -> list[Box]:
    x0, top, x1, bottom = (float(thing[side]) for side in ("x0", "top", "x1", "bottom"))
    if thing["object_type"] == "line" or min(x1 - x0, bottom - top) < _THICK:
        return [(x0, top, x1, bottom)]
    if thing["object_type"] == "rect":
        return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
    sides = pairwise(thing["pts"])
    straight = [(*one, *other) for one, other in sides if min(abs(one[0] - other[0]), abs(one[1] - other[1])) < _LEVEL]
    return [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in straight]


Side = tuple[float, float, float]


def _frames(level: Rules, upright: Rules, em: float) -> tuple[list[Side], list[Side]]:
    """What lacks of the outer frames: where the rules of a table run out and none stands across their ends."""
    bands: list[list[float]] = []
    for low, high in sorted(zip(upright.low.tolist(), upright.high.tolist(), strict=True)):
        if bands and low <= bands[-1][1] + _CLOSED * em:
            bands[-1][1] = max(bands[-1][1], high)
        else:
            bands.append([low, high])
    closing_level: list[Side] = []
    closing_upright: list[Side] = []
    for low, high in bands:
        rows = (level.at > low - em) & (level.at < high + em)
        columns = (upright.low < high) & (upright.high > low)
        if not rows.any():
            continue
        top, bottom = min(low, float(level.at[rows].min())), max(high, float(level.at[rows].max()))
        left = min(float(level.low[rows].min()), float(upright.at[columns].min()))
        right = max(float(level.high[rows].max()), float(upright.at[columns].max()))
        closing_level += [(at, left, right) for at in (top, bottom) if not _drawn(level, at, left, right, em)]
        closing_upright += [(at, top, bottom) for at in (left, right) if not _drawn(upright, at, top, bottom, em)]
    return closing_level, closing_upright


def _drawn(rules: Rules, at: float, low: float, high: float, em: float) -> bool:
    near = abs(rules.at - at) < _CLOSED * em
    length = np.minimum(rules.high[near], high) - np.maximum(rules.low[near], low)
    return bool(length[length > 0].sum() > _WHOLE * (high - low))


def _edges(rules: Rules, closing: list[Side], *, level: bool) -> list[Thing]:
    drawn = zip(*(column.tolist() for column in rules), strict=True)
    sides = [*drawn, *closing]
    if level:
        return [_edge(low, at, high, at) for at, low, high in sides]
    return [_edge(at, low, at, high) for at, low, high in sides]


def _edge(x0: float, top: float, x1: float, bottom: float) -> Thing:
    return {
        "object_type": "line",
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "doctop": top,
        "orientation": "h" if top == bottom else "v",
    }


def _half_ruled(page: Any, em: float) -> list[list[Box]]:
    """Tables ruled only between their rows: the columns by the words."""
    edges = [edge for edge in page.edges if edge["orientation"] == "h" and edge["width"] > 10 * em]
    if len({round(edge["top"]) for edge in edges}) < _LEAST_RULES:
        return []
    settings = {"vertical_strategy": "text", "horizontal_strategy": "lines"}
    return [table.cells for table in page.find_tables(settings) if _columns(table.cells) > 2]


def _aligned(page: Any) -> list[list[Box]]:
    """Tables without rules: rows and columns by the words."""
    upright = page.filter(lambda thing: thing["object_type"] == "char" and thing["upright"]).dedupe_chars()
    settings = {"vertical_strategy": "text", "horizontal_strategy": "text"}
    return [table.cells for table in upright.find_tables(settings) if _columns(table.cells) > 2]


def _columns(cells: list[Box]) -> int:
    lefts = sorted({round(cell[0]) for cell in cells})
    return 1 + sum(after - before > 3 for before, after in pairwise(lefts)) if lefts else 0
