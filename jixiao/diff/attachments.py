"""An attachment as one side of a comparison: extracted first, in a process of its own."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath

from jixiao.batch.executors import Local
from jixiao.batch.isolation import Isolation
from jixiao.batch.run import Plan, each_files
from jixiao.diff.sides import Version, folders
from jixiao.errors import DocumentError
from jixiao.inputs import find_inputs


def versions(named: str, data: bytes | None) -> list[Version]:
    """The projects of the attachment of this name, or of these bytes; the error of one that fails."""
    if data is None:
        return [replace(version, file=named) for version in _extracted(named, named)]
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        file = Path(folder) / PurePosixPath(named.partition(":")[2]).name
        file.write_bytes(data)
        return [replace(version, file=named) for version in _extracted(str(file), named)]


def _extracted(source: str, named: str) -> list[Version]:
    with closing(Local(1, Isolation())) as pool:
        found = [reply.rendered for reply in each_files(find_inputs([source]), pool, Plan())]
    for each in found:
        if not each.files:
            raise DocumentError(f"{named}: {each.entry['message']}", each.entry["code"])
    return [version for each in found for version in folders(each.source, dict(each.files))]
