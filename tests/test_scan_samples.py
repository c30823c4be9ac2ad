"""Every scan gives the projects of its twin, the same form as pasted text, but for what its page does not let see."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bench.scan_truth import Tally, folded_record, tally
from jixiao.encode import load, pretty, project_record
from jixiao.pipeline import Extraction, extract
from jixiao.write import render
from samples.make_scans import SAMPLES, made
from tests.forms import SAMPLES as FOLDER
from tests.goldens import check_golden, rewriting
from tests.test_pdf_samples import twin_of
from tests.test_samples import SCANS, extraction_of, source_of

LEAST = {"scan-level-rules": 0.95, "scan-copier": 0.98}
"""The share of values that must be exact where rules are missing or the toner is pale; all of them elsewhere."""
LAYERED = "scan-mixed"


@cache
def read(slug: str) -> Extraction:
    return extract(source_of(slug)).raise_for_status()


@cache
def compared(slug: str) -> Tally:
    true = [project_record(project) for project in extraction_of(twin_of(SAMPLES[slug].of)).projects]
    return tally(read(slug), true)


def test_the_generator_knows_every_scan() -> None:
    assert sorted(SAMPLES) == SCANS


@pytest.mark.parametrize("slug", SCANS)
def test_a_scan_gives_the_values_of_the_pasted_text(slug: str) -> None:
    found = compared(slug)
    assert found.exact >= LEAST.get(slug, 1.0), found.wrong


@pytest.mark.parametrize("slug", SCANS)
def test_what_a_scan_gives_is_what_was_read_and_approved(slug: str) -> None:
    for name, data in render(read(slug), slug).files:
        path = FOLDER / slug / "expected" / name
        if name == "audit.json":  # its probabilities depend on the processor
            continue
        if rewriting():
            check_golden(path, data)
        assert folded_record(load(data)) == folded_record(load(path.read_bytes()))


def test_hardly_any_wrong_value_goes_without_a_flag() -> None:
    total = Tally()
    for slug in SCANS:
        total.add(compared(slug))
    assert total.values > 1500
    assert len(total.silent) <= 0.001 * total.values, total.silent
    assert total.needless <= 0.02 * total.values


@pytest.mark.parametrize("slug", ["scan-stamped", "scan-turned"])
def test_every_value_of_a_scan_has_its_place_and_its_confidence(slug: str) -> None:
    audit = read(slug).audit
    assert audit is not None
    record = load(pretty(audit))
    places = [place for project in record["projects"] for each in project["provenance"].values() for place in each]
    assert places
    for place in places:
        x0, top, x1, bottom = place["bbox"]
        assert 0 <= x0 < x1 < 900
        assert 0 <= top < bottom < 900
        assert 0 <= place["confidence"] <= 1
        assert place["doubtful"] or place["alternatives"] == []


def test_a_turned_page_has_its_places_where_they_stand_on_it() -> None:
    upright, turned = (_place_of(slug, "/indicators/0/target") for slug in ("scan-stamped", "scan-turned"))
    x0, top, _, _ = upright
    assert (x0 > 350, top > 200) == (True, True)  # at the right, below the fields
    assert turned[3] < 842 - 350  # a quarter against the clock: what was at the right is at the top
    assert turned[0] > 200


def _place_of(slug: str, pointer: str) -> tuple[float, float, float, float]:
    audit = read(slug).audit
    assert audit is not None
    place = load(pretty(audit))["projects"][0]["provenance"][pointer][0]
    x0, top, x1, bottom = (float(side) for side in place["bbox"])
    return x0, top, x1, bottom


def test_a_hidden_text_layer_is_read_anew_and_its_differences_are_told() -> None:
    audit = read(LAYERED).audit
    assert audit is not None
    assert audit.tool.engine == "pdfium-lattice+scan-ppocrv6"
    [finding] = [each for each in audit.findings if each.rule == "text-layer-differs"]
    assert "≥95%" in finding.message_en
    assert read(LAYERED).projects[0].indicators[-1].target.text == "≥95%"


def test_pages_that_are_printed_are_not_read_as_pictures() -> None:
    audit = read(LAYERED).audit
    assert audit is not None
    pages = {
        (place["page"], "confidence" in place)
        for each in load(pretty(audit))["projects"][0]["provenance"].values()
        for place in each
    }
    assert pages == {(1, False), (2, True)}


def test_the_generator_still_writes_a_committed_scan() -> None:
    for slug in ("scan-fax", "scan-broken-rules"):  # the others hold JPEG, whose bytes differ between libraries
        assert made(slug) == source_of(slug).read_bytes()


def test_the_scans_stay_small() -> None:
    sizes = [Path(source_of(slug)).stat().st_size for slug in SCANS]
    assert max(sizes) < 2_000_000
    assert sum(sizes) < 6_000_000


def test_a_page_whose_fonts_tell_nothing_is_read_as_a_picture() -> None:
    found = extract(Path(__file__).parent / "data" / "pdf" / "no-unicode.pdf").raise_for_status()
    true = [project_record(project) for project in extraction_of("whole-form").projects]
    assert tally(found, true).exact == 1.0
