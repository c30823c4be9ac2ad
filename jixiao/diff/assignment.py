"""The best pairing of two lists: not the first fit for each, but the greatest sum over all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[int, int]


def best_pairs(scores: dict[Pair, float]) -> list[Pair]:
    """The pairing with the greatest sum of scores; `scores` holds the pairs that are possible at all, all positive."""
    pairs: list[Pair] = []
    for part in _islands(scores):
        if len(part) == 1:
            pairs += part
        else:
            pairs += _assign(part, scores)
    return sorted(pairs)


def _islands(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Possible pairs that do not compete with those of other islands."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    listed = list(pairs)
    for a, b in listed:
        parent[root(("old", a))] = root(("new", b))
    islands: dict[tuple[str, int], list[Pair]] = defaultdict(list)
    for pair in listed:
        islands[root(("old", pair[0]))].append(pair)
    return list(islands.values())


def _assign(island: list[Pair], scores: dict[Pair, float]) -> list[Pair]:
    olds, news = sorted({a for a, _ in island}), sorted({b for _, b in island})
    if len(olds) > len(news):
        turned = {(b, a): scores[a, b] for a, b in island}
        return [(a, b) for b, a in _assign(list(turned), turned)]
    known = set(island)
    cost = [[-scores[a, b] if (a, b) in known else 0.0 for b in news] for a in olds]
    found = ((olds[row], news[column]) for row, column in enumerate(_hungarian(cost)))
    return [pair for pair in found if pair in known]


def _hungarian(cost: list[list[float]]) -> list[int]:
    """The column of each row with the least sum; rows are not more than columns (Kuhn 1955, Munkres 1957, O(n²m))."""
    rows, columns = len(cost), len(cost[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken = [0] * (columns + 1)  # the row that holds a column, from 1; column 0 is where a row starts
    for row in range(1, rows + 1):
        taken[0] = row
        _augment(cost, of_row, of_column, taken)
    result = [0] * rows
    for column in range(1, columns + 1):
        if taken[column]:
            result[taken[column] - 1] = column - 1
    return result


def _augment(cost: list[list[float]], of_row: list[float], of_column: list[float], taken: list[int]) -> None:
    """Find the cheapest path from the row at column 0 to a free column, and shift the rows along it."""
    count = len(of_column)
    least, way, used = [float("inf")] * count, [0] * count, [False] * count
    column = 0
    while taken[column]:
        used[column] = True
        row, step, following = taken[column], float("inf"), 0
        for at in range(1, count):
            if used[at]:
                continue
            reduced = cost[row - 1][at - 1] - of_row[row] - of_column[at]
            if reduced < least[at]:
                least[at], way[at] = reduced, column
            if least[at] < step:
                step, following = least[at], at
        for at in range(count):
            if used[at]:
                of_row[taken[at]] += step
                of_column[at] -= step
            else:
                least[at] -= step
        column = following
    while column:
        taken[column] = taken[way[column]]
        column = way[column]
