"""The stable key of a project."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from schemas.project import Department


def project_id(department: Department, year: int | None, name: str, place: str = "") -> str:
    """`<department code>-<year>-<12 hex digits of the normalised name>`.

    `place` is the place that a form speaks for where one is printed for each place; it counts with the name.

    Without a code the department's name is hashed. The form's own year is taken out of the name, so that
    2024年辅警业务经费 and 2025年辅警业务经费 share their last part; unknown parts are "x".
    """
    code = department.code or (_digest(normal_name(department.name), 8) if department.name else "x")
    return f"{code}-{year or 'x'}-{_digest(normal_name(name + place, year), 12)}"


def normal_name(name: str, year: int | None = None) -> str:
    """A name without what varies between two prints of it: width, case, punctuation, spaces, the form's year."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    if year:
        folded = re.sub(rf"{year}\s*年度?", "", folded)
    kept = "".join(char for char in folded if unicodedata.category(char)[0] in "LN")
    return kept or folded


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
