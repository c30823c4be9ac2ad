"""How exact the projects of a scan are, value by value, beside those of the same form as pasted text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from extract.scan.engine import folded
from jixiao.crosscheck import differences
from jixiao.encode import project_record
from jixiao.extraction import Extraction

_LEAVES = ("name", "code", "unit", "label", "amount", "level1", "level2", "required", "text")
_GRAVE = ("warning", "error")


@dataclass
class Tally:
    """Values compared: how many there are, which were wrong, which of these carry no flag, which flags are needless."""

    values: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    silent: list[tuple[str, str, str]] = field(default_factory=list)
    flags: int = 0
    needless: int = 0

    def add(self, other: Tally) -> None:
        """With those of another document."""
        self.values += other.values
        self.wrong += other.wrong
        self.silent += other.silent
        self.flags += other.flags
        self.needless += other.needless

    @property
    def exact(self) -> float:
        """The share of the values that are right."""
        return max(0.0, 1 - len(self.wrong) / max(1, self.values))


def tally(found: Extraction, true: list[dict[str, Any]]) -> Tally:
    """The values of a reading compared with the true records, after folding width."""
    total = Tally(values=sum(1 for record in true for _ in leaves(record)))
    audits = list(found.audit.projects) if found.audit else []
    records = [folded_record(project_record(project)) for project in found.projects]
    truth = [folded_record(record) for record in true]
    partners = _partners(records, truth)
    for at, record in enumerate(truth):
        mine = partners.get(at)
        if mine is None:
            lost = [("", "", str(value)) for value in leaves(record)]
            total.wrong += lost
            total.silent += [] if _graves(found) else lost
            continue
        flagged = {each.pointer for each in audits[mine].findings if each.severity in _GRAVE}
        flagged |= {f"{each.rpartition('/')[0]}/yuan" for each in flagged if each.endswith(("/amount", "/unit"))}
        unsure = {each.pointer for each in audits[mine].findings if each.rule == "doubtful-reading"}
        wrong = [
            (pointer, str(one), str(two))
            for pointer, one, two in differences(records[mine], record)
            if not pointer.startswith(("/id", "/schema_version", "/extra", "/fiscal_year"))
            for _ in range(_weight(one, two))
        ]
        total.wrong += wrong
        total.silent += [
            each for each in wrong if not _covered(each[0], flagged) and not _told(each, audits[mine], found)
        ]
        total.flags += len(unsure)
        total.needless += sum(not any(_under(each[0], pointer) for each in wrong) for pointer in unsure)
    return total


def leaves(record: Any, key: str = "") -> Iterator[Any]:
    """The values that a reader of the form would check."""
    if isinstance(record, dict):
        for name, value in record.items():
            if name not in ("extra", "id"):
                yield from leaves(value, name)
    elif isinstance(record, list | tuple):
        for value in record:
            yield from leaves(value, key)
    elif record is not None and key in _LEAVES:
        yield record


def _weight(one: Any, two: Any) -> int:
    return max(1, sum(1 for _ in leaves(two if two is not None else one)))


def folded_record(value: Any) -> Any:
    """A record with every text in half width and without spaces."""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, dict):
        return {key: folded_record(each) for key, each in value.items()}
    return [folded_record(each) for each in value] if isinstance(value, list | tuple) else value


def _partners(found: list[dict[str, Any]], true: list[dict[str, Any]]) -> dict[int, int]:
    """The reading of each true record; pairs with the most values in common first, so that a lost one moves none."""
    values = [{str(value) for value in leaves(each)} for each in found]
    mine = [{str(value) for value in leaves(each)} for each in true]
    pairs = (
        (len(mine[at] & values[other]), -abs(at - other), at, other)
        for at, other in product(range(len(true)), range(len(found)))
    )
    partners: dict[int, int] = {}
    for common, _, at, other in sorted(pairs, reverse=True):
        if common > 3 and at not in partners and other not in partners.values():
            partners[at] = other
    return partners


def _graves(found: Extraction) -> bool:
    return found.status != "ok"


def _under(pointer: str, flag: str) -> bool:
    return pointer == flag or pointer.startswith(flag + "/") or flag.startswith(pointer + "/")


def _covered(pointer: str, flags: set[str]) -> bool:
    return any(flag and _under(pointer, flag) for flag in flags)


def _told(wrong: tuple[str, str, str], audit: Any, found: Extraction) -> bool:
    """Whether a finding on the whole says that something is missing, and this is."""
    missing = wrong[1] in ("None", "") or wrong[0].count("/") <= 1
    findings = (*audit.findings, *(found.audit.findings if found.audit else ()))
    if wrong[0].endswith(("level1", "level2", "required")) and any(each.rule == "class-missing" for each in findings):
        return missing  # one finding lists all rows that have no class
    return missing and any(each.severity == "error" for each in findings)
