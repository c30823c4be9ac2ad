"""One page to review an extraction: all values with their places, pictures only of the very same attachment."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from tests.forms import SAMPLES
from tests.inside import jixiao

OWN = SAMPLES / "own-errors" / "source.txt"
PDF = SAMPLES / "pdf-cuts" / "source.pdf"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Results of a text with findings, of a PDF over two pages, and of a file without a form."""
    (tmp_path / "in").mkdir()
    shutil.copy(OWN, tmp_path / "in" / "own.txt")
    shutil.copy(PDF, tmp_path / "in" / "cuts.pdf")
    (tmp_path / "in" / "none.txt").write_text("nothing\n", encoding="utf-8")
    assert jixiao("extract", "in", "-o", "out", cwd=tmp_path).code == 4
    return tmp_path


def page(place: Path, *more: str) -> str:
    done = jixiao("report", "out", *more, cwd=place)
    assert (done.code, done.text) == (0, ""), done.err
    return (place / "report.html").read_text(encoding="utf-8")


def test_values_of_several_times_say_which(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(
        "项目支出绩效目标表\n（2025年度）\n项目名称\t图书购置\n"
        "项目资金（万元）\t项目资金总额\t36\t年度资金总额\t12\n\t其他资金\t6\t其他资金\t2\n"
        "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t购置图书\t300册\n",
        encoding="utf-8",
    )
    assert jixiao("extract", "in.txt", "-o", "out", cwd=tmp_path).code == 0
    shown = page(tmp_path)
    assert all(f"<th>{label}</th>" in shown for label in ("其他资金（中期）", "其他资金（年度）", "期"))
    assert "<td>年度</td>" in shown


def test_every_value_finding_and_repair_is_on_the_page(place: Path) -> None:
    shown = page(place)
    for file in (place / "out").glob("*/[0-9]*.json"):
        project = json.loads(file.read_bytes())
        assert f"<h2>{project['name']}</h2>" in shown
        for indicator in project["indicators"]:
            assert f">{indicator['name']}</td>" in shown
            assert f">{indicator['target']['text']}</td>" in shown
    for file in (place / "out").glob("*/audit.json"):
        for entry in json.loads(file.read_bytes())["projects"]:
            assert f"<summary>修复 {len(entry['repairs'])}</summary>" in shown
            assert all(finding["message"] in unescape(shown) for finding in entry["findings"])
    assert "not-a-table" in shown


def test_places_are_boxes_on_the_picture_of_their_page(place: Path) -> None:
    shown = page(place)
    figures = re.findall(r'<figure data-page="(\d)" data-width="([\d.]+)" data-height="([\d.]+)">', shown)
    assert [number for number, _, _ in figures] == ["1", "2"]
    assert shown.count("data:image/webp;base64,") == 2
    boxes = [box for each in re.findall(r'data-boxes="([^"]+)"', shown) for box in json.loads(unescape(each))]
    sizes = {int(number): (float(width), float(height)) for number, width, height in figures}
    assert len(boxes) > 30
    for number, x0, top, x1, bottom in boxes:
        width, height = sizes[number]
        assert 0 <= x0 < x1 <= width
        assert 0 <= top < bottom <= height


def test_nothing_is_fetched_from_elsewhere(place: Path) -> None:
    shown = page(place)
    assert not re.findall(r'(?:src|href)="(?!data:)', shown)
    assert "http" not in re.sub(r'title="[^"]*"', "", shown)


def test_an_attachment_that_changed_is_not_shown_as_the_source(place: Path) -> None:
    (place / "in" / "cuts.pdf").write_bytes(PDF.read_bytes() + b"\n")
    assert "data:image" not in page(place)
    (place / "moved").mkdir()
    shutil.copy(PDF, place / "moved" / "cuts.pdf")
    assert "data:image" in page(place, "--source", "moved")
    assert "data:image" not in page(place, "--source", "moved", "--no-pictures")


def test_what_a_form_says_cannot_become_part_of_the_page(place: Path) -> None:
    [file] = (place / "out" / "own").glob("01-*.json")
    text = file.read_text(encoding="utf-8").replace("受益农户满意度", "<script>alert(1)</script>\\u202e")
    file.write_text(text, encoding="utf-8")
    shown = page(place)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "\u202e" not in shown


def test_errors_are_one_clear_line(place: Path) -> None:
    assert jixiao("report", place / "nowhere").code == 3
    assert jixiao("report", place / "out", "-o", place / "no" / "x.html").code == 6
    (place / "out" / "own" / "audit.json").write_text("{", encoding="utf-8")
    done = jixiao("report", place / "out", "-o", "-")
    assert (done.code, len(done.lines), done.text) == (3, 1, "")


def test_a_self_evaluation_shows_what_was_spent_and_reached(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "layout-e-evaluation" / "source.txt", tmp_path / "own.txt")
    assert jixiao("extract", "own.txt", "-o", "out", cwd=tmp_path).code == 0
    assert jixiao("report", "out", cwd=tmp_path).code == 0
    shown = unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    [project] = [json.loads(file.read_bytes(), parse_float=str) for file in (tmp_path / "out").glob("*/01-*.json")]
    told = [row["execution"]["executed"] for row in project["funding"] if row["execution"]]
    spent = [str(amount) for amount in told if amount is not None]
    reached = [each["actual"]["text"] for each in project["indicators"] if each["actual"]]
    reasons = [each["reason"] for each in project["indicators"] if each["reason"]]
    assert len(spent) > 1
    assert len(reached) > 5
    assert all(f">{text}</td>" in shown for text in (*spent, *reached, *reasons))
    assert "<th>实际完成值</th>" in shown


def test_a_date_is_shown_as_what_it_was_typed_to(place: Path) -> None:
    assert "<td>≤ 2025-11</td>" in page(place)
