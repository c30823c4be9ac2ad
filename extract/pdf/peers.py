"""What all other libraries share: their errors become codes, their log lines and warnings stay silent."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from extract.errors import ReadError, shown

_LONGEST = 60  # characters of a library's own words


@contextmanager
def told_in_codes(library: str, name: str, *loggers: str) -> Iterator[None]:
    """Run a library: every exception of its own becomes a ReadError, what it logs or warns of is left out.

    What the page lost shows in what is read; the log of a parser helps nobody but its author.
    """
    levels = {each: logging.getLogger(each).level for each in loggers}
    for each in loggers:
        logging.getLogger(each).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("out-of-memory", f"{shown(name)} takes more memory than {library} has") from error
    except Exception as error:  # one type for each parser and each damage; RecursionError is among them
        raise _refusal(error, library, name) from error
    finally:
        for each, level in levels.items():
            logging.getLogger(each).setLevel(level)


def _refusal(error: Exception, library: str, name: str) -> ReadError:
    chain = [error, error.__cause__, error.__context__, *error.args]
    if any("Password" in type(each).__name__ or "decrypted" in str(each) for each in chain):
        return ReadError("encrypted", f"{shown(name)} is a PDF that needs a password")
    words = f"{type(error).__name__} {error}".strip()[:_LONGEST]
    return ReadError("damaged", f"{shown(name)} is a PDF that {library} cannot read ({shown(words)})")
