"""PDFium's own functions, bound so that whole arrays are filled by `map` without a Python object for each call.

Pointers are plain integers here. The functions keep Python's lock while they run, which makes a call cheaper and
keeps threads out of PDFium, which is not safe for them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

import pypdfium2.raw as pdfium

from extract.errors import ReadError, shown

LOCK = RLock()
"""PDFium reads one document at a time."""

_PTR, _INT = ctypes.c_void_p, ctypes.c_int

Handle = int


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(pdfium, name), _PTR)
    function = ctypes.PYFUNCTYPE(result, *arguments)(address.value or 0)
    vars(function)["address"] = address
    return function


def address_of(function: Callable[..., Any]) -> ctypes.c_void_p:
    """Where a function of this module is, for compiled loops over its calls."""
    address: ctypes.c_void_p = vars(function)["address"]
    return address


load_document = _bind("FPDF_LoadMemDocument64", _PTR, _PTR, ctypes.c_size_t, _PTR)
close_document = _bind("FPDF_CloseDocument", None, _PTR)
last_error = _bind("FPDF_GetLastError", ctypes.c_ulong)
page_count = _bind("FPDF_GetPageCount", _INT, _PTR)
load_page = _bind("FPDF_LoadPage", _PTR, _PTR, _INT)
close_page = _bind("FPDF_ClosePage", None, _PTR)
page_box = _bind("FPDF_GetPageBoundingBox", _INT, _PTR, _PTR)
page_rotation = _bind("FPDFPage_GetRotation", _INT, _PTR)
rotate_page = _bind("FPDFPage_SetRotation", None, _PTR, _INT)

load_text = _bind("FPDFText_LoadPage", _PTR, _PTR)
close_text = _bind("FPDFText_ClosePage", None, _PTR)
count_chars = _bind("FPDFText_CountChars", _INT, _PTR)
text_of = _bind("FPDFText_GetText", _INT, _PTR, _INT, _INT, _PTR)
unicode_of = _bind("FPDFText_GetUnicode", ctypes.c_uint, _PTR, _INT)
is_hyphen = _bind("FPDFText_IsHyphen", _INT, _PTR, _INT)
font_info = _bind("FPDFText_GetFontInfo", ctypes.c_ulong, _PTR, _INT, _PTR, ctypes.c_ulong, _PTR)
text_object = _bind("FPDFText_GetTextObject", ctypes.c_size_t, _PTR, _INT)
text_matrix = _bind("FPDFText_GetMatrix", _INT, _PTR, _INT, _PTR)
font_size = _bind("FPDFText_GetFontSize", ctypes.c_double, _PTR, _INT)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, _PTR, _INT, _PTR, _PTR)
loose_box = _bind("FPDFText_GetLooseCharBox", _INT, _PTR, _INT, _PTR)
render_mode = _bind("FPDFTextObj_GetTextRenderMode", _INT, _PTR)
clip_of = _bind("FPDFPageObj_GetClipPath", ctypes.c_size_t, _PTR)
count_clips = _bind("FPDFClipPath_CountPaths", _INT, _PTR)
count_clip_segments = _bind("FPDFClipPath_CountPathSegments", _INT, _PTR, _INT)
clip_segment = _bind("FPDFClipPath_GetPathSegment", _PTR, _PTR, _INT, _INT)

count_objects = _bind("FPDFPage_CountObjects", _INT, _PTR)
get_object = _bind("FPDFPage_GetObject", ctypes.c_size_t, _PTR, _INT)
count_in_form = _bind("FPDFFormObj_CountObjects", _INT, _PTR)
get_in_form = _bind("FPDFFormObj_GetObject", ctypes.c_size_t, _PTR, ctypes.c_ulong)
type_of = _bind("FPDFPageObj_GetType", _INT, _PTR)
bounds_of = _bind("FPDFPageObj_GetBounds", _INT, _PTR, _PTR, _PTR, _PTR, _PTR)
matrix_of = _bind("FPDFPageObj_GetMatrix", _INT, _PTR, _PTR)
fill_color = _bind("FPDFPageObj_GetFillColor", _INT, _PTR, _PTR, _PTR, _PTR, _PTR)
draw_mode = _bind("FPDFPath_GetDrawMode", _INT, _PTR, _PTR, _PTR)
count_segments = _bind("FPDFPath_CountSegments", _INT, _PTR)
get_segment = _bind("FPDFPath_GetPathSegment", ctypes.c_size_t, _PTR, _INT)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _PTR)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _PTR, _PTR, _PTR)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _PTR)

count_annotations = _bind("FPDFPage_GetAnnotCount", _INT, _PTR)
annotation_of = _bind("FPDFPage_GetAnnot", _PTR, _PTR, _INT)
close_annotation = _bind("FPDFPage_CloseAnnot", None, _PTR)
remove_annotation = _bind("FPDFPage_RemoveAnnot", _INT, _PTR, _INT)
annotation_kind = _bind("FPDFAnnot_GetSubtype", _INT, _PTR)
annotation_flags = _bind("FPDFAnnot_GetFlags", _INT, _PTR)
annotation_look = _bind("FPDFAnnot_GetAP", ctypes.c_ulong, _PTR, _INT, _PTR, ctypes.c_ulong)
annotation_string = _bind("FPDFAnnot_GetStringValue", ctypes.c_ulong, _PTR, ctypes.c_char_p, _PTR, ctypes.c_ulong)
annotation_value_type = _bind("FPDFAnnot_GetValueType", _INT, _PTR, ctypes.c_char_p)
flatten = _bind("FPDFPage_Flatten", _INT, _PTR, _INT)

PATH, IMAGE, SHADING, FORM = 2, 3, 4, 5
"""Types of page objects that can be a rule, or hold some."""

_PASSWORD, _SECURITY = 4, 5


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Handle]:
    """The document in `data`, closed again whatever happens; raises ReadError `encrypted` or `damaged`."""
    with LOCK:
        document = load_document(data, len(data), None)
        if not document:
            raise _refusal(last_error(), name)
        try:
            yield document
        finally:
            close_document(document)


@contextmanager
def page_of(document: Handle, index: int) -> Iterator[Handle | None]:
    """A page, closed again; None where PDFium cannot load it."""
    page = load_page(document, index)
    try:
        yield page
    finally:
        if page:
            close_page(page)


@contextmanager
def text_page(page: Handle) -> Iterator[Handle | None]:
    """The text of a page, closed again; None where PDFium cannot load it."""
    text = load_text(page)
    try:
        yield text
    finally:
        if text:
            close_text(text)


@contextmanager
def rotated(page: Handle, quarters: int) -> Iterator[None]:
    """The page shown so many quarters further with the clock; afterwards as it was."""
    before = page_rotation(page)
    rotate_page(page, (before + quarters) % 4)
    try:
        yield
    finally:
        rotate_page(page, before)


def _refusal(code: int, name: str) -> ReadError:
    if code in (_PASSWORD, _SECURITY):
        return ReadError("encrypted", f"{shown(name)} is a PDF that needs a password")
    return ReadError("damaged", f"{shown(name)} begins like a PDF but cannot be opened: it is cut off or broken")
