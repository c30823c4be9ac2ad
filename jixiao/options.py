"""How documents are read, as the user chose."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.config import ENGINES
from jixiao.errors import UsageError


@dataclass(frozen=True, slots=True)
class Options:
    """Which engine reads a PDF, and whether a second one is asked and every difference told.

    `passwords` are tried on encrypted files; they are never told.
    """

    engine: str = "auto"
    cross_check: bool = False
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"there is no engine {self.engine!r}; known are {', '.join(ENGINES)}")

    def told(self) -> dict[str, str | int | bool]:
        """As the audit records them."""
        return {"engine": self.engine, "cross_check": self.cross_check}


DEFAULT = Options()
