"""The seed as Excel, Word, OpenDocument and HTML files gives the projects of the pasted text, byte for byte."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from extract.office.convert import program
from jixiao.names import AUDIT
from jixiao.pipeline import extract
from jixiao.write import render
from samples.make_office import BY_HAND
from tests.forms import SAMPLES
from tests.test_samples import OFFICE, extraction_of, source_of

CONVERTED = (".doc", ".rtf", ".odt")
READ = [slug for slug in OFFICE if source_of(slug).suffix not in CONVERTED]
LARGEST = 300_000


def twin_of(slug: str) -> str:
    return "pingluo-police-2024" if slug.startswith("office-seed-") else "whole-form"


def project_files(slug: str) -> dict[str, bytes]:
    files = dict(render(extract(source_of(slug)).raise_for_status(), slug).files)
    files.pop(AUDIT)
    return files


def expected_files(slug: str) -> dict[str, bytes]:
    files = dict(render(extraction_of(twin_of(slug)), slug).files)
    files.pop(AUDIT)
    return files


@pytest.mark.parametrize("slug", READ)
def test_an_office_file_gives_the_project_files_of_the_pasted_text(slug: str) -> None:
    assert project_files(slug) == expected_files(slug)


@pytest.mark.skipif(program() is None, reason="LibreOffice is not installed: .doc, .rtf and .odt are NOT tested")
@pytest.mark.parametrize("slug", [slug for slug in OFFICE if slug not in READ])
def test_a_converted_file_gives_the_project_files_of_the_pasted_text(slug: str) -> None:
    assert project_files(slug) == expected_files(slug)
    audit = extract(source_of(slug)).audit
    assert audit is not None
    assert audit.tool.engine == "libreoffice-docx"
    assert [finding.rule for finding in audit.findings if finding.rule == "converted"] == ["converted"]


@pytest.mark.parametrize("path", BY_HAND)
def test_the_generator_still_writes_the_committed_office_files(path: str) -> None:
    assert BY_HAND[path]() == (SAMPLES / path).read_bytes()


def test_the_help_names_every_kind_of_office_file() -> None:
    command = [sys.executable, "-m", "jixiao.cli", "extract", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert {source_of(slug).suffix for slug in OFFICE} - set(re.findall(r"\.\w+", shown)) == set()


def test_the_office_samples_stay_small() -> None:
    assert max(source_of(slug).stat().st_size for slug in OFFICE) < LARGEST


@pytest.mark.skipif(program() is None, reason="LibreOffice is not installed: conversion in a batch is NOT tested")
def test_the_command_line_converts_within_the_walls_of_a_batch(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jixiao.cli", "extract", str(source_of("office-rtf")), "-o", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "1 project, 10 indicators" in done.stderr) == (0, True), done.stderr
    written = next(path for path in tmp_path.rglob("01-*.json"))
    assert written.read_bytes() == next(iter(expected_files("office-rtf").values()))


def test_what_make_run_converts_leaves_out_only_what_needs_a_missing_libreoffice(tmp_path: Path) -> None:
    command = [sys.executable, str(SAMPLES / "readable.py")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": str(tmp_path)})
    left_out = {f"samples/{path.relative_to(SAMPLES)}" for path in SAMPLES.glob("*/source.*")} - set(
        shown.stdout.split()
    )
    assert {Path(name).suffix for name in left_out} == {".doc", ".odt", ".rtf"}
    assert len(shown.stderr.splitlines()) == 1
    assert all(name in shown.stderr for name in left_out)
    (tmp_path / "soffice").write_text("")
    (tmp_path / "soffice").chmod(0o755)
    whole = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": str(tmp_path)})
    assert set(whole.stdout.split()) - set(shown.stdout.split()) == left_out
    assert not whole.stderr
