"""Where each value of a project came from, collected while the project is typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from schemas.audit import Finding, Repair
from schemas.text import CHOICE, Place, ScanPlace, Severity, Text

DOUBTFUL = 0.85
"""Repairs less sure than this are shown to a reviewer as findings."""

ORDER = (
    CHOICE, "page-counter", "glued-title", "cut-label", "repeated-title", "cut-cell", "cut-name", "tree-cell",
    "label-lexicon", "fill-down", "level1-from-level2", "invisible", "glyph", "line-break", "wrap-space",
    "split-number", "label-in-cell", "typed-columns", "placeholder", "name-unit", "reading-pattern", "reading-sum",
    "label-text", "period-text", "title-text", "ticked-option", "split-code", "class-name", "class-note",
)  # fmt: skip


_RANKS = {rule: rank for rank, rule in enumerate(ORDER)}


@dataclass(slots=True)
class Trail:
    """Places, repairs and findings by pointer."""

    provenance: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _repairs: list[Repair] = field(default_factory=list)

    def read(self, pointer: str, text: Text, *, known: bool = False) -> str | None:
        """Note where the value at a pointer stood and what was repaired; gives the text, None where it is blank.

        `known` tells that the closed vocabulary has it, which dispels a recogniser's doubts.
        """
        value = text.value
        if not value or value.isspace():
            return None
        if text.places:
            self.provenance[pointer] = text.places
        if not known and (places := [each for each in text.places if isinstance(each, ScanPlace) and each.doubtful]):
            self.findings.append(_settled(pointer, text) if text.settled else unsure(pointer, text, places))
        for edit in text.edits:
            self._repairs.append(Repair.of(pointer, edit))
            if edit.confidence < DOUBTFUL:
                self.findings.append(_doubtful(self._repairs[-1], text))
        return value

    def place(self, pointer: str, *texts: Text) -> None:
        """Note only where a derived value comes from."""
        places = texts[0].places if len(texts) == 1 else tuple(place for text in texts for place in text.places)
        if places:
            self.provenance[pointer] = places

    def note(self, pointer: str, *notes: Finding) -> None:
        """Findings made while reading, now that their pointer is known."""
        self.findings += [replace(note, pointer=pointer) for note in notes]

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """All repairs in the order in which they were applied."""
        return tuple(sorted(self._repairs, key=lambda repair: _RANKS[repair.rule]))


def unsure(pointer: str, text: Text, places: list[ScanPlace]) -> Finding:
    """The finding that a reading is not certain, with what else it may say."""
    least = min(place.confidence for place in places)
    others = list(dict.fromkeys(" ".join(other.split()) for place in places for other in place.alternatives))
    shown, shown_en = ("、".join(f"“{each}”" for each in others), ", ".join(f"“{each}”" for each in others))
    if not text:
        unread = ("此处有内容但未能识别，请核对图片", "what stands here was not read; compare it with the picture")
        return Finding(pointer, "doubtful-reading", "warning", "reading", *unread, text.places)
    what, what_en = (f"，也可能是{shown}", f"; it may also say {shown_en}") if others else ("", "")
    messages = (
        f"识别不确定（{least:.2f}）：“{text.value}”{what}，请核对图片",
        f"doubtful reading ({least:.2f}): “{text.value}”{what_en}; compare it with the picture",
    )
    return Finding(pointer, "doubtful-reading", "warning", "reading", *messages, text.places)


def _settled(pointer: str, text: Text) -> Finding:
    """A choice between readings; one that rests on the pattern of a value alone should be looked at."""
    others = [text.raw, *(each for place in text.places if isinstance(place, ScanPlace) for each in place.alternatives)]
    told = [each for each in dict.fromkeys(" ".join(other.split()) for other in others) if each != text.value]
    shown, shown_en = ("、".join(f"“{each}”" for each in told), ", ".join(f"“{each}”" for each in told))
    messages = (
        f"识别结果有多种可能，取“{text.value}”，未取{shown}（依据：{text.settled}）",
        f"of several readings “{text.value}” was chosen, not {shown_en}: {text.settled}",
    )
    severity: Severity = "warning" if any(edit.rule == "reading-pattern" for edit in text.edits) else "info"
    return Finding(pointer, "chosen-reading", severity, "reading", *messages, text.places)


def _doubtful(repair: Repair, text: Text) -> Finding:
    before = repair.before.replace("\n", " ⏎ ")
    messages = (
        f"修复不确定（{repair.confidence:.2f}）：“{before}”→“{repair.after}”，请核对原文",
        f"doubtful repair ({repair.confidence:.2f}): “{before}” → “{repair.after}”; compare it with the source",
    )
    return Finding(repair.pointer, "doubtful-repair", "warning", "reading", *messages, text.places)
