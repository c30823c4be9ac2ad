"""What came out of one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from jixiao.errors import DocumentError

if TYPE_CHECKING:  # who only writes results need not load pydantic
    from schemas.audit import Audit
    from schemas.project import Project

Status = Literal["ok", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out of one document.

    `status` is "ok"; "partial" where a finding says that something could not be placed (severity error); "failed"
    where nothing could be read, with the reason in `error`.
    """

    name: str
    status: Status
    projects: list[Project] = field(default_factory=list)
    audit: Audit | None = None
    error: DocumentError | None = None

    def raise_for_status(self) -> Extraction:
        """Itself, or the error of a failed document."""
        if self.error:
            raise self.error
        return self
