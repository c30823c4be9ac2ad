"""Results as files of tables: CSV with a data package, Parquet, or one Excel workbook."""

from __future__ import annotations

import csv
import importlib
import json
import os
import tempfile
from collections.abc import Callable
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, Protocol

from jixiao.errors import DocumentError, MissingPart, OutputError
from jixiao.load.loading import How, Outcome, Told
from jixiao.load.reading import Reader, results
from jixiao.load.sheets import SHEETS, Field, Sheet, plain, rows_by_sheet

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula (OWASP, CSV Injection)."""
_LONGEST_CELL = 32_767  # characters, Excel's limit
_MOST_ROWS = 1_048_576  # of a sheet, likewise
_BATCH = 20_000  # rows that Parquet gets at once

_DIGITS, _CONTEXT = Decimal("1e-12"), Context(prec=38)

Row = tuple[Any, ...]


class Writer(Protocol):
    """Takes rows, sheet by sheet; `finish` completes the files."""

    def add(self, sheet: Sheet, rows: list[Row]) -> None:
        """Rows of one document."""

    def finish(self) -> None:
        """No more rows."""


def export(outs: list[Path], kind: str, target: Path, how: How, told: Told) -> Outcome:
    """Write every document below the out folders as tables; the files are replaced when all is done."""
    outcome = Outcome()
    reader = Reader(how.places)
    found = [result for out in outs for result in results(out)]
    try:
        folder = target.parent if kind == "xlsx" else target
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".jixiao-") as scratch:
            writer = WRITERS[kind](Path(scratch))
            for result in found:
                try:
                    loaded = reader.read(result)
                except DocumentError as error:
                    outcome.failed.append(result.source)
                    told(result.source, f"{error.code}: {error.message}")
                    continue
                for sheet, rows in rows_by_sheet(loaded):
                    writer.add(sheet, rows)
                outcome.loaded += 1
                outcome.projects += loaded.document["projects"]
                outcome.indicators += loaded.document["indicators"]
            writer.finish()
            for file in sorted(Path(scratch).iterdir()):
                file.chmod(0o666 & ~_umask())
                file.replace(target if kind == "xlsx" else target / file.name)
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
    return outcome


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise MissingPart(
            f"{name} is not installed: pip install 'jixiao[export]' (in a checkout: pip install '.[export]')"
        ) from error


class CsvFiles:
    """A CSV file for each table, as Excel opens it (UTF-8 with its mark), and datapackage.json beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self._writers: dict[str, Any] = {}
        for sheet in SHEETS:
            file = (folder / f"{sheet.name}.csv").open("w", encoding="utf-8-sig", newline="")
            self._files[sheet.name] = file
            self._writers[sheet.name] = csv.writer(file)
            self._writers[sheet.name].writerow(field.header for field in sheet.fields)

    def add(self, sheet: Sheet, rows: list[Row]) -> None:
        """Rows of one document."""
        shown = [_SHOWN[field.kind] for field in sheet.fields]
        self._writers[sheet.name].writerows(
            ["" if value is None else show(value) for show, value in zip(shown, row, strict=True)] for row in rows
        )

    def finish(self) -> None:
        """Close the files and describe them."""
        for file in self._files.values():
            file.close()
        text = json.dumps(data_package(), ensure_ascii=False, indent=2) + "\n"
        (self._folder / "datapackage.json").write_text(text, encoding="utf-8")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe in front of what begins like one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


_SHOWN: dict[str, Callable[[Any], str]] = {
    "text": harmless,
    "json": str,
    "integer": str,
    "number": plain,
    "boolean": lambda value: "是" if value else "否",
}


def data_package() -> dict[str, Any]:
    """The Frictionless description of the CSV files."""
    return {
        "name": "jixiao",
        "title": "部门项目支出预算绩效目标",
        "profile": "tabular-data-package",
        "resources": [_resource(sheet) for sheet in SHEETS],
    }


_TYPES = {"text": "string", "integer": "integer", "number": "number"}


def _resource(sheet: Sheet) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_described(field) for field in sheet.fields],
        "missingValues": [""],
        "primaryKey": list(sheet.key),
    }
    parent = {"document": None, "project": "document", "finding": "document"}.get(sheet.name, "project")
    if parent:
        keys = list(next(each for each in SHEETS if each.name == parent).key)
        schema["foreignKeys"] = [{"fields": keys, "reference": {"resource": parent, "fields": keys}}]
    return {
        "name": sheet.name,
        "title": sheet.title,
        "path": f"{sheet.name}.csv",
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": schema,
    }


