"""jixiao and its peers on the PDF samples in one run: exactness, CPU time, memory, beside PDFium's own time as floor.

    python -m bench.pdf [--rounds N] [--engines NAME,NAME…] [--timeout SECONDS]

Each engine runs in an interpreter of its own, which reads all files several times; the rounds of the engines take
turns, so that a busy moment of the machine hits all alike. What is measured and how: docs/bench.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import selectors
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.engines import ENGINES, FAST, FLOOR, RECORDS, digests
from bench.score import Score, score
from bench.truth import BORDERLESS, Cell, Page, bare, pages_of, pdfs, twin_of
from jixiao.pipeline import extract
from jixiao.write import render

ROOT = Path(__file__).resolve().parent.parent
SLOW = 8.0  # CPU seconds a round, from which an engine gets fewer rounds
FEW = 2
DISTRIBUTIONS = ("pypdfium2", "tablers", "pdfplumber", "camelot-py", "pymupdf", "img2table", "tabula-py", "docling")


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help=f"of each engine; {FEW} of those slower than {SLOW} s")
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"of {', '.join(ENGINES)}; the floor always runs")
    parser.add_argument("--timeout", type=float, default=120, help="wall seconds a file, after which it has failed")
    parser.add_argument("--files", action="store_true", help="also print F1 and CPU ms a page of each file")
    options = parser.parse_args()
    truth = {path: pages_of(path) for path in pdfs()}
    names = [name for name in ENGINES if name in {FLOOR, *options.engines.split(",")}]
    runs = [Run(name, options.timeout) for name in names if find_spec(ENGINES[name].package)]
    try:
        for run in runs:
            run.warm_up(list(truth))
        for number in range(options.rounds):
            for run in runs:
                run.round(number)
    finally:
        for run in runs:
            run.stop()
    _print_head(truth)
    _print_table(runs, truth)
    for name in names:
        if not find_spec(ENGINES[name].package):
            print(f"{ENGINES[name].title:32} not installed: {ENGINES[name].install}")
    _print_failures(runs)
    if options.files:
        _print_files(runs, truth)


@dataclass
class Run:
    """One engine in its process, and what it answered."""

    name: str
    timeout: float
    results: dict[Path, dict[str, Any]] = field(default_factory=dict)
    times: dict[Path, list[float]] = field(default_factory=dict)
    failures: dict[Path, str] = field(default_factory=dict)
    peak: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def warm_up(self, paths: list[Path]) -> None:
        """Read every file once, untimed, and keep the results."""
        for path in paths:
            self.results[path] = self._ask("result", path)

    def round(self, number: int) -> None:
        """Read every file that did not fail once more."""
        if number >= FEW and sum(map(min, self.times.values())) > SLOW:
            return
        for path in self.results:
            if path not in self.failures and "cpu" in (answer := self._ask("time", path)):
                self.times.setdefault(path, []).append(answer["cpu"])

    def stop(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ask(self, wanted: str, path: Path) -> dict[str, Any]:
        """The answer for a file; where the engine raises, crashes or hangs, it has failed there."""
        answer: dict[str, Any] = {"error": "the engine could not be started"}
        process = self._started()
        if process and process.stdin:
            with suppress(BrokenPipeError):
                process.stdin.write(f"{wanted} {path}\n".encode())
                process.stdin.flush()
            answer = self._answer()
        self.peak = max(self.peak, answer.get("peak", 0))
        if "error" in answer:
            self.failures[path] = answer["error"]
            self.times.pop(path, None)
        return answer

    def _started(self) -> subprocess.Popen[bytes] | None:
        if not self._process:
            command = [sys.executable, "-m", "bench.worker", self.name]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            if "error" in self._answer():
                self.stop()
        return self._process

    def _answer(self) -> dict[str, Any]:
        if not self._process or not self._process.stdout:
            return {"error": "the engine has gone"}
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            line = self._process.stdout.readline() if selector.select(self.timeout) else None
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.stop()
        return {"error": f"no answer in {self.timeout:.0f} s" if line is None else "the process died"}

    # What the answers come to.

    def scores(self, truth: dict[Path, list[Page]], *, borderless: bool) -> Score:
        """All pages with or without rules."""
        total = Score()
        for path, pages in truth.items():
            if (path.parent.name in BORDERLESS) == borderless:
                total.add(self.score_of(path, pages))
        return total

    def score_of(self, path: Path, true: list[Page]) -> Score:
        """All pages of a file; a file where the engine failed has no tables."""
        found = self.results[path].get("pages", []) if path not in self.failures else []
        total = Score()
        for page, tables in zip(true, [*found, *([[]] * len(true))][: len(true)], strict=True):
            total.add(score(page, [[Cell(*cell[:4], bare(cell[4])) for cell in table] for table in tables]))
        return total

    def a_page(self, truth: dict[Path, list[Page]]) -> Iterator[float]:
        """CPU milliseconds of each page: the median of a file's rounds, shared out evenly among its pages."""
        for path, seconds in self.times.items():
            yield from [statistics.median(seconds) * 1e3 / len(truth[path])] * len(truth[path])

    def ratio(self, other: Run) -> float:
        """CPU time as a multiple of the other's, over the files and rounds that both read."""
        mine = others = 0.0
        for path in self.times.keys() & other.times.keys():
            rounds = min(len(self.times[path]), len(other.times[path]))
            mine += statistics.median(self.times[path][:rounds])
            others += statistics.median(other.times[path][:rounds])
        return mine / others if others else float("nan")

    def records(self) -> tuple[int, int]:
        """How many project files equal those of the same forms as pasted text, byte for byte, of how many."""
        equal = total = 0
        for path, answer in self.results.items():
            twin = digests(render(extract(twin_of(path)), "twin").files)
            found = answer.get("records", {})
            equal += sum(found.get(name) == digest for name, digest in twin.items())
            total += max(len(found), len(twin))
        return equal, total


