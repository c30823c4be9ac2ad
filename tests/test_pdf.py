"""PDFs read by the rules that they draw: cells, spans, places; and what cannot be read."""

from __future__ import annotations

from contextlib import suppress
from typing import get_args

import pytest

from extract import ReadError, read
from jixiao.pipeline import extract
from jixiao.write import AUDIT, render
from schemas.table import Document, Table
from schemas.text import BoxPlace
from tests.forms import SAMPLES, expected_projects
from tests.pdfs import Look, Style, forms_pdf

SLUG = "pingluo-police-2024"
EXPECTED = {
    file.name: file.read_bytes() for file in sorted((SAMPLES / SLUG / "expected").iterdir()) if file.name != AUDIT
}
PROJECTS = expected_projects(SLUG)
RULED = [style for style in get_args(Style) if style != "none"]


def files_of(data: bytes) -> dict[str, bytes]:
    extraction = extract(data, name="x.pdf")
    extraction.raise_for_status()
    return {name: file for name, file in render(extraction, "x.pdf").files if name != AUDIT}


def tables_of(data: bytes) -> list[Table]:
    return [table for page in read(data, "x.pdf").pages for table in page.tables]


def values(table: Table) -> list[str]:
    return [cell.text.value for cell in table.cells]


# The acceptance: the 13 projects of the seed, byte for byte, out of any export.


@pytest.mark.parametrize("style", RULED)
def test_the_seed_comes_out_of_every_style_of_rules(style: Style) -> None:
    assert files_of(forms_pdf(PROJECTS, Look(style=style))) == EXPECTED


LOOKS = {
    "a page turned by 90": Look(rotate=90),
    "a page turned by 180": Look(rotate=180),
    "a page turned by 270": Look(rotate=270),
    "a table lying on its side": Look(turned=True),
    "a crop box that does not start at zero": Look(origin=(100, 50)),
    "no rules at the left and right": Look(frame=False),
    "small print in narrow columns": Look(size=7, widths=(40, 50, 60, 140, 80), cut_labels=False),
    "short pages with many cuts": Look(bottom=420),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_seed_comes_out_of_every_page(look: Look) -> None:
    assert files_of(forms_pdf(PROJECTS, look)) == EXPECTED


# Cells.


def test_every_cell_tells_its_spans_and_its_box() -> None:
    table = tables_of(forms_pdf(PROJECTS[:1]))[1]
    spans = {cell.text.value: (cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells}
    assert spans["项目名称"] == (0, 0, 1, 2)
    assert spans["2022年执法办案管理中心项目"] == (0, 2, 1, 3)
    assert spans["绩效指标"] == (8, 0, 10, 1)
    assert spans["质量指标"] == (9, 2, 2, 1)
    place = next(cell.text.places for cell in table.cells if cell.text.value == "项目名称")
    assert place == (BoxPlace(1, (51.64, 84.2, 91.64, 94.2), "项目名称"),)


def test_boxes_stand_on_the_page_as_it_is_shown() -> None:
    def box(look: Look) -> tuple[float, ...]:
        place = tables_of(forms_pdf(PROJECTS[:1], look))[0].cells[0].text.places[0]
        assert isinstance(place, BoxPlace)
        return place.bbox

    x0, top, x1, bottom = box(Look())
    assert box(Look(origin=(100, 50))) == pytest.approx((x0, top, x1, bottom), abs=0.05)
    assert box(Look(rotate=180)) == pytest.approx((595.28 - x1, 841.89 - bottom, 595.28 - x0, 841.89 - top), abs=0.05)
    assert box(Look(rotate=90)) == pytest.approx((841.89 - bottom, x0, 841.89 - top, x1), abs=0.05)


def test_reading_is_deterministic() -> None:
    data = forms_pdf(PROJECTS[:3])
    assert read(data, "x.pdf") == read(data, "x.pdf")


def test_a_document_knows_its_engine_and_its_pages() -> None:
    document: Document = read(forms_pdf(PROJECTS), "folder/x.pdf")
    assert (document.engine, document.source.media_type, document.source.name) == (
        "pdfium-lattice",
        "application/pdf",
        "x.pdf",
    )
    assert document.source.pages == len(document.pages)


# What cannot be read.


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "x.pdf")
    return caught.value.code


def test_a_truncated_pdf_is_refused_in_one_sentence() -> None:
    data = forms_pdf(PROJECTS[:1])
    assert code_of(data[:100]) == "damaged"
    assert code_of(b"%PDF-1.7\n") == "damaged"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_a_pdf_cut_off_anywhere_is_read_or_refused(share: float) -> None:
    data = forms_pdf(PROJECTS[:2])
    with suppress(ReadError):
        read(data[: int(share * len(data))], "x.pdf")
