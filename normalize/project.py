"""A form, typed: the project, and beside it where every value came from."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from normalize import lexicon
from normalize.block import printed_unit
from normalize.flow import finding
from normalize.keys import project_id
from normalize.repairs.wording import mend_words
from normalize.trail import Trail
from normalize.values import asks_time, parse_amount, parse_period, parse_target, parse_time
from normalize.values.options import ticked
from schemas.audit import Finding, ProjectAudit
from schemas.form import Form, FormFunding, FormIndicator
from schemas.project import (
    Attribute,
    Department,
    Execution,
    Funding,
    Goal,
    Indicator,
    Period,
    Project,
    TargetValue,
)
from schemas.text import BLANK, Edit, Text

_CODE = r"[0-9]{3,12}"
_CODE_BEHIND = re.compile(
    rf"^(?P<name>.*[^\s0-9/\-—–－\[【(（])[\s/\-—–－]*[\[【(（]?(?P<code>{_CODE})[\]】)）]?[-—–－]?$", re.DOTALL
)
_CODE_BEFORE = re.compile(rf"^[\[【(（]?(?P<code>{_CODE})[\]】)）]?[\s\-—–－_]*(?P<name>[^\s0-9\-—–－_].*)$", re.DOTALL)
_PROJECT_CODE = re.compile(
    r"^(?P<code>(?=[0-9A-Z]{15,30}[\s\-—–－_])[0-9]{6,}[A-Z]?[0-9]+)[\s\-—–－_]+(?P<name>\D.*|20\d\d.*)$", re.DOTALL
)
"""The code that Sichuan and others print before a project's name: 51000021R000000019951-工资性支出."""
_ATTRIBUTE = re.compile(r"^(?P<code>[0-9]{2,})\s*[-—–－―]+\s*(?P<name>.+)$", re.DOTALL)
_EXECUTION = ("initial", "executed", "rate", "weight", "score")
_DASHES = re.compile(r"[-—–―－/／\\*＊\s]*")
_NOTHING = re.compile(r"[-—–―－/／\\*＊\s]*|\s*无\s*|\s*(?:万元|元)\s*")
_OF_WHICH = re.compile(r"^\s*其中\s*[:：、,，]?\s*")


class Typed(Struct, frozen=True):
    """A project with its audit."""

    project: Project
    audit: ProjectAudit


def type_form(form: Form) -> Typed:
    """The typed project of a form; a value that is not printed is None."""
    trail = Trail()
    year = _fiscal_year(form, trail)
    department = _department(form.field("department"), trail)
    name_text, code = _split(form.field("name"), _PROJECT_CODE)
    name = trail.read("/name", name_text) or ""
    project = Project(
        id=project_id(department, year, name, form.field("place").value),
        form=_title(form.title, trail),
        fiscal_year=year,
        name=name,
        code=trail.read("/code", form.field("code") or code),
        department=department,
        unit=_unit(form.field("place") or form.field("unit"), trail),
        attribute=_attribute(form.field("attribute"), trail),
        period=_period(form, trail),
        funding=tuple(_funding(row, f"/funding/{i}", trail) for i, row in enumerate(form.funding)),
        goals=_goals(form, trail),
        indicators=tuple(_indicator(row, f"/indicators/{i}", trail) for i, row in enumerate(form.indicators)),
        extra=_extra(form, trail),
    )
    trail.place("/schema_version", form.title or name_text)
    trail.place("/id", form.field("department"), form.year, name_text, form.field("place"))
    trail.note("", *form.notes)
    audit = ProjectAudit(project.id, "", form.pages, trail.provenance, trail.repairs, tuple(trail.findings))
    return Typed(project, audit)


def _fiscal_year(form: Form, trail: Trail) -> int | None:
    year = lexicon.form_year(form.year.value, form.title.value)
    if year:
        trail.place("/fiscal_year", form.year or form.title)
    return year


def _title(title: Text, trail: Trail) -> str | None:
    bare = re.sub(r"(?<![-—–－~～至到\s])\s*[(（]?\s*20\d\d\s*年度?\s*[)）]?\s*$", "", title.value)
    bare = re.sub(r"^(?:附件|附表)\s*[\d一二三四五六七八九十\-]*\s*[:：、.．]?\s*", "", bare)
    title = title.edit(bare, "title-text", "attachment number and year are no part of the title", 0.95)
    return trail.read("/form", title, known=lexicon.bare_title(bare) in lexicon.titles())


