"""The bytes behind an address: HTTP by the standard library, members of archives, all else by fsspec."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from jixiao.archive import read_member
from jixiao.errors import DocumentError, MissingPart
from jixiao.inputs import is_address, is_url
from jixiao.opening import LARGEST, TOO_LARGE, open_file

_PATIENCE = 30  # seconds for each answer of a server
_PIECE = 1024 * 1024


def fetched(address: str, passwords: tuple[str, ...] = (), wall: float = 120) -> bytes:
    """The document at an address; raises DocumentError. One that only trickles is given up after `wall` seconds."""
    until = time.monotonic() + wall
    if address.startswith("zip://"):
        member, _, archive = address.removeprefix("zip://").partition("::")
        with _opened(archive) as file:
            return read_member(file, member, passwords)
    with _opened(address) as file:
        return _read(file, until)


def _read(file: IO[bytes], until: float) -> bytes:
    pieces, size = [], 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise DocumentError(TOO_LARGE, "too-large")
        if time.monotonic() > until:
            raise DocumentError("it does not arrive in time", "timeout")
        pieces.append(piece)
    return b"".join(pieces)


@contextmanager
def _opened(address: str) -> Iterator[Any]:
    """What stands at a path or an address, as a file; its errors as DocumentError."""
    if not is_address(address):
        with open_file(address) as file:
            yield file
        return
    try:
        if is_url(address):
            with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:  # noqa: S310 - HTTP only: is_url
                yield answer
        else:
            with _filesystems().open(address, "rb") as file:
                yield file
    except (DocumentError, MissingPart):
        raise
    except ImportError as error:
        raise _missing(address, error) from error
    except FileNotFoundError as error:
        raise DocumentError("there is no such file", "not-found") from error
    except Exception as error:  # one type for each kind of storage
        reason = getattr(error, "reason", None) or error
        raise DocumentError(f"the address cannot be read: {reason}", "unreadable") from error


def found_below(address: str) -> list[str]:
    """The files that a pattern or a folder of a remote file system holds; an address of one file is itself."""
    try:
        system, path = _filesystems().core.url_to_fs(address)
        if any(sign in path for sign in "*?["):
            names = system.glob(path)
        elif system.isdir(path):
            names = system.find(path)
        else:
            return [address]
    except ImportError as error:
        raise _missing(address, error) from error
    except Exception:  # noqa: BLE001 - it fails as a document, with its reason
        return [address]
    return sorted(system.unstrip_protocol(name) for name in names) or [address]


def _filesystems() -> Any:
    import fsspec  # noqa: PLC0415 - costs more to load than most documents to read

    return fsspec


def _missing(address: str, error: ImportError) -> MissingPart:
    scheme = address.partition(":")[0]
    return MissingPart(f"{scheme}:// needs a part that is not installed ({error}); pip install '.[{scheme}]'")
