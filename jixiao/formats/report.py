"""What `jixiao check` tells: findings as they come, or a whole report at the end; never those of the baseline."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from jixiao.check import at_or_above, findings_of, shown
from jixiao.encode import line
from jixiao.errors import DocumentError
from jixiao.formats import CI
from jixiao.formats.baseline import Baseline
from jixiao.formats.findings import failure_item, files_of, finding_item
from jixiao.formats.items import Fingerprints, Item
from jixiao.formats.output import write_text
from jixiao.names import printable, text_of


class Report:
    """Takes the documents one after the other; `grave` tells whether a finding reached --fail-on."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._baseline = Baseline.of(options)
        self._fingerprints = Fingerprints()
        self._items: list[Item] = []
        self._files: list[str] = []
        self._lines: list[str] = []
        self.grave = False

    def document(self, source: str, audit: dict[str, Any]) -> None:
        """The findings of one document."""
        self._files += map(text_of, files_of(source, audit))
        findings = list(findings_of(source, audit))
        items = self._fingerprints.mark(finding_item(source, audit, finding) for finding in findings)
        new = {item.fingerprint for item in self._baseline.new(items)}
        numbers = {project["id"]: number for number, project in enumerate(audit["projects"], 1)}
        for finding, item in zip(findings, items, strict=True):
            if item.fingerprint in new:
                self.grave = self.grave or at_or_above(finding["severity"], self._options.fail_on)
                self._tell(finding, item, numbers.get(finding["project"]))

    def failure(self, source: str, error: DocumentError) -> None:
        """A document that could not be read."""
        sys.stderr.write(printable(f"jixiao: {text_of(source)}: {error.code}: {error.message}") + "\n")
        self._files.append(text_of(source))
        self._items += self._fingerprints.mark([failure_item(source, error)])

    def _tell(self, finding: dict[str, Any], item: Item, number: int | None) -> None:
        options = self._options
        if options.format == "jsonl":
            self._say(line(finding | {"source": text_of(finding["source"])}).decode())
        elif finding["severity"] == "info" and not options.verbose:
            return
        elif options.format == "text":
            self._say(shown(finding, number) + "\n")
        else:
            self._items.append(item)

    def _say(self, text: str) -> None:
        """At once, unless it goes into a file, which is written whole."""
        if self._options.output:
            self._lines.append(text)
        else:
            sys.stdout.write(text)

    def finish(self) -> None:
        """Write what is told as a whole."""
        self._baseline.finish("finding")
        if self._options.format in CI:
            write_text(CI[self._options.format](self._items, self._files), self._options.output)
        elif self._options.output:
            write_text("".join(self._lines), self._options.output)
