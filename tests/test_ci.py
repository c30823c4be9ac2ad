"""What CI systems read: every format fits its schema and points at the right line; a baseline hides the known."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pre_commit.clientlib import load_config, load_manifest

from jixiao.encode import pretty
from jixiao.formats import CI
from jixiao.formats.items import Fingerprints, Item
from jixiao.formats.lines import line_of, lines_of
from tests.forms import SAMPLES, expected_projects
from tests.goldens import ROOT
from tests.inside import jixiao
from tests.pdfs import forms_pdf
from tests.test_cli import Result
from tests.test_diff import git

OWN = SAMPLES / "own-errors" / "source.txt"
WHOLE = SAMPLES / "whole-form" / "source.txt"
SCHEMAS = ROOT / "tests" / "data" / "schemas"
EXAMPLE = ROOT / "examples" / "ci"

Record = dict[str, Any]


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def valid(name: str, text: str) -> Any:
    """The report, once its published schema accepts it."""
    if name == "junit":
        xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd").validate(text)
        return ET.fromstring(text)  # noqa: S314 - our own text
    if name == "github":
        command = re.compile(r"::(error|warning|notice) file=[^:,]+(,line=[1-9]\d*)?,title=[^:,]+::[^\r\n]+")
        assert all(command.fullmatch(line) for line in text.splitlines())
        return text.splitlines()
    record = json.loads(text)
    kind = {"sarif": "sarif-2.1.0", "gitlab": "gitlab-code-quality"}[name]
    jsonschema.validators.validator_for(schema(kind))(schema(kind)).validate(record)
    return record


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results with findings, of a text and of a PDF, and those of a PDF with one value changed."""
    place = tmp_path_factory.mktemp("ci")
    shutil.copy(OWN, place / "own.txt")
    (place / "seed.pdf").write_bytes(forms_pdf(expected_projects("pingluo-police-2024")))
    jixiao("extract", "own.txt", "seed.pdf", "-o", "out", cwd=place)
    changed = expected_projects("pingluo-police-2024")
    changed[1]["indicators"][0]["target"]["text"] = "240人"
    (place / "new").mkdir()
    (place / "new" / "seed.pdf").write_bytes(forms_pdf(changed))
    shutil.copy(OWN, place / "new" / "own.txt")
    jixiao("extract", "new/seed.pdf", "new/own.txt", "-o", "out2", cwd=place)
    return place


def check(place: Path, *arguments: str) -> Result:
    return jixiao("check", *arguments, cwd=place)


@pytest.mark.parametrize("name", CI)
@pytest.mark.parametrize(
    "arguments", [("check", "out"), ("check", "own.txt"), ("check", "seed.pdf"), ("diff", "out", "out2")]
)
def test_a_report_fits_its_schema(out: Path, name: str, arguments: tuple[str, ...]) -> None:
    done = jixiao(*arguments, "--output-format", name, cwd=out)
    assert done.code == 1
    assert len(valid(name, done.text)) > 0


@pytest.mark.parametrize("name", CI)
def test_a_report_about_nothing_fits_its_schema_too(out: Path, name: str) -> None:
    shutil.copy(WHOLE, out / "clean.txt")
    done = jixiao("check", "clean.txt", "--output-format", name, cwd=out)
    assert done.code == 0
    valid(name, done.text)


@given(st.lists(st.tuples(st.text(max_size=9), st.text(min_size=1, max_size=9), st.integers(1, 99)), max_size=4))
def test_no_text_of_a_form_breaks_a_report(texts: list[tuple[str, str, int]]) -> None:
    items = Fingerprints().mark(
        Item("rule", "warning", f"x{message}", f"a/{file}.json", line, (message, file)) for message, file, line in texts
    )
    for name in ("gitlab", "sarif", "junit"):
        text = CI[name](items, ["b.json"])
        if name == "junit":
            ET.fromstring(text)  # noqa: S314 - our own text
        else:
            valid(name, text)
    assert len(CI["github"](items, []).split("\n")) == len(items) + 1


