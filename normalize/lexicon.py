"""The closed vocabulary: labels, titles, classes, and what a piece of text is under it.

All comparisons go through `key`: no white space, no brackets, no colons, radicals as the characters they depict.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(map(chr, range(0x202A, 0x202F)))
_SPACES = " \t\n\r\x0b\x0c\u00a0\u2002\u2003\u2009\u202f\u3000"
_BRACKETS = "()（）[]【】〔〕：:"


@cache
def load(name: str) -> dict[str, Any]:
    """One of the data files of this package."""
    return tomllib.loads((files("normalize") / "data" / name).read_text(encoding="utf-8"))


@cache
def radicals() -> dict[str, str]:
    """Radical code points and the characters that they depict."""
    kangxi = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
    supplement: dict[str, str] = load("glyphs.toml")["radicals"]
    return kangxi | supplement


INVISIBLE = frozenset(_INVISIBLE)


@cache
def _key_table() -> dict[int, str | None]:
    return str.maketrans(radicals()) | dict.fromkeys(map(ord, _INVISIBLE + _SPACES + _BRACKETS))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What of a label counts when labels are compared."""
    return text.translate(_key_table())


@cache
def _roles(section: str) -> dict[str, str]:
    table: dict[str, list[str]] = load("labels.toml")[section]
    return {key(label): role for role, labels in table.items() for label in labels}


def field_role(text: str) -> str | None:
    """The role of a label of the field block: "name", "department", …, "goal:annual", "goal:midterm"; else None."""
    bare = key(text)
    return _roles("fields").get(bare) or _funding_heading(bare) or goal_role(text)


_UNIT_BEHIND = re.compile(r"(?:金额)?(?:单位)?(?:人民币)?(?:万元|千元|亿元|元)$")


def _funding_heading(bare: str) -> str | None:
    """Whether a key is the heading of the funding block with its money unit behind it (项目资金（单位：万元）)."""
    return "funding" if _roles("fields").get(_UNIT_BEHIND.sub("", bare)) == "funding" else None


_UNIT_LINE = re.compile(r"^(?:金额)?单位(?:人民币)?(?:万元|千元|亿元|元)$")


def is_unit_line(text: str) -> bool:
    """Whether a text says only in which unit the amounts of a form are (单位：万元)."""
    return len(text) < 30 and bool(_UNIT_LINE.match(key(text)))


_CAPTION = re.compile(r"^(?:附件|附表|表)[\d一二三四五六七八九十\-—.]+$")


def is_caption(text: str) -> bool:
    """Whether a text is the number of an attachment and nothing else (附件3-2：, 表10)."""
    return bool(_CAPTION.match(key(text)))


def goal_role(text: str) -> str | None:
    """The role "goal:<scope>" of a goal's label; a period behind it (中期目标(2024年—2026年)) does not count."""
    bare = re.sub(r"20\d\d年?度?[-—–~至]*", "", key(text)) or key(text)
    scope = _roles("goals").get(bare)
    return scope and f"goal:{scope}"


_OF_WHICH = re.compile(r"^其中[、,，.]?")


def funding_kind(text: str) -> str | None:
    """The kind of a funding row's label: "total", "fiscal", "other" or "part"; None where it is not known."""
    return _roles("funding").get(_OF_WHICH.sub("", key(text)).removesuffix("万元"))


def header_role(text: str) -> str | None:
    """The role of a cell of the indicator grid's header row."""
    return _roles("headers").get(key(text))


def without_remark(text: str) -> str:
    """A header's label without the remark in brackets behind it (指标值（包含数字及文字描述）)."""
    return re.sub(r"[(（][^()（）]*[)）]\s*$", "", text)


def is_block(text: str) -> bool:
    """Whether the text is the label merged down the left of a grid (绩效指标)."""
    return key(text) in _roles("blocks")


def is_sum(text: str) -> bool:
    """Whether a text names a row of sums, which is no indicator."""
    return key(text) in ("合计", "小计", "总计")


_TITLE = re.compile(r"绩效(?:目标|自评|评价)[^，。；、]{0,6}表(?:20\d\d年度?)?$")
_BEHIND_TITLE = re.compile(r"(?<=表)\s*[(（][^()（）]{1,20}[)）]\s*$")
_PREFIX = re.compile(r"^(?:附件|附表|表)[\d一二三四五六七八九十.\-]*[、.．]?")


@cache
def titles() -> frozenset[str]:
    """The known titles, as keys."""
    return frozenset(key(title) for title in load("labels.toml")["titles"])


