"""A picture of a page to its parts: tables of cells and lines between them, as the PDF reader has them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extract.pdf.frame import Box
from extract.pdf.gaps import Shares, Told
from extract.pdf.grid import Grid, Slots, grids_of, slots_of
from extract.pdf.pages import CellPart, LinePart, PageParts, Part, Sight, TablePart
from extract.pdf.rules import Rules
from extract.scan.alone import in_company, stands_alone
from extract.scan.blanks import grids_by_texts
from extract.scan.claims import whole_lines
from extract.scan.engine import Picture
from extract.scan.reading import NOTHING, Reading, joined, read_line
from extract.scan.rules import Lines, lines_of
from extract.scan.sheet import straightened
from extract.scan.strips import Area, Ground, Line, lines_in, text_ink

_EMPTY = PageParts(parts=[], chars=0, unknown=0.0, hidden=0, picture=0.0, inferred=False)
_NONE = Rules(*[np.zeros(0)] * 3)
_UNSURE = 0.12  # share of steps of rules from which a grid is told by inference
_FEW_CELLS = 12  # elementary cells: fewer are no form
_FRINGE = 100  # of 255: beside a rule what is lighter belongs to it, what is darker to a text that touches it
_NARROW = 1.6  # ems: a line that is narrower, in a cell of several, is a character of a word written downwards
_APART = 2.5  # ems of white between two texts on a line
_DASH = (0.2, 0.75)  # ems: a bar that is lower and no wider is a dash if it stands alone; 一 is wider


def read_picture(picture: Picture, points: float, known: Sequence[Shares] = ()) -> PageParts:
    """The parts of an upright page (height x width x 3, RGB); a pixel is so many points wide.

    `known` are the columns of tables on the pages before, for a page whose rules do not tell its own.
    """
    cv2.setNumThreads(1)
    sheet = straightened(picture)
    if sheet is None:
        return _EMPTY
    rules = lines_of(sheet)
    wide = cv2.dilate(rules.ink, np.ones((3, 3), np.uint8))
    fringe = wide & (sheet.grey > _FRINGE).astype(np.uint8)
    ink, dust = text_ink(sheet, wide)
    covered = rules.ink | fringe | cv2.dilate(dust, np.ones((3, 3), np.uint8))
    ground = Ground(sheet, ink, covered, points, {})
    told, inferred = _grids(rules, ground, known)
    if not _upright(
        [each.grid for each in told], rules
    ):  # then white space tells the cells, not steps between crossings
        rules = rules._replace(level_doubts=_NONE)
    tables = [_table(each, ground, rules) for each in told]
    parts: list[Part] = [*filter(None, tables), *_lines(ground, [each.grid for each in told])]
    parts.sort(key=lambda part: (round(part.box[1]), part.box[0]))
    chars = sum(_count(part) for part in parts)
    return _EMPTY._replace(parts=parts, chars=chars, inferred=inferred)


def _grids(rules: Lines, ground: Ground, known: Sequence[Shares]) -> tuple[list[Told], bool]:
    """The grids of a page, and whether white space or votes had to tell them."""
    em = ground.sheet.em
    found = [grid for grid in grids_of(rules.rows, rules.columns, em) if len(grid.xs) > 2 or len(grid.ys) > 2]
    cells = sum(grid.level.shape[1] * grid.upright.shape[0] for grid in found)
    if cells < _FEW_CELLS or not _upright(found, rules):
        by_gaps = grids_by_texts(rules.level, ground, known)
        if by_gaps:
            return by_gaps, True
    return [Told(grid, sure=True) for grid in found], rules.unsure > _UNSURE


def _upright(grids: list[Grid], rules: Lines) -> bool:
    """Whether upright rules are drawn for grids: the strokes of a letter or two above each other are no rule."""
    drawn = float((rules.columns.high - rules.columns.low).sum())
    return drawn >= sum(float(grid.ys[-1] - grid.ys[0]) for grid in grids)


def _count(part: Part) -> int:
    return sum(len(cell.text) for cell in part.cells) if isinstance(part, TablePart) else len(part.text)


def _table(told: Told, ground: Ground, rules: Lines) -> TablePart | None:
    """The table of a grid; in doubt are cells beside rules in doubt, unsteady ones, or all that no header bears out."""
    cells, grid = [], told.grid
    slots, unsure = slots_of(grid), {tuple(round(side) for side in sides) for sides in told.unsure}
    lines = _lines_of_cells(grid, slots, ground)
    for number, found in lines.items():
        reading = _with_neighbours(_read(found, ground), number, slots, lines)
        if reading.text or reading.doubtful:  # ink of which nothing was read is no blank
            row, col, row_span, col_span = (side[number] for side in slots[:4])
            box = _box([line.area for line in found], ground)
            edges = (grid.xs[col], grid.ys[row], grid.xs[col + col_span], grid.ys[row + row_span])
            open_cell = (
                not told.sure
                or tuple(round(side) for side in edges) in unsure
                or is_beside_doubts(rules, edges, ground.sheet.em)
            )
            sight = _sight(reading._replace(doubtful=True) if open_cell else reading)
            cells.append(CellPart(row, col, row_span, col_span, reading.text, box, sight))
    if not cells:
        return None
    xs = (grid.xs * ground.points * ground.sheet.fine / ground.sheet.em).tolist()
    x0, top, x1, bottom = (int(edge) for edge in grid.box)
    return TablePart(xs, len(grid.ys) - 1, cells, _box([(x0, top, x1, bottom)], ground))


def _lines_of_cells(grid: Grid, slots: Slots, ground: Ground) -> dict[int, list[Line]]:
    """The lines of the cells that have any, by the cell's number."""
    whole = whole_lines(grid, slots, ground) if ground.known else None
    found = {}
    for number, (row, col, row_span, col_span) in enumerate(zip(*slots[:4], strict=True)):
        inside = _inside((grid.xs[col], grid.ys[row], grid.xs[col + col_span], grid.ys[row + row_span]))
        lines = whole(number, inside) if whole else lines_in(inside, ground)
        if lines:
            found[number] = lines
    return found


