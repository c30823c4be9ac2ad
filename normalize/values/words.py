"""Values in words: grades, blanks nobody filled in, and how often something happens."""

from __future__ import annotations

import re

from msgspec import Struct

from normalize.values.heads import GLYPHS, read_head
from normalize.values.quantities import DONE, read_quantity, read_tail
from normalize.values.reading import Reading
from normalize.values.units import Measure, counted_unit, listed_unit, read_measure, unit_table
from schemas.project import Operator, TargetKind

_SCALES_OF_GRADES = ("高中低", "高/中/低", "优良中差", "优良中低差", "优/良/中/差", "是/否")
GRADES = frozenset(
    ("高", "中", "低", "优", "良", "差", "优良", "优秀", "良好", "合格", "不合格", "一般", "较差", "达标", "是", "否")
).union(_SCALES_OF_GRADES)
# Classes of quality: Ⅲ类, A级, AAA级, 5A级, 甲级. 三级 may be three levels, 3级 is a number.
_RANK = re.compile(
    r"(?:(?:[ⅠⅡⅢⅣⅤⅥ]|I{1,3}|IV|VI?)[类级](?:水质?|标准)?|(?:A{1,5}|[1-5]A|[B-E]|[甲乙丙丁])级)"
    r"(?:(?P<up>及?以上|\(含\)以上)|(?P<down>及?以下))?"
)
_BLANK = r"(?:\*+|[Xx×□○]{2,}|X|_+|\(\)|[-–]+|…+)"
_BLANK_VALUE = re.compile(_BLANK)
_BLANK_DATE = re.compile(rf"(?:{_BLANK}[年月日底前]{{1,2}}){{2,3}}")
_MARKS_ONLY = re.compile(r"[-–/\\_…·]+")
_INSTRUCTION = re.compile(
    r"[(\[【<《]?(?:请(?:在此|在这里|按|据实|如实|根据|自行)?.{0,4}?(?:填|输入|选择)|(?:在)?此处?填|此处输入|待填"
    r"|填写(?!完整|完毕|规范|准确|真实|及时|质量|率|正确))"
)

_SPAN = "半年|半月|学年|学期|工作日|星期|季度|年度|月度|季|年|月|周|旬|日|天"
_SPANS = {"季": "季度", "年度": "年", "月度": "月", "星期": "周", "个月": "月", "个季度": "季度"}
_SPAN_NAMES = frozenset(_SPAN.split("|"))
_OFTEN = re.compile(
    rf"(?:每|按|逐)个?(?P<span>{_SPAN})(?:及时|按时|准时|足额|定期|均衡|按期|如期|各|进行|开展)*"
    rf"(?:{DONE}|结算|开展|上报|兑付|兑现|拨款|报送|进行|更新|巡查|检查|维护|考核|缴存|核算|统计|通报|报告|推进)?"
)
_ONCE_IN = re.compile(rf"(?:[一1](?P<span>{_SPAN})|(?P<half>半年|半月))(?P<rest>.+)", re.DOTALL)
# 3月 and 5日 may be days of the calendar, 2年 and 3个月 are spans in any case.
_SEVERAL = re.compile(
    r"(?:[2-9]|[1-9][0-9]|[两二三四五六七八九十])(?:年|学年|个?学期|个月|周|个?星期|天|个?工作日|小时)"
)
_OF_EACH = re.compile(r"(?P<name>[人户亩生村校次])均(?P<rest>.+)", re.DOTALL)
_LONGEST_EACH = 6


def read_grade(text: str) -> Reading | None:
    """A grade of the closed list, compared or not (≥良好)."""
    if text in GRADES:
        return {"kind": "grade"}
    if text[:1] in GLYPHS and text[1:] in GRADES:
        return {"kind": "grade", "operator": GLYPHS[text[0]]}
    rank = _RANK.fullmatch(text)
    if rank is None:
        return None
    return {"kind": "grade", "operator": "≥" if rank["up"] else "≤" if rank["down"] else None}


def read_unfilled(text: str) -> Reading | None:
    """Placeholders, dashes, a unit or an operator alone, instructions; with the printed operator and unit."""
    if _MARKS_ONLY.fullmatch(text) or _BLANK_DATE.fullmatch(text) or _INSTRUCTION.match(text):
        return {"kind": "unfilled"}
    head = read_head(text)
    if head.neutral or head.approximate:
        return None
    blank = _BLANK_VALUE.match(head.rest)
    if blank:
        tail = read_tail(head.rest[blank.end() :], listed_only=True)
        return _blank(head.operator or tail.operator, tail.measure) if tail else None
    measure = read_measure(head.rest, listed_only=True)
    return _blank(head.operator, measure) if measure and (measure.unit or head.glyph) else None


def _blank(operator: Operator | None, measure: Measure) -> Reading:
    return {"kind": "unfilled", "operator": operator, "unit": measure.unit, "per": measure.per}


def read_frequency(text: str) -> Reading | None:
    """How often: 按月发放, 每季度1次, 一年两次; also amounts for each of something (每人每月500元): numbers."""
    often = _OFTEN.fullmatch(text)
    if often:
        return {"kind": "frequency", "per": _span(often["span"])}
    if text[:1] == "每":
        return _each(text)
    if share := _OF_EACH.fullmatch(text):
        return _quantity_per(share["name"], share["rest"])
    if several := _SEVERAL.match(text):
        return _times(counted_unit(several[0]) or "", text[several.end() :])
    once = _ONCE_IN.fullmatch(text)
    return _times(_span(once["span"] or once["half"]), once["rest"]) if once else None


def _span(printed: str) -> str:
    return _SPANS.get(printed, printed)


def _times(span: str, rest: str) -> Reading | None:
    """1次, ≥2次: occurrences within `span`."""
    reading = _quantity_per(span, rest)
    return reading if reading and reading["kind"] == "frequency" else None


def _quantity_per(per: str, rest: str) -> Reading | None:
    """The quantity `rest` by `per`: a frequency where it counts occurrences in a span of time."""
    reading = read_quantity(read_head(rest))
    if reading is None:
        return None
    further = reading.get("per")  # 每人500元/月
    by = f"{per}*{further}" if further else per
    counted = reading["kind"] == "number" and reading.get("unit") in unit_table().occurrences
    in_time = by in _SPAN_NAMES or _SEVERAL.fullmatch(by)
    kind: TargetKind = "frequency" if counted and in_time else reading["kind"]
    return reading | {"kind": kind, "per": by}


def _each(text: str) -> Reading | None:
    """每人每月500元: 500 元 per 人*月."""
    names: list[str] = []
    rest = text
    while rest[:1] == "每":
        name = _longest_name(rest[1:])
        if name is None:
            return None
        rest = rest[1 + len(name.printed) :]
        names.append(name.canonical)
    return _quantity_per("*".join(names), rest)


class _Name(Struct, frozen=True):
    printed: str
    canonical: str


def _longest_name(text: str) -> _Name | None:
    """The longest span or listed unit that `text` begins with."""
    for length in range(_LONGEST_EACH, 0, -1):
        printed = text[:length]
        known = printed in _SPAN_NAMES or printed in _SPANS
        canonical = _span(printed) if known else listed_unit(printed) or counted_unit(printed)
        if canonical:
            return _Name(printed, canonical)
    return None
