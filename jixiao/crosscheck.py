"""Two engines over one document: every difference of the projects they give is a finding on the first one's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from msgspec import structs

from jixiao.encode import line, project_record
from jixiao.extraction import Extraction
from schemas.audit import Audit, Finding, ProjectAudit
from schemas.project import Project
from schemas.text import Place

PDF = "application/pdf"
"""The one kind that several engines read."""

_LONGEST = 120  # characters of a value that a message shows

Difference = tuple[str, Any, Any]


def checked(first: Extraction, read: Callable[[str], Extraction]) -> Extraction:
    """The extraction with what a second engine reads otherwise; `read` extracts the document by a named engine."""
    audit = first.audit
    if audit is None or audit.source.media_type != PDF:
        return first
    other = "pdfplumber" if audit.tool.engine.startswith("pdfium") else "pdfium"
    second = read(other)
    engines = (audit.tool.engine, second.audit.tool.engine if second.audit else other)
    if second.audit is None:
        said = second.error.message if second.error else ""
        finding = _differ(
            "",
            f"{engines[1]}无法读出这个文件，无从对照：{said}",
            f"{engines[1]} cannot read the document, so nothing was compared: {said}",
        )
        return dataclasses.replace(first, audit=structs.replace(audit, findings=(*audit.findings, finding)))
    return dataclasses.replace(first, audit=_compared(audit, first.projects, second, engines))


def _compared(audit: Audit, projects: list[Project], second: Extraction, engines: tuple[str, str]) -> Audit:
    outside = list(_documents(audit, projects, second, engines))
    partners = _partners(projects, second.projects)
    audits = [
        _with_differences(each, project, other, engines) if other else each
        for each, project, other in zip(audit.projects, projects, partners, strict=True)
    ]
    return structs.replace(audit, projects=tuple(audits), findings=(*audit.findings, *outside))


def _documents(
    audit: Audit, projects: list[Project], second: Extraction, engines: tuple[str, str]
) -> Iterator[Finding]:
    pages = (audit.source.pages, second.audit.source.pages if second.audit else None)
    for what, what_en, one, other in (
        ("页", "pages", *pages),
        ("个项目", "projects", len(projects), len(second.projects)),
    ):
        if one != other:
            yield _differ(
                "",
                f"{engines[0]}读出{one}{what}，{engines[1]}读出{other}{what}",
                f"{engines[0]} reads {one} {what_en}, {engines[1]} reads {other}",
            )


def _partners(projects: list[Project], others: list[Project]) -> list[Project | None]:
    """The other engine's reading of each project: the same name in the same order, else what stands in its place."""
    if len(projects) == len(others):
        return list(others)
    found: list[Project | None] = [None] * len(projects)
    names = SequenceMatcher(None, [each.name for each in projects], [each.name for each in others], autojunk=False)
    for block in names.get_matching_blocks():
        for at in range(block.size):
            found[block.a + at] = others[block.b + at]
    return found


def _with_differences(audit: ProjectAudit, project: Project, other: Project, engines: tuple[str, str]) -> ProjectAudit:
    found = tuple(
        _differ(
            pointer,
            f"{engines[0]}读作{_shown(one)}，{engines[1]}读作{_shown(two)}",
            f"{engines[0]} reads {_shown(one)}, {engines[1]} reads {_shown(two)}",
            _places(audit, pointer),
        )
        for pointer, one, two in differences(project_record(project), project_record(other))
        if pointer != "/id"  # made of the values that are told
    )
    return structs.replace(audit, findings=(*audit.findings, *found))


def differences(one: Any, other: Any, pointer: str = "") -> Iterator[Difference]:
    """The places at which two records differ, with both values; what only follows from another value is left out."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = list(one) + [key for key in other if key not in one]
        if "text" in one and one.get("text") != other.get("text"):
            keys = ["text"]  # number, unit and date are what the text means
        for key in keys:
            if key == "yuan" and one.get("amount") != other.get("amount"):
                continue
            yield from differences(one.get(key), other.get(key), f"{pointer}/{_escaped(key)}")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for at, left, right in _aligned(list(one), list(other)):
            yield from differences(left, right, f"{pointer}/{at}")
    elif one != other:
        yield pointer, one, other


def _aligned(one: list[Any], other: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Entries of two lists side by side, those of one name beside each other; one that is missing stands for None."""
    if len(one) == len(other):
        yield from zip(range(len(one)), one, other, strict=True)
        return
    names = SequenceMatcher(None, [_name(each) for each in one], [_name(each) for each in other], autojunk=False)
    for _, a, b, c, d in names.get_opcodes():
        for at, (left, right) in enumerate(zip_longest(one[a:b], other[c:d]), a):
            yield min(at, max(b - 1, a)), left, right


def _name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    return str(entry.get("name") or entry.get("label") or entry.get("text"))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    text = line(value).decode().strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _places(audit: ProjectAudit, pointer: str) -> tuple[Place, ...]:
    while pointer:
        if pointer in audit.provenance:
            return audit.provenance[pointer]
        pointer = pointer.rpartition("/")[0]
    return ()


def _differ(pointer: str, message: str, message_en: str, places: tuple[Place, ...] = ()) -> Finding:
    return Finding(pointer, "engines-differ", "warning", "reading", message, message_en, places)
