"""What single producers do in their files, drawn as they draw it."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract import read
from schemas.table import Document
from tests.forms import SAMPLES

XS, YS = (50.0, 200.0, 350.0), (600.0, 640.0, 680.0)
LINES = [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS]
RULES = "".join(f"{x0} {y0} m {x1} {y1} l S " for x0, y0, x1, y1 in LINES)


Edit = Callable[[pikepdf.Pdf, pikepdf.Object], None]


def page(content: str, edit: Edit | None = None) -> bytes:
    """A page with this content, edited; the font /F1 is Helvetica."""
    with pikepdf.new() as document:
        blank = document.add_blank_page(page_size=(595, 842)).obj
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        blank.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
        blank.Contents = document.make_stream(content.encode("latin-1"))
        if edit:
            edit(document, blank)
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def texts(document: Document) -> list[str]:
    return [cell.text.value for each in document.pages for table in each.tables for cell in table.cells]


def test_a_gap_between_latin_words_that_no_space_fills_is_one() -> None:
    """As TeX writes them: one array of strings, the gaps between words as numbers."""
    data = page(f"{RULES} BT /F1 10 Tf 55 655 Td [(Total)-278(cost)-278(of)-20(fice)] TJ ET")
    assert texts(read(data, "x.pdf")) == ["Total cost office"]


WORDS = [(55, 655, "A1"), (205, 655, "B1"), (55, 615, "A2"), (205, 615, "B2")]
SHOWN = " ".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in WORDS)
CELLS = {(0, 0, 1, 1, "A1"), (0, 1, 1, 1, "B1"), (1, 0, 1, 1, "A2"), (1, 1, 1, 1, "B2")}


def cells(drawing: str) -> list[set[tuple[int, int, int, int, str]]]:
    """The tables of a page with these rules or fills and a word in each of four cells."""
    return [
        {(cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value) for cell in table.cells}
        for table in read(page(f"{drawing}\n{SHOWN}"), "x.pdf").pages[0].tables
    ]


def dots(line: tuple[float, float, float, float], length: float, gap: float) -> str:
    """A rule as filled rectangles of this length and distance."""
    x0, y0, x1, y1 = line
    count = int(max(x1 - x0, y1 - y0) / (length + gap)) + 1
    step = length + gap
    if y0 == y1:
        return " ".join(f"{x0 + at * step} {y0 - 0.4} {length} 0.75 re f" for at in range(count))
    return " ".join(f"{x0 - 0.4} {y0 + at * step} 0.75 {length} re f" for at in range(count))


def test_dots_of_some_rules_and_dashes_of_others_are_each_joined_at_their_own_pitch() -> None:
    """As Ghostscript writes what a browser printed: dashed inside, dotted outside, all in rectangles."""
    inner = {(XS[0], YS[1], XS[-1], YS[1]), (XS[1], YS[0], XS[1], YS[-1])}
    drawing = [dots(line, 2.25, 1.9) if line in inner else dots(line, 0.75, 0.75) for line in LINES]
    assert cells("\n".join(drawing)) == [CELLS]


def test_uprights_that_stop_short_of_every_level_rule_make_one_table() -> None:
    """As with TeX's booktabs, whose level rules have room above and below them."""
    level = [line for line in LINES if line[1] == line[3]]
    parts = [(x, low + 2.5, x, high - 2.5) for x in XS for low, high in pairwise(YS)]
    assert cells(" ".join(f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in level + parts)) == [CELLS]


def test_lines_of_four_points_are_the_frame_of_a_table() -> None:
    frame = f"4 w {XS[0]} {YS[0]} m {XS[-1]} {YS[0]} l S {XS[0]} {YS[-1]} m {XS[-1]} {YS[-1]} l S"
    sides = f"{XS[0]} {YS[0]} m {XS[0]} {YS[-1]} l S {XS[-1]} {YS[0]} m {XS[-1]} {YS[-1]} l S"
    inner = f"0.5 w {XS[0]} {YS[1]} m {XS[-1]} {YS[1]} l S {XS[1]} {YS[0]} m {XS[1]} {YS[1]} l S"
    assert cells(f"{frame} {sides} {inner}") == [{(0, 0, 1, 2, "A1 B1"), (1, 0, 1, 1, "A2"), (1, 1, 1, 1, "B2")}]


