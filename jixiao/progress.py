"""How far a run is: a line for each document, a bar on a terminal, and a table at the end. All on standard error."""

from __future__ import annotations

import argparse
import heapq
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Self

from jixiao.names import printable

if TYPE_CHECKING:
    from rich.progress import Progress

_FEW = 10  # documents of which a table would say no more than their lines
_SLOWEST = 5
_TENTH = 10  # pages from one line to the next
_SHORT = 30  # characters of a name in the bar
_LONGEST = 60  # characters of a name in the table


class Tally:
    """Counts what became of documents; holds no more than the slowest of them."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.documents = self.failed = self.pages = self.unchanged = 0
        self.statuses: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.severities: set[str] = set()
        self._slowest: list[tuple[int, str, str]] = []

    def add(self, entry: dict[str, Any], *, unchanged: bool = False) -> None:
        """Count one entry of the ledger."""
        self.documents += 1
        self.unchanged += unchanged
        self.statuses[entry["status"]] += 1
        self.severities |= {severity for severity, count in entry["findings"].items() if count}
        if entry["status"] == "failed":
            self.failed += 1
            self.codes[entry["code"]] += 1
        if not unchanged:
            self.pages += entry["pages"] or 0
            told = (entry["milliseconds"], entry["source"], entry["code"] or entry["status"])
            if len(self._slowest) < _SLOWEST:
                heapq.heappush(self._slowest, told)
            else:
                heapq.heappushpop(self._slowest, told)

    def table(self, total: int) -> list[str]:
        """What a person wants to know at the end of a batch of so many documents."""
        seconds = time.monotonic() - self.started
        read = self.documents - self.unchanged
        rates = f"{read / seconds:.1f} documents, {self.pages / seconds:.1f} pages a second" if seconds else ""
        documents = f"{self.documents}" if self.documents == total else f"{self.documents} of {total}"
        lines = [f"{documents} documents in {_span(seconds)}; {self.pages} pages; {rates}"]
        if self.unchanged:
            lines.append(f"  unchanged since an earlier run {self.unchanged}")
        known = (status for status in ("ok", "partial", "failed") if self.statuses[status])
        lines += [f"  {status:<16} {self.statuses[status]:>8}" for status in known]
        lines += [f"    {code:<14} {count:>8}" for code, count in self.codes.most_common()]
        if self._slowest:
            lines.append("  slowest")
            for milliseconds, source, what in sorted(self._slowest, reverse=True):
                name = printable(source)
                name = name if len(name) <= _LONGEST else "…" + name[-_LONGEST + 1 :]
                lines.append(f"    {milliseconds / 1000:>8.2f} s  {what:<14} {name}")
        return lines


class Teller:
    """Tells of each document as it is done. Quiet, it tells of failures alone."""

    def __init__(self, tally: Tally, total: int, options: argparse.Namespace) -> None:
        self._tally, self._total = tally, total
        self._quiet, self._verbose = options.quiet, options.verbose
        self._bar = _bar(total) if options.progress and not options.quiet else None
        self._many = total > _FEW

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()
        if not self._quiet and self._many:
            for each in self._tally.table(self._total):
                print(each, file=sys.stderr)

    def document(self, entry: dict[str, Any], unchanged: bool = False) -> None:
        """One document is done; `unchanged` where an earlier run had done it."""
        self._tally.add(entry, unchanged=unchanged)
        if entry["status"] == "failed" or not (self._quiet or self._in_bar(unchanged)):
            text = printable(_told(entry, verbose=self._verbose))
            if self._bar:
                self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                print(text, file=sys.stderr)
        if self._bar:
            self._advance()

    def page(self, source: str, done: int, count: int) -> None:
        """A page of a scan is read; without a bar every tenth is a line."""
        if self._bar and count > 1:
            short = source if len(source) <= _SHORT else "…" + source[-_SHORT + 1 :]
            self._bar.update(self._bar.task_ids[0], page=f"{printable(short)}: page {done} of {count}")
        elif not (self._bar or self._quiet) and done % _TENTH == 0 and done < count:
            print(printable(f"{source}: page {done} of {count}"), file=sys.stderr, flush=True)

    def _in_bar(self, unchanged: bool) -> bool:
        """Whether the bar says enough of a document."""
        return self._many and not self._verbose and (unchanged or self._bar is not None)

    def _advance(self) -> None:
        assert self._bar  # noqa: S101 - asked before
        seconds = time.monotonic() - self._tally.started
        rate = f"{self._tally.pages / seconds:.1f} pages/s" if seconds > 1 else ""
        failed = f"{self._tally.failed} failed" if self._tally.failed else ""
        self._bar.update(self._bar.task_ids[0], advance=1, rate=rate, failed=failed, page="")


def _bar(total: int) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.table import Column  # noqa: PLC0415

    columns = (
        MofNCompleteColumn(table_column=Column(no_wrap=True)),  # on a narrow terminal the bar shrinks, not the numbers
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("left"),
        TextColumn("{task.fields[failed]}", style="red"),
        TextColumn("{task.fields[page]}", markup=False),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    progress.add_task("", total=total, rate="", failed="", page="")
    return progress


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


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
