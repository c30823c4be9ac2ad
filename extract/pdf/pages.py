"""A page to its parts in reading order: tables of cells, and the lines of text between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from itertools import accumulate, repeat
from typing import Any, NamedTuple

import numpy as np

from extract.pdf import native, pdfium
from extract.pdf.box_drawing import with_box_drawing
from extract.pdf.chars import Chars, Ints, PageText, read_chars
from extract.pdf.clips import HIDDEN, Clips, settled
from extract.pdf.codes import REPLACEMENT, count_foreign, is_known
from extract.pdf.frame import Box, Floats, Frame, frame_of
from extract.pdf.gaps import (
    LEAST,
    Onward,
    Ruled,
    Stood,
    grids_between_rules,
    grids_by_gaps,
    half_of,
    may_be_rows,
    onward_of,
    told_whole,
)
from extract.pdf.grid import Grid, Slots, grids_of, slots_of, without_slivers
from extract.pdf.lines import Piece, texts_and_odds, texts_of
from extract.pdf.paths import Drawing, read_paths
from extract.pdf.pdfium import Handle
from extract.pdf.rules import Rules, rules_of, rules_of_fills, without_hidden
from extract.pdf.sheets import MIDDLE, level_strip, stand_apart, strip_of
from extract.pdf.stripes import Finder, are_stripes, run_over, with_fills
from extract.pdf.underlines import have_loose_ends, without_underlines

_OVERSIZED = 1.9  # times the size of the page's text: within a table a watermark, above it a title
_FILLS = 4  # fewer fills are a background
_LIFT = 0.35  # of an em: from the baseline to the middle of a character


class Sight(NamedTuple):
    """How a text was read from a picture: the probability of its least sure character, and what else it may say."""

    sure: float
    others: tuple[str, ...]
    doubtful: bool


class CellPart(NamedTuple):
    """A cell that is not blank: where it stands in its grid, its text and its box on the page.

    `behind` is how many pages further on its text stands, where page cuts part the cell.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    box: Box
    sight: Sight | None = None
    behind: int = 0


Slot = tuple[int, int, int, int]
"""Row, column, row span and column span of a cell."""


class TablePart(NamedTuple):
    """A table of a page; `xs` are the edges of its columns, `foot` its blank cells that reach to its last row."""

    xs: list[float]
    rows: int
    cells: list[CellPart]
    box: Box
    foot: tuple[Slot, ...] = ()


class LinePart(NamedTuple):
    """A line of text outside any table."""

    text: str
    box: Box
    sight: Sight | None = None


Part = TablePart | LinePart


class PageParts(NamedTuple):
    """What a page holds in reading order, and what is odd about its text.

    `chars` counts the characters that are shown, however often each is drawn;
    `unknown` is the share of those whose code point is none that a form can hold; `hidden` counts those that are
    not painted; `picture` is the share of the page that its largest picture takes; `inferred` tells
    that white space had to tell rows or columns; `unseen` are texts off the page or hidden by a clip; `onward`
    are the columns of a table without rules that stands last and may go on; `told` is how many
    characters PDFium hands out, spaces and all; `unpainted` are texts of fields and remarks that have no appearance;
    `sheets` is where in the parts further sheets begin that are printed on the same page;
    `over` counts the characters that are printed over others; `foreign` are those of the unknown that are letters.
    """

    parts: list[Part]
    chars: int
    unknown: float
    hidden: int
    picture: float
    inferred: bool
    unseen: tuple[str, ...] = ()
    onward: Onward | None = None
    told: int | None = None
    unpainted: tuple[str, ...] = ()
    sheets: tuple[int, ...] = ()
    over: int = 0
    foreign: int = 0


def visible(text: str) -> int:
    """How many characters of a text are no space."""
    return len(text) - text.count(" ") - text.count("\n")


def texts(page: PageParts) -> list[str]:
    """The texts of a page's parts."""
    found: list[str] = []
    for part in page.parts:
        if isinstance(part, TablePart):
            found.extend(cell.text for cell in part.cells)
        else:
            found.append(part.text)
    return found


def read_page(page: Handle, unit: float = 1.0, onward: Onward | None = None) -> PageParts | None:
    """The parts of a page whose unit has so many points; None where PDFium cannot read its text.

    `onward` are the columns of a table without rules that may go on from the page before.
    """
    with pdfium.text_page(page) as text:
        if not text:
            return None
        found = read_chars(text, frame_of(page, unit))
        if not found.quarters:
            return _page_parts(page, text, found, onward)
    # PDFium puts the pieces of a line in order, and tells spaces, by the page as shown: it reads most texts upright.
    with pdfium.rotated(page, -found.quarters), pdfium.text_page(page) as text:
        if not text:
            return None
        upright = read_chars(text, frame_of(page, unit))
        return _page_parts(page, text, upright._replace(quarters=found.quarters + upright.quarters), onward)