def test_a_finding_is_at_the_line_of_the_json_with_page_box_and_pointer(out: Path) -> None:
    log = valid("sarif", check(out, "out", "--output-format", "sarif").text)
    results = [each for each in log["runs"][0]["results"] if each["ruleId"] == "goal-count"]
    place = next(each for each in results if "326" in each["message"]["text"])
    physical = place["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"].startswith("out/seed/02-2024%E5%B9%B4")
    [file] = (out / "out" / "seed").glob("02-*.json")
    line = file.read_text(encoding="utf-8").splitlines()[physical["region"]["startLine"] - 1]
    assert line.strip().startswith('"text": "补充平罗县公安局实有326名辅警')
    properties = place["properties"]
    assert properties["pointer"] == "/goals/0/text"
    assert (properties["page"], len(properties["box"])) == (2, 4)


def test_a_change_is_at_the_line_of_the_new_json(out: Path) -> None:
    done = jixiao("diff", "out", "out2", "--output-format", "sarif", cwd=out)
    [result] = valid("sarif", done.text)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("meaning-changed", "error")
    physical = result["locations"][0]["physicalLocation"]
    [file] = (out / "out2" / "seed").glob("02-*.json")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[physical["region"]["startLine"] - 1].strip() == '"target": {'
    assert lines[physical["region"]["startLine"]].strip() == '"text": "240人",'
    assert result["properties"]["pointer"] == "/indicators/0/target"
    assert (result["properties"]["page"], len(result["properties"]["box"])) == (2, 4)


def test_junit_has_a_case_for_every_file_and_fails_those_with_findings(out: Path) -> None:
    root = valid("junit", check(out, "out", "--output-format", "junit").text)
    cases = root.findall(".//testcase")
    project_files = {f"out/{path.parent.name}/{path.name}" for path in (out / "out").glob("*/[0-9]*.json")}
    assert project_files <= {case.get("name") for case in cases}
    failed = [case for case in cases if case.find("failure") is not None]
    assert 0 < len(failed) < len(cases)
    assert root.get("failures") == str(len(failed))


def test_fingerprints_are_each_unlike_the_others_and_stay_when_rows_move(out: Path, tmp_path: Path) -> None:
    before = json.loads(check(out, "own.txt", "--output-format", "gitlab").text)
    assert len({each["fingerprint"] for each in before}) == len(before)
    text = OWN.read_text(encoding="utf-8")
    (tmp_path / "own.txt").write_text("\n\n\n" + text, encoding="utf-8")
    after = json.loads(check(tmp_path, "own.txt", "--output-format", "gitlab").text)
    assert {each["fingerprint"] for each in after} == {each["fingerprint"] for each in before}
    assert after[0]["location"]["lines"] != before[0]["location"]["lines"]


