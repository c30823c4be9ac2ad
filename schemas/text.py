"""A piece of text that knows where it stood and what was done to it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace


class TextPlace(Struct, frozen=True, gc=False):
    """Characters of a plain text: `line` from 1, `columns` [first, end) counted in characters from 0.

    `page` counts the parts between page cuts from 1. A cell that runs over lines has a place for each of them.
    """

    page: int
    line: int
    columns: tuple[int, int]
    text: str


class BoxPlace(Struct, frozen=True, gc=False):
    """Characters on a PDF page or an image: `bbox` is x0, top, x1, bottom in points from the page's top left."""

    page: int
    bbox: tuple[float, float, float, float]
    text: str


class SheetPlace(Struct, frozen=True, gc=False):
    """A cell of a workbook, named as the workbook names it (`cell` "B7", or "B7:D7" where merged)."""

    sheet: str
    cell: str
    text: str


class TablePlace(Struct, frozen=True, gc=False):
    """A cell of a Word or HTML table, all three counted from 1."""

    table: int
    row: int
    column: int
    text: str


class ScanPlace(Struct, frozen=True, gc=False):
    """Characters that were recognised in a picture of a page; `page`, `bbox` and `text` as of a BoxPlace.

    `confidence` is the recogniser's for its least sure character, from 0 to 1. Where the reading is `doubtful`,
    `alternatives` are the other readings that the recogniser offers, the likeliest first.
    """

    page: int
    bbox: tuple[float, float, float, float]
    text: str
    confidence: float
    doubtful: bool
    alternatives: tuple[str, ...]


Place = TextPlace | BoxPlace | ScanPlace | SheetPlace | TablePlace

Rule = str


class Edit(Struct, frozen=True, gc=False):
    """One step that turned `before` into `after`; confidence is 0 to 1, 1 only where nothing else is possible."""

    rule: Rule
    before: str
    after: str
    evidence: str
    confidence: float


class Text(Struct, frozen=True, gc=False, eq=False):
    """A value with its origin; only the value is compared.

    The text as read is the texts of its places, joined by line feeds; the edits lead from there to `value`.
    The one exception is a `fill-down`: it starts from the blank of a merged cell ("") and ends at the label's text.
    `settled` tells by what evidence the doubts of a recogniser about it are settled; "" where they are not.
    """

    value: str
    places: tuple[Place, ...] = ()
    edits: tuple[Edit, ...] = ()
    settled: str = ""

    def __eq__(self, other: object) -> bool:
        return self.value == other.value if isinstance(other, Text) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        value = self.value
        return value != "" and not value.isspace()  # asked more often than anything else

    @property
    def raw(self) -> str:
        """The text as it was read, parts on different rows or pages on lines of their own."""
        return "\n".join(place.text for place in self.places)

    def edit(self, after: str, rule: Rule, evidence: str, confidence: float) -> Text:
        """The text after one repair; itself where the repair changes nothing."""
        if after == self.value:
            return self
        step = Edit(rule, self.value, after, evidence, confidence)
        return Text(after, self.places, (*self.edits, step), self.settled)

    def join(self, tail: Text, rule: Rule, evidence: str, confidence: float) -> Text:
        """This text with `tail` behind it, as one value cut in two.

        Cuts are rejoined before anything else is repaired, so a text cut twice still has one joining step. Only the
        choice of a reading comes before it, and is kept.
        """
        if not self.places:
            return tail
        if not tail.places:
            return self
        if self.edits:
            confidence = min(confidence, self.edits[-1].confidence)
        places = (*self.places, *tail.places)
        after = self.value + tail.value
        choices = _choices(self, tail)
        before = choices[-1].after if choices else "\n".join(place.text for place in places)
        step = Edit(rule, before, after, evidence, confidence)
        return Text(after, places, (*choices, step))


CHOICE = "reading-label"
"""The rule by which a reading is chosen before anything is joined."""


def _choices(head: Text, tail: Text) -> tuple[Edit, ...]:
    """The choices of readings in two parts, as those of one text whose parts stand on lines of their own."""
    found, raw = [], head.raw
    for edit in head.edits:
        if edit.rule == CHOICE:
            found.append(replace(edit, before=f"{edit.before}\n{tail.raw}", after=f"{edit.after}\n{tail.raw}"))
            raw = edit.after
    found += [
        replace(edit, before=f"{raw}\n{edit.before}", after=f"{raw}\n{edit.after}")
        for edit in tail.edits
        if edit.rule == CHOICE
    ]
    return tuple(found)


BLANK = Text("")

Severity = Literal["info", "warning", "error"]
