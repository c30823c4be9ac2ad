"""Each part is ours: packages of the same names stand on the package index, and pip would mix them silently."""

from __future__ import annotations

import subprocess
import sys

import pytest

import jixiao
from tests.goldens import ROOT


@pytest.mark.parametrize("package", ["schemas", "extract", "normalize", "jixiao"])
def test_a_clean_interpreter_finds_our_package(package: str) -> None:
    script = f"import {package}, pathlib; print(pathlib.Path({package}.__file__).resolve().parent)"
    found = subprocess.run([sys.executable, "-I", "-c", script], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == str(ROOT / package)


def test_every_public_name_can_be_had() -> None:
    for name in jixiao.__all__:
        assert getattr(jixiao, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = jixiao.nonsense


def test_no_file_names_an_index_or_an_address() -> None:
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
