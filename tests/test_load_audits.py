"""What the loader reads in a faster way is what the plain way makes of it, to the last byte."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jixiao.load import audits, records
from jixiao.load.audits import Audits
from jixiao.load.reading import Reader, results
from jixiao.pipeline import extract
from jixiao.write import render
from tests.forms import SAMPLES

needs_loops = pytest.mark.skipif(
    audits.MINIFIED is None, reason="LOUD: no C compiler when jixiao was installed: minify.c is not compiled"
)
SEED = dict(render(extract(SAMPLES / "pingluo-police-2024" / "source.txt"), "source.txt").files)["audit.json"]
SMALL = b"""{
  "source": {"name": "a.txt", "pages": 2, "more": [-1.50, 0, 1e5, true, false, null]},
  "tool": {"name": "jixiao", "version": "1", "options": {"engine": "auto"}},
  "projects": [
    {"id": "x", "file": "a.json", "pages": [1],
     "provenance": {"/name": [{"line": 1, "columns": [0, 5],
       "text": "\xe7\xbb\xa9\xe6\x95\x88 \\"a\\u00e9\\" \xf0\x9f\x98\x80"}]},
     "repairs": [{"pointer": "/name", "rule": "x", "before": "", "after": "", "evidence": "", "confidence": 0.9}],
     "findings": [{"pointer": "", "rule": "r", "severity": "info", "places": [ ]}]},
    {"file": "b.json", "id": "y"}
  ],
  "findings": []
}
"""
PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"\\",
    b"\\u12",
    b"\\ud83d",
    b"\0",
    b"\n",
    b" ",
    b"\t",
    b"0",
    b"-",
    b".",
    b"e9",
]
PIECES += [
    b"1" * 40,
    b"null",
    b"tru",
    b"\xe7\xbb",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff",
    b"\x7f",
    "绩".encode(),
]
PIECES += [b'"provenance":', b'"repairs":[],', b'"repairs":', b"[" * 70, b'"id": "z",']


def understood(data: bytes, file: Path) -> tuple[bytes, bytes] | str:
    """The audit and its JSON without spaces, or what is wrong with it."""
    file.write_bytes(data)
    try:
        audit, json = Audits().read(str(file))
    except (ValueError, msgspec.MsgspecError) as error:
        return f"{type(error).__name__}: {error}"
    return msgspec.json.encode(audit), json


def both(data: bytes, file: Path) -> tuple[object, object]:
    """The same with the compiled function and without it."""
    with pytest.MonkeyPatch.context() as patch:
        compiled = understood(data, file)
        patch.setattr(audits, "MINIFIED", None)
        return compiled, understood(data, file)


@needs_loops
@given(st.lists(st.tuples(st.integers(0, len(SMALL)), st.integers(0, 12), st.sampled_from([b"", *PIECES])), max_size=3))
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([])
@example([(0, len(SMALL), b"")])
def test_damage_is_understood_as_msgspec_does_or_told_in_its_words(
    tmp_path: Path, damage: list[tuple[int, int, bytes]]
) -> None:
    data = SMALL
    for at, length, piece in damage:
        data = data[:at] + piece + data[at + length :]
    compiled, plain = both(data, tmp_path / "audit.json")
    assert compiled == plain


@needs_loops
@pytest.mark.parametrize("data", [SEED, SMALL.replace(b"1e5", b"1")], ids=["seed", "small"])
def test_an_audit_of_jixiao_takes_one_pass(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "audit.json"
    plain = both(data, file)[1]
    monkeypatch.setattr(audits, "_by_msgspec", None)
    assert understood(data, file) == plain


@needs_loops
def test_memory_holds_nothing_of_a_longer_audit_before(tmp_path: Path) -> None:
    reader, file = Audits(), tmp_path / "audit.json"
    found = []
    for data in (SEED, SMALL, SEED[:-3], SMALL[:-3]):
        file.write_bytes(data)
        try:
            found.append(reader.read(str(file))[1])
        except msgspec.MsgspecError:
            found.append(b"")
    assert found == [msgspec.json.format(SEED, indent=-1), msgspec.json.format(SMALL, indent=-1), b"", b""]


def test_indicators_with_usual_words_have_the_fields_of_any_in_the_same_order() -> None:
    assert records.UsualIndicator.__struct_fields__ == records.Indicator.__struct_fields__
    assert records.UsualValue.__struct_fields__ == records.Value.__struct_fields__
    assert records.UsualProject.__struct_fields__ == records.Project.__struct_fields__


def test_a_project_with_words_of_its_own_is_read_and_its_numbers_are_judged_once(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "audit.json").write_bytes(SMALL)
    usual = b'{"schema_version": "1.0", "id": "x-2024-y", "name": "n", "indicators": [%s]}'
    indicator = b'{"scope": "annual", "name": "i", "level2": "%b", "target": {"number": 0.1234567890123456789}}'
    for name, words in (("a", ["数量指标", "数量指标"]), ("b", ["数量指标", "本地指标"])):
        rows = b", ".join(indicator % word.encode() for word in words)
        (folder / f"{name}.json").write_bytes(usual % rows)
    reader = Reader(exact=(15, 15))
    loaded = reader.read(results(folder)[0])
    assert [[each.level2 for each in project.indicators] for project in loaded.projects] == [
        ["数量指标", "数量指标"],
        ["数量指标", "本地指标"],
    ]
    assert reader.inexact == 4
