"""Documents of an `out/` as columns of the tables: many at once, since what is done for a column is done fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import astuple

from jixiao.load import records as r

Columns = dict[str, Sequence[Any]]
"""Columns of a table by name, all of one length; one that is not there is empty. JSON is bytes."""

_NEAR = 256  # rows that are turned into columns at once: while they are in the processor's cache


@dataclass(slots=True)
class Loaded:
    """One document, ready for the database; one that jixiao could not read has no audit and no projects."""

    source: str
    document: dict[str, Any]
    audit: r.Audit | None = None
    projects: list[r.Project] = field(default_factory=list)
    places: bool = True


@dataclass(slots=True)
class _Part:
    """A project with the key that its rows have."""

    document: int
    number: int
    places: bool
    audit: r.ProjectAudit
    project: r.Project


def columns_of(documents: Iterable[tuple[int, Loaded]]) -> dict[str, Columns]:
    """The columns by table; the number of each document is its `document_id`."""
    listed = list(documents)
    parts = [
        _Part(key, number, each.places, audit, project)
        for key, each in listed
        if each.audit
        for number, (audit, project) in enumerate(zip(each.audit.projects, each.projects, strict=True), 1)
    ]
    columns = {
        "project": _projects(parts),
        "funding": _funding(parts),
        "goal": _rows(parts, "goals")[0],
        "indicator": _indicators(parts),
        "audit": _audits(parts),
        "finding": _findings(listed),
    }
    return {table: each for table, each in columns.items() if each.get("document_id")}


def series(key: str) -> str:
    """A project's stable key without its year: what the same project of another year has too."""
    front, _, name = key.rpartition("-")
    return f"{front.rpartition('-')[0]}-{name}"


def _fields(structs: Sequence[Any], prefix: str = "") -> Columns:
    """The fields of structs, all of one type."""
    if not structs:
        return {}
    columns: dict[str, list[Any]] = {prefix + name: [] for name in structs[0].__struct_fields__}
    for at in range(0, len(structs), _NEAR):
        rows = map(astuple, structs[at : at + _NEAR])
        for column, values in zip(columns.values(), zip(*rows, strict=True), strict=True):
            column.extend(values)
    return dict(columns)


def _optional(structs: Sequence[Any], nothing: Any, prefix: str) -> Columns:
    """Likewise, where some are None; no columns where all are."""
    if structs.count(None) == len(structs):
        return {}
    return _fields([nothing if each is None else each for each in structs], prefix)


def _keys(parts: list[_Part]) -> Columns:
    return {"document_id": [each.document for each in parts], "project_no": [each.number for each in parts]}


def _rows(parts: list[_Part], name: str) -> tuple[Columns, Columns]:
    """The lists of this name of all projects as one: their keys and plain fields, and the fields that are structs."""
    rows: list[Any] = []
    documents: list[int] = []
    numbers: list[int] = []
    positions: list[int] = []
    for each in parts:
        several = getattr(each.project, name)
        rows += several
        documents += [each.document] * len(several)
        numbers += [each.number] * len(several)
        positions += range(len(several))
    columns = _fields(rows)
    structs: Columns = {part: columns.pop(part) for part in ("target", "actual", "execution") if part in columns}
    return {"document_id": documents, "project_no": numbers, "position": positions, **columns}, structs


def _indicators(parts: list[_Part]) -> Columns:
    columns, values = _rows(parts, "indicators")
    if not values:
        return {}
    return columns | _fields(values["target"], "target_") | _optional(values["actual"], r.Value(), "actual_")


def _funding(parts: list[_Part]) -> Columns:
    columns, spent = _rows(parts, "funding")
    return columns | _optional(spent.get("execution", ()), r.Execution(), "execution_")


def _projects(parts: list[_Part]) -> Columns:
    own = _fields([each.project for each in parts])
    if not own:
        return {}
    return {
        **_keys(parts),
        **{name: own[name] for name in ("id", "form", "fiscal_year", "name", "code", "unit")},
        "series": list(map(series, own["id"])),
        "file": [each.audit.file for each in parts],
        **_fields(own["department"], "department_"),
        **_fields(own["attribute"], "attribute_"),
        **_optional(own["period"], r.Period(), "period_"),
        "extra": list(map(msgspec.json.encode, own["extra"])),
        "pages": [msgspec.json.encode(each.audit.pages) for each in parts],
    }


def _audits(parts: list[_Part]) -> Columns:
    places = [each.audit.provenance if each.places else None for each in parts]
    return {**_keys(parts), "places": places, "repairs": [each.audit.repairs for each in parts]}


def _findings(documents: list[tuple[int, Loaded]]) -> Columns:
    rows: list[r.Finding] = []
    keys: dict[str, list[Any]] = {"document_id": [], "project_no": [], "position": []}
    for key, each in documents:
        if each.audit:
            numbered = [(None, each.audit.findings), *((n, p.findings) for n, p in enumerate(each.audit.projects, 1))]
            before = len(rows)
            for number, several in numbered:
                rows += several
                keys["project_no"] += [number] * len(several)
            keys["document_id"] += [key] * (len(rows) - before)
            keys["position"] += range(len(rows) - before)
    return {**keys, **_fields(rows)}
