"""CPU time of comparing two years of many documents, beside general diff tools on the same projects.

The old side is the seed's thirteen projects under as many departments as are asked for; the new side is a year later, a
tenth of its projects edited, all projects and rows shuffled.

    python -m bench.diff [--indicators N]
"""

from __future__ import annotations

import argparse
import copy
import difflib
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jixiao.diff.attachments import versions
from jixiao.diff.comparing import compare
from jixiao.diff.sides import side
from jixiao.encode import pretty
from tests import edits

Record = dict[str, Any]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indicators", type=int, default=100_000)
    wanted = parser.parse_args().indicators
    _general_tools()
    with tempfile.TemporaryDirectory() as folder:
        counts = _write(Path(folder), wanted)
        begun = time.process_time()
        old, new = side(f"{folder}/old", versions), side(f"{folder}/new", versions)
        read = time.process_time()
        comparison = compare(old, new)
        done = time.process_time()
    more_than_form = [change for change in comparison.changes if change.cls != "format"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{counts[0]} indicators in {len(new)} projects against {len(old)}; {counts[1]} true changes")
    print(f"jixiao diff: {len(more_than_form)} told; reading {read - begun:.2f} CPU s, comparing {done - read:.2f}")
    print(f"peak {peak:.0f} MB")


def _write(folder: Path, wanted: int) -> tuple[int, int]:
    """Both sides on disk, a folder for each department; gives the new side's indicators and the true changes."""
    indicators = changes = 0
    rng = random.Random(7)  # noqa: S311 - a benchmark
    number = 0
    while indicators < wanted:
        number += 1
        projects = [_moved(each, number) for each in edits.base()]
        edited = edits.Edited(copy.deepcopy(projects))
        if number % 10 == 0:
            for _ in range(20):
                rng.choice([*edits.MEANING, *edits.WORDING, edits.respace])(rng, edited)
        edits.shuffle(rng, edited)
        edits.roll_year(edited)
        _results(folder / "old" / f"{number:05}", projects, f"old {number}")
        _results(folder / "new" / f"{number:05}", edited.projects, f"new {number}")
        indicators += sum(len(each["indicators"]) for each in edited.projects)
        changes += len(edited.truth)
    return indicators, changes


def _moved(project: Record, number: int) -> Record:
    """A project of another department."""
    code = f"{number:06}"
    department = project["department"] | {"code": code, "name": f"{project['department']['name']}{number}"}
    return project | {"department": department, "id": code + project["id"][project["id"].index("-") :]}


def _results(folder: Path, projects: list[Record], sha256: str) -> None:
    folder.mkdir(parents=True)
    audit = {"source": {"name": "a.pdf", "sha256": sha256}, "tool": {"name": "jixiao"}, "projects": []}
    for number, project in enumerate(projects, 1):
        (folder / f"{number:02}.json").write_bytes(pretty(project))
        audit["projects"].append({"id": project["id"], "file": f"{number:02}.json", "provenance": {}})  # type: ignore[attr-defined]
    (folder / "audit.json").write_text(json.dumps(audit), encoding="utf-8")


def _general_tools() -> None:
    """A year's roll of the seed with 22 true changes, as a line diff and as jixiao see it."""
    rng = random.Random(2024)  # noqa: S311 - a benchmark
    edited = edits.Edited(copy.deepcopy(edits.base()))
    while len(edited.truth) < 22:
        rng.choice([*edits.MEANING, *edits.WORDING, *edits.PROJECTS])(rng, edited)
    for _ in range(15):
        edits.respace(rng, edited)
    edits.shuffle(rng, edited)
    edits.roll_year(edited)
    sides = edits.base(), edited.projects
    tools: dict[str, Callable[[], int]] = {
        "jixiao diff": lambda: len(
            edits.told(compare(edits.versions(sides[0], "old"), edits.versions(sides[1], "new")))
        ),
        "line diff of the JSON, projects sorted by name": lambda: _line_diff(*sides),
        "values by pointer, projects sorted by name": lambda: _pointer_diff(*sides),
    }
    print("22 true changes, 15 of form, a year rolled, projects and rows shuffled")
    for name, tool in tools.items():
        print(f"{name:50} {tool():6} differences")


def _sorted(projects: list[Record]) -> list[Record]:
    return sorted(projects, key=lambda each: str(each["name"]))


def _line_diff(old: list[Record], new: list[Record]) -> int:
    texts = [pretty(_sorted(each)).decode().splitlines() for each in (old, new)]
    return sum(1 for line in difflib.unified_diff(*texts, n=0) if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def _pointer_diff(old: list[Record], new: list[Record]) -> int:
    one, other = (dict(_leaves(_sorted(each), "")) for each in (old, new))
    return sum(1 for pointer in one.keys() | other.keys() if one.get(pointer) != other.get(pointer))


def _leaves(value: Any, pointer: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in _leaves(each, f"{pointer}/{key}")]
    if isinstance(value, list | tuple):
        return [leaf for at, each in enumerate(value) for leaf in _leaves(each, f"{pointer}/{at}")]
    return [(pointer, value)]


if __name__ == "__main__":
    main()
