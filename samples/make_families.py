"""Write the samples of the layout families: each form of grids/ as it stands, and those of the families damaged too.

    python -m samples.make_families

Nothing is random. The expected JSON of a damaged form is that of the whole one: what the damage hides is brought back,
and the audit says how.
"""

from __future__ import annotations

from pathlib import Path

from samples.family_forms import FORMS, Rows
from tests.forms import as_tabs

HERE = Path(__file__).resolve().parent
FORM_FEED, COUNTER, BLANK_LINE = "\f", "— 2 —\n", "\n"

Damage = tuple[int, int, int, str]
"""A page cut through a cell: the row and column that it cuts, behind how many characters, and the mark of the page."""

DAMAGE: dict[str, Damage] = {
    "a-target": (13, 3, 4, FORM_FEED),
    "b-halves": (13, 6, 3, COUNTER),
    "b2-stacked": (15, 3, 4, FORM_FEED),
    "c-typed": (11, 3, 3, BLANK_LINE),
    "d-relief": (12, 3, 7, FORM_FEED),
    "e-evaluation": (13, 8, 6, COUNTER),
    "f-places": (8, 2, 4, FORM_FEED),
    "f-transfer": (15, 3, 4, COUNTER),
    "g-list": (9, 3, 7, FORM_FEED),
    "g-tree": (2, 5, 46, FORM_FEED),
    "h-whole": (12, 3, 3, COUNTER),
    "i-local": (14, 2, 3, FORM_FEED),
}
GLYPHS = {"≥": "≧", "≤": "≦", "%": "％", "=": "＝"}


def plain(rows: Rows) -> Rows:
    """The rows of a tab-separated paste: merged cells leave blanks."""
    return [["" if cell in ("<", "^") else cell for cell in row] for row in rows]


def damaged(rows: Rows, damage: Damage, *, worn: bool = True) -> str:
    """The form cut by a page through one cell; `worn` with look-alike signs and typesetter's spaces below the cut."""
    at, col, behind, mark = damage
    above, below = plain(rows)[: at + 1], plain(rows)[at + 1 :]
    whole = above[-1][col]
    above[-1][col] = whole[:behind]
    tail = [whole[behind:] if index == col else "" for index in range(len(above[-1]))]
    return as_tabs(above) + mark + as_tabs([tail, *(map(_set, below) if worn else below)])


def _set(row: list[str]) -> list[str]:
    return [_spaced("".join(GLYPHS.get(char, char) for char in cell)) for cell in row]


def _spaced(text: str) -> str:
    """A space where a line was set apart: before the last two characters of a text of words."""
    words = len(text) > 5 and not any(char in text for char in "≧≦％＝0123456789.：（【")
    return f"{text[:-2]} {text[-2:]}" if words else text


def sources() -> dict[str, str]:
    """Every sample's text by the name of its folder."""
    found = {f"layout-{name}": as_tabs(plain(rows)) for name, rows in FORMS.items()}
    return found | {f"layout-{name}-damaged": damaged(FORMS[name], damage) for name, damage in DAMAGE.items()}


def main() -> None:
    """Write every source."""
    for slug, text in sources().items():
        folder = HERE / slug
        folder.mkdir(exist_ok=True)
        (folder / "source.txt").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