def _split(text: Text, *patterns: re.Pattern[str]) -> tuple[Text, Text]:
    """A name and its code out of one cell; the code is BLANK where there is none."""
    for pattern in patterns:
        found = pattern.match(text.value)
        if found:
            name, code = found["name"].strip(), found["code"]
            evidence = "name and code stand in one cell"
            return text.edit(name, "split-code", evidence, 0.95), text.edit(code, "split-code", evidence, 0.95)
    return text, BLANK


def _department(text: Text, trail: Trail) -> Department:
    name, code = _split(text, _CODE_BEHIND, _CODE_BEFORE)
    return Department(name=trail.read("/department/name", name), code=trail.read("/department/code", code))


def _unit(text: Text, trail: Trail) -> str | None:
    name, _ = _split(text, _CODE_BEHIND, _CODE_BEFORE)
    return trail.read("/unit", name)


def _attribute(text: Text, trail: Trail) -> Attribute:
    chosen = ticked(text.value)
    if chosen is not None and len(chosen) == 1:
        text = text.edit(chosen[0], "ticked-option", "of the options with boxes one is ticked", 0.95)
    elif chosen is not None:
        trail.note("/attribute/name", _unclear_option(text, len(chosen)))
    name, code = _split(text, _ATTRIBUTE)
    return Attribute(name=trail.read("/attribute/name", name), code=trail.read("/attribute/code", code))


def _unclear_option(text: Text, ticked_ones: int) -> Finding:
    shown = " ".join(text.value.split())
    messages = (
        f"“{shown}”的选项有{ticked_ones}个打勾，照原文写入",
        f"of the options “{shown}” {ticked_ones} are ticked; they are kept as printed",
    )
    return finding("option-unclear", "warning", "reading", messages, text.places)


def _period(form: Form, trail: Trail) -> Period | None:
    text, start, end = form.field("period"), form.field("start"), form.field("end")
    if text:
        period = parse_period(text.value)
        trail.read(
            "/period",
            text.edit(period.text, "period-text", "look-alikes of digits and signs, and spaces beside them", 1.0),
        )
        return period
    if not (start or end):
        return None
    parts = [part for part in (start, end) if part]
    whole = parts[0] if len(parts) == 1 else _between(start, end)
    first = parse_period(start.value).start if start else None
    last = parse_period(end.value).end if end else None
    return Period(text=trail.read("/period", whole) or "", start=first, end=last)


def _between(start: Text, end: Text) -> Text:
    """Two dates with labels of their own as one period."""
    places = (*start.places, *end.places)
    before, whole = "\n".join(place.text for place in places), f"{start.value}-{end.value}"
    evidence = "beginning and end stand under labels of their own"
    return Text(whole, places, (Edit("period-text", before, whole, evidence, 0.98),))


def _funding(row: FormFunding, pointer: str, trail: Trail) -> Funding:
    bare = _OF_WHICH.sub("", row.label.value).strip().rstrip(":：").strip()
    bare = re.sub(r"\s*[(（]\s*(?:单位\s*[:：]\s*)?(?:万元|亿元|千元|元)\s*[)）]\s*$", "", bare)
    label = row.label.edit(
        bare or row.label.value.strip(),
        "label-text",
        "其中, a colon and the unit in brackets are no part of the label",
        0.98,
    )
    amount = parse_amount(row.amount.value, printed_unit(row.unit))
    printed = trail.read(f"{pointer}/label", label, known=lexicon.funding_kind(label.value) is not None) or ""
    for part in ("kind", "scope"):
        trail.place(f"{pointer}/{part}", row.label)
    if amount.amount is None and not _NOTHING.fullmatch(row.amount.value):
        trail.note(f"{pointer}/amount", _no_number(row.amount))
    unit = amount.unit or printed_unit(row.unit)
    if unit:
        trail.place(f"{pointer}/unit", row.unit)
    if amount.amount is not None:
        trail.read(f"{pointer}/amount", _as_number(row.amount))
        trail.place(f"{pointer}/yuan", row.amount)
    execution = _execution(row, pointer, trail)
    return Funding(
        label=printed,
        kind=row.kind,
        scope=row.scope,
        amount=amount.amount,
        unit=unit,
        yuan=amount.yuan,
        execution=execution,
    )


