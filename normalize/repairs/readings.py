"""Labels that a recogniser doubts: the one reading that is a label, else the one label that is a character away."""

from __future__ import annotations

from msgspec.structs import replace

from normalize.flow import Flow, Row, finding
from normalize.grids import header_of
from normalize.headers import column
from normalize.lexicon import is_title, label_kinds, nearest
from normalize.words import key, remembered, vocabulary
from schemas.audit import Finding
from schemas.text import CHOICE, ScanPlace, Severity, Text

_LONGEST = 40  # characters of the longest label with its note
_SURE, _LIKELY = 0.97, 0.8
_HEADERS = 2  # known headers from which a row is a header


def choose_labels(flow: Flow) -> Flow:
    """Mend labels whose reading is in doubt and is none.

    First the one alternative that the closed vocabulary has is taken. Then, where labels stand (above grids and in
    their headers, never among what people wrote in a grid), the one label a character away that the header lacks.
    """
    if not any(map(_is_scanned, flow.rows)):
        return flow
    rows, in_grid = [], False
    for read in flow.rows:
        row = _choose(read) if any(map(_doubt, read.cells)) else read
        row = row if in_grid and not _heads(row) else _mend(row)
        in_grid = (in_grid or header_of(row) is not None) and not any(is_title(text.value) for _, text in row.filled)
        rows.append(row)
    return replace(flow, rows=tuple(rows))


def _is_scanned(row: Row) -> bool:
    """Whether a recogniser read a row; it reads whole pages."""
    first = next((text for text in row.cells if text.places), None)
    return first is not None and isinstance(first.places[0], ScanPlace)


def _doubt(text: Text) -> ScanPlace | None:
    """The place of a text that may be a label and is in doubt."""
    if len(text.places) != 1 or len(text.value) > _LONGEST:
        return None
    place = text.places[0]
    return place if isinstance(place, ScanPlace) and place.doubtful and not label_kinds(text.value) else None


def _heads(row: Row) -> bool:
    return sum(column(text.value) is not None for _, text in row.filled) >= _HEADERS


def _choose(row: Row) -> Row:
    for col, text in row.filled:
        label = _label(text, heads=_heads(row))
        if label is not None:
            evidence = f"of what the recogniser offers “{label}” alone is a label of the closed vocabulary"
            row = row.put(col, text.edit(label, CHOICE, evidence, _SURE)).note(_note(text, label, "info"))
    return row


def _label(text: Text, *, heads: bool) -> str | None:
    """The one label among the other readings; one that only goes on where the reading ends may stand on two pages."""
    place = _doubt(text)
    found = {key(other): other for other in place.alternatives if label_kinds(other)} if place else {}
    if len(found) != 1:
        return None
    [(whole, label)] = found.items()
    return None if _may_be_cut(text, whole, heads=heads) else label


def _may_be_cut(text: Text, whole: str, *, heads: bool) -> bool:
    """Whether a text may be half of a label; a header that stands among whole ones is no second half."""
    bare = key(text.value)
    return whole.startswith(bare) or (not heads and whole.endswith(bare))


def _mend(row: Row) -> Row:
    if not any(map(_doubt, row.cells)):
        return row
    heads = _heads(row)
    taken = {role for _, text in row.filled if heads and (known := column(text.value)) for role in known.roles[:1]}
    for col, text in row.filled:
        label = nearest(text.value, _free(frozenset(taken), heads=heads)) if _doubt(text) else None
        if label and not _may_be_cut(text, label, heads=heads):
            evidence = (
                f"the reading is in doubt, and one character off “{label}”, the only such label that may stand here"
            )
            row = row.put(col, text.edit(label, CHOICE, evidence, _LIKELY)).note(_note(text, label, "warning"))
    return row


@remembered
def _free(taken: frozenset[str], *, heads: bool) -> frozenset[str]:
    """The labels that may stand in a row: in a header those whose columns are not there yet."""
    known = vocabulary()
    if heads:
        return frozenset(word for word, roles in known.columns.items() if roles[0] not in taken)
    sections = ("fields", "goals", "funding", "blocks")
    return frozenset((*(word for section in sections for word in known.roles[section]), *known.columns))


def _note(text: Text, label: str, severity: Severity) -> Finding:
    shown, chosen = ("".join(each.split()) for each in (text.value, label))
    messages = (
        f"识别结果有多种可能，取栏目名称“{chosen}”，未取“{shown}”",
        f"of several readings the label “{chosen}” was chosen, not “{shown}”",
    )
    return finding("chosen-reading", severity, "reading", messages, text.places)
