"""Many rows into a table at once, by each database's fastest ordinary way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from jixiao.load import arrow
from jixiao.load.columns import Columns

Values = Sequence[Any]
Filled = list[tuple[sa.Column[Any], Values]]


def insert(connection: Connection, table: sa.Table, columns: Columns) -> None:
    """Insert rows, given as columns. A form fills half of them: those that no row fills are not sent."""
    filled = [
        (table.columns[name], values)
        for name, values in columns.items()
        if values[0] is not None or values.count(None) < len(values)
    ]
    _WAYS[connection.dialect.name](connection, table.name, filled)


def merge(connection: Connection, statement: Any, table: sa.Table, columns: Mapping[str, Values]) -> list[Any]:
    """Insert rows by a statement of its own, ON CONFLICT and RETURNING say; what it returns."""
    if connection.dialect.name != "duckdb":
        values = [_read(values) if _is_json(table.columns[name]) else values for name, values in columns.items()]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
        return list(connection.execute(statement, rows))
    with _registered(connection, [(table.columns[name], values) for name, values in columns.items()]):
        given: Any = sa.select(*map(sa.column, columns)).select_from(sa.table(_ROWS))
        return list(connection.execute(statement.from_select(list(columns), given)))


def _names(columns: Filled) -> str:
    return ", ".join(column.name for column, _ in columns)


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def _read(values: Values) -> Values:
    """JSON as plain values, which SQLAlchemy writes as JSON again."""
    return [value if value is None else msgspec.json.decode(value) for value in values]


def _text(value: Any) -> str | None:
    return None if value is None else str(value, "utf-8")


def _with_texts(columns: Filled) -> list[Values]:
    """The values with JSON as str."""
    return [list(map(_text, values)) if _is_json(column) else values for column, values in columns]


_NUMBERS = {int, float, type(None)}


def _sqlite(connection: Connection, table: str, columns: Filled) -> None:
    """JSON goes in as the UTF-8 that it is: as a str it would be decoded, encoded again and kept twice."""
    marks = ",".join("CAST(? AS TEXT)" if _is_json(column) else "?" for column, _ in columns)
    statement = f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours
    values = [each for _, each in columns]
    if connection.exec_driver_sql("PRAGMA encoding").scalar() != "UTF-8":  # a CAST would take it for UTF-16
        values = _with_texts(columns)
    for column, each in columns:
        if isinstance(column.type, sa.Numeric) and not set(map(type, each)) <= _NUMBERS:  # SQLite would take anything
            raise sa.exc.DataError(statement, None, ValueError(f"{column.name} is no number"))
    try:
        connection.exec_driver_sql(statement, list(zip(*values, strict=True)))
    except OverflowError as error:
        raise sa.exc.DataError(statement, None, error) from error


def _postgresql(connection: Connection, table: str, columns: Filled) -> None:
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {table} ({_names(columns)}) FROM STDIN (FORMAT csv)"
    dialect: Any = connection.dialect
    data = _csv(_with_texts(columns))
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


def _csv(columns: list[Values]) -> bytes:
    """Rows as CSV in which a quoted empty field is an empty text and an unquoted one is NULL."""
    return ("\n".join(map(",".join, zip(*map(_fields, columns), strict=True))) + "\n").encode()


def _fields(values: Values) -> list[str]:
    return ["" if v is None else '"' + v.replace('"', '""') + '"' if v.__class__ is str else str(v) for v in values]


def _duckdb(connection: Connection, table: str, columns: Filled) -> None:
    names = _names(columns)
    with _registered(connection, columns):
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {_ROWS}")  # noqa: S608 - ours


@contextmanager
def _registered(connection: Connection, columns: Filled) -> Iterator[None]:
    """Columns as a table that DuckDB reads."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.register(_ROWS, arrow.table(columns))
    except OverflowError as error:
        raise sa.exc.DataError(_ROWS, None, error) from error
    yield
    driver.unregister(_ROWS)  # not where the statement failed: in a transaction to be rolled back it would fail too


_ROWS = "jixiao_rows"
_WAYS = {"sqlite": _sqlite, "postgresql": _postgresql, "duckdb": _duckdb}
