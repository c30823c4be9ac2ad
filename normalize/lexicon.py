"""The closed vocabulary: labels, titles, classes, and what a piece of text is under it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any

from msgspec import Struct

from normalize.headers import is_header
from normalize.values.tidy import map_glyphs
from normalize.words import key, load, remembered, roles, spaceless, vocabulary, without_translation


@remembered
def field_role(text: str) -> str | None:
    """The role of a label of the field block: "name", "department", …, "goal:annual", "goal:midterm"; else None."""
    if not may_be_label(text):
        return None
    numberless = _SECTION.sub("", text)
    known, bare = roles("fields"), key(_SEAL.sub("", numberless))
    return known.get(bare) or known.get(_NUMBER.sub("", bare)) or _funding_heading(bare) or goal_role(numberless)


_NUMBER = re.compile(r"^\d{1,2}[.、．](?=\D)")
"""What counts the fields of a form (2.项目内容)."""


_SECTION = re.compile(r"^\s*[一二三四五六七八九十]{1,2}\s*[、.．]\s*")


def is_section(text: str) -> bool:
    """Whether a text only heads a part of a form by its number (二、资金情况)."""
    return len(text) <= _LONGEST_SECTION and bool(_SECTION.match(text)) and not re.search("[。；;，]", text)


_LONGEST_SECTION = 20


@remembered
def leading_role(text: str) -> str | None:
    """The role of the label that a text begins with, as one does whose label and value a colon parts (填表人：…)."""
    return field_role(_COLON.split(text, maxsplit=1)[0])


_COLON = re.compile("[:：]")


def is_goal_number(text: str) -> bool:
    """Whether a text may label a goal below another label (目标2, 目标内容), as it does where the goal is beside it."""
    return _NUMBERED_GOAL.fullmatch(key(text)) is not None


_NUMBERED_GOAL = re.compile(r"(?:绩效|分项|子)?目标(?:[1-9一二三四五六七八九十]{1,2}|内容|描述|详情)")


_SEAL = re.compile(
    r"[(（](?:(?:加?盖)?(?:单位|部门)?(?:盖章|公章|签章|印章|签字|签名|章)|\d{1,3}分|\d{2,4}字(?:以?内|左右)?)[)）]\s*[:：]?\s*$|\s\d{1,3}分\s*$"
)
"""Where the paper is to be stamped or signed, what it scores, how many characters go there: no part of a label."""


_UNIT_BEHIND = re.compile(r"(?:金额)?(?:单位)?(?:人民币)?(?:万元|千元|亿元|元)$")
_BARE_UNIT_BEHIND = re.compile(r"(?:万元|千元|亿元|元)$")


def unsealed(text: str) -> str:
    """A label without what says where the paper is to be stamped or signed: 单位（盖章）."""
    return _SEAL.sub("", text)


def _funding_heading(bare: str) -> str | None:
    """Whether a key is the heading of the funding block with its money unit behind it (项目资金（单位：万元）)."""
    return "funding" if roles("fields").get(_UNIT_BEHIND.sub("", bare)) == "funding" else None


_UNIT_LINE = re.compile(r"^(?:金额)?单位(?:人民币)?(?:万元|千元|亿元|元)$")


@remembered
def is_unit_line(text: str) -> bool:
    """Whether a text says only in which unit the amounts of a form are (单位：万元)."""
    return len(text) < 30 and bool(_UNIT_LINE.match(key(text)))


def is_unit_label(label: str, value: str) -> bool:
    """Whether two cells say in which unit the amounts are (金额单位, 万元)."""
    return bool(_UNIT_LABEL.fullmatch(key(label)) and _BARE_UNIT_BEHIND.fullmatch(key(value).removeprefix("人民币")))


_UNIT_LABEL = re.compile(r"(?:金额|资金|货币|计量)?单位")
_CAPTION = re.compile(r"^(?:附件|附表|(?:附件|附表|公开|预算公开|表)[\d一二三四五六七八九十\-—.]+表?)$")


@remembered
def is_caption(text: str) -> bool:
    """Whether a text is the number of an attachment or table and nothing else (附件3-2：, 表10, 公开14表)."""
    return bool(_CAPTION.match(key(text)))


@remembered
def goal_role(text: str) -> str | None:
    """The role "goal:<scope>" of a goal's label; a period behind it (中期目标(2024年—2026年)) does not count."""
    whole = key(_SEAL.sub("", text))
    bare = _GOAL_YEARS.sub("", whole) or whole
    scope = roles("goals").get(bare) or roles("goals").get(_GOAL_NUMBER.sub("", bare))
    return scope and f"goal:{scope}"


