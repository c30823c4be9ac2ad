"""Batches: throughput against cores, the price of isolation, memory over many documents, the start of the program.

Everything is measured through the command line in processes of its own, as a user would run it.

    python -m bench.batch [--files N] [--only help|isolation|throughput|memory] [--keep FOLDER]

With --files 10000 the last part is the full run: samples and damaged mutants of them, every one of which must stand in
the ledger exactly once, without a traceback, a process left over, or memory that grows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.sniff import starts_program

if TYPE_CHECKING:
    from jixiao.batch.isolation import Isolation
    from jixiao.batch.task import Task

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PROGRAM = [sys.executable, "-m", "jixiao.cli"]
COPIES = 120  # documents of each carrier for throughput
SLOW = {"converted": 12, "scan": 20}  # kinds that take seconds: so many documents, and of the full run one in a hundred
ROUNDS = 4  # for the price of isolation
DOCUMENTS = 8  # of a kind, at most, in each of them
REPEATED = 5  # times that each is read in a process of its own, whose CPU time is counted in hundredths of a second
SMALL = 100_000  # bytes of a result
SETTLED = 0.1  # of the run, after which memory is taken for settled
PARTS = ("help", "isolation", "throughput", "memory")


def main() -> None:
    """Print each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--keep", type=Path, help="leave the documents and results of the memory run here")
    options = parser.parse_args()
    steps = {"help": _help, "isolation": _isolation, "throughput": _throughput}
    for name, step in steps.items():
        if options.only in (None, name):
            step()
    if options.only in (None, "memory"):
        with _place(options.keep) as place:
            _memory(place, options.files)


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def _carriers() -> dict[str, list[Path]]:
    """The committed samples by their kind; scans, and what LibreOffice converts, are kinds of their own."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(SAMPLES.glob("*/source.*")):
        kind = path.suffix.removeprefix(".")
        if path.parent.name.startswith("scan-"):
            kind = "scan"
        elif starts_program(path.read_bytes()):
            kind = "converted"
        found[kind].append(path)
    return {kind: found[kind] for kind in sorted(found, key=lambda kind: (kind in SLOW, kind))}


def _cpu(command: list[str], rounds: int) -> float:
    """The median of the CPU milliseconds of a command."""
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return statistics.median(times)


def _help() -> None:
    bare, ours = _cpu([sys.executable, "-c", ""], 15), _cpu([*PROGRAM, "--help"], 15)
    print(f"jixiao --help: {ours:.0f} CPU ms, {ours / bare:.1f} times a bare Python ({bare:.0f})\n")


def _isolation() -> None:
    """Samples read in a process of their own for each, beside the same in a process that nobody watches.

    That process is as warm as a fork is and reads one document (`alone`, from which the price is told), or all of its
    kind in a row, when it remembers texts that it met: the large samples hold the same forms. Scans and what
    LibreOffice converts are left out, as they take seconds of other programs.
    """
    from jixiao.batch.isolation import Isolation  # noqa: PLC0415 - measured apart from --help

    isolation = Isolation(preload=["*"])
    title = f"CPU ms a document, mean of {ROUNDS} rounds"
    columns = f"{'documents':>10} {'kB of results':>14} {'in a row':>9} {'alone':>7} {'isolated':>9} {'price':>6}"
    print(f"{title:36} {columns}")
    for carrier, paths in _carriers().items():
        if carrier in SLOW:
            continue
        for name, group in _by_size(isolation, paths).items():
            chosen = list(group)[:: -(-len(group) // DOCUMENTS)]
            row, alone, isolated = _price(isolation, chosen)
            size = sum(group[path] for path in chosen) / len(chosen) / 1000
            figures = f"{len(chosen):10} {size:14.0f} {row:9.1f} {alone:7.1f} {isolated:9.1f} {isolated - alone:6.1f}"
            print(f"{carrier + ', ' + name:36} {figures}", flush=True)
    isolation.close()
    print()


def _by_size(isolation: Isolation, paths: list[Path]) -> dict[str, dict[Path, int]]:
    """The documents of a carrier with small results and with large ones, each with the bytes of its result."""
    from jixiao.batch.task import Task  # noqa: PLC0415 - as above

    groups: dict[str, dict[Path, int]] = defaultdict(dict)
    for path in paths:
        size = sum(len(data) for _, data in isolation.run(Task(str(path), path=str(path))).rendered.files)
        groups["small" if size < SMALL else "large"][path] = size
    return groups


def _price(isolation: Isolation, paths: list[Path]) -> tuple[float, float, float]:
    """What documents take here in a row, here alone, and in processes of their own, in CPU milliseconds each."""
    from jixiao.batch.task import Task  # noqa: PLC0415 - as above

    tasks = [Task(str(path), path=str(path)) for path in paths]
    row = alone = isolated = 0.0
    for _ in range(ROUNDS):  # in turns, since machines have moods
        row += _here(tasks)
        alone += sum(_here([task]) for task in tasks)
        start = _tree_cpu()
        for task in tasks * REPEATED:
            isolation.run(task)
        isolated += (_tree_cpu() - start) / REPEATED
    return row / ROUNDS / len(tasks), alone / ROUNDS / len(tasks), isolated / ROUNDS / len(tasks)


def _here(tasks: list[Task]) -> float:
    """The CPU milliseconds of documents that one process reads, without its start."""
    command = [sys.executable, "-c", "from bench.batch import read_here; read_here()"]
    asked = b"\n".join(task.message() for task in tasks)
    done = subprocess.run(command, input=asked, check=True, capture_output=True, cwd=SAMPLES.parent)  # noqa: S603 - our own
    return float(done.stdout)


def read_here() -> None:
    """Read the documents that standard input names, in this process, as warm as a fork; print the CPU milliseconds."""
    from jixiao.batch.server import preload  # noqa: PLC0415 - as above
    from jixiao.batch.warm import warm_up  # noqa: PLC0415 - likewise
    from jixiao.batch.work import document  # noqa: PLC0415 - likewise

    asked = [json.loads(line) for line in sys.stdin.buffer]
    preload(["*"])
    warm_up()
    start = time.process_time()
    for each in asked:
        document(each, Path(each["source"]).read_bytes())
    print((time.process_time() - start) * 1000)


class Process(NamedTuple):
    """One process: CPU milliseconds with those of its children that ended, resident MiB, and when it was started."""

    parent: int
    cpu: float
    resident: float
    started: int


def _processes() -> dict[int, Process]:
    found = {}
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            cpu = sum(map(int, fields[11:15])) / tick * 1000
            found[int(stat.parent.name)] = Process(int(fields[1]), cpu, int(fields[21]) * page, int(fields[19]))
    return found


def _below(root: int, processes: dict[int, Process]) -> set[int]:
    found = {root}
    while more := {pid for pid, each in processes.items() if each.parent in found} - found:
        found |= more
    return found


def _tree_cpu() -> float:
    processes = _processes()
    return sum(processes[pid].cpu for pid in _below(os.getpid(), processes) if pid in processes)


def _throughput() -> None:
    cores = len(os.sched_getaffinity(0))
    counts = sorted({1, 2, *(n for n in (4, 8, 16, 32, 64) if n <= cores), cores})
    few = ", ".join(f"{count} of {kind}" for kind, count in SLOW.items())
    print(f"{COPIES} documents of each carrier ({few}); {cores} cores; files (pages) a second, start included")
    print(f"{'':10}" + "".join(f"{'-j ' + str(jobs):>20}" for jobs in counts) + f"{'CPU ms a file':>16}")
    for carrier, paths in _carriers().items():
        copies = SLOW.get(carrier, COPIES)
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            for at in range(copies):
                path = paths[at % len(paths)]
                shutil.copy(path, place / f"{at:05}{path.suffix}")
            cells = []
            for jobs in counts:
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                start = time.monotonic()
                _run(place, place / f"out-{jobs}", "-j", str(jobs))
                seconds = time.monotonic() - start
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                pages = sum(entry["pages"] or 0 for entry in _entries(place / f"out-{jobs}"))
                cells.append(f"{copies / seconds:8.2f} ({pages / seconds:6.1f})")
            cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / copies
            print(f"{carrier:10}" + "".join(f"{cell:>20}" for cell in cells) + f"{cpu:16.1f}")
    print()


def _run(place: Path, out: Path, *more: str) -> None:
    command = [*PROGRAM, "extract", str(place), "-o", str(out), "-q", *more]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program


def _entries(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "manifest.jsonl").read_bytes().splitlines()]


def make_corpus(place: Path, files: int, seed: int = 20) -> None:
    """Samples, and from every second on damaged ones: bytes changed, cut off, doubled, or taken out."""
    chance = random.Random(seed)  # noqa: S311 - damage needs no cryptography
    common, slow = (
        [path for kind, paths in _carriers().items() for path in paths if (kind in SLOW) == is_slow]
        for is_slow in (False, True)
    )
    place.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        source = chance.choice(slow if chance.random() < len(SLOW) / 100 else common)
        data = _damaged(bytearray(source.read_bytes()), chance) if number % 2 else source.read_bytes()
        folder = place / f"{number // 500:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:05}{source.suffix}").write_bytes(data)


def _damaged(data: bytearray, chance: random.Random) -> bytearray:
    kind = chance.randrange(4)
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    if kind == 0:
        for _ in range(chance.randrange(1, 60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 1:
        del data[first:]
    elif kind == 2:
        data[last:last] = data[first:last]
    else:
        del data[first:last]
    return data


def _memory(place: Path, files: int) -> None:
    """One run over many documents, watched from outside."""
    make_corpus(place / "in", files)
    start = time.monotonic()
    error = place / "stderr.txt"
    command = [*PROGRAM, "extract", str(place / "in"), "-o", str(place / "out"), "--no-progress"]
    with error.open("wb") as told, subprocess.Popen(command, stderr=told) as run:  # noqa: S603 - our own program
        samples: list[tuple[float, float, float]] = []
        seen: set[tuple[int, int]] = set()
        watching = threading.Thread(target=_watch, args=(run, samples, seen))
        watching.start()
        _, _, usage = os.wait4(run.pid, 0)
        run.returncode = 0
        watching.join()
    seconds = time.monotonic() - start
    entries = _entries(place / "out")
    told_lines = error.read_text(encoding="utf-8", errors="replace")
    sources = {str(path) for path in (place / "in").rglob("*") if path.is_file()}
    listed = Counter(str(entry["source"]) for entry in entries)
    time.sleep(1)
    left = seen & {(pid, each.started) for pid, each in _processes().items()}
    settled = [sample for sample in samples if sample[0] > SETTLED * seconds] or samples
    half = len(settled) // 2 or 1
    print(f"{files} documents, every second one damaged: {seconds:.0f} s, {files / seconds:.1f} documents a second, ")
    print(f"  {(usage.ru_utime + usage.ru_stime) * 1000 / files:.1f} CPU ms a document")
    print(f"  kinds: {dict(Counter(path.suffix for path in (place / 'in').rglob('*.*')).most_common())}")
    print(f"  each in the ledger exactly once: {set(listed) == sources and set(listed.values()) <= {1}}")
    print(f"  status: {dict(Counter(str(entry['status']) for entry in entries))}")
    print(f"  codes: {dict(Counter(str(entry['code']) for entry in entries if entry['code']).most_common())}")
    print(f"  tracebacks: {told_lines.count('Traceback')}; processes left over: {len(left)}")
    for name, column in (("program", 1), ("servers and watchers", 2)):
        first, second = (max(each[column] for each in part) for part in (settled[:half], settled[-half:]))
        print(f"  most memory of the {name}: {first:.0f} MiB in the first half, {second:.0f} in the second")


def _watch(run: subprocess.Popen[bytes], samples: list[tuple[float, float, float]], seen: set[tuple[int, int]]) -> None:
    """Resident memory of the program, and of all that lives longer than a document, twice a second."""
    start = time.monotonic()
    times: Counter[tuple[int, int]] = Counter()
    while True:
        processes = _processes()
        if run.pid not in processes:
            return
        below = {(pid, processes[pid].started) for pid in _below(run.pid, processes) - {run.pid}}
        seen |= below
        times.update(below)
        lasting = [processes[pid].resident for pid, started in below if times[pid, started] > 10]
        samples.append((time.monotonic() - start, processes[run.pid].resident, sum(lasting)))
        time.sleep(0.5)


if __name__ == "__main__":
    main()
