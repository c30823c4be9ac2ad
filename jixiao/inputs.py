"""What the user named on the command line, as a sorted list of documents; and the folders their results go to."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jixiao.archive import is_archive, members
from jixiao.errors import DocumentError
from jixiao.names import AUDIT, LONGEST, MANIFEST, PROJECT, cut, safe_name

_HIDDEN = (".", "~$", "__MACOSX")
_RESULTS = frozenset({AUDIT, MANIFEST})  # of an earlier run
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Input:
    """One document: `source` is its name in the ledger, text whatever bytes its path holds.

    It is read from `path` or `address`, or from standard input; `refused` tells why it is not even looked at.
    """

    source: str
    path: str | None = None
    address: str | None = None
    refused: DocumentError | None = None


def find_inputs(arguments: Iterable[str]) -> list[Input]:
    """Files, folders (searched through), zip archives, patterns, addresses and "-", each document once, sorted.

    Hidden files and results of earlier runs are left out of folders. What cannot be read stays in the list: it fails
    later, as a document of its own. Links within a folder are followed to files in it, never out of it or round.
    """
    found: dict[str, Input] = {}
    for argument in arguments:
        for each in _expand(argument):
            found[each.source] = each
    return [found[source] for source in sorted(found)]


def _expand(argument: str) -> Iterator[Input]:
    if argument == "-":
        yield Input("-")
    elif is_address(argument):
        yield from _addresses(argument)
    elif os.path.isdir(argument):  # noqa: PTH112 - a NUL in it is no error here
        yield from _folder_inputs(argument)
    elif not os.path.lexists(argument) and glob.has_magic(argument):
        names = glob.glob(argument, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        files = [name for name in names if not os.path.isdir(name)]  # noqa: PTH112 - as above
        for name in files or [argument]:
            yield from _file(name)
    else:
        yield from _file(argument)


def _addresses(argument: str) -> Iterator[Input]:
    """An address; a pattern or a folder of a remote file system as what is in it."""
    if is_url(argument) or argument.startswith("zip://"):
        yield Input(argument, address=argument)
        return
    from jixiao.fetch import found_below  # noqa: PLC0415 - fsspec costs more to load than most documents to read

    for address in found_below(argument):
        yield Input(address, address=address)


def _file(name: str, refused: DocumentError | None = None) -> Iterator[Input]:
    path = _posix(name)
    source = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    if not refused and is_archive(path):
        inside = [member for member in members(path) if not _is_hidden(member)]
        for member in inside:
            yield Input(f"zip://{member}::{source}", address=f"zip://{member}::{os.path.abspath(path)}")  # noqa: PTH100
        if inside:
            return
    yield Input(source, path=path, refused=refused)


def _folder_inputs(folder: str) -> Iterator[Input]:
    """Every document in a folder. What is neither file nor folder is one too, and says so when its turn comes."""
    root = os.path.realpath(folder)
    waiting = [_posix(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"the folder cannot be opened: {error.strerror or error}"
            yield from _file(place, DocumentError(reason, "unreadable"))
            continue
        audited = any(entry.name == AUDIT for entry in entries)
        for entry in entries:
            if entry.name.startswith(_HIDDEN) or entry.name in _RESULTS or (audited and PROJECT.match(entry.name)):
                continue
            name = entry.name if place == "." else f"{place.rstrip('/')}/{entry.name}"
            if entry.is_symlink():
                yield from _link(name, root)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(name)
            else:
                yield from _file(name)


def _link(name: str, root: str) -> Iterator[Input]:
    """A link in a folder: to a file in it as that; one to a folder in it is nothing, as that is searched anyway."""
    try:
        target = os.path.realpath(name, strict=True)
        mode = Path(target).stat().st_mode
    except OSError as error:
        reason = f"the link leads nowhere: {error.strerror or error}"
        yield from _file(name, DocumentError(reason, "unreadable"))
        return
    if os.path.commonpath([target, root]) != root:
        yield from _file(name, DocumentError("it is a link that leads out of its folder", "unsupported"))
    elif not stat.S_ISDIR(mode):
        yield from _file(name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(_HIDDEN) and part not in {".", ".."} for part in name.split("/"))


def _posix(name: str) -> str:
    if not name:
        return name
    with suppress(ValueError):  # a NUL
        return Path(os.path.normpath(name)).as_posix()
    return name


def is_address(source: str) -> bool:
    """Whether a source is more than a path: https://, s3://, zip:// and whatever else fsspec knows."""
    return bool(_ADDRESS.match(source))


def is_url(source: str) -> bool:
    """Whether a source is fetched over HTTP."""
    return source.startswith(("http://", "https://"))


def name_of(source: str) -> str:
    """The name of a source without its folders."""
    if source == "-":
        return "stdin"
    return PurePosixPath(_path_of(source)).name or "document"


def _path_of(source: str) -> str:
    """The path in an address; a member of an archive stands below it."""
    if source.startswith("zip://"):
        member, _, archive = source.removeprefix("zip://").partition("::")
        return f"{_path_of(archive).rpartition('.')[0]}/{member}"
    if is_url(source):
        source = source.partition("?")[0].rstrip("/")
    return source.replace("://", "/") if is_address(source) else source


def folders_for(sources: list[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A folder name for each source: its stem; where two would share one, with the folders above it in front.

    The answer depends on the set of the sources only, not on their order. Names are compared without case, as some
    file systems do; `taken` names belong to other documents of earlier runs.
    """
    depth = dict.fromkeys(sources, 0)
    busy = {name.casefold() for name in taken}
    names = {source: _folder(source, 0) for source in sources}
    while True:
        seen = Counter(name.casefold() for name in names.values())
        clashing = [s for s, name in names.items() if seen[name.casefold()] > 1 or name.casefold() in busy]
        deeper = [source for source in clashing if depth[source] <= len(_parts(source)) + 1]
        if not deeper:
            return _numbered(names, busy)
        for source in deeper:
            depth[source] += 1
            names[source] = _folder(source, depth[source])


def _parts(source: str) -> list[str]:
    """The folders above a source, nearest first."""
    return [part for part in reversed(PurePosixPath(_path_of(source)).parts[:-1]) if part not in ("/", ".", "..")]


def _folder(source: str, level: int) -> str:
    """The name at a level: the stem; the folder above in front; the extension behind; more folders in front."""
    stem, dot, extension = name_of(source).rpartition(".")
    above = _parts(source)[: level if level < 2 else level - 1]
    behind = [extension] if level >= 2 and stem and dot else []
    return safe_name("-".join([*reversed(above), stem or extension, *behind]))


def _numbered(names: dict[str, str], busy: set[str]) -> dict[str, str]:
    used = set(busy)
    result = {}
    counts: Counter[str] = Counter()
    for source in sorted(names):
        name = first = names[source]
        while name.casefold() in used:
            counts[first.casefold()] += 1
            behind = f"-{counts[first.casefold()] + 1}"
            name = cut(first, LONGEST - len(behind)) + behind
        used.add(name.casefold())
        result[source] = name
    return result
