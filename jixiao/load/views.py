"""What the JSON of `audit` says, as rows: the places of every value and the repairs.

A value has seven places and an indicator three repairs: as rows of their own they cost three times what all the rest
does, and nobody asks for most of them ever. So the database keeps them as the JSON that they come in, and views show
rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from jixiao.load import records as r
from jixiao.load.tables import INT, JSON, NUMBER, TEXT, column, history, key

Row = tuple[Any, ...]
_PLACES = msgspec.json.Decoder(dict[str, list[r.Place]])
_REPAIRS = msgspec.json.Decoder(list[r.Repair], float_hook=Decimal)
_SPACE = b" \n"

METADATA = sa.MetaData()

place = sa.Table(
    "place",
    METADATA,
    *key("project_no", "pointer", "position"),
    column("page", INT, "页，从1起"),
    column("line", INT, "行，从1起"),
    column("span", JSON, "位置：[左,上,右,下]点、[起,止]字、[工作表,单元格]或[表,行,列]"),
    column("text", TEXT, "原文", nullable=False),
    comment="数值在原件中的位置",
)

repair = sa.Table(
    "repair",
    METADATA,
    *key("project_no", "position"),
    column("pointer", TEXT, "JSON指针", nullable=False),
    column("rule", TEXT, "修复规则", nullable=False),
    column("before", TEXT, "修复前", nullable=False),
    column("after", TEXT, "修复后", nullable=False),
    column("evidence", TEXT, "依据", nullable=False),
    column("confidence", NUMBER, "把握，0至1", nullable=False),
    comment="修复记录",
)

VIEWS = (place, repair, history(place), history(repair))


def shown(audits: list[Row]) -> dict[str, list[Row]]:
    """The rows of both views for rows of `audit`, all without the document's number in front."""
    return {
        "place": [(number, *row) for number, places, _ in audits for row in _places(places)],
        "repair": [(number, *row) for number, _, repairs in audits for row in _repairs(repairs)],
    }


def _places(text: str | None) -> Iterator[Row]:
    for pointer, several in _PLACES.decode(text or "{}").items():
        for at, each in enumerate(several):
            yield pointer, at, each.page, each.line, _span(each), each.text


def _repairs(text: str) -> Iterator[Row]:
    for at, each in enumerate(_REPAIRS.decode(text)):
        yield at, each.pointer, each.rule, each.before, each.after, each.evidence, each.confidence


def _span(p: r.Place) -> str | None:
    if p.bbox is not r.NOTHING:
        return bytes(p.bbox).translate(None, _SPACE).decode()
    if p.columns is not r.NOTHING:
        return bytes(p.columns).translate(None, _SPACE).decode()
    if p.sheet is not None:
        return json.dumps([p.sheet, p.cell], ensure_ascii=False, separators=(",", ":"))
    return None if p.table is None else f"[{p.table},{p.row},{p.column}]"
