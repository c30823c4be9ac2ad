"""Where a report goes."""

from __future__ import annotations

import sys
from pathlib import Path

from jixiao.errors import OutputError
from jixiao.names import text_of
from jixiao.write import replace_file


def write_text(text: str, target: str | None) -> None:
    """To a file, whole or not at all; to standard output without one, or with -."""
    if target in (None, "-"):
        sys.stdout.write(text_of(text))
        return
    try:
        replace_file(Path(str(target)), text_of(text).encode())
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
