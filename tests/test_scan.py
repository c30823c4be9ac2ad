"""Pictures of pages: what is opened, what is refused, how slant, rules and readings are told."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from extract import read
from extract.errors import ReadError
from extract.scan import engine, images
from extract.scan.engine import Mark, folded
from extract.scan.page import read_picture
from extract.scan.reading import joined, mismatched, read_line, reading_of
from extract.scan.rules import lines_of
from extract.scan.sheet import straightened
from extract.scan.strips import Line
from extract.scan.turns import turned_back
from jixiao.pipeline import extract
from normalize.trail import Trail
from samples.scan_damage import Damage, broken_rules, damaged, keystone, skew
from schemas.text import ScanPlace, Text
from tests.test_cli import jixiao
from tests.test_samples import source_of

Page = NDArray[np.uint8]
XS, YS = (100, 300, 520, 900), (120, 200, 260, 340, 420)


def grid_page() -> Page:
    """Four rows and three columns of rules, a cell merged over two rows, with marks of the size of characters."""
    page = np.full((600, 1000, 3), 255, np.uint8)
    for y in YS:
        cv2.line(page, (XS[0] if y != YS[2] else XS[1], y), (XS[-1], y), (0, 0, 0), 2)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), (0, 0, 0), 2)
    for x in (130, 330, 560):
        for y in (150, 220, 290, 370):
            for step in range(3):
                cv2.rectangle(page, (x + 30 * step, y), (x + 30 * step + 22, y + 24), (0, 0, 0), 3)
    return page


def saved(picture: Page, kind: str, **options: object) -> bytes:
    held = io.BytesIO()
    Image.fromarray(picture).save(held, kind, **options)
    return held.getvalue()


def refusal(data: bytes, name: str = "scan.png") -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(data, name)
    return caught.value


def bomb(width: int, height: int) -> bytes:
    """The header of a PNG of this size, and next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# What is opened.


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "WEBP"])
def test_a_picture_is_known_by_its_content(kind: str) -> None:
    [shot] = images.shots(saved(grid_page(), kind), "no-such-suffix.txt")
    assert shot.picture.shape == (600, 1000, 3)


def test_letters_bm_at_the_start_of_a_text_make_no_picture() -> None:
    assert read("BMI指数\n".encode(), "a.txt").source.media_type == "text/plain"


def test_every_page_of_a_tiff_is_read_in_order() -> None:
    pages = [Image.new("L", (100 + 10 * number, 80), 255) for number in range(3)]
    held = io.BytesIO()
    pages[0].save(held, "TIFF", save_all=True, append_images=pages[1:])
    assert [shot.picture.shape[1] for shot in images.shots(held.getvalue(), "a.tiff")] == [100, 110, 120]