def _page_parts(page: Handle, text: Handle, found: PageText, onward: Onward | None) -> PageParts:
    drawing = read_paths(page, found.frame)
    found = _without_white(found) if drawing.bare else found
    shown, unseen = (found.chars, ()) if found.plain else _on_page(found)
    chars, unknown = (shown, 0.0) if found.plain else _decoded(shown)
    chars, drawing = with_box_drawing(chars, drawing)
    parts, inferred, (clipped, over) = _parts(chars, drawing, (Clips(text, found), onward))
    foot = _foot(parts, onward) if inferred else None
    sheets = sheets_of(parts, chars)
    parts = [part for sheet in sheets for part in sheet]
    if found.quarters:
        parts = [_turned_back(part, found) for part in parts]
    unseen += clipped
    count = len(chars.code) - sum(map(visible, clipped))
    page_parts = PageParts(parts, count, unknown, found.hidden, drawing.picture, inferred, unseen, foot)
    foreign = count_foreign(shown.code) if unknown else 0
    begins = tuple(accumulate(map(len, sheets[:-1])))
    return page_parts._replace(told=found.told, sheets=begins, over=over, foreign=foreign)


def _foot(parts: list[Part], before: Onward | None) -> Onward | None:
    """The columns of the table that stands last on a page; `before` are those by which the page was read."""
    tables = [part for part in parts if isinstance(part, TablePart)]
    if not tables:
        return None
    cells = [Stood(cell.col, cell.col + cell.col_span, cell.text, cell.box) for cell in tables[-1].cells]
    return onward_of(tables[-1].xs, cells, before)


def _turned_back(part: Part, found: PageText) -> Part:
    """The part with its boxes on the page as shown."""

    def back(box: Box) -> Box:
        x0, top, x1, bottom = found.frame.box_back(box, found.quarters)
        return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)

    if isinstance(part, LinePart):
        return part._replace(box=back(part.box))
    return part._replace(cells=[cell._replace(box=back(cell.box)) for cell in part.cells], box=back(part.box))


def _without_white(found: PageText) -> PageText:
    """The text without what is white on white paper, which counts as hidden."""
    if not found.white.any():
        return found
    chars, kept = found.chars, ~found.white[found.chars.run]
    return found._replace(chars=chars.take(kept), hidden=found.hidden + int((~kept).sum()))


def _on_page(found: PageText) -> tuple[Chars, tuple[str, ...]]:
    """The characters on the page, and the texts that stand wholly off it."""
    chars, frame = found.chars, found.frame
    inside = (chars.x > -chars.size) & (chars.x < frame.width) & (chars.y > 0) & (chars.y < frame.height + chars.size)
    if inside.all():
        return chars, ()
    seen = np.zeros(int(chars.run.max()) + 1, np.bool_)  # what runs off the page at a side was cut by the printing
    seen[chars.run[inside]] = True
    kept = seen[chars.run]
    return chars.take(kept), _lines(_decoded(chars.take(~kept))[0])


def _lines(chars: Chars) -> tuple[str, ...]:
    return tuple(piece.text for piece in texts_of(chars, np.zeros(len(chars.code), np.int64), 0))


def _decoded(chars: Chars) -> tuple[Chars, float]:
    known = is_known(chars.code)
    if known.all():
        return chars, 0.0
    code = np.where(known, chars.code, REPLACEMENT)
    return chars._replace(code=code), 1.0 - float(known.mean())


def _parts(
    chars: Chars, drawing: Drawing, around: tuple[Clips, Onward | None]
) -> tuple[list[Part], bool, tuple[tuple[str, ...], int]]:
    """The parts, whether white space told their cells; texts that a clip hides, how many characters cover others."""
    if not len(chars.code):
        return [], False, ((), 0)
    clips, onward = around
    em = _median(chars.size)
    bands = rules_of(drawing, em)
    if have_loose_ends(bands):
        drawing = without_underlines(drawing, chars, em)
        bands = rules_of(drawing, em)
    grids, inferred = _grids(chars, (drawing, bands), onward, em)
    laid = _laid_out(chars, grids, clips, em)
    if laid.tables and not inferred and (others := _whole(laid, drawing, em)):
        laid, inferred = _laid_out(chars, others, clips, em), True
    return _in_order(laid.tables, laid.lines), inferred and bool(laid.grids), (laid.clipped, laid.odd[1])


