"""What floats over the cells of a sheet: pictures, and text boxes with their texts. Neither is read as a value."""

from __future__ import annotations

from extract.markup import Element, local
from extract.package import Package
from extract.sheet.book import Sheet

_MOST = 200  # text boxes of one sheet


def read_drawings(package: Package, part: str, sheet: Sheet) -> None:
    """Count the pictures of a sheet and keep the texts of its boxes, to be told of."""
    for relation in package.relations(part).values():
        if relation.kind == "drawing" and relation.target in package.archive:
            root = package.xml(relation.target)
            sheet.pictures += sum(1 for each in root.iter() if local(each) == "pic")
            texts = (_text(each) for each in root.iter() if local(each) == "txBody")
            sheet.boxes += [text for text in texts if text][:_MOST]


def _text(box: Element) -> str:
    return "".join(each.text or "" for each in box.iter() if local(each) == "t").strip()
