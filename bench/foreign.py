"""The ICDAR 2013 table competition: how many neighbours of each true cell an engine finds, and how many it makes up.

    python -m bench.foreign FOLDER [--engines jixiao,pdfplumber,camelot]

FOLDER holds the data set as it was published: NAME.pdf beside NAME-str.xml; it is not part of this project. Each table
that an engine finds counts for the region with which it shares most text. Regions are compared that `camelot` or
`pdfplumber` get to 0.6, which are those with rules; engines read the whole document.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from bench.engines import ENGINES, Cell, Tables

_RULED = 0.6
_SHARED = 0.1  # of a table's text that a region must hold


class Score(NamedTuple):
    """Neighbours that are right, that are true, and that were found."""

    right: int
    true: int
    found: int

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        return 2 * self.right / max(1, self.true + self.found)


Scores = dict[tuple[str, int, int], Score]
"""By file, page and region of the page."""


def regions_of(truth: Path) -> dict[int, list[list[Cell]]]:
    """The cells of the true regions by page."""
    found: dict[int, list[list[Cell]]] = {}
    for region in etree.parse(truth).getroot().iter("region"):
        cells = [_cell(each) for each in region.iter("cell")]
        found.setdefault(int(region.get("page")), []).append(cells)
    return found


def _cell(node: etree._Element) -> Cell:
    row, col = int(node.get("start-row")), int(node.get("start-col"))
    rows, cols = int(node.get("end-row", row)) - row + 1, int(node.get("end-col", col)) - col + 1
    return row, col, max(1, rows), max(1, cols), _bare(node.findtext("content"))


def _bare(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def neighbours(cells: list[Cell]) -> Counter[tuple[str, str, str]]:
    """Each text with the next one at its right and below it, blank cells between them passed over."""
    cells = [(*cell[:4], bare) for cell in cells if (bare := _bare(cell[4]))]
    grid = {(y, x): at for at, (r, c, h, w, _) in enumerate(cells) for y in range(r, r + h) for x in range(c, c + w)}
    height, width = (max((place[side] for place in grid), default=-1) + 1 for side in (0, 1))
    found: Counter[tuple[str, str, str]] = Counter()
    for at, (r, c, h, w, text) in enumerate(cells):
        right = {_first(grid, [(y, x) for x in range(c + w, width)], at) for y in range(r, r + h)}
        below = {_first(grid, [(y, x) for y in range(r + h, height)], at) for x in range(c, c + w)}
        for way, others in (("right", right), ("below", below)):
            found.update((text, cells[other][4], way) for other in others if other is not None)
    return found


def _first(grid: dict[tuple[int, int], int], places: list[tuple[int, int]], own: int) -> int | None:
    return next((grid[place] for place in places if grid.get(place, own) != own), None)


def scores_of(true: list[list[Cell]], tables: Tables) -> list[Score]:
    """How each region of a page came out."""
    words = [Counter(cell[4] for cell in cells if cell[4]) for cells in true]
    found: list[Counter[tuple[str, str, str]]] = [Counter() for _ in true]
    for table in tables:
        own = Counter(bare for cell in table if (bare := _bare(cell[4])))
        shared = [sum((own & each).values()) for each in words]
        best = max(range(len(true)), key=shared.__getitem__)
        if shared[best] >= max(1, _SHARED * sum(own.values())):
            found[best] += neighbours(table)
    pairs = [(neighbours(cells), told) for cells, told in zip(true, found, strict=True)]
    return [Score(sum((one & told).values()), sum(one.values()), sum(told.values())) for one, told in pairs]


def run(folder: Path, engine: str) -> Scores:
    """All regions by one engine."""
    load, cells = ENGINES[engine].load(), ENGINES[engine].cells
    found: Scores = {}
    for truth in sorted(folder.rglob("*-str.xml")):
        path = truth.with_name(truth.name.replace("-str.xml", ".pdf"))
        if cells is None or not path.exists():
            continue
        pages = cells(load(str(path)))
        for page, true in regions_of(truth).items():
            tables = pages[page - 1] if page <= len(pages) else []
            found |= {(path.stem, page, at): score for at, score in enumerate(scores_of(true, tables))}
    return found


def main() -> None:
    """Print the engines beside one another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", default="jixiao,pdfplumber,camelot")
    options = parser.parse_args()
    results = {engine: run(options.folder, engine) for engine in options.engines.split(",")}
    peers = [each for name, each in results.items() if not name.startswith("jixiao")] or list(results.values())
    ruled = [key for key in peers[0] if max(each[key].f1 for each in peers) >= _RULED]
    print(f"{len(ruled)} regions with rules of {len(peers[0])}")
    for name, each in results.items():
        total = Score(*(sum(part) for part in zip(*(each[key] for key in ruled), strict=True)))
        print(f"{name:12} F1 {total.f1:.4f}  {total.right} of {total.true} neighbours, {total.found} found")


if __name__ == "__main__":
    main()
