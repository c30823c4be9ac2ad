"""Findings of documents or of results that are already written, as lines or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jixiao.batch.executors import Pool
from jixiao.batch.run import Plan, each_files
from jixiao.batch.task import Reply
from jixiao.encode import load
from jixiao.errors import DocumentError, reason_of
from jixiao.inputs import Input
from jixiao.names import AUDIT, MANIFEST, printable, text_of

_RANK = {"info": 0, "warning": 1, "error": 2}
_NEVER = 3


Read = tuple[str, dict[str, Any] | DocumentError]
"""A document with its audit, or why it has none."""


def audits(results: Iterable[str]) -> Iterator[Read]:
    """The audits of results that are already written, and why documents of an out folder have none."""
    for source in results:
        yield from ((str(path.parent), _read(path)) for path in written(Path(source)))
        yield from _failed(Path(source) / MANIFEST)


def _failed(manifest: Path) -> Iterator[Read]:
    """The documents that a manifest tells as failed; none where there is no manifest."""
    if not manifest.is_file():
        return
    for number, each in enumerate(manifest.read_bytes().splitlines(), 1):
        try:
            entry = load(each) if each.strip() else {"status": "ok"}
            if entry["status"] == "failed":
                yield entry["source"], DocumentError(entry["message"], entry["code"])
        except (ValueError, KeyError, TypeError) as error:
            yield str(manifest), DocumentError(f"line {number} cannot be read: {reason_of(error)}")


def audits_of(inputs: list[Input], pool: Pool, plan: Plan) -> Iterator[Read]:
    """The audit of each document, made by extracting it; or why there is none."""
    for reply in each_files(inputs, pool, plan) if inputs else ():
        yield reply.rendered.source, _of(reply)


def written(path: Path) -> list[Path]:
    """The audit files of a result: of an out folder, of one document in it, or of one of its files."""
    if path.is_dir():
        if (path / AUDIT).is_file():
            return [path / AUDIT]
        return sorted(path.glob(f"*/{AUDIT}")) if (path / MANIFEST).is_file() else []
    beside = path.parent / AUDIT
    return [beside] if path.suffix == ".json" and beside.is_file() else []


def _read(path: Path) -> dict[str, Any] | DocumentError:
    """The audit of results; those that are damaged cost no other."""
    try:
        record: dict[str, Any] = load(path.read_bytes())
        lost = [each["file"] for each in record["projects"] if not (path.parent / each["file"]).is_file()]
        list(findings_of("", record))
    except (OSError, ValueError) as error:
        return DocumentError(f"{AUDIT} cannot be read: {reason_of(error)}")
    except (KeyError, TypeError):
        return DocumentError(f"{AUDIT} is none of jixiao's")
    return DocumentError(f"{lost[0]} is missing, though {AUDIT} names it") if lost else record


def _of(reply: Reply) -> dict[str, Any] | DocumentError:
    audit = dict(reply.rendered.files).get(AUDIT)
    if audit is None:
        return DocumentError(reply.rendered.entry["message"], reply.rendered.entry["code"])
    record: dict[str, Any] = load(audit)
    for project in record["projects"]:
        project["file"] = ""  # it is not written
    return record


def findings_of(source: str, audit: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The findings of an audit with source, project and file in front, those of the document first."""
    for finding in audit["findings"]:
        yield {"source": source, "project": None, "file": None} | finding
    for project in audit["projects"]:
        for finding in project["findings"]:
            yield {"source": source, "project": project["id"], "file": project["file"] or None} | finding


def at_or_above(severity: str, fail_on: str) -> bool:
    """Whether a finding is grave enough to fail on."""
    return _RANK[severity] >= _RANK.get(fail_on, _NEVER)


def shown(finding: dict[str, Any], number: int | None) -> str:
    """A finding as one line: where, how grave, which rule, and the sentence in both languages."""
    place = f"{number:02}" if number else ""
    where = ":".join(part for part in (finding["source"], place, finding["pointer"], _line(finding)) if part)
    where = text_of(where)
    text = f"{finding['message']} / {finding['message_en']}"
    return printable(f"{where}: {finding['severity']} {finding['rule']}: {text}")


def _line(finding: dict[str, Any]) -> str:
    first = finding["places"][0] if finding["places"] else {}
    if "sheet" in first:
        return f"{first['sheet']}!{first['cell']}"
    if "table" in first:
        return f"table {first['table']}, row {first['row']}"
    return f"line {first['line']}" if "line" in first else ""
