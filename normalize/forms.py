"""The repaired rows of a document, cut into forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.fields import read_fields, unit_parted
from normalize.flow import Flow, Header, Row, finding, unplaced
from normalize.headers import header_year
from normalize.layouts.compose import Composed, compose
from normalize.layouts.content import is_dots, says_nothing
from normalize.refusals import blank_name, nameless_forms, refusal
from normalize.repairs.headings import is_name_row, is_unit_row
from normalize.repairs.wording import mend_words
from normalize.words import key
from schemas.audit import Finding
from schemas.form import Form, FormField, FormIndicator
from schemas.text import BLANK, Text

_LONGEST = 24  # characters of a label with its year
_LABELS = ("block", "level1", "level2", "name")
_OTHERS = frozenset({"note", "other"})


class Forms(Struct, frozen=True):
    """The forms of a document, those that are there but refused, and what stands outside all of them.

    `bodies` are the rows of each form, `skipped` those of tables beside them.
    """

    forms: tuple[Form, ...]
    refused: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    bodies: tuple[tuple[Row, ...], ...] = ()
    skipped: tuple[Row, ...] = ()


def forms_of(flow: Flow) -> Forms:
    """Cut the flow at each project name; a form whose columns cannot be told apart is refused with a reason."""
    starts = [index for index, row in enumerate(flow.rows) if row.zone == "head" and is_name_row(row)]
    tops = [_top(flow.rows, start) for start in starts]
    ends = [*tops[1:], len(flow.rows)] if tops else []
    forms, written, refused = [], [], []
    for top, start, end in zip(tops, starts, ends, strict=True):
        form = _form(flow.rows[top:start], flow.rows[start:end])
        why = refusal(flow.rows[start:end]) or blank_name(form, flow.rows[start])
        if why:
            refused.append(why)
        else:
            forms.append(form)
            written.append(flow.rows[top:end])
    bodies = [flow.rows[start:end] for start, end in zip(starts, ends, strict=True)]
    outside = [
        *(flow.rows[: tops[0]] if tops else flow.rows),
        *(row for body in bodies for row in body if _strays(row)),
    ]
    nameless = nameless_forms(outside)
    notes = [note for row in outside for note in row.notes]
    if not nameless:
        halves = [flow.rows[top - 1] for top in tops if top and _may_begin(flow.rows[top - 1], flow.rows[top])]
        notes += _told_outside(flow.rows, outside, halves)
    return Forms(tuple(forms), (*refused, *nameless), (*flow.findings, *notes), tuple(written), flow.skipped)


_SENTENCE = re.compile(r"^[(（][^()（）]*[)）]$|[。；;：:！!？?]$")
"""What is a text of its own: in brackets as a whole, or at its end."""


def _may_begin(line: Row, title: Row) -> bool:
    """Whether a line may be the first half of the title below it: a page cut stands between, and that title is new."""
    alone = line.zone == "outside" and len(line.filled) == 1 and title.zone == "title"
    if alone and _SENTENCE.search(line.filled[0][1].value.strip()):
        return False
    return alone and bool(title.cut) and lexicon.bare_title(title.filled[0][1].value) not in lexicon.titles()


def _strays(row: Row) -> bool:
    return row.zone in ("outside", "caption", "title", "year") and not _is_unit_inside(row)


def _is_unit_inside(row: Row) -> bool:
    """Whether a row inside a form tells the unit of its amounts; it stands for all of them."""
    return row.zone == "outside" and is_unit_row(row)


def _top(rows: tuple[Row, ...], start: int) -> int:
    """The title above a project's name, with what stands between them; the name itself where there is none."""
    top = start
    while top and rows[top - 1].zone in ("year", "outside"):
        top -= 1
    if top and rows[top - 1].zone == "title":
        top -= 1
        return top - 1 if top and is_unit_row(rows[top - 1]) else top
    while top < start and rows[top].zone == "outside":
        top += 1
    return top