_GOAL_YEARS = re.compile(r"20\d\d年?度?[-—–~至]*")
_GOAL_NUMBER = re.compile(r"(?<=目标)\d$")


_OF_WHICH = re.compile(r"^其中[、,，.]?")
_YEAR_BEFORE = re.compile(r"20\d\d年")


OF_YEAR = re.compile(r"^(?:当年|本年度?|年度)")
"""What begins the label of a funding row of one year (当年其他资金 beside 其他资金)."""


@remembered
def funding_kind(text: str) -> str | None:
    """The kind of a funding row's label: "total", "fiscal", "other" or "part"; None where it is not known."""
    if not may_be_label(text):
        return None
    bare = _OF_WHICH.sub("", key(text))
    yearless = bare[4:] if _YEAR_BEFORE.match(bare) else bare
    known = roles("funding")
    unitless = _BARE_UNIT_BEHIND.sub("", bare)
    found = known.get(bare) or known.get(unitless) or known.get(_UNIT_BEHIND.sub("", yearless))
    return found or known.get(OF_YEAR.sub("", unitless) if OF_YEAR.match(bare) else "")


_UNFILLED = re.compile(r"\s*(?:[^:：\s]{1,16}\s*[:：]\s*)+")


def is_unfilled(text: str) -> bool:
    """Whether a text is labels alone, with nothing behind their colons (项目负责人（签字）：  单位（盖章）：)."""
    return len(text) < 60 and _UNFILLED.fullmatch(text) is not None


_TEMPLATE = re.compile(r"(?:指标\d{0,2}[:：]?)?[….。·]*")


@remembered
def is_template(text: str) -> bool:
    """Whether a text is what a form prints for indicators to be filled in (指标1：, ……)."""
    bare = "".join(text.split())
    return bool(bare) and len(bare) < 20 and _TEMPLATE.fullmatch(bare) is not None


@remembered
def is_block(text: str) -> bool:
    """Whether the text is the label merged down the left of a grid (绩效指标)."""
    return key(_SEAL.sub("", text)) in roles("blocks")


@remembered
def is_sum(text: str) -> bool:
    """Whether a text names a row of sums, which is no indicator."""
    return key(text) in _SUMS


_SUMS = frozenset(
    ("合计", "小计", "总计", "总分", "总得分", "合计得分", "得分合计", "分值合计", "总分值", "合计分值", "自评总分")
)


_TITLE = re.compile(
    r"(?:绩效(?:目标|自评|评价)[^，。；、]{0,6}表|(?:申报|公开|批复|情况)表含.{0,8}绩效.{0,6})(?:公开)?(?:20\d\d年度?)?$"
)
_BEHIND_TITLE = re.compile(r"(?<=表)\s*[(（][^()（）]{1,20}[)）]\s*$")
_PREFIX = re.compile(r"^(?:附件|附表|表)[\d一二三四五六七八九十.\-]*[、.．]?")


@remembered
def titles() -> frozenset[str]:
    """The known titles, as keys."""
    return frozenset(key(title) for title in vocabulary().titles)


@remembered
def is_title(text: str) -> bool:
    """Whether the text ends like the title of a form, or is a known one."""
    if len(text) >= 80:
        return False
    if "绩效" in key(text) and (_TITLE.search(key(text)) or _TITLE.search(key(_BEHIND_TITLE.sub("", text)))):
        return True
    return may_be_label(text) and bare_title(text) in titles()


def bare_title(text: str) -> str:
    """The key of a title without 附件 2： before it and the year behind it."""
    return _YEAR_BEHIND.sub("", _PREFIX.sub("", key(text)))


_YEAR_BEHIND = re.compile(r"20\d\d年度?$")


