"""What the headers of grids say: of indicators, of funding, of lists of projects, of places."""

from __future__ import annotations

import re
from typing import cast

from msgspec import Struct

from normalize.words import key, remembered, roles, vocabulary, without_remark
from schemas.project import Scope

_YEARS = re.compile(r"^20\d\d(?:年度|年)?")
_LONGEST = 60
_UNIT_BEHIND = re.compile(r"(?:金额)?(?:单位)?(?:人民币)?(?:万元|千元|亿元|元)$")


class Column(Struct, frozen=True):
    """What a header says of its column: the roles it may have, the likeliest first, and the scope of its values."""

    roles: tuple[str, ...]
    scope: Scope | None = None


@remembered
def column(text: str) -> Column | None:
    """The column that a header cell names; None for an unknown label.

    A remark in brackets and a year (2025年指标值) do not count, unless the remark is a scope; a scope before a known
    header (半年目标值) does.
    """
    if not text or len(text) > _LONGEST:
        return None
    remarkless, known = without_remark(text), vocabulary().columns
    for bare in dict.fromkeys((key(text), key(remarkless))):
        yearless = _YEARS.sub("", bare)
        for form in dict.fromkeys((bare, yearless if len(yearless) > 2 else bare)):
            if found := known.get(form):
                return Column(found, scope_of(text.removeprefix(remarkless)) or scope_of(form))
            scope, rest = _split_scope(form)
            if scope and (found := known.get(rest)):
                return Column(found, scope)
    return None


def header_year(text: str) -> int | None:
    """The year that a header begins with (2023年实际值); None where it begins with none."""
    found = _YEARS.match(key(text))
    return int(found[0][:4]) if found else None


_YEAR_HEAD = re.compile(r"20\d\d年?度?(?:预算|安排|计划|资金|金额|投资|数|总额|万元|元)*")


def is_year_head(text: str) -> bool:
    """Whether a header says of which year amounts are and nothing else: 2024年, 2025年预算数（万元）."""
    bare = key(text)
    return _YEAR_HEAD.fullmatch(bare) is not None and not bare.isdecimal()


def _split_scope(bare: str) -> tuple[Scope | None, str]:
    """A scope that a label begins with, and the rest of the label; whole and None where it begins with none."""
    found = _scopes().match(bare)
    return (cast(Scope, roles("scopes")[found[0]]), bare[found.end() :]) if found else (None, bare)


@remembered
def _scopes() -> re.Pattern[str]:
    """The words that state a scope, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(roles("scopes"), key=len, reverse=True))) or "(?!)")


@remembered
def scope_of(text: str) -> Scope | None:
    """The scope that a label states by the word it begins with: 中期绩效指标, 年度金额, （半年）."""
    return _split_scope(_YEARS.sub("", key(text)))[0]


def is_header(text: str) -> bool:
    """Whether a text is a header of the vocabulary as it stands, no year, scope or remark taken off."""
    return key(text) in vocabulary().columns


@remembered
def block_scope(text: str) -> Scope | None:
    """The scope of a block's label (中期绩效指标); None where it is none or states no scope."""
    scope = roles("blocks").get(key(text))
    return None if scope in (None, "any") else cast(Scope, scope)


def holds(role: str) -> tuple[str, ...]:
    """The kinds of content that confirm a column's role; empty where nothing is asked."""
    return vocabulary().holds.get(role, ())


@remembered
def funding_column(text: str) -> Column | None:
    """The column of the funding block that a header names (全年预算数, 半年执行计划数); None for anything else."""
    known = roles("funding-columns")
    for bare in (key(text), key(without_remark(text))):
        scope, rest = _split_scope(bare)
        if role := known.get(bare) or (scope and known.get(rest)):
            return Column((role,), scope)
    return None


@remembered
def list_column(text: str) -> str | None:
    """The role of a project's own column in a list of projects: that of a field's label, or "goal", "total"."""
    known = roles("list-columns")
    return known.get(key(text)) or known.get(_UNIT_BEHIND.sub("", key(text)))


@remembered
def is_task_column(text: str) -> bool:
    """Whether a text heads a column of a table of tasks inside the field block; a year before it does not count."""
    known, bare = roles("task-columns"), key(text)
    return bare in known or _YEARS.sub("", bare) in known


@remembered
def is_place(text: str) -> bool:
    """Whether a header may be the name of a place, or of the sum of all places."""
    bare = key(text)
    return 2 <= len(bare) <= 16 and (bare.endswith(_endings()) or is_sum_of_places(text)) and column(text) is None


def is_sum_of_places(text: str) -> bool:
    """Whether a header stands for all places together (合计, 全省, 全省合计, 县区小计)."""
    known, bare = roles("places"), key(text)
    heads = [bare.removesuffix(word) for word, role in known.items() if role == "sums" and bare.endswith(word)]
    return any(not head or known.get(head) == "sums" or head.endswith(_endings()) for head in heads)


def _endings() -> tuple[str, ...]:
    return tuple(word for word, role in roles("places").items() if role == "endings")
