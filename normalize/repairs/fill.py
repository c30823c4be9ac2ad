"""Class labels: mended against the closed vocabulary, and filled down over the blanks of merged cells."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Header, Row, finding
from normalize.layouts.classes import heads_classes, part_classes
from normalize.words import key
from schemas.audit import Finding
from schemas.text import BLANK, Edit, Text


def mend_classes(flow: Flow) -> Flow:
    """Mend class labels that are one character off exactly one spelling of the vocabulary (产出z指标, 产出指)."""
    return replace(flow, rows=tuple(_mend(part_classes(row)) if row.zone == "grid" else row for row in flow.rows))


def _mend(row: Row) -> Row:
    for level, role in ((1, "level1"), (2, "level2")):
        label = row.role(role)
        col = row.header.column(role) if row.header else None
        if col is None or not label or _is_known(label.value):
            continue
        if whole := _with_brackets(label.value, level):
            evidence = f"“{whole}” is a label of the vocabulary, whose brackets were not read"
            row = row.put(col, label.edit(whole, "label-lexicon", evidence, 0.95))
            continue
        base, note = lexicon.split_note(label.value)
        word = lexicon.nearest_class(base, level)
        if word:
            evidence = f"one character off “{word}”, the only such label in the vocabulary"
            row = row.put(col, label.edit(word + note, "label-lexicon", evidence, 0.8))
    return row


def _is_known(text: str) -> bool:
    """Whether a text is a class of either level, or another label (绩效目标), and not one letter off a class."""
    known = lexicon.class_label(text, 1, strict=False) or lexicon.class_label(text, 2, strict=False)
    return known is not None or bool(lexicon.label_kinds(text))


def _with_brackets(text: str, level: int) -> str | None:
    """A class with its note behind it (数量指标必填) as it is printed (数量指标（必填）)."""
    bare = key(text)
    for word in lexicon.class_words(level):
        note = bare.removeprefix(word)
        if note != bare and lexicon.required_note(note):
            return f"{word}（{note}）"
    return None


@dataclass(slots=True)
class _Open:
    """The labels that stand open above the current row."""

    header: Header | None = None
    level1: Text = BLANK
    level2: Text = BLANK


def fill_labels(flow: Flow) -> Flow:
    """Give every indicator row its two classes: its own, else those of the merged cells above it."""
    elsewhere = any(_class(row.role("level1"), 1) == "满意度指标" for row in flow.rows if row.zone == "grid")
    opened = _Open()
    rows = []
    for row in flow.rows:
        if row.zone == "header":
            opened = _Open(row.header)
        rows.append(_fill(row, opened, elsewhere=elsewhere) if row.zone == "grid" else row)
    return replace(flow, rows=tuple(rows))


def _class(text: Text, level: int) -> str | None:
    label = lexicon.class_label(text.value, level, strict=False) if text else None
    return label.name if label else None


def _fill(row: Row, opened: _Open, *, elsewhere: bool) -> Row:
    if row.header and heads_classes(row, row.header):
        opened.level1, opened.level2 = row.filled[0][1], BLANK
        return row
    skips = _skips_level(row)
    row = _with_name(row) if skips else row
    own1, own2 = row.role("level1"), row.role("level2")
    if own1:
        same = _class(own1, 1) is not None and _class(own1, 1) == _class(opened.level1, 1)
        opened.level1, opened.level2 = own1, opened.level2 if same else BLANK  # printed again, it opens no new group
    if own2:
        opened.level2 = own2
        if not own1:
            opened.level1 = _level1_for(own2, opened.level1, elsewhere=elsewhere)
    if not (row.role("name") or row.role("target")):
        return row
    row = _put(row, "level1", own1, opened.level1)
    if skips:
        opened.level2 = BLANK
        return row
    return _put(row, "level2", own2, opened.level2)


def _skips_level(row: Row) -> bool:
    """Whether an indicator's name stands in the column of the second level, merged with its own or not."""
    level2 = row.role("level2").value
    if row.cut or not level2 or row.role("name") or not row.role("target") or lexicon.is_sum(level2):
        return False
    return not any(lexicon.class_label(level2, level, strict=False) for level in (1, 2))


def _with_name(row: Row) -> Row:
    header = row.header
    at, to = (header.column("level2"), header.column("name")) if header else (None, None)
    if at is None or to is None:
        return row
    moved = row.put(to, row.at(at)).put(at, BLANK)
    return moved if row.exact else moved.note(_told_skipped(row.at(at)))


def _told_skipped(name: Text) -> Finding:
    shown = name.value.strip()[:60]
    messages = (
        f"“{shown}”印在二级指标列，没有三级指标，作为指标名称读入",
        f"“{shown}” stands in the column of the second level, with no name beside it; it is read as the name",
    )
    return finding("columns-inferred", "warning", "reading", messages, name.places)


def _put(row: Row, role: str, own: Text, label: Text) -> Row:
    col = row.header.column(role) if row.header else None
    if own or not label:
        return row
    if row.header is None or col is None:
        return row
    return row.put(col, _filled(label))


def _filled(label: Text) -> Text:
    if label.edits and label.edits[-1].rule == "level1-from-level2":
        return label
    evidence = "blank of a merged cell; the label stands above"
    return Text(label.value, label.places, (Edit("fill-down", "", label.value, evidence, 0.97),))


def _level1_for(level2: Text, current: Text, *, elsewhere: bool) -> Text:
    """The first level of a row that prints only its second: the one above where that may hold it, else derived."""
    name = _class(level2, 2)
    homes = lexicon.home_of(name) if name else ()
    here = _class(current, 1)
    if not homes or here == homes[0] or (here in homes and not (name == "服务对象满意度指标" and elsewhere)):
        return current
    evidence = f"no first level is printed; “{level2.value}” belongs to {homes[0]}"
    return Text(homes[0], level2.places, (Edit("level1-from-level2", "", homes[0], evidence, 0.9),))
