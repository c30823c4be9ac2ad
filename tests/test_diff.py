"""What changed between two results: exactly what was edited, each difference of the right class and at its place."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.batch import write_all
from jixiao.diff.assignment import best_pairs
from jixiao.diff.comparing import compare
from jixiao.diff.values import same_target
from jixiao.diff.wording import folded, same
from tests import edits
from tests.forms import SAMPLES, expected_projects
from tests.inside import jixiao
from tests.pdfs import forms_pdf
from tests.test_cli import Result

WHOLE = SAMPLES / "whole-form" / "source.txt"
SEED = SAMPLES / "pingluo-police-2024" / "source.txt"


def test_a_year_roll_with_shuffled_rows_gives_exactly_what_was_changed() -> None:
    rng = random.Random(2024)
    edited = edits.Edited(copy.deepcopy(edits.base()))
    plan = [
        (edits.change_value, 8), (edits.change_grade, 2), (edits.change_amount, 3), (edits.add_indicator, 2),
        (edits.remove_indicator, 2), (edits.rename_indicator, 2), (edits.reword_goal, 1), (edits.add_project, 1),
        (edits.remove_project, 1),
    ]  # fmt: skip
    for change, count in plan:
        wanted = len(edited.truth) + count
        while len(edited.truth) < wanted:
            change(rng, edited)
    for _ in range(15):
        edits.respace(rng, edited)
    edits.shuffle(rng, edited)
    edits.roll_year(edited)
    assert len(edited.truth) == 22
    comparison = compare(edits.versions(edits.base(), "old"), edits.versions(edited.projects, "new"))
    assert sorted(edits.told(comparison), key=str) == sorted(edited.truth, key=str)
    forms = [change for change in comparison.changes if change.cls == "format" and "/target" in change.pointer]
    assert len(forms) >= 10


def test_a_thousand_random_edit_scripts_are_told_almost_without_error() -> None:
    old = edits.versions(edits.base(), "old")
    right = missing = wrong = 0
    for seed in range(1000):
        rng = random.Random(seed)
        edited = edits.Edited(copy.deepcopy(edits.base()))
        for _ in range(rng.randrange(1, 25)):
            rng.choice([*edits.MEANING, *edits.MEANING, *edits.WORDING, *edits.PROJECTS, edits.respace])(rng, edited)
        edits.shuffle(rng, edited)
        if seed % 2:
            edits.roll_year(edited)
        found = edits.score(edited.truth, edits.told(compare(old, edits.versions(edited.projects, "new"))))
        right, missing, wrong = (a + b for a, b in zip((right, missing, wrong), found, strict=True))
    assert right > 9000
    assert 2 * right / (2 * right + missing + wrong) >= 0.99


def test_projects_and_indicators_compared_with_themselves_in_any_order_differ_in_nothing_but_order() -> None:
    edited = edits.Edited(copy.deepcopy(edits.base()))
    edits.shuffle(random.Random(1), edited)
    comparison = compare(edits.versions(edits.base(), "old"), edits.versions(edited.projects, "new"))
    assert {(change.cls, change.kind) for change in comparison.changes} == {("format", "moved")}
    assert comparison.pairs == 13


def test_a_project_printed_twice_is_paired_with_the_copy_that_says_the_same() -> None:
    first = edits.base()
    changed = copy.deepcopy(first[2])
    changed["indicators"][0]["target"] = edits.target("777处")
    old, new = [*first, changed], [changed, *first]
    comparison = compare(edits.versions(old, "old"), edits.versions(new, "new"))
    assert edits.told(comparison) == []
    assert comparison.pairs == 14


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9).map(float), max_size=14))
def test_the_assignment_is_the_best_there_is(scores: dict[tuple[int, int], float]) -> None:
    pairs = best_pairs(scores)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert sum(scores[pair] for pair in pairs) == best_by_trying(tuple(scores), scores)


def best_by_trying(left: tuple[tuple[int, int], ...], scores: dict[tuple[int, int], float]) -> float:
    if not left:
        return 0.0
    first, rest = left[0], left[1:]
    with_it = scores[first] + best_by_trying(tuple(p for p in rest if p[0] != first[0] and p[1] != first[1]), scores)
    return max(with_it, best_by_trying(rest, scores))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.93万元", "19300元"), ("≥95%", "不低于95%"), ("≧ 95%", "≥95％"), ("8个", "=8个"), ("2024年底", "2025年底"),
        ("有效提升。", "有效提升"), ("3374平方米", "3374㎡"),
        ("1,030,700.00元", "1030700元"), ("2024年12月31日前", "2025年12月31日前"),
        ("1-3次", "1～3次"), ("≥11.5公里", "≥11500米"), ("2公顷", "20000平方米"), ("1-2吨", "1000-2000公斤"),
        ("0.5小时", "30分钟"), ("3千克", "3公斤"),
    ],
)  # fmt: skip
def test_two_ways_to_print_a_target_are_a_matter_of_form(one: str, other: str) -> None:
    assert same_target(edits.target(one), edits.target(other), 1)
    assert same_target(edits.target(other), edits.target(one), -1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5万元", "35万元"), ("≥95%", "≤95%"), ("≥95%", ">95%"),
        ("95%", "95‰"), ("100元/人", "100元/次"), ("2024年底", "2026年底"),
        ("合格", "不合格"), ("10人", "10人左右"),
        ("1-3次", "1-4次"), ("1.93万元", "1.93元"), ("2024年6月", "2024年8月"),
        ("10万元/年", "10万元"), ("90%-95%", "90%"), ("1公里", "1米"), ("15亩", "1公顷"), ("2吨", "2000米"),
    ],
)  # fmt: skip
def test_two_targets_that_differ_in_what_they_promise_are_not_the_same(one: str, other: str) -> None:
    assert not same_target(edits.target(one), edits.target(other), 1)


@given(st.text(max_size=20))
def test_folding_a_text_twice_is_folding_it_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_years_roll_together_or_stay() -> None:
    assert same("2024年1月至2024年12月", "2025年1月至2025年12月", 1)
    assert same("2021年项目2024年目标", "2021年项目2025年目标", 1)
    assert not same("2024年1月", "2026年1月", 1)
    assert not same("2024年1月", "2025年1月", 0)
    assert not same("2024人", "2025人次", 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form as it is, with one value changed, with one name reworded, and printed otherwise."""
    place = tmp_path_factory.mktemp("made")
    text = WHOLE.read_text(encoding="utf-8")
    kinds = {
        "old": text,
        "value": text.replace("管护补助资金\t80万元", "管护补助资金\t85万元"),
        "word": text.replace("受益农户满意度\t", "受益农民满意度\t"),
        "form": text.replace("培训费用\t6.5万元", "培训费用\t65000元").replace("≥95%", "≥ 95％。"),
    }
    for name, data in kinds.items():
        (place / name).mkdir()
        (place / name / "form.txt").write_text(data, encoding="utf-8")
        write_all([str(place / name / "form.txt")], place / name / "out", 1, lambda _: None)
    return place


