"""Documents into the database: whole ones, each in the state of its newest extraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from jixiao.load.bulk import insert, merge
from jixiao.load.columns import Loaded, columns_of
from jixiao.load.tables import HISTORY, PARTS, document


@dataclass(frozen=True, slots=True)
class Stored:
    """How many documents were stored with how many projects and indicators, and how many replaced an older state."""

    documents: int
    projects: int
    indicators: int
    replaced: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A document's row: its number, how often it was stored (0: it is new), and in which state."""

    key: int
    version: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class Store:
    """How documents are stored: under which collection, and whether what they replace is kept."""

    connection: Connection
    collection: str = ""
    history: bool = False

    def digests(self, sources: list[str]) -> dict[str, str]:
        """The states in which the database holds documents."""
        query = sa.select(document.c.source, document.c.digest).where(
            document.c.collection == self.collection, document.c.source.in_(sources)
        )
        with self.connection.begin():
            return {row.source: row.digest for row in self.connection.execute(query)}

    def put(self, documents: Sequence[Loaded]) -> Stored:
        """Store documents within the caller's transaction, in the order of their sources.

        The document's row comes first: its lock lets loaders of the same document wait for one another, and the order
        lets no two of them wait for one another crosswise. What another loader has stored in the meantime is left
        alone.
        """
        locked = self._lock(documents)
        to_store = [each for each in documents if locked[each.source].digest != each.document["digest"]]
        replaced = [locked[each.source].key for each in to_store if locked[each.source].version]
        if replaced:
            if self.history:
                self._keep(replaced)
            self._clear(replaced)
        if to_store:
            self._describe(to_store, locked)
        columns = columns_of((locked[each.source].key, each) for each in to_store)
        for part in PARTS:
            if part.name in columns:
                insert(self.connection, part, columns[part.name])
        projects, indicators = (sum(each.document[name] for each in to_store) for name in ("projects", "indicators"))
        return Stored(len(to_store), projects, indicators, len(replaced))

    def _lock(self, documents: Sequence[Loaded]) -> dict[str, _Held]:
        """The rows of the documents, now held by this transaction."""
        columns: dict[str, list[Any]] = {
            "collection": [self.collection] * len(documents),
            "source": [each.source for each in documents],
            "version": [0] * len(documents),
        }
        statement = self._insert().on_conflict_do_update(
            index_elements=["collection", "source"], set_={"name": document.c.name}
        )
        held = statement.returning(document.c.source, document.c.id, document.c.version, document.c.digest)
        found = merge(self.connection, held, document, columns)
        return {source: _Held(key, version, digest) for source, key, version, digest in found}

    def _insert(self) -> Any:
        return sqlite.insert(document) if self.connection.dialect.name == "sqlite" else postgresql.insert(document)

    def _keep(self, keys: list[int]) -> None:
        """Copy what is about to be replaced into the tables of history."""
        for table in (document, *PARTS):
            names = [column.name for column in HISTORY[table.name].columns if column.name != "version"]
            mine = table.c.id if table is document else table.c.document_id
            columns = [table.c[name] for name in names]
            rows = sa.select(*columns, document.c.version).where(mine == document.c.id, document.c.id.in_(keys))
            self.connection.execute(HISTORY[table.name].insert().from_select([*names, "version"], rows))

    def _clear(self, keys: list[int]) -> None:
        for table in reversed(PARTS):
            self.connection.execute(table.delete().where(table.c.document_id.in_(keys)))

    def _describe(self, documents: Sequence[Loaded], locked: dict[str, _Held]) -> None:
        """Complete the rows of the documents."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        mine = [locked[each.source] for each in documents]
        columns = {
            **{name: [each.document[name] for each in documents] for name in documents[0].document},
            "id": [held.key for held in mine],
            "collection": [self.collection] * len(documents),
            "version": [held.version + 1 for held in mine],
            "loaded_at": [now] * len(documents),
        }
        statement = self._insert()
        fields = {name: statement.excluded[name] for name in columns if name not in ("id", "collection", "source")}
        done = statement.on_conflict_do_update(index_elements=["id"], set_=fields)
        merge(self.connection, done.returning(document.c.id), document, columns)
