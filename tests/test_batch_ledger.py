"""The ledger tells of every document once, whatever ended a run; a later run does what is missing and no more."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from jixiao.batch import write_all
from jixiao.batch.ledger import JOURNAL, Ledger
from jixiao.errors import OutputError
from tests.batches import entries, tree
from tests.forms import SAMPLES
from tests.test_cli import SEED, WHOLE, jixiao

KILLS = 20


def corpus(folder: Path, number: int = 60) -> Path:
    """Small forms of text and PDF, and damaged ones of both."""
    folder.mkdir()
    chance = random.Random(5)
    samples = [next((SAMPLES / name).glob("source.*")) for name in ("whole-form", "pdf-cuts", "split-numbers")]
    for at in range(number):
        source = samples[at % len(samples)]
        data = bytearray(source.read_bytes())
        if at % 4 == 3:
            for _ in range(20):
                data[chance.randrange(len(data))] = chance.randrange(256)
        (folder / f"{at:03}{source.suffix}").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("batch")
    corpus(place / "in")
    done = jixiao("extract", "in", "-o", "out", "-q", cwd=place)
    assert done.code == 4
    return place


def test_every_input_stands_in_the_ledger_once_with_what_happened_to_it(undisturbed: Path) -> None:
    found = entries(undisturbed / "out")
    sources = sorted(f"in/{path.name}" for path in (undisturbed / "in").iterdir())
    assert [entry["source"] for entry in found] == sources
    for entry in found:
        assert entry["status"] in {"ok", "partial", "failed"}
        assert (entry["code"] is not None) == (entry["status"] == "failed")
        assert len(entry["sha256"]) == 64
        assert entry["milliseconds"] > 0
        assert entry["peak_memory"] > 1_000_000
        assert (undisturbed / "out" / str(entry["folder"]) / "audit.json").is_file() == (entry["status"] != "failed")


def test_runs_killed_at_any_moment_and_taken_up_again_end_as_one_undisturbed(undisturbed: Path, tmp_path: Path) -> None:
    chance = random.Random(11)
    shutil.copytree(undisturbed / "in", tmp_path / "in")
    command = [sys.executable, "-m", "jixiao.cli", "extract", "in", "-o", "out", "-q", "--no-progress"]
    kills = 0
    for _ in range(KILLS):
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as run:
            time.sleep(0.25 + chance.random() * 0.5)
            kills += run.poll() is None
            run.send_signal(signal.SIGKILL)
        for path in (tmp_path / "out").glob("*/*.json"):
            json.loads(path.read_bytes())
    assert kills >= KILLS // 4
    assert jixiao("extract", "in", "-o", "out", "-q", cwd=tmp_path).code == 4
    assert tree(tmp_path / "out") == tree(undisturbed / "out")


def stamps(out: Path) -> dict[str, int]:
    return {str(path.relative_to(out)): path.stat().st_mtime_ns for path in out.glob("*/*.json")}


def test_a_second_run_does_only_what_is_missing_changed_or_damaged(undisturbed: Path, tmp_path: Path) -> None:
    shutil.copytree(undisturbed / "in", tmp_path / "in")
    shutil.copytree(undisturbed / "out", tmp_path / "out")
    out = tmp_path / "out"
    before = stamps(out)
    assert jixiao("extract", "in", "-o", "out", "-q", cwd=tmp_path).code == 4
    assert stamps(out) == before
    shutil.rmtree(out / "000")
    next((out / "001").glob("01-*")).write_text("{}", encoding="utf-8")
    next((out / "002").glob("01-*")).unlink()
    shutil.copy(WHOLE, tmp_path / "in" / "006.txt")
    (tmp_path / "in" / "006.txt").write_bytes(WHOLE.read_bytes().replace(b"2025", b"2026"))
    assert jixiao("extract", "in", "-o", "out", "-q", cwd=tmp_path).code == 4
    after = stamps(out)
    assert {name.split("/")[0] for name in after if after[name] != before.get(name)} == {"000", "001", "002", "006"}
    shutil.copy(undisturbed / "in" / "006.txt", tmp_path / "in" / "006.txt")
    jixiao("extract", "in", "-o", "out", "-q", cwd=tmp_path)
    assert tree(out) == tree(undisturbed / "out")


def test_other_options_read_again_and_redo_all_does_too(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "pdf-cuts" / "source.pdf", tmp_path / "a.pdf")
    stamped = []
    for options in ([], [], ["--engine", "pdfium"], ["--engine", "pdfium", "--redo", "all"]):
        jixiao("extract", "a.pdf", "-o", "out", *options, cwd=tmp_path)
        stamped.append(stamps(tmp_path / "out")["a/audit.json"])
    assert stamped[0] == stamped[1] < stamped[2] < stamped[3]


def test_what_failed_is_read_again_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing", encoding="utf-8")
    told = [jixiao("extract", "a.txt", "-o", "out", *more, cwd=tmp_path) for more in ([], [], ["--redo", "failed"])]
    assert [done.code for done in told] == [3, 3, 3]
    assert len(entries(tmp_path / "out")) == 1


def test_a_second_run_into_one_folder_is_told_so_and_stops(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "out")
    done = jixiao("extract", WHOLE, "-o", tmp_path / "out")
    assert done.code == 6
    assert len(done.lines) == 1
    assert "busy" in done.lines[0]
    ledger.finish()
    assert jixiao("extract", WHOLE, "-o", tmp_path / "out").code == 0


def test_a_torn_line_of_the_journal_costs_its_document_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        shutil.copy(WHOLE, tmp_path / name)
    jixiao("extract", "a.txt", "b.txt", "-o", "whole", cwd=tmp_path)
    jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path)
    torn = (tmp_path / "out" / "manifest.jsonl").read_bytes() + b'{"begin":"b.txt","folder":"b","files":["01-'
    (tmp_path / "out" / JOURNAL).write_bytes(torn)
    jixiao("extract", "a.txt", "b.txt", "-o", "out", cwd=tmp_path)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_what_a_killed_run_left_half_done_is_taken_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "b").mkdir(parents=True)
    for name in ("01-a.json", ".02-b.json.part", "笔记.md"):
        (out / "b" / name).write_text("{", encoding="utf-8")
    begun = {"begin": "b.txt", "folder": "b", "files": ["01-a.json", "02-b.json", "audit.json", "../a.txt"]}
    (out / JOURNAL).write_text(json.dumps(begun) + "\n", encoding="utf-8")
    shutil.copy(WHOLE, tmp_path / "a.txt")
    jixiao("extract", "a.txt", "-o", "out", cwd=tmp_path)
    assert [path.name for path in (out / "b").iterdir()] == ["笔记.md"]
    assert (tmp_path / "a.txt").exists()


@pytest.mark.parametrize(
    ("fails", "when"),
    [
        ("replace", 0),
        ("replace", 7),
        ("pwrite", 0),
        ("pwrite", 1),
        ("pwrite", 2),
        ("fsync", 0),
        ("open", 0),
        ("open", 17),
    ],
)
def test_an_error_of_the_disk_leaves_only_whole_files(
    fails: str, when: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever call fails, and whichever time: one OutputError, every file whole, and the next run ends the work."""
    sources = [str(shutil.copy(SEED, tmp_path / "a.txt")), str(shutil.copy(WHOLE, tmp_path / "b.txt"))]
    write_all(sources, tmp_path / "whole", 1, lambda _: None)
    real = getattr(os, fails)
    calls = iter(range(10_000))

    def failing(*arguments: object, **options: object) -> object:
        ours = fails != "open" or ".part" in str(arguments[0]) or str(arguments[0]).endswith(JOURNAL)
        if ours and next(calls) == when:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, fails, failing)
        with suppress(OutputError):  # where the call is made so often
            write_all(sources, tmp_path / "out", 1, lambda _: None)
    for path in (tmp_path / "out").glob("*/*.json"):
        json.loads(path.read_bytes())
    assert not list((tmp_path / "out").rglob("*.part"))
    write_all(sources, tmp_path / "out", 1, lambda _: None)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_a_full_disk_is_one_line_and_exit_6(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(out)], capture_output=True, check=False
    ).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        for at in range(6):
            shutil.copy(SEED, tmp_path / f"{at}.txt")
        done = jixiao("extract", *(f"{at}.txt" for at in range(6)), "-o", "out", "-j", 1, "-q", cwd=tmp_path)
        assert done.code == 6
        assert len(done.lines) == 1
        assert "No space left" in done.lines[0]
        for path in out.glob("*/*.json"):
            json.loads(path.read_bytes())
        assert not list(out.rglob("*.part"))
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_a_folder_that_cannot_be_written_is_one_line_and_exit_6(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "none", str(out)], capture_output=True, check=False
    ).returncode:
        pytest.skip("no right to mount a read-only disk")
    try:
        done = jixiao("extract", WHOLE, "-o", out)
        assert (done.code, len(done.lines)) == (6, 1)
        assert "Read-only" in done.lines[0]
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_what_lacked_a_part_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = str(shutil.copy(WHOLE, tmp_path / "a.txt"))
    write_all([source], tmp_path / "out", 1, lambda _: None)
    manifest = tmp_path / "out" / "manifest.jsonl"
    [entry] = entries(tmp_path / "out")
    lacking = entry | {"status": "failed", "code": "missing-part", "message": "x", "folder": None, "output": None}
    manifest.write_text(json.dumps(lacking) + "\n", encoding="utf-8")
    [again] = write_all([source], tmp_path / "out", 1, lambda _: None)
    assert again["status"] == "ok"
    monkeypatch.setattr("jixiao.batch.run.version", lambda: "another")
    [other] = write_all([source], tmp_path / "out", 1, lambda _: None)
    assert other["made_by"]["version"] == "another"
