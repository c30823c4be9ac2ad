"""Characters to texts: lines by their baselines, reading order within them by the origins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from extract.pdf import native
from extract.pdf.chars import Bools, Chars, Ints
from extract.pdf.codes import IS_HAN, is_han
from extract.pdf.frame import Box, Floats
from extract.pdf.spread import closed_up

_BASELINE = 0.45  # of an em: a smaller step down is a raised or lowered sign, a larger one a new line
_TWICE = 0.15  # of an em: the same character so near itself is drawn twice, to look bold
_WORD, _TAB, _TOUCH = 0.5, 0.6, 0.1  # of an em: gaps
PARTED = 0.9
"""Of an em: a wider gap surely parts two texts."""

_OVER = -0.4  # of a character that another covers: two texts are printed over one another
_LIFT = 0.35  # of an em: from the baseline to the middle of a character
_ASCENT, _DESCENT = 0.88, 0.12  # of an em, in fonts of any script near enough


class Piece(NamedTuple):
    """The text of a cell or a line with the box that it fills; `owner` as given."""

    owner: int
    text: str
    box: Box


def texts_of(chars: Chars, owner: Ints, loose: int) -> list[Piece]:
    """The text of each owner, its lines joined by line feeds; owners from `loose` on have each line on its own.

    Sorted by owner, within it from top to bottom.
    """
    return texts_and_odds(chars, owner, loose)[0]


def texts_and_odds(chars: Chars, owner: Ints, loose: int) -> tuple[list[Piece], tuple[int, int]]:
    """The same, and what is odd about the lines.

    That is how many gaps of owners before `loose` are so wide that they may part two texts, and how many characters
    stand over the one before.
    """
    if not len(owner):
        return [], (0, 0)
    if not chars.turn.any():
        chars = chars._replace(end=closed_up(chars, owner, loose))
        chars = _with_lost_spaces(chars, owner, loose)
    if native.LIBRARY and not chars.turn.any():
        return _compiled(chars, (owner, owner, chars.x, chars.y, chars.end), None, loose)
    u, v, end, box = _upright(chars)
    group = owner * 4 + chars.turn
    if chars.turn.any():
        _stacked(chars, owner, loose, (u, v, end, group))
    if native.LIBRARY:
        return _compiled(chars, (owner, group, u, v, end), box, loose)
    behind = chars.spaced >= _BEHIND
    chars = chars._replace(spaced=chars.spaced % _BEHIND)
    order, line = lines_of(group, u, v, chars.size)
    order, line = _once(order, line, chars, u)
    chars, owner, behind = chars.take(order), owner[order], behind[order]
    fresh = _changes(line)
    cut = _changes(owner) | (fresh & (owner >= loose))
    gap = np.zeros(len(order))
    gap[1:] = (u[order][1:] - end[order][:-1]) / np.maximum(chars.size[1:], 0.01)
    before = np.where(cut, _NOTHING, np.where(fresh, _after_line(chars, behind, v[order]), _within_line(chars, gap)))
    pieces = _pieces(chars.code, before, cut, (owner, box[:, order]))
    going_on = behind & np.append(cut[1:], True) & _is_comma(chars.code) & (owner < loose)
    for at in going_on.nonzero()[0].tolist():
        number = int(np.count_nonzero(cut[: at + 1])) - 1
        pieces[number] = pieces[number]._replace(text=pieces[number].text + " ")
    inside = ~cut & ~fresh & (chars.turn == 0)
    over = inside & (gap < 0)
    begin, stop = u[order][:-1], end[order][:-1]
    over[1:] &= u[order][1:] - stop < _OVER * (stop - begin)
    over[1:] &= np.diff(chars.number) != 1  # unlike a ligature
    odd = inside & (owner < loose) & (gap > PARTED), over
    return pieces, (int(odd[0].sum()), int(odd[1].sum()))


def _is_comma(code: Ints) -> Bools:
    """Whether each is an ASCII sign behind which a space stands; a page cut may come between the two."""
    found: Bools = _IS_COMMA[np.minimum(code, 0x7F)] & (code < 0x80)
    return found


def _with_lost_spaces(chars: Chars, owner: Ints, loose: int) -> Chars:
    """A comma at the end of a line has its space again where each other on the page has one.

    Many programs drop the space at which they wrap a line; one that keeps any of them keeps all.
    """
    comma = _is_comma(chars.code[:-1]) & (owner[1:] == owner[:-1]) & (owner[1:] < loose)
    if not comma.any():
        return chars
    wrapped = comma & (chars.y[1:] - chars.y[:-1] > _BASELINE * chars.size[1:])
    if not wrapped.any() or (chars.spaced[:-1][wrapped] >= _BEHIND).any():
        return chars
    inside = comma & ~wrapped & is_han(chars.code[1:])
    spaced = chars.spaced[1:][inside] % _BEHIND > 0
    if len(spaced) < _COMMAS or not spaced.all():
        return chars
    marked = chars.spaced.copy()
    marked[:-1][wrapped] += _BEHIND
    return chars._replace(spaced=marked)


_NOTHING, _SPACE, _NEWLINE = 0, 1, 2
_BEHIND = 4
"""In `Chars.spaced`: a space is written behind the character."""

_BETWEEN = ("", " ", "\n")
_IS_COMMA = np.isin(np.arange(0x80), [ord(sign) for sign in ",;:"])
_IS_WORD = np.array([chr(code).isalnum() or chr(code) == "%" for code in range(0x7F)] + [False])


_KINDS = (IS_HAN + 2 * np.append(_IS_WORD, np.zeros(0xFF80)) + 4 * np.append(_IS_COMMA, np.zeros(0xFF80))).astype(
    np.uint8
)
_COMMAS = 2  # on a page tell whether spaces stand behind them
_FEW, _NEARLY = 5, 0.9  # gaps between Han and Latin; share of the places for them
_ROOM = (_BASELINE, _TWICE, _WORD, _TAB, _TOUCH, _ASCENT, _DESCENT, _FEW, _NEARLY, PARTED, _OVER)


_piece: Callable[[tuple[int, str, Box]], Piece] = partial(tuple.__new__, Piece)  # a third of the time of Piece(…)


def _compiled(
    chars: Chars, of: tuple[Ints, Ints, Floats, Floats, Floats], box: Floats | None, loose: int
) -> tuple[list[Piece], tuple[int, int]]:
    """As `texts_and_odds`; `of` are owner, group, u, v and end of each character."""
    owner, group, u, v, end = of
    marks = group, owner, chars.code, chars.spaced, chars.number, chars.turn
    script = native.Script((u, v, end, chars.size), box, marks, _KINDS, _ROOM)
    text, ends, owners, sides, odd = native.texts(script, len(owner), loose)
    parts = [text[first:end] for first, end in zip([0, *ends], ends, strict=False)]
    return list(map(_piece, zip(owners, parts, zip(*sides, strict=True), strict=True))), odd


def _changes(of: Ints) -> Bools:
    changed = np.ones(len(of), np.bool_)
    changed[1:] = of[1:] != of[:-1]
    return changed


def _upright(chars: Chars) -> tuple[Floats, Floats, Floats, Floats]:
    """Along and across the reading direction, the end along it, and the box on the page, for each character."""
    x, y, end, size, turn = chars.x, chars.y, chars.end, chars.size, chars.turn
    box = np.array([x, y - _ASCENT * size, end, y + _DESCENT * size])
    if not turn.any():
        return x, y, end, box
    u = np.choose(turn, [x, y, -x, -y]).astype(np.float64)
    v = np.choose(turn, [y, -x, -y, x])
    end = np.where(turn == 0, end, u + size)
    up, down, on = _ASCENT * size, _DESCENT * size, size
    box = np.array(
        [
            np.choose(turn, [x, x - down, x - on, x - up]),
            np.choose(turn, [y - up, y, y - down, y - on]),
            np.choose(turn, [end, x + up, x, x + down]),
            np.choose(turn, [y + down, y + on, y + up, y]),
        ]
    )
    return u, v, end, box


def _stacked(chars: Chars, owner: Ints, loose: int, found: tuple[Floats, Floats, Floats, Ints]) -> None:
    """Let upright characters below one another run down with turned ones of the same cell: brackets among them.

    Vertical writing keeps Han characters upright and turns brackets and digits.
    """
    u, v, end, group = found
    for cell in np.unique(owner[chars.turn == 1]).tolist():
        upright = ((owner == cell) & (chars.turn == 0)).nonzero()[0]
        size = chars.size[upright]
        steps = np.diff(np.sort(chars.y[upright]))
        if cell >= loose or not len(upright) or (steps < _BASELINE * size[:-1]).any():
            continue
        u[upright] = chars.y[upright] - _ASCENT * size
        v[upright] = (0.5 - _LIFT) * -size - chars.x[upright]
        end[upright] = u[upright] + size
        group[upright] += 1


def lines_of(group: Ints, u: Floats, v: Floats, size: Floats) -> tuple[Ints, Ints]:
    """The reading order, and the line of each character in it."""
    order = np.lexsort((v, group))
    down, sizes, groups = v[order], size[order], group[order]
    step = down[1:] - down[:-1] > _BASELINE * np.maximum(sizes[1:], sizes[:-1])
    line = np.zeros(len(order), np.int64)
    np.cumsum(step | (groups[1:] != groups[:-1]), out=line[1:])
    again = np.lexsort((u[order], line))
    return order[again], line[again]


def _once(order: Ints, line: Ints, chars: Chars, u: Floats) -> tuple[Ints, Ints]:
    """Without the second of two equal characters at one place."""
    code, at, size = chars.code[order], u[order], chars.size[order]
    twice = np.zeros(len(order), np.bool_)
    for back in (1, 2):
        near = at[back:] - at[:-back] < _TWICE * size[back:]
        twice[back:] |= near & (code[back:] == code[:-back]) & (line[back:] == line[:-back])
    return (order[~twice], line[~twice]) if twice.any() else (order, line)


def _within_line(chars: Chars, gap: Floats) -> Ints:
    """What stands before each character of a line: a written space, a wide gap, or a narrow one that PDFium guessed."""
    turned = chars.turn != 0  # how wide a turned character is nobody asked, so its gap tells nothing
    guessed = (chars.spaced == 1) & (gap > _TOUCH)
    narrow = guessed & (gap < _WORD)
    if narrow.any():
        han = is_han(chars.code)
        left_han = np.append(False, han[:-1])
        tight = han & left_han
        word = _IS_WORD[np.minimum(chars.code, 0x7F)]
        between = (han & np.append(False, word[:-1])) | (left_han & word)
        if _sets_apart(between, gap) or not _leaves_spaces_out(chars, narrow & ~han, left_han):
            tight |= between
        guessed &= ~(narrow & tight)
    return np.where(guessed | ((chars.spaced == 2) & ((gap > _TOUCH) | turned)) | (gap > _TAB), _SPACE, _NOTHING)


def _sets_apart(between: Bools, gap: Floats) -> bool:
    """Whether gaps stand in nearly all places between Han characters and Latin words, as TeX sets them."""
    near = between & (abs(gap) < _WORD)
    return bool(near.sum() > _FEW and (near & (gap > _TOUCH)).sum() > _NEARLY * near.sum())


def _leaves_spaces_out(chars: Chars, narrow_latin: Bools, left_han: Bools) -> bool:
    """Whether a page has gaps in place of spaces, as Chromium writes them: between Latin words or behind a comma.

    Elsewhere narrow gaps between Han characters and Latin letters or digits are typesetting: Word and LibreOffice
    set them apart.
    """
    if (chars.spaced == 2).any():
        return False
    commas = np.append(False, _is_comma(chars.code[:-1]))
    return bool((narrow_latin & ~left_han).any() or (commas & (chars.spaced == 1)).any())


def _after_line(chars: Chars, behind: Bools, v: Floats) -> Ints:
    """What stands before the first character of a further line; a space that is written at a wrap stands for it."""
    wraps = np.zeros(len(v), np.bool_)
    wraps[1:] = (chars.spaced[1:] == 2) & (np.diff(chars.number) > 0)
    wraps[1:] |= behind[:-1]  # the order of the lines in the content stream tells nothing on a turned page
    wraps[1:] &= np.diff(v) < 3 * chars.size[1:]
    return np.where(wraps, _SPACE, _NEWLINE)


def _pieces(code: Ints, before: Ints, cut: Bools, where: tuple[Ints, Floats]) -> list[Piece]:
    owner, box = where
    chars = code.astype("<u4").tobytes().decode("utf-32-le", "replace")
    starts = np.flatnonzero(cut)
    breaks = np.flatnonzero(cut | (before > 0))
    parts = [chars[a:b] for a, b in zip(breaks.tolist(), [*breaks[1:].tolist(), len(chars)], strict=True)]
    parts = [_BETWEEN[kind] + part for kind, part in zip(before[breaks].tolist(), parts, strict=True)]
    first = np.searchsorted(breaks, starts).tolist()
    texts = ["".join(parts[a:b]) for a, b in zip(first, [*first[1:], len(parts)], strict=True)]
    low, high = np.minimum.reduceat(box[:2], starts, axis=1), np.maximum.reduceat(box[2:], starts, axis=1)
    boxes = zip(*low.round(2).tolist(), *high.round(2).tolist(), strict=True)
    return list(map(Piece, owner[starts].tolist(), texts, boxes))
