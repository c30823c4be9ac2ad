"""A document of an `out/` as rows of the tables, in the order of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from jixiao.load import records as r

Row = tuple[Any, ...]


@dataclass(slots=True)
class Loaded:
    """One document, ready for the database; `rows` holds by table what stands behind `document_id`."""

    source: str
    document: dict[str, Any]
    rows: dict[str, list[Row]]

    @property
    def size(self) -> int:
        """Rows in all."""
        return sum(map(len, self.rows.values()))


def rows_of(audit: r.Audit, projects: list[r.Project], *, places: bool) -> dict[str, list[Row]]:
    """The rows of a document by table, all without the document's number in front."""
    rows: dict[str, list[Row]] = {name: [] for name in ("project", "funding", "goal", "indicator", "audit")}
    for number, (entry, project) in enumerate(zip(audit.projects, projects, strict=True), 1):
        rows["project"].append((number, *_project(project, entry)))
        rows["funding"] += [(number, at, *_funding(each)) for at, each in enumerate(project.funding)]
        rows["goal"] += [(number, at, each.scope, each.text) for at, each in enumerate(project.goals)]
        rows["indicator"] += [_indicator(number, at, each) for at, each in enumerate(project.indicators)]
        rows["audit"].append((number, str(entry.provenance, "utf-8") if places else None, str(entry.repairs, "utf-8")))
    rows["finding"] = [(at, *row) for at, row in enumerate(_findings(audit))]
    return rows


def _project(p: r.Project, audit: r.ProjectAudit) -> Row:
    period = p.period or r.Period()
    return (
        p.id, series(p.id), audit.file, p.form, p.fiscal_year, p.name, p.code, p.department.name, p.department.code,
        p.unit, p.attribute.name, p.attribute.code, period.text, period.start, period.end, period.years,
        _json(p.extra), _json(audit.pages),
    )  # fmt: skip


def series(key: str) -> str:
    """A project's stable key without its year: what the same project of another year has too."""
    front, _, name = key.rpartition("-")
    return f"{front.rpartition('-')[0]}-{name}"


def _funding(f: r.Funding) -> Row:
    e = f.execution or r.Execution()
    return (f.label, f.kind, f.scope, f.amount, f.unit, f.yuan, e.initial, e.executed, e.rate, e.weight, e.score)


def _indicator(number: int, at: int, i: r.Indicator) -> Row:
    t, a = i.target, i.actual or r.NO_VALUE
    return (
        number, at, i.scope, i.level1, i.level2, i.required, i.name,
        t.text, t.kind, t.operator, t.number, t.upper, t.unit, t.per, t.approximate,
        t.base_number, t.base_unit, t.date, t.precision, i.weight,
        a.text, a.kind, a.operator, a.number, a.upper, a.unit, a.per, a.approximate,
        a.base_number, a.base_unit, a.date, a.precision, i.score, i.reason,
    )  # fmt: skip


def _findings(audit: r.Audit) -> Iterator[Row]:
    for number, found in ((None, audit.findings), *((n, p.findings) for n, p in enumerate(audit.projects, 1))):
        for f in found:
            yield number, f.pointer, f.rule, f.severity, f.basis, f.message, f.message_en, str(f.places, "utf-8")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
