"""Files that strangers made to hang, fill, crash or deceive: each has its line in the ledger and does no more."""

from __future__ import annotations

import json
import os
import shutil
import socket
import unicodedata
import zipfile
from pathlib import Path

import pytest

from jixiao import extract
from jixiao.encode import line, load
from jixiao.names import safe_name
from tests.batches import entries, tree
from tests.forms import SAMPLES
from tests.test_cli import WHOLE, Result, jixiao

PDF = SAMPLES / "pdf-cuts" / "source.pdf"


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of objects, numbered from 1, the first its catalog; PDFium finds them without a table."""
    body = b"".join(b"%d 0 obj %s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


def page(content: bytes, resources: bytes, *more: bytes) -> bytes:
    kids = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents 4 0 R>>" % resources
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", kids, stream(content), *more
    )


def killers() -> dict[str, bytes]:
    """PDFs of a few bytes that have felled readers."""
    form = stream(b"/A Do /A Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>")
    cmap = stream(b"begincmap 1 beginbfrange <0000> <FFFFFFFF> <0000> endbfrange endcmap")
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>"
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>"
    return {
        "form-in-itself.pdf": page(b"/A Do", b"/XObject<</A 5 0 R>>", form),
        "endless-range.pdf": page(b"BT /F 9 Tf <00410042> Tj ET", b"/Font<</F 5 0 R>>", font, cmap, below),
        "tree-in-a-loop.pdf": pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
        "many-pages.pdf": pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2147483647>>"),
        "deep.pdf": pdf_of(b"[" * 100_000 + b"]" * 100_000),
        "no-page.pdf": pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        "launches.pdf": pdf_of(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/sh)>>>>", b"<</Kids[]>>"),
        "empty.pdf": b"",
        "only-a-head.pdf": b"%PDF-1.7",
    }


def hostile(folder: Path) -> set[str]:
    """A folder of them; gives the names of what is good."""
    for name, data in killers().items():
        (folder / name).write_bytes(data)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "socket.txt"))
    with (folder / "sparse.pdf").open("wb") as file:
        file.truncate(20 * 1024**3)
    (folder / "sub").mkdir()
    (folder / "sub" / "round").symlink_to(folder)
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    (folder / "out-of-it.txt").symlink_to("/etc/passwd")
    (folder / "zero.txt").symlink_to("/dev/zero")
    shutil.copy(WHOLE, folder / "sub" / "good.txt")
    (folder / "inside.txt").symlink_to("sub/good.txt")
    names = [
        "x" * 251 + ".txt",
        "bidi\u202etxt.exe",
        "ctrl\x1b[31m\x07.txt",
        "con.txt",
        "日" * 83 + ".txt",
        "a:b*c?.txt",
    ]
    for name in names:
        shutil.copy(WHOLE, folder / name)
    raw = os.fsencode(folder) + b"/\xff\xfe\xd6\xd0.txt"
    shutil.copy(os.fsencode(WHOLE), raw)
    return {*names, "inside.txt", "good.txt", "\\xff\\xfe\\xd6\\xd0.txt"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, set[str]]:
    place = tmp_path_factory.mktemp("hostile")
    (place / "in").mkdir()
    good = hostile(place / "in")
    done = jixiao("extract", "in", "-o", "out", "--timeout", 5, "--wall-timeout", 60, cwd=place)
    return place, done, good


Run = tuple[Path, Result, set[str]]


def test_every_file_of_a_hostile_folder_has_one_line_and_a_code(run: Run) -> None:
    place, done, good = run
    found = {entry["source"].removeprefix("in/"): entry for entry in entries(place / "out")}
    listed = {path.name for path in (place / "in").iterdir()} - {"sub"}
    assert len(found) == len(listed) + 1
    assert {name.removeprefix("sub/") for name, entry in found.items() if entry["status"] == "ok"} == good
    codes = {name: entry["code"] for name, entry in found.items() if entry["status"] != "ok"}
    special = {"pipe.txt", "socket.txt", "out-of-it.txt", "zero.txt"}
    assert {name for name, code in codes.items() if code == "unsupported"} == special
    assert codes["sparse.pdf"] == "too-large"
    assert {codes["loop.txt"], codes["nowhere.txt"]} == {"unreadable"}
    assert {codes[name] for name in killers()} <= {"damaged", "not-a-table", "too-large", "timeout", "out-of-memory"}
    assert done.code == 4


def steering(text: str) -> set[str]:
    """Characters that steer a terminal."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}} - {"\n"}


