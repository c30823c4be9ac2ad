"""Page cuts anywhere: the same projects come back, and what does not come back is flagged."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.pipeline import Extraction, extract
from tests.cuts import cut_form
from tests.forms import Rows, as_tabs, expected_projects, form_rows

CUTS = 10_000
PROJECTS = expected_projects("pingluo-police-2024")
FORMS: list[Rows] = [form_rows(project) for project in PROJECTS]


def read(text: str) -> Extraction:
    return extract(text.encode(), name="cut.txt")


def records(extraction: Extraction) -> list[dict[str, Any]]:
    return [project.model_dump() for project in extraction.projects]


WHOLE = [records(read(as_tabs(rows))) for rows in FORMS]


def is_flagged(extraction: Extraction) -> bool:
    if extraction.audit is None:
        return True
    audit = extraction.audit
    found = [*audit.findings, *(finding for project in audit.projects for finding in project.findings)]
    return any(finding.rule in FLAGS for finding in found)


FLAGS = {
    "doubtful-repair",
    "unfilled",
    "unplaced-text",
    "columns-inferred",
    "form-refused",
    "too-many-cells",
    "header-missing",
}
"""What reading itself says; findings about the content would be there without the cut."""


def test_a_whole_form_is_the_project_it_was_rendered_from() -> None:
    for project, [record] in zip(PROJECTS, WHOLE, strict=True):
        assert record == project | {key: record[key] for key in ("funding", "goals", "indicators", "period")}
        assert [row["name"] for row in record["indicators"]] == [row["name"] for row in project["indicators"]]
        assert [row["target"] for row in record["indicators"]] == [row["target"] for row in project["indicators"]]


def test_random_cuts_give_the_same_projects_or_are_flagged() -> None:
    random = Random(20240101)
    lost: list[str] = []
    silent: list[str] = []
    for _ in range(CUTS):
        form = random.randrange(len(FORMS))
        cut = cut_form(FORMS[form], random)
        extraction = read(cut.text)
        if records(extraction) != WHOLE[form]:
            (lost if is_flagged(extraction) else silent).append(cut.where)
    assert not silent, silent[:5]
    assert len(lost) <= CUTS * 0.005, lost[:10]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_document_with_every_form_cut_gives_all_projects_or_flags(seed: int) -> None:
    random = Random(seed)
    cuts = [cut_form(rows, random, marks=("\n", "\f")) for rows in FORMS]
    extraction = read("\f".join(cut.text for cut in cuts))
    assert records(extraction) == [record for [record] in WHOLE] or is_flagged(extraction), [cut.where for cut in cuts]
