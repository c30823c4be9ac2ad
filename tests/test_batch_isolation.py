"""What one document does to its process costs that document alone, and is named by its code."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from jixiao.batch import wire
from jixiao.batch.executors import Local
from jixiao.batch.isolation import Isolation
from jixiao.batch.limits import Limits
from jixiao.batch.run import Plan, run_all
from jixiao.batch.sandbox import prepared
from jixiao.batch.task import Reply, Task, body_of
from jixiao.inputs import find_inputs
from jixiao.options import DEFAULT
from jixiao.pipeline import run_instead
from tests.batches import entries
from tests.faults import FAULTS, WORK
from tests.forms import SAMPLES

LIMITS = Limits(cpu=1, wall=3, memory=200)


@pytest.fixture
def isolation() -> Iterator[Isolation]:
    found = Isolation(WORK)
    yield found
    found.close()


def run(isolation: Isolation, data: str, limits: Limits = LIMITS) -> Reply:
    return isolation.run(Task("a.txt", limits=limits), data.encode())


def descendants() -> set[int]:
    """Every process below this one."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_by_its_code_and_the_next_document_is_read(isolation: Isolation, fault: str) -> None:
    assert run(isolation, fault).rendered.entry["code"] == FAULTS[fault]
    assert run(isolation, "fine").rendered.entry["status"] == "ok"


def test_a_pdf_that_fells_one_engine_is_tried_once_more_with_the_other(isolation: Isolation) -> None:
    entry = run(isolation, "%PDF-crash fine-without-pdfium").rendered.entry
    assert (entry["status"], entry["engine"]) == ("ok", "crashed")
    assert run(isolation, "%PDF-exit").rendered.entry["code"] == "crashed"


@pytest.mark.parametrize("lie", ["outside", "no-result"])
def test_what_a_process_gives_that_is_no_result_of_its_document_is_not_believed(isolation: Isolation, lie: str) -> None:
    found = run(isolation, lie)
    assert (found.rendered.entry["code"], found.rendered.files) == ("crashed", ())
    assert run(isolation, "fine").rendered.entry["status"] == "ok"


@pytest.mark.parametrize(
    "files", [(), tuple((f"{n}-绩效.json", bytes([n % 256]) * 3000 * (n % 7)) for n in range(700))]
)
def test_a_result_in_parts_is_the_messagepack_of_the_whole(files: tuple[tuple[str, bytes], ...]) -> None:
    record = {"entry": {"status": "ok"}, "files": files, "lines": b"x"}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = Thread(target=wire.send, args=(ours.fileno(), *body_of(record)))
        sender.start()
        body = wire.receive(theirs.fileno())
        sender.join()
    told = msgspec.msgpack.decode(body)
    assert told | {"files": tuple(map(tuple, told["files"]))} == record


def test_each_document_has_a_process_of_its_own(isolation: Isolation) -> None:
    assert len({run(isolation, "fine").rendered.entry["engine"] for _ in range(5)}) == 5


def test_what_a_document_starts_ends_with_it(isolation: Isolation) -> None:
    run(isolation, "fine")
    before = descendants()
    assert run(isolation, "children").rendered.entry["status"] == "ok"
    assert descendants() == before


