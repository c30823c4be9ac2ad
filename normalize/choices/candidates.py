"""What else a text may say: each alternative of its places, brought into the form that the text has now."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from normalize.repairs.wording import mend_value, mend_words
from schemas.text import Place, ScanPlace, Text

_LONGEST = 60  # characters of a value; beyond this a text is prose


def is_doubtful(text: Text) -> bool:
    """Whether a recogniser doubts a part of a text."""
    for place in text.places:  # noqa: SIM110 - asked of every value: a generator costs more than the answer
        if isinstance(place, ScanPlace) and place.doubtful:
            return True
    return False


def candidates(text: Text) -> tuple[str, ...]:
    """The other values that the recogniser offers for a text; empty where it offers none.

    They go the way that the text itself went: what the wording's repairs make of its places must be its value, else
    more was done to it than to the alternatives, and nothing is offered.
    """
    if not is_doubtful(text) or len(text.value) > _LONGEST:
        return ()
    for mend in (mend_value, mend_words):
        if mend(Text(text.raw)).value == text.value:
            found = (mend(Text(raw)).value for raw in _raws(text.places))
            return tuple(dict.fromkeys(value for value in found if value and value != text.value))
    return ()


def _raws(places: tuple[Place, ...]) -> Iterator[str]:
    """The text as read with an alternative in the place of one part."""
    texts = [place.text for place in places]
    for at, place in enumerate(places):
        for other in place.alternatives if isinstance(place, ScanPlace) and place.doubtful else ():
            yield "\n".join([*texts[:at], other, *texts[at + 1 :]])


def chosen(text: Text, value: str, rule: str, evidence: str, confidence: float) -> Text:
    """The text with one of its candidates chosen, or with its own reading confirmed: its doubt is settled."""
    return replace(text.edit(value, rule, evidence, confidence), settled=evidence)
