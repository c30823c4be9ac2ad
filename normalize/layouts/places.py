"""Transfer payments with a column of values for each place: one form for each place."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from normalize.block import is_own_label
from normalize.flow import Flow, Row
from normalize.grids import HeaderCell, header_cells, header_of, upper_at
from normalize.headers import is_sum_of_places
from normalize.repairs.headings import is_name_row, is_title_row, is_year_row
from schemas.text import BLANK


def split_places(flow: Flow) -> Flow:
    """Repeat a form for each place that heads a column of values, with that place's column alone.

    A column for all places together (合计) is no place and stays beside each of them as a remark.
    """
    rows = list(flow.rows)
    index = 0
    while index < len(rows):
        places = _places(rows[index])
        if len(places) < 2:
            index += 1
            continue
        top, start, end = _top(rows, index), _start(rows, index), _end(rows, index)
        if start is None:
            index += 1
            continue
        forms = [row for place in places for row in _form(rows, (top, start, index, end), place, places)]
        rows[top:end] = forms
        index = top + len(forms)
    return replace(flow, rows=tuple(rows))


def _places(row: Row) -> list[HeaderCell]:
    if not row.aligned or header_of(row) is None:
        return []
    return [cell for cell in header_cells(row) if cell.place and not is_sum_of_places(cell.place.value)]


def _start(rows: Sequence[Row], header: int) -> int | None:
    return next((at for at in range(header, -1, -1) if is_name_row(rows[at])), None)


def _top(rows: Sequence[Row], header: int) -> int:
    """The first row of the form: its title where it has one above its name."""
    top = _start(rows, header) or 0
    while top and (is_title_row(rows[top - 1]) or len(rows[top - 1].filled) == 1):
        top -= 1
        if is_title_row(rows[top]):
            break
    return top


def _end(rows: Sequence[Row], header: int) -> int:
    for at in range(header + 1, len(rows)):
        if is_title_row(rows[at]) or is_year_row(rows[at]) or is_name_row(rows[at]):
            return at
    return len(rows)


def _form(
    rows: Sequence[Row], bounds: tuple[int, int, int, int], place: HeaderCell, places: Sequence[HeaderCell]
) -> list[Row]:
    top, start, header, end = bounds
    others = {cell.col for cell in places if cell.col != place.col}
    unit = Row((place.place, place.place), rows[header].page, field="place")
    head = [_without(row, others) if _by_place(row, places) else row for row in rows[top:header]]
    at = start - top + 1
    body = []
    foreign: set[int] = set()
    for row in rows[header + 1 : end]:
        foreign = foreign if _goes_on(row, foreign) else _foreign(row, rows[header], place, places)
        body.append(_without(row, others | foreign))
    heading = replace(_without(_headed(rows[header], place), others), upper=())
    return [*head[:at], unit, *head[at:], heading, *(row for row in body if row.filled)]


def _headed(header: Row, place: HeaderCell) -> Row:
    """The header with what stands above a place (指标值) as its column's header, which then need not be inferred."""
    above = upper_at(header, place.col)
    return header.put(place.col, above) if above and place.text is place.place else header


def _by_place(row: Row, places: Sequence[HeaderCell]) -> bool:
    """Whether a field has a value of its own for each place; a row with a label among them has several fields."""
    texts = [text for cell in places if (text := row.at(cell.col))]
    return len(texts) > 1 and not any(is_own_label(text) for text in texts)


def _foreign(row: Row, header: Row, place: HeaderCell, places: Sequence[HeaderCell]) -> set[int]:
    """The columns of a name that has values for other places alone."""
    if row.at(place.col) or not any(row.at(cell.col) for cell in places):
        return set()
    return {cell.col for cell in header_cells(header) if cell.role == "name"}


def _goes_on(row: Row, foreign: set[int]) -> bool:
    """Whether a row at a page cut holds only the rest of a name that is not of this place."""
    return bool(row.cut and foreign) and all(col in foreign for col, _ in row.filled)


def _without(row: Row, columns: set[int]) -> Row:
    return replace(row, cells=tuple(BLANK if col in columns else text for col, text in enumerate(row.cells)))
