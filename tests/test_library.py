"""jixiao as a library: paths, bytes and file objects; errors with codes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import jixiao
from tests.test_samples import source_of

SOURCE = source_of("whole-form")


def test_path_string_bytes_and_file_object_give_the_same_projects() -> None:
    data = SOURCE.read_bytes()
    results = [jixiao.extract(each) for each in (SOURCE, str(SOURCE), data, io.BytesIO(data))]
    assert all(result.projects == results[0].projects for result in results)
    assert [result.status for result in results] == ["ok"] * 4


def test_the_audit_names_the_source_as_told() -> None:
    audit = jixiao.extract(SOURCE.read_bytes(), name="附件.txt").audit
    assert audit
    assert audit.source.name == "附件.txt"


def test_a_document_that_cannot_be_read_is_failed_with_a_code() -> None:
    result = jixiao.extract(b"", name="x")
    assert (result.status, result.projects) == ("failed", [])
    with pytest.raises(jixiao.DocumentError) as caught:
        result.raise_for_status()
    assert caught.value.code == "not-a-table"
    assert isinstance(caught.value, jixiao.JixiaoError)


def test_a_file_that_is_not_there_is_failed_too(tmp_path: Path) -> None:
    assert jixiao.extract(tmp_path / "nothing.txt").error is not None


def test_parse_target_is_there() -> None:
    assert jixiao.parse_target("≥95%").number == 95
