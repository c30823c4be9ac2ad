"""Scans: pictures of pages to tables, by their rules and a recogniser that reads cell by cell.

Needs the packages of the extra `scan`; they are loaded when the first page is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import numpy as np

from extract.errors import ReadError, shown
from extract.pdf.document import assembled
from extract.pdf.gaps import Shares
from extract.pdf.pages import LinePart, PageParts, Part, TablePart
from extract.recogniser import backend
from extract.scan.columns import carried, registered
from extract.scan.engine import MISSING, installed
from extract.scan.images import Shot, shots
from extract.scan.page import read_picture
from extract.scan.turns import quarters_of, turned_back
from extract.telling import page_done
from schemas.audit import Source
from schemas.table import Document

__all__ = ["MISSING", "carried", "engine_name", "installed", "legibility", "read_image", "read_shot", "registered"]

_ENGINE = "scan-ppocrv6"

_LEGIBLE = 0.85  # mean probability of the lines of a page that lies the right way up


def engine_name() -> str:
    """How the audit names the reader of scans."""
    return _ENGINE if backend() == "onnxruntime" else f"{_ENGINE}-{backend()}"


def read_image(data: bytes, name: str, media_type: str) -> Document:
    """The tables of an image file, a page for each of its frames.

    Raises ReadError: `missing-part` without the packages of the extra, `damaged`, `too-large`, `not-a-table` where no
    text is found.
    """
    if not installed():
        raise ReadError("missing-part", f"{shown(name)} is a picture; {MISSING}")
    read: list[PageParts] = []
    known: list[Shares] = []
    for number, shot in enumerate(shots(data, name), 1):
        read.append(read_shot(shot, known))
        known = carried(read[-1], known)
        page_done(number, shot.pages)
    pages = registered(read)
    if not any(page.parts for page in pages):
        raise ReadError("not-a-table", f"{shown(name)} is a picture in which no text was found")
    found, troubles = assembled(list(pages), name)
    source = Source(re.split(r"[/\\]", name)[-1], hashlib.sha256(data).hexdigest(), media_type, len(pages))
    return Document(source, engine_name(), found, cuts_marked=True, findings=troubles)


def read_shot(shot: Shot, known: Sequence[Shares] = ()) -> PageParts:
    """The parts of a page, whichever way up it lies; boxes are those of the picture as given.

    `known` are columns of tables on the pages before it, the likeliest first.
    """
    page = read_picture(shot.picture, shot.points, known)
    if page.parts and legibility(page.parts) >= _LEGIBLE:
        return page
    quarters = quarters_of(shot.picture)
    if not quarters:
        return page
    upright = read_picture(np.ascontiguousarray(np.rot90(shot.picture, quarters)), shot.points, known)
    size = shot.picture.shape[1] * shot.points, shot.picture.shape[0] * shot.points
    return upright._replace(parts=[_turned(part, quarters, size) for part in upright.parts])


def legibility(parts: Iterable[Part]) -> float:
    """The mean probability of the least sure character of cells and lines, by their length; 0 where nothing is read."""
    texts = [each for part in parts for each in (part.cells if isinstance(part, TablePart) else [part])]
    weight = sum(len(each.text) for each in texts)
    return sum(len(each.text) * (each.sight.sure if each.sight else 1) for each in texts) / max(1, weight)


def _turned(part: Part, quarters: int, size: tuple[float, float]) -> Part:
    box = turned_back(part.box, quarters, size)
    if isinstance(part, LinePart):
        return part._replace(box=box)
    cells = [cell._replace(box=turned_back(cell.box, quarters, size)) for cell in part.cells]
    return part._replace(cells=cells, box=box)
