"""Readings that are no value at all, beside one alternative that is: 316万兀 beside 316万元, 3I6 beside 316."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from normalize.checks.values import exceeds, misread
from normalize.choices.candidates import candidates, chosen
from normalize.values import parse_amount, parse_target
from normalize.values.units import listed_unit
from schemas.form import Form, FormFunding, FormIndicator
from schemas.text import Text

RULE = "reading-pattern"

_SURE = 0.9
_FOR_ONE = 2  # characters that one may have been read as: m2 for ㎡
_ALIKE = {"0": ("O", "o", "〇", "○", "D"), "1": ("l", "I", "|", "i"), "2": ("Z", "z"), "5": ("S", "s"), "8": ("B",)}
_STATED = re.compile(r"[0-9%％‰≥≤><=]")
_KINDS = frozenset({"number", "range", "date", "frequency"})


def choose_patterns(form: Form) -> Form:
    """The form with readings replaced that are no values, where one alternative alone is a value of its kind."""
    return replace(
        form,
        funding=tuple(_funding(row) for row in form.funding),
        indicators=tuple(_indicator(row) for row in form.indicators),
    )


def _funding(row: FormFunding) -> FormFunding:
    execution = tuple((role, _only(text, is_number)) for role, text in row.execution)
    return replace(row, amount=_only(row.amount, is_number), execution=execution)


def _indicator(row: FormIndicator) -> FormIndicator:
    return replace(
        row,
        target=_signed(_only(row.target, is_value), row.name.value),
        actual=_only(row.actual, is_value),
        weight=_only(row.weight, is_number),
        score=_only(row.score, is_number),
    )


def _only(text: Text, is_good: Callable[[str], bool]) -> Text:
    """The text with the only alternative that is a value, where the reading states something and is none."""
    others = candidates(text)
    if not others or is_good(text.value) or not _STATED.search(text.value + "".join(others)):
        return text
    good = [other for other in others if is_good(other)]
    if len(good) != 1 or not _is_near(text.value, good[0]):
        return text
    evidence = f"“{text.value}” is no value of this column; of what the recogniser offers “{good[0]}” alone is one"
    return chosen(text, good[0], RULE, evidence, _SURE)


def _is_near(reading: str, other: str) -> bool:
    """Whether two readings differ in one character; any digit would fit, so only one that looks alike is taken."""
    head = _alike(reading, other)
    tail = _alike(reading[head:][::-1], other[head:][::-1])
    was, now = reading[head : len(reading) - tail], other[head : len(other) - tail]
    if len(now) != 1 or len(was) > _FOR_ONE:
        return False
    return was in _ALIKE.get(now, ()) if now.isdecimal() else not any(char.isdecimal() for char in was)


def _alike(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def is_number(text: str) -> bool:
    """Whether a text is an amount, a weight, a score or a rate."""
    return parse_amount(text.strip().rstrip("%％分")).amount is not None


def is_value(text: str) -> bool:
    """Whether a text is a number or range with a listed unit or none, a date or a frequency."""
    value = parse_target(text)
    return value.kind in _KINDS and (not value.unit or listed_unit(value.unit) is not None)


def _signed(text: Text, name: str) -> Text:
    """A share above all there is that begins with a 2 (295%), where the recogniser itself offers ≥ for that 2."""
    value = parse_target(text.value)
    sign = f"≥{misread(value)}%"
    if not exceeds(value, name) or sign not in candidates(text):
        return text
    evidence = f"a share of more than 100 %; of what the recogniser offers “{sign}” has ≥ in the place of the 2"
    return chosen(text, sign, RULE, evidence, _SURE)
