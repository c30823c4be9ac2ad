"""One reader of pictures in an interpreter of its own: a path on each line of standard input, JSON on each of output.

    python -m bench.scan_engines ENGINE

Needs nothing of jixiao but for the engine of that name, so that peers can live in an environment of their own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from bench.engines import Boxed, Cell, Tables, grid
from bench.worker import peak

# ruff: noqa: PLC0415 - each process imports only the engine that it runs

Read = Callable[[str], tuple[Tables, list[str]]]
"""From the path of a picture to the cells of its tables, and the lines of text where it has only those."""

_THREADS = "EngineConfig.onnxruntime.intra_op_num_threads"


def _jixiao() -> Read:
    from pathlib import Path

    from extract import read

    def tables(path: str) -> tuple[Tables, list[str]]:
        page = read(Path(path).read_bytes(), path).pages[0]
        return [
            [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text.value) for cell in table.cells]
            for table in page.tables
        ], []

    return tables


def _rapidocr() -> Read:
    whole = _recogniser()
    return lambda path: ([], [text for text, _ in whole(path)])


def _recogniser() -> Callable[[str], list[tuple[str, list[list[float]]]]]:
    """Rapidocr on whole pages: texts and their four corners."""
    import rapidocr

    engine = rapidocr.RapidOCR(params={_THREADS: 1, "Global.log_level": "critical"})

    def lines(path: str) -> list[tuple[str, list[list[float]]]]:
        found = engine(path)
        return list(zip(found.txts or (), found.boxes.tolist() if found.boxes is not None else (), strict=True))

    return lines


def _img2table() -> Read:
    import rapidocr
    from img2table.document import Image
    from img2table.ocr import RapidOCR

    language = {"Rec.lang_type": rapidocr.LangRec.CH, _THREADS: 1, "Global.log_level": "critical"}
    ocr = RapidOCR(params=language)

    def tables(path: str) -> tuple[Tables, list[str]]:
        found = Image(path).extract_tables(ocr=ocr, implicit_rows=False, borderless_tables=False)
        return [grid(_boxes(table), near=5.0) for table in found], []

    return tables


def _boxes(table: Any) -> set[Boxed]:
    cells = [cell for row in table.content.values() for cell in row]
    return {(c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2, c.value or "") for c in cells}


def _slanet() -> Read:
    from rapid_table import RapidTable

    structure, whole = RapidTable(), _recogniser()

    def tables(path: str) -> tuple[Tables, list[str]]:
        lines = [[corners, text, 1.0] for text, corners in whole(path)]
        html, *_ = structure(path, lines)
        return [cells_of(html)], []

    return tables


class _Html(HTMLParser):
    """Collects the cells of a table with their spans."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[int, int, str]]] = []
        self._open: tuple[int, int] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row or a cell begins."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            told = {name: int(value) for name, value in attrs if value and value.isdigit()}
            self._open, self._text = (told.get("rowspan", 1), told.get("colspan", 1)), ""

    def handle_data(self, data: str) -> None:
        """A piece of a cell's text."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """A cell ends."""
        if tag in ("td", "th") and self._open and self.rows:
            self.rows[-1].append((*self._open, self._text))
            self._open = None


def cells_of(html: str) -> list[Cell]:
    """The cells of an HTML table, placed as a browser places them."""
    parser = _Html()
    parser.feed(html)
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    for row, cells in enumerate(parser.rows):
        col = 0
        for down, right, text in cells:
            while (row, col) in taken:
                col += 1
            taken |= {(row + y, col + x) for y in range(down) for x in range(right)}
            found.append((row, col, down, right, text))
    return found


ENGINES: dict[str, Callable[[], Read]] = {
    "jixiao": _jixiao,
    "rapidocr": _rapidocr,
    "img2table": _img2table,
    "slanet": _slanet,
}


def main(name: str) -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what engines print is no answer
    read = ENGINES[name]()
    for line in sys.stdin:
        started = time.process_time()
        answer: dict[str, Any] = {}
        try:
            answer["tables"], answer["lines"] = read(line.rstrip("\n"))
        except Exception as error:  # noqa: BLE001 - whatever an engine raises, it failed at this page
            answer["error"] = f"{type(error).__name__}: {error}"[:200]
        answer |= {"cpu": time.process_time() - started, "peak": peak()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
