"""The layout families: every form of samples/grids gives its expected projects, whole, damaged and described anew."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from jixiao.encode import project_record
from jixiao.errors import UsageError
from jixiao.layouts import lay, read_layouts
from jixiao.pipeline import Extraction, extract
from normalize.lexicon import class_label
from normalize.vocabulary import LayoutError, families, vocabulary_of
from normalize.words import key, use
from samples.family_forms import FORMS
from samples.make_families import DAMAGE, damaged, plain, sources
from tests.forms import as_tabs

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"


def read(text: str) -> Extraction:
    return extract(text.encode(), name="form.txt").raise_for_status()


def records(extraction: Extraction) -> list[dict[str, Any]]:
    return [project_record(project) for project in extraction.projects]


def doubts(extraction: Extraction) -> set[str]:
    assert extraction.audit is not None
    projects = [finding for project in extraction.audit.projects for finding in project.findings]
    return {each.rule for each in (*extraction.audit.findings, *projects) if each.basis == "reading"}


@pytest.mark.parametrize("slug", sorted(sources()))
def test_the_committed_source_is_what_the_generator_writes(slug: str) -> None:
    assert (SAMPLES / slug / "source.txt").read_text(encoding="utf-8") == sources()[slug]


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_a_damaged_form_gives_the_projects_of_the_whole_one(name: str) -> None:
    whole = read(as_tabs(plain(FORMS[name])))
    assert records(read(damaged(FORMS[name], DAMAGE[name]))) == records(whole)


def test_random_page_cuts_through_any_family_are_mended_or_flagged() -> None:
    random = Random(11)
    lost = 0
    for name in CUT:
        rows = FORMS[name]
        whole = read(as_tabs(plain(rows)))
        for _ in range(8):
            where = _cut(name, random)
            cut = extract(damaged(rows, where, worn=False).encode(), name="form.txt")
            if cut.error is None and records(cut) == records(whole):
                continue
            lost += 1
            assert cut.error or doubts(cut) - doubts(whole), (name, where)
    assert lost <= len(CUT) * 8 * 0.03


def _places(name: str) -> list[tuple[int, int]]:
    """Where the form has words below the header that a cut can go through."""
    rows = FORMS[name]
    classes = [at for at, row in enumerate(rows) if any(class_label(cell, 2) or "】" in cell for cell in row)]
    head = min(classes, default=len(rows) // 2) - 1
    return [
        (at, col)
        for at, row in enumerate(rows[:-1])
        for col, cell in enumerate(row)
        if at > head and len(cell) > 5 and not any(char.isdecimal() for char in cell)
    ]


def _cut(name: str, random: Random) -> tuple[int, int, int, str]:
    """A page cut through the words of a cell below the header."""
    rows, places = FORMS[name], _places(name)
    at, col = random.choice(places)
    return at, col, random.randrange(2, len(rows[at][col]) - 1), random.choice(("\f", "\n", "— 3 —\n"))


CUT = [name for name in FORMS if _places(name)]


# ---- descriptions

COUNTY = """\
titles = ["项目绩效任务书"]

[fields]
name = ["专项事项名称"]

[columns.target]
headers = ["计划达到值"]

[columns.unit]
headers = ["计数单位"]
holds = ["unit"]

[scopes]
half-year = ["前六个月"]
"""
FORM = """\
项目绩效任务书
（2025年度）
专项事项名称\t道路养护
主管部门\t某县交通运输局
一级指标\t二级指标\t三级指标\t计数单位\t前六个月计划达到值\t计划达到值
产出指标\t数量指标\t养护里程\t公里\t5\t12
产出指标\t质量指标\t合格率\t%\t98\t99
"""


def test_a_county_s_description_makes_its_form_readable(tmp_path: Path) -> None:
    county = tmp_path / "county.toml"
    county.write_text(COUNTY, encoding="utf-8")
    try:
        found = extract(FORM.encode(), name="form.txt", layouts=[county]).raise_for_status()
    finally:
        use(())
    assert [(each.scope, each.target.text) for each in found.projects[0].indicators] == [
        ("half-year", "5公里"),
        ("half-year", "98%"),
        ("annual", "12公里"),
        ("annual", "99%"),
    ]
    assert found.audit is not None
    assert (found.projects[0].form, found.projects[0].fiscal_year) == ("项目绩效任务书", 2025)
    assert not found.audit.findings
    assert str(found.audit.tool.options["layouts"]).startswith("county.toml@")
    assert extract(FORM.encode(), name="form.txt").error is not None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[columns.targt]\nheaders = ["x"]\n', 1, "targt"),
        ('# a\n[fields]\nname = ["a"]\nnme = ["b"]\n', 4, "nme"),
        ('[fields]\nname = "a"\n', 2, "list"),
        ('[fields]\nname = ["a"]\nunit = ["b", "a"]\n', 3, "'a'"),
        ('[columns.unit]\nheaders = ["x"]\nholds = ["units"]\n', 3, "units"),
        ('[columns.unit]\nholds = ["unit"]\n', 1, "headers"),
        ("\n[colums]\n", 2, "colums"),
        ('[fields]\nname = ["a"\n', 2, ""),
        ("[fields]\nname = [1]\n", 2, "list"),
    ],
)
def test_a_wrong_description_is_rejected_with_its_line(text: str, line: int, says: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"wrong\.toml, line {line}: .*{says}"):
        read_layouts([wrong])


def test_a_wrong_description_changes_nothing() -> None:
    before = records(read(as_tabs(plain(FORMS["a-target"]))))
    with pytest.raises(UsageError):
        lay([("wrong.toml", "[nothing]\n")])
    assert records(read(as_tabs(plain(FORMS["a-target"])))) == before


def test_a_later_description_wins() -> None:
    merged = vocabulary_of([("a", '[fields]\nname = ["x"]\n'), ("b", '[fields]\nunit = ["x"]\n')], key)
    assert merged.roles["fields"] == {"x": "unit"}


def test_every_label_of_the_families_has_one_role_in_its_section() -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, text in families():
        for section, labels in vocabulary_of([(name, text)], key).roles.items():
            for label, role in labels.items():
                assert seen.setdefault((section, label), role) == role, (name, section, label)


def test_a_description_that_is_no_toml_is_a_layout_error() -> None:
    with pytest.raises(LayoutError, match="x, line 1"):
        vocabulary_of([("x", "[fields\n")], key)
