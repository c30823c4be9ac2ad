"""Results in databases: the same in each, exact, loaded once however often, replaced as a whole."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from jixiao.batch import write_all
from jixiao.encode import load as load_json
from jixiao.encode import pretty
from jixiao.load import bulk
from jixiao.load.database import HEAD, migrate, opened
from jixiao.load.loading import How, load
from jixiao.load.tables import METADATA, PARTS
from jixiao.load.urls import url_of
from jixiao.load.views import VIEWS
from schemas.project import Project
from tests.databases import contents, plain, put, query, server, target
from tests.forms import SAMPLES
from tests.inside import jixiao

__all__ = ["server", "target"]  # fixtures

SEED = SAMPLES / "pingluo-police-2024" / "source.txt"
WHOLE = SAMPLES / "whole-form" / "source.txt"
PDF = SAMPLES / "pdf-cuts" / "source.pdf"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of four documents, one of which cannot be read."""
    place = tmp_path_factory.mktemp("results")
    sources = []
    for name, source in (("seed.txt", SEED), ("whole.txt", WHOLE), ("cuts.pdf", PDF)):
        shutil.copy(source, place / name)
        sources.append(str(place / name))
    (place / "none.txt").write_text("no form\n", encoding="utf-8")
    write_all([*sources, str(place / "none.txt")], place / "out", 1, lambda _: None)
    return place / "out"


@pytest.fixture
def out(extracted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(extracted, tmp_path / "out"))


