"""Who runs the recogniser: onnxruntime unless OpenVINO is asked for and there; what cannot be had is told."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extract import recogniser
from extract.recogniser import VARIABLE, backend, fallback
from extract.scan import engine, engine_name
from jixiao.batch.run import Plan
from tests.test_cli import jixiao
from tests.test_samples import source_of


def there(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: name in packages or None)


@pytest.mark.parametrize("wanted", ["", "onnxruntime", "OpenVINO "])
def test_what_is_asked_for_and_there_is_used(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there(monkeypatch, "openvino")
    monkeypatch.setenv(VARIABLE, wanted)
    assert backend() == (wanted.strip().lower() or "onnxruntime")
    assert fallback() == ""


def test_openvino_that_is_not_installed_is_told_and_onnxruntime_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there(monkeypatch)
    monkeypatch.setenv(VARIABLE, "openvino")
    assert backend() == "onnxruntime"
    assert "pip install '.[openvino]'" in fallback()
    assert engine_name() == "scan-ppocrv6"


def test_a_name_that_is_not_known_is_told(tmp_path: Path) -> None:
    result = jixiao("extract", source_of("whole-form"), "-o", tmp_path / "out", JIXIAO_RECOGNISER="tensorrt")
    assert result.code == 0
    assert "JIXIAO_RECOGNISER knows onnxruntime and openvino, not 'tensorrt'" in result.err


def test_results_of_another_recogniser_are_made_anew_and_bear_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Plan().made_by()
    there(monkeypatch, "openvino")
    monkeypatch.setenv(VARIABLE, "openvino")
    assert Plan().made_by() == before | {"recogniser": "openvino"}
    assert engine_name() == "scan-ppocrv6-openvino"


@pytest.mark.skipif(not find_spec("openvino"), reason="openvino is not installed: pip install '.[openvino]'")
def test_openvino_reads_what_onnxruntime_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Image.open(source_of("scan-broken-rules")).convert("RGB").crop((540, 40, 1130, 120))
    monkeypatch.setenv(VARIABLE, "openvino")
    assert "绩效目标表" in "".join(mark.char for mark in engine.recognise(np.asarray(page)))
