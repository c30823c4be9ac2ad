"""A folder of files that no honest program writes goes through in one run; each ends in one line, and hurts nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from tests.batches import entries
from tests.strangers import NAMES, STRANGERS, TEXT
from tests.test_batch_hostile import steering
from tests.test_cli import Result, jixiao


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    place = tmp_path_factory.mktemp("strangers")
    (place / "in" / "names").mkdir(parents=True)
    for name, (make, _) in STRANGERS.items():
        (place / "in" / name).write_bytes(make())
    for name in NAMES:
        (place / "in" / "names" / name).write_text(TEXT, encoding="utf-8")
    return place, jixiao("extract", "in", "-o", "out", cwd=place)


Run = tuple[Path, Result]


def test_each_file_has_one_line_and_the_code_that_it_deserves(run: Run) -> None:
    place, done = run
    found = {entry["source"].removeprefix("in/"): entry["code"] or "" for entry in entries(place / "out")}
    wanted = {name: code for name, (_, code) in STRANGERS.items()} | {f"names/{name}": "" for name in NAMES}
    assert found == wanted
    assert done.code == 4
    assert "Traceback" not in done.err
    failed = sum(bool(code) for code in wanted.values())
    assert sum(line.startswith("jixiao: in/") for line in done.lines) == failed


def test_names_that_are_one_on_some_system_get_folders_of_their_own(run: Run) -> None:
    place, _ = run
    folders = [entry["folder"] for entry in entries(place / "out") if entry["folder"]]
    assert len({normalize("NFC", name).casefold() for name in folders}) == len(folders)


def test_results_are_strict_and_nothing_steers(run: Run) -> None:
    place, done = run

    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    written = [path for path in (place / "out").rglob("*") if path.is_file()]
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not steering(text), path
        for line in text.splitlines() if path.name == "manifest.jsonl" else [text]:
            json.loads(line, parse_constant=refuse)
    assert not steering(done.err + "".join(path.name for path in written))


def test_nothing_is_written_beside_the_results(run: Run) -> None:
    place, _ = run
    assert {path.name for path in place.iterdir()} == {"in", "out"}
    assert not any(path.name.startswith(".") for path in (place / "out").rglob("*"))
