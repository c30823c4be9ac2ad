"""Text that stands in annotations: filled fields and typed-in remarks are printed like the rest of the page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from extract.pdf import pdfium
from extract.pdf.pdfium import Handle

_FREE_TEXT, _WIDGET = 3, 20
_HIDDEN = 1 << 1 | 1 << 5  # flags: hidden, not to be viewed
_DICTIONARY = 6  # the value of a signed field, whose picture is a seal
_EMPTY = 2  # bytes of an empty UTF-16 string with its end
_LONGEST = 10_000


@contextmanager
def printed_page(document: Handle, index: int, unpainted: list[str] | None = None) -> Iterator[Handle | None]:
    """A page with the text of its fields and remarks made part of it; None where PDFium cannot load it.

    Texts that have no appearance, so that a viewer would have to paint them, are appended to `unpainted`.
    """
    with pdfium.page_of(document, index) as page:
        if not page or not pdfium.count_annotations(page) or not _flattened(page, unpainted):
            yield page
            return
    with pdfium.page_of(document, index) as page:  # PDFium shows what it merged only when it loads the page again
        yield page


def _flattened(page: Handle, unpainted: list[str] | None) -> bool:
    """Whether a field or remark was merged into the page; stamps, seals, links and marks are not."""
    found = False
    for number in reversed(range(pdfium.count_annotations(page))):
        with _annotation(page, number) as annotation:
            if kept := _is_text(annotation) and pdfium.annotation_look(annotation, 0, None, 0) > _EMPTY:
                found = True
            elif _is_text(annotation) and unpainted is not None and (text := _value(annotation)):
                unpainted.insert(0, text)
        if not kept:
            pdfium.remove_annotation(page, number)
    return found and bool(pdfium.flatten(page, 0))


@contextmanager
def _annotation(page: Handle, number: int) -> Iterator[Handle]:
    annotation = pdfium.annotation_of(page, number)
    try:
        yield annotation
    finally:
        if annotation:
            pdfium.close_annotation(annotation)


def _is_text(annotation: Handle) -> bool:
    """Whether it is a field that is filled with text, or a remark typed onto the page, and can be seen."""
    if not annotation or pdfium.annotation_flags(annotation) & _HIDDEN:
        return False
    kind = pdfium.annotation_kind(annotation)
    signed = kind == _WIDGET and pdfium.annotation_value_type(annotation, b"V") == _DICTIONARY
    return kind in {_FREE_TEXT, _WIDGET} and not signed


def _value(annotation: Handle) -> str:
    """What a field holds, or a remark says."""
    buffer = ctypes.create_string_buffer(_LONGEST)
    key = b"V" if pdfium.annotation_kind(annotation) == _WIDGET else b"Contents"
    size = pdfium.annotation_string(annotation, key, ctypes.addressof(buffer), _LONGEST)
    return buffer.raw[: min(size, _LONGEST)].decode("utf-16-le", "replace").rstrip("\0").strip()
