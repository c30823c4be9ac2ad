"""Printed values -> numbers, ranges, dates, frequencies, grades, amounts and periods."""

from normalize.values.amounts import Amount, parse_amount
from normalize.values.dates import asks_time
from normalize.values.periods import parse_period
from normalize.values.targets import is_value_like, parse_target, parse_time
from normalize.values.tidy import OPERATOR_GLYPHS, is_tidy, map_glyphs, tidy_value

__all__ = [
    "OPERATOR_GLYPHS",
    "Amount",
    "asks_time",
    "is_tidy",
    "is_value_like",
    "map_glyphs",
    "parse_amount",
    "parse_period",
    "parse_target",
    "parse_time",
    "tidy_value",
]
