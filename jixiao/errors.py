"""The errors of jixiao, each with a stable code and the exit code it leads to.

JixiaoError
├── UsageError       2   wrong options or configuration
├── DocumentError    3   one document could not be read; a batch goes on and ends with 4
├── MissingPart      5   an optional part is not installed
└── OutputError      6   the result could not be written
    └── DatabaseError  6   the database refused it
"""

from __future__ import annotations


def reason_of(error: Exception) -> str:
    """What the system says of an error, without its number and the file's name, which the message has already."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class JixiaoError(Exception):
    """Base of all errors: `code` is stable, `message` is one sentence for the user."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code


class UsageError(JixiaoError):
    """Wrong options, or a configuration file that cannot be understood."""

    code = "usage"
    exit_code = 2


class DocumentError(JixiaoError):
    """A document that could not be read; its code says why (`encrypted`, `damaged`, `not-a-table`, `too-large`, …)."""

    code = "damaged"
    exit_code = 3


class MissingPart(JixiaoError):  # noqa: N818 - it names what is missing, as ModuleNotFoundError does
    """An optional part is not installed; the message names the command that installs it."""

    code = "missing-part"
    exit_code = 5


class OutputError(JixiaoError):
    """The result could not be written."""

    code = "output"
    exit_code = 6


class DatabaseError(OutputError):
    """The database could not be opened or refused what was to be stored."""

    code = "database"
