"""What was there already: a file of fingerprints, so that only new items fail."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import OutputError, UsageError
from jixiao.formats.items import Item
from jixiao.write import replace_file

_VERSION = 1


def known(path: Path) -> set[str]:
    """The fingerprints of a baseline; UsageError where it is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != _VERSION:
            raise UsageError(f"{path} is a baseline of version {record['version']}, not {_VERSION}")
        return {str(each["fingerprint"]) for each in record["items"]}
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; --update-baseline writes it") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is no baseline of jixiao") from error


def write(path: Path, items: Sequence[Item]) -> None:
    """A baseline of these items: sorted and one line each, so that its own changes can be reviewed."""
    entries = sorted(
        (
            {"fingerprint": item.fingerprint, "rule": item.rule, "file": item.file, "message": item.message}
            for item in items
        ),
        key=lambda each: (each["file"], each["rule"], each["message"], each["fingerprint"]),
    )
    lines = ",\n".join("    " + json.dumps(each, ensure_ascii=False) for each in entries)
    text = f'{{\n  "version": {_VERSION},\n  "items": [\n{lines}\n  ]\n}}\n'
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error


@dataclass
class Baseline:
    """What the user chose: no baseline, one to hold items against, or one to write anew with all there is."""

    path: Path | None
    update: bool

    def __post_init__(self) -> None:
        if self.update and not self.path:
            raise UsageError("--update-baseline needs --baseline FILE")
        self._known = known(self.path) if self.path and not self.update else set()
        self._items: list[Item] = []

    @classmethod
    def of(cls, options: argparse.Namespace) -> Baseline:
        """As --baseline and --update-baseline say."""
        return cls(Path(options.baseline) if options.baseline else None, options.update_baseline)

    def new(self, items: Sequence[Item]) -> list[Item]:
        """The items that are not known; none while a baseline is written."""
        self._items += items
        return [] if self.update else [item for item in items if item.fingerprint not in self._known]

    def finish(self, noun: str) -> None:
        """Write the baseline, if that was asked for, and tell."""
        if self.update and self.path:
            write(self.path, self._items)
            plural = "" if len(self._items) == 1 else "s"
            sys.stderr.write(f"{self.path}: {len(self._items)} {noun}{plural} known\n")