def _with_neighbours(reading: Reading, number: int, slots: Slots, lines: dict[int, list[Line]]) -> Reading:
    """The reading of a cell; of one that holds a sign alone, with what the cells at its sides tell."""
    if len(lines[number]) > 1 or not stands_alone(lines[number][0], reading):
        return reading
    owners, col = slots.owner[slots.row[number]], slots.col[number]
    end = col + slots.col_span[number]
    left = lines.get(int(owners[col - 1])) if col else None
    right = lines.get(int(owners[end])) if end < len(owners) else None
    return in_company(lines[number][0], reading, left[-1] if left else None, right[0] if right else None)


def is_beside_doubts(rules: Lines, edges: tuple[float, float, float, float], em: float) -> bool:
    """Whether it is not certain where a cell (left, top, right, bottom) ends at its sides, or whether it is two."""
    x0, top, x1, bottom = edges
    return _are_beside(rules.doubts, (x0, x1), (top, bottom), em) or _are_beside(
        rules.level_doubts, (top, bottom), (x0, x1), em
    )


def _are_beside(doubts: Rules, across: tuple[float, float], along: tuple[float, float], em: float) -> bool:
    within = (doubts.at > across[0] - em / 4) & (doubts.at < across[1] + em / 4)
    return bool((within & (doubts.low < along[1] - em / 4) & (doubts.high > along[0] + em / 4)).any())


def _inside(edges: tuple[float, float, float, float]) -> Area:
    x0, top, x1, bottom = edges
    return round(x0) + 1, round(top) + 1, round(x1), round(bottom)


def _read(lines: list[Line], ground: Ground) -> Reading:
    """The lines of a cell as one text; characters one below the other as one line."""
    if len(lines) > 1 and all(line.area[2] - line.area[0] <= _NARROW * ground.sheet.em for line in lines):
        return read_line(_in_a_row(lines))
    readings = [reading for line in lines if (reading := _known(line, ground)).text or reading.doubtful]
    return joined(readings) if readings else NOTHING


def _known(line: Line, ground: Ground) -> Reading:
    if _is_dash(line.area, ground):
        return Reading("-", 1.0, (), doubtful=False)
    if line.area not in ground.known:
        ground.known[line.area] = read_line(line)
    found: Reading = ground.known[line.area]
    return found


def _is_dash(area: Area, ground: Ground) -> bool:
    """Whether a line is a short level bar alone, of which the recogniser makes any letter; = are two."""
    left, top, right, bottom = area
    width, height, em = right - left, bottom - top, ground.sheet.em
    if not (height < _DASH[0] * em and 1.6 * height < width < _DASH[1] * em):
        return False
    inked = ground.ink[top:bottom, left:right].mean(axis=1) > _HALF
    return int(inked[0]) + int((inked[1:] & ~inked[:-1]).sum()) <= 1


_HALF = 0.5  # share of a row of pixels that a bar takes


def _in_a_row(lines: list[Line]) -> Line:
    """Characters that stand one below the other, side by side."""
    height = max(line.strip.shape[0] for line in lines)
    strips = [
        cv2.copyMakeBorder(line.strip, 0, height - line.strip.shape[0], 0, 0, cv2.BORDER_REPLICATE) for line in lines
    ]
    return Line(lines[0].area, np.hstack(strips), [(0.0, 1.0)])


def _sight(reading: Reading) -> Sight:
    return Sight(round(reading.sure, 2), reading.others if reading.doubtful else (), reading.doubtful)


def _box(areas: list[Area], ground: Ground) -> Box:
    """The box around areas, in points of the page as it was given."""
    low = [min(area[side] for area in areas) for side in (0, 1)]
    high = [max(area[side] for area in areas) for side in (2, 3)]
    x0, top, x1, bottom = (round(side * ground.points, 2) for side in ground.sheet.back((*low, *high)))
    return x0, top, x1, bottom


def _lines(ground: Ground, grids: list[Grid]) -> list[LinePart]:
    """The lines of text outside all tables."""
    ink = ground.ink.copy()
    ground = ground._replace(ink=ink)
    for grid in grids:
        x0, top, x1, bottom = (round(edge) for edge in grid.box)
        ink[max(0, top - 2) : bottom + 3, max(0, x0 - 2) : x1 + 3] = 0
    em = ground.sheet.em
    wide = cv2.dilate(ink, np.ones((1, max(3, round(_APART * em))), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    found = []
    half = round(_APART * em / 2)
    for x0, top, width, height, _ in stats[1:count].tolist():
        area = max(0, x0 + half - 2), top, x0 + width - half + 2, top + height
        if height < 0.5 * em or width - 2 * half < 0.5 * em:
            continue
        for line in lines_in(area, ground):
            reading = _known(line, ground)
            if reading.text and reading.sure > 0.3:
                found.append(LinePart(reading.text, _box([line.area], ground), _sight(reading)))
    return found