def projects_of(out: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(out.glob("*/[0-9]*.json")):
        yield load_json(file.read_bytes())


def edit(out: Path, old: str, new: str) -> None:
    """Change a text in every project file of the results."""
    for file in out.glob("*/[0-9]*.json"):
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_counts_and_sums_are_those_of_the_files_in_every_database_twice(out: Path, target: str) -> None:
    first = put(target, out)
    assert (first.loaded, first.projects, first.unchanged) == (4, 15, 0)
    before = contents(target)
    second = put(target, out)
    assert (second.loaded, second.unchanged) == (0, 4)
    assert contents(target) == before
    projects = list(projects_of(out))
    money = sum(Decimal(row["yuan"] or 0) for each in projects for row in each["funding"])
    numbers = sum(Decimal(i["target"]["number"] or 0) for each in projects for i in each["indicators"])
    assert query(target, "SELECT count(*), count(DISTINCT document_id) FROM project") == [(15, 3)]
    assert query(target, "SELECT count(*) FROM indicator") == [(195,)]
    assert query(target, "SELECT sum(yuan), count(yuan) FROM funding")[0][0] == money
    assert query(target, "SELECT round(sum(target_number), 6) FROM indicator") == [(numbers,)]
    audits = [load_json(path.read_bytes()) for path in out.glob("*/audit.json")]
    entries = [project for audit in audits for project in audit["projects"]]
    places = sum(len(several) for entry in entries for several in entry["provenance"].values())
    assert query(target, "SELECT count(*) FROM place") == [(places,)]
    assert query(target, "SELECT count(*) FROM repair") == [(sum(len(entry["repairs"]) for entry in entries),)]
    findings = sum(len(each["findings"]) for each in [*entries, *audits])
    assert query(target, "SELECT count(*) FROM finding") == [(findings,)]


def test_every_value_comes_back_as_it_was_printed(out: Path, target: str) -> None:
    put(target, out)
    columns = ["text", "kind", "operator", "number", "upper", "unit", "per", "approximate", "base_number", "base_unit"]
    rows = query(
        target,
        f"SELECT i.name, {', '.join('i.target_' + column for column in columns)} FROM indicator i"
        " JOIN document d ON d.id = i.document_id ORDER BY d.folder, i.project_no, i.position",
    )
    expected = [
        (indicator["name"], *(indicator["target"][column] for column in columns))
        for project in projects_of(out)
        for indicator in project["indicators"]
    ]
    assert rows == expected


def test_json_in_a_column_is_asked_by_its_keys(out: Path, target: str) -> None:
    put(target, out)
    engines = "SELECT DISTINCT options ->> 'engine' FROM document WHERE source LIKE '%cuts.pdf'"
    assert query(target, engines) == [("auto",)]


def test_every_field_of_a_project_has_a_column(out: Path, target: str) -> None:
    put(target, out)
    parts = {"department": "department", "attribute": "attribute", "period": "period"}
    have = {name for (name,) in query(target, "SELECT column_name FROM dictionary WHERE table_name = 'project'")}
    lists = {"funding", "goals", "indicators", "schema_version"}
    for name, field in Project.model_fields.items():
        assert name in have | lists or any(column.startswith(f"{parts[name]}_") for column in have), field
    for table, column in (("funding", "execution_score"), ("indicator", "actual_base_number"), ("goal", "text")):
        where = f"table_name = '{table}' AND column_name = '{column}'"
        assert query(target, f"SELECT count(*) FROM dictionary WHERE {where}") == [(1,)]


def test_a_newer_extraction_replaces_the_older_as_a_whole(out: Path, target: str) -> None:
    put(target, out)
    edit(out, "11566.21", "22566.21")
    (out / "cuts" / next((out / "cuts").glob("01-*")).name).touch()
    outcome = put(target, out)
    assert (outcome.loaded, outcome.replaced, outcome.unchanged) == (1, 1, 3)
    assert query(target, "SELECT count(*) FROM indicator WHERE target_number = 11566.21") == [(0,)]
    assert query(target, "SELECT count(*) FROM indicator WHERE target_number = 22566.21") == [(1,)]
    assert query(target, "SELECT count(*) FROM indicator") == [(195,)]
    assert query(target, "SELECT count(*) FROM indicator_history") == [(0,)]


def test_history_keeps_what_was_replaced(out: Path, target: str) -> None:
    put(target, out)
    for old, new in (("11566.21", "22566.21"), ("22566.21", "33566.21")):
        edit(out, old, new)
        put(target, out, history=True)
    numbers = query(
        target,
        "SELECT version, target_number FROM indicator_history"
        " WHERE target_number IN (11566.21, 22566.21, 33566.21) ORDER BY version",
    )
    assert numbers == [(1, Decimal("11566.21")), (2, Decimal("22566.21"))]
    assert query(target, "SELECT version FROM document_history ORDER BY version") == [(1,), (2,)]
    assert query(target, "SELECT version FROM document WHERE name = 'seed.txt'") == [(3,)]
    assert query(target, "SELECT count(*) FROM indicator_history") == [(350,)]
    assert query(target, "SELECT count(*) FROM indicator") == [(195,)]


def test_a_document_that_fails_is_as_it_was_and_costs_no_other(
    out: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(target, out)
    before = contents(target)
    edit(out, "11566.21", "22566.21")
    edit(out, "农田", "田地")

    def refuse(connection: Any, table: sa.Table, columns: Any) -> None:
        if table.name == "audit" and any(b"11566.21" in bytes(repairs) for repairs in columns["repairs"]):
            raise sa.exc.DataError("INSERT", None, ValueError("refused"))
        real(connection, table, columns)

    real = bulk.insert
    monkeypatch.setattr("jixiao.load.store.insert", refuse)
    told: list[str] = []
    outcome = load([out], url_of(target), How(), lambda source, message: told.append(f"{Path(source).name}: {message}"))
    assert told == ["seed.txt: database: refused"]
    assert (outcome.loaded, len(outcome.failed)) == (2, 1)
    after = contents(target)
    [seed] = {row for row in before["document"] if "seed.txt" in row}
    assert seed in after["document"]
    key = seed[0]
    for table in ("project", "indicator", "place", "repair", "finding"):
        assert [row for row in after[table] if row[0] == key] == [row for row in before[table] if row[0] == key]
    assert query(target, "SELECT count(*) FROM indicator WHERE name LIKE '%田地%'")[0][0] > 0


def test_a_document_that_could_not_be_read_is_a_row_with_its_code(out: Path, target: str) -> None:
    put(target, out)
    rows = query(target, "SELECT name, code, projects FROM document WHERE status = 'failed'")
    assert rows == [("none.txt", "not-a-table", 0)]


def test_damaged_results_are_told_and_the_others_are_loaded(out: Path, tmp_path: Path) -> None:
    (out / "seed" / "audit.json").write_text("{", encoding="utf-8")
    next((out / "whole").glob("01-*.json")).unlink()
    done = jixiao("load", out, "--to", tmp_path / "x.db")
    assert done.code == 4
    assert [line.split(": ")[2] for line in done.lines[:2]] == ["damaged", "damaged"]
    assert query(f"sqlite:///{tmp_path / 'x.db'}", "SELECT count(*) FROM project") == [(1,)]


def test_several_loaders_at_once_make_no_error_and_one_result(out: Path, target: str, tmp_path: Path) -> None:
    other = Path(shutil.copytree(out, tmp_path / "other"))
    edit(other, "2024年", "2025年")
    command = [sys.executable, "-m", "jixiao.cli", "load", "--history", "--to", target]
    runs = [subprocess.Popen([*command, str(place)], stderr=subprocess.PIPE) for place in (out, other) * 2]
    for run in runs:
        _, err = run.communicate(timeout=120)
        assert run.returncode == 0, err.decode()
    assert query(target, "SELECT count(*) FROM indicator") == [(195,)]
    assert query(target, "SELECT count(*) FROM document") == [(4,)]
    [(version,)] = query(target, "SELECT version FROM document WHERE name = 'seed.txt'")
    assert query(target, "SELECT count(*) FROM document_history WHERE name = 'seed.txt'") == [(version - 1,)]
    assert query(target, "SELECT count(*) FROM project_history") == [(13 * (version - 1),)]


def test_collections_keep_documents_of_one_name_apart(out: Path, target: str) -> None:
    put(target, out, collection="宁夏")
    put(target, out, collection="甘肃")
    assert query(target, "SELECT count(*) FROM indicator") == [(390,)]


def test_one_document_s_folder_is_loaded_as_the_manifest_names_it(out: Path, target: str) -> None:
    put(target, out / "seed")
    assert put(target, out).loaded == 3
    assert query(target, "SELECT count(*) FROM document") == [(4,)]


def test_without_places_all_else_is_there(out: Path, target: str) -> None:
    put(target, out, places=False)
    assert query(target, "SELECT count(*) FROM place") == [(0,)]
    assert query(target, "SELECT count(*) FROM indicator") == [(195,)]
    assert put(target, out).loaded == 3


def test_the_migrations_make_the_tables_that_the_code_knows(target: str) -> None:
    with opened(url_of(target)) as connection:
        if connection.dialect.name == "duckdb":
            for table in METADATA.sorted_tables:
                found = [
                    row[0] for row in connection.exec_driver_sql(f"SELECT name FROM pragma_table_info('{table.name}')")
                ]
                assert found == [column.name for column in table.columns]
            return
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: name != "jixiao_version"}
        )
        differences = [each for each in compare_metadata(context, METADATA) if "comment" not in str(each[0])]
    assert differences == []


