"""What `jixiao extract` and `jixiao check` do, once their options are settled."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from jixiao.batch import each, json_lines, write_all
from jixiao.check import at_or_above, audits, findings_of, shown
from jixiao.encode import line
from jixiao.errors import DocumentError, OutputError, UsageError
from jixiao.inputs import find_inputs
from jixiao.names import printable
from jixiao.options import Options
from jixiao.write import replace_file


def run_extract(options: argparse.Namespace) -> int:
    """Extract every source; files below --out, or JSON Lines on standard output."""
    sources = find_inputs(options.sources)
    if not sources:
        raise UsageError("nothing to read: the folders and patterns hold no file")
    teller = _Teller(options, len(sources))
    if options.format == "jsonl":
        entries = _extract_lines(options, sources, teller)
    elif options.out == "-":
        raise UsageError("-o - needs --format jsonl: files cannot go to standard output")
    else:
        entries = write_all(sources, Path(options.out or "out"), options.jobs, teller.document, _how(options))
    teller.finish()
    return _extract_code(entries, options.fail_on)


def _how(options: argparse.Namespace) -> Options:
    return Options(options.engine, options.cross_check)


def _extract_lines(options: argparse.Namespace, sources: list[str], teller: _Teller) -> list[dict[str, Any]]:
    entries, parts = [], []
    to_file = options.out not in (None, "-")
    for entry, lines in each(partial(json_lines, options=_how(options)), sources, options.jobs):
        if to_file:
            parts.append(lines)
        else:
            sys.stdout.buffer.write(lines)
            sys.stdout.buffer.flush()
        entries.append(entry)
        teller.document(entry)
    if to_file:
        try:
            replace_file(Path(options.out), b"".join(parts))
        except OSError as error:
            raise OutputError(f"{options.out}: {error.strerror or error}") from error
    return entries


def _extract_code(entries: list[dict[str, Any]], fail_on: str) -> int:
    failed = [entry for entry in entries if entry["status"] == "failed"]
    if failed:
        return 3 if len(failed) == len(entries) else 4
    graves = [s for entry in entries for s, count in entry["findings"].items() if count]
    return 1 if any(at_or_above(severity, fail_on) for severity in graves) else 0


class _Teller:
    """Tells on standard error how far a run is: a counter on a terminal, and a line for each document."""

    def __init__(self, options: argparse.Namespace, total: int) -> None:
        self._quiet, self._progress, self._total = options.quiet, options.progress and not options.quiet, total
        self._verbose = options.verbose
        self._done = 0

    def document(self, entry: dict[str, Any]) -> None:
        self._done += 1
        text = _told(entry, verbose=self._verbose)
        if entry["status"] == "failed" or not self._quiet:
            self._clear()
            print(printable(text), file=sys.stderr)
        if self._progress:
            print(f"\r[{self._done}/{self._total}]", end="", file=sys.stderr, flush=True)

    def finish(self) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._progress:
            print("\r\x1b[K", end="", file=sys.stderr)


def _told(entry: dict[str, Any], *, verbose: bool) -> str:
    if entry["status"] == "failed":
        return f"jixiao: {entry['source']}: {entry['code']}: {entry['message']}"
    found = entry["findings"]
    shown = ("error", "warning", "info") if verbose else ("error", "warning")
    counts = [_counted(found[severity], severity) for severity in shown if found[severity]]
    read = [_counted(entry["projects"], "project"), _counted(entry["indicators"], "indicator")]
    where = f" -> {entry['folder']}/" if entry["folder"] else ""
    return f"{entry['source']}: {', '.join([*read, *counts])}{where}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 or noun == "info" else f"{number} {noun}s"


def run_check(options: argparse.Namespace) -> int:
    """Print the findings of every source; exit 1 where one is as grave as --fail-on says."""
    failed = read = 0
    grave = False
    for source, audit in audits(find_inputs_or_results(options.sources), options.jobs, _how(options)):
        if isinstance(audit, DocumentError):
            failed += 1
            print(printable(f"jixiao: {source}: {audit.code}: {audit.message}"), file=sys.stderr)
            continue
        read += 1
        numbers = {project["id"]: number for number, project in enumerate(audit["projects"], 1)}
        for finding in findings_of(source, audit):
            grave = grave or at_or_above(finding["severity"], options.fail_on)
            if options.format == "jsonl":
                sys.stdout.buffer.write(line(finding))
            elif finding["severity"] != "info" or options.verbose:
                print(shown(finding, numbers.get(finding["project"])))
    if failed:
        return 4 if read else 3
    return 1 if grave else 0


def find_inputs_or_results(arguments: list[str]) -> list[str]:
    """The sources to check: a folder that holds results stays itself, other arguments are expanded as for extract."""
    results = [each for each in arguments if _is_result(Path(each))]
    others = [each for each in arguments if each not in results]
    return [*sorted(results), *(find_inputs(others) if others else [])]


def _is_result(path: Path) -> bool:
    return path.is_dir() and ((path / "audit.json").is_file() or (path / "manifest.jsonl").is_file())
