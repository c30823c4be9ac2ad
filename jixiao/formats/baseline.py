"""What was there already: a file of fingerprints, so that only new items fail."""

from __future__ import annotations

import json
from collections.abc import Sequence
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


def new(items: Sequence[Item], path: Path | None, *, update: bool) -> list[Item]:
    """The items that the baseline does not know; with `update` it is written anew, and knows them all."""
    if path is None:
        if update:
            raise UsageError("--update-baseline needs --baseline FILE")
        return list(items)
    if update:
        write(path, items)
        return []
    accepted = known(path)
    return [item for item in items if item.fingerprint not in accepted]