def test_a_database_of_the_first_tables_is_brought_up_to_date_and_nothing_is_lost(target: str) -> None:
    place: list[tuple[Any, ...]] = [
        (1, 1, "/goals/0", 0, 3, None, "[1.5,2,30.25,40]", "一"),
        (1, 1, "/goals/0", 1, 4, None, "[1,2,3,4]", ""),
        (1, 1, "/name", 0, None, 7, "[0,5]", "引\"号'"),
        (1, 2, "/name", 0, None, None, '["表\'1","B2"]', "二"),
        (2, 1, "/name", 0, None, None, "[1,2,3]", "三"),
        (2, 1, "/unit", 0, 1, None, None, "四"),
    ]
    repair: list[tuple[Any, ...]] = [
        (1, 1, 0, "/name", "split-number", "1 1", "11", "digits", Decimal("0.9")),
        (1, 1, 1, "/name", "spaces", "甲 乙", "甲乙", "", Decimal(1)),
    ]
    engine = sa.create_engine(url_of(target))
    with engine.begin() as connection:
        migrate(connection, "0001")
        connection.exec_driver_sql(
            "INSERT INTO document (id, collection, source, version) VALUES (1, '', 'a', 1), (2, '', 'b', 1)"
        )
        for table, keys in (("project", ("1, 1", "1, 2", "2, 1")), ("project_history", ("1, 1", "1, 1"))):
            for number, key in enumerate(keys, 1):
                names = "document_id, project_no, id, series, name, extra"
                more = (", version", f", {number}") if "history" in table else ("", "")
                connection.exec_driver_sql(
                    f"INSERT INTO {table} ({names}{more[0]}) VALUES ({key}, 'i', 's', 'n', '{{}}'{more[1]})"
                )
        for view, rows in zip(VIEWS, (place, repair, [(*place[0], 2)]), strict=False):
            table_then = sa.table(view.name, *(sa.column(c.name, c.type) for c in view.columns))
            for row in rows:
                values = dict(zip(view.columns.keys(), row, strict=True))
                if values.get("span"):
                    values["span"] = json.loads(values["span"])
                connection.execute(table_then.insert(), values)
    engine.dispose()
    with opened(url_of(target)) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM jixiao_version").scalar() == HEAD
    found = query(target, "SELECT * FROM place ORDER BY document_id, project_no, pointer, position")
    assert [same_span(row) for row in found] == [same_span(tuple(map(plain, row))) for row in place]
    found = query(target, "SELECT * FROM repair ORDER BY document_id, project_no, position")
    assert found == [tuple(map(plain, row)) for row in repair]
    old = query(target, "SELECT document_id, project_no, pointer, position, text, version FROM place_history")
    assert old == [(1, 1, "/goals/0", 0, "一", 2)]
    assert query(target, "SELECT version, places IS NULL FROM audit_history ORDER BY 1") == [(1, True), (2, False)]


