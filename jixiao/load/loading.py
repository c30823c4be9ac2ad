"""Results on disk into a database: what is new or changed, in transactions of many documents."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jixiao.errors import DocumentError
from jixiao.load.columns import Loaded
from jixiao.load.database import opened, reason
from jixiao.load.reading import Reader, Result, results
from jixiao.load.store import Store, Stored

_DOCUMENTS = {"duckdb": 300}  # of a transaction, at most: it holds half of what is written until it ends
_MANY_DOCUMENTS = 500
_BYTES = {"duckdb": 32 * 1024 * 1024}  # of results that are held in memory at once, as some ten times that
_FEW_BYTES = 8 * 1024 * 1024  # of databases that take thousands of rows at once no faster than hundreds
_TRIES = 5
EXACT = {"sqlite": (15, 15), "duckdb": (38, 12)}
"""Digits in all and behind the point that a database holds exactly."""
NUMBERS: dict[str, Callable[[str], Any]] = {"sqlite": float}
"""What a database is given for the printed digits of a fraction, where it would not take the digits."""

Told = Callable[[str, str], None]


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

    def add(self, stored: Stored) -> None:
        """What one part of a transaction did."""
        self.loaded += stored.documents
        self.replaced += stored.replaced
        self.projects += stored.projects
        self.indicators += stored.indicators


@dataclass(frozen=True, slots=True)
class How:
    """What the user chose: a name for this set of documents, whether replaced states and places are kept."""

    collection: str = ""
    history: bool = False
    places: bool = True


def load(outs: list[Path], url: sa.URL, how: How, told: Told) -> Outcome:
    """Load every document below the out folders; `told` hears of each one that could not be loaded and why."""
    listed = [results(out) for out in outs]
    outcome = Outcome()
    backend = url.get_backend_name()
    reader = Reader(how.places, EXACT.get(backend), NUMBERS.get(backend, str))
    waiting = _once(lambda: told("", "another program has the database open; waiting"))
    with opened(url, waiting) as connection, _without_cycles():
        loading = _Loading(Store(connection, how.collection, how.history), reader, outcome, told)
        most = documents_at_once(backend)
        for found in listed:
            for at in range(0, len(found), most):
                loading.run(found[at : at + most])
    outcome.inexact = reader.inexact
    return outcome


def documents_at_once(backend: str) -> int:
    """How many documents share a transaction, at most."""
    return _DOCUMENTS.get(backend, _MANY_DOCUMENTS)


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


@dataclass
class _Loading:
    """What all transactions of a run share; `bad` are the documents that could not be read, and are told already."""

    store: Store
    reader: Reader
    outcome: Outcome
    told: Told
    bad: set[Result] = field(default_factory=set)

    def run(self, found: list[Result]) -> None:
        """Documents in one transaction; where the database refuses, each alone, so that one bad one costs no other."""
        try:
            self._patiently(found)
        except SQLAlchemyError as error:
            if self.store.connection.invalidated or self.store.connection.closed:
                raise
            good = self._good(found)
            if len(good) > 1:
                for each in good:
                    self.run([each])
            elif good:
                self._failed(good[0], f"database: {reason(error)}")

    def _patiently(self, found: list[Result]) -> None:
        """One transaction, again where another loader's came in between."""
        for attempt in range(_TRIES):
            inexact = self.reader.inexact
            try:
                self._transaction(self._good(found))
                break
            except DBAPIError as error:
                self.reader.inexact = inexact
                if attempt == _TRIES - 1 or not _passing(self.store.connection, error):
                    raise
                time.sleep(0.05 * 2**attempt)

    def _transaction(self, found: list[Result]) -> None:
        """What has changed, read and stored a part at a time, so that memory holds no more: all of it, or nothing."""
        most = _BYTES.get(self.store.connection.dialect.name, _FEW_BYTES)
        parts = _parts(self._changed(found, self.store.digests([each.source for each in found])), most)
        first = next(parts, None)
        done: list[Stored] = []
        if first:
            with self.store.connection.begin():
                done = [self.store.put(part) for part in chain([first], parts)]
        for each in done:
            self.outcome.add(each)
        self.outcome.unchanged += len(self._good(found)) - sum(each.documents for each in done)

    def _changed(self, found: list[Result], known: dict[str, str]) -> Iterator[tuple[int, Loaded]]:
        """The documents that the database does not hold in this very state, and the size of their files."""
        for each in found:
            try:
                document = self.reader.open(each)
                if known.get(each.source) != document.digest:
                    yield document.size, self.reader.rows(document)
            except DocumentError as error:
                self._failed(each, f"{error.code}: {error.message}")

    def _good(self, found: list[Result]) -> list[Result]:
        return [each for each in found if each not in self.bad]

    def _failed(self, document: Result, message: str) -> None:
        self.bad.add(document)
        self.outcome.failed.append(document.source)
        self.told(document.source, message)


def _parts(documents: Iterable[tuple[int, Loaded]], most: int) -> Iterator[list[Loaded]]:
    part: list[Loaded] = []
    size = 0
    for more, each in documents:
        part.append(each)
        size += more
        if size >= most:
            yield part
            part, size = [], 0
    if part:
        yield part


def _passing(connection: Connection, error: DBAPIError) -> bool:
    """Whether an error is only of the moment: serialisation, deadlock."""
    fields = error.orig.args[0] if error.orig is not None and error.orig.args else ""
    code = fields.get("C") if isinstance(fields, dict) else getattr(error.orig, "sqlstate", None)
    return connection.dialect.name == "postgresql" and code in ("40001", "40P01")