_UNIT_BESIDE_YEAR = re.compile(
    r"^(?:金额)?单位(?:人民币)?(?:万元|千元|亿元|元)(?=20)|(?:金额)?单位(?:人民币)?(?:万元|千元|亿元|元)$"
)
_YEAR_ROW = re.compile(r"^(?:(?:预算|填报|申报)?年度)?(20\d\d)(?:年度?)?$")


@remembered
def year_row(text: str) -> int | None:
    """The year of a row like (2024 年度), the unit of the amounts perhaps behind it; a bare number is none."""
    bare = _UNIT_BESIDE_YEAR.sub("", map_glyphs(key(text)))
    found = _YEAR_ROW.match(bare)
    return int(found[1]) if found and bare != found[1] else None


_SPAN = re.compile(r"20\d\d年?[-—–－~～至到]+(?:20)?\d\d年")


def form_year(line: str, title: str) -> int | None:
    """The year of a form: that of the line below its title, else that of the title, where it names one and no span."""
    named = named_year(title)
    bare = re.fullmatch(r"20\d\d", map_glyphs(key(line)))
    return (int(bare[0]) if bare else year_row(line) or named_year(line)) if line else named


def named_year(text: str) -> int | None:
    """The year that a title or label names, where it names one and no span."""
    found = re.search(r"(20\d\d)年", _SPAN.sub("", map_glyphs(key(text))))
    return int(found[1]) if found else None


class ClassLabel(Struct, frozen=True):
    """A class of the taxonomy as printed: its canonical name and the note in brackets behind it."""

    name: str
    note: str | None


_CLASS = re.compile(r"^(?P<base>[^()]+?)(?P<tail>\((?P<note>[^()]*)(?P<close>\)分?)?)?$")
_NUMBERING = re.compile(
    r"^(?:\d{1,2}(?:[.．]\d{1,2})*[.．、]?|[一二三四五六七八九十]{1,2}[、.．]|\([一二三四五六七八九十\d]{1,2}\))(?=[一-龥])"
)
_ROUND = str.maketrans("（）【】[]〔〕", "()()()()")
_BRACKETS = re.compile(r"[()（）【】\[\]〔〕]")


@remembered
def _classes(level: int) -> dict[str, str]:
    table: dict[str, Any] = load("classes.toml")[f"level{level}"]
    names: dict[str, str] = {}
    for name, entry in table.items():
        for synonym in (name.removesuffix("指标"), *(entry if level == 1 else entry["synonyms"])):
            names[synonym] = names[synonym + "指标"] = name
    local = [word for word, role in roles("classes").items() if role == f"level{level}"]
    return {form: form for word in local for form in (word, word + "指标")} | names  # no canonical name: as printed


@remembered
def class_label(text: str, level: int, *, strict: bool = True) -> ClassLabel | None:
    """The class that a label names; strict wants its brackets closed and its note to be one that is known."""
    if strict and not may_be_label(text):
        return None
    bare = _NUMBERING.sub("", without_translation(text.translate(spaceless()).translate(_ROUND)))
    found = _CLASS.match(bare)
    name = _classes(level).get(found["base"]) if found else None
    if not found or not name:
        return None
    note = found["note"] or None
    if strict and found["tail"] and not (found["close"] and known_note(note)):
        return None
    return ClassLabel(name, note)


def split_note(text: str) -> tuple[str, str]:
    """A label and the bracket behind it, brackets included."""
    found = re.match(r"^([^(（【\[]+)(.*)$", text, re.DOTALL)
    return (found[1], found[2]) if found else (text, "")


def known_note(note: str | None) -> bool:
    """Whether a note in brackets behind a class is one that forms print: 必填, 选填, 50分, 30%, 30."""
    return bool(note) and (note in load("classes.toml")["notes"]["required"] or bool(_NOTE.fullmatch(note or "")))


_NOTE = re.compile(r"\d+(分|%)|\d{1,3}(-\d{1,3})?分?")


def required_note(note: str | None) -> str | None:
    """The note where it says whether the class must be filled in."""
    return note if note in load("classes.toml")["notes"]["required"] else None


