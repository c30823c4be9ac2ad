"""What a document prints that came nowhere: into no value, no label, no finding. Told, whatever step lost it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from normalize import lexicon
from normalize.flow import unplaced
from normalize.forms import Forms
from normalize.headers import column, funding_column, is_task_column, list_column, scope_of
from normalize.layouts.content import is_dots, is_quality, says_nothing
from normalize.layouts.headers import numbers_columns
from normalize.project import Typed
from normalize.words import key
from schemas.audit import Finding
from schemas.form import Form
from schemas.table import Cell, Document, Table
from schemas.text import Place, Text


def tell_losses(document: Document, forms: Forms, typed: Sequence[Typed]) -> list[Finding]:
    """A finding for each cell of the document that is neither read, nor a label, nor told by another finding."""
    known = _places(document, forms, typed)
    tables = [table for page in document.pages for table in page.tables]
    serials: AbstractSet[int] = frozenset()
    lost: list[Finding] = []
    for table in tables:
        unread = [cell for cell in table.cells if known.isdisjoint(cell.text.places) and cell.text]
        if unread and not serials:
            serials = {_number(cell.text) for each in tables for cell in each.cells if cell.col == 0}
        lost += [
            unplaced(cell.text) for cell in unread if not _numbers(cell, table, serials) and not _is_nothing(cell.text)
        ]
    return lost


def _numbers(cell: Cell, table: Table, serials: AbstractSet[int]) -> bool:
    """Whether a cell numbers its row or its column."""
    if not _number(cell.text):
        return False
    row = [other.text for other in table.cells if other.row == cell.row and other.text]
    return (cell.col == 0 and _counts_on(cell.text, serials)) or numbers_columns(row)


def _number(text: Text) -> int:
    found = re.fullmatch(r"\s*[(（]?(\d{1,3})[)）、.．]?\s*", text.value)
    return int(found[1]) if found else 0


def _counts_on(text: Text, serials: AbstractSet[int]) -> bool:
    """Whether a text of the first column is the next of its numbers."""
    number = _number(text)
    return number == 1 or (number > 1 and number - 1 in serials)


def _places(document: Document, forms: Forms, typed: Sequence[Typed]) -> set[Place]:
    audits = [each.audit for each in typed]
    known: set[Place] = set()
    lists = (document.findings, forms.refused, forms.findings, *(audit.findings for audit in audits))
    for told in chain.from_iterable(lists):
        known.update(told.places)
    for audit in audits:
        known.update(*audit.provenance.values())
    for text in chain(chain.from_iterable(map(_labels, forms.forms)), _beside(forms)):
        known.update(text.places)
    return known


def _beside(forms: Forms) -> Iterator[Text]:
    """The headers of grids, and all that stands in tables beside the forms."""
    for row in chain(*forms.bodies, forms.skipped):
        if row.zone == "header" and row.header:
            yield from (*row.header.cells, *row.cells, *row.upper)
        if row.zone == "grid" and row.header:
            yield from (text for (col, role) in row.header.roles if role == "serial" and (text := row.at(col)))
    for row in forms.skipped:
        yield from row.cells


def _labels(form: Form) -> Iterable[Text]:
    yield from (form.title, form.year)
    yield from (each.label for each in form.fields)
    yield from (text for row in form.funding for text in (row.label, row.unit))
    yield from (goal.label for goal in form.goals)
    yield from (text for row in form.indicators for text in (row.level1, row.level2))


def _is_nothing(text: Text) -> bool:
    """Whether a text is a label, or says nothing: its loss is none."""
    unfilled = lexicon.is_unfilled(text.value) or lexicon.is_template(text.value)
    empty = says_nothing(text.value) or is_dots(text.value) or is_quality(text.value)
    return unfilled or empty or _is_label(text.value)


def _is_label(text: str) -> bool:
    kinds = (lexicon.is_section, lexicon.label_kinds, lexicon.is_block, lexicon.is_sum, lexicon.is_title)
    heads = (lexicon.is_caption, column, funding_column, list_column, scope_of, is_task_column)
    if any(kind(text) for kind in (*kinds, *heads)):
        return True
    classes = (lexicon.class_label(text, level, strict=False) for level in (1, 2))
    return any(classes) or key(text) in ("其中", "指标")
