"""The tables as people get them: Chinese headers, each row with the file and project that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Raw

from jixiao.load.columns import Columns, Loaded, columns_of
from jixiao.load.tables import PARTS, document, finding, funding, goal, indicator, project
from jixiao.load.views import place, repair, shown

Row = tuple[Any, ...]
Kind = Literal["text", "integer", "number", "boolean", "json"]

_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (sa.JSON, "json"), (sa.Boolean, "boolean"), (sa.Integer, "integer"), (sa.Numeric, "number"),
)  # fmt: skip
_OURS = ("id", "collection", "digest", "version", "loaded_at")  # the database's own columns
_TOLD = ("fiscal_year", "department_name", "name")  # of the project, in front of its parts
_WITH_PROJECT = ("funding", "goal", "indicator")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name in the database, its Chinese header, what its values are."""

    name: str
    header: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name in the database, its Chinese title, its columns, and which of them are its key."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]


def _field(column: sa.Column[Any], header: str | None = None) -> Field:
    kind: Kind = next((kind for type_, kind in _KINDS if isinstance(column.type, type_)), "text")
    return Field(column.name, header or re.split("[，；：]", str(column.comment))[0], kind)


_SOURCE = _field(document.c.source)


def _sheet(table: sa.Table) -> Sheet:
    if table is document:
        fields = tuple(_field(column) for column in table.columns if column.name not in _OURS)
        return Sheet(table.name, str(table.comment), fields, (_SOURCE.header,))
    columns = [_field(column) for column in table.columns if column.name != "document_id"]
    fields = (_SOURCE, *columns)
    if table.name in _WITH_PROJECT:
        fields = (_SOURCE, columns[0], *(_field(project.c[name]) for name in _TOLD), *columns[1:])
    keys = {column.name for column in table.primary_key} | {"source"}
    return Sheet(table.name, str(table.comment), fields, tuple(field.header for field in fields if field.name in keys))


SHEETS = tuple(_sheet(table) for table in (document, project, funding, goal, indicator, place, repair, finding))


def rows_by_sheet(loaded: Loaded) -> Iterator[tuple[Sheet, list[Row]]]:
    """The rows of one document for each sheet."""
    columns = columns_of([(0, loaded)])
    rows = {table.name: _rows(table, columns.get(table.name, {})) for table in PARTS}
    rows |= shown(rows["audit"])
    told = _told(rows["project"])
    for sheet in SHEETS:
        if sheet.name == "document":
            yield sheet, [tuple(_without_bytes(loaded.document[field.name]) for field in sheet.fields)]
        elif sheet.name in _WITH_PROJECT:
            yield sheet, [(loaded.source, row[0], *told[row[0]], *row[1:]) for row in rows[sheet.name]]
        else:
            yield sheet, [(loaded.source, *row) for row in rows[sheet.name]]


def _rows(table: sa.Table, columns: Columns) -> list[Row]:
    """Rows in the order of the table's columns, without the document's number in front."""
    empty = [None] * len(columns.get("document_id", ()))
    values = [columns.get(column.name, empty) for column in table.columns if column.name != "document_id"]
    return [tuple(map(_without_bytes, row)) for row in zip(*values, strict=True)]


def _without_bytes(value: Any) -> Any:
    return str(value, "utf-8") if isinstance(value, (bytes, Raw)) else value


def _told(projects: list[Row]) -> dict[int, Row]:
    at = [list(project.columns.keys()).index(name) - 1 for name in _TOLD]  # a row has no document_id in front
    return {row[0]: tuple(row[index] for index in at) for row in projects}


def plain(number: Any) -> str:
    """A number in digits, without an exponent."""
    return format(Decimal(number), "f")