def is_title(text: str) -> bool:
    """Whether the text ends like the title of a form."""
    return len(text) < 80 and bool(_TITLE.search(key(text)) or _TITLE.search(key(_BEHIND_TITLE.sub("", text))))


def bare_title(text: str) -> str:
    """The key of a title without 附件 2： before it and the year behind it."""
    return re.sub(r"20\d\d年度?$", "", _PREFIX.sub("", key(text)))


_YEAR_ROW = re.compile(r"^(?:(?:预算|填报|申报)?年度)?(20\d\d)(?:年度?)?$")


def year_row(text: str) -> int | None:
    """The year of a row like (2024 年度); a bare number is none."""
    found = _YEAR_ROW.match(key(text))
    return int(found[1]) if found and key(text) != found[1] else None


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """A class of the taxonomy as printed: its canonical name and the note in brackets behind it."""

    name: str
    note: str | None


_CLASS = re.compile(r"^(?P<base>[^()]+?)(?P<tail>\((?P<note>[^()]*)(?P<close>\))?)?$")
_ROUND = str.maketrans("（）【】[]〔〕", "()()()()")


@cache
def _classes(level: int) -> dict[str, str]:
    table: dict[str, Any] = load("classes.toml")[f"level{level}"]
    names: dict[str, str] = {}
    for name, entry in table.items():
        for synonym in (name.removesuffix("指标"), *(entry if level == 1 else entry["synonyms"])):
            names[synonym] = names[synonym + "指标"] = name
    return names


@lru_cache(maxsize=4096)
def class_label(text: str, level: int, *, strict: bool = True) -> ClassLabel | None:
    """The class that a label names; strict wants its brackets closed and its note to be one that is known."""
    bare = "".join(text.translate(_key_spaces()).translate(_ROUND).split())
    found = _CLASS.match(bare)
    name = _classes(level).get(found["base"]) if found else None
    if not found or not name:
        return None
    note = found["note"] or None
    if strict and found["tail"] and not (found["close"] and known_note(note)):
        return None
    return ClassLabel(name, note)


@cache
def _key_spaces() -> dict[int, str | None]:
    return str.maketrans(radicals()) | dict.fromkeys(map(ord, _INVISIBLE + _SPACES + "：:"))


def split_note(text: str) -> tuple[str, str]:
    """A label and the bracket behind it, brackets included."""
    found = re.match(r"^([^(（【\[]+)(.*)$", text, re.DOTALL)
    return (found[1], found[2]) if found else (text, "")


def known_note(note: str | None) -> bool:
    """Whether a note in brackets behind a class is one that forms print: 必填, 选填, 50分, 30%, 30."""
    return bool(note) and (
        note in load("classes.toml")["notes"]["required"] or bool(re.fullmatch(r"\d+(分|%)|\d{1,3}", note or ""))
    )


def required_note(note: str | None) -> str | None:
    """The note where it says whether the class must be filled in."""
    return note if note in load("classes.toml")["notes"]["required"] else None


def home_of(level2: str) -> tuple[str, ...]:
    """The first levels that may hold a second level, the usual one first."""
    entry = load("classes.toml")["level2"].get(level2)
    return tuple(entry["under"]) if entry else ()


@lru_cache(maxsize=8192)
def label_kinds(text: str) -> frozenset[str]:
    """The kinds of label that a text is as it stands (strict: brackets closed, nothing missing); often empty."""
    if not balanced(text):
        return frozenset()
    kinds = {
        "field": field_role(text),
        "funding": funding_kind(text),
        "header": header_role(text),
        "block": is_block(text),
        "level1": class_label(text, 1),
        "level2": class_label(text, 2),
        "title": key(text) in titles(),
        "year": year_row(text),
        "unit": is_unit_line(text),
    }
    return frozenset(kind for kind, found in kinds.items() if found)


def balanced(text: str) -> bool:
    """Whether every bracket that opens closes."""
    round_ = text.translate(_ROUND)
    return round_.count("(") == round_.count(")")


def nearest(text: str, words: Iterable[str]) -> str | None:
    """The one word at edit distance 1 of a label's key; None where there is none, or more than one."""
    bare = key(text)
    found = {word for word in words if len(word) >= 4 and _one_edit(bare, word)}
    return found.pop() if len(found) == 1 else None


def class_words(level: int) -> tuple[str, ...]:
    """All spellings of the classes of a level."""
    return tuple(_classes(level))


@cache
def first_characters() -> frozenset[str]:
    """What the labels merged down the left of a grid begin with."""
    words = [*class_words(1), *class_words(2), *_roles("blocks")]
    return frozenset(word[0] for word in words)


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[head:], b[head:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]
