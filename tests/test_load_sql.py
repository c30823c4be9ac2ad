"""The queries of docs/sql.md run as they stand in every database, and say the same in each."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.batch import write_all
from tests.databases import KINDS, new_postgresql, put, query, server
from tests.forms import SAMPLES
from tests.goldens import ROOT

__all__ = ["server"]  # a fixture

PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"### (\d+)\..*?```sql\n(.*?);\n```", PAGE, re.DOTALL))
SEED = (SAMPLES / "pingluo-police-2024" / "source.txt").read_text(encoding="utf-8")
WHOLE = (SAMPLES / "whole-form" / "source.txt").read_text(encoding="utf-8")
WITHOUT_SATISFACTION = "".join(line for line in WHOLE.splitlines(keepends=True) if "满意度" not in line)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed's results, those of the same forms a year later with one target lowered, and those of other samples."""
    place = tmp_path_factory.mktemp("years")
    (place / "2024.txt").write_text(SEED, encoding="utf-8")
    later = SEED.replace("2024", "2025").replace("253人", "240人", 1)
    (place / "2025.txt").write_text(later, encoding="utf-8")
    (place / "none.txt").write_text("nothing\n", encoding="utf-8")
    (place / "bare.txt").write_text(WITHOUT_SATISFACTION, encoding="utf-8")
    others = [SAMPLES / slug / "source.txt" for slug in ("own-errors", "name-before-value", "glued-title")]
    sources = [str(place / name) for name in ("2024.txt", "2025.txt", "bare.txt", "none.txt")] + [
        str(each) for each in others
    ]
    write_all(sources, place / "out", 1, lambda _: None)
    return place / "out"


Answers = dict[str, dict[str, list[tuple[Any, ...]]]]


@pytest.fixture(scope="module")
def answers(years: Path, server: str, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What each database says to each query."""
    place = tmp_path_factory.mktemp("databases")
    found: Answers = {}
    for kind in KINDS:
        target = new_postgresql(server) if kind == "postgresql" else f"{kind}:///{place / kind}.db"
        put(target, years)
        found[kind] = {number: query(target, each.replace("%", "%%")) for number, each in QUERIES.items()}
    return found


def test_there_are_ten_queries_or_more() -> None:
    assert len(QUERIES) >= 10


@pytest.mark.parametrize("number", QUERIES)
def test_a_query_says_something_and_the_same_in_every_database(number: str, answers: Answers) -> None:
    sqlite = answers["sqlite"][number]
    assert sqlite
    assert answers["duckdb"][number] == sqlite
    assert answers["postgresql"][number] == sqlite


def test_the_answers_are_those_that_a_reader_of_the_forms_would_give(answers: Answers) -> None:
    said = answers["sqlite"]
    assert said["4"] == [("2025年辅警业务经费", "补助辅警实有人数", "人", Decimal(253), Decimal(240))]
    same = {row[2] for row in said["3"]}
    assert "补助辅警实有人数" not in same
    assert len(said["3"]) > 100
    places = {(Path(row[0]).name, row[2], row[3], row[5]) for row in said["7"]}
    assert ("2024.txt", 23, 284, "1 1566.21平方米") in places
    [money] = [row for row in said["5"] if row[0] == "平罗县公安局" and row[1] == Decimal(2024)]
    assert money[2] == Decimal(13)
    assert ("failed", "not-a-table", Decimal(1)) in [row[:3] for row in said["11"]]
