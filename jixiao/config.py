"""Options of the command line that may also come from the environment or a configuration file.

Flag goes before environment (JIXIAO_JOBS=4), environment before file (`jixiao.toml`, else `[tool.jixiao]` of
pyproject.toml, both in the working directory).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jixiao.errors import UsageError, reason_of

FAIL_ON = ("never", "error", "warning")
FORMATS = ("json", "jsonl")
ENGINES = ("auto", "pdfium", "pdfplumber", "camelot")
REDO = ("missing", "failed", "all")
_A_COUNT = "a number of at least 1"
_TRUE = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _count(value: Any) -> int:
    number = int(value)
    if isinstance(value, bool) or number < 1:
        raise ValueError
    return number


def _choice(*choices: str) -> Callable[[Any], str]:
    def choose(value: Any) -> str:
        if value not in choices:
            raise ValueError
        return str(value)

    return choose


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else _TRUE[str(value).lower()]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    """A text, texts of a list, or from the environment texts between the separators of a path."""
    parts = value if isinstance(value, list) else str(value).split(os.pathsep)
    return tuple(_text(part) for part in parts)


KNOWN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "out": (_text, "a folder"),
    "format": (_choice(*FORMATS), "json or jsonl"),
    "jobs": (_count, _A_COUNT),
    "fail_on": (_choice(*FAIL_ON), "never, error or warning"),
    "progress": (_flag, "true or false"),
    "quiet": (_flag, "true or false"),
    "engine": (_choice(*ENGINES), "auto, pdfium, pdfplumber or camelot"),
    "cross_check": (_flag, "true or false"),
    "to": (_text, "the URL of a database"),
    "redo": (_choice(*REDO), "missing, failed or all"),
    "executor": (_text, "local or dask://HOST:PORT"),
    "password_file": (_text, "a file"),
    "layout": (_texts, "a file or a list of files"),
    "timeout": (_count, _A_COUNT),
    "wall_timeout": (_count, _A_COUNT),
    "memory": (_count, _A_COUNT),
}
"""Every option: how its value is read, and what it must be."""


def configured(environment: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The options set by environment or file; UsageError for an unknown name or a wrong value."""
    options = {name: _checked(name, value, where) for name, (value, where) in _from_files(folder).items()}
    for name in KNOWN:
        variable = f"JIXIAO_{name.upper()}"
        if environment.get(variable):
            options[name] = _checked(name, environment[variable], variable)
    return options


def _from_files(folder: Path) -> dict[str, tuple[Any, str]]:
    own, shared = folder / "jixiao.toml", folder / "pyproject.toml"
    if own.is_file():
        table, where = _toml(own), "jixiao.toml"
    else:
        table = _toml(shared).get("tool", {}).get("jixiao", {}) if shared.is_file() else {}
        where = "[tool.jixiao] of pyproject.toml"
    return {name.replace("-", "_"): (value, where) for name, value in table.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path.name} cannot be read: {reason_of(error)}") from error


def _checked(name: str, value: Any, where: str) -> Any:
    if name not in KNOWN:
        raise UsageError(f"{where}: there is no option {name!r}; known are {', '.join(sorted(KNOWN))}")
    read, wanted = KNOWN[name]
    try:
        return read(value)
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{where}: {name} must be {wanted}, not {value!r}") from None


def working_options() -> dict[str, Any]:
    """The options configured for the current process."""
    return configured(os.environ, Path.cwd())
