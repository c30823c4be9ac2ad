"""Old and foreign office formats through LibreOffice: one run, one profile, no macros, no network, a time limit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

from extract.errors import ReadError, shown

Target = Literal["docx", "xlsx"]

MAX_BYTES = 64 * 2**20
INSTALL = "install LibreOffice: apt-get install libreoffice-writer libreoffice-calc"
_SECONDS = 90  # a large document takes ten, the first start of a slow machine thirty
_PROGRAMS = ("soffice", "libreoffice")
_USUAL = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", "C:/Program Files/LibreOffice/program/soffice.exe")
_FILTERS: dict[Target, str] = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_CALM = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """LibreOffice's command, where it is installed."""
    named = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    return named or next((path for path in _USUAL if Path(path).is_file()), None)


def converted(data: bytes, name: str, extension: str, target: Target) -> bytes:
    """The document as LibreOffice saves it; `extension` is that of its kind, found by content.

    Raises ReadError: `missing-part` where LibreOffice is not installed, `timeout`, `too-large`, `damaged` where it
    cannot open the document, `unsupported` where this process may start no program.
    """
    office = program()
    if office is None:
        raise ReadError("missing-part", f"{shown(name)} (.{extension}) needs LibreOffice to be read; {INSTALL}")
    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{shown(name)} holds {len(data)} bytes; the limit for conversion is {MAX_BYTES}")
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as folder:
        try:
            _run(_command(office, Path(folder), data, extension, target), Path(folder), name)
        except PermissionError:  # who reads it for us may start no program, as no first look said that it had to
            raise ReadError(
                "unsupported", f"{shown(name)} is packed so that it does not look like .{extension}"
            ) from None
        made = Path(folder, "made", f"source.{target}")
        if not made.is_file():
            raise ReadError("damaged", f"{shown(name)} cannot be opened by LibreOffice")
        if made.stat().st_size > MAX_BYTES:
            raise ReadError("too-large", f"{shown(name)} becomes larger than {MAX_BYTES} bytes when converted")
        return made.read_bytes()


def _command(office: str, folder: Path, data: bytes, extension: str, target: Target) -> list[str]:
    source = folder / f"source.{extension}"
    source.write_bytes(data)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_CALM, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    quiet = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
    made = ["--convert-to", _FILTERS[target], "--outdir", str(folder / "made"), str(source)]
    return [*_without_network(), office, profile, *quiet, *made]


@lru_cache(maxsize=1)
def _without_network() -> list[str]:
    """A command in front that leaves no network, where the system allows ordinary users to ask for that."""
    unshare, nothing = shutil.which("unshare"), shutil.which("true")
    if not sys.platform.startswith("linux") or not unshare or not nothing:
        return []
    alone = [unshare, "--user", "--map-current-user", "--net"]
    tried = subprocess.run([*alone, nothing], capture_output=True, check=False)  # noqa: S603 - a fixed command
    return alone if tried.returncode == 0 else []


def _run(command: list[str], folder: Path, name: str) -> None:
    """Run the command to its end or to the time limit; then all that it started is ended with it."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if key in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "FONTCONFIG_FILE")
        },
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TZ": "UTC",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
    }
    process = subprocess.Popen(  # noqa: S603 - the program found above, its arguments of our making
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        raise ReadError("timeout", f"{shown(name)}: LibreOffice took longer than {_SECONDS} seconds") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # the group that only this process and its children are in
        else:
            process.kill()
    process.wait()
