"""Fonts that tell some of their characters wrongly, as some programs that rewrite a PDF leave them."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

import extract.scan
from bench.scan_truth import tally
from jixiao import pipeline
from jixiao.encode import project_record
from jixiao.extraction import Extraction
from tests.test_samples import extraction_of, source_of

SAMPLE = "pdf-white-rules"
MISLED = {"\u79f0": "0100", "\u79ef": "00FF", "\uff08": "00FF", "\uff09": "0100", "\u6708": "006F", "\u6709": "0070"}
"""What such fonts tell for 称, 积, （, ）, 月 and 有."""


def misled(path: Path, codes: dict[str, str]) -> Path:
    """The sample with fonts that tell other code points for some characters."""
    with pikepdf.open(source_of(SAMPLE)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                cmap = thing["/ToUnicode"].read_bytes().decode()
                for char, code in codes.items():
                    cmap = re.sub(rf"<{ord(char):04X}>(?=\s*\n)", f"<{code}>", cmap, flags=re.IGNORECASE)
                thing["/ToUnicode"].write(cmap.encode())
        pdf.save(path)
    return path


def rules(found: Extraction) -> set[str]:
    assert found.audit
    return {each.rule for each in found.audit.findings}


def test_a_page_with_letters_of_other_scripts_among_its_characters_is_read_as_a_picture(tmp_path: Path) -> None:
    found = pipeline.extract(misled(tmp_path / "a.pdf", MISLED)).raise_for_status()
    true = [project_record(project) for project in extraction_of(SAMPLE).projects]
    assert tally(found, true).exact >= 0.98
    assert "text-layer-differs" in rules(found)
    assert found.audit
    assert found.audit.tool.engine.endswith("+scan-ppocrv6")


def test_two_such_letters_are_told_and_their_page_stays_text(tmp_path: Path) -> None:
    found = pipeline.extract(misled(tmp_path / "a.pdf", {"\u9752": "00FF"})).raise_for_status()
    assert "unknown-characters" in rules(found)
    assert found.audit
    assert found.audit.tool.engine == "pdfium-lattice"


def test_without_a_recogniser_such_letters_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract.scan, "installed", lambda: False)
    found = pipeline.extract(misled(tmp_path / "a.pdf", MISLED))
    assert found.status == "failed" or "unknown-characters" in rules(found)