def same_span(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:6], row[6] and json.loads(row[6]), *row[7:])


def test_the_places_and_repairs_of_the_database_are_those_of_the_audit(out: Path, target: str) -> None:
    put(target, out)
    audit = load_json((out / "seed" / "audit.json").read_bytes())
    for number, entry in enumerate(audit["projects"], 1):
        of = f"JOIN document d ON d.id = t.document_id WHERE d.name = 'seed.txt' AND t.project_no = {number}"
        places = query(target, f"SELECT t.pointer, t.position, t.line, t.span, t.text FROM place t {of}")
        expected = [
            (pointer, at, each["line"], each["columns"], each["text"])
            for pointer, several in entry["provenance"].items()
            for at, each in enumerate(several)
        ]
        assert sorted((*row[:3], json.loads(row[3]), row[4]) for row in places) == sorted(expected)
        names = ("pointer", "rule", "before", "after", "evidence", "confidence")
        columns = ", ".join(f"t.{name}" for name in names)
        repairs = query(target, f"SELECT {columns} FROM repair t {of} ORDER BY position")
        assert repairs == [tuple(plain(each[name]) for name in names) for each in entry["repairs"]]


def test_columns_are_explained_in_chinese(target: str) -> None:
    with opened(url_of(target)) as connection:
        kind = connection.dialect.name
    titles = dict(query(target, "SELECT column_name, title FROM dictionary WHERE table_name = 'indicator'"))
    assert (titles["level2"], titles["target_text"], titles["actual_text"]) == ("二级指标", "指标值", "实际指标值")
    comments = {
        "sqlite": "SELECT 'level2', title FROM dictionary WHERE column_name = 'level2' AND table_name = 'indicator'",
        "duckdb": "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'indicator'",
        "postgresql": "SELECT attname, col_description(attrelid, attnum) FROM pg_attribute"
        " WHERE attrelid = 'indicator'::regclass AND attnum > 0",
    }
    assert dict(query(target, comments[kind]))["level2"] == "二级指标"


