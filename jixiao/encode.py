"""Projects and audits as bytes: numbers exact, keys in model order, the same bytes every time."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:  # who only writes results need not load pydantic
    from schemas.audit import Audit
    from schemas.project import Project

_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=vars)  # a record of pydantic is its fields

# Characters that move a terminal's cursor or turn its writing direction; JSON may say them by number.
_UNSEEN = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def pretty(value: Any) -> bytes:
    """JSON with two-space indent and a newline at the end."""
    return msgspec.json.format(_encoded(value), indent=2) + b"\n"


def line(value: Any) -> bytes:
    """JSON on one line with a newline at the end."""
    return _encoded(value) + b"\n"


def _encoded(value: Any) -> bytes:
    """Strict JSON: lone surrogates are replaced, control and bidi characters told by their number."""
    try:
        data = _ENCODER.encode(value)
    except UnicodeEncodeError:
        data = _ENCODER.encode(_whole(msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=vars)))
    text = data.decode()
    if text.isprintable():  # as none of these characters is
        return data
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _whole(value: Any) -> Any:
    """Plain values without halves of surrogate pairs, which UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode() if any("\ud800" <= c <= "\udfff" for c in value) else value
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    return value


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
