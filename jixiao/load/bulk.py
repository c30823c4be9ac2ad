"""Many rows into a table at once, by each database's fastest ordinary way."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

Row = tuple[Any, ...]


def insert(connection: Connection, table: sa.Table, rows: list[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns.

    A form fills half of the columns: those that no row fills are not sent.
    """
    if rows:
        columns = [
            (column, values)
            for column, values in zip(table.columns, zip(*rows, strict=True), strict=True)
            if values[0] is not None or values.count(None) < len(rows)
        ]
        _WAYS[connection.dialect.name](connection, table.name, columns)


Columns = list[tuple[sa.Column[Any], Row]]


def _names(columns: Columns) -> str:
    return ", ".join(column.name for column, _ in columns)


def _rows(columns: Columns) -> list[Row]:
    return list(zip(*(values for _, values in columns), strict=True))


def _sqlite(connection: Connection, table: str, columns: Columns) -> None:
    marks = ",".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours
    try:
        connection.exec_driver_sql(statement, _rows(columns))
    except OverflowError as error:
        raise sa.exc.DataError(statement, None, error) from error


def _postgresql(connection: Connection, table: str, columns: Columns) -> None:
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {table} ({_names(columns)}) FROM STDIN (FORMAT csv)"
    dialect: Any = connection.dialect
    data = _csv(_rows(columns))
    if table == "audit" and b"\\u0000" in data and _NUL.search(data):
        raise sa.exc.DataError(statement, None, ValueError("PostgreSQL holds no text with a NUL character"))
    try:
        if hasattr(cursor, "copy"):  # psycopg
            with cursor.copy(statement) as copy:
                copy.write(data)
        else:
            cursor.execute(statement, stream=[data])
    except dialect.loaded_dbapi.Error as error:  # past SQLAlchemy, which would have wrapped it
        raise sa.exc.DBAPIError(statement, None, error) from error


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""JSON's NUL: the column would take it, but no query could show it."""


def _csv(rows: Iterable[Row]) -> bytes:
    """Rows as CSV in which a quoted empty field is an empty text and an unquoted one is NULL."""
    text = "\n".join(
        [
            ",".join(
                ["" if v is None else '"' + v.replace('"', '""') + '"' if v.__class__ is str else str(v) for v in row]
            )
            for row in rows
        ]
    )
    return (text + "\n").encode()


def _duckdb(connection: Connection, table: str, columns: Columns) -> None:
    """By way of Arrow, whose columns DuckDB takes as they are; it makes decimals of digits itself."""
    arrow = importlib.import_module("pyarrow")
    whole = arrow.int64()
    kinds = {sa.Boolean: arrow.bool_(), sa.BigInteger: whole, sa.Integer: whole, sa.JSON: arrow.json_()}
    arrays = [
        arrow.array(
            [None if v is None else str(v) for v in values] if isinstance(column.type, sa.Numeric) else values,
            kinds.get(type(column.type), arrow.string()),
        )
        for column, values in columns
    ]
    driver: Any = connection.connection.driver_connection
    names = [column.name for column, _ in columns]
    driver.register("jixiao_rows", arrow.Table.from_arrays(arrays, names))
    try:
        connection.exec_driver_sql(f"INSERT INTO {table} ({_names(columns)}) SELECT * FROM jixiao_rows")  # noqa: S608
    finally:
        driver.unregister("jixiao_rows")


_WAYS = {"sqlite": _sqlite, "postgresql": _postgresql, "duckdb": _duckdb}