def _execution(row: FormFunding, pointer: str, trail: Trail) -> Execution | None:
    """What a self-evaluation prints of a funding row beside the year's budget; a rate as printed, without its sign."""
    if not row.execution:
        return None
    texts = dict(row.execution)
    parts = {role: _number(texts.get(role, BLANK), f"{pointer}/execution/{role}", trail) for role in _EXECUTION}
    return Execution(**parts)


def _as_number(text: Text) -> Text:
    """A text that becomes a number: spaces around it and its unit are read over, so taking them out is no repair."""
    if all(edit.rule in ("wrap-space", "glyph") for edit in text.edits):
        return replace(text, edits=())
    return text


def _goals(form: Form, trail: Trail) -> tuple[Goal, ...]:
    goals = []
    for index, goal in enumerate(form.goals):
        text = trail.read(f"/goals/{index}/text", goal.text)
        trail.place(f"/goals/{index}/scope", goal.label)
        goals.append(Goal(scope=goal.scope, text=text or ""))
    return tuple(goals)


def _indicator(row: FormIndicator, pointer: str, trail: Trail) -> Indicator:
    trail.place(f"{pointer}/scope", row.header or row.name)
    if not row.target:
        trail.place(f"{pointer}/target", row.name)  # of a blank, the row that it stands in
    trail.note(pointer, *row.notes)
    required = _note(row.level2) or _note(row.level1)
    return Indicator(
        scope=row.scope,
        level1=_class(row.level1, 1, f"{pointer}/level1", trail),
        level2=_class(row.level2, 2, f"{pointer}/level2", trail),
        required=trail.read(f"{pointer}/required", required, known=True),
        name=trail.read(f"{pointer}/name", row.name) or "",
        target=_target(row.target, row.name, f"{pointer}/target", trail) or parse_target(None),
        weight=_number(row.weight, f"{pointer}/weight", trail),
        actual=_target(row.actual, row.name, f"{pointer}/actual", trail),
        score=_number(row.score, f"{pointer}/score", trail),
        reason=trail.read(f"{pointer}/reason", row.reason),
    )


def _number(text: Text, pointer: str, trail: Trail) -> Decimal | None:
    printed = text.value.strip()
    if not printed:
        return None
    number = parse_amount(printed.rstrip("%％分")).amount
    if number is not None:
        trail.read(pointer, _as_number(text))
    elif not _DASHES.fullmatch(printed):
        trail.note(pointer, _no_number(text))
    return number


def _no_number(text: Text) -> Finding:
    shown = text.value.strip()[:60]
    messages = (f"“{shown}”不是数字，未写入结果", f"“{shown}” is no number and is not in the result")
    return finding("unplaced-text", "error", "reading", messages, text.places)


def _class(text: Text, level: int, pointer: str, trail: Trail) -> str | None:
    label = lexicon.class_label(text.value, level, strict=False)
    if label is None:
        return trail.read(pointer, mend_words(text))
    named = text.edit(label.name, "class-name", "the taxonomy's name of this class", 1.0)
    return trail.read(pointer, named, known=True)


def _note(text: Text) -> Text:
    """What a form prints behind a class about its being mandatory."""
    label = lexicon.class_label(text.value, 2, strict=False) or lexicon.class_label(text.value, 1, strict=False)
    note = lexicon.required_note(label.note) if label else None
    return text.edit(note, "class-note", "the note in brackets behind the class", 1.0) if note else BLANK


def _target(text: Text, name: Text, pointer: str, trail: Trail) -> TargetValue | None:
    printed = trail.read(pointer, text)
    if not printed:
        return None
    return parse_time(printed) if asks_time(name.value) else parse_target(printed)


def _extra(form: Form, trail: Trail) -> dict[str, str]:
    """Fields and grid columns that the model has no place for, by their printed label."""
    pairs = [(field.label, field.value) for field in form.fields if field.role == "extra"]
    for row in form.indicators:
        pairs += [(Text(f"{mend_words(header).value}（{row.name.value}）"), value) for header, value in row.others]
    extra: dict[str, str] = {}
    for label, value in pairs:
        name = base = label.value.strip().rstrip(":：") or "?"
        count = 1
        while name in extra:
            count += 1
            name = f"{base} ({count})"
        pointer = "/extra/" + name.replace("~", "~0").replace("/", "~1")
        extra[name] = trail.read(pointer, value) or ""
    return {name: text for name, text in extra.items() if text}
