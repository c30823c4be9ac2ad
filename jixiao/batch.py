"""Many documents: each on its own, in any number of processes, the results in one order."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jixiao.encode import line, project_record
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction
from jixiao.inputs import folders_for, is_url, name_of
from jixiao.options import DEFAULT, Options
from jixiao.pipeline import LARGEST, extract
from jixiao.write import Rendered, read_manifest, render, write_document, write_manifest

T = TypeVar("T")

_PATIENCE = 30  # seconds for each answer of a web server


def run_source(source: str, options: Options = DEFAULT) -> Extraction:
    """Extract one source of the command line: a path, a URL, or "-" for standard input."""
    run = partial(extract, engine=options.engine, cross_check=options.cross_check)
    try:
        if source == "-":
            return run(sys.stdin.buffer.read(LARGEST + 1), name="stdin")
        if is_url(source):
            return run(_fetch(source), name=name_of(source))
        return run(source)
    except DocumentError as error:
        return Extraction(name_of(source), "failed", error=error)
    except Exception as error:  # noqa: BLE001 - one document's defect must not end the batch
        defect = DocumentError(f"a defect of jixiao ({type(error).__name__}); please report it", "defect")
        return Extraction(name_of(source), "failed", error=defect)


def _fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - http and https only: is_url
            data = answer.read(LARGEST + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise DocumentError(f"the address cannot be read: {getattr(error, 'reason', error)}", "unreadable") from error
    if not isinstance(data, bytes) or len(data) > LARGEST:
        raise DocumentError(f"the answer has more than {LARGEST // 1024 // 1024} MiB", "too-large")
    return data


def rendered(source: str, options: Options = DEFAULT) -> Rendered:
    """The result of one source, ready to be written."""
    return render(run_source(source, options), source)


def json_lines(source: str, options: Options = DEFAULT) -> tuple[dict[str, Any], bytes]:
    """The projects of one source as JSON Lines, each with its source in front, and the manifest's entry."""
    extraction = run_source(source, options)
    lines = [line({"source": source} | project_record(project)) for project in extraction.projects]
    return render(extraction, source).entry, b"".join(lines)


def each(work: Callable[[str], T], sources: list[str], jobs: int) -> Iterator[T]:
    """The result of every source, in the order of the sources."""
    if jobs <= 1 or len(sources) <= 1:
        yield from map(work, sources)
        return
    with ProcessPoolExecutor(max_workers=min(jobs, len(sources))) as pool:
        yield from pool.map(work, sources)


def write_all(
    sources: list[str],
    out: Path,
    jobs: int,
    told: Callable[[dict[str, Any]], None],
    options: Options = DEFAULT,
) -> list[dict[str, Any]]:
    """Extract and write every source; gives the manifest's entries. What is finished is whole whenever it stops."""
    earlier = read_manifest(out)
    entries: list[dict[str, Any]] = []
    folders = _folders(sources, earlier)
    try:
        for result in each(partial(rendered, options=options), sources, jobs):
            folder = folders[result.source]
            write_document(out, folder, result)
            entries.append(result.entry | {"folder": folder if result.files else None})
            told(entries[-1])
    finally:
        if entries:
            write_manifest(out, entries, earlier)
    return entries


def _folders(sources: list[str], earlier: list[dict[str, Any]]) -> dict[str, str]:
    taken = [str(e["folder"]) for e in earlier if e.get("folder") and e["source"] not in sources]
    return folders_for(sources, taken)
