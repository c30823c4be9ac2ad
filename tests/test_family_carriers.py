"""A form of every layout family gives the same projects whether it is pasted, or an Excel, Word or HTML file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jixiao.encode import line, project_record
from jixiao.explain import explain
from jixiao.pipeline import extract
from jixiao.write import render
from samples.family_forms import FORMS, Rows
from tests.family_carriers import as_docx, as_html, as_pdf, as_text, as_xlsx

CARRIERS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": as_xlsx,
    "xlsx with cells of numbers": partial(as_xlsx, typed=True),
    "docx": as_docx,
    "html": as_html,
    "pdf": as_pdf,
    "pdf of narrow columns, where texts wrap": partial(as_pdf, width=330.0),
}


def projects_of(data: bytes) -> list[bytes]:
    return [line(project_record(project)) for project in extract(data, name="form").raise_for_status().projects]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("form", FORMS)
def test_every_family_is_the_same_in_every_carrier(form: str, carrier: str) -> None:
    assert projects_of(CARRIERS[carrier](FORMS[form])) == projects_of(as_text(FORMS[form]))


@pytest.mark.parametrize(
    ("carrier", "place"),
    [("xlsx", r"sheet 表, cell [A-Z]"), ("docx", r"table \d, row \d"), ("html", r"table \d, row \d")],
)
@pytest.mark.parametrize("form", FORMS)
def test_explain_knows_where_a_target_of_every_carrier_stood(
    form: str, carrier: str, place: str, tmp_path: Path
) -> None:
    extraction = extract(CARRIERS[carrier](FORMS[form]), name=f"form.{carrier}").raise_for_status()
    for name, data in render(extraction, "form").files:
        (tmp_path / name).write_bytes(data)
    file = min(tmp_path.glob("[0-9]*.json"))
    assert re.search(rf"form\.{carrier}, {place}", explain(file, "/indicators/0/target"))
