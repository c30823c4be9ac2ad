"""jixiao and its peers at the same pictures of pages: cells, values, CPU time, memory.

    python -m bench.scan_peers [--python PATH] [--of SLUG,…] [--kinds NAME,…] [--engines NAME,…]

`--python` is the interpreter of an environment with the peers. Each engine has a process of its own and is given the
first page of each sample with each damage (`bench.scan.KINDS`) as a PNG. F1 is over cells with row, column, spans and
text; values are those of the projects that jixiao makes of an engine's tables, so that only the reading differs. A
wrong value is silent where no finding holds it. How it came out: docs/scans.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from bench.scan import KINDS, pages_of, true_of
from bench.scan_truth import Tally, leaves, tally
from bench.score import Score, score
from bench.truth import Cell, Table, bare
from bench.truth import pages_of as true_pages
from extract.scan.engine import folded
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction
from jixiao.options import DEFAULT
from jixiao.pipeline import extract, of_document
from samples.make_scans import HERE
from schemas.audit import Source
from schemas.table import Cell as Slot
from schemas.table import Document, Page
from schemas.table import Table as Grid
from schemas.text import BoxPlace, Text

_KINDS = "300 dpi,150 dpi,slant of 2 degrees,stamps,keystone,110 dpi,fax,copier"


@dataclass
class Run:
    """What an engine did at all pages."""

    cells: Score = field(default_factory=Score)
    values: Tally = field(default_factory=Tally)
    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    failed: list[str] = field(default_factory=list)


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the peers")
    parser.add_argument("--of", default="pdf-filled-rules,pdf-hair-rules", help="PDF samples of one page")
    parser.add_argument("--kinds", default=_KINDS)
    parser.add_argument("--engines", default="jixiao,img2table,slanet,rapidocr")
    options = parser.parse_args()
    print(f"{'':24}{'F1':>7}{'exact':>8}{'wrong':>7}{'silent':>8}{'CPU s/page':>12}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        pages = list(_written(options, Path(folder)))
        for name in options.engines.split(","):
            python = sys.executable if name == "jixiao" else options.python
            print(_row(name, _run(name, python, pages)), flush=True)


def _written(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path]]:
    """The pictures of pages, each with its sample's name."""
    for slug in options.of.split(","):
        for number, kind in enumerate(options.kinds.split(",")):
            path = folder / f"{slug}-{number}.png"
            dpi = KINDS[kind][0]
            Image.fromarray(next(pages_of(slug, kind))).save(path, dpi=(dpi, dpi))
            yield slug, path


def _run(name: str, python: str, pages: list[tuple[str, Path]]) -> Run:
    run = Run()
    command = [python, "-m", "bench.scan_engines", name]
    with subprocess.Popen(  # noqa: S603 - an interpreter that the caller names, and a module of our own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE.parent
    ) as worker:
        assert worker.stdin  # noqa: S101 - as it was started
        assert worker.stdout  # noqa: S101 - likewise
        for at, (slug, path) in enumerate([pages[0], *pages]):  # the first page twice: loading is not counted
            worker.stdin.write(f"{path}\n")
            worker.stdin.flush()
            answer = json.loads(worker.stdout.readline() or '{"error": "it ended"}')
            if at and "error" in answer:
                run.failed.append(answer["error"])
            elif at:
                _count(run, slug, answer)
                if name == "jixiao":  # its doubts count
                    run.values.add(tally(extract(path), true_of(slug)))
                elif answer["tables"] or not answer["lines"]:
                    run.values.add(tally(_projects(answer["tables"]), true_of(slug)))
    return run


def _count(run: Run, slug: str, answer: dict[str, Any]) -> None:
    run.seconds.append(answer["cpu"])
    run.peak = max(run.peak, answer["peak"])
    if answer["lines"]:
        run.values.add(_among_lines(slug, answer["lines"]))
        return
    [page] = true_pages(HERE / slug / "source.pdf")
    found = [[Cell(*cell[:4], _bare(cell[4])) for cell in table] for table in answer["tables"]]
    run.cells.add(score(tuple(_folded(table) for table in page), found))


def _bare(text: str) -> str:
    return folded(bare(text))


def _folded(table: Table) -> Table:
    parts = (table.cells, table.torn, table.cells_of_all, table.torn_of_all)
    return Table(*(tuple(cell._replace(text=_bare(cell.text)) for cell in part) for part in parts))


def _projects(tables: list[list[list[Any]]]) -> Extraction:
    """What jixiao makes of an engine's tables."""
    document = Document(Source("page.png", "", "image/png", 1), "peer", (Page(1, tuple(map(_grid, tables))),))
    try:
        return of_document(document, "page.png", DEFAULT)
    except DocumentError as error:
        return Extraction("page.png", "failed", error=error)


def _grid(cells: list[list[Any]]) -> Grid:
    slots = [
        Slot(row, col, Text(text, (BoxPlace(1, (0, 0, 0, 0), text),)), down, right)
        for row, col, down, right, text in sorted(cells)
        if text.strip()
    ]
    rows = max((slot.row + slot.row_span for slot in slots), default=0)
    return Grid(rows, max((slot.col + slot.col_span for slot in slots), default=0), tuple(slots))


def _among_lines(slug: str, lines: list[str]) -> Tally:
    """Without tables a value can only be found as a line of its own."""
    texts = [folded("".join(line.split())) for line in lines]
    values = [folded(str(value)) for record in true_of(slug) for value in leaves(record)]
    wrong = [("", "", value) for value in values if not any(value in text for text in texts)]
    return Tally(len(values), wrong, wrong)


def _row(name: str, run: Run) -> str:
    cells = f"{run.cells.f1:7.3f}" if run.cells.pages else f"{'-':>7}"
    seconds = sum(run.seconds) / max(1, len(run.seconds))
    counts = f"{len(run.values.wrong):7}{len(run.values.silent):8}"
    failed = f"  failed at {len(run.failed)}: {run.failed[0]}" if run.failed else ""
    return f"{name:24}{cells}{run.values.exact:8.3f}{counts}{seconds:12.2f}{run.peak / 1024:9.0f}{failed}"


if __name__ == "__main__":
    main()