def test_stripes_behind_every_other_row_are_no_cells() -> None:
    stripes = "0.9 g " + " ".join(f"50 {680 - 40 * at} 500 20 re f" for at in range(5)) + " 0 g"
    rows = [("Region", "Income", "Share"), *((f"Region {n}", f"{n}1.5", f"{n}%") for n in range(1, 9))]
    shown = " ".join(
        f"BT /F1 10 Tf {60 + 180 * col} {686 - 20 * row} Td ({text}) Tj ET"
        for row, words in enumerate(rows)
        for col, text in enumerate(words)
    )
    document = read(page(f"{stripes} {shown}"), "x.pdf")
    (table,) = document.pages[0].tables
    assert {(cell.row, cell.col, cell.text.value) for cell in table.cells} == {
        (row, col, text) for row, words in enumerate(rows) for col, text in enumerate(words)
    }
    assert [finding.rule for finding in document.findings] == ["grid-inferred"]


def annotation(document: pikepdf.Pdf, blank: pikepdf.Object, kind: str, text: str, look: bool = True) -> None:
    """A field or remark in the lower right cell."""
    box = [205, 605, 345, 635]
    found = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=box, F=4, Contents=String(text))
    if kind == "Widget":
        found = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=box, F=4, V=String(text))
    if look:
        form = document.make_stream(f"BT /F1 10 Tf 2 10 Td ({text}) Tj ET".encode())
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 140, 30])
        form.Resources = Dictionary(Font=blank.Resources.Font)
        found.AP = Dictionary(N=form)
    if kind == "Widget":
        document.Root.AcroForm = Dictionary(Fields=[document.make_indirect(found)])
        found = document.Root.AcroForm.Fields[0]
    blank.Annots = Array([*blank.get("/Annots", []), document.make_indirect(found)])


