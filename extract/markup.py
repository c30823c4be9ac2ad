"""XML of untrusted origin: no entities, no network, bounded depth."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from extract.errors import ReadError, shown

Element = Any
"""An lxml element; lxml is published without types."""

MAX_TAGS = 4_000_000

_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def parse_xml(data: bytes, name: str, part: str) -> Element:
    """The root element of a part.

    Raises ReadError `damaged` for what is no XML or declares entities, which no office program writes.
    """
    _refuse_many(data, name, part)
    try:
        root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True, **_SAFE))
    except (etree.LxmlError, ValueError) as error:
        raise _broken(name, part, error) from error
    if root is None or root.getroottree().docinfo.doctype:
        raise ReadError("damaged", f"{shown(name)}: its part {shown(part)} declares a document type")
    return root


def iterate_xml(data: bytes, name: str, part: str, *tags: str) -> Iterator[Element]:
    """The elements of these local names (in any namespace) as they end, each emptied once it was looked at.

    Raises ReadError as `parse_xml` does.
    """
    _refuse_many(data, name, part)
    wanted = [f"{{*}}{tag}" for tag in tags]
    try:
        events = etree.iterparse(io.BytesIO(data), events=("end",), tag=wanted, remove_comments=True, **_SAFE)
        for at, (_, element) in enumerate(events):
            if not at and element.getroottree().docinfo.doctype:
                raise ReadError("damaged", f"{shown(name)}: its part {shown(part)} declares a document type")
            yield element
            _forget(element)
    except (etree.LxmlError, ValueError, OSError) as error:
        raise _broken(name, part, error) from error


def _refuse_many(data: bytes, name: str, part: str) -> None:
    """A tree takes a hundred bytes and more for each tag."""
    if data.count(b"<") > MAX_TAGS:
        raise ReadError("too-large", f"{shown(name)}: its part {shown(part)} holds more than {MAX_TAGS} tags")


def _forget(element: Element) -> None:
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _broken(name: str, part: str, error: Exception) -> ReadError:
    return ReadError("damaged", f"{shown(name)}: its part {shown(part)} is no whole XML ({shown(str(error), 60)})")


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _anywhere(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{*}}{name}" for name in names)


def attribute(element: Element, name: str, default: str = "") -> str:
    """The value of an attribute of this local name, in a namespace or in none."""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default)
    return str(found)


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these local names."""
    found: Iterator[Element] = element.iterchildren(*_anywhere(names))
    return found


def child(element: Element, *path: str) -> Element | None:
    """The first descendant at a path of local names."""
    found = element
    for name in path:
        found = next(found.iterchildren(*_anywhere((name,))), None)
        if found is None:
            return None
    return found


def whole_number(text: str, default: int = 0) -> int:
    """A number of at most nine digits as attributes hold it; the default for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def switched_on(text: str) -> bool:
    """Whether an attribute's value means yes."""
    return text.strip().lower() in ("1", "true", "on", "yes")
