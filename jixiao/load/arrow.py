"""Columns for DuckDB, as Arrow holds them in memory.

The buffers are made here, since pyarrow.array loads pandas first, which takes longer than a thousand documents do.
"""

from __future__ import annotations

import importlib
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

Values = Sequence[Any]


def table(columns: Sequence[tuple[sa.Column[Any], Values]]) -> Any:
    """A pyarrow.Table; numbers stand in it as their digits, of which DuckDB makes decimals itself."""
    arrow = importlib.import_module("pyarrow")
    arrays = [_WAYS.get(type(column.type), _texts)(arrow, values) for column, values in columns]
    return arrow.Table.from_arrays(arrays, [column.name for column, _ in columns])


def _texts(arrow: Any, values: Values) -> Any:
    return _strings(arrow, values, [b"" if value is None else value.encode() for value in values])


def _digits(arrow: Any, values: Values) -> Any:
    return _strings(arrow, values, [b"" if value is None else str(value).encode() for value in values])


def _json(arrow: Any, values: Values) -> Any:
    texts = _strings(arrow, values, [b"" if value is None else bytes(value) for value in values])
    return arrow.ExtensionArray.from_storage(arrow.json_(texts.type), texts)


def _strings(arrow: Any, values: Values, data: list[bytes]) -> Any:
    ends = array("q", accumulate(map(len, data), initial=0))
    buffers = [_present(arrow, values), arrow.py_buffer(ends), arrow.py_buffer(b"".join(data))]
    return arrow.Array.from_buffers(arrow.large_string(), len(values), buffers)


def _whole(arrow: Any, values: Values) -> Any:
    numbers = array("q", [0 if value is None else value for value in values])
    return arrow.Array.from_buffers(arrow.int64(), len(values), [_present(arrow, values), arrow.py_buffer(numbers)])


def _present(arrow: Any, values: Values) -> Any:
    """A bit for each value that is there, the lowest first; no buffer where all are."""
    there = [value is not None for value in values]
    if all(there):
        return None
    bits = int("".join(map("01".__getitem__, reversed(there))), 2)
    return arrow.py_buffer(bits.to_bytes((len(there) + 7) // 8, "little"))


_WAYS = {
    sa.JSON: _json,
    sa.Numeric: _digits,
    sa.BigInteger: _whole,
    sa.Integer: _whole,
    sa.Boolean: _whole,
}
