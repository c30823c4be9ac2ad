"""A scan of many pages tells how far it is, through every process between it and who waits."""

from __future__ import annotations

import argparse

import pytest

from extract import read
from extract.errors import ReadError
from extract.telling import hearing, page_done
from jixiao.batch.isolation import Isolation
from jixiao.batch.limits import Limits
from jixiao.batch.task import Task, answer_of, page_message
from jixiao.errors import DocumentError
from jixiao.progress import Tally, Teller
from jixiao.write import failed_entry
from tests.batches import blank_scan
from tests.faults import WORK


@pytest.mark.parametrize("fork", [True, False])
def test_pages_are_told_while_the_document_is_read(*, fork: bool) -> None:
    heard: list[tuple[str, int, int]] = []
    isolation = Isolation(WORK, fork=fork, paged=lambda *told: heard.append(told))
    try:
        reply = isolation.run(Task("long.tiff", limits=Limits(cpu=5, wall=20, memory=200)), b"pages")
        again = isolation.run(Task("next.tiff", limits=Limits(cpu=5, wall=20, memory=200)), b"pages")
    finally:
        isolation.close()
    assert (reply.rendered.entry["status"], again.rendered.entry["status"]) == ("ok", "ok")
    wanted = [(name, number, 25) for name in ("long.tiff", "next.tiff") for number in range(1, 26)]
    assert heard == wanted


def test_who_does_not_listen_gets_the_answer_all_the_same() -> None:
    messages = iter([page_message(1, 2), page_message(2, 2), b'{"pages": 2}'])
    assert answer_of(lambda: next(messages), None) == b'{"pages": 2}'
    page_done(1, 2)


def test_the_pages_of_a_picture_are_told_as_they_are_read() -> None:
    heard: list[tuple[int, int]] = []
    with hearing(lambda *told: heard.append(told)), pytest.raises(ReadError):
        read(blank_scan(3), "blank.tiff")
    assert heard == [(1, 3), (2, 3), (3, 3)]


def teller(*, progress: bool = False, quiet: bool = False, total: int = 1) -> Teller:
    return Teller(Tally(), total, argparse.Namespace(progress=progress, quiet=quiet, verbose=False))


def test_without_a_terminal_every_tenth_page_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(1, 31):
        teller().page("a\x1b.pdf", number, 30)
        teller(quiet=True).page("b.pdf", number, 30)
    assert capsys.readouterr().err == "a\ufffd.pdf: page 10 of 30\na\ufffd.pdf: page 20 of 30\n"


def test_on_a_terminal_the_bar_tells_the_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with teller(progress=True) as bar:
        bar.page("scan.pdf", 7, 40)
    assert "scan.pdf: page 7 of 40" in capsys.readouterr().err


def test_on_a_narrow_terminal_the_bar_gives_way_and_the_numbers_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    with teller(progress=True, total=14_000):
        pass
    shown = capsys.readouterr().err
    assert "0/14000" in shown
    assert "-:--:--" in shown


def test_the_table_of_a_run_that_was_stopped_says_how_many_documents_there_were(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry = failed_entry("a.pdf", DocumentError("broken")) | {"milliseconds": 1}
    with teller(total=300) as told:
        told.document(entry)
    assert "1 of 300 documents in" in capsys.readouterr().err