class _Laid(NamedTuple):
    """The grids of a page with what stands in them, and the lines outside; `owner` is the cell of each character.

    `first` numbers the first cell of each grid, and the first that is none; `clipped` are texts that a clip hides;
    `odd` is as `texts_and_odds` has it.
    """

    grids: list[Grid]
    tables: list[TablePart]
    lines: list[LinePart]
    clipped: tuple[str, ...]
    chars: Chars
    owner: Ints
    first: list[int]
    odd: tuple[int, int]


def _laid_out(chars: Chars, grids: list[Grid], clips: Clips, em: float) -> _Laid:
    middle = _middle(chars)
    grids = [without_slivers(grid, *middle, em) for grid in grids if not _is_page(grid, clips.frame)]  # no frames of it
    slots = [slots_of(grid) for grid in grids]
    owner, first = _owners(*middle, grids, slots)
    owner = settled(chars, owner, clips, lambda x, y: _owners(x, y, grids, slots)[0])
    shown = owner > HIDDEN
    clipped: tuple[str, ...] = ()
    if not shown.all():
        clipped = _lines(chars.take(~shown))
        chars, owner = chars.take(shown), owner[shown]
    first.append(sum(len(found.row) for found in slots))
    kept = (owner < 0) | (chars.size <= _OVERSIZED * em)
    if not kept.all():
        chars, owner = chars.take(kept), owner[kept]
    behind = chars.x > strip_of(chars, [grid.box for grid in grids])
    pieces, odd = texts_and_odds(chars, np.where(owner < 0, first[-1] + behind, owner), first[-1])
    end = next((at for at, piece in enumerate(pieces) if piece.owner >= first[-1]), len(pieces))
    tables = _tables(grids, slots, first, pieces[:end])
    lines = [LinePart(line.text, line.box) for line in pieces[end:]]
    return _Laid(grids, tables, lines, clipped, chars, owner, first, odd)


def _whole(laid: _Laid, drawing: Drawing, em: float) -> list[Grid] | None:
    """Grids that draw only some of their rules as white space tells them; None where all draw theirs."""
    parted = laid.odd[0] >= LEAST
    if not parted and not any(may_be_rows(table.cells) for table in laid.tables):
        return None
    cells = {grid.box: () for grid in laid.grids} | {table.box: table.cells for table in laid.tables}
    ruled = Ruled(laid.grids, [cells[grid.box] for grid in laid.grids], laid.chars, laid.owner, laid.first)
    if not (half := half_of(ruled, em, parted=parted)):
        return None
    bands = rules_of(drawing, em)
    return told_whole(ruled, half, (_all([rows for rows, _ in bands]), _all([columns for _, columns in bands])), em)


