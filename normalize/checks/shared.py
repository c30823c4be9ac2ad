"""What several checks need: how values are shown in a message, and what counts when texts are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import reduce

from normalize.values.units import EXACT, shortest, unit_table
from schemas.project import Indicator, Project, TargetValue

_NO_WORD = re.compile(r"[\W_]+")
_YEARS = re.compile(r"(?<![0-9])(20[0-9]{2})(?:[年度]*[-—–~～至到]+(20[0-9]{2}))?(?=[学财]?年)")
_TITLES = re.compile(r"《[^《》]*》")


def shown(text: str, longest: int = 40) -> str:
    """A printed text inside a message, on one line and cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def plain(number: Decimal) -> str:
    """A number without exponent and needless zeros."""
    return format(shortest(number), "f")


def money(yuan: Decimal) -> str:
    """An amount as a person would say it: 19270元, 1437.66万元."""
    return f"{plain(yuan)}元" if abs(yuan) < 100_000 else f"{plain(EXACT.multiply(yuan, Decimal('0.0001')))}万元"


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return reduce(EXACT.add, numbers, Decimal(0))


def differ(a: Decimal, b: Decimal, tolerance: Decimal) -> bool:
    """Whether two numbers lie further apart than rounding explains."""
    return abs(EXACT.subtract(a, b)) > tolerance


def half_digit(printed: Decimal, factor: Decimal) -> Decimal:
    """Half a unit in the last printed digit, times the scale of the printed unit."""
    exponent = printed.as_tuple().exponent
    return EXACT.multiply(Decimal((0, (5,), int(exponent) - 1)), factor)


def bare(text: str) -> str:
    """What of a text counts when wordings are compared: letters and digits."""
    return _NO_WORD.sub("", text)


def years_in(text: str) -> set[int]:
    """The calendar years that a text bears (2024年, 2023-2025年), titles of documents left out."""
    if "20" not in text:
        return set()
    found = _YEARS.findall(_TITLES.sub("", text))
    return {int(year) for pair in found for year in pair if year}


def is_money(value: TargetValue) -> bool:
    """Whether a value counts 元."""
    return value.base_unit == "元" and value.base_number is not None


def is_currency(unit: str | None) -> bool:
    """Whether a base unit is one of money, of any country."""
    return unit in unit_table().currencies


def is_cost(indicator: Indicator) -> bool:
    """Whether an indicator stands under 成本, as a class of 产出 or in the style of 2021 on its own."""
    if indicator.level2 in ("成本指标", "经济成本指标"):
        return True
    return indicator.level2 is None and indicator.level1 == "成本指标"


def class_name(indicator: Indicator) -> str:
    """The class of an indicator as people say it (数量); "" where none is known."""
    return (indicator.level2 or indicator.level1 or "").removesuffix("指标")


def same_value(a: TargetValue, b: TargetValue) -> bool:
    """Whether two values say the same, however they are printed."""
    if a.kind in ("text", "grade") or b.kind in ("text", "grade"):
        return bare(a.text or "") == bare(b.text or "")
    meaning = [(v.kind, v.operator, v.base_number, v.upper, v.base_unit, v.per, v.date) for v in (a, b)]
    return meaning[0] == meaning[1]


def printed(project: Project) -> str:
    """All printed texts of a project (those of `texts_of`) as one, by which most projects are done with at once."""
    texts: list[str | None] = [project.form, project.name, project.code, project.unit]
    texts += (project.department.name, project.department.code, project.attribute.name, project.attribute.code)
    texts += [project.period.text if project.period else None]
    texts += [row.label for row in project.funding]
    texts += [goal.text for goal in project.goals]
    for each in project.indicators:
        texts += (each.name, each.level1, each.level2, each.target.text, each.reason)
        texts += [each.actual.text] if each.actual else []
    texts += [label + text for label, text in project.extra.items()]
    return "\n".join(filter(None, texts))


def texts_of(project: Project) -> Iterator[tuple[str, str]]:
    """Every printed text of a project with its pointer."""
    heading = {"/form": project.form, "/name": project.name, "/code": project.code, "/unit": project.unit}
    heading |= {"/department/name": project.department.name, "/department/code": project.department.code}
    heading |= {"/attribute/name": project.attribute.name, "/attribute/code": project.attribute.code}
    heading |= {"/period": project.period.text if project.period else None}
    yield from ((pointer, text) for pointer, text in heading.items() if text)
    yield from ((f"/funding/{i}/label", row.label) for i, row in enumerate(project.funding))
    yield from ((f"/goals/{i}/text", goal.text) for i, goal in enumerate(project.goals))
    for index, indicator in enumerate(project.indicators):
        yield from _texts_of_indicator(f"/indicators/{index}", indicator)
    yield from ((extra_pointer(label), label + text) for label, text in project.extra.items())


def _texts_of_indicator(pointer: str, indicator: Indicator) -> Iterator[tuple[str, str]]:
    yield f"{pointer}/name", indicator.name
    actual = indicator.actual.text if indicator.actual else None
    for part, text in (
        ("level1", indicator.level1),
        ("level2", indicator.level2),
        ("target", indicator.target.text),
        ("actual", actual),
        ("reason", indicator.reason),
    ):
        if text:
            yield f"{pointer}/{part}", text


def extra_pointer(label: str) -> str:
    """The RFC 6901 pointer of a field kept in `extra`."""
    return "/extra/" + label.replace("~", "~0").replace("/", "~1")
