"""A whole tree of indicators in one cell (【产出-数量】指标1:抽检批次(≥4000批次)), laid out as rows of a grid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.flow import Flow, Row, finding
from normalize.grids import header_cells
from normalize.headers import column
from normalize.values import is_value_like, parse_target
from schemas.audit import Finding
from schemas.text import BLANK, Text

_HEADER = ("一级指标", "二级指标", "三级指标", "指标值")
_BRACKETED = re.compile(r"[【\[〔](?P<path>[^】\]〕]{2,30})[】\]〕]\s*[:：]?")
_PATH_END = re.compile(r"[-—–/>＞→、·:：]")
_ITEM = re.compile(r"(?:^|(?<=[；;。\n，,]))\s*(?:指标\s*\d{1,2}\s*[:：、.．]|[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳])\s*")
_STOP = re.compile(r"[；;。\n]+")
_IN_BRACKETS = re.compile(
    r"^(?P<name>.+?)\s*[(（](?P<value>[^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]\s*$", re.DOTALL
)
_BEHIND_COLON = re.compile(r"^(?P<name>[^:：]+)[:：]\s*(?P<value>.+)$", re.DOTALL)
_SIGN = r"≥|≤|>=|<=|≧|≦|＞|＜|=|＝|不低于|不少于|不高于|不超过"
_BEHIND_SIGN = re.compile(rf"^(?P<name>.+?)\s*(?P<value>(?:{_SIGN}).+)$", re.DOTALL)
_BEHIND_NAME = re.compile(r"^(?P<name>.*[^\d.,%％])(?P<value>\d[\d.,]*\s*\D{0,8})$", re.DOTALL)
_PLAIN = re.compile(
    r"(?:^|(?<=[；;。\n，,:：\s]))(?:[(（]?[\d一二三四五六]{1,2}[)）、.．])?\s*(?P<path>[^；;。\n，,:：\s]{2,14})[:：]"
)
_SURE, _PARTED = 0.95, 0.8  # by marks that the cell prints; by where a number begins
_SHORTEST = 12
_FEWEST = 2
_EVIDENCE = "one of the indicators that stand in one cell"


class _Leaf(Struct, frozen=True):
    level1: str
    level2: str
    name: str
    value: str
    sure: float = _SURE


def unfold_trees(flow: Flow) -> Flow:
    """Give each indicator of a tree in one cell a row of its own under a header of its own."""
    rows: list[Row] = []
    headed = False  # whether a column of trees stands above, as in a list of projects
    for row in flow.rows:
        headed = _is_tree_header(row) or (headed and len(row.filled) == 1)
        rows.extend(_unfolded(row, headed=headed))
    return replace(flow, rows=tuple(row for row in rows if not _is_tree_header(row)))


def _left_over(tree: Text) -> list[Finding]:
    """What stands in the cell before its first class, and so belongs to none."""
    whole = _unwrapped(tree.value)
    first = next((match.start() for match, _ in _heads(whole)), 0)
    shown = whole[:first].strip()[:60]
    messages = (f"“{shown}”没有指标类别，未写入结果", f"“{shown}” stands before any class and is not in the result")
    return [finding("unplaced-text", "error", "reading", messages, tree.places)] if shown else []


def _is_tree_header(row: Row) -> bool:
    """Whether a header has only the column of the tree left, its projects' columns being fields by now."""
    if len(row.filled) != 1 or column(row.filled[0][1].value) is None:
        return False
    return header_cells(row)[0].role == "tree"


def _unfolded(row: Row, *, headed: bool) -> list[Row]:
    for col, text in row.filled:
        may = len(text.value) > _SHORTEST and _may_hold(text.value)
        told = may and (headed or _is_bracketed(text.value) or _is_labelled(row, col))
        leaves = list(_leaves(_unwrapped(text.value))) if told else []
        if leaves:
            before = _without_label(row, col)
            header = tuple(Text(label, text.places) for label in _HEADER)
            grid = [replace(row, cells=_cells(leaf, text), cut="", notes=()) for leaf in leaves]
            head = replace(row, cells=header, cut=row.cut if not before else "", notes=row.notes if not before else ())
            return [*before, head, *grid[:-1], grid[-1].note(*_left_over(text))]
    return [row]


def _is_labelled(row: Row, col: int) -> bool:
    """Whether the label before a cell says that indicators stand in it; a goal may name classes too."""
    label = _label_before(row, col)
    named = column(row.at(label).value) if label is not None else None
    return named is not None and "tree" in named.roles


def _without_label(row: Row, tree: int) -> list[Row]:
    """What stands in the row beside the tree and its own label."""
    cells = tuple(
        BLANK if col == tree or (text and col == _label_before(row, tree)) else text
        for col, text in enumerate(row.cells)
    )
    kept = replace(row, cells=cells)
    return [kept] if kept.filled else []


def _label_before(row: Row, tree: int) -> int | None:
    before = [(col, text) for col, text in row.filled if col < tree]
    if not before:
        return None
    col, text = before[-1]
    return col if lexicon.is_block(text.value) or column(text.value) else None