def diff(made: Path, old: str, new: str, *more: str) -> Result:
    return jixiao("diff", f"{old}/out", f"{new}/out", *more, cwd=made)


def test_a_changed_value_is_one_line_of_meaning_with_its_place(made: Path) -> None:
    done = diff(made, "old", "value")
    assert done.code == 1
    lines = done.text.splitlines()
    assert lines[1] == "  meaning      成本指标 管护补助资金: 80万元 → 85万元   /indicators/5/target (page 1, line 16)"
    assert lines[2:] == ["1 meaning, 0 wording, 0 format, 0 extraction; 1 project compared"]


@pytest.mark.parametrize(
    ("new", "level", "code"),
    [
        ("old", "any", 0), ("form", "any", 1), ("form", "wording", 0), ("word", "wording", 1), ("word", "meaning", 0),
        ("value", "meaning", 1), ("value", "never", 0),
    ],
)  # fmt: skip
def test_the_exit_code_follows_fail_on(made: Path, new: str, level: str, code: int) -> None:
    done = diff(made, "old", new, "--fail-on", level, "-q")
    assert (done.code, done.text, done.err) == (code, "", "")


def test_differences_of_form_are_counted_and_shown_when_asked(made: Path) -> None:
    assert diff(made, "old", "form").text == "0 meaning, 0 wording, 2 format, 0 extraction; 1 project compared\n"
    assert "  format       成本指标 管护人员培训费用: 6.5万元 → 65000元" in diff(made, "old", "form", "-v").text


