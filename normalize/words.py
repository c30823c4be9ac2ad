"""Words compared as labels are, and the vocabulary in force.

All comparisons go through `key`: no white space, no brackets, no colons, no asterisks
(*项目名称 must be filled in), radicals as the characters they depict.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, TypeVar

from normalize.vocabulary import Vocabulary, families, vocabulary_of

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(map(chr, range(0x202A, 0x202F)))
_SPACES = " \t\n\r\x0b\x0c\u00a0\u2002\u2003\u2009\u202f\u3000"
_MARKS = "()（）[]【】〔〕：:*＊"

# Uyghur, Kazakh, Tibetan, Mongolian, Yi: the other language of a bilingual form, beside the Chinese labels.
_OTHER_SCRIPTS = (
    range(0x600, 0x700),
    range(0x750, 0x780),
    range(0xF00, 0x1000),
    range(0x1800, 0x18B0),
    range(0xA000, 0xA4D0),
    range(0xFB50, 0xFE00),
    range(0xFE70, 0xFEFF),
)
_ENGLISH = r"[A-Za-z][A-Za-z0-9/&'.,-]{3,}"
_TRANSLATION = re.compile(rf"(?<=[\u4e00-\u9fff]){_ENGLISH}|^{_ENGLISH}(?=[\u4e00-\u9fff])")
_LATIN = re.compile("[A-Za-z]{4}")
_REMARK = re.compile(r"[(（][^()（）]*[)）]\s*$")
INVISIBLE = frozenset(_INVISIBLE)
Function = TypeVar("Function", bound=Callable[..., Any])
_forget: list[Callable[[], None]] = []
_own: list[tuple[str, str]] = []


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


@cache
def spaceless() -> dict[int, str | None]:
    """What takes white space, invisible characters, colons and other scripts out of a label, and maps radicals."""
    nothing: dict[int, str | None] = dict.fromkeys(chain(map(ord, _INVISIBLE + _SPACES + "：:"), *_OTHER_SCRIPTS))
    return str.maketrans(radicals()) | nothing


@cache
def _key_table() -> dict[int, str | None]:
    return spaceless() | dict.fromkeys(map(ord, _MARKS))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What of a label counts when labels are compared; a translation beside it does not."""
    return without_translation(text.translate(_key_table()))


def without_translation(bare: str) -> str:
    """A label without spaces, without the English beside its Chinese (项目名称 Project Name)."""
    return _TRANSLATION.sub("", bare) if _LATIN.search(bare) else bare


def without_remark(text: str) -> str:
    """A header's label without the remark in brackets behind it (指标值（包含数字及文字描述）)."""
    return _REMARK.sub("", text)


def remembered(function: Function) -> Function:
    """A cache that is emptied when another vocabulary comes into force."""
    kept = lru_cache(maxsize=8192)(function)
    _forget.append(kept.cache_clear)
    return kept  # type: ignore[return-value]  # a cached function is called as the function itself


def use(descriptions: Iterable[tuple[str, str]]) -> None:
    """Lay descriptions of layouts (a file's name and its text) over those of the families, from now on.

    Raises LayoutError, which names file and line, where one is wrong; then nothing changes.
    """
    new = list(descriptions)
    if new == _own:
        return
    vocabulary_of((*families(), *new), key)
    _own[:] = new
    for forget in _forget:
        forget()


@remembered
def vocabulary() -> Vocabulary:
    """The vocabulary in force."""
    return vocabulary_of((*families(), *_own), key)


def roles(section: str) -> Mapping[str, str]:
    """The labels of a section, as keys, and the role of each."""
    return vocabulary().roles[section]