@pytest.mark.parametrize("kind", ["text", "jsonl", "sarif"])
def test_only_findings_beyond_the_baseline_are_told_and_fail(out: Path, tmp_path: Path, kind: str) -> None:
    baseline = str(tmp_path / "known.json")
    written = check(out, "out", "--baseline", baseline, "--update-baseline")
    assert (written.code, written.text) == (0, "")
    assert re.fullmatch(r".*known\.json: \d+ findings known", written.lines[0])
    clean = check(out, "out", "--baseline", baseline, "--format", kind)
    assert clean.code == 0
    text = OWN.read_text(encoding="utf-8").replace("≥95%", "≥295%")
    (tmp_path / "own.txt").write_text(text, encoding="utf-8")
    done = check(tmp_path, "own.txt", "--baseline", baseline, "--format", kind)
    assert done.code == 1
    found = json.loads(done.text)["runs"][0]["results"] if kind == "sarif" else done.text.splitlines()
    assert len(found) == 1
    assert "295%" in str(found[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no baseline"), ('{"version": 2, "items": []}', "version 2"), ('{"version": 1}', "is no baseline")],
)
def test_a_baseline_that_is_none_is_refused(out: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "known.json").write_text(text, encoding="utf-8")
    done = check(out, "own.txt", "--baseline", str(tmp_path / "known.json"))
    assert (done.code, len(done.lines)) == (2, 1)
    assert said in done.lines[0]


def test_a_document_that_cannot_be_read_is_in_the_report(out: Path) -> None:
    (out / "none.txt").write_text("nothing\n", encoding="utf-8")
    done = check(out, "none.txt", "own.txt", "--output-format", "gitlab")
    assert done.code == 4
    issues = valid("gitlab", done.text)
    assert [each["location"]["path"] for each in issues if each["check_name"] == "not-a-table"] == ["none.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
@pytest.mark.parametrize("kind", ["text", "jsonl", *CI])
def test_a_folder_whose_name_is_no_text_is_reported_like_any(out: Path, tmp_path: Path, kind: str) -> None:
    place = shutil.copytree(out / "out2", tmp_path / "name\udcff")
    for arguments in (("check", place), ("diff", out / "out", place)):
        if arguments[0] == "check" or kind != "jsonl":
            done = jixiao(*arguments, "--format", kind, "-o", tmp_path / "report")
            assert (done.code, done.lines) == (1, [])
            assert "name" in (tmp_path / "report").read_text(encoding="utf-8")


def test_a_report_goes_whole_into_a_file(out: Path, tmp_path: Path) -> None:
    for kind in ("text", "jsonl", "junit"):
        done = check(out, "own.txt", "--format", kind, "-o", str(tmp_path / kind))
        assert (done.code, done.text) == (1, "")
        assert (tmp_path / kind).read_text(encoding="utf-8") == check(out, "own.txt", "--format", kind).text
    assert check(out, "own.txt", "-o", str(tmp_path / "no" / "file")).code == 6


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_every_pointer_of_a_json_text_has_its_line(value: Any) -> None:
    data = pretty({"first": 1, "value": value, "last": "}"})
    lines = data.decode().split("\n")
    found = lines_of(data)
    assert found["/last"] == len(lines) - 2
    assert found["/first"] == 2
    assert set(found) == set(pointers({"first": 1, "value": value, "last": "}"}, ""))
    assert line_of(data, "/value/nowhere/at/all") == 3


def pointers(value: Any, at: str) -> list[str]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    below = [f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}" for key, _ in inner]
    return [at, *(deeper for (_, each), name in zip(inner, below, strict=True) for deeper in pointers(each, name))]


def test_the_files_for_ci_systems_fit_their_published_schemas() -> None:
    vendor = files("check_jsonschema.builtin_schemas.vendor")
    for file, name in (
        (ROOT / "action.yml", "github-actions"),
        (EXAMPLE / "gitlab.yml", "gitlab-ci"),
        (EXAMPLE / "github.yml", "github-workflows"),
    ):
        published = json.loads((vendor / f"{name}.json").read_text(encoding="utf-8"))
        record = yaml.safe_load(file.read_text(encoding="utf-8"))
        record = {("on" if key is True else key): value for key, value in record.items()}
        jsonschema.validators.validator_for(published)(published).validate(record)
    hooks = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    config = load_config(EXAMPLE / "pre-commit.yml")
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} <= {hook["id"] for hook in hooks}


def environment(**more: str) -> dict[str, str]:
    """One in which `jixiao` is this very program."""
    return {key: value for key, value in os.environ.items() if not key.startswith("JIXIAO")} | more


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "bin" / "jixiao"
    file.parent.mkdir()
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jixiao.cli "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    return str(file)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The worked example, committed."""
    place = tmp_path / "repository"
    shutil.copytree(EXAMPLE, place, ignore=shutil.ignore_patterns("out"))
    git(place, "init", "-q", "-b", "main")
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "forms and their extraction")
    return place


def changed_pdf() -> bytes:
    project = expected_projects("whole-form")[0]
    project["indicators"][2]["target"]["text"] = "100人"
    return forms_pdf([project])


def gate(repository: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(repository / "gate.sh"), *arguments]
    return subprocess.run(command, env=environment(JIXIAO=program), capture_output=True, text=True, check=False)


