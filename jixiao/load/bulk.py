"""Many rows into a table at once, by each database's fastest ordinary way."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

Row = tuple[Any, ...]


def insert(connection: Connection, table: sa.Table, rows: list[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if rows:
        _WAYS[connection.dialect.name](connection, table.name, rows)


def _sqlite(connection: Connection, table: str, rows: list[Row]) -> None:
    marks = ",".join("?" * len(rows[0]))
    statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - a name of ours
    try:
        connection.exec_driver_sql(statement, rows)
    except OverflowError as error:
        raise sa.exc.DataError(statement, None, error) from error


def _postgresql(connection: Connection, table: str, rows: list[Row]) -> None:
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {table} FROM STDIN (FORMAT csv)"
    dialect: Any = connection.dialect
    try:
        if hasattr(cursor, "copy"):  # psycopg
            with cursor.copy(statement) as copy:
                copy.write(_csv(rows))
        else:
            cursor.execute(statement, stream=io.BytesIO(_csv(rows)))
    except dialect.loaded_dbapi.Error as error:  # past SQLAlchemy, which would have wrapped it
        raise sa.exc.DBAPIError(statement, None, error) from error


def _duckdb(connection: Connection, table: str, rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        file = Path(folder) / "rows.csv"
        file.write_bytes(_csv(rows))
        name = str(file).replace("'", "''")
        options = (
            "FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', ALLOW_QUOTED_NULLS false"
        )
        widest = f", MAX_LINE_SIZE {_LONGEST}, AUTO_DETECT false, PARALLEL false, NEW_LINE '\\n'"
        connection.exec_driver_sql(f"COPY {table} FROM '{name}' ({options}{widest})")


_LONGEST = 64 * 1024 * 1024
_WAYS = {"sqlite": _sqlite, "postgresql": _postgresql, "duckdb": _duckdb}


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