def _form(heading: tuple[Row, ...], body: tuple[Row, ...]) -> Form:
    titles = [row.filled[0][1] for row in heading if row.zone == "title"]
    years = [row.filled[0][1] for row in heading if row.zone == "year"]
    above = [row for row in heading if row.zone == "outside"]
    remarks = [text for row in above if (text := _remark(row))]
    years += [text for row in above for _, text in row.filled if lexicon.year_row(text.value)]
    years = years or _goal_years(body, titles)
    lines = [*map(_unit_beside, (row for row in heading if row.zone == "year"))]
    lines += [_without(row, _remark(row), *years) for row in above]
    year = lexicon.form_year(*(each[-1].value if each else "" for each in (years, titles)))
    block = read_fields([*lines, *(row for row in body if row.zone == "head" or _is_unit_inside(row))], year)
    grid = [row for row in body if row.zone == "grid"]
    told = [each for each in block.fields if each.role == "year" and lexicon.form_year(each.value.value, "")][:1]
    years += [each.value for each in told]
    own = _own_first([each for each in block.fields if each not in told], above)
    fields = _settle_fields([*own, *_named_by_department(own, body[0]), *_sums(grid)])
    noted = [row for row in (*heading, *body) if row.notes]
    loose = [note for row in noted if row.zone != "grid" or not _is_indicator(row) for note in row.notes]
    return Form(
        title=titles[-1] if titles else BLANK,
        year=years[-1] if years else BLANK,
        fields=fields,
        funding=tuple(block.funding),
        goals=tuple(block.goals),
        indicators=tuple(_indicator(row) for row in _without_past(grid, titles, years) if _is_indicator(row)),
        pages=tuple(sorted({row.page for row in (*heading, *body)})),
        notes=(
            *loose,
            *(_caption(text, doubtful=False) for text in remarks),
            *block.notes,
            *_nameless(grid),
            *_stray_labels(grid),
            *_twice(fields),
        ),
    )


def _goal_years(body: Sequence[Row], titles: Sequence[Text]) -> list[Text]:
    """The year that the label of the goal names (年度目标（2025年）), where neither a line nor the title does."""
    if titles and lexicon.form_year("", titles[-1].value):
        return []
    labels = [text for row in body if row.zone == "head" for _, text in row.filled]
    annual = [text for text in labels if lexicon.goal_role(text.value) == "goal:annual" and len(text.value) < _LONGEST]
    found = {year: text for text in annual if (year := lexicon.named_year(text.value))}
    return [*found.values()] if len(found) == 1 else []


def _without_past(grid: Sequence[Row], titles: Sequence[Text], years: Sequence[Text]) -> list[Row]:
    """The rows of a grid, in which what an earlier year reached (2023年实际值 beside 2025年目标值) is a remark."""
    evaluates = any("自评" in title.value or "评价" in title.value for title in titles)
    own = None if evaluates else lexicon.form_year(*(each[-1].value if each else "" for each in (years, titles)))
    noted: dict[int, Header] = {}
    for row in grid:
        if row.header and id(row.header) not in noted:
            noted[id(row.header)] = _past_noted(row.header, own)
    changed = {at: header for row in grid if row.header and (header := noted[at := id(row.header)]) is not row.header}
    return [replace(row, header=changed.get(id(row.header), row.header)) for row in grid] if changed else list(grid)


def _past_noted(header: Header, own: int | None) -> Header:
    header = _with_target_of(header, own)
    reached, promised = (header_year(header.cell(role).value) for role in ("actual", "target"))
    if not reached or reached >= (promised or own or reached):
        return header
    return replace(header, roles=tuple((col, "note" if role == "actual" else role) for col, role in header.roles))


def _with_target_of(header: Header, own: int | None) -> Header:
    """The header with the values of the form's own year as its targets, where other years' stand beside them."""
    years = {col: header_year(text.value) for (col, _), text in zip(header.roles, header.cells, strict=False)}
    column = header.column("target")
    own_column = next((col for col, role in header.roles if role == "note" and own and years.get(col) == own), None)
    if column is None or own_column is None or years.get(column) in (None, own):
        return header
    changed = {column: "note", own_column: "target"}
    return replace(header, roles=tuple((col, changed.get(col, role)) for col, role in header.roles))


def _unit_beside(row: Row) -> Row:
    """The unit of the amounts that stands in one line with a year; an empty row where none does."""
    parted = unit_parted(row.filled[0][1])
    return replace(row, cells=(parted[1],) if parted else ())


def _without(row: Row, *texts: Text) -> Row:
    return replace(row, cells=tuple(BLANK if any(each is text for text in texts) else each for each in row.cells))


def _own_first(fields: Sequence[FormField], above: Sequence[Row]) -> list[FormField]:
    """The fields, those that a line above says of all forms below it (编制单位：某县财政局) behind the form's own."""
    places = {place for row in above for _, text in row.filled for place in text.places}
    return sorted(fields, key=lambda each: each.role != "extra" and not places.isdisjoint(each.label.places))


