"""What qpdf, through pikepdf, knows of a file better than PDFium: how to rebuild it, and the unit of its pages."""

from __future__ import annotations

import io
from typing import Any

from extract.errors import ReadError
from extract.pdf.peers import told_in_codes

ENGINE = "qpdf"


def rebuilt(data: bytes, name: str) -> bytes | None:
    """The file with its table of objects made anew from what of them can be found; None where no page is left."""
    try:
        with told_in_codes(ENGINE, name, "pikepdf"):
            import pikepdf  # noqa: PLC0415 - only broken files pay for it

            with pikepdf.open(io.BytesIO(data)) as document:
                if not len(document.pages):
                    return None
                out = io.BytesIO()
                document.save(out)
                return out.getvalue()
    except ReadError:
        return None


def page_count(data: bytes, name: str) -> int:
    """How many pages qpdf sees; raises ReadError where it cannot read the file."""
    with told_in_codes(ENGINE, name, "pikepdf"):
        import pikepdf  # noqa: PLC0415 - few files are counted so

        with pikepdf.open(io.BytesIO(data)) as document:
            return len(document.pages)


def units(data: bytes, name: str) -> dict[int, float]:
    """The pages (from 0) whose unit is not a point, with the points that it has (UserUnit, PDF 1.6)."""
    if b"/UserUnit" not in data:
        return {}
    try:
        with told_in_codes(ENGINE, name, "pikepdf"):
            import pikepdf  # noqa: PLC0415 - hardly any file has it

            with pikepdf.open(io.BytesIO(data)) as document:
                found = {at: float(page.obj.get("/UserUnit", 1)) for at, page in enumerate(document.pages)}
    except ReadError:
        return {}
    return {at: unit for at, unit in found.items() if 0.001 < unit < 1000 and unit != 1}


def layers_off(data: bytes, name: str) -> list[str]:
    """The names of the layers (optional content) that are switched off when the file is opened."""
    try:
        with told_in_codes(ENGINE, name, "pikepdf"):
            import pikepdf  # noqa: PLC0415 - as above

            with pikepdf.open(io.BytesIO(data)) as document:
                layers: Any = document.Root.get("/OCProperties", {})
                state: Any = layers.get("/D", {})
                off = layers.get("/OCGs", ()) if state.get("/BaseState") == "/OFF" else state.get("/OFF", ())
                on = {each.objgen for each in state.get("/ON", ())}
                return [str(each.get("/Name", "")) for each in off if each.objgen not in on]
    except ReadError:
        return []
