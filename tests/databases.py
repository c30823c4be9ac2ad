"""Databases to load into, and what the tests ask them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jixiao.load.loading import How, Outcome, load
from jixiao.load.urls import url_of
from tests import postgres

KINDS = ("sqlite", "duckdb", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if postgres.binaries() is None:
        pytest.skip("NO POSTGRESQL: install Debian's postgresql or the package pgserver; nothing was tested with it")
    folder = Path(tempfile.mkdtemp(prefix="jixiao-pg-"))
    folder.chmod(0o755)  # the server runs under another account
    try:
        with postgres.server(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    kind = request.param
    if kind != "postgresql":
        return f"{kind}:///{tmp_path / 'test.db'}"
    return new_postgresql(request.getfixturevalue("server"))


_made: list[str] = []


def new_postgresql(server: str) -> str:
    _made.append(f"t{len(_made)}")
    engine = sa.create_engine(url_of(f"{server}postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {_made[-1]}")
    engine.dispose()
    return f"{server}{_made[-1]}"


def put(target: str, *outs: Path, **how: Any) -> Outcome:
    """Load, and insist that nothing failed."""
    told: list[str] = []
    outcome = load(list(outs), url_of(target), How(**how), lambda source, message: told.append(f"{source}: {message}"))
    assert told == []
    return outcome


def query(target: str, statement: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(url_of(target))
    try:
        with engine.connect() as connection:
            return [tuple(map(plain, row)) for row in connection.exec_driver_sql(statement)]
    finally:
        engine.dispose()


def plain(value: Any) -> Any:
    """Numbers of every database alike: exact, as their shortest form says."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize() + 0
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


TABLES = ("document", "project", "funding", "goal", "indicator", "place", "repair", "finding", "dictionary")


def contents(target: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database."""
    return {name: sorted(query(target, f"SELECT * FROM {name}"), key=repr) for name in TABLES}
