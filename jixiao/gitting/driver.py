"""Sets a repository up, and undoes it: lines of .gitattributes and the settings of a diff driver."""

from __future__ import annotations

import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from jixiao.errors import OutputError, UsageError
from jixiao.write import replace_file

PATTERNS = ("*.pdf", "*.xls", "*.xlsx", "*.doc", "*.docx", "*.ods", "*.odt")
_ATTRIBUTE = "diff=jixiao"
_SECTION = "diff.jixiao"


def install(cache: bool) -> Path:
    """Set up the repository of the working directory; gives its .gitattributes. Twice is as good as once."""
    top = _top()
    _git("config", f"{_SECTION}.textconv", _command())
    _git("config", f"{_SECTION}.xfuncname", "^# .*$")
    _git("config", f"{_SECTION}.cachetextconv", "true" if cache else "false")
    file = top / ".gitattributes"
    lines = _lines(file)
    missing = [f"{pattern} {_ATTRIBUTE}" for pattern in PATTERNS if f"{pattern} {_ATTRIBUTE}" not in lines]
    if missing:
        _write(file, [*lines, *missing])
    return file


def uninstall() -> Path:
    """Take away what `install` put there, and nothing else."""
    top = _top()
    with suppress(UsageError):  # there was none
        _git("config", "--remove-section", _SECTION)
    file = top / ".gitattributes"
    lines = _lines(file)
    ours = {f"{pattern} {_ATTRIBUTE}" for pattern in PATTERNS}
    left = [line for line in lines if line not in ours]
    if left != lines:
        _write(file, left)
    return file


def _command() -> str:
    """This very program, however it was started; git runs it by a shell and puts the file's name behind."""
    return f"{shlex.quote(Path(sys.executable).as_posix())} -m jixiao.cli textconv"


def _top() -> Path:
    return Path(_git("rev-parse", "--show-toplevel"))


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607 - the user's git
    except FileNotFoundError as error:
        raise UsageError("git is not installed") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(said[-1].removeprefix("fatal: ") if said else "git failed")
    return done.stdout.decode(errors="replace").strip()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise OutputError(f"{file} cannot be read: {error}") from error


def _write(file: Path, lines: list[str]) -> None:
    try:
        if lines:
            replace_file(file, "".join(f"{line}\n" for line in lines).encode())
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{file}: {error.strerror or error}") from error