def _remark(row: Row) -> Text:
    """The text of a line above a form's fields that is no field of it; BLANK where the line holds fields."""
    texts = [text for _, text in row.filled if not lexicon.is_unit_line(text.value)]
    if len(texts) != 1 or re.search("[:：]", texts[0].value) or lexicon.label_kinds(texts[0].value):
        return BLANK
    return texts[0]


def _named_by_department(fields: Sequence[FormField], first: Row) -> list[FormField]:
    """The name of a form for a whole department, which has no project: the department itself."""
    if not first.start or any(field.role == "name" for field in fields):
        return []
    return [FormField("name", each.label, each.value) for each in fields if each.role in ("department", "unit")][:1]


def _is_indicator(row: Row) -> bool:
    if "name" not in row.roles or _is_crossed_out(row) or _is_template(row):
        return False
    return not any(lexicon.is_sum(row.roles[role].value) for role in _LABELS if role in row.roles)


def _is_crossed_out(row: Row) -> bool:
    """Whether dashes or 无 stand in place of an indicator and of all that is said of it: its class is empty."""
    texts = row.roles
    if "target" not in texts or not says_nothing(texts["name"].value):
        return False
    told = ("target", "actual", "weight", "score", "reason")
    return all(says_nothing(texts[role].value) for role in told if role in texts)


def _is_template(row: Row) -> bool:
    """Whether a row only shows where an indicator could be filled in: 指标3： or …… and nothing beside it."""
    told = ("target", "actual", "score", "reason")
    shows = lexicon.is_template(row.role("name").value)
    return shows and all(is_dots(row.roles[role].value) for role in told if role in row.roles)


def _is_sum_row(row: Row) -> bool:
    return any(lexicon.is_sum(text.value) for _, text in row.filled)


def _sums(grid: Iterable[Row]) -> list[FormField]:
    """What a row of sums holds (总分 100 97.9, 合计 412万元), which is no indicator, by its label and the headers."""
    found = []
    for row in grid:
        label = next((text for _, text in row.filled if lexicon.is_sum(text.value)), BLANK)
        if not label or not row.header:
            continue
        for col, text in row.filled:
            if row.header.role_at(col) not in ("serial", *_LABELS) and not lexicon.is_sum(text.value):
                head = mend_words(row.header.label_at(col))
                shown = f"{key(label.value)}（{head.value.strip()}）" if head else key(label.value)
                found.append(FormField("extra", Text(shown, (*label.places, *head.places)), text))
    return found


def _indicator(row: Row) -> FormIndicator:
    header, texts = row.header or Header(()), row.roles
    whole = compose(row.role("name"), row.role("operator"), row.role("target"), row.role("unit"))
    actual = compose(BLANK, BLANK, row.role("actual"), row.role("unit")).target if "actual" in texts else BLANK
    others = [] if _OTHERS.isdisjoint(header.columns) else [*_others(row, header)]
    others += [(header.cell(role), row.role(role)) for role in _left_over(texts, whole)]
    return FormIndicator(
        scope=row.scope or "annual",
        header=header.cell("target"),
        level1=row.role("level1"),
        level2=row.role("level2"),
        name=whole.name,
        target=whole.target,
        weight=row.role("weight"),
        actual=actual,
        score=row.role("score"),
        reason=row.role("reason"),
        others=tuple(others),
        notes=(*row.notes, *whole.notes),
    )


def _left_over(texts: Mapping[str, Text], whole: Composed) -> list[str]:
    """The columns of operator and unit that the value did not take up: 定性, a unit beside a value in words."""
    told = [role for role in ("operator", "unit") if role in texts and not says_nothing(texts[role].value)]
    taken = set(whole.target.places) if told else set()
    return [role for role in told if taken.isdisjoint(texts[role].places)]


def _others(row: Row, header: Header) -> Iterator[tuple[Text, Text]]:
    """What stands under remarks and unknown headers, behind the header that it stands under."""
    for col, text in row.filled:
        if header.role_at(col) in _OTHERS:
            yield header.label_at(col), text


def _nameless(grid: Iterable[Row]) -> list[Finding]:
    """Values of the grid that no indicator could be found for."""
    rows = [row for row in grid if "target" in row.roles and "name" not in row.roles and not _is_sum_row(row)]
    return [_nameless_value(row.role("target")) for row in rows]


