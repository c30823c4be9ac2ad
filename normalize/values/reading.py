"""What a reader found in a text, before it becomes a TargetValue."""

from __future__ import annotations

from decimal import Decimal
from typing import Required, TypedDict

from schemas.project import Operator, Precision, TargetKind


class Reading(TypedDict, total=False):
    """The fields of a TargetValue but its text; those left out were not stated."""

    kind: Required[TargetKind]
    operator: Operator | None
    number: Decimal
    upper: Decimal
    unit: str | None
    per: str | None
    approximate: bool
    base_number: Decimal
    base_unit: str | None
    date: str
    precision: Precision