def test_a_picture_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [shot] = images.shots(saved(grid_page(), "JPEG", exif=exif), "a.jpg")
    assert shot.picture.shape == (1000, 600, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    image = Image.fromarray(np.full((30, 40), 40000, np.uint16)) if mode == "I;16" else Image.new(mode, (40, 30))
    held = io.BytesIO()
    image.save(held, "TIFF" if mode in ("CMYK", "I;16") else "PNG")
    [shot] = images.shots(held.getvalue(), "a")
    assert shot.picture.shape == (30, 40, 3)


@pytest.mark.parametrize(("dpi", "points"), [(200, 0.36), (1, 842 / 1000), (20000, 842 / 1000)])
def test_a_resolution_counts_only_where_it_makes_a_sheet_of_paper(dpi: int, points: float) -> None:
    [shot] = images.shots(saved(grid_page(), "PNG", dpi=(dpi, dpi)), "a.png")
    assert shot.points == pytest.approx(points, rel=1e-3)


# What is refused.


def test_a_picture_without_text_is_no_table() -> None:
    assert refusal(saved(np.full((900, 700, 3), 255, np.uint8), "PNG")).code == "not-a-table"


def test_a_picture_of_one_pixel_is_no_table() -> None:
    assert refusal(saved(np.zeros((1, 1, 3), np.uint8), "PNG")).code == "not-a-table"


def test_a_photograph_is_no_table() -> None:
    rng = np.random.default_rng(7)
    clouds = cv2.resize(rng.integers(0, 255, (12, 16, 3)).astype(np.uint8), (1200, 900), interpolation=cv2.INTER_CUBIC)
    found = extract(saved(np.asarray(clouds, np.uint8), "JPEG"), name="holiday.jpg")
    assert found.error is not None
    assert found.error.code == "not-a-table"


def test_a_bomb_is_refused_by_its_header() -> None:
    error = refusal(bomb(30_000, 30_000))
    assert error.code == "too-large"
    assert "\n" not in error.message


def test_a_large_picture_below_the_bomb_limit_is_refused_too() -> None:
    assert refusal(bomb(10_000, 9_000)).code == "too-large"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
def test_a_truncated_picture_is_damaged(kind: str) -> None:
    data = saved(grid_page(), kind)
    assert refusal(data[: len(data) // 2]).code in ("damaged", "not-a-table")


def test_a_truncated_jpeg_is_damaged_and_a_batch_goes_on(tmp_path: Path) -> None:
    cut, good = tmp_path / "cut.jpg", source_of("whole-form")
    cut.write_bytes(source_of("scan-stamped").read_bytes()[:90_000])
    done = jixiao("extract", str(cut), str(good), "-o", str(tmp_path / "out"))
    assert done.code == 4
    [told] = [line for line in done.err.splitlines() if "cut.jpg" in line]
    assert told.startswith(f"jixiao: {cut}: damaged: cut.jpg is an image that is cut off or broken")


def test_without_the_extra_a_picture_is_refused_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("extract.scan.installed", lambda: False)
    error = refusal(source_of("scan-stamped").read_bytes())
    assert error.code == "missing-part"
    assert "pip install" in error.message


def test_without_the_extra_the_printed_pages_of_a_mixed_pdf_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.scan.installed", lambda: False)
    found = extract(source_of("scan-mixed"))
    assert found.status == "partial"
    assert found.audit is not None
    assert "no-text-layer" in {finding.rule for finding in found.audit.findings}


def test_without_the_extra_a_run_of_scans_alone_ends_with_5(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import extract.scan as scan; scan.installed = lambda: False\n")
    command = [
        sys.executable,
        "-m",
        "jixiao.cli",
        "extract",
        str(source_of("scan-turned")),
        "-o",
        str(tmp_path / "out"),
    ]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 5
    assert done.stderr.startswith("jixiao: ")
    assert done.stderr.count("\n") == 1
    assert "missing-part" in done.stderr


def test_a_text_loads_nothing_that_only_scans_need() -> None:
    code = (
        "import sys; from jixiao.pipeline import extract; extract(sys.argv[1]).raise_for_status()\n"
        "print([name for name in ('cv2', 'onnxruntime', 'rapidocr', 'PIL', 'extract.scan') if name in sys.modules])"
    )
    for slug in ("whole-form", "pdf-cell-boxes"):
        command = [sys.executable, "-c", code, str(source_of(slug))]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


# Slant and rules.


@pytest.mark.parametrize("damage", [skew(0), skew(2), skew(-1.5), keystone(0.02)])
def test_a_slanted_page_is_made_straight(damage: Damage) -> None:
    sheet = straightened(damaged(grid_page(), (damage,), 1))
    assert sheet is not None
    lines = lines_of(sheet)
    assert len(np.unique(lines.rows.at)) == len(YS)
    assert len(np.unique(lines.columns.at)) == len(XS)


@pytest.mark.parametrize("damage", [skew(0), broken_rules(0.3)])
def test_a_merged_cell_is_one_cell(damage: Damage) -> None:
    sheet = straightened(damaged(grid_page(), (damage,), 3))
    assert sheet is not None
    rows = lines_of(sheet).rows
    place = np.unique(rows.at)[2]
    assert rows.low[rows.at == place].min() > rows.low.min() + 3 * sheet.em


def test_a_place_on_the_straight_page_leads_back_to_the_slanted_one() -> None:
    page = grid_page()
    sheet = straightened(damaged(page, (skew(2),), 1))
    assert sheet is not None
    lines = lines_of(sheet)
    box = sheet.back((lines.columns.at.min(), lines.rows.at.min(), lines.columns.at.min(), lines.rows.at.min()))
    matrix = cv2.getRotationMatrix2D((500, 300), 2, 1.0)
    x, y = matrix @ np.array([XS[0], YS[0], 1.0])
    assert box[0] == pytest.approx(x, abs=3)
    assert box[1] == pytest.approx(y, abs=3)


def test_a_blank_page_has_no_parts() -> None:
    assert read_picture(np.full((500, 400, 3), 255, np.uint8), 0.5).parts == []


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_box_is_turned_back_with_its_page(quarters: int) -> None:
    page = np.zeros((40, 60))
    page[5:12, 20:29] = 1
    turned = np.rot90(page, quarters)
    rows, cols = np.nonzero(turned)
    box = (float(cols.min()), float(rows.min()), float(cols.max() + 1), float(rows.max() + 1))
    assert turned_back(box, quarters, (60, 40)) == (20, 5, 29, 12)


# Readings.


def probabilities(*steps: dict[int, float]) -> NDArray[np.float32]:
    found = np.zeros((len(steps), 6), np.float32)
    for row, step in zip(found, steps, strict=True):
        for sign, probability in step.items():
            row[sign] = probability
    return found


SIGNS = ["", "≥", ">", "9", "（", "("]


def test_equal_steps_are_one_character_and_a_blank_parts_two() -> None:
    found = probabilities({3: 1.0}, {3: 0.8, 0: 0.2}, {0: 1.0}, {3: 1.0})
    assert "".join(mark.char for mark in engine.marks_of(found, SIGNS, 1.0)) == "99"


def test_rivals_are_told_with_their_probability() -> None:
    [mark] = engine.marks_of(probabilities({1: 0.6, 2: 0.4}), SIGNS, 1.0)
    assert (mark.char, mark.rivals[0][0]) == ("≥", ">")
    assert mark.rivals[0][1] == pytest.approx(0.4)


def test_the_width_of_a_bracket_is_no_doubt() -> None:
    [mark] = engine.marks_of(probabilities({4: 0.55, 5: 0.45}), SIGNS, 1.0)
    assert mark.sure == pytest.approx(1.0)
    assert mark.rivals == ()


def test_a_character_that_was_nearly_read_is_told() -> None:
    first, missed = engine.marks_of(probabilities({3: 1.0}, {0: 0.7, 2: 0.3}, {0: 1.0}), SIGNS, 1.0)
    assert (first.char, missed.char) == ("9", "")
    assert missed.rivals[0][0] == ">"
    reading = reading_of([first, missed])
    assert (reading.text, reading.others, reading.doubtful) == ("9", ("9>",), True)


def test_a_doubtful_digit_is_told_with_what_else_it_may_be() -> None:
    reading = reading_of([Mark("8", 0.7, 0.5, (("6", 0.2), ("", 0.1))), Mark("元", 1.0, 0.9)])
    assert reading.doubtful
    assert reading.others == ("6元", "元")


def test_the_readings_of_lines_are_joined() -> None:
    sure, unsure = reading_of([Mark("目", 1.0, 0.5)]), reading_of([Mark("标", 0.5, 0.5, (("杯", 0.4),))])
    both = joined([sure, unsure])
    assert (both.text, both.others, both.doubtful) == ("目\n标", ("目\n杯",), True)


STRIP = np.full((48, 480, 3), 255, np.uint8)


@pytest.mark.parametrize(
    ("places", "ink", "wanted"),
    [
        ((0.1, 0.2), [(0.07, 0.13), (0.17, 0.23)], False),
        ((0.1, 0.2), [(0.07, 0.13), (0.17, 0.23), (0.3, 0.33)], True),
        ((0.1, 0.2, 0.6), [(0.07, 0.13), (0.17, 0.23)], True),
        ((), [(0.1, 0.2)], True),
        ((), [], False),
    ],
)
def test_ink_without_a_character_and_a_character_without_ink_betray_themselves(
    places: tuple[float, ...], ink: list[tuple[float, float]], wanted: bool
) -> None:
    marks = [Mark("中", 1.0, at) for at in places]
    assert mismatched(marks, Line((0, 0, 480, 48), STRIP, ink)) == wanted


@pytest.mark.parametrize(("places", "wanted"), [((0.1, 0.3), True), ((0.1, 0.18, 0.3), False)])
def test_a_dot_in_white_within_a_line_of_which_nothing_was_read_betrays_itself(
    places: tuple[float, ...], wanted: bool
) -> None:
    marks = [Mark("中", 1.0, at) for at in places]
    line = Line((0, 0, 480, 48), STRIP, [(0.07, 0.13), (0.27, 0.33)], [(0.17, 0.18)])
    assert mismatched(marks, line) == wanted


def test_a_printed_line_is_read() -> None:
    page = Image.open(source_of("scan-broken-rules")).convert("RGB").crop((540, 40, 1130, 120))
    strip = np.asarray(page)
    reading = read_line(Line((0, 0, strip.shape[1], strip.shape[0]), strip, [(0.0, 1.0)]))
    assert "绩效目标表" in reading.text


def test_widths_and_spaces_are_folded_away() -> None:
    assert folded("（ ≧98％ ）") == "(≥98%)"


# Doubts in the audit.


def scanned(text: str, *others: str) -> Text:
    return Text(text, (ScanPlace(1, (0, 0, 1, 1), text, 0.6, bool(others), others),))


def test_a_doubtful_value_is_a_finding_with_its_alternatives() -> None:
    trail = Trail()
    trail.read("/indicators/0/target", scanned("≥95%", ">95%"))
    [finding] = trail.findings
    assert (finding.rule, finding.severity, finding.pointer) == ("doubtful-reading", "warning", "/indicators/0/target")
    assert "“>95%”" in finding.message
    assert "0.60" in finding.message_en


def test_the_closed_vocabulary_dispels_doubts() -> None:
    trail = Trail()
    trail.read("/indicators/0/level2", scanned("数量指标", "数里指标"), known=True)
    assert trail.findings == []


def test_a_sure_value_is_no_finding() -> None:
    trail = Trail()
    trail.read("/name", scanned("项目"))
    assert trail.findings == []
