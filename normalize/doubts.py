"""The doubts of a recogniser that got lost on the way: told where they concern a value, else beside what stands there.

A doubtful text that becomes a value is told by the trail. One that is dropped (a sign read as a word in the column of
operators), that only tells something else (the year, a scope), or that is taken for a label is told here, whatever
step lost it: each doubtful cell in the rows of a written form is looked for among what is told already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from normalize.flow import Row
from normalize.forms import Forms
from normalize.headers import column
from normalize.layouts.content import is_unit, operator_of
from normalize.lexicon import is_sum, label_kinds
from normalize.project import Typed
from normalize.trail import DOUBTFUL, unsure
from normalize.words import key
from schemas.audit import Finding, ProjectAudit
from schemas.table import Document
from schemas.text import CHOICE, Place, ScanPlace, Text

Spot = tuple[int, tuple[float, float, float, float]]
"""Page and box: what tells a place in a picture from all others."""

_DERIVED = ("/scope", "/kind", "/yuan", "/id", "/schema_version")
_SURE = 0.98  # of a character, from which nothing speaks against it


class _Cell(Struct, frozen=True):
    """A cell of the document: `row` counts the rows of all tables."""

    row: int
    col: int
    text: Text
    place: ScanPlace


class _Body(Struct, frozen=True):
    """Where a written form stands: its rows, the spots of its header cells, and the text that each spot became."""

    rows: frozenset[int]
    headers: frozenset[Spot]
    texts: dict[Spot, Text]

    def distance(self, row: int) -> int:
        """How far a row is from the form: nothing in its rows, -1 outside of it, else how much the form reaches over.

        Forms of one list share its header, so they reach over one another.
        """
        if row in self.rows:
            return 0
        reach = max(self.rows) - min(self.rows) if self.rows else 0
        return reach if self.rows and min(self.rows) < row < max(self.rows) else -1


def tell_doubts(document: Document, forms: Forms, typed: Sequence[Typed]) -> list[Typed]:
    """The projects of a document's forms, with a finding for each doubtful cell of theirs that has none so far."""
    cells = list(_cells(document))
    if not any(cell.place.doubtful for cell in cells):
        return list(typed)
    told = _told(document, forms, typed)
    lost = [cell for cell in cells if cell.place.doubtful and _is_lost(cell, told[_spot(cell.place)])]
    rows = {_spot(cell.place): cell.row for cell in cells}
    bodies = [_body(rows_of, rows) for rows_of in forms.bodies]
    found: list[list[Finding]] = [[] for _ in typed]
    for cell in lost:
        at = _owner(cell.row, bodies)
        if at is not None and not _is_settled(cell, bodies[at]):
            pointers = _pointers(cell, told[_spot(cell.place)], typed[at].audit, cells)
            found[at] += [unsure(pointer, cell.text, [cell.place]) for pointer in pointers]
    return [
        replace(each, audit=replace(each.audit, findings=(*each.audit.findings, *more))) if more else each
        for each, more in zip(typed, found, strict=True)
    ]


def _spot(place: Place) -> Spot | None:
    return (place.page, place.bbox) if isinstance(place, ScanPlace) else None


def _cells(document: Document) -> Iterator[_Cell]:
    row = 0
    for page in document.pages:
        for table in page.tables:
            for cell in table.cells:
                for place in cell.text.places:
                    if isinstance(place, ScanPlace):
                        yield _Cell(row + cell.row, cell.col, cell.text, place)
            row += table.num_rows


def _told(document: Document, forms: Forms, typed: Sequence[Typed]) -> dict[Spot | None, set[str]]:
    """The spots that findings show, with the pointers of these."""
    told: dict[Spot | None, set[str]] = defaultdict(set)
    for findings in (document.findings, forms.refused, forms.findings, *(each.audit.findings for each in typed)):
        for finding in findings:
            for place in finding.places:
                told[_spot(place)].add(finding.pointer)
    return told


