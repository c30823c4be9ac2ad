"""`jixiao load` on the command line."""

from __future__ import annotations

import argparse
import sys

from jixiao.verbs import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from jixiao.load.loading import How, Outcome

EXAMPLES = """\
examples:
  jixiao load out/                                    into jixiao.db, an SQLite file
  jixiao load out/ --to budget.duckdb                 into a DuckDB file
  jixiao load out/ --to postgresql://me@db/budget     the password: PGPASSWORD, or in the URL
  jixiao load out-2024/ out-2025/ --history           what is replaced stays in the *_history tables
  jixiao load out/ --format xlsx --to tables.xlsx     a workbook for people, no database
  jixiao load out/ --format csv --to tables/          CSV files with a data package (Frictionless)

Loading again changes nothing; a newer extraction of a document replaces the older one. The tables, and queries to
begin with: docs/sql.md
"""


def add(verbs: Any) -> None:
    """Tell argparse about the verb."""
    says = (
        "put results into SQLite, DuckDB or PostgreSQL, or export them as tables",
        "Put results of jixiao extract into a database, or export them as tables.",
    )
    verb = declared(verbs, "load", says, EXAMPLES, run)
    verb.add_argument("outs", nargs="+", metavar="OUT", help="a folder of results, or one document's folder in it")
    verb.add_argument(
        "--to",
        metavar="URL|FILE",
        help="sqlite:///…, duckdb:///…, postgresql://…, or x.db, x.duckdb (default: jixiao.db)",
    )
    verb.add_argument(
        "--format", choices=("csv", "parquet", "xlsx"), help="export tables instead; --to is a folder, or a workbook"
    )
    verb.add_argument("--history", action="store_true", help="keep what is replaced, in the *_history tables")
    verb.add_argument("--no-places", action="store_true", help="without the place of every value: half of the size")
    verb.add_argument(
        "--collection", metavar="NAME", default="", help="a name for this set; documents of other sets are not replaced"
    )
    verb.add_argument("-q", "--quiet", action="store_true", help="only errors on standard error")


def run(options: argparse.Namespace) -> int:
    """Load, tell, and give the exit code."""
    from pathlib import Path

    from jixiao.config import working_options
    from jixiao.load.loading import How, load
    from jixiao.load.urls import DEFAULT_URL, shown, url_of

    outs = [Path(out) for out in options.outs]
    how = How(options.collection, options.history, not options.no_places)
    if options.format:
        return _export(options, outs, how)
    url = url_of(options.to or working_options().get("to") or DEFAULT_URL)
    outcome = load(outs, url, how, _tell)
    if not options.quiet:
        print(_summary(outcome, "loaded", shown(url)), file=sys.stderr)
    return _code(outcome)


def _export(options: argparse.Namespace, outs: list[Path], how: How) -> int:
    from pathlib import Path

    from jixiao.errors import UsageError
    from jixiao.load.export import export

    if options.history or options.collection:
        raise UsageError("--history and --collection are for databases, not for --format")
    target = Path(options.to or ("tables.xlsx" if options.format == "xlsx" else "tables"))
    outcome = export(outs, options.format, target, how, _tell)
    if not options.quiet:
        print(_summary(outcome, "exported", str(target)), file=sys.stderr)
    return _code(outcome)


def _tell(source: str, message: str) -> None:
    from jixiao.names import printable

    print(printable(": ".join(part for part in ("jixiao", source, message) if part)), file=sys.stderr)


def _summary(o: Outcome, done: str, where: str) -> str:
    counts = [
        _counted(o.loaded, "document")
        + f" {done} ({_counted(o.projects, 'project')}, {_counted(o.indicators, 'indicator')})",
        f"{o.replaced} of them replaced" if o.replaced else "",
        f"{o.unchanged} unchanged" if o.unchanged else "",
        f"{len(o.failed)} failed" if o.failed else "",
    ]
    lines = [f"{', '.join(part for part in counts if part)} -> {where}"]
    if o.inexact:
        lines.append(f"jixiao: {_counted(o.inexact, 'number')} had more digits than this database holds (docs/sql.md)")
    return "\n".join(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _code(outcome: Outcome) -> int:
    if not outcome.failed:
        return 0
    return 4 if outcome.loaded or outcome.unchanged else 3
