"""Results and ledger are the same wherever documents are read, and wherever they lie."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jixiao.batch.executors import Dask
from jixiao.batch.task import Task
from tests.batches import blank_scan, entries, tree
from tests.forms import SAMPLES
from tests.test_batch_ledger import corpus
from tests.test_cli import WHOLE, jixiao

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="dask.distributed is missing: pip install '.[dask]'"
)
needs_s3 = pytest.mark.skipif(importlib.util.find_spec("s3fs") is None, reason="s3fs is missing: pip install '.[s3]'")

CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        pids = [nanny.process.pid for nanny in cluster.workers.values()]
        print(cluster.scheduler_address, *pids, flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[list[str]]:
    """The address of a real scheduler, and the process numbers of its three workers."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, str(script)], **pipes) as run:  # type: ignore[call-overload]
        yield run.stdout.readline().decode().split()
        run.stdin.close()
        run.wait(30)


@needs_dask
def test_a_cluster_whose_worker_is_killed_loses_and_doubles_nothing(cluster: list[str], tmp_path: Path) -> None:
    address, *workers = cluster
    corpus(tmp_path / "in", 100)
    assert jixiao("extract", "in", "-o", "local", "-q", cwd=tmp_path).code == 4
    command = [sys.executable, "-m", "jixiao.cli", "extract", "in", "-o", "out", "-q", "--executor"]
    with subprocess.Popen([*command, f"dask://{address.removeprefix('tcp://')}"], cwd=tmp_path) as run:
        journal = tmp_path / "out" / ".journal.jsonl"
        while run.poll() is None and (not journal.exists() or journal.read_bytes().count(b'"sha256"') < 10):
            time.sleep(0.01)
        running = run.poll() is None
        os.kill(int(workers[0]), signal.SIGKILL)
    assert running
    assert run.returncode == 4
    assert tree(tmp_path / "out") == tree(tmp_path / "local")
    assert len(entries(tmp_path / "out")) == 100


@needs_dask
def test_the_pages_of_a_scan_that_a_cluster_reads_are_told_to_the_run_that_asked(cluster: list[str]) -> None:
    heard: list[tuple[str, int, int]] = []
    others: list[tuple[str, int, int]] = []
    address = f"dask://{cluster[0].removeprefix('tcp://')}"
    pool, other = Dask(address, lambda *told: heard.append(told)), Dask(address, lambda *told: others.append(told))
    try:
        reply = pool.submit(Task("blank.tiff", data=blank_scan(3))).result(60)
        until = time.monotonic() + 10
        while len(heard) < 3 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        pool.close()
        other.close()
    assert reply.rendered.entry["code"] == "not-a-table"
    assert heard == [("blank.tiff", number, 3) for number in (1, 2, 3)]
    assert others == []


@needs_dask
def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    script = "import jixiao.batch.executors as e; e._PATIENCE = '1s'; from jixiao.cli import main; import sys; "
    script += f"sys.exit(main(['extract', {str(WHOLE)!r}, '-o', 'out', '--executor', 'dask://127.0.0.1:9']))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_an_executor_that_nobody_knows_is_wrong_usage(tmp_path: Path) -> None:
    assert jixiao("extract", WHOLE, "-o", tmp_path / "out", "--executor", "cloud").code == 2


def test_addresses_of_fsspec_are_read_and_searched(tmp_path: Path) -> None:
    (tmp_path / "甲" / "乙").mkdir(parents=True)
    for name in ("甲/a.txt", "甲/乙/b.txt"):
        shutil.copy(WHOLE, tmp_path / name)
    done = jixiao("extract", f"file://{tmp_path}/甲", f"file://{tmp_path}/无.txt", "-o", "out", cwd=tmp_path)
    assert done.code == 4
    found = {entry["source"].rpartition("/")[2]: entry["code"] for entry in entries(tmp_path / "out")}
    assert found == {"a.txt": None, "b.txt": None, "无.txt": "not-found"}
    assert jixiao("extract", f"file://{tmp_path}/甲/**/*.txt", "-o", "two", cwd=tmp_path).code == 0
    assert len(entries(tmp_path / "two")) == 2


def test_an_address_whose_part_is_missing_names_it(tmp_path: Path) -> None:
    done = jixiao("extract", "nonsense://a/b.txt", "-o", tmp_path / "out")
    assert done.code == 3
    assert "unreadable" in done.lines[0]


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as listing and reading take, over samples/."""

    def do_HEAD(self) -> None:
        path = SAMPLES / self.path.removeprefix("/bucket/").partition("?")[0]
        self._answer(path.read_bytes() if path.is_file() else None, head=True)

    def do_GET(self) -> None:
        if "list-type=2" in self.path:
            names = ("whole-form/source.txt", "pdf-cuts/source.pdf")
            listed = "".join(
                f"<Contents><Key>{name}</Key><Size>{(SAMPLES / name).stat().st_size}</Size>"
                f"<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag></Contents>"
                for name in names
                if f"prefix={name.partition('/')[0]}" in self.path or "prefix=&" in self.path
            )
            text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>"
            self._answer(text.encode())
            return
        path = SAMPLES / self.path.removeprefix("/bucket/").partition("?")[0]
        self._answer(path.read_bytes() if path.is_file() else None)

    def _answer(self, data: bytes | None, *, head: bool = False) -> None:
        span = self.headers.get("Range", "").removeprefix("bytes=").split("-")
        total = len(data or b"")
        if data is not None and len(span) == 2:
            data = data[int(span[0]) : int(span[1] or total) + 1]
        self.send_response(404 if data is None else 206 if len(span) == 2 else 200)
        self.send_header("Content-Length", str(len(data or b"")))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("ETag", '"x"')
        self.end_headers()
        if not head:
            self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@needs_s3
def test_a_bucket_is_read_like_a_folder(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        environment: dict[str, Any] = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{http.server_address[1]}",
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1",
            "no_proxy": "*",
        }
        names = ("s3://bucket/whole-form/source.txt", "s3://bucket/nowhere.txt")
        done = jixiao("extract", *names, "-o", "out", cwd=tmp_path, **environment)
        below = jixiao("extract", "s3://bucket/whole-form", "-o", "two", cwd=tmp_path, **environment)
        http.shutdown()
        thread.join()
    found = {entry["source"]: entry["code"] for entry in entries(tmp_path / "out")}
    assert found == {names[0]: None, names[1]: "not-found"}, done.err
    assert [entry["source"] for entry in entries(tmp_path / "two")] == [names[0]], below.err


def test_the_ledger_knows_addresses_and_fetches_again_only_to_compare(tmp_path: Path) -> None:
    shutil.copy(WHOLE, tmp_path / "a.txt")
    address = f"file://{tmp_path}/a.txt"
    for _ in range(2):
        assert jixiao("extract", address, "-o", "out", cwd=tmp_path).code == 0
        stamp = (tmp_path / "out" / "a" / "audit.json").stat().st_mtime_ns
    assert json.loads((tmp_path / "out" / "manifest.jsonl").read_bytes())["source"] == address
    jixiao("extract", address, "-o", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "a" / "audit.json").stat().st_mtime_ns == stamp
