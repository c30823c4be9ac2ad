"""The JSON Schemas of the public shapes, and the field reference made from them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from schemas.audit import Audit
from schemas.project import SCHEMA_VERSION, Project

SHAPES = ("project", "audit")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(shape: str) -> dict[str, Any]:
    """The JSON Schema of "project" or "audit"."""
    schema = Project.model_json_schema() if shape == "project" else TypeAdapter(Audit).json_schema()
    return (
        {"$schema": _DIALECT, "title": f"jixiao {shape} {SCHEMA_VERSION}"}
        | schema
        | {"title": f"jixiao {shape} {SCHEMA_VERSION}"}
    )


def schema_text(shape: str) -> str:
    """The schema as it is committed."""
    return json.dumps(schema_of(shape), ensure_ascii=False, indent=2) + "\n"


def golden_text(shape: str) -> str | None:
    """The schema that the package ships; None where it is missing."""
    golden = files("schemas") / "json" / f"{shape}.schema.json"
    return golden.read_text(encoding="utf-8") if golden.is_file() else None


def changed_shapes() -> list[str]:
    """The shapes whose code no longer gives the schema that the package ships."""
    return [shape for shape in SHAPES if golden_text(shape) != schema_text(shape)]
