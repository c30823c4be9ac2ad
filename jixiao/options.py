"""How documents are read, as the user chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from jixiao.config import ENGINES
from jixiao.errors import UsageError


@dataclass(frozen=True, slots=True)
class Options:
    """Which engine reads a PDF, and whether a second one is asked and every difference told.

    `passwords` are tried on encrypted files; they are never told. `layouts` are descriptions of a place's own layout
    (name and text of each file), laid over those of the families.
    """

    engine: str = "auto"
    cross_check: bool = False
    passwords: tuple[str, ...] = field(default=(), repr=False)
    layouts: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"there is no engine {self.engine!r}; known are {', '.join(ENGINES)}")

    def told(self) -> dict[str, str | int | bool]:
        """As the audit records them."""
        told: dict[str, str | int | bool] = {"engine": self.engine, "cross_check": self.cross_check}
        return told | self.told_layouts()

    def told_layouts(self) -> dict[str, str | int | bool]:
        """The layouts by name and a part of their hash; nothing where there are none."""
        names = [f"{name}@{sha256(text.encode()).hexdigest()[:12]}" for name, text in self.layouts]
        return {"layouts": ", ".join(names)} if names else {}


DEFAULT = Options()