def home_of(level2: str) -> tuple[str, ...]:
    """The first levels that may hold a second level, the usual one first."""
    entry = load("classes.toml")["level2"].get(level2)
    return tuple(entry["under"]) if entry else ()


_SHORT_HEADERS = ("权重", "分值", "得分", "备注", "名称")
"""Headers of two characters that stand for themselves; others are the ends of longer labels too (计量|单位)."""


@remembered
def label_kinds(text: str) -> frozenset[str]:
    """The kinds of label that a text is as it stands (strict: brackets closed, nothing missing); often empty."""
    if not may_be_label(text) or not balanced(text):
        return frozenset()
    kinds = {
        "field": field_role(text),
        "funding": funding_kind(text),
        "header": (len(key(text)) > 2 or text in _SHORT_HEADERS) and is_header(text),
        "block": is_block(text),
        "level1": class_label(text, 1),
        "level2": class_label(text, 2),
        "title": key(text) in titles(),
        "year": year_row(text),
        "unit": is_unit_line(text),
    }
    return frozenset(kind for kind, found in kinds.items() if found)


def is_prose(text: str) -> bool:
    """Whether a text has a Han character that stands in no label, as most of what people write has: no part of one."""
    return _letters()[0].search(text) is not None


def may_be_label(text: str) -> bool:
    """Whether a text has no character that stands in no label, and one that does."""
    stranger, letter = _letters()
    return stranger.search(text) is None and letter.search(text) is not None


@remembered
def _letters() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A Han character that no label has, in its words or around them; and what each label has one of."""
    words = [*titles(), *vocabulary().columns, *chain(*vocabulary().roles.values()), *class_words(1), *class_words(2)]
    around = (*load("classes.toml")["notes"]["required"], *(rule.pattern for rule in _AROUND))
    known = {ord(char) for word in chain(words, around) for char in word if _HAN[0] < ord(char) < _HAN[1]}
    gaps = pairwise((_HAN[0], *sorted(known), _HAN[1]))
    strangers = "".join(f"{chr(low + 1)}-{chr(high - 1)}" for low, high in gaps if high - low > 1)
    letter = re.compile("[\u2e80-\u2fdf\u3400-\u9fff]")  # with the radicals that depict them
    return re.compile(f"[{strangers}]"), letter if all(map(letter.search, words)) else re.compile("")


_HAN = (0x33FF, 0xA000)  # the code points before and behind them; `key` never takes one of them out of a text
_AROUND = (
    _SECTION, _SEAL, _NUMBER, _UNIT_BEHIND, _BARE_UNIT_BEHIND, _UNIT_LINE, _OF_WHICH, OF_YEAR, _YEAR_BEFORE,
    _GOAL_YEARS, _UNIT_BESIDE_YEAR, _YEAR_ROW, _PREFIX, _YEAR_BEHIND, _NUMBERING, _NOTE,
)  # fmt: skip
"""What a label may have around its words."""


def balanced(text: str) -> bool:
    """Whether every bracket that opens closes."""
    if not _BRACKETS.search(text):
        return True
    round_ = text.translate(_ROUND)
    return round_.count("(") == round_.count(")")


def nearest(text: str, words: Iterable[str]) -> str | None:
    """The one word at edit distance 1 of a label's key; None where there is none, or more than one."""
    bare = key(text)
    found = {word for word in words if len(word) >= 4 and _one_edit(bare, word)}
    return found.pop() if len(found) == 1 else None


def nearest_class(text: str, level: int) -> str | None:
    """The shortest spelling at edit distance 1 of a class's label; None where none is, or those of several classes."""
    bare, known = key(text), _classes(level)
    found = [word for word in known if len(word) >= 4 and _one_edit(bare, word)]
    return min(found, key=len) if len({known[word] for word in found}) == 1 else None


def class_words(level: int) -> tuple[str, ...]:
    """All spellings of the classes of a level."""
    return tuple(_classes(level))


@remembered
def first_characters() -> frozenset[str]:
    """What the labels merged down the left of a grid begin with."""
    words = [*class_words(1), *class_words(2), *roles("blocks")]
    return frozenset(word[0] for word in words)


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[head:], b[head:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]
