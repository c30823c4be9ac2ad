"""Expected files: compared by the tests, rewritten only by `make goldens`."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWITCH = "JIXIAO_REWRITE_GOLDENS"


def rewriting() -> bool:
    """Whether the expected files are being rewritten rather than compared."""
    return bool(os.environ.get(SWITCH))


def check_golden(path: Path, data: bytes) -> None:
    """Compare bytes with an expected file, or rewrite it where the switch is on."""
    if rewriting():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing; read what `make goldens` writes before you commit it"
    assert path.read_bytes() == data, f"{path.relative_to(ROOT)} differs; `make goldens` rewrites it"


def check_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Compare a folder of expected files, or rewrite it: no file more, none less."""
    if rewriting() and folder.is_dir():
        for stale in {each.name for each in folder.iterdir()} - set(files):
            (folder / stale).unlink()
    for name, data in files.items():
        check_golden(folder / name, data)
    assert {each.name for each in folder.iterdir()} == set(files)
