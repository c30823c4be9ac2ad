"""Readings that make a sum right: a total and its parts, weights and scores, a rate of execution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import product
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.block import printed_unit
from normalize.checks.scores import is_whole, rate_of
from normalize.checks.shared import total
from normalize.checks.sums import nearest_sum, totals
from normalize.choices.candidates import candidates, chosen, is_doubtful
from normalize.headers import column
from normalize.layouts.content import says_nothing
from normalize.values import parse_amount
from normalize.values.units import EXACT
from normalize.words import key
from schemas.form import Form, FormField, FormFunding, FormIndicator
from schemas.project import Funding
from schemas.text import BLANK, Text

RULE = "reading-sum"

_SURE = 0.95
_MOST = 400  # combinations that are tried
_COLUMNS = ("amount", "initial", "executed")

Numbers = Sequence[Decimal | None]


class _Slot(Struct, frozen=True):
    """A text of an equation with the numbers that it may be, its own first; None where nothing is printed."""

    text: Text
    options: tuple[tuple[str, Decimal | None], ...]


def choose_sums(form: Form) -> Form:
    """The form with each reading chosen, or confirmed, that alone makes an equation of the form hold."""
    form = replace(form, funding=_funding(form.funding))
    form = replace(form, funding=tuple(_execution(row) for row in form.funding))
    for role in ("weight", "score"):
        form = _column(form, role)
    return form


def _slot(text: Text, unit: str | None = None) -> _Slot:
    if not text or says_nothing(text.value):
        return _Slot(text, ((text.value, None),))
    options = [(value, _number(value, unit)) for value in (text.value, *candidates(text))]
    return _Slot(text, tuple(option for option in options if option[1] is not None))


def _number(text: str, unit: str | None) -> Decimal | None:
    amount = parse_amount(text.strip().rstrip("%％分"), unit)
    return amount.yuan if amount.yuan is not None else amount.amount


def _solved(slots: Sequence[_Slot], holds: Callable[[Numbers], bool], what: str) -> list[Text]:
    """The texts of an equation, chosen or confirmed where it holds with one combination of readings and no other."""
    texts = [slot.text for slot in slots]
    doubtful = [at for at, text in enumerate(texts) if is_doubtful(text) and not text.settled]
    if not doubtful or not 0 < prod(len(slot.options) for slot in slots) <= _MOST:
        return texts
    found = []
    numbers = [slot.options[0][1] for slot in slots]
    for choice in product(*(slots[at].options for at in doubtful)):
        for at, (_, number) in zip(doubtful, choice, strict=True):
            numbers[at] = number
        if holds(numbers):
            found.append(choice)
    if len(found) != 1:
        return texts
    evidence = f"{what}; no other combination of what the recogniser offers does so"
    for at, (value, _) in zip(doubtful, found[0], strict=True):
        texts[at] = chosen(texts[at], value, RULE, evidence, _SURE)
    return texts


# Money: a total and the rows below it, in each column.


def _funding(rows: tuple[FormFunding, ...]) -> tuple[FormFunding, ...]:
    for role in _COLUMNS:
        found = list(rows)
        for first, below in totals(found):
            group = [first, *below]
            slots = [_slot(_cell(found[at], role), printed_unit(found[at].unit)) for at in group]
            texts = _solved(slots, _adds_up([found[at] for at in group]), "the total is the sum of its parts")
            for at, text in zip(group, texts, strict=True):
                found[at] = _with(found[at], role, text)
        rows = tuple(found)
    return rows


def _adds_up(rows: Sequence[FormFunding]) -> Callable[[Numbers], bool]:
    """Whether the first row's number is the sum of the others'; blank ones do not count, but not all may be blank."""

    def holds(numbers: Numbers) -> bool:
        goal, *parts = numbers
        if goal is None or all(part is None for part in parts):
            return False
        below = [
            Funding(label="", kind=row.kind, scope=row.scope, amount=part, unit=None, yuan=part)
            for row, part in zip(rows[1:], parts, strict=True)
        ]
        return nearest_sum(goal, tuple(below)) == goal

    return holds


def _cell(row: FormFunding, role: str) -> Text:
    return row.amount if role == "amount" else dict(row.execution).get(role, BLANK)


def _with(row: FormFunding, role: str, text: Text) -> FormFunding:
    if role == "amount":
        return replace(row, amount=text)
    return replace(row, execution=tuple((name, text if name == role else old) for name, old in row.execution))


def _execution(row: FormFunding) -> FormFunding:
    """A row of which the rate is what was spent out of the budget."""
    roles = ("amount", "executed", "rate")
    unit = printed_unit(row.unit)
    slots = [_slot(_cell(row, role), None if role == "rate" else unit) for role in roles]
    if not all(slot.text for slot in slots):
        return row
    texts = _solved(slots, _is_rate, "the rate is what was spent of the budget")
    for role, text in zip(roles, texts, strict=True):
        row = _with(row, role, text)
    return row


def _is_rate(numbers: Numbers) -> bool:
    budget, executed, rate = numbers
    if not budget or executed is None or rate is None:
        return False
    exact = rate_of(budget, executed)
    return any(printed == EXACT.quantize(exact, printed) for printed in (rate, EXACT.multiply(rate, Decimal(100))))


# Weights and scores: a column of the grid, and its sum where the form prints one.


def _column(form: Form, role: str) -> Form:
    for scope in dict.fromkeys(row.scope for row in form.indicators):
        at = [index for index, row in enumerate(form.indicators) if row.scope == scope and getattr(row, role)]
        sums = [index for index, field in enumerate(form.fields) if _is_sum(field, role)]
        slots = [_slot(getattr(form.indicators[index], role)) for index in at]
        if len(sums) == 1 and len({row.scope for row in form.indicators}) == 1:
            slots.append(_slot(form.fields[sums[0]].value))
            texts = _solved(slots, _is_sum_of(_aside(form.funding, role)), "the column adds up to the sum below it")
            form = _with_field(form, sums[0], texts.pop())
        elif role == "weight" and len(at) > 1:
            texts = _solved(slots, _is_whole, "the weights add up to the whole")
        else:
            continue
        form = _with_column(form, role, dict(zip(at, texts, strict=True)))
    return form


def _is_sum(field: FormField, role: str) -> bool:
    """Whether a field is the sum of a column, as the reader of forms names it: 总分（得分）."""
    label, _, header = field.label.value.rstrip("）").partition("（")
    known = column(header)
    return lexicon.is_sum(key(label)) and known is not None and role in known.roles


def _aside(rows: Iterable[FormFunding], role: str) -> list[Decimal]:
    """The weights or scores of the budget's execution, which a form may count in."""
    numbers = [_number(text.value, None) for row in rows if (text := dict(row.execution).get(role, BLANK))]
    return [number for number in numbers if number is not None]


def _is_sum_of(aside: list[Decimal]) -> Callable[[Numbers], bool]:
    def holds(numbers: Numbers) -> bool:
        found = total(number for number in numbers[:-1] if number is not None)
        return numbers[-1] is not None and numbers[-1] in (found, EXACT.add(found, total(aside)))

    return holds


def _is_whole(numbers: Numbers) -> bool:
    return is_whole(total(number for number in numbers if number is not None), Decimal(0))


def _with_field(form: Form, at: int, value: Text) -> Form:
    return replace(form, fields=(*form.fields[:at], replace(form.fields[at], value=value), *form.fields[at + 1 :]))


def _with_column(form: Form, role: str, texts: dict[int, Text]) -> Form:
    rows: list[FormIndicator] = list(form.indicators)
    for index, text in texts.items():
        rows[index] = replace(rows[index], weight=text) if role == "weight" else replace(rows[index], score=text)
    return replace(form, indicators=tuple(rows))
