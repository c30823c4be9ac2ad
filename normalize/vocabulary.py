"""The declarative descriptions of layouts: read, checked line by line, and merged to one vocabulary.

A description is a TOML file (docs/layouts.md). Those of the families stand in data/layouts; a county's own one is
laid over them, so its entries win.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from msgspec import Struct, field

KINDS: Final = ("operator", "quality", "number", "unit", "class1", "class2", "tree")
"""What a column may be told to hold: the content that confirms it."""

COLUMNS: Final = (
    "serial", "block", "level1", "level2", "name", "target", "operator", "unit", "weight", "actual", "score", "reason",
    "note", "tree",
)  # fmt: skip
"""The roles of the columns of an indicator grid; what stands under `note` goes to `extra`."""

_FIELDS = (
    "year", "name", "code", "department", "unit", "attribute", "period", "start", "end", "funding", "place", "extra",
)  # fmt: skip
_SCOPES = ("annual", "midterm", "half-year")
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "fields": _FIELDS,
    "funding": ("total", "fiscal", "other", "part"),
    "goals": _SCOPES,
    "scopes": _SCOPES,
    "blocks": ("any", *_SCOPES),
    "funding-columns": ("initial", "amount", "executed", "rate", "weight", "score"),
    "list-columns": ("name", "unit", "department", "code", "goal", "total", "extra"),
    "task-columns": ("labels",),
    "places": ("endings", "sums"),
    "classes": ("level1", "level2"),
    "foreign": ("headers",),
}
"""The sections of a description, and the names under each; every name holds a list of printed labels."""


class LayoutError(ValueError):
    """A description that is no layout; the message names its file and line."""


class Vocabulary(Struct, frozen=True):
    """All descriptions in one: by section, the role of each label (compared by `key`)."""

    titles: tuple[str, ...] = ()
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def vocabulary_of(descriptions: Iterable[tuple[str, str]], key: Any) -> Vocabulary:
    """The vocabulary of descriptions, each a file's name and its text; a later one wins.

    `key` is what labels are compared by. Raises LayoutError where a description is wrong.
    """
    titles: list[str] = []
    roles: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    columns: dict[str, tuple[str, ...]] = {}
    holds: dict[str, tuple[str, ...]] = {}
    for name, text in descriptions:
        data = _parsed(name, text)
        titles += data.get("titles", [])
        for section in SECTIONS:
            roles[section] |= {key(label): role for role, labels in data.get(section, {}).items() for label in labels}
        own: dict[str, list[str]] = {}
        for role, column in data.get("columns", {}).items():
            for label in column["headers"]:
                own.setdefault(key(label), []).append(role)
            for kind in (column.get("holds"),):
                holds |= {role: tuple(kind)} if kind else {}
        columns |= {
            label: (*new, *(role for role in columns.get(label, ()) if role not in new)) for label, new in own.items()
        }
    ordered = {label: tuple(sorted(found, key=lambda role: role == "note")) for label, found in columns.items()}
    return Vocabulary(tuple(titles), roles, ordered, holds)


@cache
def families() -> tuple[tuple[str, str], ...]:
    """The descriptions of the families: file names and texts."""
    folder = files("normalize") / "data" / "layouts"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple((name, (folder / name).read_text(encoding="utf-8")) for name in found)


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = at[1] if at else max(text.count("\n"), 1)  # the end of the document
        raise LayoutError(f"{name}, line {line}: {str(error).split(' (at', maxsplit=1)[0]}") from None
    _check(_Source(name, text), data)
    return data


class _Source(Struct, frozen=True):
    """A description's text, to say where in it something is wrong."""

    name: str
    text: str

    def error(self, message: str, *needles: str) -> LayoutError:
        """The error at the line where the needles stand, each looked for behind the one before."""
        at = 0
        for needle in needles:
            found = self.text.find(needle, at)
            at = found if found >= 0 else at
        return LayoutError(f"{self.name}, line {self.text.count(chr(10), 0, at) + 1}: {message}")


def _check(source: _Source, data: Mapping[str, Any]) -> None:
    known = ("titles", "columns", *SECTIONS)
    for section, content in data.items():
        if section not in known:
            raise source.error(f"there is no section {section!r}; known are {', '.join(known)}", section)
        if section == "titles":
            _check_labels(source, content, ("titles",))
        elif not isinstance(content, dict):
            raise source.error(f"{section} must be a table of lists", section)
        elif section == "columns":
            _check_columns(source, content)
        else:
            _check_section(source, section, content)


def _check_section(source: _Source, section: str, content: Mapping[str, Any]) -> None:
    seen: dict[str, str] = {}
    for role, labels in content.items():
        if role not in SECTIONS[section]:
            raise source.error(
                f"[{section}] has no {role!r}; known are {', '.join(SECTIONS[section])}", f"[{section}]", role
            )
        _check_labels(source, labels, (f"[{section}]", role))
        for label in labels:
            if seen.setdefault(label, role) != role:
                raise source.error(
                    f"{label!r} stands under {seen[label]} and {role}", f"[{section}]", f"\n{role}", label
                )


def _check_columns(source: _Source, content: Mapping[str, Any]) -> None:
    for role, column in content.items():
        where = (f"[columns.{role}]",)
        if role not in COLUMNS:
            raise source.error(f"there is no column {role!r}; known are {', '.join(COLUMNS)}", *where)
        if not isinstance(column, dict) or "headers" not in column or set(column) - {"headers", "holds"}:
            raise source.error(f"[columns.{role}] must have headers, may have holds, and nothing else", *where)
        _check_labels(source, column["headers"], (*where, "headers"))
        for kind in column.get("holds", []):
            if kind not in KINDS:
                raise source.error(f"a column cannot hold {kind!r}; known are {', '.join(KINDS)}", *where, "holds")


def _check_labels(source: _Source, labels: Any, where: tuple[str, ...]) -> None:
    if not isinstance(labels, list) or not all(isinstance(label, str) and label.strip() for label in labels):
        raise source.error(f"{where[-1]} must be a list of labels", *where)
