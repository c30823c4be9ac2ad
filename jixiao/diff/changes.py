"""What a difference is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jixiao.diff.sides import Version

Class = Literal["meaning", "wording", "format", "extraction"]
CLASSES: tuple[Class, ...] = ("meaning", "wording", "format", "extraction")
Kind = Literal["changed", "added", "removed", "moved"]

FAIL_ON: dict[str, tuple[Class, ...]] = {
    "never": (),
    "meaning": ("meaning",),
    "wording": ("meaning", "wording"),
    "any": CLASSES,
}


@dataclass(frozen=True)
class Change:
    """One difference: `what` names the field or the indicator, `before` and `after` are as printed.

    `pointer` is that of the new side, of the old side where something was removed; `old_pointer` likewise.
    """

    cls: Class
    kind: Kind
    what: str
    before: str | None
    after: str | None
    old: Version | None
    new: Version | None
    old_pointer: str = ""
    new_pointer: str = ""

    @property
    def version(self) -> Version:
        """The side that shows it: the new one, unless it is gone there."""
        found = self.new or self.old
        if found is None:
            raise AssertionError
        return found

    @property
    def pointer(self) -> str:
        """Where it is on that side."""
        return self.new_pointer if self.new else self.old_pointer

    @property
    def rule(self) -> str:
        """A stable name, as in meaning-changed."""
        return f"{self.cls}-{self.kind}"

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "class": self.cls,
            "kind": self.kind,
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "project": self.version.record["name"],
            "old": _end(self.old, self.old_pointer),
            "new": _end(self.new, self.new_pointer),
        }


def _end(version: Version | None, pointer: str) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "id": version.record["id"],
        "file": version.file,
        "source": version.source or None,
        "pointer": pointer,
        "place": version.place(pointer),
    }
