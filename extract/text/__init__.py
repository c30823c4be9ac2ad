"""Text to Document: rows, page cuts, delimiters and cells, each cell with the exact place it stood."""

from __future__ import annotations

import hashlib
import re

from extract.decoding import decode
from extract.errors import ReadError, shown
from extract.text.cells import Delimiter
from extract.text.cuts import cut
from extract.text.delimiter import delimiters_of
from extract.text.lines import MAX_LINE, MAX_LINES, lines_of
from extract.text.pages import Block, pages_of, read_blocks
from extract.text.rows import rows_of
from extract.text.stacked import stacked
from schemas.audit import Source
from schemas.table import Document

__all__ = ["MAX_BYTES", "MAX_LINE", "MAX_LINES", "read_text"]

MAX_BYTES = 32 * 2**20

_MEDIA_TYPES: dict[Delimiter, str] = {"|": "text/markdown", ",": "text/csv", ";": "text/csv"}


def read_text(data: bytes, name: str) -> Document:
    """The pages of a plain text, a CSV file or a Markdown text, a table for each block between blank lines.

    Raises ReadError: `too-large` beyond MAX_BYTES, MAX_LINES or a line beyond MAX_LINE characters, `not-a-table` where
    nothing is in it, and what decoding refuses.
    """
    if len(data) > MAX_BYTES:
        raise ReadError("too-large", f"{shown(name)} holds {len(data)} bytes of text; the limit is {MAX_BYTES}")
    decoded = decode(data, name)
    rows = rows_of(lines_of(decoded.text, name))
    cells = stacked(rows)
    marked = False
    main: Delimiter = "|"
    if cells:
        pages = pages_of([Block(cells, has_table=True, aligned=True, behind_mark=False)], marked=False)
    else:
        blocks, marked = cut(rows)
        delimiters, main = delimiters_of([block.rows for block in blocks])
        pages = pages_of(read_blocks(blocks, delimiters), marked=marked)
    if not pages:
        raise ReadError("not-a-table", f"{shown(name)} is empty")
    digest = hashlib.sha256(data).hexdigest()
    source = Source(re.split(r"[/\\]", name)[-1], digest, _MEDIA_TYPES.get(main, "text/plain"), len(pages))
    return Document(source, "text", pages, marked or len(pages) > 1, decoded.findings)
