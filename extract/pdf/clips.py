"""Text that runs out of its cell: the clip of its text object, or most of its characters, tell the cell it is of."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import numpy as np

from extract.pdf import native, pdfium
from extract.pdf.chars import Chars, Ints, PageText, ends_of
from extract.pdf.frame import Box, Floats, Matrix, product
from extract.pdf.pdfium import Handle

HIDDEN = -2
"""The owner of characters that their clip hides."""

_TOUCH = 0.15  # of an em between characters of one word
_LIFT = 0.35  # of an em: from the baseline to the middle of a character
_INSET = 1.0  # points: the clip ends at the rule, the cell within it
_MAX_SEGMENTS = 500
_SOME = 4  # runs whose clips are compared

_OWN, _WHOLE = (ctypes.c_float * 6)(), (ctypes.c_float * 6)()

Finder = Callable[[Floats, Floats], Ints]


class Clips:
    """The clips of the text objects of a page, asked for only where a text has one of its own."""

    def __init__(self, text: Handle, found: PageText) -> None:
        self.text = text
        self.frame = found.frame
        self.counts = found.clips

    def own(self, chars: Chars, told: tuple[int, int]) -> list[int]:
        """The runs that are clipped otherwise than the page: by more paths than others, or each by another box.

        `told` are the least and the most paths that clip one.
        """
        least, most = told
        if least == most < 1:
            return []
        runs = chars.run[np.diff(chars.run, prepend=-1) != 0]
        if least < most:
            found: list[int] = runs[self.counts[runs] > max(least, 0)].tolist()
            return found
        some = chars.number[np.searchsorted(chars.run, runs[:: max(1, len(runs) // _SOME)])].tolist()
        return runs.tolist() if len({self.box(number) for number in some}) > 1 else []

    def box(self, number: int) -> Box | None:
        """The box within which the object of a character is painted; None where it is not clipped."""
        head = pdfium.text_object(self.text, number)
        clip = pdfium.clip_of(head) if head else None
        if not clip or pdfium.count_clips(clip) < 1:
            return None
        boxes = [box for box in self._boxes(clip, self._to_page(number, head)) if box]
        if not boxes:
            return None
        x0, top, x1, bottom = zip(*boxes, strict=True)
        return max(x0), max(top), min(x1), min(bottom)

    def _to_page(self, number: int, head: Handle) -> Matrix:
        """The matrix from the space of the form in which an object stands, of which its clip is, to this frame."""
        pdfium.matrix_of(head, ctypes.addressof(_OWN))
        pdfium.text_matrix(self.text, number, ctypes.addressof(_WHOLE))
        a, b, c, d, e, f = _OWN
        size = a * d - b * c
        if all(abs(one - other) < 0.01 for one, other in zip(_OWN, _WHOLE, strict=True)) or not size:
            return self.frame.matrix
        back = (d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size)
        form = product(back, (_WHOLE[0], _WHOLE[1], _WHOLE[2], _WHOLE[3], _WHOLE[4], _WHOLE[5]))
        return product(form, self.frame.matrix)

    def _boxes(self, clip: Handle, matrix: Matrix) -> Iterator[Box | None]:
        point = (ctypes.c_float * 2)()
        at = ctypes.addressof(point)
        for path in range(max(0, pdfium.count_clips(clip))):
            points = []
            for number in range(min(pdfium.count_clip_segments(clip, path), _MAX_SEGMENTS)):
                if segment := pdfium.clip_segment(clip, path, number):
                    pdfium.segment_point(segment, at, at + 4)
                    points.append((point[0], point[1]))
            yield _around(points, matrix) if points else None


def _around(points: list[tuple[float, float]], matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    x = [a * px + c * py + e for px, py in points]
    y = [b * px + d * py + f for px, py in points]
    return min(x), min(y), max(x), max(y)


def settled(chars: Chars, owner: Ints, clips: Clips, find: Finder) -> Ints:
    """The owners, a text that leaves its cell wholly with one cell, and what its clip hides with HIDDEN."""
    at, *told = _candidates(chars, owner, clips.counts)
    crossing = _crossing(chars, at, clips)
    crossed = set(chars.run[crossing].tolist())
    runs = crossed.union(clips.own(chars, (told[0], told[1])))
    if not runs:
        return owner
    owner = owner.copy()
    for run in sorted(runs):
        first, end = np.searchsorted(chars.run, [run, run + 1]).tolist()
        which = np.arange(first, end)
        box = clips.box(int(chars.number[first]))
        if box:
            _by_clip(chars, owner, which, box, find)
        elif run in crossed:
            _by_most(chars, owner, which, crossing)
    return owner


def _candidates(chars: Chars, owner: Ints, counts: Ints) -> tuple[Ints, int, int]:
    """The characters behind which a run goes on in another cell, the least and the most paths that clip a run."""
    if native.LIBRARY:
        return native.crossings(owner, (chars.run, chars.number, chars.turn), counts)
    changes = (owner[1:] != owner[:-1]) & (chars.run[1:] == chars.run[:-1])
    at: Ints = (changes & (chars.number[1:] - chars.number[:-1] == 1) & (chars.turn[1:] == 0)).nonzero()[0]
    own = counts[chars.run]
    return at, int(own.min()), int(own.max())


def _crossing(chars: Chars, at: Ints, clips: Clips) -> Ints:
    """Those of the candidates behind which a word goes on in another cell."""
    if not len(at):
        return at
    gap = chars.x[at + 1] - ends_of(clips.text, chars.number[at], clips.frame)
    found: Ints = at[gap < _TOUCH * chars.size[at]]
    return found


def _by_clip(chars: Chars, owner: Ints, which: Ints, box: Box, find: Finder) -> None:
    x0, top, x1, bottom = box[0] + _INSET, box[1], box[2] - _INSET, box[3]
    y = chars.y[which] - _LIFT * chars.size[which]
    x = (chars.x[which] + chars.end[which]) / 2
    visible = (x > x0) & (x < x1)
    if (y < top).all() or (y > bottom).all():
        owner[which] = HIDDEN
    elif not visible.all() or len(set(owner[which].tolist())) > 1:
        middle = (min(max(x0, float(x.min())), x1) + max(min(x1, float(x.max())), x0)) / 2
        found = find(np.full(len(which), middle), y)
        owner[which] = found if visible.any() else np.where(found < 0, HIDDEN, found)


def _by_most(chars: Chars, owner: Ints, which: Ints, crossing: Ints) -> None:
    """Each word that crosses goes to the cell that most of it is in, the first of equals."""
    words = np.split(which, np.flatnonzero(np.diff(chars.number[which]) != 1) + 1)
    for word in words:
        if np.isin(crossing, word).any():
            owners, first, count = np.unique(owner[word], return_index=True, return_counts=True)
            best = np.lexsort((first, -count))[0]
            owner[word] = owners[best]