def _cells(leaf: _Leaf, tree: Text) -> tuple[Text, ...]:
    parts = ((leaf.level1, _SURE), (leaf.level2, _SURE), (leaf.name, leaf.sure), (leaf.value, leaf.sure))
    return tuple(tree.edit(part, "tree-cell", _EVIDENCE, sure) if part else BLANK for part, sure in parts)


_WRAP = re.compile(
    r"(?<![；;。，,、:：】\]〕])\n(?!\s*(?:[【\[〔]|[(（]?[\d一二三四五六]{1,2}[)）、.．](?!\d)|[①-⑳]|指标\s*\d))"
)


def _unwrapped(text: str) -> str:
    """The text without line breaks of the typesetter: stops part its indicators, and before these breaks is none."""
    if not re.search("[；;。]", text):
        return text
    return _WRAP.sub(lambda found: "\n" if _begins_class(text, found) else "", text)


def _begins_class(text: str, gap: re.Match[str]) -> bool:
    """Whether a class stands behind a line break, and no class that the break cuts in two (社会 + 效益指标)."""
    found = _PLAIN.match(text, gap.end())
    before = _LAST.search(text[: gap.start()])
    cut = found and before and _plain_classes(before[0].strip() + found["path"])
    return bool(found and _plain_classes(found["path"]) and not cut)


_LAST = re.compile(r"[^；;。，,、:：】\]〕\n]*$")


def _leaves(text: str) -> Iterator[_Leaf]:
    """The indicators of a tree whose classes stand in brackets or before colons; none where there are no classes."""
    heads, bracketed = _heads(text), _is_bracketed(text)
    level1 = ""
    for at, (match, classes) in enumerate(heads):
        level1 = classes[0] or ("" if bracketed else level1)
        end = heads[at + 1][0].start() if at + 1 < len(heads) else len(text)
        for item in _items(text[match.end() : end]):
            name, value, sure = _split(item)
            yield _Leaf(level1, classes[1], name, value, sure)


def _heads(text: str) -> list[tuple[re.Match[str], tuple[str, str]]]:
    """Where the classes of a tree stand, and which they are; before colons alone there must be two of them."""
    if _is_bracketed(text):
        found = [(match, _classes(match["path"])) for match in _BRACKETED.finditer(text)]
        return [(match, classes) for match, classes in found if classes]
    if not _may_hold(text):
        return []
    plain = [(match, _plain_classes(match["path"])) for match in _PLAIN.finditer(text)]
    heads = [(match, classes) for match, classes in plain if classes]
    return heads if len(heads) >= _FEWEST and any(classes[1] for _, classes in heads) else []


def _classes(path: str) -> tuple[str, str] | None:
    """The two classes of a path like 产出-数量; the printed words, the first one blank where it is not printed."""
    parts = [part.strip() for part in _PATH_END.split(path) if part.strip()]
    if len(parts) > 1 and lexicon.class_label(parts[0], 1) and lexicon.class_label(parts[-1], 2):
        return parts[0], parts[-1]
    if len(parts) == 1 and lexicon.class_label(parts[0], 2):
        return (parts[0] if lexicon.class_label(parts[0], 1) else ""), parts[0]
    return None


def _may_hold(text: str) -> bool:
    """Whether a text has brackets or colons enough for the classes of a tree."""
    return _is_bracketed(text) or text.count("：") + text.count(":") >= _FEWEST


def _is_bracketed(text: str) -> bool:
    return "】" in text or "]" in text or "〕" in text


def _plain_classes(path: str) -> tuple[str, str] | None:
    """The classes that stand before a colon: a first level alone (产出指标：) speaks for those behind it."""
    if lexicon.class_label(path, 2):
        return (path if lexicon.class_label(path, 1) else ""), path
    return (path, "") if lexicon.class_label(path, 1) else None


def _items(text: str) -> Iterator[str]:
    """The indicators behind one class: by their numbers where they have them, else by semicolons."""
    starts = list(_ITEM.finditer(text))
    if starts:
        ends = [*(match.start() for match in starts[1:]), len(text)]
        pieces = [text[match.end() : end] for match, end in zip(starts, ends, strict=True)]
    else:
        pieces = _STOP.split(text)
    for piece in pieces:
        bare = piece.strip().strip("；;。，,、\n").strip()
        if bare:
            yield bare


def _split(item: str) -> tuple[str, str, float]:
    """The name and the value of an indicator, and how sure that is; a blank value where none can be told."""
    for pattern in (_IN_BRACKETS, _BEHIND_COLON, _BEHIND_SIGN, _BEHIND_NAME):
        found = pattern.match(item)
        if found and (pattern in (_BEHIND_COLON, _BEHIND_SIGN) or _is_value(found["value"])):
            sure = _PARTED if pattern is _BEHIND_NAME else _SURE
            return found["name"].strip(), found["value"].strip(), sure
    return item, "", _SURE


def _is_value(text: str) -> bool:
    return is_value_like(text) or parse_target(text).kind in ("text", "grade", "unfilled")
