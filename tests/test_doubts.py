"""No doubt of a recogniser is lost on the way: each ends in a finding, unless the closed vocabulary settles it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from extract import read
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction
from jixiao.options import DEFAULT
from jixiao.pipeline import of_document
from normalize.headers import column
from normalize.lexicon import is_sum, label_kinds
from schemas.audit import Finding
from schemas.table import Cell, Document
from schemas.text import ScanPlace, Text
from tests.test_samples import LAYOUTS, source_of

FORMS = ["whole-form", "pingluo-police-2024", *LAYOUTS]
READINGS = (
    "",
    "二",
    "=",
    "≥",
    "12.5",
    "l2.S",
    "100%",
    "一",
    "、",
    "年度资金总额",
    "质量指标",
    "人",
    "店警",
    "(",
    "其中",
)
Doubts = dict[int, tuple[str, tuple[str, ...]]]
"""The number of a cell, counted over all pages -> how it is read, and what else the recogniser offers."""


@cache
def sure(slug: str) -> Document:
    """A sample of pasted text as if it were a picture; a cell's box is its number, its table and its row."""
    source = source_of(slug)
    document = read(source.read_bytes(), source.name)
    pages = []
    for page in document.pages:
        count, tables = 0, []
        for number, table in enumerate(page.tables):
            cells = []
            for cell in table.cells:
                place = ScanPlace(page.number, (count, number, cell.row, 0), cell.text.value, 1.0, False, ())
                cells.append(replace(cell, text=Text(cell.text.value, (place,))))
                count += 1
            tables.append(replace(table, cells=tuple(cells)))
        pages.append(replace(page, tables=tuple(tables)))
    return replace(document, pages=tuple(pages))


def cells_of(document: Document) -> Iterator[tuple[Cell, ScanPlace]]:
    for page in document.pages:
        for table in page.tables:
            for cell in table.cells:
                [place] = cell.text.places
                assert isinstance(place, ScanPlace)
                yield cell, place


def misread(document: Document, doubts: Doubts) -> Document:
    """The document with some of its cells read as told and in doubt."""
    numbers = iter(range(10**6))

    def changed(cell: Cell) -> Cell:
        number = next(numbers)
        if number not in doubts:
            return cell
        [place] = cell.text.places
        text, others = doubts[number]
        assert isinstance(place, ScanPlace)
        return replace(
            cell,
            text=Text(text, (replace(place, text=text, confidence=0.6, doubtful=True, alternatives=others),)),
        )

    pages = [
        replace(
            page,
            tables=tuple(replace(table, cells=tuple(map(changed, table.cells))) for table in page.tables),
        )
        for page in document.pages
    ]
    return replace(document, pages=tuple(pages))


def extracted(document: Document) -> Extraction | None:
    try:
        return of_document(document, "form.png", DEFAULT)
    except DocumentError:
        return None


def lost(document: Document, found: Extraction) -> list[str]:
    """The doubtful cells in rows of written forms that no finding on the reading tells and no vocabulary settles."""
    assert found.audit
    findings: list[Finding] = [*found.audit.findings, *(each for one in found.audit.projects for each in one.findings)]
    told = {place for each in findings if each.basis == "reading" for place in each.places}
    values = {place for one in found.audit.projects for places in one.provenance.values() for place in places}
    rows = {(place.page, place.bbox[1:3]) for place in values if isinstance(place, ScanPlace)}
    joined = {
        half
        for one in found.audit.projects
        for repair in one.repairs
        if repair.rule == "cut-label" and is_known(repair.after)
        for half in repair.before.split("\n")
    }
    return [
        place.text
        for _, place in cells_of(document)
        if place.doubtful
        and place not in told
        and (place.page, place.bbox[1:3]) in rows
        and not is_known(place.text)
        and place.text not in joined
    ]


