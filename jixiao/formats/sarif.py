"""SARIF 2.1.0 (OASIS): what code scanning services read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from jixiao.encode import load, pretty
from jixiao.formats.items import Item
from jixiao.version import VERSION

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(items: Sequence[Item], files: Sequence[str]) -> str:
    """One run; the region is the line of the JSON, page, box and pointer of the source are properties."""
    rules = list(dict.fromkeys(item.rule for item in items))
    run = {
        "tool": {
            "driver": {"name": "jixiao", "version": VERSION, "rules": [{"id": rule, "name": rule} for rule in rules]}
        },
        "artifacts": [{"location": {"uri": _uri(name)}} for name in files],
        "results": [_result(item, rules) for item in items],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(load(pretty(log)), ensure_ascii=False, indent=2, default=float) + "\n"


def _result(item: Item, rules: list[str]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(item.file)}}
    if item.line:
        physical["region"] = {"startLine": item.line}
    return {
        "ruleId": item.rule,
        "ruleIndex": rules.index(item.rule),
        "level": item.level,
        "message": {"text": item.message},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"jixiao/v1": item.fingerprint},
        "properties": item.properties,
    }


def _uri(file: str) -> str:
    return quote(file.replace("\\", "/"), safe="/~!$&'()*+,;=@:" if "://" in file else "/~!$&'()*+,;=@")
