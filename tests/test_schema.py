"""The public shapes: their schemas are committed, and real output fits them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.encode import load, pretty, project_record
from jixiao.schema import SHAPES, schema_of, schema_text
from schemas.project import Project
from tests.goldens import ROOT, check_golden
from tests.reference import output_reference
from tests.test_cli import jixiao
from tests.test_samples import SLUGS, extraction_of


@pytest.mark.parametrize("shape", SHAPES)
def test_a_schema_is_the_committed_one(shape: str) -> None:
    check_golden(ROOT / "schemas" / "json" / f"{shape}.schema.json", schema_text(shape).encode())


def test_the_field_reference_is_made_from_the_schemas() -> None:
    check_golden(ROOT / "docs" / "output.md", output_reference().encode())


def test_the_command_prints_and_checks_the_schema() -> None:
    assert jixiao("schema").text == schema_text("project")
    assert jixiao("schema", "audit").text == schema_text("audit")
    assert jixiao("schema", "--check").code == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_a_project_file_read_back_is_the_project(slug: str) -> None:
    for project in extraction_of(slug).projects:
        data = pretty(project_record(project))
        assert Project.model_validate(load(data)) == project
        assert pretty(load(data)) == data


def test_the_contract_s_example_has_its_keys_in_order() -> None:
    record = project_record(extraction_of("pingluo-police-2024").projects[1])
    assert list(record) == [
        "schema_version", "id", "form", "fiscal_year", "name", "code", "department", "unit", "attribute", "period",
        "funding", "goals", "indicators", "extra",
    ]  # fmt: skip
    assert record["department"] == {"name": "平罗县公安局", "code": "019001"}
    assert record["attribute"] == {"name": "一年期项目", "code": "0101"}
    funding = [{key: value for key, value in row.items() if key != "execution"} for row in record["funding"]]
    assert funding[0] == {
        "label": "年度资金总额", "kind": "total", "scope": "annual", "amount": 316, "unit": "万元", "yuan": 3160000,
    }  # fmt: skip
    assert funding[2]["amount"] is None
    assert record["indicators"][0]["target"]["text"] == "253人"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_numbers_are_written_and_read_exactly(number: Any) -> None:
    assert load(pretty({"number": number})) == {"number": number}
    assert b"e" not in pretty({"n": number}).lower()


def test_every_field_of_a_project_has_a_chinese_title() -> None:
    schema = schema_of("project")
    fields = {
        f"{part}.{key}": field.get("title", "")
        for part, each in {"Project": schema, **schema["$defs"]}.items()
        for key, field in each.get("properties", {}).items()
    }
    assert len(fields) > 40
    assert [name for name, title in fields.items() if not title or title.isascii()] == []
