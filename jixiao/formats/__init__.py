"""Findings and differences in the formats that CI systems read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao.formats.github import github
from jixiao.formats.gitlab import gitlab
from jixiao.formats.items import Item
from jixiao.formats.junit import junit
from jixiao.formats.sarif import sarif

__all__ = ["CI", "Item"]

CI: dict[str, Callable[[Sequence[Item], Sequence[str]], str]] = {
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "sarif": sarif,
}
"""Each format: the items, and the files that were looked at, to the whole text."""