def _is_lost(cell: _Cell, told: set[str]) -> bool:
    """Whether a doubt is told nowhere, or only beside the value that it may concern.

    A value lacks what may be a sign or a unit but is kept in `extra`, or an amount that was taken for a label.
    """
    if all(pointer.endswith("/label") for pointer in told):
        return True
    readings = (cell.text.value, *cell.place.alternatives)
    aside = all(pointer.startswith("/extra/") for pointer in told)
    return aside and any(operator_of(each) or is_unit(each) for each in readings)


def _body(rows: Sequence[Row], known: dict[Spot | None, int]) -> _Body:
    texts: dict[Spot, Text] = {}
    headers = set()
    for row in rows:
        for _, text in row.filled:
            for spot in filter(None, map(_spot, text.places)):
                texts.setdefault(spot, text)
                headers |= {spot} if row.zone == "header" else set()
    return _Body(frozenset(known[spot] for spot in texts if spot in known), frozenset(headers), texts)


def _owner(row: int, bodies: Sequence[_Body]) -> int | None:
    """The form in whose rows a row stands; None for what stands outside of all that are written."""
    near = [(distance, at) for at, body in enumerate(bodies) if (distance := body.distance(row)) >= 0]
    return min(near)[1] if near else None


def _is_settled(cell: _Cell, body: _Body) -> bool:
    """Whether the closed vocabulary has a text, whole as repaired, and none of its other readings as another label.

    Digits it does not have: beside a label they tell years. Nor does it bear out a part without which a label is one.
    """
    if _is_unplaced(cell.place):
        return False
    spot = _spot(cell.place)
    heads = spot in body.headers
    whole = body.texts.get(spot, cell.text) if spot else cell.text

    def known(text: str) -> bool:
        kinds = label_kinds(text)
        if any(char.isdigit() for char in text) and not kinds & {"level1", "level2"}:
            return False
        return bool(kinds) or is_sum(text) or (heads and column(text) is not None)

    if any(edit.rule == CHOICE or edit.confidence < DOUBTFUL for edit in whole.edits):
        return False  # what was changed is told, whoever forgot it
    without = _with(whole, cell.place, "")
    others = (_with(whole, cell.place, each) for each in cell.place.alternatives)
    return known(whole.value) and not any(known(each) and key(each) != key(whole.value) for each in (without, *others))


def _is_unplaced(place: ScanPlace) -> bool:
    """Whether each character of a doubtful place is sure: then it is where it stands, or what stands beside it."""
    return place.confidence >= _SURE and not place.alternatives


def _with(text: Text, place: ScanPlace, other: str) -> str:
    """A text, which may have been cut in several, with another reading of one of its places."""
    return "".join(other if _spot(each) == _spot(place) else each.text for each in text.places)


def _pointers(cell: _Cell, told: set[str], audit: ProjectAudit, cells: Sequence[_Cell]) -> list[str]:
    """The values that a cell says something of; else the record in whose row it stands, else the whole project."""
    done = set(map(_record, told))
    read = {
        pointer: set(map(_spot, places)) for pointer, places in audit.provenance.items() if _record(pointer) not in done
    }
    own = [pointer for pointer, spots in read.items() if _spot(cell.place) in spots]
    if own:
        values = [pointer for pointer in own if not pointer.endswith(_DERIVED)] or own[:1]
        labels = _is_unplaced(cell.place)  # beside a label of the funding that stands elsewhere the amount is another
        return [_record(each) if labels and each.startswith("/funding/") else each for each in values]
    beside = {_spot(each.place): each.col - cell.col for each in cells if each.row == cell.row}
    near = [
        (abs(beside[spot]), beside[spot] < 0, _record(pointer))
        for pointer, spots in read.items()
        for spot in spots & beside.keys()
        if not pointer.startswith("/extra/") and not pointer.endswith(_DERIVED)
    ]
    if near:
        return [min(near)[2]]
    return [] if told else [""]


def _record(pointer: str) -> str:
    """The record that holds a value: an indicator, a row of the funding; of a field the value itself."""
    parts = pointer.split("/")
    return "/".join(parts[:3]) if parts[1] in ("indicators", "funding", "goals") else pointer
