"""The characters of a page as arrays: code point, baseline origin, end, size and direction."""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.errors import ReadError
from extract.pdf import bulk, native, pdfium
from extract.pdf.codes import IS_KNOWN
from extract.pdf.frame import Floats, Frame
from extract.pdf.pdfium import Handle
from extract.pdf.symbols import is_symbol, symbol_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MAX_CHARS = 400_000
"""Of one page; a page of dense print has 5,000."""

_INVISIBLE, _CLIP = 3, 7  # render modes that paint nothing
_SLANT = 3.0  # degrees off the nearest quarter turn, from which text is a watermark
_SPACES = np.zeros(0x3002, np.bool_)
_SPACES[[0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000]] = True


class Chars(NamedTuple):
    """Visible characters without spaces, in the order of the content stream, in a frame where most run to the right.

    `x`, `y` is the origin on the baseline, `end` where the character ends, `size` its em in points; `turn` counts
    quarters with the clock (1 runs down); `spaced` tells that a space stood before it: 1 as PDFium guessed, 2 as
    written; and 4 more that one is written behind it. `number` is that of the character on its page, `run` that of the
    unbroken piece of a text object.
    """

    code: Ints
    x: Floats
    y: Floats
    end: Floats
    size: Floats
    turn: Ints
    spaced: Ints
    number: Ints
    run: Ints

    def take(self, which: Bools | Ints) -> Chars:
        """Some of the characters."""
        return Chars(
            self.code[which],
            self.x[which],
            self.y[which],
            self.end[which],
            self.size[which],
            self.turn[which],
            self.spaced[which],
            self.number[which],
            self.run[which],
        )


_NO_RUNS = np.zeros(0, np.int64)


class PageText(NamedTuple):
    """The characters of a page, its frame turned so that most run to the right, and what was left out.

    `told` is how many characters are painted, spaces and all; of each run, `clips` are the paths that clip it, and
    `white` tells whether it is painted so. `plain` tells that surely no character stands off the page, and that each
    has a code point that a form can hold.
    """

    chars: Chars
    frame: Frame
    quarters: int
    hidden: int
    told: int = 0
    clips: Ints = _NO_RUNS
    white: Bools = _NO_RUNS > 0
    plain: bool = False


def read_chars(text: Handle, frame: Frame) -> PageText:
    """All characters of a page."""
    count = max(0, pdfium.count_chars(text))
    if count > MAX_CHARS:
        raise ReadError("too-large", f"a page holds {count} characters; the limit is {MAX_CHARS}")
    if not count:
        return PageText(_none(), frame, 0, 0)
    code, run, runs = _runs(text, count, frame)
    *turns, hidden, told, _ = runs.tally
    quarters = turns.index(max(turns))
    frame = frame.turned(quarters)
    found, plain = _shown(text, (code, run), runs, (quarters, frame))
    return PageText(found, frame, quarters, hidden, told, runs.marks[3], runs.marks[4] > 0, plain)


def _codes(text: Handle, count: int) -> Ints:
    """The code points: in one go where each is one unit of UTF-16, else one by one."""
    units = np.zeros(count + 1, np.uint16)
    got = pdfium.text_of(text, 0, count, units.ctypes.data)
    codes = units[:count].astype(np.int64)
    if got != count + 1 or (codes >> 11 == 0x1B).any():  # surrogates
        codes = np.fromiter(map(pdfium.unicode_of, repeat(text), range(count)), np.int64, count)
    return _settled(text, codes)


_MAYBE = is_symbol(np.arange(0x10000))
_MAYBE[[2, 0xFFFE]] = True


def _settled(text: Handle, codes: Ints) -> Ints:
    """The code points with those of hyphens at a line's end, and of signs in symbol fonts."""
    for at in ((codes == 2) | (codes == 0xFFFE)).nonzero()[0].tolist():
        if pdfium.is_hyphen(text, at):
            codes[at] = 0x2D
    for at in is_symbol(codes).nonzero()[0].tolist():
        codes[at] = symbol_of(int(codes[at]), _font_name(text, at))
    return codes


_NAME = ctypes.create_string_buffer(256)
_FLAGS = ctypes.c_int()


def _font_name(text: Handle, at: int) -> str:
    _NAME.value = b""
    pdfium.font_info(text, at, ctypes.addressof(_NAME), len(_NAME), ctypes.addressof(_FLAGS))
    return _NAME.value.decode("utf-8", "replace")


def _runs(text: Handle, count: int, frame: Frame) -> tuple[Ints, Ints, native.Runs]:
    """The code point and the run of each character, and the runs: characters in a row of one text object."""
    if native.LIBRARY:
        code, run, runs = native.runs_of(text, count, frame.matrix, (frame.scale, _SLANT, _MAYBE))
        return (_settled(text, code) if runs.tally[-1] else code), run, runs
    heads = bulk.text_objects(text, count)
    begin = np.ones(count, np.bool_)
    np.not_equal(heads[1:], heads[:-1], out=begin[1:])
    first = begin.nonzero()[0]
    own, matrix, mode = heads[first], bulk.matrices(text, first), bulk.render_modes(heads[first])
    angle, turn = _turns(matrix, frame)
    hidden = (mode == _INVISIBLE) | (mode == _CLIP)
    seen = (own != 0) & ~hidden & (angle < _SLANT)
    white = (own != 0) & (bulk.colours(own)[:, :3].min(axis=1) >= _WHITE)
    size = bulk.font_sizes(text, first) * np.hypot(matrix[:, 2], matrix[:, 3]) * frame.scale
    length = np.append(first[1:], count) - first
    turns = [int(length[seen & (turn == quarter)].sum()) for quarter in range(4)]
    tally = [*turns, int(length[hidden].sum()), int(length[(own != 0) & ~hidden].sum()), 0]
    marks = np.array([first, own, turn, bulk.clip_counts(own), white, seen])
    return _codes(text, count), np.cumsum(begin) - 1, native.Runs(marks, size, tally)