def test_no_control_or_bidi_character_reaches_terminal_ledger_or_file_name(run: Run) -> None:
    place, done, _ = run
    assert not steering(done.err)
    assert not steering((place / "out" / "manifest.jsonl").read_text(encoding="utf-8"))
    names = [str(path.relative_to(place)) for path in (place / "out").rglob("*")]
    assert not steering("".join(names))
    assert max(len(part.encode()) for name in names for part in name.split("/")) <= 200


def test_nothing_is_written_outside_the_folder_of_results(run: Run) -> None:
    place, _, _ = run
    assert {path.name for path in place.iterdir()} == {"in", "out"}


@pytest.mark.parametrize(
    "name", ["\udc80", "a\ud800b", "\u2066x", "COM1", "nul.txt", "..", "a/b\\c", "x" * 300, "\x00"]
)
def test_every_name_can_be_made_safe(name: str, tmp_path: Path) -> None:
    (tmp_path / safe_name(name, ".json")).write_bytes(b"")
    assert [path.parent for path in tmp_path.rglob("*")] == [tmp_path]


def test_json_is_strict_whatever_stands_in_a_value() -> None:
    value = {"a\ud800": ["\udcff", "\u202e", "\x85", "\u2028", "年", "\U0001f600"]}
    data = line(value)
    assert not steering(data.decode())
    assert load(data) == {"a?": ["?", "\u202e", "\x85", "\u2028", "年", "\U0001f600"]}
    assert "年" in data.decode()