def test_foreign_keys_hold_and_take_along_what_belongs_to_a_document(out: Path, target: str) -> None:
    put(target, out)
    if target.startswith("duckdb"):
        for table in PARTS:
            whole = table.name in ("project", "finding")
            parent = "document p ON t.document_id = p.id" if whole else "project p USING (document_id, project_no)"
            assert query(target, f"SELECT count(*) FROM {table.name}")[0][0] > 0
            assert query(target, f"SELECT count(*) FROM {table.name} t ANTI JOIN {parent}") == [(0,)]
        return
    engine = sa.create_engine(url_of(target))
    with engine.begin() as connection:
        if target.startswith("sqlite"):
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("DELETE FROM document WHERE name = 'seed.txt'")
    engine.dispose()
    left = {name: len(rows) for name, rows in contents(target).items()}
    assert (left["document"], left["project"], left["indicator"]) == (3, 2, 20)
    assert left["place"] > 0
    assert query(target, "SELECT count(*) FROM place WHERE project_no > 1") == [(0,)]


def test_a_database_of_a_newer_jixiao_is_refused(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    put(f"sqlite:///{file}", out)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE jixiao_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    done = jixiao("load", out, "--to", file)
    assert done.code == 6
    assert done.lines == [f"jixiao: database: the tables are of a newer jixiao (revision 9999, this one knows {HEAD})"]
    assert file.read_bytes() == before


def test_digits_that_sqlite_cannot_hold_are_told(out: Path, tmp_path: Path) -> None:
    edit(out, '"number": 11566.21', '"number": 11566.210123456789012')
    done = jixiao("load", out, "--to", tmp_path / "x.db")
    assert done.code == 0
    assert done.lines[-1] == "jixiao: 1 number had more digits than this database holds (docs/sql.md)"


def test_a_number_that_no_column_holds_fails_its_document_only(out: Path, tmp_path: Path) -> None:
    edit(out, '"number": 11566.21', f'"number": {10**40}')
    done = jixiao("load", out, "--to", tmp_path / "x.db")
    assert (done.code, len(done.lines)) == (4, 2)
    assert "seed.txt: database: Python int too large" in done.lines[0]


@pytest.mark.parametrize("wrong", ['"abc"', "true", "[1]"])
def test_an_amount_that_is_no_number_fails_its_document_only(out: Path, target: str, wrong: str) -> None:
    file = next((out / "whole").glob("01-*.json"))
    file.write_text(re.sub('"amount": [^,]*', f'"amount": {wrong}', file.read_text(encoding="utf-8")), encoding="utf-8")
    done = jixiao("load", out, "--to", target)
    assert (done.code, len(done.lines)) == (4, 2)
    assert "whole.txt: database: " in done.lines[0]
    assert query(target, "SELECT count(*) FROM project") == [(14,)]


def test_a_document_that_the_manifest_names_twice_is_loaded_once(out: Path, target: str) -> None:
    manifest = out / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes() * 2)
    done = jixiao("load", out, "--to", target)
    assert (done.code, len(done.lines)) == (0, 1)
    assert query(target, "SELECT count(*) FROM document") == [(4,)]


