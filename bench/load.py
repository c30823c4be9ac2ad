"""Indicators a second into each database, in processes of their own, beside pandas.to_sql and sqlite-utils.

The documents are the seed's results under as many names as asked for. "rows" have been read from the files before the
clock starts: what the database and its driver cost; the peers get the same rows. "files" is the whole way from out/. A
PostgreSQL of its own is started on loopback; its server's time is not in the CPU figure, so the wall clock stands
beside it.

    python -m bench.load [--documents N]
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Raw

from jixiao.load.columns import Loaded, columns_of
from jixiao.load.database import opened
from jixiao.load.loading import EXACT, NUMBERS, How, documents_at_once, load
from jixiao.load.reading import Reader, results
from jixiao.load.store import Store
from jixiao.load.tables import PARTS
from jixiao.load.urls import url_of
from jixiao.pipeline import extract
from jixiao.write import render
from tests import postgres

SEED = Path(__file__).resolve().parent.parent / "samples" / "pdf-seed-writer" / "source.pdf"
_PART = 100  # documents that are stored at once


def main() -> None:
    """Print the table; with --one run a single measurement and print it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--one", nargs=4, metavar=("NAME", "OUT", "TARGET", "PLACES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, out, target, places = options.one
        print(json.dumps(_measured(name, Path(out), target, places == "places")))
        return
    scratch = Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
    scratch.chmod(0o755)
    try:
        _all(scratch, options.documents)
    finally:
        shutil.rmtree(scratch)


def _all(scratch: Path, documents: int) -> None:
    _corpus(scratch / "out", documents)
    (scratch / "pg").mkdir()
    (scratch / "pg").chmod(0o755)
    with postgres.server(scratch / "pg") as server:
        targets = {
            "SQLite": f"sqlite:///{scratch}/x.db",
            "DuckDB": f"duckdb:///{scratch}/x.duckdb",
            "PostgreSQL": f"{server}postgres",
        }
        print(f"{documents} documents, {documents * 175} indicators, {_rows(scratch / 'out'):.1f} rows an indicator\n")
        print(f"{'':48} {'ind/s CPU':>10} {'ind/s wall':>10} {'rows/s CPU':>10} {'peak MB':>8}")
        for places in ("places", "no places"):
            print(f"with {places}" if places == "places" else "--no-places")
            for database, target in targets.items():
                for name in ("rows", "files"):
                    _show(f"jixiao load, {database}, {name}", _run(name, scratch, target, places))
            for peer in ("pandas", "sqlite-utils"):
                _show(f"{peer}, SQLite, rows (no keys, no upsert)", _run(peer, scratch, targets["SQLite"], places))
        _corpus(scratch / "out", documents * 4)
        for database, target in targets.items():
            _show(f"four times the documents, {database}, files", _run("files", scratch, target, "places"))


def _rows(out: Path) -> float:
    return _size(Reader().read(results(out)[0])) / 175


def _size(document: Loaded) -> int:
    return sum(len(columns["document_id"]) for columns in columns_of([(0, document)]).values())


def _corpus(out: Path, documents: int) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    files = dict(render(extract(SEED), "source.pdf").files)
    entries = []
    for number in range(documents):
        folder = out / f"{number:05}"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        entries.append(json.dumps({"source": f"{number:05}.pdf", "status": "ok", "folder": folder.name}))
    (out / "manifest.jsonl").write_text("\n".join(entries) + "\n", encoding="utf-8")


def _run(name: str, scratch: Path, target: str, places: str) -> dict[str, float] | None:
    for file in scratch.glob("x.*"):
        file.unlink()
    command = [sys.executable, "-m", "bench.load", "--one", name, str(scratch / "out"), target, places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this file
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _show(name: str, found: dict[str, float] | None) -> None:
    if found is None:
        print(f"  {name:46} not measured")
        return
    rates = found["indicators"] / found["cpu"], found["indicators"] / found["wall"], found["rows"] / found["cpu"]
    print(f"  {name:46} {rates[0]:10.0f} {rates[1]:10.0f} {rates[2]:10.0f} {found['peak']:8.0f}")


def _measured(name: str, out: Path, target: str, places: bool) -> dict[str, float]:
    backend = url_of(target).get_backend_name()
    reader = Reader(places, EXACT.get(backend), NUMBERS.get(backend, str))
    documents = [] if name == "files" else [reader.read(each) for each in results(out)]
    ways: dict[str, Callable[[], object]] = {
        "rows": lambda: _store(documents, target),
        "files": lambda: load([out], url_of(target), How(places=places), lambda *_: None),
        "pandas": lambda: _pandas(documents, target),
        "sqlite-utils": lambda: _sqlite_utils(documents, target),
    }
    with opened(url_of(target)) as connection, connection.begin():  # the tables are there when the clock starts
        for part in reversed(PARTS):
            connection.execute(part.delete())
        connection.exec_driver_sql("DELETE FROM document")
    gc.freeze()  # the documents that "rows" holds ready are no part of what is measured
    gc.disable()  # as the loader does; the peers have the good of it too
    cpu, wall = time.process_time(), time.perf_counter()
    ways[name]()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = results(out)
    rows = _size(Reader(places=places).read(found[0])) * len(found)  # they are all alike
    indicators = 175 * len(found)
    return {"cpu": cpu, "wall": wall, "rows": rows, "indicators": indicators, "peak": peak}


def _store(documents: list[Loaded], target: str) -> None:
    most = documents_at_once(url_of(target).get_backend_name())
    with opened(url_of(target)) as connection:
        store = Store(connection)
        for at in range(0, len(documents), most):
            with connection.begin():
                for part in range(at, min(at + most, len(documents)), _PART):
                    store.put(documents[part : part + _PART])


def _tables(documents: list[Loaded]) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    found = {}
    for table, columns in columns_of(enumerate(documents)).items():
        texts = [[str(v, "utf-8") if isinstance(v, (bytes, Raw)) else v for v in each] for each in columns.values()]
        found[table] = (list(columns), list(zip(*texts, strict=True)))
    return found


def _pandas(documents: list[Loaded], target: str) -> None:
    import pandas as pd  # noqa: PLC0415 - only this measurement pays for it
    import sqlalchemy as sa  # noqa: PLC0415 - likewise

    engine = sa.create_engine(target)
    for at in range(0, len(documents), _PART):
        with engine.begin() as connection:
            for name, (columns, rows) in _tables(documents[at : at + _PART]).items():
                frame = pd.DataFrame(rows, columns=columns)
                frame.to_sql(f"peer_{name}", connection, if_exists="append", index=False)


def _sqlite_utils(documents: list[Loaded], target: str) -> None:
    import sqlite_utils  # noqa: PLC0415 - only this measurement pays for it

    database = sqlite_utils.Database(target.removeprefix("sqlite:///"))
    for at in range(0, len(documents), _PART):
        for name, (columns, rows) in _tables(documents[at : at + _PART]).items():
            records = (dict(zip(columns, row, strict=True)) for row in rows)
            database[f"peer_{name}"].insert_all(records, batch_size=1000)


if __name__ == "__main__":
    main()
