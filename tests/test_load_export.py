"""Tables for people: Chinese headers, numbers as numbers, no formulas, and a data package that holds what it says."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from jixiao.load.export import harmless
from jixiao.load.sheets import SHEETS
from tests.inside import jixiao
from tests.test_load import edit, extracted, out, projects_of

__all__ = ["extracted", "out"]  # fixtures


def export(out: Path, kind: str, target: Path) -> Any:
    done = jixiao("load", out, "--format", kind, "--to", target)
    assert done.code == 0, done.err
    assert done.lines == [f"4 documents exported (15 projects, 195 indicators) -> {target}"]
    return done


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_headers_are_chinese_and_each_only_once() -> None:
    for sheet in SHEETS:
        headers = [field.header for field in sheet.fields]
        assert len(set(headers)) == len(headers), sheet.name
        assert not [header for header in headers if header.isascii()], sheet.name
        assert set(sheet.key) <= set(headers)


def test_csv_says_what_the_files_say(out: Path, tmp_path: Path) -> None:
    export(out, "csv", tmp_path / "tables")
    rows = read_csv(tmp_path / "tables" / "indicator.csv")
    expected = [(p["name"], i["name"], i["target"]["number"]) for p in projects_of(out) for i in p["indicators"]]
    found = [(row["项目名称"], row["三级指标"].removeprefix("'"), row["数值"]) for row in rows]
    assert sorted(found) == sorted((p, i, "" if n is None else format(Decimal(n), "f")) for p, i, n in expected)
    assert {row["约数"] for row in rows} <= {"是", "否"}
    money = sum(Decimal(row["金额（元）"] or 0) for row in read_csv(tmp_path / "tables" / "funding.csv"))
    assert money == sum(Decimal(row["yuan"] or 0) for p in projects_of(out) for row in p["funding"])


def test_the_data_package_is_valid_with_its_keys(out: Path, tmp_path: Path) -> None:
    export(out, "csv", tmp_path / "tables")
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path / "tables", capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert (report["valid"], report["stats"]["errors"], report["stats"]["tasks"]) == (True, 0, len(SHEETS)), done.stdout
    table = tmp_path / "tables" / "goal.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",0,", ",x,", 1), encoding="utf-8")
    assert subprocess.run(command, cwd=tmp_path / "tables", capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("x","y")'])
def test_what_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_formulas_in_a_form_stay_text_in_every_export(out: Path, tmp_path: Path) -> None:
    edit(out, '"name": "受益农户满意度"', '"name": "=HYPERLINK(\\"http://x\\",\\"y\\")"')
    export(out, "csv", tmp_path / "csv")
    names = [row["三级指标"] for row in read_csv(tmp_path / "csv" / "indicator.csv")]
    assert '\'=HYPERLINK("http://x","y")' in names
    assert not [name for name in names if name.startswith("=")]
    export(out, "xlsx", tmp_path / "tables.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    cells = [cell for row in book["绩效指标"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [(cell.value, cell.data_type) for cell in cells] == [('=HYPERLINK("http://x","y")', "s")] * len(cells)
    assert cells


def test_a_workbook_has_a_sheet_for_each_table_and_numbers_are_numbers(out: Path, tmp_path: Path) -> None:
    export(out, "xlsx", tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert book.sheetnames == [sheet.title for sheet in SHEETS]
    rows = list(book["绩效指标"].iter_rows(values_only=True))
    at = {name: rows[0].index(name) for name in ("项目名称", "三级指标", "指标值", "数值")}
    [found] = [row for row in rows if row[at["指标值"]] == "11566.21平方米"]
    assert found[at["数值"]] == 11566.21
    assert len(rows) == 196
    assert book["绩效指标"].freeze_panes == "A2"


def test_parquet_holds_exact_decimals(out: Path, tmp_path: Path) -> None:
    export(out, "parquet", tmp_path / "tables")
    table = pq.read_table(tmp_path / "tables" / "indicator.parquet")
    targets = [indicator["target"] for project in projects_of(out) for indicator in project["indicators"]]
    numbers = {Decimal(target["number"]) for target in targets if target["number"] is not None}
    assert {value for value in table.column("数值").to_pylist() if value is not None} == numbers
    assert table.num_rows == 195


def test_an_export_replaces_the_last_one_and_keeps_foreign_files(out: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "notes.txt").write_text("mine", encoding="utf-8")
    for _ in range(2):
        export(out, "csv", tmp_path / "tables")
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert names == {f"{sheet.name}.csv" for sheet in SHEETS} | {"datapackage.json", "notes.txt"}


def test_a_failed_export_leaves_nothing_behind(out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = jixiao("load", out, "--format", "csv", "--to", tmp_path / "file" / "tables")
    assert (done.code, len(done.lines)) == (6, 1)
    assert jixiao("load", out, "--format", "csv", "--history").code == 2
    assert jixiao("load", tmp_path, "--format", "csv", "--to", tmp_path / "tables").code == 3
    assert not (tmp_path / "tables").exists()


def test_without_the_extra_the_command_says_how_to_get_it(out: Path, tmp_path: Path) -> None:
    script = "import sys; sys.modules['pyarrow'] = None\nfrom jixiao.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "load", str(out), "--format", "parquet", "--to", str(tmp_path / "t")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert "pip install 'jixiao[export]'" in done.stderr
