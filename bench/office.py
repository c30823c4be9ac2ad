"""CPU time and exactness of reading Office files and web pages, beside peers, in one run.

    python -m bench.office [--rounds N]

The seed's 13 forms, as real producers saved them, go from bytes to tables in memory. The rounds of all readers take
turns. A cell is exact where row, column, spans and text (white space aside) are; F1 is over all cells that are not
blank. The truth is what the generator gave to the producers (samples/pdf_cells.py), not what any reader found.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.score import score
from bench.truth import Cell, Table, bare
from extract import read
from jixiao.pipeline import extract
from samples.office_files import Grid, grid_of, stacked
from samples.pdf_cells import Block, seed_forms

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
Found = list[list[Cell]]
Reader = Callable[[bytes], Found]


def by_jixiao(data: bytes) -> Found:
    """The tables of extract.read; lines between tables are tables of one column, which do not count."""
    tables = (table for page in read(data, "bench").pages for table in page.tables)
    return [[Cell(c.row, c.col, c.row_span, c.col_span, c.text.value) for c in table.cells] for table in tables]


def to_projects(data: bytes) -> Found:
    """The whole way of jixiao but for writing files."""
    if not extract(data, name="bench").projects:
        raise ValueError("no project was read")
    return []


def by_openpyxl(data: bytes) -> Found:
    """Values and merged ranges of every sheet."""
    import openpyxl  # noqa: PLC0415 - a peer may be missing

    return [list(_of_sheet(sheet)) for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True)]


def _of_sheet(sheet: Any) -> Iterator[Cell]:
    spans = {area.coord.partition(":")[0]: area.size for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                size = spans.get(cell.coordinate, {"rows": 1, "columns": 1})
                yield Cell(cell.row - 1, cell.column - 1, size["rows"], size["columns"], str(cell.value))


def by_calamine(data: bytes) -> Found:
    """Values and, where the format tells them, merged ranges of every sheet."""
    import python_calamine  # noqa: PLC0415 - a peer may be missing

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in _ranges(sheet)}
        rows = sheet.to_python(skip_empty_area=False)
        found.append([
            Cell(row, col, *spans.get((row, col), (1, 1)), str(value))
            for row, values in enumerate(rows)
            for col, value in enumerate(values)
            if value != ""
        ])  # fmt: skip
    return found


def _ranges(sheet: Any) -> Any:
    return sheet.merged_cell_ranges or []


def by_python_docx(data: bytes) -> Found:
    """Cells by the element that each place of the grid belongs to."""
    import docx  # noqa: PLC0415 - a peer may be missing

    return [list(_of_table(table)) for table in docx.Document(io.BytesIO(data)).tables]


def _of_table(table: Any) -> Iterator[Cell]:
    places: dict[Any, list[tuple[int, int, str]]] = {}
    for row, held in enumerate(table.rows):
        for col, cell in enumerate(held.cells):
            places.setdefault(cell._tc, []).append((row, col, cell.text))  # noqa: SLF001 - no public identity
    for spots in places.values():
        rows, cols = [spot[0] for spot in spots], [spot[1] for spot in spots]
        if spots[0][2].strip():
            top, left = min(rows), min(cols)
            yield Cell(top, left, max(rows) - top + 1, max(cols) - left + 1, spots[0][2])


def by_read_html(data: bytes) -> Found:
    """Frames; merged cells come as one copy in each place."""
    import pandas as pd  # noqa: PLC0415 - a peer may be missing

    return [
        [
            Cell(row, col, 1, 1, str(value))
            for row, values in enumerate(frame.itertuples(index=False))
            for col, value in enumerate(values)
            if not pd.isna(value)
        ]
        for frame in pd.read_html(io.BytesIO(data), header=None, keep_default_na=False, encoding="utf-8")
    ]


CASES: dict[str, dict[str, Reader]] = {
    "office-seed-openpyxl/source.xlsx": {"openpyxl": by_openpyxl, "calamine (Rust)": by_calamine},
    "office-seed-calc/source.ods": {"calamine (Rust)": by_calamine},
    "office-seed-xls/source.xls": {"calamine (Rust)": by_calamine},
    "office-seed-writer/source.docx": {"python-docx": by_python_docx},
    "office-seed-writer-page/source.html": {"pandas.read_html": by_read_html},
}


def truth_of(path: Path) -> tuple[Table, ...]:
    """The true tables: all forms on one sheet, or a table for each block of a form."""
    if path.suffix in (".xlsx", ".ods", ".xls"):
        return tuple(_by_blank_rows(stacked(seed_forms(), gap=0, between=1)))
    return tuple(table for form in seed_forms() for table in _tables(form.blocks))


def _tables(blocks: Sequence[Block]) -> Iterator[Table]:
    """Tables that follow each other directly: columns may be counted in each, or by the edges of all."""
    edges = [[round(sum(block.shares[:at]), 3) for at in range(len(block.shares) + 1)] for block in blocks]
    every = sorted({edge for each in edges for edge in each})
    for block, own in zip(blocks, edges, strict=True):
        cells = _cells(grid_of(block))
        number = [every.index(edge) for edge in own]
        through = tuple(
            c._replace(col=number[c.col], col_span=number[c.col + c.col_span] - number[c.col]) for c in cells
        )
        yield Table(cells, (), through, ())


def _cells(grid: Grid, top: int = 0) -> tuple[Cell, ...]:
    return tuple(Cell(c.row - top, c.col, c.rows, c.cols, bare(c.text)) for c in grid.cells if c.text.strip())


def _by_blank_rows(grid: Grid) -> Iterator[Table]:
    taken = {row for cell in grid.cells for row in range(cell.row, cell.row + cell.rows)}
    starts = [row for row in sorted(taken) if row - 1 not in taken]
    for start, end in zip(starts, [*starts[1:], grid.height], strict=True):
        cells = _cells(Grid(tuple(c for c in grid.cells if start <= c.row < end), end - start, grid.width), start)
        yield Table(cells, (), cells, ())


def _split(found: Found, truth: tuple[Table, ...]) -> Found:
    """Sheets that a peer gives whole, cut at blank rows as the truth is, so that all count rows alike."""
    if len(found) >= len(truth):
        return found
    parts: Found = []
    for cells in found:
        end = -1
        for cell in sorted(cells):
            if cell.row > end + 1 or not parts:
                parts.append([])
            end = max(end, cell.row + cell.row_span - 1)
            parts[-1].append(cell)
    return [[cell._replace(row=cell.row - part[0].row) for cell in part] for part in parts]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{'13 forms as':36} {'reader':22} {'F1':>6} {'CPU ms a form':>14} {'x jixiao':>9}")
    for name, peers in CASES.items():
        path = SAMPLES / name
        data = path.read_bytes()
        readers: dict[str, Reader] = {"jixiao": by_jixiao, **peers, "jixiao, to projects": to_projects}
        missing = {who for who, reader in readers.items() if not _works(reader, data)}
        times = _measure({who: reader for who, reader in readers.items() if who not in missing}, data, rounds)
        base = statistics.median(times["jixiao"])
        for who, reader in readers.items():
            if who in missing:
                print(f"{name:36} {who:22} not installed")
                continue
            median = statistics.median(times[who])
            print(f"{name:36} {who:22} {_f1(reader, data, path):>6} {median * 1e3 / 13:14.2f} {median / base:9.1f}")


def _works(reader: Reader, data: bytes) -> bool:
    try:
        reader(data)
    except ImportError:
        return False
    return True


def _measure(readers: dict[str, Reader], data: bytes, rounds: int) -> dict[str, list[float]]:
    """Rounds interleaved, so that a busy moment hits every reader alike."""
    times: dict[str, list[float]] = {who: [] for who in readers}
    for number in range(rounds + 1):
        for who, reader in readers.items():
            start = time.process_time()
            reader(data)
            if number:
                times[who].append(time.process_time() - start)
    return times


def _f1(reader: Reader, data: bytes, path: Path) -> str:
    found = reader(data)
    if not found:
        return ""
    truth = truth_of(path)
    cells = [[cell._replace(text=bare(cell.text)) for cell in table if bare(cell.text)] for table in found]
    return f"{score(truth, _split(cells, truth)).f1:.3f}"


if __name__ == "__main__":
    main()
