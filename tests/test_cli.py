"""The command line as a user types it: output, exit codes, one clear line for each bad input."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.batches import tree
from tests.forms import SAMPLES

SEED = SAMPLES / "pingluo-police-2024" / "source.txt"
WHOLE = SAMPLES / "whole-form" / "source.txt"


def jixiao(*arguments: object, cwd: Path | None = None, data: bytes = b"", **environment: str) -> Result:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "jixiao.cli", *map(str, arguments)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("JIXIAO_")}
    done = subprocess.run(command, cwd=cwd, input=data, capture_output=True, env=clean | environment, check=False)
    return Result(done.returncode, done.stdout, done.stderr.decode())


class Result:
    """What a run left: exit code, standard output, and the lines of standard error."""

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in err, err

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


def test_extract_writes_one_file_a_project_the_audit_and_the_manifest(tmp_path: Path) -> None:
    done = jixiao("extract", SEED, "-o", tmp_path / "out")
    assert done.code == 0
    files = tree(tmp_path / "out")
    expected = {f"source/{path.name}": path.read_bytes() for path in (SEED.parent / "expected").iterdir()}
    assert files.keys() == expected.keys() | {"manifest.jsonl"}
    assert {name: files[name] for name in expected} == expected
    [entry] = map(json.loads, files["manifest.jsonl"].splitlines())
    assert (entry["status"], entry["folder"], entry["projects"], entry["indicators"]) == ("ok", "source", 13, 175)
    assert done.out == b""
    assert len(done.lines) == 1


def test_json_is_utf8_indented_by_two_and_ends_with_a_newline(tmp_path: Path) -> None:
    jixiao("extract", WHOLE, "-o", tmp_path)
    [file] = (tmp_path / "source").glob("01-*.json")
    text = file.read_text(encoding="utf-8")
    assert text.startswith('{\n  "schema_version": "1.0",\n  "id"')
    assert text.endswith("}\n")
    assert "青川岭县农业农村局" in text


def test_order_locale_time_zone_and_jobs_do_not_change_a_byte(tmp_path: Path) -> None:
    alike = re.compile(r"(?:scan|office-seed|pdf-seed|layout)-(?!stamped$|word$|merged$|writer$|g-list$).*|office-rtf")
    sources = [each for each in sorted(SAMPLES.glob("*/source.*")) if not alike.fullmatch(each.parent.name)]
    jixiao("extract", *sources, "-o", tmp_path / "a", LC_ALL="C", TZ="Asia/Shanghai")
    jixiao("extract", *reversed(sources), "-j", 2, "-o", tmp_path / "b", LC_ALL="C.UTF-8", TZ="America/New_York")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_sources_with_one_stem_get_folders_named_by_what_stands_above(tmp_path: Path) -> None:
    for name in ("甲/表.txt", "乙/表.txt", "乙/表.TSV", "丙/别.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(WHOLE, tmp_path / name)
    jixiao("extract", "甲", "乙", "丙", "-o", "out", cwd=tmp_path)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"甲-表", "乙-表-txt", "乙-表-TSV", "别", "manifest.jsonl"}


def test_a_folder_s_hidden_files_and_earlier_results_are_no_sources(tmp_path: Path) -> None:
    shutil.copy(WHOLE, tmp_path / "a.txt")
    shutil.copy(WHOLE, tmp_path / ".hidden.txt")
    assert jixiao("extract", ".", "-o", "out", cwd=tmp_path).code == 0
    again = jixiao("extract", ".", "-o", "out", cwd=tmp_path)
    assert (again.code, len(again.lines)) == (0, 1)


def test_a_second_run_leaves_nothing_stale_and_keeps_foreign_files(tmp_path: Path) -> None:
    shutil.copy(SEED, tmp_path / "a.txt")
    jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path)
    (tmp_path / "out" / "a" / "笔记.md").write_text("mine", encoding="utf-8")
    shutil.copy(WHOLE, tmp_path / "a.txt")
    jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path)
    assert len(list((tmp_path / "out" / "a").glob("*.json"))) == 2
    assert (tmp_path / "out" / "a" / "笔记.md").exists()
    (tmp_path / "a.txt").write_text("nothing", encoding="utf-8")
    assert jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path).code == 3
    assert [path.name for path in (tmp_path / "out" / "a").iterdir()] == ["笔记.md"]


def test_documents_of_earlier_runs_stay_in_the_manifest(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        shutil.copy(WHOLE, tmp_path / name)
        jixiao("extract", name, "-o", "out", cwd=tmp_path)
    entries = map(json.loads, (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    assert [entry["source"] for entry in entries] == ["a.txt", "b.txt"]


def test_another_document_of_the_same_name_does_not_overwrite_the_first(tmp_path: Path) -> None:
    for folder, source in (("甲", SEED), ("乙", WHOLE)):
        (tmp_path / folder).mkdir()
        shutil.copy(source, tmp_path / folder / "表.txt")
        jixiao("extract", f"{folder}/表.txt", "-o", "out", cwd=tmp_path)
    assert len(list((tmp_path / "out" / "表").glob("*.json"))) == 14
    assert len(list((tmp_path / "out").glob("*/audit.json"))) == 2


def test_json_lines_go_to_standard_output_with_the_source_in_front() -> None:
    done = jixiao("extract", WHOLE, "--format", "jsonl")
    [record] = map(json.loads, done.out.splitlines())
    assert next(iter(record)) == "source"
    assert record["name"] == "2025年高标准农田管护项目"


def test_standard_input_is_read() -> None:
    done = jixiao("extract", "-", "--format", "jsonl", "-o", "-", data=WHOLE.read_bytes())
    assert json.loads(done.out)["source"] == "-"


@pytest.fixture
def server() -> Iterator[str]:
    handler = partial(QuietHandler, directory=str(SAMPLES))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_address_is_fetched_and_a_missing_one_is_one_line(server: str, tmp_path: Path) -> None:
    done = jixiao("extract", f"{server}/whole-form/source.txt", "-o", tmp_path, no_proxy="*")
    assert done.code == 0
    assert (tmp_path / "source" / "audit.json").is_file()
    missing = jixiao("extract", f"{server}/nowhere.txt", "-o", tmp_path, no_proxy="*")
    assert missing.code == 3
    assert "unreadable" in missing.lines[0]


def rows() -> list[list[str]]:
    return [line.split("\t") for line in WHOLE.read_text(encoding="utf-8").splitlines()]


def joined(table: list[list[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in table).encode()


def swapped() -> bytes:
    return joined([row if at < 10 else [*row[:3], row[4], row[3]] for at, row in enumerate(rows())])


def one_line() -> bytes:
    return joined([[cell for row in [*rows(), *rows()] for cell in row]])


def detached() -> bytes:
    table = rows()
    return joined(
        [[*row[:4], ""] if at > 9 else row for at, row in enumerate(table)] + [[row[4]] for row in table[10:]]
    )


MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not-a-table"),
    "binary": (bytes(range(256)) * 64, "unsupported"),
    "a PDF cut off": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "damaged"),
    "50 MB of one line": ("平罗县公安局".encode() * 2_800_000, "too-large"),
    "NUL characters": (WHOLE.read_bytes().replace("农田".encode(), "农\0田".encode()), "damaged"),
    "only a title": ("部门项目支出预算绩效目标表\n(2025年度)\n".encode(), "not-a-table"),
    "prose": ("今天没有表格。\n\n明天也没有。\n".encode(), "not-a-table"),
    "another table": ("科目\t金额\n工资\t100\n办公费\t20\n".encode(), "not-a-table"),
    "names and values swapped": (swapped(), "unclear-table"),
    "two forms on one line": (one_line(), "unclear-table"),
    "no line breaks or tabs at all": (one_line().replace(b"\t", b""), "unclear-table"),
    "values apart from their names": (detached(), "unclear-table"),
    "no project name": (joined([row for row in rows() if row[0] != "项目名称"]), "unclear-table"),
}


@pytest.mark.parametrize("damage", MALFORMED)
def test_a_malformed_text_ends_in_one_clear_line_and_writes_no_json(damage: str, tmp_path: Path) -> None:
    data, code = MALFORMED[damage]
    (tmp_path / "a.txt").write_bytes(data)
    done = jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path)
    assert done.code == 3
    assert len(done.lines) == 1
    assert done.lines[0].startswith(f"jixiao: a.txt: {code}: ")
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["manifest.jsonl"]
    entry = json.loads((tmp_path / "out" / "manifest.jsonl").read_bytes())
    assert (entry["status"], entry["code"]) == ("failed", code)


def test_the_rest_of_a_batch_goes_on(tmp_path: Path) -> None:
    for number, (data, _) in enumerate(MALFORMED.values()):
        if len(data) < 1_000_000:
            (tmp_path / f"{number}.txt").write_bytes(data)
    shutil.copy(WHOLE, tmp_path / "good.txt")
    done = jixiao("extract", tmp_path, "nowhere.txt", "-o", tmp_path / "out")
    assert done.code == 4
    assert (tmp_path / "out" / "good" / "audit.json").is_file()
    assert any("not-found" in line for line in done.lines)


def test_check_prints_findings_and_exits_by_fail_on(tmp_path: Path) -> None:
    done = jixiao("check", SEED)
    assert done.code == 1
    assert any("goal-count" in line and "326" in line and "253" in line for line in done.text.splitlines())
    assert jixiao("check", SEED, "--fail-on", "error").code == 0
    assert jixiao("check", SEED, "--fail-on", "never").code == 0
    jixiao("extract", SEED, "-o", tmp_path / "out")
    written = jixiao("check", tmp_path / "out")
    assert len(written.text.splitlines()) == len(done.text.splitlines())


def test_extract_fails_on_findings_when_asked(tmp_path: Path) -> None:
    assert jixiao("extract", SEED, "-o", tmp_path).code == 0
    assert jixiao("extract", SEED, "-o", tmp_path, "--fail-on", "warning").code == 1


def test_explain_tells_the_way_of_a_value(tmp_path: Path) -> None:
    jixiao("extract", SEED, "-o", tmp_path)
    [file] = (tmp_path / "source").glob("11-*.json")
    told = jixiao("explain", file, "/indicators/0/target").text
    assert "line 284" in told
    assert "“1 1566.21平方米” → “11566.21平方米”" in told
    assert "split-number" in told
    [file] = (tmp_path / "source").glob("04-*.json")
    told = jixiao("explain", file, "/indicators/0/level1").text
    assert "“产出指 ⏎ 标” → “产出指标”" in told


@pytest.mark.parametrize("pointer", ["/nowhere", "indicators", "/indicators/99", "/indicators/x"])
def test_explain_of_no_value_is_one_line(pointer: str, tmp_path: Path) -> None:
    jixiao("extract", WHOLE, "-o", tmp_path)
    done = jixiao("explain", next((tmp_path / "source").glob("01-*.json")), pointer)
    assert done.code == 2
    assert len(done.lines) == 1


def test_options_come_from_flag_before_environment_before_file(tmp_path: Path) -> None:
    shutil.copy(WHOLE, tmp_path / "a.txt")
    (tmp_path / "jixiao.toml").write_text('out = "of-file"\n', encoding="utf-8")
    jixiao("extract", "a.txt", cwd=tmp_path)
    jixiao("extract", "a.txt", cwd=tmp_path, JIXIAO_OUT="of-environment")
    jixiao("extract", "a.txt", "-o", "of-flag", cwd=tmp_path, JIXIAO_OUT="of-environment")
    assert all((tmp_path / name / "a" / "audit.json").is_file() for name in ("of-file", "of-environment", "of-flag"))


@pytest.mark.parametrize(
    ("config", "jobs"),
    [("jobs = 0\n", ""), ("nonsense = 1\n", ""), ("", "many"), ("=\n", ""), ('format = "xml"\n', "")],
)
def test_a_wrong_configuration_is_one_line_and_exit_2(config: str, jobs: str, tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text(config, encoding="utf-8")
    done = jixiao("extract", WHOLE, cwd=tmp_path, JIXIAO_JOBS=jobs)
    assert done.code == 2
    assert len(done.lines) == 1


def test_wrong_usage_is_exit_2(tmp_path: Path) -> None:
    assert jixiao("extract").code == 2
    assert jixiao("extract", WHOLE, "-o", "-").code == 2
    assert jixiao("extract", WHOLE, "-j", "0", cwd=tmp_path).code == 2
    assert jixiao("dance").code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dance"], "'dance'"),
        (["extract"], "are required: FILE"),
        (["extract", "a.txt", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["extract", "a.txt", "--engine", "foo\x1b[31m"], "--engine"),
        (["extract", "a.txt", "--password-file", "none"], "--password-file none cannot be read: No such file"),
        (["extract", "a.txt", "--layout", "none"], "the layout none cannot be read: No such file or directory"),
        (["check", "."], "nothing to check"),
        (["check", ""], "sources: an argument is empty"),
        (["check", "a.txt", "--baseline", ""], "baseline: an argument is empty"),
        (["diff", "", "out"], "old: an argument is empty"),
        (["load", ""], "outs: an argument is empty"),
        (["explain", "a.json"], "are required: POINTER"),
    ],
)
def test_a_wrong_argument_is_one_line_with_its_code(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = jixiao(*arguments, cwd=tmp_path)
    assert done.code == 2
    assert len(done.lines) == 1
    assert done.lines[0].startswith("jixiao: usage: ")
    assert says in done.lines[0]
    assert "\x1b" not in done.err


def test_check_of_results_tells_the_documents_that_could_not_be_read(tmp_path: Path) -> None:
    jixiao("extract", WHOLE, "none.pdf", "-o", "out", cwd=tmp_path)
    done = jixiao("check", "out", "--fail-on", "never", cwd=tmp_path)
    assert (done.code, done.lines) == (4, ["jixiao: none.pdf: not-found: there is no such file"])
    assert jixiao("check", "out/source", "--fail-on", "never", cwd=tmp_path).code == 0
    jixiao("extract", "none.pdf", "-o", "failed", cwd=tmp_path)
    assert jixiao("check", "failed", cwd=tmp_path).code == 3


def test_damaged_results_cost_check_no_other_document(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        shutil.copy(WHOLE, tmp_path / f"{name}.txt")
    jixiao("extract", "a.txt", "b.txt", "c.txt", "d.txt", "-o", "out", cwd=tmp_path)
    (tmp_path / "out" / "a" / "audit.json").write_text("{", encoding="utf-8")
    (tmp_path / "out" / "b" / "audit.json").write_text('{"projects": [1], "findings": []}', encoding="utf-8")
    lost = next((tmp_path / "out" / "c").glob("0*.json"))
    lost.unlink()
    with (tmp_path / "out" / "manifest.jsonl").open("a", encoding="utf-8") as file:
        file.write("{\n")
    done = jixiao("check", "out", "--fail-on", "never", cwd=tmp_path)
    assert done.code == 4
    begin = [
        "jixiao: out/a: damaged: audit.json cannot be read: ",
        "jixiao: out/b: damaged: audit.json is none of jixiao's",
        f"jixiao: out/c: damaged: {lost.name} is missing, though audit.json names it",
        "jixiao: out/manifest.jsonl: damaged: line 5 cannot be read: ",
    ]
    assert [line[: len(said)] for line, said in zip(done.lines, begin, strict=True)] == begin


def test_an_output_that_cannot_be_written_is_exit_6(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file stands here", encoding="utf-8")
    done = jixiao("extract", WHOLE, "-o", "out", cwd=tmp_path)
    assert done.code == 6
    assert done.lines == ["jixiao: output: out is a file; the results go into a folder"]


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    name = "a\x1b[31m\u202eb.txt"
    (tmp_path / name).write_bytes(b"")
    done = jixiao("extract", tmp_path / name, "-o", tmp_path / "out")
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


def test_help_loads_none_of_the_heavy_libraries() -> None:
    script = "import sys; from jixiao.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    script += "assert not {'pydantic', 'pandas', 'camelot', 'pdfplumber', 'msgspec', 'typing'} & set(sys.modules)"
    subprocess.run([sys.executable, "-S", "-c", script], check=True, capture_output=True, cwd=SAMPLES.parent)


def test_an_interrupted_run_leaves_whole_documents_and_says_so(tmp_path: Path) -> None:
    for number in range(200):
        shutil.copy(SEED, tmp_path / f"{number}.txt")
    # A shell that starts the tests in the background has SIGINT ignored, and children inherit that.
    program = (
        "import signal, jixiao.cli as c; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "raise SystemExit(c.main())"
    )
    command = [sys.executable, "-c", program, "extract", str(tmp_path), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as run:
        assert run.stderr
        run.stderr.readline()
        run.send_signal(signal.SIGINT)
        rest = run.stderr.read().decode()
    assert run.returncode == 130
    assert "interrupted" in rest.splitlines()[-1]
    assert "Traceback" not in rest
    entries = (tmp_path / "out" / "manifest.jsonl").read_bytes().splitlines()
    assert 0 < len(entries) < 200
    assert not list((tmp_path / "out").rglob("*.part"))
    for entry in map(json.loads, entries):
        assert len(list((tmp_path / "out" / entry["folder"]).glob("*.json"))) == 14


def test_every_verb_has_help() -> None:
    for verb in ("extract", "check", "explain", "schema", "diff", "load", "report", "git"):
        done = jixiao(verb, "--help")
        assert done.code == 0
        assert f"examples:\n  jixiao {verb}" in done.text, verb


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert jixiao("--version").text.split() == ["jixiao", version("jixiao")]