def test_the_same_source_read_otherwise_is_extraction_only(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "old" / "out", tmp_path / "out")
    [file] = tmp_path.glob("out/form/01-*.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    record["indicators"][0]["target"] |= {"text": "15亩", "number": 15, "base_number": 15}
    del record["indicators"][3]
    file.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    done = jixiao("diff", made / "old" / "out", tmp_path / "out")
    assert done.code == 0
    assert done.text.splitlines()[-1] == "0 meaning, 0 wording, 0 format, 2 extraction; 1 project compared"
    assert jixiao("diff", made / "old" / "out", tmp_path / "out", "--fail-on", "any").code == 1


def test_attachments_and_project_files_are_compared_too(made: Path) -> None:
    by_source = jixiao("diff", "old/form.txt", "value/form.txt", cwd=made)
    files = [str(next((made / name / "out" / "form").glob("01-*.json"))) for name in ("old", "value")]
    by_file = jixiao("diff", *files, cwd=made)
    assert by_source.code == by_file.code == 1
    assert by_source.text.splitlines()[1:] == by_file.text.splitlines()[1:]


def test_a_value_changed_in_a_copied_pdf_is_one_line_with_its_page_and_box(tmp_path: Path) -> None:
    projects = expected_projects("pingluo-police-2024")
    (tmp_path / "old.pdf").write_bytes(forms_pdf(projects))
    projects[10]["indicators"][0]["target"]["text"] = "11866.21平方米"
    (tmp_path / "new.pdf").write_bytes(forms_pdf(projects))
    for name in ("old", "new"):
        assert jixiao("extract", f"{name}.pdf", "-o", name, cwd=tmp_path).code == 0
    for sides in (("old.pdf", "new.pdf"), ("old", "new")):
        done = jixiao("diff", *sides, cwd=tmp_path)
        assert done.code == 1
        lines = done.text.splitlines()
        assert lines[-1] == "1 meaning, 0 wording, 0 format, 0 extraction; 13 projects compared"
        assert len(lines) == 3
        assert "11566.21平方米 → 11866.21平方米   /indicators/0/target (page " in lines[1]
        assert ", box " in lines[1]
    record = json.loads(jixiao("diff", "old", "new", "--format", "json", cwd=tmp_path).text)
    [change] = record["changes"]
    audit = json.loads((tmp_path / "new" / "new" / "audit.json").read_bytes())
    [place] = audit["projects"][10]["provenance"]["/indicators/0/target"]
    assert change["new"]["place"] == place
    assert place["text"] == "11866.21平方米"


def git(repository: Path, *arguments: str) -> None:
    person = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", "-C", str(repository), *person, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(made: Path, tmp_path: Path) -> Path:
    """A repository whose two commits hold the results of two versions, and the first attachment."""
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    for name in ("old", "value"):
        shutil.rmtree(place / "数据", ignore_errors=True)
        shutil.copytree(made / name / "out", place / "数据" / "out", copy_function=shutil.copyfile)
        shutil.copyfile(made / name / "form.txt", place / "form.txt")
        for file in place.rglob("*.*"):  # git tells files of one size apart by their times, in seconds
            os.utime(file, (len(name), len(name)))
        git(place, "add", "-A")
        git(place, "commit", "-q", "-m", name)
    return place


@pytest.mark.parametrize(
    "arguments",
    [
        ("HEAD~1:数据/out", "数据/out"),
        ("HEAD~1:数据/out/form", "HEAD:数据/out/form"), ("--git", "HEAD~1", "数据/out"),
        ("--git", "HEAD~1..HEAD", "数据/out"), ("HEAD~1:form.txt", "form.txt"), ("--git", "HEAD~1..", "form.txt"),
    ],
)  # fmt: skip
def test_git_revisions_are_compared(repository: Path, arguments: tuple[str, ...]) -> None:
    done = jixiao("diff", *arguments, cwd=repository)
    assert done.code == 1, done.err
    assert done.text.splitlines()[-1] == "1 meaning, 0 wording, 0 format, 0 extraction; 1 project compared"


def test_a_revision_is_read_from_a_folder_below_the_top(repository: Path) -> None:
    done = jixiao("diff", "--git", "HEAD~1", "out", cwd=repository / "数据")
    assert (done.code, len(done.text.splitlines())) == (1, 3)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("none", "old/out"), 3, "not-found"),
        (("old", "old/out"), 3, "no-results"),
        (("nowhere:out", "old/out"), 3, "not-found"),
        (("HEAD", "old/out"), 3, "not-found: HEAD"),
        (("old/out/manifest.jsonl", "old/out"), 3, "not-a-table: old/out/manifest.jsonl"),
        (("old/form.txt", "old/out", "--update-baseline"), 2, "usage"),
        (("old/out", "value/out", "--baseline", "none.json"), 2, "usage"),
        (("old/out", "value/out", "-o", "none/x.txt"), 6, "output"),
    ],
)
def test_what_cannot_be_compared_is_one_clear_line(
    made: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = jixiao("diff", *arguments, cwd=made)
    assert (done.code, len(done.lines)) == (code, 1)
    assert done.lines[0].startswith(f"jixiao: {said}: ")


def test_results_with_a_missing_file_are_refused(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "old" / "out", tmp_path / "out")
    next(tmp_path.glob("out/form/01-*.json")).unlink()
    done = jixiao("diff", tmp_path / "out", made / "old" / "out")
    assert (done.code, len(done.lines)) == (3, 1)
    assert "the file is missing" in done.lines[0]


def test_results_of_another_schema_are_told_by_its_version(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "old" / "out", tmp_path / "out")
    file = next(tmp_path.glob("out/form/01-*.json"))
    file.write_text(file.read_text(encoding="utf-8").replace('"1.0"', '"2.0"', 1), encoding="utf-8")
    done = jixiao("diff", tmp_path / "out", made / "old" / "out")
    assert (done.code, done.lines) == (3, [f"jixiao: damaged: {file} is of schema 2.0; this jixiao knows 1.x"])


def test_results_without_projects_are_a_side_and_the_documents_behind_that_are_told(made: Path, tmp_path: Path) -> None:
    (tmp_path / "seed.txt").write_text("no form\n", encoding="utf-8")
    assert jixiao("extract", tmp_path / "seed.txt", "-o", tmp_path / "none").code == 3
    done = jixiao("diff", made / "old" / "out", tmp_path / "none")
    assert done.code == 1
    assert "0 projects compared" in done.text
    assert len(done.lines) == 1
    assert done.lines[0].startswith("jixiao: note: ")
    assert done.lines[0].endswith("seed.txt could not be read (not-a-table); its projects are not on this side")
    again = jixiao("diff", tmp_path / "none", tmp_path / "none")
    assert (again.code, "0 projects compared" in again.text) == (0, True)
    (tmp_path / "empty").mkdir()
    assert jixiao("diff", tmp_path / "empty", made / "old" / "out").code == 3


def test_json_tells_both_sides(made: Path) -> None:
    record = json.loads(diff(made, "old", "value", "--format", "json").text)
    assert record["counts"] == {"meaning": 1, "wording": 0, "format": 0, "extraction": 0}
    [change] = record["changes"]
    assert (change["before"], change["after"], change["kind"]) == ("80万元", "85万元", "changed")
    assert change["old"]["pointer"] == change["new"]["pointer"] == "/indicators/5/target"
    assert change["new"]["place"]["text"] == "85万元"
    assert change["new"]["file"].startswith("value/out/form/01-")


def test_markdown_and_html_cannot_be_led_astray_by_what_a_form_says(made: Path, tmp_path: Path) -> None:
    evil = WHOLE.read_text(encoding="utf-8").replace("农田1566.2亩,", "<img src=x onerror=alert(1)>|`x`[a](b)")
    (tmp_path / "form.txt").write_text(evil, encoding="utf-8")
    page = jixiao("diff", made / "old" / "form.txt", tmp_path / "form.txt", "--format", "html").text
    assert "<img" not in page
    assert "&lt;img" in page
    table = jixiao("diff", made / "old" / "form.txt", tmp_path / "form.txt", "--format", "markdown").text
    assert "<img" not in table
    assert "\\|\\`x\\`\\[a\\](b)" in table


def test_a_baseline_hides_what_is_known_and_nothing_else(made: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    written = diff(made, "old", "value", "--baseline", baseline, "--update-baseline")
    assert (written.code, written.lines) == (0, [f"{baseline}: 1 difference known"])
    known = diff(made, "old", "value", "--baseline", baseline)
    assert (known.code, known.text) == (
        0, "0 meaning, 0 wording, 0 format, 0 extraction; 1 project compared; 1 more known\n",
    )  # fmt: skip
    other = diff(made, "word", "value", "--baseline", baseline, "--fail-on", "any")
    assert other.code == 1
    assert "指标名称: 受益农民满意度 → 受益农户满意度" in other.text
    assert "80万元" not in other.text
