"""Which project and which indicator of the old side is which of the new: by key, then by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from jixiao.diff.assignment import Pair, best_pairs
from jixiao.diff.sides import Version
from jixiao.diff.values import Record, same_target
from jixiao.diff.wording import folded, yearless

_PROJECT_LIKE = 0.72  # names less alike than this are two projects, unless their indicators say otherwise
_INDICATORS_LIKE = 0.5  # share of common indicators from which two projects of one department are one renamed
_NAME_LIKE = 0.6  # names of indicators less alike than this are two indicators
_LEVEL_BONUS, _VALUE_BONUS = 0.15, 0.1
_MANY = 3_000  # unmatched projects of one group from which their names are no longer all compared

T = TypeVar("T")


def match_projects(old: list[Version], new: list[Version]) -> list[Pair]:
    """Pairs of projects: the same content, document and key, the same key, that of another year, a similar name."""
    pairs: list[Pair] = []
    for key in (_same, _in_document, _id, _series):
        pairs += _by_key(old, new, pairs, key)
    pairs += _by_likeness(old, new, pairs)
    return sorted(pairs, key=lambda pair: pair[1])


def _same(version: Version) -> Hashable:
    return version.data


def _in_document(version: Version) -> Hashable:
    return (version.sha256, version.record["id"], version.number) if version.sha256 else None


def _id(version: Version) -> Hashable:
    return str(version.record["id"])


def _series(version: Version) -> Hashable:
    front, _, name = str(version.record["id"]).rpartition("-")
    return (front.rpartition("-")[0], name)


def _by_key(old: list[T], new: list[T], taken: list[Pair], key: Callable[[T], Hashable]) -> list[Pair]:
    """Pairs that share a key, in their order where several do; without a key (None) no pair."""
    left, right = _free(len(old), len(new), taken)
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for a in left:
        by_key[key(old[a])].append(a)
    by_key.pop(None, None)
    pairs = []
    for b in right:
        waiting = by_key.get(key(new[b]))
        if waiting:
            pairs.append((waiting.pop(0), b))
    return pairs


def _free(olds: int, news: int, taken: Iterable[Pair]) -> tuple[list[int], list[int]]:
    listed = list(taken)
    used_old, used_new = {a for a, _ in listed}, {b for _, b in listed}
    return [a for a in range(olds) if a not in used_old], [b for b in range(news) if b not in used_new]


def _by_likeness(old: list[Version], new: list[Version], taken: list[Pair]) -> list[Pair]:
    left, right = _free(len(old), len(new), taken)
    scores: dict[Pair, float] = {}
    for olds, news in _groups(old, new, left, right):
        names = [[yearless(side[at].record["name"]) for at in several] for side, several in ((old, olds), (new, news))]
        table = cdist(names[0], names[1], scorer=ratio, dtype=np.float32) / 100
        few = len(olds) * len(news) <= _MANY
        for i, a in enumerate(olds):
            for j in range(len(news)) if few else np.flatnonzero(table[i] >= _PROJECT_LIKE):
                b = news[int(j)]
                score = _project_score(float(table[i, j]), old[a], new[b])
                if score:
                    scores[a, b] = score
    return best_pairs(scores)


def _groups(
    old: list[Version], new: list[Version], left: list[int], right: list[int]
) -> Iterable[tuple[list[int], list[int]]]:
    """Unmatched projects that may be one another: those of one department."""
    by_department: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, several, which in ((old, left, 0), (new, right, 1)):
        for at in several:
            department = side[at].record["department"]
            by_department[department["code"] or folded(department["name"])][which].append(at)
    return [(olds, news) for olds, news in by_department.values() if olds and news]


def _project_score(name: float, old: Version, new: Version) -> float:
    common = _common(old.record["indicators"], new.record["indicators"])
    if name < _PROJECT_LIKE and common < _INDICATORS_LIKE:
        return 0.0
    return name + common


def _common(old: list[Record], new: list[Record]) -> float:
    """Share of indicators, by class and name, that two projects have in common."""
    left, right = ({(each["level2"], yearless(each["name"])) for each in side} for side in (old, new))
    return len(left & right) / max(len(left), len(right), 1)


def match_indicators(old: list[Record], new: list[Record], roll: int) -> list[Pair]:
    """Pairs of indicators: the same class, name and value, then class and name, then name, then similar names."""
    pairs: list[Pair] = []
    for key in (_whole, _named, _name_only):
        pairs += _by_key(old, new, pairs, key)
    left, right = _free(len(old), len(new), pairs)
    scores = {}
    for a in left:
        for b in right:
            score = _indicator_score(old[a], new[b], roll)
            if score:
                scores[a, b] = score
    return sorted(pairs + best_pairs(scores), key=lambda pair: pair[1])


def _whole(indicator: Record) -> Hashable:
    return (*_named(indicator), folded(indicator["target"]["text"]))


def _named(indicator: Record) -> tuple[Any, ...]:
    return (indicator["scope"], indicator["level1"], indicator["level2"], yearless(indicator["name"]))


def _name_only(indicator: Record) -> Hashable:
    return (indicator["scope"], yearless(indicator["name"]))


def _indicator_score(old: Record, new: Record, roll: int) -> float:
    if old["scope"] != new["scope"]:
        return 0.0
    one, other = yearless(old["name"]), yearless(new["name"])
    if 2 * min(len(one), len(other)) < _NAME_LIKE * (len(one) + len(other)):
        return 0.0  # so different in length that they cannot be alike enough
    name = ratio(one, other, score_cutoff=_NAME_LIKE * 100) / 100
    if not name:
        return 0.0
    bonus = _LEVEL_BONUS if old["level2"] == new["level2"] else 0.0
    return name + bonus + (_VALUE_BONUS if same_target(old["target"], new["target"], roll) else 0.0)
