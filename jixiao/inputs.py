"""What the user named on the command line, as a sorted list of documents."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from jixiao.names import safe_name

_HIDDEN = (".", "~$")
_RESULTS = ("audit.json", "manifest.jsonl")  # files beside them are results of ours, not attachments


def find_inputs(arguments: Iterable[str]) -> list[str]:
    """Files, folders (searched through), patterns, URLs and "-" as sources, each once, sorted.

    Hidden files and results of earlier runs are left out of folders. What does not exist stays in the list: it fails
    later, as a document of its own.
    """
    found: dict[str, None] = {}
    for argument in arguments:
        for source in _expand(argument):
            found[source] = None
    return sorted(found)


def _expand(argument: str) -> list[str]:
    if argument == "-" or is_url(argument):
        return [argument]
    path = Path(argument)
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file() and not _is_hidden(file, path)]
        results = {file.parent for file in files if file.name in _RESULTS}
        return [_posix(str(file)) for file in files if file.parent not in results]
    if not path.exists() and glob.has_magic(argument):
        names = glob.glob(argument, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        return [_posix(name) for name in names if Path(name).is_file()] or [argument]
    return [_posix(argument)]


def _is_hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(_HIDDEN) for part in file.relative_to(root).parts)


def _posix(name: str) -> str:
    return Path(os.path.normpath(name)).as_posix() if name else name


def is_url(source: str) -> bool:
    """Whether a source is fetched over HTTP."""
    return source.startswith(("http://", "https://"))


def name_of(source: str) -> str:
    """The name of a source without its folders."""
    if source == "-":
        return "stdin"
    return PurePosixPath(source.partition("?")[0].rstrip("/") if is_url(source) else source).name or "document"


def folders_for(sources: list[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A folder name for each source: its stem; where two would share one, with the folders above it in front.

    The answer depends on the set of the sources only, not on their order. Names are compared without case, as some
    file systems do; `taken` names belong to other documents of earlier runs.
    """
    depth = dict.fromkeys(sources, 0)
    busy = {name.casefold() for name in taken}
    while True:
        names = {source: _folder(source, level) for source, level in depth.items()}
        seen = [name.casefold() for name in names.values()]
        clashing = [s for s, name in names.items() if seen.count(name.casefold()) > 1 or name.casefold() in busy]
        deeper = [source for source in clashing if depth[source] <= len(_parts(source)) + 1]
        if not deeper:
            return _numbered(names, busy)
        for source in deeper:
            depth[source] += 1


def _parts(source: str) -> list[str]:
    """The folders above a source, nearest first."""
    path = PurePosixPath(source.replace("://", "/") if is_url(source) else source)
    return [part for part in reversed(path.parts[:-1]) if part not in ("/", ".", "..")]


def _folder(source: str, level: int) -> str:
    """The name at a level: the stem; the folder above in front; the extension behind; more folders in front."""
    stem, dot, extension = name_of(source).rpartition(".")
    above = _parts(source)[: level if level < 2 else level - 1]
    behind = [extension] if level >= 2 and stem and dot else []
    return safe_name("-".join([*reversed(above), stem or extension, *behind]))


def _numbered(names: dict[str, str], busy: set[str]) -> dict[str, str]:
    used = set(busy)
    result = {}
    for source in sorted(names):
        name, count = names[source], 1
        while name.casefold() in used:
            count += 1
            name = f"{names[source]}-{count}"
        used.add(name.casefold())
        result[source] = name
    return result
