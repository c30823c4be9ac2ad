"""The second opinion of camelot: its cells, and in them PDFium's characters, since its own text comes out of order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from extract.pdf import pdfium
from extract.pdf.annotations import printed_page
from extract.pdf.chars import PageText, read_chars
from extract.pdf.frame import Box, frame_of
from extract.pdf.grid import Grid, slots_of
from extract.pdf.pages import PageParts
from extract.pdf.paths import read_paths
from extract.pdf.peers import told_in_codes
from extract.pdf.placing import Found, found_of, on_page, page_of
from extract.pdf.plumber import turned_back

LATTICE, NETWORK = "camelot-lattice", "camelot-network"

_TURNS = {"clockwise": -90, "anticlockwise": 90}
_LOGGERS = ("camelot", "playa", "pdfminer")

Corner = tuple[float, float]


def read_pages(data: bytes, name: str) -> tuple[list[PageParts | None], str]:
    """The parts of the pages, and the flavour that found them: by aligned text where no page has rules."""
    with told_in_codes("camelot", name, *_LOGGERS), tempfile.TemporaryDirectory() as folder:
        path = str((Path(folder) / "source.pdf").resolve())  # a relative path may look like an address to camelot
        Path(path).write_bytes(data)
        sheets = _sheets(data)
        tables = _tables(path, flavor="lattice", engine="vector")
        engine = LATTICE
        if not tables:
            tables, engine = _tables(path, flavor="network"), NETWORK
    with pdfium.opened(data, name) as document:
        numbers = range(1, pdfium.page_count(document) + 1)
        return [
            _read(
                document, at, [each for each in tables if each.page == at], sheets.get(at), inferred=engine != LATTICE
            )
            for at in numbers
        ], engine


class _Sheet:
    """A page as camelot sees it: its media box and /Rotate."""

    def __init__(self, box: Box, rotate: int) -> None:
        self.box, self.rotate = box, rotate

    def user(self, corner: Corner, turn: int) -> Corner:
        """A point of camelot's space, turned further by `turn` degrees, in that of the PDF."""
        x0, y0, x1, y1 = self.box
        x, y = corner
        return {
            0: (x0 + x, y0 + y),
            90: (x1 - y, y0 + x),
            180: (x1 - x, y1 - y),
            270: (x0 + y, y1 - x),
        }[(self.rotate + turn) % 360]


def _sheets(data: bytes) -> dict[int, _Sheet]:
    import playa  # noqa: PLC0415 - comes with camelot

    with playa.parse(data, space="page") as document:
        return {
            at: _Sheet(tuple(map(float, page.mediabox)), page.rotate // 90 * 90)  # type: ignore[arg-type]
            for at, page in enumerate(document.pages, 1)
        }


def _tables(path: str, **settings: Any) -> list[Any]:
    from camelot.io import read_pdf  # noqa: PLC0415 - costs a second to load

    return list(read_pdf(path, pages="all", suppress_stdout=True, **settings))


def _read(
    document: pdfium.Handle, number: int, tables: list[Any], sheet: _Sheet | None, *, inferred: bool
) -> PageParts | None:
    with printed_page(document, number - 1) as page:
        if not page:
            return None
        with pdfium.text_page(page) as text:
            if not text:
                return None
            found = read_chars(text, frame_of(page))
            picture = read_paths(page, found.frame).picture
    chars = on_page(found.chars, found.frame)
    em = float(np.median(chars.size)) if len(chars.code) else 0.0
    placed = [_placed(table, sheet, found, em) for table in tables if sheet and em]
    kept = [each for each in placed if each]
    parts = page_of(chars, kept, hidden=found.hidden, picture=picture, inferred=inferred)
    return turned_back(parts, found.frame, found.quarters) if found.quarters else parts


def _placed(table: Any, sheet: _Sheet, found: PageText, em: float) -> Found | None:
    turn = _TURNS.get(table.rotation, 0)
    boxes = []
    for left, low, right, high in _merged(table.cells):
        corners = [sheet.user(corner, turn) for corner in ((left, low), (right, high))]
        x, y = found.frame.place(np.array([each[0] for each in corners]), np.array([each[1] for each in corners]))
        boxes.append((float(x.min()), float(y.min()), float(x.max()), float(y.max())))
    return found_of(boxes, em)


def _merged(cells: list[list[Any]]) -> list[Box]:
    """The boxes of whole cells; camelot gives elementary ones and tells which sides are drawn."""
    height, width = len(cells), len(cells[0])
    xs = np.array([*(cell.x1 for cell in cells[0]), cells[0][-1].x2], np.float64)
    ys = np.array([*(row[0].y2 for row in cells), cells[-1][0].y1], np.float64)
    level, upright = np.ones((height + 1, width), np.bool_), np.ones((height, width + 1), np.bool_)
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            level[i, j] &= bool(cell.top)
            level[i + 1, j] &= bool(cell.bottom)
            upright[i, j] &= bool(cell.left)
            upright[i, j + 1] &= bool(cell.right)
    row, col, row_span, col_span, _ = slots_of(Grid(xs, ys, level, upright))
    return [
        (float(xs[c]), float(ys[r + down]), float(xs[c + right]), float(ys[r]))
        for r, c, down, right in zip(row, col, row_span, col_span, strict=True)
    ]
