"""Which code made a result: its version and a fingerprint, so that a changed reader reads again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

from jixiao.version import VERSION

_ROOMS = ("extract", "normalize", "schemas")
_SUFFIXES = (".py", ".toml", ".json")
_LIBRARIES = (
    "camelot-py",
    "lxml",
    "msgspec",
    "numpy",
    "olefile",
    "onnxruntime",
    "opencv-python-headless",
    "pdfminer.six",
    "pdfplumber",
    "pikepdf",
    "pillow",
    "pydantic",
    "pypdfium2",
    "rapidocr",
    "xlrd",
)  # an extra that is installed later makes another result, too
_LENGTH = 12


@cache
def fingerprint() -> str:
    """A hash of all code and data of ours, and of the versions of the libraries that read."""
    total = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent.parent
    ours = [*(root / "jixiao").glob("*.py"), *(path for room in _ROOMS for path in (root / room).rglob("*"))]
    for path in sorted(ours):
        if path.suffix in _SUFFIXES:
            total.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for library in _LIBRARIES:
        try:
            total.update(f"{library} {metadata.version(library)}\0".encode())
        except metadata.PackageNotFoundError:
            continue
    return total.hexdigest()[:_LENGTH]


@cache
def version() -> str:
    """The version as the manifest tells it."""
    return f"{VERSION}+{fingerprint()}"
