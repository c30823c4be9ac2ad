"""The documents tell the truth: commands print what they are said to print, codes are explained."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from normalize.trail import ORDER
from tests.goldens import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FINDINGS = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_every_command_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    shutil.copy(ROOT / "README.md", tmp_path)
    command = f'jixiao() {{ {shlex.quote(sys.executable)} -m jixiao.cli "$@"; }}\nexec 2>&1\nlast=0\n'
    clean = {key: value for key, value in os.environ.items() if not key.startswith("JIXIAO_")}
    for block in blocks("console"):
        commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        script = command + "\n".join(
            f"printf '%s\\n' {shlex.quote('$ ' + each)}\n(exit $last)\n{each}\nlast=$?" for each in commands
        )
        environment = clean | {"LC_ALL": "C.UTF-8"}
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert done.stdout.decode() == block


def test_the_library_example_runs() -> None:
    [code] = blocks("python")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "ok 13 2022年执法办案管理中心项目\n6796300\n"


def test_a_command_with_its_output_stands_within_the_first_40_lines() -> None:
    assert "$ jixiao extract" in "\n".join(README.splitlines()[:40])


@pytest.mark.parametrize("rule", ORDER)
def test_every_repair_is_explained(rule: str) -> None:
    assert f"`{rule}`" in FINDINGS


def test_every_finding_of_reading_and_repairing_is_explained() -> None:
    sources = [path for room in ("extract", "normalize") for path in (ROOT / room).rglob("*.py")]
    codes = {code for path in sources for code in re.findall(r'finding\(\s*"([a-z0-9-]+)"', path.read_text("utf-8"))}
    assert codes
    assert {code for code in codes if f"`{code}`" not in FINDINGS} == set()


def test_every_failure_code_is_explained() -> None:
    sources = [path for room in ("extract", "jixiao") for path in (ROOT / room).rglob("*.py")]
    pattern = r'(?:ReadError\(\s*"([a-z-]+)"|DocumentError\([^)]*?"([a-z-]+)"\))'
    found = [code for path in sources for pair in re.findall(pattern, path.read_text("utf-8")) for code in pair if code]
    assert {code for code in found if f"`{code}`" not in FINDINGS} == set()


def test_every_sample_stands_in_the_table() -> None:
    table = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    for folder in (ROOT / "samples").iterdir():
        assert not (folder / "expected").is_dir() or f"`{folder.name}`" in table


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
