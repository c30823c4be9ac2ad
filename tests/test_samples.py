"""Every sample gives its expected files, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jixiao.encode import project_record
from jixiao.pipeline import Extraction, extract
from jixiao.write import render
from tests.forms import SAMPLES
from tests.goldens import SWITCH, check_folder, rewriting

FOLDERS = sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir() and any(folder.glob("source.*")))
PDFS = [slug for slug in FOLDERS if slug.startswith("pdf-")]
"""Left to tests/test_pdf_samples.py."""
OFFICE = [slug for slug in FOLDERS if slug.startswith("office-")]
"""Left to tests/test_office_samples.py."""
SCANS = [slug for slug in FOLDERS if slug.startswith("scan-")]
"""Left to tests/test_scan_samples.py."""
SLUGS = [slug for slug in FOLDERS if slug not in (*PDFS, *OFFICE, *SCANS)]
LAYOUTS = [slug for slug in SLUGS if slug.startswith("layout-")]
MENDABLE = sorted(set(SLUGS) - {"own-errors", "glued-title", "pingluo-police-2024", *LAYOUTS})


def source_of(slug: str) -> Path:
    return next((SAMPLES / slug).glob("source.*"))


def extraction_of(slug: str) -> Extraction:
    return extract(source_of(slug)).raise_for_status()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_sample_gives_its_expected_projects_and_audit(slug: str) -> None:
    check_folder(SAMPLES / slug / "expected", dict(render(extraction_of(slug), slug).files))


@pytest.mark.parametrize("slug", MENDABLE)
def test_damage_that_can_be_mended_leaves_the_same_project(slug: str) -> None:
    whole, mended = extraction_of("whole-form").projects, extraction_of(slug).projects
    assert [project_record(project) for project in mended] == [project_record(project) for project in whole]


def test_a_glued_title_gives_both_forms() -> None:
    whole = extraction_of("whole-form").projects[0]
    first, second = extraction_of("glued-title").projects
    assert first == whole
    assert second.name == "2025年农田水利设施维修项目"
    assert second.indicators == whole.indicators


def test_the_seed_has_13_projects_and_175_indicators() -> None:
    projects = extraction_of("pingluo-police-2024").projects
    assert len(projects) == 13
    assert sum(len(project.indicators) for project in projects) == 175


def test_the_printed_totals_are_the_sums_of_their_parts() -> None:
    for project in extraction_of("pingluo-police-2024").projects:
        total, *parts = project.funding
        assert total.yuan == sum(part.yuan for part in parts if part.yuan is not None)


def test_the_generator_still_writes_the_committed_sources(tmp_path: Path) -> None:
    script = tmp_path / "make.py"
    script.write_bytes((SAMPLES / "make.py").read_bytes())
    subprocess.run([sys.executable, str(script)], check=True, env={**os.environ, "PYTHONUTF8": "1"})
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.glob("*/source.*")}
    assert made
    for path, data in made.items():
        assert (SAMPLES / path).read_bytes() == data, path


def test_expected_files_are_never_rewritten_in_ci() -> None:
    assert not (rewriting() and os.environ.get("CI")), f"{SWITCH} is on in CI"