def is_known(text: str) -> bool:
    """Whether the closed vocabulary has a text, and so settles it; as it does the halves of a label cut by a page."""
    return bool(label_kinds(text) or column(text) or is_sum(text))


@st.composite
def doubted(draw: st.DrawFn) -> tuple[str, Doubts]:
    """A form of which some cells are in doubt: read rightly, read as something else, or with a character changed."""
    slug = draw(st.sampled_from(FORMS))
    texts = [cell.text.value for cell, _ in cells_of(sure(slug))]
    doubts = {}
    for number in draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, max_size=12, unique=True)):
        true = texts[number]
        at = draw(st.integers(0, max(0, len(true) - 1)))
        near = true[:at] + draw(st.sampled_from("二1O人标.")) + true[at + 1 :]
        text = draw(st.sampled_from((true, near, draw(st.sampled_from(READINGS)), draw(st.sampled_from(texts)))))
        doubts[number] = text, draw(st.sampled_from(((), (true,), (near,), (near, true))))
    return slug, doubts


@settings(max_examples=150, deadline=None)
@given(doubted())
def test_each_doubtful_cell_of_a_written_form_ends_in_a_finding_or_is_settled(form: tuple[str, Doubts]) -> None:
    slug, doubts = form
    document = misread(sure(slug), doubts)
    found = extracted(document)
    assert found is None or lost(document, found) == []


def findings_about(slug: str, true: str, text: str, *others: str) -> list[Finding]:
    """The findings on a cell of a sample, the first that truly says `true`, read as `text`."""
    document = sure(slug)
    number = next(at for at, (cell, _) in enumerate(cells_of(document)) if cell.text.value == true)
    doubted = misread(document, {number: (text, others)})
    [place] = [place for _, place in cells_of(doubted) if place.doubtful]
    found = extracted(doubted)
    assert found
    assert found.audit
    return [each for one in found.audit.projects for each in one.findings if place in each.places]


def test_an_operator_that_was_read_as_something_else_is_told_at_its_indicator_too() -> None:
    unclear, aside = findings_about("layout-c-typed", "≥", "二", "=")
    assert (unclear.pointer, unclear.rule, unclear.severity) == ("/indicators/0", "operator-unclear", "warning")
    assert "“二”" in unclear.message
    assert (aside.rule, aside.severity) == ("doubtful-reading", "warning")
    assert aside.pointer.startswith("/extra/")
    assert "“=”" in aside.message


def test_ink_of_which_nothing_was_read_is_told_beside_what_lacks_it() -> None:
    [finding] = findings_about("layout-c-typed", "≥", "")
    assert (finding.pointer, finding.rule) == ("/indicators/0", "doubtful-reading")
    assert "未能识别" in finding.message


def test_a_year_in_doubt_is_told_at_the_year() -> None:
    findings = findings_about("layout-c-typed", "(2025年度)", "(2026年度)", "(2025年度)")
    assert [(each.pointer, each.rule) for each in findings] == [("/fiscal_year", "doubtful-reading")]


def test_an_amount_that_was_read_as_a_word_is_told_where_it_is_lacking_too() -> None:
    findings = findings_about("layout-e-evaluation", "480", "其中", "480")
    assert {each.pointer for each in findings} == {"/funding/1/label", "/funding/0"}


@pytest.mark.parametrize(("text", "others"), [("数量指标", ("数里指标",)), ("数量指标", ())])
def test_a_label_of_the_vocabulary_needs_no_finding(text: str, others: tuple[str, ...]) -> None:
    assert findings_about("layout-c-typed", "数量指标", text, *others) == []


def test_a_label_whose_rival_is_another_label_is_told() -> None:
    findings = findings_about("layout-c-typed", "数量指标", "数量指标", "质量指标")
    assert {each.rule for each in findings} == {"doubtful-reading"}


def test_half_a_label_is_settled_by_the_whole() -> None:
    assert findings_about("label-cut", "标）", "标）", "杯）") == []
