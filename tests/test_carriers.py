"""The seed pasted in any way, in any encoding, gives the same 13 projects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jixiao.encode import project_record
from jixiao.pipeline import extract
from tests.carriers import to_aligned, to_csv, to_joined, to_pipes
from tests.test_samples import extraction_of, source_of

SEED = source_of("pingluo-police-2024").read_text(encoding="utf-8")
PROJECTS = [project_record(project) for project in extraction_of("pingluo-police-2024").projects]


def without_blank_lines(text: str) -> str:
    return "".join(line + "\n" for line in text.split("\n") if line.strip())


def without_outer_tabs(text: str) -> str:
    return "".join(line.strip("\t") + "\n" for line in text.split("\n"))


CARRIERS: dict[str, Callable[[str], str]] = {
    "tabs": str,
    "Markdown pipes": to_pipes,
    "CSV": to_csv,
    "CSV with semicolons": lambda text: to_csv(text, ";"),
    "columns of spaces by display width": to_aligned,
    "columns of spaces by characters": lambda text: to_aligned(text, ""),
    "cells two spaces apart": to_joined,
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "form feeds": lambda text: text.replace("\n\n", "\n\f"),
    "no page cut marked": without_blank_lines,
    "outer tabs lost": without_outer_tabs,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_seed_gives_the_same_projects(carrier: str, encoding: str) -> None:
    extraction = extract(CARRIERS[carrier](SEED).encode(encoding), name="seed.txt").raise_for_status()
    assert [project_record(project) for project in extraction.projects] == PROJECTS
