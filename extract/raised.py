"""Raised digits of units: m2 with a raised 2 is displayed as m²."""

from __future__ import annotations

from extract.markup import Element, attribute, child

_RAISED = {"2": "²", "3": "³"}


def is_raised(properties: Element | None) -> bool:
    """Whether the properties of a run raise its text."""
    found = child(properties, "vertAlign") if properties is not None else None
    return found is not None and attribute(found, "val") == "superscript"


def raised(text: str) -> str:
    """A raised 2 or 3 as the character that shows it; any other text as it is."""
    return _RAISED.get(text.strip(), text)
