"""Compiles the loops of `extract/pdf/` where a C compiler is; without one jixiao runs the same in Python, slower."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("extract/pdf/contents.c", "extract/pdf/loops.c", "extract/pdf/shapes.c")
LIBRARY = "extract/pdf/loops.so"
FLAGS = ("-O2", "-ffp-contract=off", "-shared", "-fPIC")  # no contraction: results are those of Python to the last bit


class Loops(BuildHookInterface[Any]):
    """A shared library beside its source: no header and no library of Python's or PDFium's is needed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, and mark a wheel that holds the result as one for this platform."""
        library = Path(self.root, LIBRARY)
        library.unlink(missing_ok=True)
        compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
        try:
            sources = [Path(self.root, source) for source in SOURCES]
            subprocess.run([*compiler, *FLAGS, "-o", library, *sources, "-lm"], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{LIBRARY} is not compiled, PDFs are read more slowly: {error}", file=sys.stderr)
            return
        build_data["artifacts"].append(LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