def _print_head(truth: dict[Path, list[Page]]) -> None:
    pages = [page for pages in truth.values() for page in pages]
    cells = sum(len(table.cells) for page in pages for table in page)
    torn = sum(len(table.torn) for page in pages for table in page)
    known = []
    for name in DISTRIBUTIONS:
        with suppress(PackageNotFoundError):
            known.append(f"{name} {version(name)}")
    print(f"{len(truth)} files, {len(pages)} pages, {cells} cells ({torn} more, torn by page cuts, do not count)")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    print(", ".join(known) + "\n")


def _print_table(runs: list[Run], truth: dict[Path, list[Page]]) -> None:
    by_name = {run.name: run for run in runs}
    print(f"{'':32}     F1  F1 no  pages  records        CPU ms a page      x       x  peak")
    print(f"{'':32}  ruled  rules  exact    exact   mean median    p95  floor  jixiao    MB")
    for run in runs:
        times = list(run.a_page(truth))
        if len(times) < 2:
            print(f"{ENGINES[run.name].title:32} failed at every file")
            continue
        mean, median, p95 = statistics.fmean(times), statistics.median(times), statistics.quantiles(times, n=20)[-1]
        ratios = [f"{run.ratio(by_name[name]):.2f}" if name in by_name else "" for name in (FLOOR, FAST)]
        print(
            f"{ENGINES[run.name].title:32} {_exactness(run, truth)} {mean:6.2f} {median:6.2f} {p95:6.2f}"
            f" {ratios[0]:>6} {ratios[1]:>7} {run.peak / 1024:5.0f}"
        )


def _exactness(run: Run, truth: dict[Path, list[Page]]) -> str:
    records = ""
    if run.name == RECORDS:
        records = "{}/{}".format(*run.records())
    if not ENGINES[run.name].cells:
        return f"{'':6} {'':6} {'':6} {records:>8}"
    ruled, plain = (run.scores(truth, borderless=borderless) for borderless in (False, True))
    exact = (ruled.exact + plain.exact) / (ruled.pages + plain.pages)
    return f"{ruled.f1:6.3f} {plain.f1:6.3f} {exact:6.2f} {records:>8}"


def _print_failures(runs: list[Run]) -> None:
    for run in runs:
        for path, error in run.failures.items():
            print(f"{ENGINES[run.name].title} failed at {path.parent.name}: {error}")


def _print_files(runs: list[Run], truth: dict[Path, list[Page]]) -> None:
    print("\nF1 and CPU ms a page of each file\n")
    print(f"{'':22}" + "".join(f"{run.name[:17]:>18}" for run in runs))
    for path, pages in truth.items():
        row = []
        for run in runs:
            f1 = f"{run.score_of(path, pages).f1:.3f}" if ENGINES[run.name].cells else ""
            ms = f"{statistics.median(run.times[path]) * 1e3 / len(pages):.2f}" if path in run.times else "failed"
            row.append(f"{f1:>9} {ms:>8}")
        print(f"{path.parent.name:22}" + "".join(row))


if __name__ == "__main__":
    main()
