"""How much of a page's text an engine left out: the doubt that asks for another one, and what must be said."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

import numpy as np

from extract.pdf import pdfium
from extract.pdf.annotations import printed_page
from extract.pdf.chars import Bools, Chars, read_chars
from extract.pdf.clips import Clips
from extract.pdf.codes import REPLACEMENT, is_known
from extract.pdf.frame import frame_of
from extract.pdf.lines import texts_of
from extract.pdf.pages import PageParts, TablePart, texts, visible
from extract.pdf.placing import MIDDLE, OVERSIZED, on_page

FEW = 3
"""Characters of a page that two parsers may count differently."""

_RADICALS = ("\u2e80", "\u2eff")  # one parser gives the radical, the other the character


class Loss(NamedTuple):
    """Of one page: characters that nothing holds; characters within a table's frame but in none of its cells.

    `bare` tells that it has text but no table, where other pages have some.
    """

    lost: int
    loose: int
    bare: bool

    def __bool__(self) -> bool:
        return bool(self.lost or self.loose or self.bare)


def held(page: PageParts) -> int:
    """How many characters the parts of a page hold."""
    return sum(map(visible, texts(page)))


def loose(page: PageParts) -> int:
    """Characters of lines that stand within the frame of a table: no cell took them."""
    tables = [part.box for part in page.parts if isinstance(part, TablePart)]
    count = 0
    for part in page.parts:
        if isinstance(part, TablePart):
            continue
        x, y = (part.box[0] + part.box[2]) / 2, (part.box[1] + part.box[3]) / 2
        if any(x0 < x < x1 and top < y < bottom for x0, top, x1, bottom in tables):
            count += len(part.text)
    return count


def without_table(page: PageParts) -> bool:
    """Whether a page that has text has no table."""
    return bool(page.parts) and not any(isinstance(part, TablePart) for part in page.parts)


def lost_characters(document: pdfium.Handle, number: int, page: PageParts) -> int:
    """How many characters that PDFium shows on a page no part holds, counted exactly.

    What is drawn twice counts once, a watermark and what a clip hides not at all.
    """
    shown, found = _bag(_shown(document, number)), _bag(texts(page))
    radicals = sum(count for char, count in (found - shown).items() if _RADICALS[0] <= char <= _RADICALS[1])
    return max(0, (shown - found).total() - radicals)


def _bag(lines: list[str]) -> Counter[str]:
    return Counter(char for char in normalize("NFKC", "".join(lines)) if not char.isspace())


def _shown(document: pdfium.Handle, number: int) -> list[str]:
    """The lines of a page's text as it is shown, whatever its tables."""
    with printed_page(document, number - 1) as page:
        if not page:
            return []
        with pdfium.text_page(page) as text:
            if not text:
                return []
            found = read_chars(text, frame_of(page))
            chars = on_page(found.chars, found.frame)
            chars = chars.take(_unclipped(chars, Clips(text, found)))
    if not len(chars.code):
        return []
    chars = chars.take(chars.size <= OVERSIZED * float(np.median(chars.size)))
    chars = chars._replace(code=np.where(is_known(chars.code), chars.code, REPLACEMENT))
    return [piece.text for piece in texts_of(chars, np.zeros(len(chars.code), np.int64), 0)]


def _unclipped(chars: Chars, clips: Clips) -> Bools:
    """Which characters their clip lets through."""
    seen = np.ones(len(chars.code), np.bool_)
    starts = np.flatnonzero(np.diff(chars.run, prepend=-1))
    for first, end in pairwise([*starts.tolist(), len(seen)]):
        box = clips.box(int(chars.number[first]))
        if box:
            x0, top, x1, bottom = box
            x, y = chars.x[first:end], chars.y[first:end] - MIDDLE * chars.size[first:end]
            seen[first:end] = (x > x0 - 1) & (x < x1) & (y > top) & (y < bottom)
    return seen
