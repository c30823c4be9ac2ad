"""Rows that lost their blanks: bound to the grid's columns by content, from the right."""

from __future__ import annotations

from itertools import combinations

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.layouts.classes import heads_classes
from normalize.repairs.labels import completes
from normalize.values import is_value_like, parse_target
from normalize.words import key
from schemas.audit import Finding
from schemas.text import BLANK, Text

_LABELS = ("block", "level1", "level2")
_LETTERS = frozenset("绩效指标")  # a block's label may be set one character a row
_NEVER = -8


def bind_columns(flow: Flow) -> Flow:
    """Put the cells of shifted rows under the columns that their content fits.

    A row is shifted where columns are lost altogether, or where a label column holds what is no label while the row
    is shorter than its header (leading blanks were lost).
    """
    rows: list[Row] = []
    opened: dict[str, str] = {}
    for row in flow.rows:
        bound = _bind(row, opened, rows[-1] if rows else None) if row.zone == "grid" else row
        if bound.header:
            opened |= {role: bound.roles[role].value for role in _LABELS if role in bound.roles}
        rows.append(bound)
    return replace(flow, rows=tuple(rows))


def _bind(row: Row, opened: dict[str, str], above: Row | None) -> Row:
    header = row.header
    if header is None or heads_classes(row, header) or not _is_shifted(row, header, opened):
        return _settle(row, header) if header else row
    texts = [text for _, text in row.filled]
    columns = header.roles
    stray = _may_end_name(texts[0].value, opened, above)
    if any(lexicon.class_label(text.value, 2) for text in texts):
        above = None  # a row with a class of its own begins an indicator and brings no value for the one above
    if len(texts) > len(columns):
        return row.note(_too_many(texts))
    best = max(
        combinations(range(len(columns)), len(texts)),
        key=lambda chosen: (_score(chosen, texts, columns, opened, above), chosen),
    )
    cells = [BLANK] * (columns[-1][0] + 1)
    for at, text in zip(best, texts, strict=True):
        cells[columns[at][0]] = text
    bound = replace(row, cells=tuple(cells), aligned=True)
    missing = _typed_columns_missing(best, columns)
    unsure = stray or missing or _score(best, texts, columns, opened, above) < 0 or len(texts) == 1
    if unsure and not (lexicon.is_sum(texts[0].value) or _is_empty_class(texts[0].value)):
        return bound.note(_unsure(texts))
    return bound


def _typed_columns_missing(chosen: tuple[int, ...], columns: tuple[tuple[int, str], ...]) -> bool:
    """Whether a grid with more columns than names and values leaves one of them blank: which one is a guess then."""
    wanted = [at for at, (_, role) in enumerate(columns) if role not in _LABELS]
    return len(wanted) > 2 and not set(wanted) <= set(chosen)


def _may_end_name(text: str, opened: dict[str, str], above: Row | None) -> bool:
    """Whether a class may be the end of a name that has no value yet: this form prints 指标 behind its classes."""
    wanting = above is not None and above.role("name") and not above.role("target")
    return (
        bool(wanting) and "指标" in opened.get("level2", "") and "指标" not in text and _fits_label(text, "level2", {})
    )


def _is_empty_class(text: str) -> bool:
    """Whether a text alone is a class without indicators; a bare 满意度 may as well be the end of a name."""
    return lexicon.class_label(text, 2) is not None and "指标" in text


def _settle(row: Row, header: Header) -> Row:
    """Move cells that stand between two header cells (merged columns) under the one at their left."""
    starts = header.starts
    if starts.issuperset(col for col, _ in row.filled):
        return row
    cells = [BLANK] * (max(starts) + 1)
    for col, text in row.filled:
        left = col if lexicon.is_block(text.value) else min(starts)  # the blocks' own column may have no header
        home = max((start for start in starts if start <= col), default=left)
        if cells[home] and home == header.column("name") and lexicon.class_label(cells[home].value, 2):
            cells = _deeper(cells, header, home)
        if cells[home]:
            return row.note(*(_homeless(text) for col, text in row.filled if col not in starts))
        cells[home] = text
    return replace(row, cells=tuple(cells))


def _deeper(cells: list[Text], header: Header, name: int) -> list[Text]:
    """The cells with a class that stands before the name under the name's own header in the classes' column."""
    level2 = header.column("level2")
    if level2 is None or (cells[level2] and lexicon.class_label(cells[level2].value, 1) is None):
        return cells
    return [cells[name] if col == level2 else BLANK if col == name else text for col, text in enumerate(cells)]