def test_what_a_library_prints_reaches_nobody(isolation: Isolation, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(isolation, "print").rendered.entry["status"] == "ok"
    assert capfd.readouterr() == ("", "")


def test_a_document_cannot_break_out(isolation: Isolation) -> None:
    if prepared(None).missing:
        pytest.skip(f"this kernel has no {' and no '.join(prepared(None).missing)}")
    assert run(isolation, "break-out").rendered.entry["status"] == "ok"


def test_what_needs_a_recogniser_goes_to_a_worker_that_stays(isolation: Isolation) -> None:
    engines = [run(isolation, "heavy").rendered.entry["engine"] for _ in range(3)]
    assert len(set(engines)) == 1
    assert run(isolation, "heavy-crash").rendered.entry["code"] == "crashed"
    assert run(isolation, "heavy").rendered.entry["engine"] not in engines


def test_a_worker_that_stays_is_replaced_after_some_pages(isolation: Isolation) -> None:
    engines = Counter(run(isolation, "heavy").rendered.entry["engine"] for _ in range(60))
    assert sorted(engines.values()) == [10, 50]


def test_nothing_outlives_the_parent(isolation: Isolation) -> None:
    run(isolation, "heavy")
    assert descendants()
    isolation.close()
    until = time.monotonic() + 10
    while descendants() and time.monotonic() < until:
        time.sleep(0.05)
    assert not descendants()


def test_a_server_or_supervisor_that_is_killed_is_replaced(isolation: Isolation) -> None:
    run(isolation, "fine")
    for pid in descendants():
        os.kill(pid, signal.SIGKILL)
    assert run(isolation, "fine").rendered.entry["status"] == "ok"


def test_without_fork_a_worker_that_stays_reads_all_and_survives_faults() -> None:
    isolation = Isolation(WORK, fork=False)
    try:
        codes = [run(isolation, each, Limits(1, 1, 200)).rendered.entry["code"] for each in ("fine", "crash", "fine")]
        assert codes == [None, "crashed", None]
    finally:
        isolation.close()


def test_faults_at_random_among_a_hundred_documents_are_counted_exactly(tmp_path: Path) -> None:
    chance = random.Random(7)
    (tmp_path / "in").mkdir()
    expected: Counter[str | None] = Counter()
    for number in range(100):
        fault = chance.choice([*FAULTS]) if chance.random() < 0.15 else "fine"
        expected[FAULTS.get(fault)] += 1
        (tmp_path / "in" / f"{number}.txt").write_text(fault, encoding="ascii")
    pool = Local(4, Isolation(WORK))
    run_all(find_inputs([str(tmp_path / "in")]), tmp_path / "out", pool, lambda *_: None, Plan(limits=LIMITS))
    found = entries(tmp_path / "out")
    assert Counter(entry["code"] for entry in found) == expected
    assert len({entry["source"] for entry in found}) == 100
    written = {path.parent.name for path in (tmp_path / "out").glob("*/audit.json")}
    assert written == {entry["folder"] for entry in found if entry["status"] == "ok"}


def test_a_run_that_is_killed_leaves_no_process() -> None:
    script = (
        "from jixiao.batch.isolation import Isolation; from jixiao.batch.task import Task\n"
        f"isolation = Isolation({WORK!r})\nisolation.run(Task('a'), b'fine')\nprint('ready', flush=True)\n"
        "isolation.run(Task('b'), b'sleep')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    ) as run:
        assert run.stdout
        run.stdout.readline()
        time.sleep(0.3)
        below = descendants() - {run.pid}
        assert len(below) == 3
        run.kill()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(("after", "engine"), [("crashed", "pdfplumber"), ("timeout", "pdfium-lattice")])
def test_a_pdf_that_is_tried_once_more_is_read_by_one_engine_and_is_partial(after: str, engine: str) -> None:
    data = (SAMPLES / "pdf-cuts" / "source.pdf").read_bytes()
    found = run_instead(data, "a.pdf", DEFAULT, after)
    assert (found.status, len(found.projects)) == ("partial", 1)
    assert found.audit
    assert found.audit.tool.engine == engine
    assert found.audit.findings[0].rule == "engine-failed"


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    isolation = Isolation(WORK)
    for each in ("fine", "crash", "heavy"):
        run(isolation, each)
    assert list(tmp_path.iterdir())
    isolation.close()
    assert not list(tmp_path.iterdir())


def test_the_folder_of_a_server_that_was_killed_goes_when_the_next_run_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    killed, living, later = Isolation(WORK), Isolation(WORK), Isolation(WORK)
    try:
        run(killed, "fine")
        [stale] = tmp_path.iterdir()
        run(living, "fine")
        for kept in ("jixiao-unmarked", "others"):
            (tmp_path / kept).mkdir()
        (tmp_path / "others" / ".jixiao").touch()
        (tmp_path / "jixiao-linked").symlink_to(tmp_path / "others")
        standing = {*tmp_path.iterdir()} - {stale}
        for pid in servers_in(stale):
            os.kill(pid, signal.SIGKILL)
        run(later, "fine")
        assert standing < {*tmp_path.iterdir()}
        assert not stale.exists()
    finally:
        for each in (killed, living, later):
            each.close()


def servers_in(folder: Path) -> set[int]:
    """The processes that hold a folder."""
    return {pid for pid in descendants() if any(link.parent == folder for link in links(pid))}


def links(pid: int) -> list[Path]:
    """What a process has open."""
    return [each.readlink() for each in Path(f"/proc/{pid}/fd").iterdir()]
