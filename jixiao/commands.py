"""What `jixiao extract` and `jixiao check` do, once their options are settled."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from extract.recogniser import fallback
from jixiao.batch.executors import Pool, pool_for
from jixiao.batch.isolation import Isolation
from jixiao.batch.limits import Limits
from jixiao.batch.run import Plan, each_lines, in_order, run_all
from jixiao.batch.task import NamedPaged
from jixiao.check import at_or_above, audits, audits_of, written
from jixiao.errors import DocumentError, MissingPart, OutputError, UsageError, reason_of
from jixiao.formats.report import Report
from jixiao.inputs import Input, find_inputs, is_address
from jixiao.names import MANIFEST
from jixiao.options import Options
from jixiao.progress import Tally, Teller
from jixiao.write import replace_file

_MANY = 20  # documents from which all libraries are loaded before the first


def run_extract(options: argparse.Namespace) -> int:
    """Extract every source; files below --out, or JSON Lines on standard output."""
    if options.format != "jsonl" and options.out == "-":
        raise UsageError("-o - needs --format jsonl: files cannot go to standard output")
    inputs = find_inputs(options.sources)
    if not inputs:
        raise UsageError("nothing to read: the folders and patterns hold no file")
    tally = Tally()
    with Teller(tally, len(inputs), options) as teller, _pool(options, inputs, teller.page) as pool:
        if options.format == "jsonl":
            _extract_lines(options, inputs, pool, teller)
        else:
            told = teller.document if options.progress else in_order(inputs, teller.document)
            run_all(inputs, Path(options.out or "out"), pool, told, _plan(options))
    if tally.failed and tally.codes[MissingPart.code] == tally.failed:
        return MissingPart.exit_code
    if tally.failed:
        return 3 if tally.failed == tally.documents else 4
    return 1 if any(at_or_above(severity, options.fail_on) for severity in tally.severities) else 0


def _plan(options: argparse.Namespace) -> Plan:
    limits = Limits(options.timeout, options.wall_timeout, options.memory)
    passwords = _passwords(options.password_file) if options.password_file else ()
    chosen = Options(options.engine, options.cross_check, passwords, _layouts(options))
    return Plan(chosen, limits, getattr(options, "redo", "missing"))


def _layouts(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    if not options.layout:
        return ()
    from jixiao.layouts import read_layouts  # noqa: PLC0415 - loads what only documents need

    return read_layouts(options.layout)


def _passwords(name: str) -> tuple[str, ...]:
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"--password-file {name} cannot be read: {reason_of(error)}") from None
    return tuple(each for each in text.splitlines() if each)


@contextmanager
def _pool(options: argparse.Namespace, inputs: list[Input], paged: NamedPaged | None = None) -> Iterator[Pool]:
    """Where documents are read; it is stopped however this ends, a signal to terminate included."""
    if not options.quiet and (note := fallback()):
        _note(note)
    isolation = Isolation(preload=_preload(inputs), told=None if options.quiet else _note, paged=paged)
    jobs = min(options.jobs, len(inputs)) or 1
    pool = pool_for(getattr(options, "executor", None), jobs, isolation, paged)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            signal.signal(number, signal.default_int_handler)
    try:
        yield pool
    finally:
        pool.close()


def _note(text: str) -> None:
    print(f"jixiao: note: {text}", file=sys.stderr)


def _preload(inputs: list[Input]) -> list[str]:
    if len(inputs) > _MANY:
        return ["*"]
    several = len(inputs) > 1 and any(each.source.lower().endswith(".pdf") for each in inputs)
    return ["extract.pdf.engines"] if several else []


def _extract_lines(options: argparse.Namespace, inputs: list[Input], pool: Pool, teller: Teller) -> None:
    parts: list[bytes] = []
    to_file = options.out not in (None, "-")
    for reply in each_lines(inputs, pool, _plan(options)):
        if to_file:
            parts.append(reply.lines)
        else:
            sys.stdout.buffer.write(reply.lines)
            sys.stdout.buffer.flush()
        teller.document(reply.entry())
    if to_file:
        try:
            replace_file(Path(options.out), b"".join(parts))
        except OSError as error:
            raise OutputError(f"{options.out}: {error.strerror or error}") from error


def run_check(options: argparse.Namespace) -> int:
    """Print the findings of every source; exit 1 where one is as grave as --fail-on says."""
    failed = read = missing = 0
    report = Report(options)
    results = sorted(each for each in options.sources if _is_result(each))
    others = [each for each in options.sources if each not in results]
    inputs = find_inputs(others)
    if not inputs and not results:
        raise UsageError("nothing to check: the folders and patterns hold neither results nor other files")
    with _pool(options, inputs) as pool:
        for source, audit in chain(audits(results), audits_of(inputs, pool, _plan(options))):
            if isinstance(audit, DocumentError):
                failed += 1
                missing += audit.code == MissingPart.code
                report.failure(source, audit)
            else:
                read += 1
                report.document(source, audit)
    report.finish()
    if failed:
        return MissingPart.exit_code if failed == missing else 4 if read else 3
    return 1 if report.grave else 0


def _is_result(source: str) -> bool:
    """Whether a folder or file holds what is already extracted."""
    if source == "-" or is_address(source):
        return False
    return bool(written(Path(source))) or (Path(source) / MANIFEST).is_file()
