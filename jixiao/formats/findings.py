"""Findings as items of a report: at the line of the JSON where results are checked, else at the attachment's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jixiao.errors import DocumentError
from jixiao.formats.items import Item, Level, place_properties, place_text
from jixiao.formats.lines import line_of
from jixiao.names import AUDIT

_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "info": "note"}


def finding_item(source: str, audit: dict[str, Any], finding: dict[str, Any]) -> Item:
    """One finding of the results in the folder `source`, or of the attachment `source`."""
    place = finding["places"][0] if finding["places"] else None
    file, line = _where(source, audit, finding, place)
    said = place_text(place) if finding["file"] or (place and "line" not in place) else ""
    message = f"{finding['message']} / {finding['message_en']}" + (f" ({said})" if said else "")
    properties = {
        "pointer": finding["pointer"],
        "basis": finding["basis"],
        "project": _name(audit, finding["project"]),
        "source": audit["source"]["name"],
    } | place_properties(place)
    key = (audit["source"]["name"], finding["project"] or "", finding["rule"], finding["message"])
    return Item(finding["rule"], _LEVELS[finding["severity"]], message, file, line, key, properties)


def failure_item(source: str, error: DocumentError) -> Item:
    """A document that could not be read at all."""
    return Item(error.code, "error", error.message, source, None, (source, error.code))


def files_of(source: str, audit: dict[str, Any]) -> Iterator[str]:
    """The files that were looked at: the project files of results, or the attachment itself."""
    named = [project["file"] for project in audit["projects"] if project["file"]]
    yield from (f"{source}/{name}" for name in named)
    if not named:
        yield source


def _where(
    source: str, audit: dict[str, Any], finding: dict[str, Any], place: dict[str, Any] | None
) -> tuple[str, int | None]:
    if finding["file"]:
        file = f"{source}/{finding['file']}"
        return file, line_of(_data(file), finding["pointer"])
    if (Path(source) / AUDIT).is_file():
        file = f"{source}/{AUDIT}"
        at = next((n for n, each in enumerate(audit["findings"]) if each["message"] == finding["message"]), 0)
        return file, line_of(_data(file), f"/findings/{at}")
    return source, place.get("line") if place else None


@lru_cache(maxsize=8)
def _data(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:  # the finding is told all the same
        return b""


def _name(audit: dict[str, Any], project: str | None) -> str | None:
    """The file of a project says its name; the audit has none."""
    return next((each["file"] or None for each in audit["projects"] if each["id"] == project), None)
