"""The JSON Schemas of the public shapes, and the field reference made from them."""

from __future__ import annotations

import dataclasses
import json
from functools import reduce
from importlib.resources import files
from operator import or_
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields
from pydantic import TypeAdapter

from schemas.audit import Audit
from schemas.project import SCHEMA_VERSION, Project

SHAPES = ("project", "audit")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(shape: str) -> dict[str, Any]:
    """The JSON Schema of "project" or "audit"."""
    schema = Project.model_json_schema() if shape == "project" else TypeAdapter(_dataclass_of(Audit, {})).json_schema()
    return (
        {"$schema": _DIALECT, "title": f"jixiao {shape} {SCHEMA_VERSION}"}
        | schema
        | {"title": f"jixiao {shape} {SCHEMA_VERSION}"}
    )


def _dataclass_of(struct: type[Struct], known: dict[type, type]) -> type:
    """A dataclass of the same shape: pydantic, which writes the schemas, knows no structs."""
    if struct not in known:
        parts = [(part.name, _known_to_pydantic(part.type, known), part.default) for part in fields(struct)]
        shape = [
            (name, kind) if default is NODEFAULT else (name, kind, dataclasses.field(default=default))
            for name, kind, default in parts
        ]
        known[struct] = dataclasses.make_dataclass(struct.__name__, shape, namespace={"__doc__": struct.__doc__})
    return known[struct]


def _known_to_pydantic(kind: Any, known: dict[type, type]) -> Any:
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _dataclass_of(kind, known)
    origin, parts = get_origin(kind), get_args(kind)
    if not parts or origin is Literal:
        return kind
    parts = tuple(_known_to_pydantic(part, known) for part in parts)
    return reduce(or_, parts) if origin in {Union, UnionType} else origin[parts]


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
