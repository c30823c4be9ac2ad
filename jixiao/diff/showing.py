"""A comparison as a person reads it: text, Markdown, HTML; and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from jixiao.diff.changes import CLASSES, Change
from jixiao.diff.comparing import Comparison
from jixiao.encode import pretty
from jixiao.formats.items import Item, place_properties, place_text
from jixiao.formats.lines import line_of
from jixiao.names import printable

_SIGNS = {"added": "+", "removed": "-", "changed": " ", "moved": " "}
_LEVELS = {"meaning": "error", "wording": "warning", "format": "note", "extraction": "warning"}
_TITLES = {"meaning": "Meaning", "wording": "Wording", "format": "Form only", "extraction": "Extraction only"}


def told(change: Change) -> str:
    """What happened, without where: `数量指标 补助辅警实有人数: 253人 → 240人`."""
    if change.kind == "moved":
        return f"{change.what}: other order"
    if change.kind == "added":
        return f"{change.what}: {_value(change.after)}"
    if change.kind == "removed":
        return f"{change.what}: {_value(change.before)}"
    return f"{change.what}: {_value(change.before)} → {_value(change.after)}"


def _value(text: str | None) -> str:
    return "(blank)" if text is None or text == "" else text


def where(change: Change) -> str:
    """Pointer and place in the source, of the side that shows it."""
    place = place_text(change.version.place(change.pointer))
    return f"{change.pointer} ({place})" if place else change.pointer


def text(comparison: Comparison, shown: Sequence[Change]) -> str:
    """Grouped by project, a line for each difference, and a count at the end."""
    lines = []
    for title, changes in _groups(shown):
        lines.append(title)
        for change in changes:
            sign = _SIGNS[change.kind]
            lines.append(f"  {change.cls:<10} {sign} {told(change)}   {where(change)}")
    lines.append(summary(comparison))
    return "".join(printable(line) + "\n" for line in lines)


def summary(comparison: Comparison) -> str:
    """How many of each class: `2 meaning, 1 wording, 0 format, 0 extraction; 13 projects compared; 1 more known`."""
    counts = Counter(change.cls for change in comparison.changes)
    listed = ", ".join(f"{counts[cls]} {cls}" for cls in CLASSES)
    noun = "project" if comparison.pairs == 1 else "projects"
    known = f"; {comparison.known} more known" if comparison.known else ""
    return f"{listed}; {comparison.pairs} {noun} compared{known}"


def _groups(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    for _, group in groupby(changes, key=lambda change: (id(change.old), id(change.new))):
        several = list(group)
        yield _title(several[0]), several


def _title(change: Change) -> str:
    old, new = change.old, change.new
    department = change.version.record["department"]["name"] or ""
    names = list(dict.fromkeys(_dated(each.record) for each in (old, new) if each))
    note = "" if old and new else "   (added)" if new else "   (removed)"
    return f"{department}  {' → '.join(names)}{note}   {change.version.file}".strip()


def _dated(record: dict[str, object]) -> str:
    year = record["fiscal_year"]
    return f"{record['name']} [{year}]" if year else str(record["name"])


def as_json(comparison: Comparison, shown: Sequence[Change]) -> str:
    """The differences with both sides' files, pointers and places, and the counts."""
    counts = Counter(change.cls for change in comparison.changes)
    record = {
        "projects_compared": comparison.pairs,
        "counts": {cls: counts[cls] for cls in CLASSES},
        "changes": [change.record() for change in shown],
    }
    return pretty(record).decode()


def markdown(comparison: Comparison, shown: Sequence[Change]) -> str:
    """For a comment on a merge request."""
    parts = [f"**{summary(comparison)}**\n"]
    for title, changes in _groups(shown):
        parts.append(f"\n### {_inert(title)}\n")
        parts.append("| | what | before | after | where |\n|---|---|---|---|---|")
        for change in changes:
            cells = (change.cls, change.what, _shown(change.before), _shown(change.after), where(change))
            parts.append("| " + " | ".join(_inert(cell) for cell in cells) + " |")
    return "\n".join(parts) + "\n"


def _shown(value: str | None) -> str:
    return value or ""


def _inert(cell: str) -> str:
    plain = escape(printable(cell.replace("\n", " ")), quote=False)
    return "".join(f"\\{char}" if char in "\\`*_[]|~#!" else char for char in plain)


_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>jixiao diff</title><style>
body{{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}}
table{{border-collapse:collapse;width:100%;margin:.5em 0 2em}}
td,th{{border-top:1px solid #ddd;padding:.3em .6em;text-align:left;vertical-align:top}}
del{{background:#fdd;text-decoration:none}} ins{{background:#dfd;text-decoration:none}}
.meaning{{color:#a00;font-weight:600}} .wording{{color:#850}} .format,.where{{color:#777}} .extraction{{color:#05a}}
h2{{font-size:1.05em;margin:0}}
</style></head><body>
<h1>{summary}</h1>
{body}
</body></html>
"""


def html(comparison: Comparison, shown: Sequence[Change]) -> str:
    """One page without anything from elsewhere."""
    parts = []
    for title, changes in _groups(shown):
        parts.append(f"<h2>{escape(title)}</h2>\n<table>")
        for change in changes:
            before = f"<del>{escape(change.before)}</del>" if change.before else ""
            after = f"<ins>{escape(change.after)}</ins>" if change.after else ""
            parts.append(
                f'<tr><td class="{change.cls}">{_TITLES[change.cls]}</td><td>{escape(change.what)}</td>'
                f'<td>{before} {after}</td><td class="where">{escape(where(change))}</td></tr>'
            )
        parts.append("</table>")
    return _PAGE.format(summary=escape(summary(comparison)), body="\n".join(parts))


def item(change: Change) -> Item:
    """A difference for CI: at its line in the new JSON, or in the old one where it is gone there."""
    version = change.version
    line = line_of(version.data, change.pointer) if version.file.endswith(".json") else None
    ends = [each.record["id"] for each in (change.old, change.new) if each]
    key = (change.rule, *ends, change.what, change.before or "", change.after or "")
    place = version.place(change.pointer)
    properties = {
        "class": change.cls,
        "pointer": change.pointer,
        "source": version.source or None,
        "project": version.record["name"],
        "before": change.before,
        "after": change.after,
    } | place_properties(place)
    sign = {"added": "added: ", "removed": "removed: "}.get(change.kind, "")
    said = place_text(place)
    message = f"{version.record['name']}: {sign}{told(change)}" + (f" ({said})" if said else "")
    return Item(change.rule, _LEVELS[change.cls], message, version.file, line, key, properties)  # type: ignore[arg-type]