def archive_of(place: Path) -> None:
    with zipfile.ZipFile(place / "附件.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(WHOLE, "甲/表.txt")
        archive.write(WHOLE, "../../outside.txt")
        archive.write(PDF, "b.pdf")
        archive.writestr("bomb.txt", bytes(300 * 1024 * 1024))
        archive.writestr("__MACOSX/._b.pdf", b"x")
        archive.writestr("空/", b"")
    data = bytearray((place / "附件.zip").read_bytes())
    (place / "broken.zip").write_bytes(data[: len(data) // 2])


def test_the_members_of_an_archive_are_documents_of_their_own(tmp_path: Path) -> None:
    archive_of(tmp_path)
    done = jixiao("extract", "附件.zip", "broken.zip", "-o", "out", cwd=tmp_path)
    assert done.code == 4
    found = {entry["source"]: entry["code"] or entry["folder"] for entry in entries(tmp_path / "out")}
    assert found == {
        "broken.zip": "damaged",
        "zip://../../outside.txt::附件.zip": "outside",
        "zip://b.pdf::附件.zip": "b",
        "zip://bomb.txt::附件.zip": "too-large",
        "zip://甲/表.txt::附件.zip": "表",
    }
    assert {path.name for path in tmp_path.iterdir()} == {"附件.zip", "broken.zip", "out"}
    before = tree(tmp_path / "out")
    assert jixiao("extract", ".", "-o", "out", cwd=tmp_path).code == 4
    assert tree(tmp_path / "out") == before


def test_member_names_of_chinese_systems_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(WHOLE, "XXXX.txt")
    data = (tmp_path / "a.zip").read_bytes().replace(b"XXXX", "绩效".encode("gb18030"))
    (tmp_path / "a.zip").write_bytes(data)
    jixiao("extract", "a.zip", "-o", "out", cwd=tmp_path)
    assert [entry["source"] for entry in entries(tmp_path / "out")] == ["zip://绩效.txt::a.zip"]
    assert (tmp_path / "out" / "绩效" / "audit.json").is_file()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_not_taken_for_one_unless_they_are_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, data in (("same.txt", b""), ("other.txt", b""), ("same.txt", b""), ("other.txt", b"\n")):
            archive.writestr(name, WHOLE.read_bytes() + data)
    done = jixiao("extract", "a.zip", "-o", "out", cwd=tmp_path)
    found = {entry["source"]: entry["code"] for entry in entries(tmp_path / "out")}
    assert found == {"zip://other.txt::a.zip": "damaged", "zip://same.txt::a.zip": None}
    assert "2 different files of this name" in done.err


def encrypted(path: Path, password: str) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), encrypt=StandardEncryption(password, strength=128))
    for at, row in enumerate(WHOLE.read_text(encoding="utf-8").splitlines()):
        left, bottom = 20.0, 800.0 - 18 * at
        for width, cell in zip((70, 70, 150, 130, 130), [*row.split("\t"), "", "", "", "", ""], strict=False):
            canvas.rect(left, bottom, width, 18)
            canvas.setFont("STSong-Light", 4)
            canvas.drawString(left + 1, bottom + 6, cell)
            left += width
    canvas.save()


def test_passwords_are_tried_in_turn_and_never_told(tmp_path: Path) -> None:
    encrypted(tmp_path / "a.pdf", "geheim-7")
    closed = jixiao("extract", "a.pdf", "-o", "out", cwd=tmp_path)
    assert "encrypted" in closed.lines[0]
    (tmp_path / "words").write_text("falsch-1\ngeheim-7\n", encoding="utf-8")
    opened = jixiao("extract", "a.pdf", "-o", "out", "--password-file", "words", "-v", cwd=tmp_path)
    assert opened.code == 0, opened.err
    [entry] = entries(tmp_path / "out")
    assert entry["projects"] == 1
    told = json.dumps([{name: data.decode() for name, data in tree(tmp_path / "out").items()}, opened.err])
    assert "geheim" not in told
    assert "falsch" not in told
    again = extract(tmp_path / "a.pdf", passwords=["geheim-7"])
    assert again.audit
    assert again.audit.source.sha256 == entry["sha256"]
    (tmp_path / "words").write_text("falsch-1\n", encoding="utf-8")
    assert "none of the 1 given" in jixiao("extract", "a.pdf", "-o", "x", "--password-file", "words", cwd=tmp_path).err


def test_a_page_that_one_parser_alone_sees_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has such a file at hand, so PDFium is made to overlook the last page."""
    from extract.pdf import pdfium

    real = pdfium.page_count
    monkeypatch.setattr(pdfium, "page_count", lambda document: real(document) - 1)
    found = extract(PDF, engine="pdfium")
    assert found.status == "partial"
    assert found.audit
    assert "pages-differ" in {finding.rule for finding in found.audit.findings}


def test_files_named_like_results_hide_no_document_beside_them(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("audit.json", "manifest.jsonl", "01-x.json"):
        (tmp_path / "in" / name).write_bytes(b"{}")
    os.mkfifo(tmp_path / "in" / ".journal.jsonl")
    shutil.copy(WHOLE, tmp_path / "in" / "a.txt")
    assert jixiao("extract", "in", "-o", "out", cwd=tmp_path).code == 0
    assert [entry["source"] for entry in entries(tmp_path / "out")] == ["in/a.txt"]


def test_results_in_the_folder_that_is_read_are_left_out_and_its_documents_are_not(tmp_path: Path) -> None:
    shutil.copy(WHOLE, tmp_path / "a.txt")
    for _ in range(2):
        assert jixiao("extract", ".", "-o", ".", cwd=tmp_path).code == 0
        assert [entry["source"] for entry in entries(tmp_path)] == ["a.txt"]
