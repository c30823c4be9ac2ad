"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# name:type, ! where it may not be null. A migration is history: it is never changed, so it names everything itself.
TABLES = {
    "document": """
        id:id! collection:text! source:text! name:text sha256:text media_type:text pages:int status:text
        code:text message:text folder:text tool:text tool_version:text engine:text options:json projects:int
        indicators:int digest:text version:int! loaded_at:text
    """,
    "project": """
        document_id:id! project_no:int! id:text! series:text! file:text form:text fiscal_year:int name:text!
        code:text department_name:text department_code:text unit:text attribute_name:text
        attribute_code:text period_text:text period_start:text period_end:text period_years:number
        extra:json! pages:json
    """,
    "funding": """
        document_id:id! project_no:int! position:int! label:text! kind:text! scope:text! amount:number
        unit:text yuan:number execution_initial:number execution_executed:number execution_rate:number
        execution_weight:number execution_score:number
    """,
    "goal": "document_id:id! project_no:int! position:int! scope:text! text:text!",
    "indicator": """
        document_id:id! project_no:int! position:int! scope:text! level1:text level2:text required:text
        name:text! target_text:text target_kind:text target_operator:text target_number:number
        target_upper:number target_unit:text target_per:text target_approximate:flag
        target_base_number:number target_base_unit:text target_date:text target_precision:text weight:number
        actual_text:text actual_kind:text actual_operator:text actual_number:number actual_upper:number
        actual_unit:text actual_per:text actual_approximate:flag actual_base_number:number
        actual_base_unit:text actual_date:text actual_precision:text score:number reason:text
    """,
    "place": """
        document_id:id! project_no:int! pointer:text! position:int! page:int line:int span:json text:text!
    """,
    "repair": """
        document_id:id! project_no:int! position:int! pointer:text! rule:text! before:text! after:text!
        evidence:text! confidence:number!
    """,
    "finding": """
        document_id:id! position:int! project_no:int pointer:text! rule:text! severity:text! basis:text
        message:text! message_en:text! places:json
    """,
    "dictionary": "table_name:text! column_name:text! title:text!",
}
KEYS = {
    "document": ["id"],
    "project": ["document_id", "project_no"],
    "place": ["document_id", "project_no", "pointer", "position"],
    "finding": ["document_id", "position"],
    "dictionary": ["table_name", "column_name"],
}
OTHERS = ["document_id", "project_no", "position"]
INDEXES = {
    "document": [["sha256"]],
    "project": [["id"], ["series"], ["department_name", "fiscal_year"]],
    "indicator": [["name"]],
    "repair": [["rule"]],
    "finding": [["rule"]],
}


def upgrade() -> None:
    """Make the tables, and beside each but the dictionary one for replaced versions."""
    duckdb = op.get_context().dialect.name == "duckdb"
    if duckdb:
        op.execute("CREATE SEQUENCE document_id_seq")
    for name in TABLES:
        op.create_table(
            name, *_columns(name, duckdb), *_constraints(name, duckdb), sqlite_with_rowid=name == "document"
        )
        for columns in INDEXES.get(name, []):
            op.create_index(f"ix_{name}_{columns[0].removesuffix('_name')}", name, columns)
    for name in TABLES:
        if name != "dictionary":
            kept = [column for column in _columns(name) if column.name != "version"]
            key = sa.PrimaryKeyConstraint(*KEYS.get(name, OTHERS), "version")
            op.create_table(f"{name}_history", *kept, sa.Column("version", sa.Integer, nullable=False), key)


def _columns(name: str, duckdb: bool | None = None) -> list[sa.Column[Any]]:
    kinds: dict[str, Any] = {
        "id": sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        "text": sa.Text(),
        "int": sa.Integer(),
        "number": sa.Numeric().with_variant(sa.Numeric(38, 12), "duckdb"),
        "json": sa.JSON(),
        "flag": sa.Boolean(),
    }
    columns: list[sa.Column[Any]] = []
    for spec in TABLES[name].split():
        column, _, kind = spec.partition(":")
        counted = name == "document" and column == "id" and duckdb is not None
        options: dict[str, Any] = {"autoincrement": counted and not duckdb}
        if counted and duckdb:
            options["server_default"] = sa.text("nextval('document_id_seq')")
        columns.append(sa.Column(column, kinds[kind.rstrip("!")], nullable=not kind.endswith("!"), **options))
    return columns


def _constraints(name: str, duckdb: bool) -> list[sa.Constraint]:
    """Keys; no foreign ones for DuckDB, which cannot replace what is referred to within one transaction."""
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*KEYS.get(name, OTHERS))]
    if name == "document":
        constraints.append(sa.UniqueConstraint("collection", "source", name="uq_document_source"))
    if duckdb or name in ("document", "dictionary"):
        return constraints
    if name in ("project", "finding"):
        constraints.append(_refers(name, ["document_id"], "document", ["id"]))
    if name != "project":
        constraints.append(_refers(name, OTHERS[:2], "project", OTHERS[:2]))
    return constraints


def _refers(name: str, columns: list[str], other: str, theirs: list[str]) -> sa.ForeignKeyConstraint:
    targets = [f"{other}.{column}" for column in theirs]
    return sa.ForeignKeyConstraint(columns, targets, name=f"fk_{name}_{other}", ondelete="CASCADE")
