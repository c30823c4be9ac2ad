"""The way of one value, as a person would tell it: where it stood, what was done to it, what it became."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jixiao.encode import line, load
from jixiao.errors import UsageError
from jixiao.names import AUDIT, printable

_LEVEL = {"error": "error", "warning": "warning", "info": "note"}


def explain(file: Path, pointer: str) -> str:
    """The story of the value at an RFC 6901 pointer of a project file; its audit.json must lie beside it."""
    project = _load(file)
    audit = _load(file.parent / AUDIT)
    entry = next((each for each in audit.get("projects", []) if each.get("file") == file.name), None)
    if entry is None:
        raise UsageError(f"{file.parent / AUDIT} does not know {file.name}")
    value = resolve(project, pointer)
    source = audit["source"]["name"]
    parts = [
        f"{pointer or '(the whole project)'} of {project.get('name')}",
        f"  value     {_shown(value)}",
        *_stood(entry["provenance"], pointer, source, value),
        *_repaired([r for r in entry["repairs"] if _concerns(r["pointer"], pointer)], pointer),
        *_found([f for f in entry["findings"] if _concerns(f["pointer"], pointer)]),
    ]
    return "\n".join(map(printable, parts)) + "\n"


def _load(path: Path) -> Any:
    try:
        record = load(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise UsageError(f"{path} is no file of jixiao")
    return record


def resolve(record: Any, pointer: str) -> Any:
    """The value at an RFC 6901 pointer; UsageError where there is none."""
    if pointer and not pointer.startswith("/"):
        raise UsageError(f"a pointer begins with a slash, as in /indicators/0/target: {pointer}")
    value = record
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            raise UsageError(f"the project has no {pointer}") from None
    return value


def _concerns(other: str, pointer: str) -> bool:
    """Whether an entry of the audit is about a value, a part of it, or the target that it is a part of."""
    return other == pointer or other.startswith(f"{pointer}/") or (bool(other) and pointer.startswith(f"{other}/"))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    shown = line(value).decode().strip()
    return shown if len(shown) <= 400 else f"{shown[:400]}…"


def _stood(provenance: dict[str, Any], pointer: str, source: str, value: Any) -> list[str]:
    own = {at: places for at, places in provenance.items() if at == pointer or at.startswith(f"{pointer}/")}
    if not own:
        above = max((at for at in provenance if pointer.startswith(f"{at}/")), key=len, default=None)
        own = {above: provenance[above]} if above is not None else {}
    if not own:
        return [
            "  stood     nowhere: nothing is printed for it" if value is None else "  stood     (no place is known)"
        ]
    lines: list[str] = []
    for at, places in own.items():
        for number, place in enumerate(places):
            name = at.removeprefix(pointer) if at != pointer else ""
            label = "stood" if not lines else "and" if number else "stood"
            lines.append(
                f"  {label:<9} {_where(place, source)}: “{_on_one_line(place['text'])}”"
                + (f"   ({name})" if name else "")
            )
    return lines


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ⏎ ")


def _where(place: dict[str, Any], source: str) -> str:
    if "line" in place:
        first, last = place["columns"]
        return f"{source}, page {place['page']}, line {place['line']}, columns {first + 1}-{last}"
    if "bbox" in place:
        return f"{source}, page {place['page']}, box {', '.join(str(n) for n in place['bbox'])}"
    if "sheet" in place:
        return f"{source}, sheet {place['sheet']}, cell {place['cell']}"
    return f"{source}, table {place['table']}, row {place['row']}, column {place['column']}"


def _repaired(repairs: list[dict[str, Any]], pointer: str) -> list[str]:
    if not repairs:
        return ["  repaired  nothing: it stands as it was read"]
    lines = []
    for number, repair in enumerate(repairs, 1):
        name = repair["pointer"].removeprefix(pointer)
        lines.append(
            f"  repair {number}  {repair['rule']}, confidence {repair['confidence']}" + (f"   ({name})" if name else "")
        )
        before = _on_one_line(repair["before"])
        lines.append(
            f"            “{before}” → “{repair['after']}”" if before else f"            blank → “{repair['after']}”"
        )
        lines.append(f"            because {repair['evidence']}")
    return lines


def _found(findings: list[dict[str, Any]]) -> list[str]:
    lines = []
    for finding in findings:
        lines.append(f"  {_LEVEL[finding['severity']]:<9} {finding['rule']}: {finding['message_en']}")
        lines.append(f"            {finding['message']}")
    return lines
