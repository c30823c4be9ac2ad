"""Several engines behind one signature: the same projects, nothing lost in silence, every difference told."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

import jixiao
from extract import ReadError, read
from extract.pdf import engines, loss, plumber, read_pages
from extract.pdf.engines import ENGINES, read_with
from extract.pdf.pages import CellPart, LinePart, PageParts, TablePart
from jixiao import config
from jixiao.crosscheck import differences
from jixiao.encode import project_record
from jixiao.names import AUDIT
from jixiao.options import Options
from jixiao.pipeline import Extraction, extract
from schemas.text import BoxPlace
from tests.forms import SAMPLES, expected_projects
from tests.pdfs import FONT, Look, forms_pdf
from tests.test_cli import WHOLE
from tests.test_cli import jixiao as run
from tests.test_pdf_samples import twin_of
from tests.test_samples import PDFS, extraction_of, source_of

WEAK = {
    "pdfplumber": {
        "pdf-borderless",
        "pdf-overpainted",
        "pdf-header-grounds",
        "pdf-pixel-rules",
        "pdf-round-corners",
    },
    "camelot": {
        "pdf-borderless",
        "pdf-overpainted",
        "pdf-dashed-rules",
        "pdf-header-grounds",
        "pdf-pixel-rules",
        "pdf-round-corners",
    },
}
"""Samples that the peers are known to read less well: there they must not lose a character in silence."""
BLIND = {("pdf-filled-fields", "pdfplumber")}
"""Samples of which an engine does not see all text: it must be said to be lost."""

FORM = forms_pdf(expected_projects("whole-form"))
NO_PAGE = re.sub(rb"/Kids \[", rb"/Kidz [", FORM)
"""PDFium finds no page in its tree; pdfminer looks for it elsewhere in the file."""

Pages = list[PageParts | None]


def projects_of(extraction: Extraction) -> list[dict[str, Any]]:
    return [project_record(project) for project in extraction.raise_for_status().projects]


def rules_of(extraction: Extraction) -> list[tuple[str, str]]:
    assert extraction.audit
    return [(finding.rule, finding.severity) for finding in extraction.audit.findings]


# The engines.


@pytest.mark.parametrize("engine", sorted(WEAK))
@pytest.mark.parametrize("slug", PDFS)
def test_every_engine_gives_the_projects_of_the_pasted_text(slug: str, engine: str) -> None:
    if slug in WEAK[engine] or (slug, engine) in BLIND:
        pytest.skip("held to losing nothing, or nothing in silence, instead")
    assert projects_of(extract(source_of(slug), engine=engine)) == projects_of(extraction_of(twin_of(slug)))


@pytest.mark.parametrize(
    ("slug", "engine"), [(slug, engine) for engine in sorted(WEAK) for slug in sorted(WEAK[engine])]
)
def test_a_weaker_engine_still_holds_every_character(slug: str, engine: str) -> None:
    data = source_of(slug).read_bytes()
    document = read(data, "x.pdf", engine=engine)
    assert "lost-text" not in [finding.rule for finding in document.findings]
    shown = sum(page.chars for page in read_pages(data, "x.pdf") if page)
    found = sum(
        len("".join(cell.text.value.split()))
        for page in document.pages
        for table in page.tables
        for cell in table.cells
    )
    assert found == pytest.approx(shown, rel=0.02)


@pytest.mark.parametrize(("slug", "engine"), sorted(BLIND))
def test_what_an_engine_does_not_see_is_said_to_be_lost(slug: str, engine: str) -> None:
    document = read(source_of(slug).read_bytes(), "x.pdf", engine=engine)
    assert [(finding.rule, finding.severity) for finding in document.findings] == [("lost-text", "error")]


@pytest.mark.parametrize("engine", sorted(WEAK))
@pytest.mark.parametrize(
    "look", [Look(rotate=90), Look(rotate=180), Look(rotate=270), Look(turned=True), Look(origin=(100, 50))]
)
def test_every_engine_tells_the_same_boxes_on_the_page_as_it_is_shown(engine: str, look: Look) -> None:
    data = forms_pdf(expected_projects("whole-form"), look)

    def boxes(engine: str) -> list[tuple[str, tuple[float, ...]]]:
        document = read(data, "x.pdf", engine=engine)
        cells = [cell for page in document.pages for table in page.tables for cell in table.cells]
        places = [place for cell in cells for place in cell.text.places]
        return [("".join(place.text.split()), place.bbox) for place in places if isinstance(place, BoxPlace)]

    one, other = boxes("pdfium"), boxes(engine)
    assert [text for text, _ in one] == [text for text, _ in other]
    for (_, left), (_, right) in zip(one, other, strict=True):
        assert left == pytest.approx(right, abs=1.0)


def test_the_document_names_its_engine() -> None:
    names = {engine: read(FORM, "x.pdf", engine=engine).engine for engine in ENGINES}
    assert names == {
        "auto": "pdfium-lattice",
        "pdfium": "pdfium-lattice",
        "pdfplumber": "pdfplumber",
        "camelot": "camelot-lattice",
    }
    assert read(source_of("pdf-borderless").read_bytes(), "x", engine="camelot").engine == "camelot-network"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_ends_in_a_code(engine: str) -> None:
    encrypted = io.BytesIO()
    canvas = Canvas(encrypted, encrypt="secret")
    canvas.drawString(100, 100, "text")
    canvas.save()
    for data, code in (
        (FORM[:100], "damaged"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged"),
        (encrypted.getvalue(), "encrypted"),
    ):
        with pytest.raises(ReadError) as caught:
            read(data, "x.pdf", engine=engine)
        assert caught.value.code == code
        assert "\n" not in caught.value.message


def test_text_that_is_not_painted_is_left_out_by_pdfplumber() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 500)
        text.setFont(FONT, 10)
        text.setTextRenderMode(3)
        text.textLine("看不见的字")
        text.setTextRenderMode(0)
        canvas.drawText(text)

    data = forms_pdf(expected_projects("whole-form"), Look(extras=[draw]))
    assert projects_of(extract(data, engine="pdfplumber")) == projects_of(extraction_of("whole-form"))


# Nothing is lost in silence.


def broken(pages: Pages, *, out: str = "", empty: bool = False) -> Pages:
    """Pages without the cells that hold a text, or without their tables."""
    found: Pages = []
    for page in pages:
        assert page
        parts = [_without(part, out) for part in page.parts]
        found.append(page._replace(parts=[part for part in parts if not (empty and isinstance(part, TablePart))]))
    return found


def _without(part: TablePart | LinePart, out: str) -> TablePart | LinePart:
    if isinstance(part, LinePart) or not out:
        return part
    return part._replace(cells=[cell for cell in part.cells if out not in cell.text])


def poor(monkeypatch: pytest.MonkeyPatch, **how: Any) -> None:
    """Let the fast path read poorly."""
    monkeypatch.setattr(engines, "read_pages", lambda data, name: broken(read_pages(data, name), **how))


def test_auto_leaves_a_well_read_document_to_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Pages:
        raise AssertionError

    monkeypatch.setattr(plumber, "read_pages", never)
    for slug in PDFS:
        extraction = extract(source_of(slug))
        assert extraction.audit
        assert extraction.audit.tool.engine == "pdfium-lattice", slug


def test_auto_asks_pdfplumber_where_the_fast_path_cannot_read() -> None:
    with pytest.raises(ReadError):
        read_with(NO_PAGE, "x.pdf", "pdfium")
    extraction = extract(NO_PAGE)
    assert projects_of(extraction) == projects_of(extraction_of("whole-form"))
    assert rules_of(extraction) == [("engine-changed", "info")]
    assert extraction.audit
    assert "pdfplumber" in extraction.audit.tool.engine


@pytest.mark.parametrize("how", [{"out": "高标准农田"}, {"empty": True}])
def test_auto_asks_pdfplumber_for_pages_that_are_read_poorly(
    how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    poor(monkeypatch, **how)
    extraction = extract(FORM)
    assert projects_of(extraction) == projects_of(extraction_of("whole-form"))
    assert extraction.audit
    assert extraction.audit.tool.engine == "pdfium-lattice+pdfplumber"
    assert rules_of(extraction) == [("engine-changed", "info")]
    assert "第1页" in extraction.audit.findings[0].message


@pytest.mark.parametrize(("out", "count"), [("高标准农田面积", 9), ("1年", 2)])
def test_text_that_no_engine_reads_is_said(out: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    poor(monkeypatch, out=out)

    def fails(*_: object) -> Pages:
        raise ReadError("damaged", "it is broken")

    monkeypatch.setattr(plumber, "read_pages", fails)
    document = read(FORM, "x.pdf")
    [finding] = document.findings
    assert (finding.rule, finding.severity) == ("lost-text", "error")
    assert f"第1页有{count}个字符" in finding.message
    assert extract(FORM).status == "partial"


@pytest.mark.parametrize("engine", ["pdfium", "pdfplumber"])
def test_what_a_named_engine_loses_is_said(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    poor(monkeypatch, out="高标准农田面积")
    whole = plumber.read_pages
    monkeypatch.setattr(plumber, "read_pages", lambda *call: broken(whole(*call), out="高标准农田面积"))
    assert [finding.rule for finding in read(FORM, "x.pdf", engine=engine).findings] == ["lost-text"]


def test_pages_that_an_engine_does_not_see_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    data = forms_pdf(expected_projects("pingluo-police-2024")[:2])
    whole = plumber.read_pages
    monkeypatch.setattr(plumber, "read_pages", lambda *call: whole(*call)[:-1])
    assert "pages-differ" in [finding.rule for finding in read(data, "x.pdf", engine="pdfplumber").findings]


def test_a_line_within_a_table_s_frame_is_doubt() -> None:
    box = (0.0, 0.0, 100.0, 100.0)
    table = TablePart([0.0, 100.0], 1, [CellPart(0, 0, 1, 1, "甲", box)], box)
    inside, outside = LinePart("乙", (40.0, 40.0, 50.0, 50.0)), LinePart("丙", (40.0, 140.0, 50.0, 150.0))
    page = PageParts(parts=[table, inside, outside], chars=3, unknown=0.0, hidden=0, picture=0.0, inferred=False)
    assert loss.loose(page) == 1
    assert loss.held(page) == 3


# Cross-check.


def test_two_engines_that_agree_add_no_finding() -> None:
    plain, checked = extract(FORM), extract(FORM, cross_check=True)
    assert plain.audit
    assert checked.audit
    assert checked.audit.projects == plain.audit.projects
    assert checked.audit.findings == plain.audit.findings
    assert checked.audit.tool.options == {"engine": "auto", "cross_check": True}


def altered(data: bytes, name: str, only: object = None) -> Pages:
    """What pdfplumber would read if it took one sign for another."""
    del only
    pages: Pages = []
    for page in read_pages(data, name):
        assert page
        parts = [
            part._replace(cells=[cell._replace(text=cell.text.replace("≥95%", "295%")) for cell in part.cells])
            if isinstance(part, TablePart)
            else part
            for part in page.parts
        ]
        pages.append(page._replace(parts=parts))
    return pages


def test_cross_check_tells_every_difference_with_both_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plumber, "read_pages", altered)
    extraction = extract(FORM, cross_check=True)
    assert extraction.audit
    found = [each for each in extraction.audit.projects[0].findings if each.rule == "engines-differ"]
    record = projects_of(extraction)[0]
    targets = [at for at, each in enumerate(record["indicators"]) if "≥95%" in (each["target"]["text"] or "")]
    assert targets
    assert [each.pointer for each in found] == [f"/indicators/{at}/target/text" for at in targets]
    assert all((each.severity, each.basis) == ("warning", "reading") for each in found)
    assert all('"≥95%"' in each.message and '"295%"' in each.message_en and each.places for each in found)
    assert record == projects_of(extraction_of("whole-form"))[0]


def test_cross_check_tells_a_project_or_an_engine_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = forms_pdf(expected_projects("pingluo-police-2024")[:3])
    whole = plumber.read_pages
    monkeypatch.setattr(plumber, "read_pages", lambda *call: whole(*call)[:2])
    extraction = extract(data, cross_check=True)
    assert ("engines-differ", "warning") in rules_of(extraction)

    def fails(*_: object) -> Pages:
        raise ReadError("damaged", "it is broken")

    monkeypatch.setattr(plumber, "read_pages", fails)
    extraction = extract(data, cross_check=True)
    assert rules_of(extraction) == [("engines-differ", "warning")]
    assert extraction.audit
    assert "it is broken" in extraction.audit.findings[0].message_en


def test_the_second_engine_of_another_is_pdfium() -> None:
    extraction = extract(FORM, engine="pdfplumber", cross_check=True)
    assert rules_of(extraction) == []
    assert extraction.audit
    assert (extraction.audit.tool.engine, extraction.audit.tool.options["engine"]) == ("pdfplumber", "pdfplumber")


def test_differences_align_lists_by_name() -> None:
    one = {"indicators": [{"name": name, "weight": 1} for name in "甲乙丙"]}
    other = {"indicators": [{"name": name, "weight": 1} for name in "甲丙"]}
    assert list(differences(one, other)) == [("/indicators/1", {"name": "乙", "weight": 1}, None)]
    assert list(differences({"amount": 1, "yuan": 10000}, {"amount": 2, "yuan": 20000})) == [("/amount", 1, 2)]
    assert list(differences({"text": "1人", "number": 1}, {"text": "2人", "number": 2})) == [("/text", "1人", "2人")]
    assert list(differences({"a/b": 1}, {"a/b": 2})) == [("/a~1b", 1, 2)]


# Options.


def audit_of(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / AUDIT).read_bytes())
    return record


def test_options_are_recorded_for_pdfs_only() -> None:
    for source, options in ((FORM, {"engine": "pdfium", "cross_check": False}), (WHOLE.read_bytes(), {})):
        audit = extract(source, engine="pdfium").audit
        assert audit
        assert audit.tool.options == options


def test_the_engine_comes_from_flag_environment_or_file(tmp_path: Path) -> None:
    shutil.copy(source_of("pdf-cuts"), tmp_path / "a.pdf")
    (tmp_path / "jixiao.toml").write_text('engine = "pdfplumber"\ncross-check = true\n', encoding="utf-8")
    run("extract", "a.pdf", "-o", "file", cwd=tmp_path)
    run("extract", "a.pdf", "-o", "environment", cwd=tmp_path, JIXIAO_ENGINE="pdfium", JIXIAO_CROSS_CHECK="no")
    run("extract", "a.pdf", "-o", "flag", "--engine", "auto", "--no-cross-check", cwd=tmp_path, JIXIAO_ENGINE="pdfium")
    told = {name: audit_of(tmp_path / name / "a")["tool"]["options"] for name in ("file", "environment", "flag")}
    assert told == {
        "file": {"engine": "pdfplumber", "cross_check": True},
        "environment": {"engine": "pdfium", "cross_check": False},
        "flag": {"engine": "auto", "cross_check": False},
    }


def test_workers_get_the_options_and_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        shutil.copy(source_of("pdf-cuts"), tmp_path / name)
    for jobs in ("1", "2"):
        done = run("extract", "a.pdf", "b.pdf", "-j", jobs, "-o", jobs, "--engine", "pdfplumber", cwd=tmp_path)
        assert done.code == 0
        assert "pdfminer" not in done.err
    one, two = ([path.read_bytes() for path in sorted((tmp_path / jobs).rglob("*.json"))] for jobs in ("1", "2"))
    assert one == two
    assert audit_of(tmp_path / "2" / "b")["tool"]["engine"] == "pdfplumber"


def test_check_knows_engines_too() -> None:
    done = run("check", source_of("pdf-cuts"), "--cross-check", "--fail-on", "error")
    assert done.code == 0
    assert "engines-differ" not in done.text


def test_an_unknown_engine_is_wrong_usage(tmp_path: Path) -> None:
    assert run("extract", WHOLE, "--engine", "tabula").code == 2
    done = run("extract", WHOLE, cwd=tmp_path, JIXIAO_ENGINE="tabula")
    assert (done.code, len(done.lines)) == (2, 1)
    with pytest.raises(jixiao.UsageError, match="tabula"):
        jixiao.extract(FORM, engine="tabula")


def test_all_rooms_know_the_same_engines() -> None:
    assert config.ENGINES == ENGINES
    assert all(f"{engine}" in run("extract", "--help").text for engine in ENGINES)
    assert Options().told() == {"engine": "auto", "cross_check": False}


def test_other_libraries_are_loaded_only_when_asked_for() -> None:
    import subprocess
    import sys

    script = "import sys, jixiao\njixiao.extract(sys.argv[1]).raise_for_status()\n"
    script += "assert not {'camelot', 'pdfplumber', 'pdfminer', 'playa', 'cv2', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script, source_of("pdf-cuts")], check=True, cwd=SAMPLES.parent)
