"""What a reviewer should look at: checks warn, they never change a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from normalize.checks.classes import class_missing, class_place, class_value, rate_value, required_empty, unknown_class
from normalize.checks.documents import goal_copied, same_id, stray_letter
from normalize.checks.goals import goal_area, goal_count
from normalize.checks.scores import execution_rate, score_over, target_missed, weight_sum
from normalize.checks.sums import cost_sum, money_unit, name_value, no_total, total_sum
from normalize.checks.values import (
    duplicates,
    no_indicators,
    rate_over_100,
    time_value,
    unfilled,
    unit_missing,
    value_unclear,
)
from normalize.checks.wording import name_target_year, name_year, spaced_number, undecodable
from normalize.project import Typed
from schemas.audit import Finding
from schemas.project import Project
from schemas.text import Place

Check = Callable[[Project], Iterator[Finding]]
DocumentCheck = Callable[[Sequence[Project]], Iterator[tuple[int, Finding]]]

CHECKS: tuple[Check, ...] = (
    undecodable,
    no_indicators,
    no_total,
    money_unit,
    total_sum,
    cost_sum,
    required_empty,
    unfilled,
    class_missing,
    unknown_class,
    class_place,
    class_value,
    rate_value,
    time_value,
    rate_over_100,
    duplicates,
    goal_count,
    goal_area,
    name_year,
    name_target_year,
    name_value,
    weight_sum,
    score_over,
    execution_rate,
    target_missed,
    spaced_number,
    value_unclear,
    unit_missing,
)
"""The checks of one project, in the order in which their findings are told."""

DOCUMENT_CHECKS: tuple[DocumentCheck, ...] = (same_id, goal_copied, stray_letter)
"""The checks that compare the projects of a document; each finding comes with the index of its project."""


_OF_WHOLE: tuple[Check, ...] = (cost_sum, goal_count, goal_area)
"""What a form says as a whole against its indicators: of those of one place it is no measure."""


def _share_a_form(projects: Sequence[Project]) -> set[int]:
    """The projects that are places of one form: they have its money and its goals in common."""
    wholes: dict[object, list[int]] = {}
    for at, project in enumerate(projects):
        wholes.setdefault((project.form, project.name, project.funding, project.goals), []).append(at)
    places = (group for group in wholes.values() if len({projects[at].unit for at in group}) > 1)
    return {at for group in places for at in group}


def check_all(typed: list[Typed]) -> list[Typed]:
    """The same projects, with the findings of all checks behind those of reading."""
    projects = [each.project for each in typed]
    shared = _share_a_form(projects)
    found = [
        [
            finding
            for check in CHECKS
            if not (at in shared and check in _OF_WHOLE)
            for finding in _in_order(check(project))
        ]
        for at, project in enumerate(projects)
    ]
    for check in DOCUMENT_CHECKS:
        for index, finding in sorted(check(projects), key=lambda pair: (pair[0], _rank(pair[1]))):
            found[index].append(finding)
    return [_with(each, findings) for each, findings in zip(typed, found, strict=True)]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    found = list(findings)
    return sorted(found, key=_rank) if len(found) > 1 else found


def _rank(finding: Finding) -> list[tuple[int, str]]:
    """The pointer as a key that puts /indicators/2 before /indicators/10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in finding.pointer.split("/")]


def _with(typed: Typed, findings: list[Finding]) -> Typed:
    if not findings:
        return typed
    audit = typed.audit
    placed = [replace(finding, places=_places(finding.pointer, audit.provenance)) for finding in findings]
    return replace(typed, audit=replace(audit, findings=(*audit.findings, *placed)))


def _places(pointer: str, provenance: dict[str, tuple[Place, ...]]) -> tuple[Place, ...]:
    """The places of a pointer or of the nearest one above; a record stands where its name or label stands."""
    while True:
        for known in (pointer, f"{pointer}/name", f"{pointer}/label"):
            if known in provenance:
                return provenance[known]
        if not pointer:
            return ()
        pointer = pointer.rpartition("/")[0]