def test_the_example_passes_its_own_gate(repository: Path, program: str) -> None:
    done = gate(repository, program)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "0 meaning, 0 wording, 0 format, 0 extraction; 2 projects compared\n"


def test_the_gate_fails_on_a_changed_value_and_points_at_page_and_box(repository: Path, program: str) -> None:
    (repository / "forms" / "管护项目.pdf").write_bytes(changed_pdf())
    done = gate(repository, program)
    assert done.returncode == 1
    meaning = [line for line in done.stdout.splitlines() if line.startswith("  meaning")]
    assert len(meaning) == 1
    assert re.search(r"培训管护人员: 120人 → 100人   /indicators/2/target \(page 1, box [\d. ]+\)", meaning[0])
    for name in ("check", "diff"):
        valid("sarif", (repository / "out" / f"{name}.sarif").read_text(encoding="utf-8"))
    assert gate(repository, program, "--accept").returncode == 0
    assert gate(repository, program).returncode == 0
    changed = subprocess.run(["git", "status", "--porcelain", "-z"], cwd=repository, capture_output=True, check=True)
    names = {entry[3:].split("/")[0] for entry in changed.stdout.decode().split("\0") if entry}
    assert {"forms", "golden", "baseline.json"} >= names - {"out"}


PYTHON = """#!/bin/sh
# Stands in for `python -m venv DIR` and for what pip would install there.
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$@" >> "%s/asked"\\n' "$3" > "$3/bin/pip"
ln -s "{program}" "$3/bin/jixiao"
chmod +x "$3/bin/pip"
"""


