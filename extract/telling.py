"""How far the reading of a document is: told by readers that take long, heard by whoever runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Heard = Callable[[int, int], None]
"""Is told how many pages are done, and of how many."""

_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


def page_done(number: int, count: int) -> None:
    """So many of the pages that take long are read."""
    if heard := _heard.get():
        heard(number, count)


@contextmanager
def hearing(heard: Heard) -> Iterator[None]:
    """Hear of pages in this thread as long as this is open."""
    before = _heard.set(heard)
    try:
        yield
    finally:
        _heard.reset(before)
