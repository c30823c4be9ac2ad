"""What a run left behind, and what it is given, for tests of batches."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

from PIL import Image

MEASURED = re.compile(rb',"milliseconds":\d+,"peak_memory":\d+')
"""What the manifest tells that no second run repeats."""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its path; what was measured of each document is left out of the manifest."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if "manifest.jsonl" in files:
        files["manifest.jsonl"] = MEASURED.sub(b"", files["manifest.jsonl"])
    return files


def entries(out: Path) -> list[dict[str, Any]]:
    """The lines of the manifest."""
    return [json.loads(line) for line in (out / "manifest.jsonl").read_bytes().splitlines()]


def blank_scan(pages: int) -> bytes:
    """A TIFF of so many pages on which nothing stands."""
    blank = [Image.new("L", (300, 400), 255) for _ in range(pages)]
    held = io.BytesIO()
    blank[0].save(held, "TIFF", save_all=True, append_images=blank[1:])
    return held.getvalue()
