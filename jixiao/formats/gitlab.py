"""GitLab's code quality report, the part of Code Climate's format that GitLab reads."""

from __future__ import annotations

import json
from collections.abc import Sequence

from jixiao.formats.items import Item

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def gitlab(items: Sequence[Item], _files: Sequence[str]) -> str:
    """A JSON list; what has no line is shown at the first one, since the format wants one."""
    issues = [
        {
            "description": item.message,
            "check_name": item.rule,
            "fingerprint": item.fingerprint,
            "severity": _SEVERITIES[item.level],
            "location": {"path": item.file, "lines": {"begin": item.line or 1}},
        }
        for item in items
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"
