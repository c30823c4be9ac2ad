"""Hostile and broken Office files and pages: one stable code, soon, without a traceback and within bounded memory."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from extract import ReadError, read
from extract.office import convert
from extract.sniff import starts_program
from jixiao.errors import MissingPart
from jixiao.pipeline import extract
from samples.office_files import docx, zipped
from tests.forms import SAMPLES
from tests.office import altered, document, inline, refusal, tc, without, workbook
from tests.ole import container

XLSX = workbook(A1=inline("甲"), B1=inline("乙"))
DOCX = document(tc("甲") + tc("乙"))
SHEET = "xl/worksheets/sheet1.xml"
BODY = "word/document.xml"
DOCTYPE = "<!DOCTYPE x [{}]>"
BILLION = DOCTYPE.format('<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)))


def declared(data: bytes, part: str, doctype: str, use: str) -> bytes:
    return altered(data, part, ("?>", f"?>{doctype}"), ("甲", use))


def bomb(part: str, megabytes: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, zipfile.ZipFile(io.BytesIO(XLSX)) as usual:
        for name in usual.namelist():
            archive.writestr(name, usual.read(name) if name != part else b" " * (megabytes << 20))
    return held.getvalue()


def twice(data: bytes, part: str) -> bytes:
    held = io.BytesIO(data)
    with zipfile.ZipFile(held, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(part, "<other/>")
    return held.getvalue()


def with_flag(data: bytes) -> bytes:
    """An archive whose parts say that they are encrypted."""
    found = bytearray(data)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        found[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(found)


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a workbook cut off": (lambda: XLSX[: len(XLSX) // 2], "damaged"),
    "a document cut off": (lambda: DOCX[:-30], "damaged"),
    "a zip archive's first bytes": (lambda: b"PK\x03\x04", "damaged"),
    "no part for the document": (lambda: without(DOCX, BODY), "damaged"),
    "no part for the sheet": (lambda: without(XLSX, SHEET), "damaged"),
    "no content types": (lambda: without(DOCX, "[Content_Types].xml"), "unsupported"),
    "no relationships": (lambda: without(XLSX, "_rels/.rels"), "damaged"),
    "a document without a body": (lambda: altered(DOCX, BODY, ("w:body", "w:other")), "damaged"),
    "XML cut off": (lambda: altered(XLSX, SHEET, ("</worksheet>", "")), "damaged"),
    "an entity bomb in a sheet": (lambda: declared(XLSX, SHEET, BILLION, "&a11;"), "damaged"),
    "an entity bomb in a document": (lambda: declared(DOCX, BODY, BILLION, "&a11;"), "damaged"),
    "an external entity": (
        lambda: declared(DOCX, BODY, DOCTYPE.format('<!ENTITY e SYSTEM "file:///etc/passwd">'), "&e;"),
        "damaged",
    ),
    "a document type from elsewhere": (
        lambda: altered(DOCX, BODY, ("?>", '?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')),
        "damaged",
    ),
    "a zip bomb in a part": (lambda: bomb(SHEET, 200), "too-large"),
    "a tightly packed part": (lambda: bomb(SHEET, 40), "too-large"),
    "millions of tags": (lambda: altered(XLSX, SHEET, ("甲", "</t></is></c>" + "<c/>" * 4_100_000)), "too-large"),
    "two parts of one name": (lambda: twice(DOCX, BODY), "damaged"),
    "parts that need a password": (lambda: with_flag(XLSX), "encrypted"),
    "an archive of other things": (lambda: zipped({"a.txt": "甲"}), "unsupported"),
    "an e-book": (lambda: zipped({"mimetype": "application/epub+zip"}, stored=("mimetype",)), "unsupported"),
    "a presentation": (
        lambda: altered(DOCX, "[Content_Types].xml", ("wordprocessingml.document.main", "presentationml.main")),
        "unsupported",
    ),
    "an encrypted ods": (
        lambda: zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": "<m><encryption-data/></m>",
                "content.xml": "x",
            }
        ),
        "encrypted",
    ),
    "an empty document": (lambda: docx(""), "not-a-table"),
    "a workbook that needs a password": (lambda: container(EncryptionInfo=b"", EncryptedPackage=b""), "encrypted"),
    "an old document that needs a password": (
        lambda: container(WordDocument=b"\xec\xa5" + bytes(9) + b"\x01"),
        "encrypted",
    ),
    "an old presentation": (lambda: container(**{"PowerPoint Document": b""}), "unsupported"),
    "an old workbook of zeros": (lambda: container(Workbook=b""), "damaged"),
    "an OLE2 container cut off": (lambda: (SAMPLES / "office-seed-xls/source.xls").read_bytes()[:2000], "damaged"),
    "an OLE2 container's first bytes": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
    "a web archive without a page": (lambda: b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx", "damaged"),
    "a page of 10^9 columns": (lambda: b"<table><tr><td colspan=1000000000>x</table>", ""),
    "a page of wide cells": (
        lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=65534>x" * 200_000 + b"</table>",
        "too-large",
    ),
    "a page of millions of tags": (lambda: b"<table>" + b"<td>" * 2_100_000, "too-large"),
    "a page of 100000 tables in tables": (lambda: b"<table><tr><td>" * 100_000 + b"x", ""),
    "a page of 100000 nested blocks": (lambda: b"<html><table><tr><td>x<td>y</table>" + b"<div>" * 100_000, ""),
    "a document of deep tables": (
        lambda: document(
            tc("甲") + tc("乙"), before="<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80
        ),
        "",
    ),
    "a document of wide cells": (
        lambda: document(*[tc("甲", '<w:gridSpan w:val="99999999"/>') + tc("乙")] * 500),
        "",
    ),
    "XML deeper than any office writes": (
        lambda: document(tc("甲"), before="<w:sdt>" * 5_000 + "</w:sdt>" * 5_000),
        "damaged",
    ),
    "a style based on itself": (
        lambda: document(
            tc('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>') + tc("乙"),
            styles='<w:style w:styleId="A"><w:basedOn w:val="A"/></w:style>',
        ),
        "",
    ),
    "a form of numbers with 100000 digits": (
        lambda: (SAMPLES / "whole-form/source.txt").read_bytes().replace(b"12", b"9" * 100_000),
        "",
    ),
    "a text that the workbook does not hold": (
        lambda: workbook(A1='<c r="{name}" t="s"><v>9</v></c>', B1=inline("乙")),
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_refused_or_read_soon_and_in_bounded_memory(case: str) -> None:
    make, code = CASES[case]
    data = make()
    start, before = time.process_time(), _peak()
    assert refusal(data) == code
    assert time.process_time() - start < 20
    assert _peak() - before < 900_000


def _peak() -> int:
    """Kilobytes of the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


