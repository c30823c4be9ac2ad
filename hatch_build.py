"""Compiles what is in C where a C compiler is; without one jixiao runs the same in Python, slower."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARIES = {
    "extract/pdf/loops.so": ("extract/pdf/contents.c", "extract/pdf/loops.c", "extract/pdf/shapes.c"),
    "jixiao/load/minify.so": ("jixiao/load/minify.c",),
}
FLAGS = ("-O2", "-ffp-contract=off", "-shared", "-fPIC")  # no contraction: results are those of Python to the last bit


class Loops(BuildHookInterface[Any]):
    """Shared libraries beside their sources: no header and no library of Python's or PDFium's is needed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, and mark a wheel that holds the results as one for this platform."""
        made = [library for library, sources in LIBRARIES.items() if self._compiled(library, sources)]
        if made:
            build_data["artifacts"] += made
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    def _compiled(self, library: str, sources: tuple[str, ...]) -> bool:
        target = Path(self.root, library)
        target.unlink(missing_ok=True)
        compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
        try:
            files = [Path(self.root, source) for source in sources]
            subprocess.run([*compiler, *FLAGS, "-o", target, *files, "-lm"], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{library} is not compiled, jixiao is slower: {error}", file=sys.stderr)
            return False
        return True