def test_a_database_is_named_as_it_was_typed(out: Path, tmp_path: Path) -> None:
    done = jixiao("load", out, "--to", tmp_path / "2024年 结果.duckdb")
    assert done.lines[0].endswith(f"-> duckdb:///{tmp_path}/2024年 结果.duckdb")


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        (
            "mysql://db/x",
            2,
            "jixiao: usage: --to knows sqlite, duckdb and postgresql (by pg8000 or psycopg), not mysql",
        ),
        ("postgresql+asyncpg://db/x", 2, "jixiao: usage: --to knows sqlite, duckdb and postgresql (by pg8000 or"),
        ("there", 2, "jixiao: usage: --to wants a URL"),
        ("sqlite:there.db", 2, "jixiao: usage: --to wants a URL"),
        ("sqlite://there.db", 2, "jixiao: usage: --to names no file; its path stands behind three slashes: sqlite:///"),
        ("sqlite://", 2, "jixiao: usage: --to names no file"),
        ("duckdb:///:memory:", 2, "jixiao: usage: --to names no file"),
        (
            "sqlite:////nowhere/at/all.db",
            6,
            "jixiao: database: sqlite:////nowhere/at/all.db: unable to open database file",
        ),
        (
            "postgresql://me:secret@127.0.0.1:1/x",
            6,
            "jixiao: database: postgresql://me:***@127.0.0.1:1/x: Connection",
        ),
    ],
)
def test_a_bad_target_is_one_clear_line(out: Path, to: str, code: int, said: str) -> None:
    done = jixiao("load", out, "--to", to)
    assert (done.code, len(done.lines)) == (code, 1)
    assert done.lines[0].startswith(said)
    assert "secret" not in done.err


def test_an_sqlite_file_of_another_encoding_holds_the_same(out: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "utf16.db")
    connection.execute("PRAGMA encoding = 'UTF-16le'")
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for name in ("utf8.db", "utf16.db"):
        put(f"sqlite:///{tmp_path / name}", out)
    one, other = (contents(f"sqlite:///{tmp_path / name}") for name in ("utf8.db", "utf16.db"))
    for table in ("project", "indicator", "place", "repair", "finding"):
        assert one[table] == other[table]


def test_a_file_that_is_no_database_stays_as_it_is(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("my notes, long enough to be no header of a database at all\n" * 20, encoding="utf-8")
    done = jixiao("load", out, "--to", file)
    assert (done.code, done.lines) == (6, [f"jixiao: database: sqlite:///{file}: file is not a database"])
    assert file.read_text(encoding="utf-8").startswith("my notes")


def test_a_missing_part_names_the_command_that_installs_it(out: Path, tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['duckdb_engine'] = None; sys.modules['duckdb'] = None; sys.modules['pg8000'] = None\n"
        "from jixiao.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    for to, extra in ((tmp_path / "x.duckdb", "duckdb"), ("postgresql://db/x", "postgres")):
        command = [sys.executable, "-c", script, "load", str(out), "--to", str(to)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 5
        assert f"pip install 'jixiao[{extra}]'" in done.stderr


def test_folders_without_results_are_told(tmp_path: Path) -> None:
    for place, said in ((tmp_path / "none", "not-found"), (tmp_path, "no-results")):
        done = jixiao("load", place, "--to", tmp_path / "x.db")
        assert (done.code, done.lines[0].split(": ")[1]) == (3, said)
    assert not (tmp_path / "x.db").exists()


def test_the_command_says_what_it_did(out: Path, tmp_path: Path) -> None:
    first = jixiao("load", out, cwd=tmp_path)
    assert first.lines == ["4 documents loaded (15 projects, 195 indicators) -> sqlite:///jixiao.db"]
    again = jixiao("load", out, cwd=tmp_path, JIXIAO_TO="jixiao.db")
    assert again.lines == ["0 documents loaded (0 projects, 0 indicators), 4 unchanged -> sqlite:///jixiao.db"]
    assert jixiao("load", out, "-q", cwd=tmp_path).lines == []


def test_unknown_keys_of_audit_and_manifest_do_no_harm(out: Path, target: str) -> None:
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    (out / "manifest.jsonl").write_text(
        "".join(json.dumps(json.loads(line) | {"seconds": 1.5}, ensure_ascii=False) + "\n" for line in lines),
        encoding="utf-8",
    )
    audit = load_json((out / "seed" / "audit.json").read_bytes())
    audit["notes"] = {"more": [1]}
    (out / "seed" / "audit.json").write_bytes(pretty(audit))
    assert put(target, out).loaded == 4
