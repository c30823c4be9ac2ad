"""Projects and audits as bytes: numbers exact, keys in model order, the same bytes every time."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec

from schemas.audit import Audit
from schemas.project import Project

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def pretty(value: Any) -> bytes:
    """JSON with two-space indent and a newline at the end."""
    return msgspec.json.format(_ENCODER.encode(value), indent=2) + b"\n"


def line(value: Any) -> bytes:
    """JSON on one line with a newline at the end."""
    return _ENCODER.encode(value) + b"\n"


def project_record(project: Project) -> dict[str, Any]:
    """A project as plain values; numbers stay Decimal."""
    return project.model_dump()


def audit_record(audit: Audit) -> dict[str, Any]:
    """An audit as plain values."""
    record: dict[str, Any] = msgspec.to_builtins(audit, builtin_types=(Decimal,))
    return record


def load(data: bytes | str) -> Any:
    """JSON read back with exact numbers."""
    return json.loads(data, parse_float=Decimal)
