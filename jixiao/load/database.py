"""A database to load into: opened by URL, brought to the newest schema by migrations."""

from __future__ import annotations

import importlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from jixiao.errors import DatabaseError, MissingPart
from jixiao.load.tables import METADATA, dictionary
from jixiao.load.urls import shown
from jixiao.load.views import VIEWS

_EXTRAS = {
    "duckdb": "duckdb",
    "duckdb_engine": "duckdb",
    "pyarrow": "duckdb",
    "pg8000": "postgres",
    "psycopg": "postgres",
}
_PATIENCE = 300.0  # seconds that a loader waits for another one's lock
_CONNECT: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": _PATIENCE},
    "duckdb": {"config": {"threads": 1}},  # for some thousand rows at once more of them only wait for one another
}
_MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = max(path.name[:4] for path in (_MIGRATIONS / "versions").glob("0*.py"))
"""The newest revision of the schema."""


@contextmanager
def opened(url: sa.URL, waiting: Callable[[], None] = lambda: None) -> Iterator[Connection]:
    """A connection outside any transaction, with the newest tables behind it; errors as DatabaseError."""
    with told(url), _connected(url, waiting) as connection:
        with connection.begin():
            _lock_schema(connection)
            migrate(connection)
        yield connection


@contextmanager
def told(url: sa.URL) -> Iterator[None]:
    """Errors of the database as one line each; no password in them."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseError(f"{shown(url)}: {reason(error)}") from error


def reason(error: BaseException) -> str:
    """What the database said, on one line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause.__cause__, OSError):  # why pg8000 reached nobody
        cause = cause.__cause__
    said = cause.strerror if isinstance(cause, OSError) else cause.args[0] if cause.args else cause
    if isinstance(said, dict):  # pg8000 hands over the server's fields
        said = said.get("M", said)
    return " ".join(str(said).split()) or type(cause).__name__


def _engine(url: sa.URL) -> Engine:
    backend = url.get_backend_name()
    try:
        if backend == "duckdb":
            importlib.import_module("pyarrow")  # which brings the rows: jixiao.load.bulk
            url = url.set(database=":memory:")  # the file comes later: _attach
        engine = sa.create_engine(url, poolclass=NullPool, connect_args=_CONNECT.get(backend, {}))
    except ModuleNotFoundError as error:
        raise _missing(str(error.name)) from error
    except sa.exc.NoSuchModuleError as error:
        raise _missing(backend) from error
    if backend == "sqlite":
        sa.event.listen(engine, "connect", _prepared)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _missing(module: str) -> MissingPart:
    extra = _EXTRAS.get(module, module)
    return MissingPart(
        f"{module} is not installed: pip install 'jixiao[{extra}]' (in a checkout: pip install '.[{extra}]')"
    )


def _prepared(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # else sqlite3 begins and commits by its own lights, before DDL too
    itself: dict[None, None] = {}
    sqlite3.register_adapter(type(None), itself.get)  # without one each None is asked at length what it stands for
    connection.execute("PRAGMA page_size = 16384")  # of a new file: rows of `audit` are longer than the usual page


@contextmanager
def _connected(url: sa.URL, waiting: Callable[[], None]) -> Iterator[Connection]:
    engine = _engine(url)
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection = _connect(engine, url)
            break
        except DBAPIError as error:
            if url.get_backend_name() != "duckdb" or "lock" not in str(error) or time.monotonic() > until:
                raise
            waiting()  # another process has the file open: DuckDB allows one
            time.sleep(0.1)
        except ModuleNotFoundError as error:
            raise _missing(str(error.name)) from error
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def _connect(engine: Engine, url: sa.URL) -> Connection:
    connection = engine.connect()
    if url.get_backend_name() == "duckdb":
        try:
            _attach(connection, Path(str(url.database)))
        except BaseException:
            connection.close()
            raise
    return connection


def _attach(connection: Connection, file: Path) -> None:
    """The file of a DuckDB, with what only ATTACH can set and what keeps memory from growing with the file.

    Row groups of the usual 122,880 rows would be 1.8 GB of `audit` that each checkpoint merges anew; ones of 2,048
    are written while a transaction runs, and never again. Queries are hardly slower. In blocks of the usual 256 KiB
    columns of so few rows would leave much empty, on disk as in memory; a file keeps the blocks that it was made with.
    """
    name = str(file).replace("'", "''")
    new = "" if file.exists() else ", BLOCK_SIZE 16384"
    connection.exec_driver_sql(f"ATTACH '{name}' AS jixiao (ROW_GROUP_SIZE 2048{new})")
    connection.exec_driver_sql("USE jixiao")
    connection.commit()
    sa.event.listen(connection, "begin", lambda _: _bound(connection, file))


def _bound(connection: Connection, file: Path) -> None:
    """Without a limit DuckDB keeps in memory what it has written; the keys have to be there, a twentieth of a file."""
    size = file.stat().st_size
    connection.exec_driver_sql(f"SET memory_limit = '{max(192, size // 4_000_000)}MB'")


def _lock_schema(connection: Connection) -> None:
    """One loader at a time looks after the tables; SQLite and DuckDB have locked the whole file already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(71049616)")


def migrate(connection: Connection, to: str = "head") -> None:
    """Bring the tables to the newest revision, or to another one, within the connection's transaction."""
    current = _revision(connection)
    if current == HEAD:
        return
    if current and current > HEAD:
        raise DatabaseError(f"the tables are of a newer jixiao (revision {current}, this one knows {HEAD})")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, to)
    if to == "head":
        _describe(connection)


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("jixiao_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM jixiao_version").scalar()
    return str(found) if found else None


def _describe(connection: Connection) -> None:
    """The Chinese titles: as comments, where the database knows any, and as a table."""
    tables = (*METADATA.sorted_tables, *VIEWS)
    titles = [
        {"table_name": table.name, "column_name": name, "title": comment}
        for table in tables
        for name, comment in (("", table.comment), *((c.name, c.comment) for c in table.columns))
    ]
    connection.execute(dictionary.delete())
    connection.execute(dictionary.insert(), titles)
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        if table in VIEWS:
            connection.exec_driver_sql(f"COMMENT ON VIEW {table.name} IS '{table.comment}'")
        else:
            connection.execute(sa.schema.SetTableComment(table))
        for column in table.columns:
            connection.execute(sa.schema.SetColumnComment(column))
