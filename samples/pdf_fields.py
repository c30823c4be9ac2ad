"""Forms whose values stand in fields, as they are after somebody filled them in."""

from __future__ import annotations

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def filled(data: bytes) -> bytes:
    """The file with each form object of its only page made the appearance of a field at the same place."""
    with pikepdf.open(io.BytesIO(data)) as document:
        page = document.pages[0].obj
        fields = [document.make_indirect(_field(name, form)) for name, form in sorted(page.Resources.XObject.items())]
        page.Contents.write(re.sub(rb"/FormXob\.\w+ Do", b"", page.Contents.read_bytes()))
        del page.Resources["/XObject"]
        page.Annots = Array(fields)
        document.Root.AcroForm = Dictionary(Fields=Array(fields))
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def _field(name: str, form: pikepdf.Object) -> Dictionary:
    look = Dictionary(N=form)
    kind = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Tx}
    return Dictionary(**kind, T=String(name[-8:]), V=String("filled"), Rect=form.BBox, F=4, AP=look)
