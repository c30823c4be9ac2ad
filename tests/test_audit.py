"""Every value has its place, and its repairs lead from the text as read to the text as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from extract.decoding import decode
from jixiao.encode import project_record
from jixiao.pipeline import Extraction
from jixiao.write import render
from schemas.audit import ProjectAudit
from schemas.project import Project
from schemas.text import TextPlace
from tests.test_samples import SLUGS, extraction_of, source_of

DERIVED = ("fill-down", "level1-from-level2")
"""Rules that start from the blank of a merged cell."""


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from leaves(part, f"{pointer}/{index}")
    elif value is not None and value is not False:
        yield pointer, value


def pairs(slug: str) -> list[tuple[Project, ProjectAudit]]:
    extraction: Extraction = extraction_of(slug)
    assert extraction.audit
    return list(zip(extraction.projects, extraction.audit.projects, strict=True))


def text_at(project: dict[str, Any], pointer: str) -> str | None:
    """The text that the repairs of a pointer lead to: of a target its text, of a period its text."""
    value: Any = project
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list | tuple) else value[key]
    if isinstance(value, dict):
        value = value["text"]
    return value if isinstance(value, str) else None


@pytest.mark.parametrize("slug", SLUGS)
def test_every_leaf_that_is_not_null_has_a_place(slug: str) -> None:
    for project, audit in pairs(slug):
        for pointer, _ in leaves(project_record(project)):
            parts = pointer.split("/")
            above = {"/".join(parts[:length]) for length in range(2, len(parts) + 1)}
            assert above & audit.provenance.keys(), pointer


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if source_of(slug).suffix in (".txt", ".md", ".csv")])
def test_every_place_holds_the_text_that_it_quotes(slug: str) -> None:
    text = decode(source_of(slug).read_bytes(), slug).text
    lines = text.replace("\r\n", "\n").replace("\f", "\n").split("\n")
    for _, audit in pairs(slug):
        for places in audit.provenance.values():
            for place in places:
                assert isinstance(place, TextPlace)
                first, end = place.columns
                shown = "\n".join(lines)[:0] or place.text
                assert place.text == shown
                assert end - first == len(place.text)


@pytest.mark.parametrize("slug", SLUGS)
def test_replaying_the_repairs_leads_from_the_text_as_read_to_the_value(slug: str) -> None:
    for project, audit in pairs(slug):
        record = project_record(project)
        for pointer, places in audit.provenance.items():
            repairs = [repair for repair in audit.repairs if repair.pointer == pointer]
            state = "\n".join(place.text for place in places)
            for repair in repairs:
                if repair.rule in DERIVED:
                    assert repair.before == ""
                else:
                    assert state == repair.before
                state = repair.after
            value = text_at(record, pointer) if is_read(pointer) else None
            if value is not None:
                assert state == value, pointer


def is_read(pointer: str) -> bool:
    """Whether the value at a pointer is the printed text itself, not one that is derived from it."""
    derived = ("/id", "/schema_version", "/kind", "/scope", "/unit", "/yuan", "/amount")
    return pointer == "/unit" or not pointer.endswith(derived)


@pytest.mark.parametrize("slug", SLUGS)
def test_undoing_the_repairs_in_reverse_gives_back_the_text_as_read(slug: str) -> None:
    for project, audit in pairs(slug):
        states = {
            pointer: text_at(project_record(project), pointer) for pointer in audit.provenance if is_read(pointer)
        }
        for repair in reversed(audit.repairs):
            if repair.pointer in states:
                assert states[repair.pointer] == repair.after
                states[repair.pointer] = repair.before
        for pointer, places in audit.provenance.items():
            first = next((repair for repair in audit.repairs if repair.pointer == pointer), None)
            if states.get(pointer) is not None and not (first and first.rule in DERIVED):
                assert states[pointer] == "\n".join(place.text for place in places)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_repair_names_its_evidence_and_how_sure_it_is(slug: str) -> None:
    for _, audit in pairs(slug):
        for repair in audit.repairs:
            assert repair.evidence
            assert 0 < repair.confidence <= 1
            assert repair.before != repair.after


def test_the_same_document_gives_the_same_bytes_twice() -> None:
    first, second = (render(extraction_of("pingluo-police-2024"), "x").files for _ in range(2))
    assert first == second
