"""docs/output.md, made from the JSON Schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jixiao.schema import schema_of

_HEAD = """\
# Output: the fields

Made from the JSON Schemas (`jixiao schema project`, `jixiao schema audit`) by `make goldens`; do not edit.

- One file for each project, `out/<source stem>/NN-<project name>.json`: the clean record.
- `out/<source stem>/audit.json`: where every value stood and what was repaired.
- `out/manifest.jsonl`: one line a document, below.

Keys always stand in this order; what is not printed is `null`, never a guess. Numbers are exact to the printed digits.
"""

_MANIFEST = """
## manifest.jsonl

| key | meaning |
|---|---|
| `source` | the document as it was named on the command line |
| `sha256` | of its bytes; null where it could not be read |
| `status` | `ok`; `partial`: a finding of severity error says what could not be placed; `failed` |
| `folder` | the folder of its results below `out/`; null where there are none |
| `projects`, `indicators` | how many were read |
| `findings` | how many of each severity |
| `code`, `message` | of a failed document: see findings.md |

## How the audit is to be read

- A pointer of `provenance` (RFC 6901) names a value or an object of the project file; its places hold for all below it.
- The text of a value as it was read is the texts of its places, joined by line feeds. The repairs of the same pointer,
  applied in order, lead from there to the value: of a target to its `text`. A `fill-down` or `level1-from-level2`
  starts from the blank of a merged cell instead, so its `before` is empty.
- `schema_version` points at the title that made this a form; `id` at the values that it is made of.
- Places of plain text: `page` counts the parts between page cuts from 1, `line` counts from 1, `columns` is the first
  and the end of the span in characters, counted from 0. A cell cut by a page break has two places.
"""


def output_reference() -> str:
    """The whole page."""
    parts = [_HEAD]
    for shape, title in (("project", "The project file"), ("audit", "audit.json")):
        schema = schema_of(shape)
        parts.append(f"\n## {title}\n")
        parts += _table(schema)
        for name, part in schema["$defs"].items():
            if "properties" in part:
                parts.append(f"\n### {name}\n")
                parts += _table(part)
    return "\n".join(parts) + "\n" + _MANIFEST


def _table(part: dict[str, Any]) -> Iterator[str]:
    if part.get("description"):
        yield part["description"].replace("\n", " ") + "\n"
    yield "| key | type | meaning |\n|---|---|---|"
    for name, field in part["properties"].items():
        yield f"| `{name}` | {_type(field)} | {_meaning(field)} |"


def _meaning(field: dict[str, Any]) -> str:
    """The Chinese title, then the description; a title that pydantic made of the key says nothing."""
    title = field.get("title", "")
    parts = ["" if title.isascii() else f"{title}.", field.get("description", "").replace("\n", " ")]
    return " ".join(part for part in parts if part)


def _type(field: dict[str, Any]) -> str:  # noqa: PLR0911 - one line a kind of type
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return "list of " + _type(field["items"]) if "items" in field else "list"
    if field.get("type") == "object" and isinstance(field.get("additionalProperties"), dict):
        return "map to " + _type(field["additionalProperties"])
    return str(field.get("type", "any"))
