"""The tables of a page that draws level rules only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.pdf.chars import Chars
from extract.pdf.gaps.bands import LEAST_RULES, Told, are_table, between_rules, some_of
from extract.pdf.gaps.known import Shares, shares_of
from extract.pdf.gaps.pieces import begins_with_field, between_titles, lines_on
from extract.pdf.rules import Rules


def told_between_rules(
    rows: Rules, chars: Chars, em: float, known: Sequence[Shares] = (), columns: Rules | None = None
) -> list[Told]:
    """The grids that level rules and white space tell, with what bears them out.

    `known` are columns of tables on other pages, the likeliest first; `columns` are the upright rules that the page
    draws all the same.
    """
    if len(rows.at) < LEAST_RULES:
        return []
    found = _between_rules(rows, chars, em, known, columns)
    if all(told.sure for told in found):
        return found
    own = [shares_of(told.grid.xs.tolist()) for told in found if told.sure]
    return _between_rules(rows, chars, em, [*known, *own], columns)


def _between_rules(rows: Rules, chars: Chars, em: float, known: Sequence[Shares], columns: Rules | None) -> list[Told]:
    segments = [lines for lines in between_titles(lines_on(chars)) if lines]
    if not segments:
        return []
    tops = [lines[0][0].y - 3 * em for lines in segments]
    found: list[Told] = []
    for lines, top, bottom in zip(segments, [-np.inf, *tops[1:]], [*tops[1:], np.inf], strict=True):
        part = some_of(rows, (rows.at > top) & (rows.at <= bottom))
        cut = top == -np.inf or (bottom == np.inf and begins_with_field(lines))  # it may hold one row of a table
        least = LEAST_RULES - 1 if cut else LEAST_RULES
        if are_table(part, least, em):
            beside = columns.at[(columns.low < part.at.max()) & (columns.high > part.at.min())] if columns else ()
            found += between_rules(part, lines, (least, em), known, beside)
    return found
