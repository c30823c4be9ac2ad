"""Forms that are there but cannot be read without guessing, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from normalize import lexicon
from normalize.flow import Row, finding
from normalize.values import is_value_like
from schemas.audit import Finding
from schemas.form import Form
from schemas.text import Place, SheetPlace, TablePlace, TextPlace

_MANY = 3


def refusal(body: Sequence[Row]) -> Finding | None:
    """Why the form whose rows these are is not read; None where nothing speaks against it."""
    grid = [row for row in body if row.zone == "grid"]
    return _no_values(grid) or _swapped(grid) or _misplaced(grid) or _detached(grid)


def _no_values(grid: Sequence[Row]) -> Finding | None:
    """No column of values, or none of names: the header does not name it and no content shows it."""
    header = grid[0].header if grid else None
    if header is None or (header.column("name") is not None and header.column("target") is not None):
        return None
    return _refused(grid[0], "指标表缺少指标名称列或指标值列", "the indicator grid has no column of names or of values")


def _swapped(grid: Sequence[Row]) -> Finding | None:
    """Values under the names' header, names under the values'."""
    rows = [row for row in grid if "name" in row.roles and "target" in row.roles]
    right = sum(is_value_like(row.roles["target"].value) for row in rows)
    swapped: list[Row] = []
    for at, row in enumerate(rows):
        if len(swapped) + len(rows) - at <= right:
            return None  # even if all further names were values
        swapped += [row] if is_value_like(row.roles["name"].value) else []
    if len(swapped) < 2 or len(swapped) <= right:
        return None
    return _refused(swapped[0], "指标名称列中是数值，与表头矛盾", "values stand under the header of the names")


def _misplaced(grid: Sequence[Row]) -> Finding | None:
    """More class labels in the columns of names and values than in their own."""
    other = [row for row in grid if _holds_class(row, "name", "target")]
    own = sum(_holds_class(row, role) for role in ("level1", "level2") for row in grid) if len(other) >= _MANY else 0
    if len(other) < _MANY or len(other) <= own:
        return None
    return _refused(other[0], "指标类别不在表头所示的列中", "the classes do not stand under their header")


def _holds_class(row: Row, *roles: str) -> bool:
    texts = (row.roles[role].value for role in roles if role in row.roles)
    return any(lexicon.class_label(text, 1) or lexicon.class_label(text, 2) for text in texts)


def _detached(grid: Sequence[Row]) -> Finding | None:
    """Names without values, and values without names elsewhere: which belongs to which is lost."""
    empty = [row for row in grid if "name" in row.roles and "target" not in row.roles]
    orphans = [row for row in grid if "target" in row.roles and "name" not in row.roles]
    if len(empty) < _MANY or len(orphans) < _MANY:
        return None
    return _refused(orphans[0], "指标值与指标名称脱离，无法对应", "the values have come apart from their names")


def blank_name(form: Form, row: Row) -> Finding | None:
    """A project's name that is not filled in: there is nothing to call the project by."""
    return None if form.field("name") else _refused(row, "项目名称没有填写", "the project's name is blank")


def nameless_forms(outside: Sequence[Row]) -> list[Finding]:
    """What looks like a form outside all forms: its project name is lost, or its rows stand on one line."""
    for row in outside:
        labels = [text for _, text in row.filled if lexicon.label_kinds(text.value)]
        if len(labels) > 6 and any(lexicon.is_title(text.value) for text in labels):
            return [_refused(row, "表格的多行挤在一行，无法分行", "several rows of a form stand on one line")]
        if any(lexicon.class_label(text.value, 2) for _, text in row.filled):
            return [_refused(row, "有一张表没有项目名称", "a form has lost its project name")]
    return _without_columns(outside)


_LEVELS = re.compile("一级(?:指标)?二级(?:指标)?")


def _without_columns(outside: Sequence[Row]) -> list[Finding]:
    """The header of an indicator grid in lines of text: its words follow each other, but nothing tells cells apart."""
    rows = [row for row in outside if any("一级" in text.value for _, text in row.filled)]
    text = "".join("".join(text.value.split()) for row in outside for _, text in row.filled)
    if not rows or not _LEVELS.search(text):
        return []
    return [_refused(rows[0], "表格的列已丢失，无法还原", "the columns of a form are lost in this text")]


def _refused(row: Row, zh: str, en: str) -> Finding:
    places = row.filled[0][1].places
    where = _where(places[0]) if places else f"page {row.page}"
    return finding("form-refused", "error", "reading", (f"{zh}，未读入", f"{where}: {en}; it is not read"), places)


def _where(place: Place) -> str:
    """Where a reader of the message looks."""
    if isinstance(place, TextPlace):
        return f"line {place.line}"
    if isinstance(place, SheetPlace):
        return f"sheet {place.sheet}, cell {place.cell}"
    return f"table {place.table}, row {place.row}" if isinstance(place, TablePlace) else f"page {place.page}"
