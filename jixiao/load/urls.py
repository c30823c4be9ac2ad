"""Where to load to, as users write it."""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from jixiao.errors import UsageError

DEFAULT_URL = "sqlite:///jixiao.db"
_ENDINGS = {".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".duckdb": "duckdb", ".ddb": "duckdb"}
_FILES = ("sqlite", "duckdb")
_DRIVERS = {
    "sqlite": "sqlite",
    "duckdb": "duckdb",
    "postgresql": "postgresql+pg8000",
    "postgres": "postgresql+pg8000",
    "postgresql+pg8000": "postgresql+pg8000",
    "postgresql+psycopg": "postgresql+psycopg",
}


def url_of(target: str) -> sa.URL:
    """The URL of a database; a path that ends like a database file is short for one."""
    if "://" not in target:
        kind = _ENDINGS.get(Path(target).suffix.lower())
        if kind is None or re.match("[a-z]{2,}[a-z0-9+]*:", target):  # sqlite:x.db lacks its slashes
            raise UsageError(f"--to wants a URL (sqlite:///x.db, duckdb:///x.duckdb, postgresql://…), not {target!r}")
        return sa.URL.create(kind, database=target)
    try:
        url = make_url(target)
    except SQLAlchemyError:
        raise UsageError("the URL of --to cannot be understood") from None
    name = url.drivername.lower()
    if name not in _DRIVERS:
        raise UsageError(f"--to knows sqlite, duckdb and postgresql (by pg8000 or psycopg), not {name}")
    url = url.set(drivername=_DRIVERS[name])
    if name in _FILES and (url.host or url.database in (None, "", ":memory:")):
        raise UsageError(f"--to names no file; its path stands behind three slashes: {name}:///x.db")
    return _completed(url) if url.get_driver_name() == "pg8000" else url


def _completed(url: sa.URL) -> sa.URL:
    """What the URL leaves open from libpq's variables, which pg8000 does not read itself."""
    known = os.environ.get
    return sa.URL.create(
        url.drivername,
        username=url.username or known("PGUSER") or getpass.getuser(),
        password=url.password or known("PGPASSWORD"),
        host=url.host or known("PGHOST") or "localhost",
        port=url.port or int(known("PGPORT") or 5432),
        database=url.database or known("PGDATABASE"),
        query=url.query,
    )


def shown(url: sa.URL) -> str:
    """The URL without its password; a file's name as it is, not in percents."""
    kind = url.get_backend_name()
    if kind in _FILES:
        return f"{kind}:///{url.database}"
    return url.set(drivername=kind).render_as_string(hide_password=True)
