"""Annotations of GitHub Actions: one workflow command a line."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.formats.items import Item

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def github(items: Sequence[Item], _files: Sequence[str]) -> str:
    """`::warning file=…,line=…,title=…::message`, escaped as the runner wants it."""
    return "".join(_command(item) for item in items)


def _command(item: Item) -> str:
    line = f",line={item.line}" if item.line else ""
    title = _property(f"jixiao ({item.rule})")
    return f"::{_LEVELS[item.level]} file={_property(item.file)}{line},title={title}::{_data(item.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
