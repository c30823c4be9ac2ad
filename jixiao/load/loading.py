"""Results on disk into a database: what is new or changed, in transactions of many documents."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jixiao.errors import DocumentError
from jixiao.load.columns import Loaded
from jixiao.load.database import opened, reason
from jixiao.load.reading import Opened, Reader, Result, results
from jixiao.load.store import Store, Stored

_DOCUMENTS = 500  # of a transaction, at most
_BYTES = 24 * 1024 * 1024  # likewise, of results: what is held in memory is a few times that
_TRIES = 5
EXACT = {"sqlite": (15, 15), "duckdb": (38, 12)}
"""Digits in all and behind the point that a database holds exactly."""
NUMBERS: dict[str, Callable[[str], Any]] = {"sqlite": float}
"""What a database is given for the printed digits of a fraction, where it would not take the digits."""

Told = Callable[[str, str], None]
Source = TypeVar("Source", Result, Opened)
Done = TypeVar("Done")


@dataclass
class Outcome:
    """What a run did."""

    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0
    projects: int = 0
    indicators: int = 0
    inexact: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class How:
    """What the user chose: a name for this set of documents, whether replaced states and places are kept."""

    collection: str = ""
    history: bool = False
    places: bool = True


def load(outs: list[Path], url: sa.URL, how: How, told: Told) -> Outcome:
    """Load every document below the out folders; `told` hears of each one that could not be loaded and why."""
    found = [result for out in outs for result in results(out)]
    outcome = Outcome()
    backend = url.get_backend_name()
    reader = Reader(how.places, EXACT.get(backend), NUMBERS.get(backend, str))

    def failed(source: str, error: DocumentError) -> None:
        outcome.failed.append(source)
        told(source, f"{error.code}: {error.message}")

    waiting = _once(lambda: told("", "another program has the database open; waiting"))
    with opened(url, waiting) as connection, _without_cycles():
        store = Store(connection, how.collection, how.history)
        for batch in _batches(_each(reader.open, found, failed)):
            changed = store.changed(batch)
            outcome.unchanged += len(batch) - len(changed)
            _put(store, list(_each(reader.rows, changed, failed)), outcome, told)
    outcome.inexact = reader.inexact
    return outcome


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Rows are many and refer to nothing: the search for cycles would cost a tenth of the time, and find none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _once(action: Callable[[], None]) -> Callable[[], None]:
    done: list[bool] = []

    def run() -> None:
        if not done:
            done.append(True)
            action()

    return run


def _each(
    step: Callable[[Source], Done], sources: Iterable[Source], failed: Callable[[str, DocumentError], None]
) -> Iterator[Done]:
    """One step for each document; those that fail are told and left out."""
    for each in sources:
        try:
            yield step(each)
        except DocumentError as error:
            failed(each.source, error)


def _batches(documents: Iterable[Opened]) -> Iterator[list[Opened]]:
    batch: list[Opened] = []
    size = 0
    for each in documents:
        batch.append(each)
        size += each.size
        if len(batch) >= _DOCUMENTS or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _put(store: Store, documents: list[Loaded], outcome: Outcome, told: Told) -> None:
    """Store a batch; where the database refuses it, each document alone, so that one bad one costs no other."""
    if not documents:
        return
    try:
        stored = _patiently(store, documents)
    except SQLAlchemyError as error:
        if store.connection.invalidated or store.connection.closed:
            raise
        if len(documents) > 1:
            for each in documents:
                _put(store, [each], outcome, told)
            return
        outcome.failed.append(documents[0].source)
        told(documents[0].source, f"database: {reason(error)}")
        return
    outcome.replaced += stored.replaced
    outcome.unchanged += len(documents) - len(stored.documents)
    outcome.loaded += len(stored.documents)
    outcome.projects += sum(each.document["projects"] for each in stored.documents)
    outcome.indicators += sum(each.document["indicators"] for each in stored.documents)


def _patiently(store: Store, documents: list[Loaded]) -> Stored:
    """Store documents, again where another loader's transaction came in between."""
    for attempt in range(_TRIES):
        try:
            return store.put(documents)
        except DBAPIError as error:
            if attempt == _TRIES - 1 or not _passing(store.connection, error):
                raise
            time.sleep(0.05 * 2**attempt)
    raise AssertionError


def _passing(connection: Connection, error: DBAPIError) -> bool:
    """Whether an error is only of the moment: serialisation, deadlock."""
    fields = error.orig.args[0] if error.orig is not None and error.orig.args else ""
    code = fields.get("C") if isinstance(fields, dict) else getattr(error.orig, "sqlstate", None)
    return connection.dialect.name == "postgresql" and code in ("40001", "40P01")
