"""The page: for each document its projects as tables, each value with its place, and what to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from jixiao.encode import load
from jixiao.errors import DocumentError
from jixiao.formats.items import place_text
from jixiao.load.reading import Result, results
from jixiao.names import AUDIT, printable
from jixiao.report.pictures import Picture, attachment, pictures
from jixiao.version import VERSION

Record = dict[str, Any]


def report(out: Path, folder: Path | None, *, pictures: bool) -> str:
    """The whole page; `folder` is where moved attachments are looked for."""
    found = results(out)
    parts = [_document(result, folder, with_pictures=pictures) for result in found]
    style, script = (
        (files("jixiao.report") / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")
    )
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>jixiao report</title>'
        f"<style>{style}</style></head><body>\n{''.join(parts)}"
        f"<footer>jixiao {VERSION}</footer><script>{script}</script></body></html>\n"
    )


def _document(result: Result, folder: Path | None, *, with_pictures: bool) -> str:
    name = _text(result.source)
    if result.folder is None:
        entry = result.entry
        return f'<section><h1>{name}</h1><p class="error">{_text(entry.code)}: {_text(entry.message)}</p></section>\n'
    audit = _load(result.folder / AUDIT)
    shown = _pictures(result, audit, folder) if with_pictures else {}
    projects = "".join(_project(result.folder, entry) for entry in audit["projects"])
    tool = audit["tool"]
    about = f"{tool['name']} {tool['version']}, {tool['engine']}; SHA-256 {audit['source']['sha256']}"
    pages = "".join(_page(picture) for picture in shown.values())
    return (
        f'<section class="document"><h1>{name}</h1><p class="about">{_text(about)}</p>'
        f'{_findings(audit["findings"])}<div class="columns"><div>{projects}</div>'
        f'<div class="pages">{pages}</div></div></section>\n'
    )


def _load(path: Path) -> Any:
    try:
        return load(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from error


def _pictures(result: Result, audit: Record, folder: Path | None) -> dict[int, Picture]:
    if audit["source"]["media_type"] != "application/pdf":
        return {}
    data = attachment(result.source, audit["source"]["name"], audit["source"]["sha256"], folder)
    wanted = {page for project in audit["projects"] for page in project["pages"]}
    return pictures(data, wanted) if data else {}


def _page(picture: Picture) -> str:
    size = f'data-width="{picture.width}" data-height="{picture.height}"'
    return (
        f'<figure data-page="{picture.number}" {size}><figcaption>{picture.number}</figcaption>'
        f'<div class="sheet"><img alt="page {picture.number}" src="{picture.url}"></div></figure>'
    )


def _project(folder: Path, entry: Record) -> str:
    project = _load(folder / Path(entry["file"]).name)
    cell = _Cells(entry)
    rows = [
        ("项目名称", project["name"], "/name"),
        ("预算年度", project["fiscal_year"], "/fiscal_year"),
        ("主管部门", _coded(project["department"]), "/department/name"),
        ("实施单位", project["unit"], "/unit"),
        ("项目属性", _coded(project["attribute"]), "/attribute/name"),
        ("项目期", (project["period"] or {}).get("text"), "/period"),
    ]
    rows += [("项目编码", project["code"], "/code")] if project["code"] else []
    scoped = len({each["scope"] for part in _SCOPED for each in project[part]}) > 1
    for at, row in enumerate(project["funding"]):
        rows.append((_scoped(row["label"], row, scoped=scoped), _money(row), f"/funding/{at}/amount"))
        rows += [
            (f"{row['label']}（{name}）", row["execution"][part], f"/funding/{at}/execution/{part}")
            for part, name in _EXECUTION
            if row["execution"] and row["execution"][part] is not None
        ]
    rows += [
        (_scoped("绩效目标", goal, scoped=scoped), goal["text"], f"/goals/{at}/text")
        for at, goal in enumerate(project["goals"])
    ]
    rows += [(key, value, f"/extra/{key}") for key, value in project["extra"].items()]
    head = "".join(f"<tr><th>{_text(label)}</th>{cell(value, pointer)}</tr>" for label, value, pointer in rows)
    more = [part for part in _MORE if any(each[part] is not None for each in project["indicators"])]
    body = "".join(
        _indicator(each, f"/indicators/{at}", cell, more, scoped=scoped)
        for at, each in enumerate(project["indicators"])
    )
    titles = "".join(f"<th>{_MORE[part]}</th>" for part in more)
    first = "<th>期</th>" if scoped else ""
    return (
        f'<article><h2>{_text(project["name"])}</h2><p class="about">{_text(entry["file"])}</p>'
        f"{_findings(entry['findings'])}<table>{head}</table>"
        f"<table><tr>{first}<th>一级指标</th><th>二级指标</th><th>三级指标</th><th>指标值</th><th>类型</th><th>数值</th><th>单位</th>"
        f"{titles}</tr>{body}</table>{_repairs(entry['repairs'])}</article>"
    )


_SCOPES = {"annual": "年度", "midterm": "中期", "half-year": "半年"}
_SCOPED = ("funding", "goals", "indicators")


def _scoped(label: str, row: Record, *, scoped: bool) -> str:
    """A label with the time that its value stands for, where the project has values of more than one."""
    return f"{label}（{_SCOPES[row['scope']]}）" if scoped else label


def _money(row: Record) -> str | None:
    return None if row["amount"] is None else f"{row['amount']}{row['unit'] or ''}"


_EXECUTION = (
    ("initial", "年初预算"),
    ("executed", "执行数"),
    ("rate", "执行率%"),
    ("weight", "分值"),
    ("score", "得分"),
)
_MORE = {"weight": "分值", "actual": "实际完成值", "score": "得分", "reason": "原因"}
"""What only some forms print beside an indicator, self-evaluations above all."""


def _coded(named: Record) -> str | None:
    parts = [str(part) for part in (named["name"], named["code"]) if part is not None]
    return " ".join(parts) or None


def _number(value: Record) -> str:
    """What a value was typed to: ≥ 95, 90–95, ≤ 2025-11."""
    ends = [str(part) for part in (value["number"], value["upper"]) if part is not None] or [value["date"] or ""]
    return " ".join(filter(None, (value["operator"], "–".join(ends))))


def _indicator(each: Record, at: str, cell: _Cells, more: Sequence[str], *, scoped: bool) -> str:
    target = each["target"]
    first = f"<td>{_SCOPES[each['scope']]}</td>" if scoped else ""
    beside = "".join(
        cell(each[part]["text"] if part == "actual" and each[part] else each[part], f"{at}/{part}") for part in more
    )
    unit = "/".join(str(part) for part in (target["unit"], target["per"]) if part)
    return (
        f"<tr>{first}{cell(each['level1'], at + '/level1')}{cell(each['level2'], at + '/level2')}"
        f"{cell(each['name'], at + '/name')}{cell(target['text'], at + '/target')}"
        f"<td>{_text(target['kind'])}</td><td>{_text(_number(target))}</td><td>{_text(unit)}</td>{beside}</tr>"
    )


class _Cells:
    """Cells that know where their value stood, and whether it was repaired or is to be looked at."""

    def __init__(self, entry: Record) -> None:
        self._places: dict[str, list[Record]] = entry["provenance"]
        self._repaired = {repair["pointer"] for repair in entry["repairs"]}
        self._doubtful = {finding["pointer"]: finding["severity"] for finding in entry["findings"]}

    def __call__(self, value: Any, pointer: str) -> str:
        places = self._places.get(pointer) or []
        names = [
            name for name, here in (("repaired", pointer in self._repaired), ("doubtful", self._grave(pointer))) if here
        ]
        boxes = [[place["page"], *place["bbox"]] for place in places if "bbox" in place]
        title = "; ".join(f"{place_text(place)}: {place['text']}" for place in places)
        data = f' data-boxes="{escape(json.dumps(boxes, default=float))}" tabindex="0"' if boxes else ""
        return f'<td class="{" ".join(names)}" title="{_text(title)}"{data}>{_text(value)}</td>'

    def _grave(self, pointer: str) -> bool:
        return self._doubtful.get(pointer) in ("warning", "error")


def _findings(findings: list[Record]) -> str:
    rows = "".join(
        f'<li class="{_text(f["severity"])}">{line}</li>' for f, line in zip(findings, _said(findings), strict=True)
    )
    return f"<ul>{rows}</ul>" if rows else ""


def _said(findings: list[Record]) -> Iterator[str]:
    for finding in findings:
        place = place_text(finding["places"][0]) if finding["places"] else ""
        yield (
            f"<b>{_text(finding['rule'])}</b> <code>{_text(finding['pointer'])}</code> {_text(finding['message'])} "
            f"<i>{_text(finding['message_en'])}</i> <small>{_text(place)}</small>"
        )


def _repairs(repairs: list[Record]) -> str:
    if not repairs:
        return ""
    rows = "".join(
        f"<tr><td>{_text(r['rule'])}</td><td><code>{_text(r['pointer'])}</code></td><td>{_text(r['before'])}</td>"
        f"<td>{_text(r['after'])}</td><td>{_text(r['evidence'])}</td><td>{_text(r['confidence'])}</td></tr>"
        for r in repairs
    )
    head = "<tr><th>规则</th><th>位置</th><th>修复前</th><th>修复后</th><th>依据</th><th>把握</th></tr>"
    return f"<details><summary>修复 {len(repairs)}</summary><table>{head}{rows}</table></details>"


def _text(value: Any) -> str:
    return "" if value is None else escape(printable(str(value).replace("\n", " ⏎ ")))