def action(repository: Path, program: str, scratch: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The steps of action.yml as a runner runs them, but for what comes from elsewhere."""
    record = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    known = {name: str(each.get("default", "")) for name, each in record["inputs"].items()} | {
        name.replace("_", "-"): value for name, value in inputs.items()
    }
    assert set(known) == set(record["inputs"])
    runner = {"inputs": known, "runner": {"temp": str(scratch)}}

    def resolved(text: str) -> str:
        return re.sub(r"\$\{\{ (\w+)\.([\w-]+) \}\}", lambda found: runner[found[1]][found[2]], text)

    python = scratch / "tools" / "python"
    python.parent.mkdir(exist_ok=True)
    python.write_text(PYTHON.format(program=program), encoding="utf-8")
    python.chmod(0o755)
    given = {
        "GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(scratch), "PATH": f"{python.parent}:{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(scratch / "summary.md"),
    }  # fmt: skip
    done = None
    for step in record["runs"]["steps"]:
        if "run" in step:
            own = {name: resolved(text) for name, text in step.get("env", {}).items()}
            shell = [step["shell"], "--noprofile", "--norc", "-eo", "pipefail", "-c", resolved(step["run"])]
            done = subprocess.run(
                shell, cwd=repository, env=environment(**given, **own), capture_output=True, text=True, check=False
            )
            if done.returncode:
                break
    assert done is not None
    return done


def test_the_steps_of_the_action_install_annotate_and_fail(repository: Path, program: str, tmp_path: Path) -> None:
    inputs = {"files": "forms", "golden": "golden", "baseline": "baseline.json", "sarif": "jixiao.sarif"}
    clean = action(repository, program, tmp_path, **inputs)
    assert (clean.returncode, clean.stdout) == (0, "")
    [asked] = (tmp_path / "jixiao" / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == f"install --quiet --constraint {ROOT}/constraints.txt {ROOT}"
    assert (ROOT / "constraints.txt").is_file()
    shutil.rmtree(tmp_path / "jixiao")
    (repository / "forms" / "管护项目.pdf").write_bytes(changed_pdf())
    done = action(repository, program, tmp_path, **inputs)
    assert done.returncode == 1
    assert any("120人 → 100人" in line for line in valid("github", done.stdout))
    valid("sarif", (repository / "jixiao.sarif").read_text(encoding="utf-8"))
    assert "| meaning | 数量指标 培训管护人员 | 120人 | 100人 |" in (tmp_path / "summary.md").read_text(
        encoding="utf-8"
    )


def test_the_action_takes_files_line_by_line_and_goes_on_past_one_that_cannot_be_read(
    repository: Path, program: str, tmp_path: Path
) -> None:
    (repository / "forms" / "管护项目.pdf").write_bytes(changed_pdf())
    (repository / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    inputs = {"files": "broken.pdf\nforms\n", "golden": "golden", "fail_on": "never", "diff_fail_on": "never"}
    done = action(repository, program, tmp_path, **inputs)
    assert done.returncode == 4
    assert "damaged" in done.stderr
    assert any("120人 → 100人" in line for line in valid("github", done.stdout))


def test_the_script_of_the_gitlab_template_writes_its_reports_and_fails(repository: Path, program: str) -> None:
    job = yaml.safe_load((EXAMPLE / "gitlab.yml").read_text(encoding="utf-8"))[".jixiao"]
    settings = job["variables"] | {"GOLDEN": "golden", "BASELINE": "baseline.json"}
    settings["PATH"] = f"{Path(program).parent}:{os.environ['PATH']}"

    def run() -> subprocess.CompletedProcess[str]:
        command = ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])]
        return subprocess.run(
            command, cwd=repository, env=environment(**settings), capture_output=True, text=True, check=False
        )

    clean = run()
    assert clean.returncode == 0, clean.stderr
    for name, file in job["artifacts"]["reports"].items():
        valid({"codequality": "gitlab"}.get(name, name), (repository / file).read_text(encoding="utf-8"))
    (repository / "forms" / "管护项目.pdf").write_bytes(changed_pdf())
    done = run()
    assert done.returncode == 1
    assert "120人 → 100人" in done.stdout


def shown(repository: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *arguments]
    return subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout.decode()


def test_git_diff_shows_what_changed_in_the_tables_of_a_pdf(repository: Path) -> None:
    assert jixiao("git", "install", cwd=repository).code == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "driver")
    (repository / "forms" / "管护项目.pdf").write_bytes(changed_pdf())
    lines = shown(repository, "diff").splitlines()
    assert [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-annual / 产出指标 / 数量指标（必填硬性指标） / 培训管护人员: 120人",
        "+annual / 产出指标 / 数量指标（必填硬性指标） / 培训管护人员: 100人",
    ]
    assert any(line.startswith("@@") and "2025年高标准农田管护项目" in line for line in lines)
    git(repository, "commit", "-q", "-a", "-m", "changed")
    assert "+annual / 产出指标" in shown(repository, "log", "-p", "-1")


def test_installing_twice_is_as_good_as_once_and_is_undone_without_a_trace(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.sh eol=lf\n", encoding="utf-8")
    config = (repository / ".git" / "config").read_text(encoding="utf-8")
    jixiao("git", "install", cwd=repository / "forms")
    once = (repository / ".gitattributes").read_text(encoding="utf-8")
    jixiao("git", "install", cwd=repository)
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == once
    assert once.startswith("*.sh eol=lf\n*.pdf diff=jixiao\n")
    assert jixiao("git", "uninstall", cwd=repository).code == 0
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == "*.sh eol=lf\n"
    assert (repository / ".git" / "config").read_text(encoding="utf-8") == config


def test_outside_a_repository_the_driver_is_refused(tmp_path: Path) -> None:
    done = jixiao("git", "install", cwd=tmp_path)
    assert (done.code, len(done.lines)) == (2, 1)
    assert "not a git repository" in done.lines[0]


def test_files_without_forms_still_have_a_text_for_git(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("甲\t乙\n1\t2\n", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    notes, broken = (jixiao("textconv", tmp_path / name) for name in ("notes.txt", "broken.pdf"))
    assert (notes.code, broken.code) == (0, 0)
    assert notes.text.splitlines()[1:] == ["甲 | 乙", "1 | 2"]
    assert re.fullmatch(r"! damaged: [^\n]+\nsha256 [0-9a-f]{64}, 16 bytes\n", broken.text)