def _is_shifted(row: Row, header: Header, opened: dict[str, str]) -> bool:
    if not row.aligned:
        return True
    if row.exact or len(row.cells) > header.roles[-1][0]:
        return False
    if _stands_right(row, header) and not _is_class_misplaced(row, header):
        return False
    return any(
        not _fits_label(text.value, role, opened)
        for col, text in row.filled
        if (role := header.role_at(col)) in _LABELS
    )


def _is_class_misplaced(row: Row, header: Header) -> bool:
    """Whether a row begins with a class in the column of another label."""
    col, text = row.filled[0]
    role = header.role_at(col)
    levels = [f"level{level}" for level in (1, 2) if lexicon.class_label(text.value, level)]
    return role in _LABELS and bool(levels) and role not in levels


def _stands_right(row: Row, header: Header) -> bool:
    """Whether name and value stand in their columns, so that a label nobody knows is one of this place's own."""
    name, target = row.at(header.column("name")), row.at(header.column("target"))
    sums = row.aligned and any(lexicon.is_sum(text.value) for _, text in row.filled)
    return sums or (bool(name and target) and not is_value_like(name.value))


def _fits_label(text: str, role: str | None, opened: dict[str, str]) -> bool:
    if completes(opened.get(role or "", ""), text):
        return True
    if role == "block":
        return lexicon.is_block(text) or key(text) in _LETTERS
    level = 1 if role == "level1" else 2
    return bool(lexicon.class_label(text, level, strict=False) or _is_piece(text, level))


def _is_piece(text: str, level: int) -> bool:
    """Whether a text may be the first half of a class that a page break cuts, or one letter off it."""
    bare = key(text)
    words = lexicon.class_words(level)
    return any(word.startswith(bare) for word in words) or lexicon.nearest_class(text, level) is not None


def _score(
    chosen: tuple[int, ...],
    texts: list[Text],
    columns: tuple[tuple[int, str], ...],
    opened: dict[str, str],
    above: Row | None,
) -> int:
    return sum(_fit(text, columns[at][1], opened, above) for at, text in zip(chosen, texts, strict=True))


def _fit(text: Text, role: str, opened: dict[str, str], above: Row | None) -> int:
    value = text.value.strip()
    if role in _LABELS:
        return 6 if _fits_label(value, role, opened) else _NEVER
    is_class = lexicon.class_label(value, 1) or lexicon.class_label(value, 2)
    if is_class:
        return -4
    if role == "name":
        return 1 if is_value_like(value) else 2
    if role == "target":
        return _fit_target(value, above)
    return 0


def _fit_target(value: str, above: Row | None) -> int:
    wanting = above is not None and above.zone == "grid" and not above.role("target")
    if is_value_like(value):
        return 4
    if above is not None and _is_unit_of(value, above.role("target").value):
        return 4
    if wanting and len(value) <= 20:
        return 3
    return 1 if len(value) <= 12 else -1


def _is_unit_of(tail: str, head: str) -> bool:
    """Whether a text is the unit that a number above it lacks: ≥5 and %."""
    bare, whole = parse_target(head), parse_target(head + tail)
    return bare.kind == whole.kind == "number" and bare.unit is None and whole.unit is not None


def _homeless(text: Text) -> Finding:
    shown = text.value.strip()[:60]
    messages = (
        f"“{shown}”与相邻单元格同在一个表头下，未写入结果",
        f"“{shown}” stands beside another cell under one header and is not in the result",
    )
    return finding("unplaced-text", "error", "reading", messages, text.places)


def _too_many(texts: list[Text]) -> Finding:
    shown = " | ".join(text.value.strip() for text in texts)[:80]
    messages = (f"这一行的单元格比表头多：{shown}", f"the row has more cells than its header: {shown}")
    return finding("too-many-cells", "error", "reading", messages, texts[0].places)


def _unsure(texts: list[Text]) -> Finding:
    shown = " | ".join(text.value.strip() for text in texts)[:80]
    messages = (f"这一行的列按内容推定：{shown}", f"the columns of this row are told by content alone: {shown}")
    return finding("columns-inferred", "warning", "reading", messages, texts[0].places)
