"""A value whose operator and unit stand in columns of their own or in the indicator's name: one text, ≥95%."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from normalize.flow import finding
from normalize.layouts.content import is_quality, is_unit, operator_of, says_nothing
from normalize.values import map_glyphs, parse_target, tidy_value
from normalize.values.units import read_measure
from schemas.audit import Finding
from schemas.text import BLANK, Edit, ScanPlace, Text

_BRACKET = re.compile(r"\s*[(（]\s*(?P<inside>[^()（）]{1,16})\s*[)）]\s*$")
_BLANKED = r"[*＊×xXＸ_＿…]+|[-—–]{2,}|○+"
_WORDS_BEHIND = re.compile(
    r"(?<=\d)\s*(?:[(（]含[)）])?(?:及其?|或者?)?(?:以上|以下|以内|之内|内|左右)(?:[(（]含[)）])?$"
)
_PLACEHOLDER = re.compile(rf"^(?P<sign>[≥≤><=])?\s*(?P<blank>{_BLANKED})?\s*(?P<unit>\D*)$")


class Composed(Struct, frozen=True):
    """An indicator's name without its placeholder, the whole value, and what the name or a column contradicts."""

    name: Text
    target: Text
    notes: tuple[Finding, ...] = ()


def compose(name: Text, operator: Text, value: Text, unit: Text) -> Composed:
    """The value with the operator and unit of their own columns, else with those that the name's last bracket holds."""
    whole, notes = _with_columns(operator, value, unit)
    name, sign, measure = _without_placeholder(name, whole)
    return Composed(name, _with_name(whole, sign, measure), tuple(notes))


def _with_columns(operator: Text, value: Text, unit: Text) -> tuple[Text, list[Finding]]:
    sign = operator_of(operator.value) if operator else None
    measure = unit.value.strip() if unit and not says_nothing(unit.value) else ""
    if not value or not (sign or measure or operator):
        return value, []
    read = parse_target(value.value)
    notes: list[Finding] = []
    if not sign and read.kind in ("number", "date") and read.operator is None and _is_odd(operator):
        notes.append(_no_operator(operator, value))
    if not (sign or measure):
        return value, notes
    if sign and read.operator and read.operator != sign:
        notes.append(_contradiction(operator, value))
    parts = [operator if sign and read.operator is None and _takes_sign(value) else BLANK, value]
    if measure and read.kind in ("number", "range") and read.unit is None and is_unit(measure):
        parts.append(unit)
    elif measure and read.unit and _other_unit(measure, read.unit):
        notes.append(_contradiction(unit, value))
    return _joined(parts, sign or ""), notes


def _is_odd(operator: Text) -> bool:
    """Whether what stands in a column of operators is none, nor 定性; a dash in a picture may be what is left of =."""
    seen = any(isinstance(place, ScanPlace) for place in operator.places)
    return bool(operator) and not is_quality(operator.value) and (seen or not says_nothing(operator.value))


def _no_operator(operator: Text, value: Text) -> Finding:
    shown, own = operator.value.strip()[:20], value.value.strip()[:20]
    messages = (
        f"比较符号栏的“{shown}”不是比较符号，指标值“{own}”未带符号",
        f"“{shown}” in the column of operators is none; the value “{own}” has no operator",
    )
    return finding("operator-unclear", "warning", "reading", messages, operator.places)


def _takes_sign(value: Text) -> bool:
    return parse_target(value.value).kind in ("number", "date")


def _other_unit(measure: str, own: str) -> bool:
    read = read_measure(measure)
    return read is not None and read.unit is not None and read.unit != own


def _joined(parts: Sequence[Text], sign: str) -> Text:
    """The parts as one text, logged as one repair from what the cells print to the whole."""
    filled = [part for part in parts if part]
    if len(filled) == 1:
        return filled[0]
    texts = [sign if part is parts[0] else part.value.strip() for part in filled]
    if filled[-1] is parts[-1] and len(parts) > 2:
        texts[-2:] = [_measured(*texts[-2:])]
    places = tuple(place for part in filled for place in part.places)
    sure = min([0.97, *(edit.confidence for part in filled for edit in part.edits)])
    evidence = "operator, value and unit stand in columns of their own"
    before, whole = "\n".join(place.text for place in places), tidy_value("".join(texts))
    return Text(whole, places, (Edit("typed-columns", before, whole, evidence, sure),))


def _measured(value: str, unit: str) -> str:
    """A value with its unit, which belongs before words that end it: 95以上 and % are 95%以上."""
    found = _WORDS_BEHIND.search(value)
    return f"{value[: found.start()]}{unit}{found[0].lstrip()}" if found and unit else f"{value}{unit}"


def _without_placeholder(name: Text, value: Text) -> tuple[Text, str, str]:
    """The name, and the operator and unit that its last bracket states: 苗木成活率（≥**%）, 面积（亩）."""
    found = _BRACKET.search(name.value)
    inside = _PLACEHOLDER.match(map_glyphs(found["inside"]).strip()) if found else None
    if not found or not inside:
        return name, "", ""
    sign = operator_of(inside["sign"]) if inside["sign"] else None
    unit = inside["unit"].strip()
    if unit and read_measure(unit, listed_only=True) is None:
        return name, "", ""
    is_blanked = bool(sign or inside["blank"])
    read = parse_target(value.value) if value else None
    bare = read is not None and read.kind in ("number", "range") and read.unit is None
    if not is_blanked and not (bare and unit):
        return name, "", ""
    evidence = "the bracket behind the name states operator or unit of the value"
    return name.edit(name.value[: found.start()].rstrip(), "placeholder", evidence, 0.95), sign or "", unit


def _with_name(value: Text, sign: str, unit: str) -> Text:
    if not value or not (sign or unit):
        return value
    read = parse_target(value.value)
    if read.kind not in ("number", "range"):
        return value
    before = sign if read.operator is None and read.kind == "number" else ""
    whole = _measured(value.value.strip(), unit if read.unit is None else "")
    evidence = "operator or unit stand in the indicator's name"
    return value.edit(f"{before}{whole}", "name-unit", evidence, 0.93)


def _contradiction(column: Text, value: Text) -> Finding:
    printed, own = column.value.strip(), value.value.strip()
    messages = (
        f"“{printed}”列与指标值“{own}”自带的符号或单位不一致，以指标值为准",
        f"the column says “{printed}”, the value “{own}” itself another operator or unit; the value is kept as printed",
    )
    return finding("typed-columns", "warning", "reading", messages, (*column.places, *value.places))
