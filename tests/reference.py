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
The JSON is strict (no NaN, no halves of surrogate pairs); characters that could steer a terminal (control characters,
zero-width and bidi marks) stand as `\\u` escapes, all others as themselves.
"""

_MANIFEST = """
## manifest.jsonl

| key | meaning |
|---|---|
| `source` | the document as it was named on the command line; a member of an archive is `zip://member::archive` |
| `sha256` | of its bytes; null where it could not be read |
| `status` | `ok`; `partial`: a finding of severity error says what could not be placed or counted; `failed` |
| `code`, `message` | of a failed document: see findings.md |
| `engine`, `pages` | who read it, and how many pages it has; null where that is not known |
| `folder` | the folder of its results below `out/`; null where there are none |
| `projects`, `indicators` | how many were read |
| `findings` | how many of each severity |
| `output` | a SHA-256 over the names and contents of its results, by which a later run knows that they are whole |
| `made_by` | version (with a fingerprint of code and libraries) and options: where they differ it is read again |
| `limits` | of a document that failed by them: seconds of CPU, seconds by the clock, MiB |
| `milliseconds`, `peak_memory` | what it took: time by the clock, and bytes of its process, the program included |

The lines are sorted by `source`. Apart from the two measured values, two runs over the same documents give the same
bytes, however many processes or machines read them and however often they were stopped and taken up again. While a run
lasts, and after one that was killed, `.journal.jsonl` beside the manifest holds what is known; the next takes it up.

## How the audit is to be read

- A pointer of `provenance` (RFC 6901) names a value or an object of the project file; its places hold for all below it.
- The text of a value as it was read is the texts of its places, joined by line feeds. The repairs of the same pointer,
  applied in order, lead from there to the value: of a target to its `text`. A `fill-down` or `level1-from-level2`
  starts from the blank of a merged cell instead, so its `before` is empty.
- `schema_version` points at the title that made this a form; `id` at the values that it is made of.
- Places of plain text: `page` counts the parts between page cuts from 1, `line` counts from 1, `columns` is the first
  and the end of the span in characters, counted from 0. A cell cut by a page break has two places.
- Places of workbooks: the sheet's name and the cell as the workbook names it, B7:D7 where merged. Places of Word
  documents and web pages: the table (those that only arrange others do not count), row and column of the grid, from 1;
  lines between tables are places of plain text, `line` counting those lines from 1.
- Places of a scan also tell how sure the recogniser was, and what else it may have read: see scans.md.
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
