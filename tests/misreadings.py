"""Forms as a recogniser gives them: sure cells, but for those that a test puts in doubt."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from extract import read
from normalize import choose, forms_of, repair, type_form
from normalize.project import Typed
from schemas.table import Cell, Document
from schemas.text import ScanPlace, Text
from tests.test_samples import source_of

Misread = Mapping[str, tuple[str, tuple[str, ...]]]
"""What a cell truly says -> how it was read, and what else the recogniser offers."""


def typed(slug: str, misread: Misread) -> Typed:
    """The one project of a sample, its texts recognised in a picture with these misreadings."""
    [form] = forms_of(repair(scan(slug, misread))).forms
    return type_form(choose(form))


def scan(slug: str, misread: Misread) -> Document:
    """A sample of pasted text as if it were a picture."""
    source = source_of(slug)
    document = read(source.read_bytes(), source.name)
    pages = [
        replace(page, tables=tuple(
            replace(table, cells=tuple(_recognised(cell, page.number, misread) for cell in table.cells))
            for table in page.tables
        ))
        for page in document.pages
    ]  # fmt: skip
    return replace(document, pages=tuple(pages))


def _recognised(cell: Cell, page: int, misread: Misread) -> Cell:
    text, others = misread.get(cell.text.value, (cell.text.value, ()))
    place = ScanPlace(page, (0, 0, 1, 1), text, 0.6 if others else 1.0, bool(others), others)
    return replace(cell, text=Text(text, (place,)))
