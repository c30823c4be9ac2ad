"""What stands in a column: the evidence that confirms or overrules its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from normalize import lexicon
from normalize.headers import holds
from normalize.values import map_glyphs
from normalize.values.units import read_measure
from normalize.words import key
from schemas.project import Operator

_WORDS: dict[Operator, tuple[str, ...]] = {
    "≥": ("大于等于", "大于或等于", "不小于", "不少于", "不低于"),
    "≤": ("小于等于", "小于或等于", "不大于", "不超过", "不高于", "不多于"),
    ">": ("大于", "高于", "多于"),
    "<": ("小于", "低于", "少于"),
    "=": ("等于",),
}
_SIGNS: dict[str, Operator] = {"≥": "≥", "≤": "≤", ">": ">", "<": "<", "=": "="}
_QUALITIES = frozenset({"定性", "定性指标", "定量", "定量指标", "定性类", "定量类"})
_NOTHING = re.compile(r"[-—–―－/／\\*＊…\s]*|[.．。·]{3,}|无|不适用")
_DOTS = re.compile(r"(?:指标)?[\d一二三四五六七八九十]*[:：、.．]?\s*(?:…+|[.．。·]{3,})")
_MOST = 0.6  # share of a column's cells that must fit


@lru_cache(maxsize=1024)
def operator_of(text: str) -> Operator | None:
    """The comparison that a cell states as a sign or in words (≥, 大于等于); None for anything else."""
    bare = "".join(map_glyphs(text).split())
    bare = re.sub(r"^[(（](.*)[)）]$", r"\1", bare)
    sign = re.sub(r"^(.)[(（].*[)）]$|^[^(（]+[(（](.)[)）]$", r"\1\2", bare)  # ≥（大于等于）, 大于等于（≥）
    return _SIGNS.get(sign) or next((sign for sign, words in _WORDS.items() if bare in words), None)


def is_quality(text: str) -> bool:
    """Whether a cell says only what kind of value another holds (定性, 定量指标)."""
    return key(text) in _QUALITIES


def says_nothing(text: str) -> bool:
    """Whether a cell holds a dash or 无 in place of a value."""
    return _NOTHING.fullmatch(text.strip()) is not None


def is_dots(text: str) -> bool:
    """Whether a cell only holds the place for an indicator (……, 指标2：…)."""
    return _DOTS.fullmatch(text.strip()) is not None


def is_unit(text: str) -> bool:
    """Whether a cell holds a unit of measure alone."""
    bare = text.strip()
    if not bare or any(char.isdecimal() for char in bare) or len(bare) > 12:
        return False
    return read_measure(bare) is not None or (
        len(bare) <= 4 and operator_of(bare) is None and key(bare) not in _QUALITIES
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[≥≤=]?\s*[-+]?\d[\d,]*(?:\.\d+)?\s*[%％分]?", text.strip()) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "operator": lambda text: operator_of(text) is not None,
    "quality": lambda text: key(text) in _QUALITIES,
    "number": _is_number,
    "unit": is_unit,
    "class1": lambda text: lexicon.class_label(text, 1, strict=False) is not None,
    "class2": lambda text: lexicon.class_label(text, 2, strict=False) is not None,
    "tree": lambda text: "】" in text,
}


def fits(role: str, cells: Sequence[str]) -> bool:
    """Whether the cells of a column are what a role holds; a column without any content fits every role.

    An operator's column must hold at least one operator: 定性 and 定量 alone are a remark.
    """
    kinds = holds(role)
    filled = [cell for cell in cells if cell.strip() and not says_nothing(cell)]
    if not kinds or not filled:
        return True
    if role == "operator" and not any(operator_of(cell) for cell in filled):
        return False
    if role == "unit" and not any(read_measure(cell.strip(), listed_only=True) for cell in filled):
        return False
    good = sum(any(_TESTS[kind](cell) for kind in kinds) for cell in filled)
    return good >= len(filled) * _MOST


def fits_wholly(role: str, cells: Sequence[str]) -> bool:
    """Whether a column without a known header holds operators (定性 among them) or listed units and nothing else."""
    filled = [cell for cell in cells if cell.strip() and not says_nothing(cell)]
    if role == "operator":
        signs = [cell for cell in filled if operator_of(cell)]
        return bool(signs) and all(cell in signs or key(cell) in _QUALITIES for cell in filled)
    listed = [cell for cell in filled if read_measure(cell.strip(), listed_only=True) and not _is_number(cell)]
    return len(filled) > 1 and len(listed) == len(filled)