def _described(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.header, "type": _TYPES.get(field.kind), "description": field.name}
    if field.kind == "json":
        described["type"] = "object" if field.name in ("options", "extra") else "array"
    if field.kind == "boolean":
        described |= {"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}
    return described


class ParquetFiles:
    """A Parquet file for each table; numbers are decimals with 12 digits behind the point."""

    def __init__(self, folder: Path) -> None:
        self._arrow = _needed("pyarrow")
        parquet = _needed("pyarrow.parquet")
        kinds = {
            "text": self._arrow.string(), "json": self._arrow.string(), "integer": self._arrow.int64(),
            "number": self._arrow.decimal128(38, 12), "boolean": self._arrow.bool_(),
        }  # fmt: skip
        self._schemas = {
            sheet.name: self._arrow.schema([(field.header, kinds[field.kind]) for field in sheet.fields])
            for sheet in SHEETS
        }
        self._files = {
            name: parquet.ParquetWriter(folder / f"{name}.parquet", schema) for name, schema in self._schemas.items()
        }
        self._waiting: dict[str, list[Row]] = {sheet.name: [] for sheet in SHEETS}

    def add(self, sheet: Sheet, rows: list[Row]) -> None:
        """Rows of one document."""
        numbers = [at for at, field in enumerate(sheet.fields) if field.kind == "number"]
        self._waiting[sheet.name] += [_with_decimals(row, numbers) for row in rows] if numbers else rows
        if len(self._waiting[sheet.name]) >= _BATCH:
            self._flush(sheet.name)

    def _flush(self, name: str) -> None:
        rows, schema = self._waiting[name], self._schemas[name]
        if rows:
            columns = zip(*rows, strict=True)
            arrays = [self._arrow.array(column, type=each.type) for column, each in zip(columns, schema, strict=True)]
            self._files[name].write_table(self._arrow.Table.from_arrays(arrays, schema=schema))
        self._waiting[name] = []

    def finish(self) -> None:
        """Write what waits."""
        for name, file in self._files.items():
            self._flush(name)
            file.close()


def _with_decimals(row: Row, numbers: list[int]) -> Row:
    values = list(row)
    for at in numbers:
        if values[at] is not None:
            values[at] = _rounded(values[at])
    return tuple(values)


def _rounded(number: Any) -> Decimal:
    try:
        return Decimal(number).quantize(_DIGITS, context=_CONTEXT)
    except InvalidOperation as error:
        raise OutputError(f"{number} has more digits than a column of Parquet holds") from error


class Workbook:
    """One Excel workbook, a sheet for each table."""

    def __init__(self, folder: Path) -> None:
        openpyxl = _needed("openpyxl")
        self._cell = _needed("openpyxl.cell").WriteOnlyCell
        self._illegal = _needed("openpyxl.cell.cell").ILLEGAL_CHARACTERS_RE
        self._file = folder / "tables.xlsx"
        self._book = openpyxl.Workbook(write_only=True)
        self._pages: dict[tuple[str, int], Any] = {}
        self._counts = {sheet.name: 0 for sheet in SHEETS}
        for sheet in SHEETS:
            self._page(sheet)

    def add(self, sheet: Sheet, rows: list[Row]) -> None:
        """Rows of one document."""
        for row in rows:
            self._page(sheet).append(
                [self._value(field, value) for field, value in zip(sheet.fields, row, strict=True)]
            )
            self._counts[sheet.name] += 1

    def _page(self, sheet: Sheet) -> Any:
        """The sheet to write to; a further one where the first is full."""
        number = self._counts[sheet.name] // (_MOST_ROWS - 1)
        if (sheet.name, number) not in self._pages:
            page = self._book.create_sheet(sheet.title if number == 0 else f"{sheet.title} {number + 1}")
            page.freeze_panes = "A2"
            page.append([field.header for field in sheet.fields])
            self._pages[sheet.name, number] = page
        return self._pages[sheet.name, number]

    def _value(self, field: Field, value: Any) -> Any:
        if value is None:
            return None
        if field.kind == "boolean":
            return "是" if value else "否"
        if not isinstance(value, str):
            return value
        text = self._illegal.sub("�", value)[:_LONGEST_CELL]
        if not text.startswith(_DANGEROUS):
            return text
        cell = self._cell(self._book.worksheets[0], value=text)
        cell.data_type = "s"  # a text, whatever it begins with
        cell.quotePrefix = True
        return cell

    def finish(self) -> None:
        """Write the workbook."""
        self._book.save(self._file)


WRITERS: dict[str, Callable[[Path], Writer]] = {"csv": CsvFiles, "parquet": ParquetFiles, "xlsx": Workbook}
