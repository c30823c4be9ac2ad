"""All projects of a document together: goals copied from one to another, ids twice, letters that strayed in.

Each check takes one pass over the texts, so that hundreds of projects cost no more than their length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from normalize.checks.shared import bare, printed, shown, texts_of
from schemas.audit import Finding
from schemas.project import Project

_SEED = 30
_PASSAGE = 40  # characters without punctuation; shorter passages are set phrases
_SHORTEST_WHOLE = 12  # a whole goal shorter than this is a phrase that anyone may write
_LONGEST = 4000
_COPIED, _PARTLY = 0.6, 0.3


class _Passage(NamedTuple):
    """What a goal shares with an earlier project's: how much of the shorter of the two, and the words."""

    share: float
    text: str
    other: int


def goal_copied(projects: Sequence[Project]) -> Iterator[tuple[int, Finding]]:
    """A goal that shares a long passage with the goal of an earlier project of another name."""
    index = _Passages()
    for number, project in enumerate(projects):
        goals = [bare(goal.text)[:_LONGEST] for goal in project.goals]
        for at, text in enumerate(goals):
            found = index.longest(text)
            if found and found.share >= _PARTLY and bare(projects[found.other].name) != bare(project.name):
                yield number, _copied(f"/goals/{at}/text", found, projects[found.other])
        for text in goals:
            index.add(number, text)


def _copied(pointer: str, found: _Passage, other: Project) -> Finding:
    percent = round(found.share * 100)
    name, words = shown(other.name), shown(found.text, 24)
    return Finding(
        pointer,
        "goal-copied",
        "warning" if found.share >= _COPIED else "info",
        "text",
        f"目标与第{found.other + 1}个项目“{name}”有{len(found.text)}字相同（{percent}%）：“{words}”",
        f"the goal shares {len(found.text)} characters ({percent} %) with that of project {found.other + 1}, “{name}”: "
        f"“{words}”",
    )


class _Passages:
    """Where passages first stood: every tenth start of each text is kept, every start of a new text is looked up."""

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._first: dict[str, tuple[int, int, str]] = {}

    def add(self, project: int, text: str) -> None:
        if len(text) >= _SHORTEST_WHOLE:
            self._whole.setdefault(text, project)
        for start in range(0, len(text) - _SEED + 1, _PASSAGE - _SEED):
            self._first.setdefault(text[start : start + _SEED], (project, start, text))

    def longest(self, text: str) -> _Passage | None:
        """The longest passage that stood before; a short text only as a whole."""
        whole = self._whole.get(text)
        if whole is not None:
            return _Passage(1.0, text, whole)
        best, start = None, 0
        while start <= len(text) - _SEED:
            seen = self._first.get(text[start : start + _SEED])
            found = _around(text, start, *seen) if seen else None
            start += 1
            if found and len(found.text) >= _PASSAGE:
                start += len(found.text) - _SEED
                best = found if best is None or len(found.text) > len(best.text) else best
        return best


def _around(text: str, start: int, project: int, at: int, other: str) -> _Passage:
    """The whole passage around a place where two texts agree."""
    left = _run(text[:start][::-1], other[:at][::-1])
    right = _run(text[start:], other[at:])
    passage = text[start - left : start + right]
    return _Passage(len(passage) / min(len(text), len(other)), passage, project)


def _run(a: str, b: str) -> int:
    """The number of characters that two texts share from their start."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def same_id(projects: Sequence[Project]) -> Iterator[tuple[int, Finding]]:
    """Two projects that the stable key cannot tell apart."""
    first: dict[str, int] = {}
    for number, project in enumerate(projects):
        earlier = first.setdefault(project.id, number)
        if earlier != number:
            yield (
                number,
                Finding(
                    "/id",
                    "same-id",
                    "warning",
                    "text",
                    f"与第{earlier + 1}个项目“{shown(projects[earlier].name)}”的标识相同：{project.id}",
                    f"the id {project.id} is also that of project {earlier + 1}, “{shown(projects[earlier].name)}”",
                ),
            )


# Letters that stand among Han characters by right: A级, B超, C证, U盘, e家.
_LETTER = re.compile(
    r"[A-Za-z](?<=[\u4e00-\u9fff][A-Za-z])(?=[\u4e00-\u9fff])(?![级类座区栋幢股型超轮证照币端站卡点线楼馆标段盘恤光款档等包版厅口组项])"
)


def stray_letter(projects: Sequence[Project]) -> Iterator[tuple[int, Finding]]:
    """A lone letter between Han characters whose surroundings occur nowhere else in the document."""
    found = [
        (number, pointer, text[at.start() - 1 : at.end() + 1])
        for number, project in enumerate(projects)
        if _LETTER.search(printed(project))
        for pointer, text in texts_of(project)
        for at in _LETTER.finditer(text)
    ]
    times = Counter(words for _, _, words in found)
    for number, pointer, words in found:
        if times[words] == 1:
            yield (
                number,
                Finding(
                    pointer,
                    "stray-letter",
                    "info",
                    "text",
                    f"“{words}”中夹有单个字母，可能是水印或误识",
                    f"a lone letter stands in “{words}”; it may be part of a watermark or misread",
                ),
            )
