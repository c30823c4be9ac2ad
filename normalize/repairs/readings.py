"""Labels that a recogniser doubts, where exactly one of the readings that it offers is a label."""

from __future__ import annotations

from msgspec.structs import replace

from normalize.flow import Flow, Row, finding
from normalize.lexicon import label_kinds
from normalize.words import key
from schemas.audit import Finding
from schemas.text import CHOICE, ScanPlace, Text

_LONGEST = 40  # characters of the longest label with its note
_SURE = 0.97


def choose_labels(flow: Flow) -> Flow:
    """Take the one alternative that the closed vocabulary has, where the reading is none of its labels."""
    return replace(flow, rows=tuple(_choose(row) for row in flow.rows))


def _choose(row: Row) -> Row:
    for col, text in row.filled:
        label = _label(text)
        if label is not None:
            evidence = f"of what the recogniser offers “{label}” alone is a label of the closed vocabulary"
            row = row.put(col, text.edit(label, CHOICE, evidence, _SURE)).note(_note(text, label))
    return row


def _label(text: Text) -> str | None:
    """The one label among the other readings; one that only goes on where the reading ends may stand on two pages."""
    if len(text.places) != 1 or len(text.value) > _LONGEST or not isinstance(place := text.places[0], ScanPlace):
        return None
    if not place.doubtful or label_kinds(text.value):
        return None
    found = {key(other): other for other in place.alternatives if label_kinds(other)}
    if len(found) != 1:
        return None
    bare, [(whole, label)] = key(text.value), found.items()
    return None if whole.startswith(bare) or whole.endswith(bare) else label


def _note(text: Text, label: str) -> Finding:
    shown, chosen = ("".join(each.split()) for each in (text.value, label))
    messages = (
        f"识别结果有多种可能，取栏目名称“{chosen}”，未取“{shown}”",
        f"of several readings the label “{chosen}” was chosen, not “{shown}”",
    )
    return finding("chosen-reading", "info", "reading", messages, text.places)