_WHITE = 250  # of 255: what no eye tells from white


def _turns(matrix: Floats, frame: Frame) -> tuple[Floats, Ints]:
    """The direction of each run: degrees off the nearest quarter turn, and the quarters with the clock."""
    a, b, c, d, _, _ = frame.matrix
    along = np.arctan2(b * matrix[:, 0] + d * matrix[:, 1], a * matrix[:, 0] + c * matrix[:, 1]) * (2 / np.pi)
    nearest = np.rint(along)
    return abs(along - nearest) * 90, nearest.astype(np.int64) % 4


def _shown(text: Handle, of: tuple[Ints, Ints], runs: native.Runs, turned: tuple[int, Frame]) -> tuple[Chars, bool]:
    """The visible characters without spaces, and whether all are plain; `of` are the code point and the run of each."""
    (code, run), (quarters, frame) = of, turned
    if native.LIBRARY:
        shown = (*frame.matrix, frame.width, frame.height)
        whole, real, outside, unknown = native.chars_of(text, of, runs, (quarters, shown), (_SPACES, IS_KNOWN))
        code, turn, spaced, number, run = whole
        x, y, end, size = real
        return Chars(code, x, y, end, size, turn, spaced, number, run), not outside and not unknown
    start, head, turn, _, _, seen = runs.marks
    x, y, end = _places(text, (start, seen[run] > 0), (run, runs.sizes[run]), frame)
    space = _is_space(code) & ~(_is_control(code) & (head[run] != 0))
    kept = ((seen[run] > 0) & ~space).nonzero()[0]
    spaced = _spaced(space, (head[run] != 0) & ~_made(space, x, y), code)[kept]
    after = np.minimum(kept + 1, len(run) - 1)
    spaced = spaced + 4 * (space[after] & (run[after] == run[kept]))
    run = run[kept]
    turn = (turn[run] - quarters) % 4
    return Chars(code[kept], x[kept], y[kept], end[kept], runs.sizes[run], turn, spaced, kept, run), False


def _places(
    text: Handle, told: tuple[Ints, Bools], of: tuple[Ints, Floats], frame: Frame
) -> tuple[Floats, Floats, Floats]:
    """Origins and ends. Where a run goes on the next origin is the end; only the last one's box is asked for.

    `told` is where runs start and which characters are seen, `of` the run and the size of each character.
    """
    (start, seen), (run, size) = told, of
    count = len(run)
    origin = bulk.origins(text, count)
    x, y = frame.place(origin[:, 0], origin[:, 1])
    end = np.append(x[1:], np.inf)
    last = np.append(start[1:], count) - 1
    asked = (end - x > 2 * size) | (end <= x)
    asked[:-1] |= asked[1:] & (end[1:] <= x[1:])  # a gap that PDFium takes for a space stands at its end
    asked[last] = True
    wanted = (asked & seen).nonzero()[0]
    end[wanted] = ends_of(text, wanted, frame)
    return x, y, end


def ends_of(text: Handle, which: Ints, frame: Frame) -> Floats:
    """Where characters end by the widths that their font tells."""
    sides = bulk.loose_boxes(text, which)
    return np.maximum(frame.place(sides[:, 0], sides[:, 1])[0], frame.place(sides[:, 2], sides[:, 3])[0])


def _is_space(code: Ints) -> Bools:
    return (code <= 0x20) | _SPACES[np.minimum(code, 0x3001)]


def _is_control(code: Ints) -> Bools:
    """Code points that no text has: a font without Unicode numbers its characters from 1."""
    found: Bools = (code < 0x20) & (code != 0x09) & (code != 0x0A) & (code != 0x0D)
    return found


def _made(space: Bools, x: Floats, y: Floats) -> Bools:
    """The spaces that PDFium made of a gap between the strings of one object: they have no width."""
    found = space.copy()
    found[:-1] &= (x[1:] == x[:-1]) & (y[1:] == y[:-1])
    found[-1:] = False
    return found


def _spaced(space: Bools, real: Bools, code: Ints) -> Ints:
    """What stood between each character and the visible one before: 0 nothing, 1 a guessed space, 2 a written one."""
    written: Ints = np.cumsum(space & real)
    guessed: Ints = np.cumsum(space & (code == 0x20))
    before = np.zeros(len(code), np.int64)
    shown = (~space).nonzero()[0]
    before[shown[1:]] = np.where(_rises(written[shown]), 2, _rises(guessed[shown]))
    return before


def _rises(counts: Ints) -> Bools:
    rises: Bools = counts[1:] > counts[:-1]
    return rises


def _none() -> Chars:
    real, whole = np.zeros(0), np.zeros(0, np.int64)
    return Chars(whole, real, real, real, real, whole, whole, whole, whole)