def _stray_labels(grid: Iterable[Row]) -> list[Finding]:
    """Texts of the grid's label columns that are no labels and stand beside nothing: they say something else."""
    found = []
    for row in grid:
        if "name" not in row.roles and "target" not in row.roles:
            texts = (row.role(role) for role in ("block", "level1", "level2"))
            found += [unplaced(text) for text in texts if text and not _is_label(text.value)]
    return found


def _is_label(text: str) -> bool:
    known = lexicon.is_block(text) or lexicon.is_sum(text) or lexicon.is_template(text)
    return (
        known
        or bool(lexicon.label_kinds(text))
        or any(lexicon.class_label(text, level, strict=False) for level in (1, 2))
    )


def _nameless_value(text: Text) -> Finding:
    shown = text.value.strip()[:60]
    messages = (f"指标值“{shown}”没有对应的指标名称", f"the value “{shown}” stands beside no indicator's name")
    return finding("unplaced-text", "error", "reading", messages, text.places)


def _settle_fields(fields: list[FormField]) -> tuple[FormField, ...]:
    """The fields, of which only the first of each role keeps it.

    A second one under another label (省级主管部门 and 市级主管部门) is kept by its label.
    """
    first: dict[str, FormField] = {}
    settled = []
    for field in fields:
        before = first.setdefault(field.role, field) if field.value else field
        differs = before is not field and key(before.label.value) != key(field.label.value)
        settled.append(replace(field, role="extra") if differs and not _same(before.value, field.value) else field)
    return tuple(settled)


def _same(first: Text, second: Text) -> bool:
    """Whether two prints of a field say the same, one perhaps with a code beside it."""
    return key(second.value) in key(first.value) or key(first.value) in key(second.value)


def _twice(fields: Iterable[FormField]) -> list[Finding]:
    """Fields that one form prints twice with different values, of which only the first is read."""
    first: dict[str, Text] = {}
    notes = []
    for field in fields:
        if field.role == "extra" or not field.value:
            continue
        before = first.setdefault(field.role, field.value)
        if not _same(before, field.value):
            notes.append(_second(field, before))
    return notes


def _second(field: FormField, before: Text) -> Finding:
    label, value = key(field.label.value), field.value.value.strip()[:60]
    zh = f"“{label}”印了两次：只读入了“{before.value}”，未读入“{value}”"
    en = f"“{label}” is printed twice: “{before.value}” is read, “{value}” is not"
    return finding("field-twice", "error", "reading", (zh, en), field.value.places)


def _caption(text: Text, *, doubtful: bool) -> Finding:
    shown = text.value.strip()[:60]
    if doubtful:
        messages = (
            f"“{shown}”在标题之前的页尾，可能是标题的前半",
            f"“{shown}” may be the first half of the title below it",
        )
        return finding("outside-text", "warning", "reading", messages, text.places)
    messages = (f"“{shown}”在表外，未写入结果", f"“{shown}” stands outside the forms and is not in the result")
    return finding("outside-text", "info", "reading", messages, text.places)


def _told_outside(rows: Sequence[Row], outside: Sequence[Row], halves: Sequence[Row]) -> Iterator[Finding]:
    """What stands outside the forms: a finding for each row, or one for several that stand together on a page."""
    at = {id(row): index for index, row in enumerate(rows)}
    blocks: list[list[Row]] = []
    for row in outside:
        doubtful = any(row is half for half in halves)
        last = blocks[-1][-1] if blocks and not doubtful else None
        together = last is not None and at[id(row)] == at[id(last)] + 1 and row.page == last.page
        if together and not any(last is half for half in halves):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    for block in blocks:
        if len(block) < _BLOCK:
            yield from (_outside(row, doubtful=any(row is half for half in halves)) for row in block)
        else:
            yield _block_outside(block)


_BLOCK = 4


def _block_outside(rows: Sequence[Row]) -> Finding:
    first, last = (" ".join(row.filled[0][1].value.split())[:30] for row in (rows[0], rows[-1]))
    messages = (
        f"从“{first}”到“{last}”的{len(rows)}行在表外，未写入结果",
        f"{len(rows)} lines from “{first}” to “{last}” stand outside the forms and are not in the result",
    )
    places = tuple(place for row in rows for _, text in row.filled for place in text.places)
    return finding("outside-text", "info", "reading", messages, places)


def _outside(row: Row, *, doubtful: bool) -> Finding:
    col, text = row.filled[0]
    whole = Text(" ".join(cell.value.strip() for _, cell in row.filled), text.places) if col else text
    return _caption(whole, doubtful=doubtful)