@pytest.mark.parametrize("kind", ["Widget", "FreeText"])
def test_the_text_of_a_field_or_remark_is_read_where_it_is_painted(kind: str) -> None:
    def fill(document: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        annotation(document, blank, kind, "253")

    document = read(page(f"{RULES} BT /F1 10 Tf 55 655 Td (Staff) Tj ET", fill), "x.pdf")
    assert [(cell.row, cell.col, cell.text.value) for cell in document.pages[0].tables[0].cells] == [
        (0, 0, "Staff"),
        (1, 1, "253"),
    ]
    assert not document.findings


@pytest.mark.parametrize("kind", ["Stamp", "Text", "Link"])
def test_what_a_stamp_or_a_note_says_is_no_text_of_the_page(kind: str) -> None:
    def stamp(document: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        annotation(document, blank, kind, "253")

    document = read(page(f"{RULES} BT /F1 10 Tf 55 655 Td (Staff) Tj ET", stamp), "x.pdf")
    assert texts(document) == ["Staff"]


@pytest.mark.parametrize("beside", [True, False])
def test_a_field_without_an_appearance_is_said_to_be_lost(beside: bool) -> None:
    def fill(document: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        if beside:
            annotation(document, blank, "FreeText", "painted")
        annotation(document, blank, "Widget", "253", look=False)

    document = read(page(f"{RULES} BT /F1 10 Tf 55 655 Td (Staff) Tj ET", fill), "x.pdf")
    assert texts(document) == ["Staff", "painted"][: 1 + beside]
    assert [(finding.rule, finding.severity) for finding in document.findings] == [("lost-text", "error")]
    assert "“253”" in document.findings[0].message


def test_layers_that_are_switched_off_are_told() -> None:
    def switch_off(document: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("2023")))
        document.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
        blank.Resources.Properties = Dictionary(L1=layer)

    content = f"{RULES} BT /F1 10 Tf 55 655 Td (Staff) Tj ET /OC /L1 BDC BT /F1 10 Tf 205 655 Td (old) Tj ET EMC"
    (finding,) = read(page(content, switch_off), "x.pdf").findings
    assert (finding.rule, finding.severity) == ("hidden-layer", "warning")
    assert "2023" in finding.message


@pytest.mark.parametrize("rotate", [0, 90])
def test_two_sheets_on_one_page_are_read_one_after_the_other(rotate: int) -> None:
    """Titles of both stand on one line, and so do rows of their tables."""

    def lie(_: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        blank.MediaBox, blank.Rotate = Array([0, 0, 842, 842]), rotate

    shown = RULES + SHOWN + " BT /F1 10 Tf 90 700 Td (Left title) Tj ET"
    turn = "" if not rotate else "0 1 -1 0 842 0 cm"
    content = f"{turn} q {shown} Q q 1 0 0 1 400 0 cm {shown.replace('Left', 'Right')} Q"
    first, second = read(page(content, lie), "x.pdf").pages
    assert (first.number, second.number) == (1, 1)
    for sheet, side in ((first, "Left"), (second, "Right")):
        heading, table = sheet.tables
        assert heading.cells[0].text.value == f"{side} title"
        assert [cell.text.value for cell in table.cells] == ["A1", "B1", "A2", "B2"]


@pytest.mark.parametrize("count", [4, 3])
def test_four_sheets_on_one_page_are_read_row_by_row(count: int) -> None:
    def lie(_: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        blank.MediaBox = Array([0, 0, 842, 842])

    places = [(0, 0), (400, 0), (0, -400), (400, -400)][:count]
    names = ["First", "Second", "Third", "Fourth"]
    content = " ".join(
        f"q 1 0 0 1 {x} {y} cm {RULES} {SHOWN} BT /F1 10 Tf 90 700 Td ({name}) Tj ET Q"
        for (x, y), name in zip(places, names, strict=False)
    )
    sheets = read(page(content, lie), "x.pdf").pages
    assert [sheet.number for sheet in sheets] == [1] * count
    assert [sheet.tables[0].cells[0].text.value for sheet in sheets] == names[:count]


@pytest.mark.parametrize(("gaps", "expected"), [(6, "共12人in all"), (3, "共 12 人 in all")])
def test_gaps_at_all_borders_of_han_and_latin_are_typesetting(gaps: int, expected: str) -> None:
    """As TeX sets them, beside gaps between Latin words; where only some borders have one it stands for a space."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for line in LINES:
        canvas.line(*line)
    for row in range(6):
        x, step = 60.0, 2.5 if row < gaps else 0.0
        for at, word in enumerate(["共", "12", "人", "in", "all"]):
            font, room = ("STSong-Light", step) if word in "共人" else ("Helvetica", step)
            canvas.setFont(font, 10)
            canvas.drawString(x, 660 - 12 * row, word)
            x += canvas.stringWidth(word, font, 10) + (2.5 if at >= 2 else room)
    canvas.save()
    text = read(out.getvalue(), "x.pdf").pages[0].tables[0].cells[0].text.value
    assert text.split("\n")[0] == expected


def test_stripes_between_upright_rules_part_the_rows_of_a_table() -> None:
    """Uprights and a frame are drawn, and every other row has a ground of its own."""
    frame = "50 560 300 120 re S 200 560 m 200 680 l S 50 660 m 350 660 l S"
    stripes = "0.9 g 50 620 300 20 re f 50 580 150 20 re f 200 580 150 20 re f 0 g"
    shown = " ".join(
        f"BT /F1 10 Tf {x} {666 - 20 * row} Td ({name}{row}) Tj ET"
        for row in range(6)
        for x, name in ((55, "A"), (205, "B"))
    )
    (table,) = read(page(f"{stripes} {frame} {shown}"), "x.pdf").pages[0].tables
    assert [(cell.row, cell.col, cell.text.value) for cell in table.cells] == [
        (row, col, f"{name}{row}") for row in range(6) for col, name in enumerate("AB")
    ]


@pytest.mark.parametrize(("word", "expected"), [("", "B\xf6hmen \xde"), ("绩效目标", "B\ufffdhmen \ufffd")])
def test_accented_letters_are_letters_where_no_chinese_stands_beside_them(word: str, expected: str) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for line in LINES:
        canvas.line(*line)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 655, "B\xf6hmen \xde")
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(210, 655, word)
    canvas.save()
    assert texts(read(out.getvalue(), "x.pdf"))[0] == expected


@pytest.mark.parametrize(("word", "expected"), [("B1", ["A1", "B1"]), ("", ["A1 over both columns of it"])])
def test_cells_whose_fills_meet_are_two_unless_text_runs_over_the_edge(word: str, expected: list[str]) -> None:
    """As Word draws the header of its coloured tables: each cell has a ground of its own, and no rule between."""
    ground = "0.8 g 50 640 150 40 re f 200 640 150 40 re f 0 g"
    lower = "".join(f"{x0} {y0} m {x1} {y1} l S " for x0, y0, x1, y1 in LINES if y0 == y1)
    lower += "".join(f"{x} 600 m {x} {640 if x == 200 else 680} l S " for x in XS)
    first = "A1" if word else expected[0]
    shown = f"BT /F1 10 Tf {55 if word else 140} 655 Td ({first}) Tj ET BT /F1 10 Tf 205 655 Td ({word}) Tj ET"
    document = read(page(f"{ground} {lower} {shown} BT /F1 10 Tf 55 615 Td (A2) Tj ET"), "x.pdf")
    assert texts(document) == [*expected, "A2"]


def test_stripes_beside_a_merged_label_part_rows_without_cutting_it() -> None:
    """The uprights of the lower row begin at the edge of the fill only."""
    frame = "50 570 300 110 re S 50 600 m 350 600 l S 110 570 m 110 680 l S 200 570 m 200 660 l S"
    shown = " ".join(
        f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET"
        for x, y, text in [(55, 635, "Size"), (115, 665, "Small farms"), (115, 630, "12"), (205, 630, "34")]
    )
    (table,) = read(page(f"0.9 g 110 660 240 20 re f 110 600 240 60 re f 0 g {frame} {shown}"), "x.pdf").pages[0].tables
    assert {(cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value) for cell in table.cells} == {
        (0, 0, 2, 1, "Size"),
        (0, 1, 1, 2, "Small farms"),
        (1, 1, 1, 1, "12"),
        (1, 2, 1, 1, "34"),
    }


@pytest.mark.parametrize("cell", ["", "0.9 g 50 640 150 40 re f"])
def test_grounds_of_single_lines_are_no_rows(cell: str) -> None:
    """As Word shades a text: each of its lines once more, and not what is left of the cell."""
    lines = "0.9 g " + " ".join(f"{x} {y} 148 12 re f" for x in (51, 201) for y in (666, 654)) + " 0 g"
    shown = "BT /F1 10 Tf 55 669 Td (Suffered) Tj 0 -12 Td (from) Tj 150 12 Td (Followed) Tj 0 -12 Td (B1) Tj ET"
    (table,) = read(page(f"{cell} {lines} {RULES} {shown} BT /F1 10 Tf 55 615 Td (A2) Tj ET"), "x.pdf").pages[0].tables
    assert [(found.row, found.col, found.row_span, found.text.value) for found in table.cells if found.text] == [
        (0, 0, 1, "Suffered\nfrom"),
        (0, 1, 1, "Followed\nB1"),
        (1, 0, 1, "A2"),
    ]


def test_pictures_of_one_pixel_drawn_out_to_lines_are_rules() -> None:
    def pixel(document: pikepdf.Pdf, blank: pikepdf.Object) -> None:
        image = document.make_stream(b"\0")
        image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 1, 1
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
        blank.Resources.XObject = Dictionary(P=image)

    ground = "1 g 0 0 595 842 re f 0 g"
    rules = [f"q {x1 - x0 + 0.5} 0 0 {y1 - y0 + 0.5} {x0} {y0} cm /P Do Q" for x0, y0, x1, y1 in LINES]
    document = read(page(f"{ground} {' '.join(rules)} {SHOWN}", pixel), "x.pdf")
    found = document.pages[0].tables[0]
    assert {(cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value) for cell in found.cells} == CELLS
    assert not document.findings


def test_a_heading_that_runs_up_its_cell_keeps_its_spaces() -> None:
    shown = "BT /F1 10 Tf 0 1 -1 0 70 605 Tm (of total) Tj ET"
    shown += " BT /F1 10 Tf 205 655 Td (12) Tj 0 -40 Td (34 people in all) Tj ET"
    tall = " ".join(f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in LINES if y0 != YS[1] or y0 != y1)
    document = read(page(f"{tall} {XS[1]} {YS[1]} m {XS[-1]} {YS[1]} l S {shown}"), "x.pdf")
    assert texts(document) == ["of total", "12", "34 people in all"]


@pytest.mark.parametrize(("rows", "flagged"), [(8, True), (3, False)])
def test_rows_that_no_rule_parts_are_flagged(rows: int, flagged: bool) -> None:
    """Only a frame and uprights are drawn."""
    drawing = "50 500 450 180 re S 200 500 m 200 680 l S 350 500 m 350 680 l S"
    shown = " ".join(
        f"BT /F1 10 Tf {55 + 150 * col} {665 - 20 * row} Td ({name}{row}) Tj ET"
        for row in range(rows)
        for col, name in enumerate("ABC")
    )
    findings = read(page(f"{drawing} {shown}"), "x.pdf").findings
    assert [finding.rule for finding in findings] == ["grid-inferred"] * flagged


def test_two_texts_printed_over_one_another_are_told() -> None:
    over = "BT /F1 10 Tf 55 655 Td (Total) Tj ET BT /F1 10 Tf 57 655 Td (Share) Tj ET"
    assert [finding.rule for finding in read(page(f"{RULES} {over}"), "x.pdf").findings] == ["overprinted"]


def test_a_text_drawn_twice_to_look_bold_is_not_overprinted() -> None:
    bold = "BT /F1 10 Tf 55 655 Td (Total) Tj ET BT /F1 10 Tf 55.4 655 Td (Total) Tj ET"
    document = read(page(f"{RULES} {bold}"), "x.pdf")
    assert texts(document) == ["Total"]
    assert not document.findings


@pytest.mark.parametrize(
    "end", ["BT /F1 10 Tf 55 655 Td (Tot", "BT /F1 10 Tf 55 655 Td (Total) Tj", "50 600 m 200", "/F1"]
)
def test_a_content_that_ends_in_the_middle_is_told(end: str) -> None:
    assert "content-broken" in {finding.rule for finding in read(page(f"{RULES} {SHOWN} {end}"), "x.pdf").findings}


def test_bytes_that_are_no_content_are_told() -> None:
    """On a page of its own, which is not stored packed and so cannot fail to be unpacked."""
    with pikepdf.open(io.BytesIO(page(f"{RULES} {SHOWN}"))) as document:
        document.pages.append(document.pages[0])
        document.pages[1].Contents = document.make_stream(bytes(range(256)) * 8)
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    assert "content-broken" in {finding.rule for finding in read(out.getvalue(), "x.pdf").findings}


@pytest.mark.parametrize("end", ["% the end", "/Span BMC EMC", "q Q", "200 600 m 300 600 l S", "BT (A) ' ET", "/A Do"])
def test_a_content_that_ends_whole_is_not(end: str) -> None:
    assert not read(page(f"{RULES} {SHOWN} {end}"), "x.pdf").findings


def test_files_that_are_attached_are_told() -> None:
    def attach(document: pikepdf.Pdf, _blank: pikepdf.Object) -> None:
        document.attachments["forms.xlsx"] = b"PK"

    document = read(page(f"{RULES} {SHOWN}", attach), "x.pdf")
    assert [(finding.rule, "forms.xlsx" in finding.message) for finding in document.findings] == [
        ("attached-files", True)
    ]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_shown_turned_has_the_spaces_of_the_upright_one(rotate: int) -> None:
    """PDFium puts the pieces of its lines in another order, and leaves spaces at their ends out."""
    source = SAMPLES / "pdf-seed-writer" / "source.pdf"
    upright = read(source.read_bytes(), "x.pdf")
    with pikepdf.open(source) as document:
        for each in document.pages:
            each.obj.Rotate = rotate
        out = io.BytesIO()
        document.save(out, static_id=True)
    assert texts(read(out.getvalue(), "x.pdf")) == texts(upright)


def test_the_last_line_of_a_cell_that_reaches_lower_than_its_row_is_kept() -> None:
    """As Typst draws cells that are each as high as their own text."""
    tops = [680, 660, 640]
    boxes = " ".join(f"{x} {top - 17} 148 17 re S" for top in tops for x in (50, 200) if (top, x) != (640, 50))
    words = [("A1", "B1"), ("A2", "B2"), ("A3", "B3")]
    shown = " ".join(
        f"BT /F1 10 Tf {x + 5} {top - 12} Td ({text}) Tj ET"
        for top, row in zip(tops, words, strict=True)
        for x, text in zip((50, 200), row, strict=True)
    )
    last = "50 610 148 30 re S BT /F1 10 Tf 55 615 Td (more) Tj ET"
    assert texts(read(page(f"{boxes} {shown} {last}"), "x.pdf")) == ["A1", "B1", "A2", "B2", "A3\nmore", "B3"]


def test_fills_that_a_merged_cell_of_their_colour_covers_part_nothing() -> None:
    """As Prawn paints stripes: the merged cell, and every cell below it once more."""
    stripes = "0.9 g 50 660 300 20 re f 200 660 150 20 re f 1 g 50 640 150 20 re f 200 640 150 20 re f"
    fills = f"{stripes} 0.9 g 50 620 300 20 re f 0 g"
    words = [
        (55, 666, "A merged title that runs over both of the columns"),
        (55, 646, "A2"),
        (205, 646, "B2"),
        (55, 626, "A3"),
    ]
    shown = " ".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in words)
    assert texts(read(page(f"{fills} {shown}"), "x.pdf")) == [text for _, _, text in words]


@pytest.mark.parametrize(
    ("foot", "head", "kept"),
    [
        (("A2", "B2"), ("A2", "B2"), []),
        (("A2", "B2"), ("A2", "B3"), ["A2", "B3"]),
        (("A2", ""), ("A2", ""), ["A2"]),
    ],
)
def test_a_row_printed_at_the_foot_of_a_page_and_again_on_the_next_is_read_once(
    foot: tuple[str, str], head: tuple[str, str], kept: list[str]
) -> None:
    """As iText does beside a merged cell; a single word proves nothing."""

    def of(*rows: tuple[str, str]) -> bytes:
        words = [
            (x, y, text)
            for y, row in zip((655, 615), rows, strict=True)
            for x, text in zip((55, 205), row, strict=True)
        ]
        return page(RULES + " ".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in words))

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(of(("A1", "B1"), foot))) as first:
        first.pages.extend(pikepdf.open(io.BytesIO(of(head, ("A9", "B9")))).pages)
        first.save(out, static_id=True)
    document = read(out.getvalue(), "x.pdf")
    assert texts(document) == ["A1", "B1", *filter(None, foot), *kept, "A9", "B9"]
    assert [finding.rule for finding in document.findings] == ["repeated-row"] * (not kept)


@pytest.mark.parametrize("lift", [-1.5, 3.5])
def test_lines_under_or_through_words_that_fill_their_cell_part_nothing(lift: float) -> None:
    words = [(53, 664, "An underlined name that wraps"), (53, 650, "and fills the width of its cell")]
    ends = [53 + pdfmetrics.stringWidth(text, "Helvetica", 10) for _, _, text in words]
    lines = " ".join(f"{x} {y + lift} m {end} {y + lift} l S" for (x, y, _), end in zip(words, ends, strict=True))
    shown = " ".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in [*words, (205, 655, "B1")])
    assert texts(read(page(f"{RULES} {lines} {shown}"), "x.pdf")) == [f"{words[0][2]}\n{words[1][2]}", "B1"]
