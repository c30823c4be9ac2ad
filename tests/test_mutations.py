"""Forms mangled at random: never an exception, every value with its place, every repair replayable."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.encode import project_record
from jixiao.pipeline import extract
from schemas.audit import ProjectAudit
from schemas.project import Project
from tests.test_audit import DERIVED, is_read, leaves, text_at
from tests.test_samples import source_of

TITLE = "部门项目支出预算绩效目标表"
FORMS = source_of("pingluo-police-2024").read_text(encoding="utf-8").split(f"\n{TITLE}")[1:]
SCRAPS = (
    "\t", "\n", "\f", "  ", "|", ",", '"', "第3页", "\n— 3 —\n", "标", "指标", "项目名称：某", "名称", "(2024年度)",
    "\u200b", "⼈", "０", "≥", " ", TITLE, "一级指标\t二级指标",
)  # fmt: skip


def mangled(random: Random) -> str:
    text = "".join(TITLE + random.choice(FORMS) + "\n" for _ in range(2))
    for _ in range(random.randrange(1, 30)):
        text = random.choice((_without, _with_scrap, _twice, _lines_swapped, _shifted, _shuffled))(text, random)
    return text


def _span(text: str, random: Random) -> tuple[int, int]:
    start = random.randrange(len(text))
    return start, start + random.randrange(1, 40)


def _without(text: str, random: Random) -> str:
    start, end = _span(text, random)
    return text[:start] + text[end:] + "\n"


def _with_scrap(text: str, random: Random) -> str:
    start, _ = _span(text, random)
    return text[:start] + random.choice(SCRAPS) + text[start:]


def _twice(text: str, random: Random) -> str:
    start, end = _span(text, random)
    return text[:end] + text[start:]


def _lines_swapped(text: str, random: Random) -> str:
    lines = text.split("\n")
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def _shifted(text: str, random: Random) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    lines[at] = lines[at].strip("\t")
    return "\n".join(lines)


def _shuffled(text: str, random: Random) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    cells = lines[at].split("\t")
    random.shuffle(cells)
    lines[at] = "\t".join(cells)
    return "\n".join(lines)


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_read_can_be_audited(seed: int) -> None:
    extraction = extract(mangled(Random(seed)).encode(), name="mangled.txt")
    if extraction.audit:
        for project, audit in zip(extraction.projects, extraction.audit.projects, strict=True):
            _every_leaf_has_a_place(project, audit)
            _every_repair_replays(project, audit)


def _every_leaf_has_a_place(project: Project, audit: ProjectAudit) -> None:
    for pointer, value in leaves(project_record(project)):
        parts = pointer.split("/")
        assert {"/".join(parts[:length]) for length in range(2, len(parts) + 1)} & audit.provenance.keys(), pointer
        assert value != "", pointer


def _every_repair_replays(project: Project, audit: ProjectAudit) -> None:
    record = project_record(project)
    for pointer, places in audit.provenance.items():
        state = "\n".join(place.text for place in places)
        for repair in (each for each in audit.repairs if each.pointer == pointer):
            assert repair.before == ("" if repair.rule in DERIVED else state)
            state = repair.after
        value = text_at(record, pointer) if is_read(pointer) else None
        assert value is None or state == value, pointer
