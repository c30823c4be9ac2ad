"""An attachment as lines of text, one for each value, so that a line diff shows what changed in its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from extract import read
from extract.errors import ReadError
from jixiao.extraction import Extraction
from jixiao.names import printable
from jixiao.pipeline import extract
from schemas.project import Project, TargetValue
from schemas.table import Document


def textconv(file: Path) -> str:
    """The projects of an attachment as text; of one without forms its rows; of one that cannot be read its SHA-256.

    Places are left out, and so is everything else that changes without a value changing.
    """
    extraction = extract(file)
    lines = list(_projects(extraction)) if extraction.projects else list(_other(file, extraction))
    return "".join(printable(line) + "\n" for line in lines)


def _projects(extraction: Extraction) -> Iterator[str]:
    for project in extraction.projects:
        yield from _project(project)
        yield ""
    findings = extraction.audit.findings if extraction.audit else ()
    for finding in findings:
        if finding.severity == "error":
            yield f"! {finding.rule}: {finding.message}"


def _project(p: Project) -> Iterator[str]:
    yield f"# {p.name}"
    plain = {
        "表名": p.form, "预算年度": p.fiscal_year, "项目编码": p.code, "主管部门": p.department.name,
        "主管部门编码": p.department.code, "实施单位": p.unit, "项目属性": p.attribute.name,
        "项目期": p.period.text if p.period else None,
    }  # fmt: skip
    yield from (f"{label}: {value}" for label, value in plain.items() if value is not None)
    yield from (f"{label}: {value}" for label, value in p.extra.items())
    for row in p.funding:
        amount = "" if row.amount is None else f"{row.amount}{row.unit or ''}"
        yield f"资金 / {row.scope} / {row.label}: {amount}"
        if row.execution:
            parts = ("initial", "executed", "rate", "weight", "score")
            yield "  执行: " + ", ".join(f"{part} {getattr(row.execution, part)}" for part in parts)
    yield from (f"目标 / {goal.scope}: {goal.text}" for goal in p.goals)
    for each in p.indicators:
        note = f"（{each.required}）" if each.required else ""
        yield f"{each.scope} / {each.level1 or '?'} / {each.level2 or '?'}{note} / {each.name}: {_value(each.target)}"
        if each.actual or each.weight is not None or each.score is not None:
            yield f"  分值 {each.weight}, 完成 {_value(each.actual)}, 得分 {each.score}, {each.reason or ''}"


def _value(target: TargetValue | None) -> str:
    return "" if target is None or target.text is None else target.text


def _other(file: Path, extraction: Extraction) -> Iterator[str]:
    """A document without forms as its rows, cells side by side; what cannot be read at all as a fingerprint."""
    if extraction.error:
        yield f"! {extraction.error.code}: {extraction.error.message}"
    try:
        data = file.read_bytes()
    except OSError:
        return
    try:
        yield from _rows(read(data, file.name))
    except ReadError:
        yield f"sha256 {hashlib.sha256(data).hexdigest()}, {len(data)} bytes"


def _rows(document: Document) -> Iterator[str]:
    for page in document.pages:
        for table in page.tables:
            for row in range(table.num_rows):
                cells = [cell.text.value for cell in table.cells if cell.row == row and cell.text]
                if cells:
                    yield " | ".join(" ".join(cell.split()) for cell in cells)
