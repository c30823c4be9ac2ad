"""Office Open XML packages (ECMA-376, part 2): which part is which, told by relationships and never by file names."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from extract.archive import Archive
from extract.markup import Element, attribute, children, parse_xml

CONTENT_TYPES = "[Content_Types].xml"


class Relation(NamedTuple):
    """A relationship of a part: the last word of its type, and the part that it leads to ("" outside the package)."""

    kind: str
    target: str


class Package:
    """A package: its parts as XML, and where their relationships lead."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive = archive
        self.name = name

    def xml(self, part: str) -> Element:
        """The root element of a part."""
        return parse_xml(self.archive.read(part), self.name, part)

    def relations(self, part: str = "") -> dict[str, Relation]:
        """The relationships of a part, or of the package, by their ids; none where they are missing."""
        folder, _, file = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self.archive:
            return {}
        found = {}
        for each in children(self.xml(rels), "Relationship"):
            outside = attribute(each, "TargetMode").lower() == "external"
            target = "" if outside else _resolved(folder, attribute(each, "Target"))
            found[attribute(each, "Id")] = Relation(attribute(each, "Type").rpartition("/")[2], target)
        return found

    def related(self, part: str, kind: str) -> str | None:
        """The first part of a kind that a part leads to and that is there."""
        targets = (each.target for each in self.relations(part).values() if each.kind == kind)
        return next((target for target in targets if target in self.archive), None)

    def main_part(self) -> str | None:
        """The part that is the document, the workbook or the presentation."""
        return self.related("", "officeDocument")

    def content_type(self, part: str) -> str:
        """The content type of a part."""
        extension, part = part.rpartition(".")[2].lower(), part.lower()
        default = ""
        for each in self.xml(CONTENT_TYPES):
            if attribute(each, "PartName").lstrip("/").lower() == part:
                return attribute(each, "ContentType")
            if attribute(each, "Extension").lower() == extension:
                default = attribute(each, "ContentType")
        return default


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
