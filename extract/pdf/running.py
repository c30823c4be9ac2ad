"""What stands at the edges of pages and is of none: page counters, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from extract.counters import BARE, COUNTER, LONGEST, PRINTED
from extract.pdf.hints import is_field, is_title
from extract.pdf.pages import LinePart, Part, TablePart
from schemas.audit import Finding

_LINES = 3  # at each edge of a page
_PAGES = 3  # on which a line stands at the same place, at least
_DRIFT = 1.5  # points between such places
_LABEL = re.compile(r"[\u3400-\u9fff]\s*[:：]")


def without_running(pages: list[list[Part]]) -> tuple[list[list[Part]], list[Finding]]:
    """The pages without the lines that run through them, and what is told of those that are no counters."""
    texts: dict[str, int] = {}
    for _ in range(_LINES):
        pages = _without_counters(pages)
        running = _running(pages)
        for lines in running.values():
            texts[lines[0].text] = texts.get(lines[0].text, 0) + len(lines)
        gone = {id(line) for lines in running.values() for line in lines}
        if not gone:
            break
        pages = [[part for part in parts if id(part) not in gone] for parts in pages]
    return pages, [_told(text, count) for text, count in texts.items()]


def _edges(parts: list[Part]) -> list[LinePart]:
    ends = [parts[0], parts[-1]] if parts else []
    return [part for part in ends if isinstance(part, LinePart)]


# Counters.


def _without_counters(pages: list[list[Part]]) -> list[list[Part]]:
    """The pages without counters in their first or last line, and without what a browser prints there on each page.

    A bare number counts where it goes with the page.
    """
    edges = [_edges(parts) for parts in pages]
    bare = Counter(
        int(line.text) - number for number, lines in enumerate(edges, 1) for line in lines if BARE.fullmatch(line.text)
    )
    shifts = {shift for shift, count in bare.items() if count > 1 or shift == 0}
    seen = Counter(line.text for lines in edges for line in lines if PRINTED.search(line.text))
    printed = {text for text, count in seen.items() if count > 1}
    return [
        [part for part in parts if not (part in lines and (part.text in printed or _counts(part, number, shifts)))]
        for number, (parts, lines) in enumerate(zip(pages, edges, strict=True), 1)
    ]


def _counts(part: Part, number: int, shifts: set[int]) -> bool:
    if not isinstance(part, LinePart) or len(part.text) > LONGEST:
        return False
    text = part.text
    return bool(COUNTER.fullmatch(text)) or bool(BARE.fullmatch(text) and int(text) - number in shifts)


# Other lines.


def _running(pages: list[list[Part]]) -> dict[str, list[LinePart]]:
    """The first and last lines that say the same, but for their numbers, at the same place of several pages.

    A title, a line with a label, and what always stands above the first field of a form may belong to it.
    """
    found: dict[str, list[LinePart]] = defaultdict(list)
    apart: set[str] = set()
    for parts in pages:
        if any(isinstance(part, TablePart) for part in parts):
            for line in _edges(parts):
                key = re.sub(r"[\s\d]+", "0", line.text)
                found[key].append(line)
                apart |= set() if line is parts[0] and begins_form(parts[1]) else {key}
    kept = {key: _at_one_place(lines) for key, lines in found.items() if key in apart and not _is_of_form(lines)}
    return {key: lines for key, lines in kept.items() if len(lines) >= _PAGES}


def begins_form(part: Part) -> bool:
    """Whether a part is a table that begins with the label of a field."""
    return isinstance(part, TablePart) and bool(part.cells) and is_field(part.cells[0].text)


def _is_of_form(lines: Iterable[LinePart]) -> bool:
    return any(is_title(line.text) or _LABEL.search(line.text) for line in lines)


def _at_one_place(lines: list[LinePart]) -> list[LinePart]:
    tops = sorted(line.box[1] for line in lines)
    middle = tops[len(tops) // 2]
    return [line for line in lines if abs(line.box[1] - middle) <= _DRIFT]


def _told(text: str, count: int) -> Finding:
    shown = text[:40] + ("…" if len(text) > 40 else "")
    return Finding(
        "",
        "outside-text",
        "info",
        "reading",
        f"“{shown}”在{count}页的同一位置，是页眉或页脚，未写入结果",
        f"“{shown}” stands at the same place of {count} pages: it runs through them and is not in the result",
    )