SEEDS = [next((SAMPLES / slug).glob("source.*")) for slug in (
    "excel-damaged", "office-seed-calc", "office-seed-xls", "word-torn", "office-seed-writer", "page-in-page",
    "office-seed-archive",
)]  # fmt: skip


def mutants(data: bytes, random: Random) -> Iterator[bytes]:
    """The file with bytes changed, and where it is an archive with bytes of one of its parts changed."""
    yield _mutated(data, random)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        name = random.choice(sorted(name for name, held in parts.items() if held))
        held = parts[name]
        assert isinstance(held, bytes)
        yield zipped({**parts, name: _reshaped(held, random) if random.randrange(2) else _mutated(held, random)})


def _mutated(data: bytes, random: Random) -> bytes:
    found = bytearray(data)
    for _ in range(random.randrange(1, 12)):
        at = random.randrange(len(found))
        kind = random.randrange(4)
        if kind == 0:
            found[at] = random.randrange(256)
        elif kind == 1:
            del found[at : at + random.randrange(1, 60)]
        elif kind == 2:
            found[at:at] = random.choice(
                (b"<", b">", b'"', b"\0", b"-1", b"99999999999", b"&x;", b"</w:tc>", b"<table>")
            )
        else:
            end = at + random.randrange(1, 400)
            found[at:at] = found[at:end]
    return bytes(found)


def _reshaped(data: bytes, random: Random) -> bytes:
    """XML with elements swapped, doubled or left out, still well-formed."""
    from lxml import etree

    try:
        root = etree.fromstring(data)
    except etree.LxmlError:
        return _mutated(data, random)
    for _ in range(random.randrange(1, 8)):
        nodes = [node for node in root.iter() if node.getparent() is not None]
        if not nodes:
            break
        node, other = random.choice(nodes), random.choice(nodes)
        kind = random.randrange(4)
        if kind == 0:
            node.getparent().remove(node)
        elif kind == 1 and node not in other.iterancestors() and node is not other:
            other.append(node)
        elif kind == 2:
            for key in node.attrib:
                node.set(
                    key, random.choice(("", "-1", "0", "99999999999", "ZZZ999999999", "真", "1e309", "A1:XFD1048576"))
                )
        else:
            node.text = random.choice(("", "9" * 400, "\u2028", "1e308", "-0", "nan"))
    found: bytes = etree.tostring(root)
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.parent.name)
def test_a_mutated_file_gives_a_document_or_a_code(path: Path) -> None:
    data = path.read_bytes()
    random = Random(path.parent.name)
    for _ in range(40):
        for mutant in mutants(data, random):
            extraction = extract(mutant, name="mutant")
            assert extraction.audit or (extraction.error and extraction.error.code)


def test_without_libreoffice_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "program", lambda: None)
    with pytest.raises(ReadError) as refused:
        read((SAMPLES / "office-seed-odt/source.odt").read_bytes(), "a.odt")
    assert refused.value.code == MissingPart.code
    assert "apt-get install libreoffice-writer" in refused.value.message


@pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: conversion is NOT tested")
def test_a_document_that_libreoffice_cannot_open_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "_SECONDS", 60)
    assert refusal(b"{\\rtf1\\ansi " + b"\\'" * 10) in ("damaged", "not-a-table")


def packed_again(slug: str) -> bytes:
    """A sample as any zip program packs it: its kind is compressed, and stands behind the other parts."""
    with zipfile.ZipFile(io.BytesIO(next((SAMPLES / slug).glob("source.*")).read_bytes())) as archive:
        return zipped({name: archive.read(name) for name in sorted(archive.namelist())})


def test_what_is_converted_is_known_before_its_process_is_walled_in() -> None:
    assert starts_program((SAMPLES / "office-seed-odt/source.odt").read_bytes())
    assert starts_program(packed_again("office-seed-odt"))
    assert not starts_program((SAMPLES / "office-seed-calc/source.ods").read_bytes())
    assert not starts_program(XLSX)
    assert not starts_program(DOCX)


def test_a_walled_in_process_that_must_not_convert_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr("subprocess.run", refuse)
    monkeypatch.setattr("subprocess.Popen", refuse)
    assert refusal(packed_again("office-seed-odt")) == "unsupported"


def test_a_conversion_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(convert, "program", lambda: str(slow))
    monkeypatch.setattr(convert, "_SECONDS", 0.5)
    start = time.monotonic()
    assert refusal(b"{\\rtf1 x}") == "timeout"
    assert time.monotonic() - start < 30
