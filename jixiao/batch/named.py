"""A function by its name, module:function, as processes tell each other."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def named(name: str) -> Any:
    """The function."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
