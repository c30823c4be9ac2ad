"""The program in this very process, where a process of its own would only cost time."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from unittest import mock

from jixiao.cli import main
from tests.test_cli import Result


def jixiao(*arguments: object, cwd: Path | None = None, **environment: str) -> Result:
    """Run a command as a user would type it; gives its exit code and what it said."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    clean = {key: value for key, value in os.environ.items() if not key.startswith("JIXIAO_")}
    with (
        mock.patch.dict(os.environ, clean | environment, clear=True),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main([str(each) for each in arguments])
    said, told = (stream.buffer for stream in (out, err))
    assert isinstance(said, io.BytesIO)
    assert isinstance(told, io.BytesIO)
    return Result(code, said.getvalue(), told.getvalue().decode())
