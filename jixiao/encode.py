"""Projects and audits as bytes: numbers exact, keys in model order, the same bytes every time."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
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
    """An audit as plain values; parts of a place that its carrier does not have are left out."""
    record = _plain(audit)
    assert isinstance(record, dict)  # noqa: S101 - for the type checker
    return record


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value


def load(data: bytes | str) -> Any:
    """JSON read back with exact numbers."""
    return json.loads(data, parse_float=Decimal)
