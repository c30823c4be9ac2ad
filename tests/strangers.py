"""Files that no honest program writes, by their name, each with the code that must come of it ("" where it is read)."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

import pikepdf

from tests.forms import SAMPLES

TEXT = (SAMPLES / "whole-form" / "source.txt").read_text(encoding="utf-8")
XLSX = (SAMPLES / "office-seed-openpyxl" / "source.xlsx").read_bytes()
DOCX = (SAMPLES / "office-seed-word" / "source.docx").read_bytes()
BODY = "word/document.xml"


def pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A form of two pages, changed."""
    held = io.BytesIO()
    with pikepdf.open(SAMPLES / "pdf-cuts" / "source.pdf") as document:
        change(document)
        document.save(held)
    return held.getvalue()


def _deep_tree(document: pikepdf.Pdf) -> None:
    kids, at = list(document.Root.Pages.Kids), document.Root.Pages
    for _ in range(3000):
        below = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=2, Kids=pikepdf.Array()))
        below.Parent, at.Kids, at = at, pikepdf.Array([below]), below
    at.Kids = pikepdf.Array(kids)


def _boxed(*box: int) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.MediaBox = pikepdf.Array(box)

    return change


def _shown(content: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda document: document.pages[0].contents_add(pikepdf.Stream(document, content), prepend=True)


def _many_pages(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Kids.extend([document.pages[0].obj] * 25_000)
    document.Root.Pages.Count = 25_002


def _scripted(document: pikepdf.Pdf) -> None:
    document.attachments["../../evil.txt"] = b"x"
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def packed(source: bytes, more: dict[str, str], changed: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """An archive packed again with more parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed(name, old.read(name)) if changed else old.read(name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there already
            for name, data in more.items():
                new.writestr(name, data)
    return held.getvalue()


def _patched(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    at = data.rfind(mark) + offset
    return data[:at] + value + data[at + len(value) :]


def _png(width: int, height: int, pixels: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    packed_chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed_chunks)


def _utf16(between: bytes) -> bytes:
    head, tail = (part.encode("utf-16-le") for part in TEXT.split("项目", 1))
    return b"\xff\xfe" + head + between + tail


STRANGERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "deep-page-tree.pdf": (lambda: pdf(_deep_tree), "not-a-table"),
    "huge-page.pdf": (lambda: pdf(_boxed(0, 0, 10**9, 10**9)), ""),
    "page-of-nothing.pdf": (lambda: pdf(_boxed(0, 0, 0, 0)), ""),
    "page-inside-out.pdf": (lambda: pdf(_boxed(-(10**12), 10**12, 10**12, -(10**12))), ""),
    "huge-font.pdf": (lambda: pdf(_shown(b"BT /F1 100000000 Tf 1e30 0 0 1e30 0 0 Tm (A) Tj ET")), ""),
    "two-million-states.pdf": (lambda: pdf(_shown(b"q " * 2_000_000)), ""),
    "250000-rectangles.pdf": (lambda: pdf(_shown(b"9 9 3 3 re S " * 250_000)), "too-large"),
    "25000-pages.pdf": (lambda: pdf(_many_pages), "too-large"),
    "scripted.pdf": (lambda: pdf(_scripted), ""),
    "table-in-itself.pdf": (
        lambda: b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
        "damaged",
    ),
    "nested-dictionaries.pdf": (lambda: b"%PDF-1.7\n1 0 obj" + b"<</A" * 50_000 + b">>" * 50_000, "damaged"),
    "twins-by-case.docx": (lambda: packed(DOCX, {BODY.upper(): "<x/>"}), "damaged"),
    "twins.xlsx": (lambda: packed(XLSX, {"xl/workbook.xml": "<x/>"}), "damaged"),
    "paths-out-of-it.docx": (lambda: packed(DOCX, {"../../evil": "x", "/etc/evil": "x", "C:\\evil": "x"}), ""),
    "70000-parts.xlsx": (lambda: packed(XLSX, {f"x/{number}": "" for number in range(70_000)}), "too-large"),
    "sizes-that-lie.docx": (lambda: _patched(DOCX, b"PK\x01\x02", 20, b"\xff" * 8), "too-large"),
    "parts-that-overlap.docx": (lambda: _patched(DOCX, b"PK\x01\x02", 42, bytes(4)), "damaged"),
    "an-end-that-lies.xlsx": (lambda: _patched(XLSX, b"PK\x05\x06", 8, b"\xff" * 12), "damaged"),
    "twice.docx": (lambda: DOCX + DOCX, ""),
    "junk-behind.xlsx": (lambda: XLSX + bytes(70_000), "damaged"),
    "steering.docx": (
        lambda: packed(DOCX, {}, lambda _, data: data.replace("绩效".encode(), "绩\u202e\u2066效".encode())),
        "",
    ),
    "deep.html": (lambda: b"<html><div>" + b"<b><i><font>" * 30_000 + b"<table><tr><td>x", "not-a-table"),
    "spans.html": (lambda: b"<html><table>" + b"<tr><td colspan=65534 rowspan=65534>x" * 3000, "not-a-table"),
    "fetching.html": (
        lambda: (
            b"<html><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><img src=http://127.0.0.1:9/a>"
            b"<iframe src=file:///etc/passwd></iframe><table><tr><td>x</table>"
        ),
        "not-a-table",
    ),
    "one-line.csv": (lambda: b'"' * 30_000_000, "too-large"),
    "tabs.txt": (lambda: b"\t" * 20_000_000, "too-large"),
    "lines.txt": (lambda: b"\n" * 20_000_000, "too-large"),
    "nul.txt": (lambda: TEXT.replace("项目", "项\0目").encode(), "damaged"),
    "escapes.txt": (lambda: TEXT.replace("农田", "农\x1b]0;evil\x07\x9b31m田").encode(), ""),
    "half-a-pair.txt": (lambda: _utf16(b"\x00\xd8"), "damaged"),
    "pairs-in-utf-8.txt": (
        lambda: TEXT.replace("项", "\ud83d\ude00").encode("utf-8", "surrogatepass"),
        "damaged",
    ),
    "exponents.txt": (lambda: TEXT.replace("86.5", "1e999999999").encode(), ""),
    "years.txt": (lambda: TEXT.replace("2025", "99999999999999").encode(), ""),
    "path-as-name.txt": (lambda: TEXT.replace("高标准农田管护项目", "../../../etc/passwd\u202e\x1b[31m").encode(), ""),
    "pixels.png": (lambda: _png(50_000, 50_000, zlib.compress(bytes(10**6))), "too-large"),
}
"""Each costs a reader seconds or megabytes, or deceives it."""

NAMES = (
    *("A.txt", "a.txt", "\u00e9.txt", "e\u0301.txt", "\u212a.txt", "K.txt", "ﬁ.txt", "fi.txt"),
    *("AUX.txt", "nul", "COM¹.txt", "dots....", "space .txt", "-rf.txt", "--help", "%s%n.txt", "$(id).txt", "~.txt"),
    *(
        "new\nline.txt",
        "esc\x1b[31m.txt",
        "\u202egnp.txt",
        "\u2028.txt",
        "\ufeffbom.txt",
        "\x7f.txt",
        "n" * 251 + ".txt",
    ),
)
"""Names that collide on some system, mean something to a shell, or steer a terminal."""
