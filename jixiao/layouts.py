"""A place's own layout descriptions, read from files and checked before any document is."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from jixiao.errors import UsageError, reason_of
from normalize.vocabulary import LayoutError
from normalize.words import use


def read_layouts(files: Iterable[str | PathLike[str]]) -> tuple[tuple[str, str], ...]:
    """Names and texts of layout files (docs/layouts.md), now in force; UsageError with the line of a mistake."""
    found = []
    for file in files:
        try:
            found.append((Path(file).name, Path(file).read_text(encoding="utf-8-sig")))
        except (OSError, ValueError) as error:
            raise UsageError(f"the layout {file} cannot be read: {reason_of(error)}") from error
    lay(found)
    return tuple(found)


def lay(layouts: Iterable[tuple[str, str]]) -> None:
    """Lay descriptions over those of the families, for this process; UsageError with the line of a mistake."""
    try:
        use(layouts)
    except LayoutError as error:
        raise UsageError(f"layout {error}") from error
