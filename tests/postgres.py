"""A real PostgreSQL on loopback for the tests: the system's own, else the one that the package pgserver brings."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

USER = "jixiao"


@cache
def binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where there is no server."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("pgserver")
    if spec and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def account() -> str | None:
    """Who runs the server: nobody else where we are not root, which it refuses."""
    return "nobody" if os.geteuid() == 0 else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server of its own on a free port, its files below `folder`; gives the URL up to the database's name."""
    place = binaries()
    if place is None:
        raise FileNotFoundError("no PostgreSQL: install Debian's postgresql, or the package pgserver")
    data, port, user = folder / "data", _free_port(), account()
    if user:
        place = _reachable(place, folder)
        shutil.chown(folder, user)
    _run(place / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", user=user)
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    _run(place / "pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start", user=user)
    try:
        yield f"postgresql://{USER}@127.0.0.1:{port}/"
    finally:
        _run(place / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", user=user)


def _reachable(place: Path, folder: Path) -> Path:
    """The programs where another account can run them: a checkout of root's may be closed to it."""
    if "site-packages" not in place.parts:
        return place
    package = place.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(place.parent, folder / package.name / place.parent.name, symlinks=True)
    return folder / package.name / place.parent.name / place.name


def _run(*command: object, user: str | None) -> None:
    arguments, none = [str(each) for each in command], subprocess.DEVNULL
    subprocess.run(arguments, check=True, user=user, cwd="/", stdin=none, stdout=none, stderr=none)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
