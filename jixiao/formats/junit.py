"""JUnit XML, as Jenkins and GitLab read it: a file is a test case, and what is found in it makes it fail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from jixiao.formats.items import Item

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(items: Sequence[Item], files: Sequence[str]) -> str:
    """One suite; a case for every file that was looked at."""
    by_file: dict[str, list[Item]] = {name: [] for name in files}
    for item in items:
        by_file.setdefault(item.file, []).append(item)
    failed = sum(1 for found in by_file.values() if found)
    counts = f'tests="{len(by_file)}" failures="{failed}" errors="0"'
    cases = "".join(_case(name, found) for name, found in by_file.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="jixiao" {counts} time="0">\n'
        f'  <testsuite name="jixiao" {counts} skipped="0" time="0">\n{cases}  </testsuite>\n</testsuites>\n'
    )


def _case(name: str, found: list[Item]) -> str:
    head = f'    <testcase name={_attribute(name)} classname={_attribute(_class(name))} time="0"'
    if not found:
        return f"{head}/>\n"
    first = found[0].message if len(found) == 1 else f"{len(found)} to look at: {found[0].message}"
    text = "\n".join(f"{item.file}:{item.line or ''}: {item.level} {item.rule}: {item.message}" for item in found)
    kind = _attribute(found[0].rule)
    failure = f"<failure message={_attribute(first)} type={kind}>{escape(_clean(text))}</failure>"
    return f"{head}>\n      {failure}\n    </testcase>\n"


def _class(name: str) -> str:
    """The folder, as a class name: what reports group by."""
    return name.rpartition("/")[0].replace("/", ".") or "jixiao"


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
