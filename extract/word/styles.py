"""What the styles of a Word document say about a text: hidden, from a symbol font, or in a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.markup import Element, attribute, child, children, switched_on

_DEEPEST = 20  # styles based on one another


@dataclass(frozen=True, slots=True)
class Style:
    """One style: what it is based on, whether its text is hidden, its font, and its list with the level in it."""

    base: str = ""
    hidden: bool | None = None
    font: str = ""
    list_id: str = ""
    depth: str = ""


@dataclass(slots=True)
class Styles:
    """The styles of a document by their ids."""

    by_id: dict[str, Style] = field(default_factory=dict)

    def chain(self, name: str) -> list[Style]:
        """A style and those that it is based on."""
        found: list[Style] = []
        while name in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[name])
            name = found[-1].base
        return found

    def hidden(self, name: str) -> bool:
        """Whether text of this style is hidden."""
        return next((style.hidden for style in self.chain(name) if style.hidden is not None), False)

    def font(self, name: str) -> str:
        """The font of this style."""
        return next((style.font for style in self.chain(name) if style.font), "")

    def list_of(self, name: str) -> tuple[str, str]:
        """The list of paragraphs of this style, and their level in it."""
        chain = self.chain(name)
        return (
            next((style.list_id for style in chain if style.list_id), ""),
            next((style.depth for style in chain if style.depth), "0"),
        )


def read_styles(root: Element | None) -> Styles:
    """The styles that a styles part defines."""
    found = Styles()
    for each in children(root, "style") if root is not None else ():
        base = child(each, "basedOn")
        properties = child(each, "rPr")
        list_id, depth = list_of(child(each, "pPr"))
        found.by_id[attribute(each, "styleId")] = Style(
            attribute(base, "val") if base is not None else "",
            toggled(properties, "vanish"),
            font_of(properties),
            list_id,
            depth,
        )
    return found


def toggled(properties: Element | None, name: str) -> bool | None:
    """Whether a property is switched on or off; None where it is not there."""
    found = child(properties, name) if properties is not None else None
    return None if found is None else switched_on(attribute(found, "val", "1"))


def font_of(properties: Element | None) -> str:
    """The font that a run names."""
    fonts = child(properties, "rFonts") if properties is not None else None
    return attribute(fonts, "ascii") or attribute(fonts, "hAnsi") if fonts is not None else ""


def list_of(properties: Element | None) -> tuple[str, str]:
    """The list of a paragraph and its level, as its own properties name them."""
    numbered = child(properties, "numPr") if properties is not None else None
    if numbered is None:
        return "", ""
    values = {name: child(numbered, name) for name in ("numId", "ilvl")}
    found = {name: attribute(each, "val") if each is not None else "" for name, each in values.items()}
    return found["numId"], found["ilvl"]