def _median(sizes: Floats) -> float:
    """As numpy has it, in a third of the time."""
    ordered, count = np.sort(sizes), len(sizes)
    return float((ordered[(count - 1) // 2] + ordered[count // 2]) / 2)


def _grids(
    chars: Chars, drawn: tuple[Drawing, list[tuple[Rules, Rules]]], onward: Onward | None, em: float
) -> tuple[list[Grid], bool]:
    """The grids of a page, and whether white space had to tell them.

    Where no rules cross, columns by gaps between level rules come first, then the edges of fills, then gaps alone,
    between the stripes where fills are no more than these.
    """
    drawing, bands = drawn
    found, inferred = _grids_of(bands, em), False
    if found and len(drawing.fills.order):
        columns = _all([columns for _, columns in bands])
        found = [with_fills(grid, columns, drawing, chars) for grid in found]
    if not found:
        found, inferred = grids_between_rules(_all([rows for rows, _ in bands]), chars, em), True
    if not found and len(drawing.fills.order) >= _FILLS:
        bands = rules_of_fills(drawing, em)
        found, inferred = _grids_of(bands, em), False
        if found and run_over(chars, _finder(found)):
            bands = rules_of_fills(without_hidden(drawing), em)
            found = _grids_of(bands, em)
        if found and are_stripes(chars, found, _finder(found), em):
            found, inferred = grids_between_rules(_all([rows for rows, _ in bands]), chars, em), True
    if not found:
        found, inferred = grids_by_gaps(chars, em, onward), True
    return found, inferred


def _finder(grids: list[Grid]) -> Finder:
    slots = [slots_of(grid) for grid in grids]
    return lambda x, y: _owners(x, y, grids, slots)[0]


def _all(bands: list[Rules]) -> Rules:
    return bands[0] if len(bands) == 1 else Rules(*map(np.concatenate, zip(*bands, strict=True)))


def _grids_of(bands: list[tuple[Rules, Rules]], em: float) -> list[Grid]:
    return [grid for rows, columns in bands for grid in grids_of(rows, columns, em)]


def _is_page(grid: Grid, frame: Frame) -> bool:
    x0, top, x1, bottom = grid.box
    return grid.level.size == 2 and (x1 - x0) * (bottom - top) > 0.6 * frame.width * frame.height


def _middle(chars: Chars) -> tuple[Floats, Floats]:
    x = (chars.x + np.minimum(chars.end, chars.x + chars.size)) / 2
    y = chars.y - _LIFT * chars.size
    if not chars.turn.any():
        return x, y
    upright = chars.turn == 0
    return np.where(upright, x, chars.x), np.where(upright, y, chars.y)


def _owners(x: Floats, y: Floats, grids: list[Grid], slots: list[Slots]) -> tuple[Ints, list[int]]:
    """The cell in which each point lies, numbered through all grids (-1: none), and each grid's first."""
    owner = np.full(len(x), -1, np.int64)
    firsts: list[int] = []
    first = 0
    for grid, found in zip(grids, slots, strict=True):
        firsts.append(first)
        first += len(found.row)
        if native.LIBRARY:
            native.owners((x, y), (grid.xs, grid.ys), found.owner, firsts[-1], owner)
            continue
        col, row = np.searchsorted(grid.xs, x) - 1, np.searchsorted(grid.ys, y) - 1
        inside = (col >= 0) & (row >= 0) & (col < len(grid.xs) - 1) & (row < len(grid.ys) - 1) & (owner < 0)
        owner[inside] = found.owner[row[inside], col[inside]] + firsts[-1]
    return owner, firsts


_cell: Callable[[tuple[Any, ...]], CellPart] = partial(tuple.__new__, CellPart)  # a third of the time of CellPart(…)


def _tables(grids: list[Grid], slots: list[Slots], firsts: list[int], pieces: list[Piece]) -> list[TablePart]:
    owners, texts, boxes = zip(*pieces, strict=True) if pieces else ((), (), ())
    found: list[TablePart] = []
    for grid, cells, first, behind in zip(grids, slots, firsts, firsts[1:], strict=False):
        begin, end = bisect_left(owners, first), bisect_left(owners, behind)
        if begin == end:
            continue
        at = [owner - first for owner in owners[begin:end]]
        spans = ([column[each] for each in at] for column in cells[:4])
        parts = list(map(_cell, zip(*spans, texts[begin:end], boxes[begin:end], repeat(None), repeat(0), strict=False)))
        foot = _blank_at_foot(cells, at)
        found.append(TablePart(grid.xs.tolist(), len(grid.ys) - 1, parts, grid.box, foot))
    return found


def _blank_at_foot(cells: Slots, filled: list[int]) -> tuple[Slot, ...]:
    blank = sorted({*cells.owner[-1].tolist()} - {*filled})
    return tuple((cells.row[at], cells.col[at], cells.row_span[at], cells.col_span[at]) for at in blank)


def _in_order(tables: list[TablePart], lines: list[LinePart]) -> list[Part]:
    """Tables and lines from top to bottom, those side by side from left to right."""
    parts: list[Part] = [*tables, *lines]
    return sorted(parts, key=lambda part: (round(part.box[1]), part.box[0]))


def sheets_of(parts: list[Part], chars: Chars) -> list[list[Part]]:
    """The parts of each sheet that is printed on the page: one, two side by side, or two rows of two."""
    left, right = _halves(parts)
    if not right:
        return [left]
    edge = level_strip([part.box for part in parts], _median(chars.size))
    quarters = [
        [part for part in half if (part.box[1] < edge) == upper] for upper in (True, False) for half in (left, right)
    ]
    quarters = [part for part in quarters if part]  # the last may be blank
    return quarters if len(quarters) > 2 and all(map(_has_table, quarters)) else [left, right]


def _halves(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """The parts of the sheet on the left and of that on the right; no others where nothing parts the page so."""
    if not stand_apart([part.box for part in parts if isinstance(part, TablePart)]):
        return parts, []
    left, right = min(part.box[0] for part in parts), max(part.box[2] for part in parts)
    low, high = (left + share * (right - left) for share in MIDDLE)
    before = [part for part in parts if part.box[2] <= high]
    edge = max((part.box[2] for part in before), default=high)
    behind = [part for part in parts if part.box[0] >= max(edge, low)]
    whole = len(before) + len(behind) < len(parts) or not all(map(_has_table, (before, behind)))
    return (parts, []) if whole else (before, behind)


def _has_table(parts: list[Part]) -> bool:
    return any(isinstance(part, TablePart) for part in parts)
