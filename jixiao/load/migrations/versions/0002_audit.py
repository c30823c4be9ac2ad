"""Places and repairs as the JSON of the audit, and views that show them as the rows that they were.

Revision ID: 0002
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

revision = "0002"
down_revision = "0001"

KEY = ("document_id", "project_no")
PLACE = {
    "sqlite": """
        SELECT a.document_id, a.project_no, e.key AS pointer, CAST(p.key AS INTEGER) AS position,
               json_extract(p.value, '$.page') AS page, json_extract(p.value, '$.line') AS line,
               CASE WHEN json_extract(p.value, '$.sheet') IS NOT NULL
                    THEN json_array(json_extract(p.value, '$.sheet'), json_extract(p.value, '$.cell'))
                    WHEN json_extract(p.value, '$.table') IS NOT NULL
                    THEN json_array(json_extract(p.value, '$.table'), json_extract(p.value, '$.row'),
                                    json_extract(p.value, '$.column'))
                    ELSE coalesce(json_extract(p.value, '$.bbox'), json_extract(p.value, '$.columns')) END AS span,
               coalesce(json_extract(p.value, '$.text'), '') AS text{version}
        FROM audit{suffix} a, json_each(a.places) e, json_each(e.value) p
    """,
    "duckdb": """
        SELECT document_id, project_no, pointer, position,
               CAST(json_extract(p, '$.page') AS INTEGER) AS page, CAST(json_extract(p, '$.line') AS INTEGER) AS line,
               CASE WHEN json_exists(p, '$.sheet')
                    THEN json_array(json_extract(p, '$.sheet'), json_extract(p, '$.cell'))
                    WHEN json_exists(p, '$.table')
                    THEN json_array(json_extract(p, '$.table'), json_extract(p, '$.row'), json_extract(p, '$.column'))
                    ELSE coalesce(json_extract(p, '$.bbox'), json_extract(p, '$.columns')) END AS span,
               coalesce(json_extract_string(p, '$.text'), '') AS text{version}
        FROM (SELECT a.*, e.key AS pointer, unnest(e.value) AS p,
                     CAST(generate_subscripts(e.value, 1) - 1 AS INTEGER) AS position
              FROM (SELECT a.*, unnest(map_entries(CAST(a.places AS MAP(VARCHAR, JSON[])))) AS e
                    FROM audit{suffix} a) a) a
    """,
    "postgresql": """
        SELECT a.document_id, a.project_no, e.key AS pointer, CAST(p.position - 1 AS integer) AS position,
               CAST(p.value ->> 'page' AS integer) AS page, CAST(p.value ->> 'line' AS integer) AS line,
               CASE WHEN p.value ->> 'sheet' IS NOT NULL
                    THEN json_build_array(p.value -> 'sheet', p.value -> 'cell')
                    WHEN p.value ->> 'table' IS NOT NULL
                    THEN json_build_array(p.value -> 'table', p.value -> 'row', p.value -> 'column')
                    ELSE coalesce(p.value -> 'bbox', p.value -> 'columns') END AS span,
               coalesce(p.value ->> 'text', '') AS text{version}
        FROM audit{suffix} a, json_each(a.places) e, json_array_elements(e.value) WITH ORDINALITY p(value, position)
    """,
}
REPAIR = {
    "sqlite": """
        SELECT a.document_id, a.project_no, CAST(r.key AS INTEGER) AS position, {texts},
               json_extract(r.value, '$.confidence') AS confidence{version}
        FROM audit{suffix} a, json_each(a.repairs) r
    """,
    "duckdb": """
        SELECT document_id, project_no, position, {texts},
               CAST(json_extract_string(r, '$.confidence') AS DECIMAL(38, 12)) AS confidence{version}
        FROM (SELECT a.*, unnest(CAST(a.repairs AS JSON[])) AS r,
                     CAST(generate_subscripts(CAST(a.repairs AS JSON[]), 1) - 1 AS INTEGER) AS position
              FROM audit{suffix} a) a
    """,
    "postgresql": """
        SELECT a.document_id, a.project_no, CAST(r.position - 1 AS integer) AS position, {texts},
               CAST(r.value ->> 'confidence' AS numeric) AS confidence{version}
        FROM audit{suffix} a, json_array_elements(a.repairs) WITH ORDINALITY r(value, position)
    """,
}
TEXT = {
    "sqlite": "json_extract(r.value, '$.{0}') AS {0}",
    "duckdb": "json_extract_string(r, '$.{0}') AS {0}",
    "postgresql": "r.value ->> '{0}' AS {0}",
}
TEXTS = ("pointer", "rule", "before", "after", "evidence")


def upgrade() -> None:
    """Move the rows into `audit`, and put views in the place of their tables."""
    dialect = op.get_context().dialect.name
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    for suffix, more in (("", ()), ("_history", ("version",))):
        keys = [sa.Column("document_id", number, nullable=False)]
        keys += [sa.Column(name, sa.Integer, nullable=False) for name in ("project_no", *more)]
        constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*(column.name for column in keys))]
        if dialect != "duckdb" and not suffix:
            refers = sa.ForeignKeyConstraint(
                KEY, [f"project.{name}" for name in KEY], name="fk_audit_project", ondelete="CASCADE"
            )
            constraints.append(refers)
        values = [sa.Column("places", sa.JSON(none_as_null=True)), sa.Column("repairs", sa.JSON(), nullable=False)]
        audit = op.create_table(f"audit{suffix}", *keys[:2], *values, *keys[2:], *constraints)
        connection = op.get_bind()
        for rows in _moved(connection, suffix, [column.name for column in keys]):
            connection.execute(audit.insert(), rows)
        for name in ("place", "repair"):
            op.drop_table(f"{name}{suffix}")
        texts = ", ".join(TEXT[dialect].format(name) for name in TEXTS)
        version = ", a.version" if suffix else ""
        for name, select in (("place", PLACE), ("repair", REPAIR)):
            query = select[dialect].format(suffix=suffix, version=version, texts=texts)
            op.get_bind().exec_driver_sql(f"CREATE VIEW {name}{suffix} AS {query}")
    op.drop_index("ix_indicator_name", "indicator")


def _moved(connection: Connection, suffix: str, keys: list[str]) -> Iterator[list[dict[str, Any]]]:
    """The rows of `audit`, document by document."""
    of = itemgetter(*keys)
    found = connection.exec_driver_sql(f"SELECT DISTINCT document_id FROM project{suffix} ORDER BY document_id")  # noqa: S608
    for (document,) in found.all():
        rows: dict[str, list[sa.RowMapping]] = {}
        for table, last in (("project", ""), ("place", ", pointer, position"), ("repair", ", position")):
            columns = "*" if last else ", ".join(keys)
            rows[table] = list(
                connection.exec_driver_sql(
                    f"SELECT {columns} FROM {table}{suffix} WHERE document_id = {document}"  # noqa: S608 - a number
                    f" ORDER BY {', '.join(keys)}{last}"
                ).mappings()
            )
        places, repairs = ({key: list(few) for key, few in groupby(rows[name], of)} for name in ("place", "repair"))
        yield [
            dict(each)
            | {
                "places": _places(places[of(each)]) if of(each) in places else None,
                "repairs": [_repair(repair) for repair in repairs.get(of(each), [])],
            }
            for each in rows["project"]
        ]


def _places(rows: list[Any]) -> dict[str, list[dict[str, Any]]]:
    return {pointer: [_place(row) for row in few] for pointer, few in groupby(rows, itemgetter("pointer"))}


def _place(row: Any) -> dict[str, Any]:
    span = json.loads(row["span"]) if isinstance(row["span"], str) else row["span"]
    place = {name: row[name] for name in ("page", "line") if row[name] is not None}
    if span is not None and len(span) == 4:
        place["bbox"] = span
    elif span is not None and row["line"] is not None:
        place["columns"] = span
    elif span is not None:
        place |= zip(("sheet", "cell") if len(span) == 2 else ("table", "row", "column"), span, strict=True)
    return place | {"text": row["text"]}


def _repair(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in TEXTS} | {"confidence": float(row["confidence"])}
