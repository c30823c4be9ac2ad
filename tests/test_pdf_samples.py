"""Every exported PDF gives the projects of its twin, the same form as pasted text."""

from __future__ import annotations

import re
from collections import Counter

import pypdfium2
import pytest

from extract import KINDS
from jixiao.encode import project_record
from jixiao.pipeline import extract
from normalize.words import radicals
from schemas.project import Project
from tests.test_samples import PDFS, extraction_of, source_of

READS_PDF = any(kind.reader for kind in KINDS if kind.magic.startswith(b"%PDF"))


def twin_of(slug: str) -> str:
    return "pingluo-police-2024" if slug.startswith("pdf-seed-") else "whole-form"


@pytest.mark.skipif(not READS_PDF, reason="extract reads no PDF yet")
@pytest.mark.parametrize("slug", PDFS)
def test_an_exported_pdf_gives_the_projects_of_the_pasted_text(slug: str) -> None:
    read = extract(source_of(slug)).raise_for_status().projects
    assert [project_record(project) for project in read] == [
        project_record(project) for project in extraction_of(twin_of(slug)).projects
    ]


@pytest.mark.parametrize("slug", PDFS)
def test_a_pdf_holds_every_character_of_its_twin(slug: str) -> None:
    document = pypdfium2.PdfDocument(source_of(slug))
    for page in document:
        pypdfium2.raw.FPDFPage_Flatten(
            page, 0
        )  # fields and their values; PDFium shows them when the page is loaded again
        page.close()
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    drawn = Counter(map(radicals().get, text, text))
    written = Counter(char for project in extraction_of(twin_of(slug)).projects for char in _texts(project))
    assert written - drawn == Counter()


def _texts(project: Project) -> str:
    """What a form must show of a project: its names, goals, indicators and targets, without spaces."""
    texts = [project.name, project.unit, *(goal.text for goal in project.goals)]
    for indicator in project.indicators:
        texts += [indicator.name, indicator.target.text]
    return re.sub(r"\s", "", "".join(filter(None, texts)))


@pytest.mark.parametrize("slug", PDFS)
def test_a_pdf_bears_no_date_but_the_fixed_one(slug: str) -> None:
    dates = re.findall(rb"/(?:Creation|Mod)Date\s*\(D:(\d{8})", source_of(slug).read_bytes())
    assert set(dates) <= {b"20250101"}


def test_the_pdfs_stay_small() -> None:
    sizes = [source_of(slug).stat().st_size for slug in PDFS]
    assert max(sizes) < 150_000
    assert sum(sizes) < 2_100_000
