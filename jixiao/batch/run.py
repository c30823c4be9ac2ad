"""All documents of one run: handed out, taken back as they come, written, and told to the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from extract.recogniser import backend
from jixiao.batch.executors import Pool
from jixiao.batch.isolation import Closed
from jixiao.batch.ledger import Ledger
from jixiao.batch.limits import DEFAULT_LIMITS, Limits
from jixiao.batch.made_by import version
from jixiao.batch.task import Reply, Shape, Task, failed
from jixiao.errors import DocumentError, JixiaoError
from jixiao.inputs import Input, folders_for
from jixiao.opening import LARGEST
from jixiao.options import DEFAULT, Options
from jixiao.write import digest_in, digest_of, remove_empty, write_document, written_in

Redo = str
"""`missing`: what is missing, changed or damaged; `failed`: also what failed; `all`."""

_PASSING = frozenset({"missing-part", "not-found", "unreadable"})  # may be otherwise the next time
_BY_LIMITS = frozenset({"crashed", "out-of-memory", "timeout", "too-large"})
_WAITING = 4  # documents handed out for each worker
_TRIES = 2  # of a document whose worker was lost

Told = Callable[[dict[str, Any], bool], None]
"""Is told of each entry, and whether the document was left as it was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How documents are read and which are."""

    options: Options = DEFAULT
    limits: Limits = DEFAULT_LIMITS
    redo: Redo = "missing"

    def made_by(self) -> dict[str, Any]:
        """What a result depends on beside its source."""
        other = {} if backend() == "onnxruntime" else {"recogniser": backend()}
        return {"version": version(), "options": self.options.told(), **other}


def run_all(inputs: list[Input], out: Path, pool: Pool, told: Told, plan: Plan | None = None) -> None:
    """Extract and write every document, each as it comes. What is finished is whole and in the ledger at any moment."""
    plan = plan or Plan()
    ledger = Ledger(out)
    try:
        folders = _folders(inputs, ledger)
        tasks = (_task(each, plan, "files", _known(ledger, each, folders[each.source], plan)) for each in inputs)
        with closing(replies(pool, inputs, tasks)) as found:
            for reply in found:
                entry = _stored(ledger, folders[reply.rendered.source], reply, plan)
                told(entry, reply.unchanged)
    except BaseException as error:
        _let_go(ledger, error)
        raise
    ledger.finish()


def _let_go(ledger: Ledger, error: BaseException) -> None:
    """Finish what was begun; where not even that is possible the journal stays, and the first error counts."""
    try:
        ledger.finish()
    except JixiaoError:
        if not isinstance(error, JixiaoError):
            raise


def each_lines(inputs: list[Input], pool: Pool, plan: Plan) -> Iterator[Reply]:
    """The projects of every document as JSON Lines, in the order of the documents."""
    tasks = (_task(each, plan, "lines", None) for each in inputs)
    with closing(replies(pool, inputs, tasks)) as found:
        yield from ordered(inputs, found)


def each_files(inputs: list[Input], pool: Pool, plan: Plan) -> Iterator[Reply]:
    """The files of every document, not written, in the order of the documents."""
    tasks = (_task(each, plan, "files", None) for each in inputs)
    with closing(replies(pool, inputs, tasks)) as found:
        yield from ordered(inputs, found)


def in_order(inputs: list[Input], told: Told) -> Told:
    """Tells of documents in their order, whenever they come."""
    early: dict[str, tuple[dict[str, Any], bool]] = {}
    wanted = [each.source for each in reversed(inputs)]

    def tell(entry: dict[str, Any], unchanged: bool) -> None:
        early[entry["source"]] = (entry, unchanged)
        while wanted and wanted[-1] in early:
            told(*early.pop(wanted.pop()))

    return tell


def ordered(inputs: list[Input], found: Iterable[Reply]) -> Iterator[Reply]:
    """Replies in the order of their documents; what comes early waits."""
    early: dict[str, Reply] = {}
    wanted = iter(inputs)
    source = next(wanted).source
    for reply in found:
        early[reply.rendered.source] = reply
        while source in early:
            yield early.pop(source)
            source = next((each.source for each in wanted), "")


def replies(pool: Pool, inputs: list[Input], tasks: Iterable[Task]) -> Generator[Reply, None, None]:
    """The reply for every document as it comes; only a few are handed out at a time. Stops the pool when left."""
    done: SimpleQueue[Future[Reply]] = SimpleQueue()
    running: dict[Future[Reply], tuple[Task, int]] = {}

    def hand_out(task: Task, tries: int) -> None:
        future = pool.submit(task)
        running[future] = (task, tries)
        future.add_done_callback(done.put)

    try:
        for each, task in zip(inputs, tasks, strict=True):
            if each.refused:
                yield failed(each.source, each.refused)
                continue
            hand_out(task, 1)
            while len(running) >= _WAITING * pool.workers:
                yield from _taken(pool, done, running, hand_out)
        while running:
            yield from _taken(pool, done, running, hand_out)
    finally:
        pool.close()


def _taken(
    pool: Pool,
    done: SimpleQueue[Future[Reply]],
    running: dict[Future[Reply], tuple[Task, int]],
    again: Callable[[Task, int], None],
) -> Iterator[Reply]:
    """The reply of the next document that is done; one whose worker was lost is handed out again."""
    future = done.get()
    task, tries = running.pop(future)
    try:
        yield future.result()
    except (JixiaoError, Closed):
        raise
    except Exception as error:  # noqa: BLE001 - one type for each kind of pool
        pool.check()
        if tries < _TRIES:
            again(task, tries + 1)
        else:
            reason = f"the worker that read it was lost ({type(error).__name__})"
            yield failed(task.source, DocumentError(reason, "crashed"))


def _task(each: Input, plan: Plan, shape: Shape, known: str | None) -> Task:
    data = sys.stdin.buffer.read(LARGEST + 1) if each.source == "-" else None
    path = os.path.abspath(each.path) if each.path is not None else None  # noqa: PTH100 - bytes that are no text stay
    return Task(each.source, path, each.address, data, shape, plan.options, plan.limits, known)


def _folders(inputs: list[Input], ledger: Ledger) -> dict[str, str]:
    """The folder of each document; where an earlier run gave it another one, that is cleared."""
    sources = [each.source for each in inputs]
    current = set(sources)
    folders = folders_for(sources, [name for source, name in ledger.folders.items() if source not in current])
    kept = {name.casefold() for name in folders.values()}
    for source in sources:
        before = ledger.folders.get(source)
        if before and before != folders[source] and before.casefold() not in kept:
            place = ledger.out / before
            for name in written_in(place):
                (place / name).unlink(missing_ok=True)
            remove_empty(place)
    return folders


def _known(ledger: Ledger, each: Input, folder: str, plan: Plan) -> str | None:
    """The hash of a source whose result, made in the same way, is whole on disk; None where it must be read."""
    entry = ledger.entry(each.source)
    if plan.redo == "all" or entry is None or entry.get("made_by") != plan.made_by():
        return None
    sha256: str | None = entry["sha256"]
    if entry["status"] == "failed":
        return None if plan.redo == "failed" or _may_succeed(entry, plan) else sha256
    whole = entry["folder"] == folder and digest_in(ledger.out / folder) == entry["output"]
    return sha256 if whole else None


def _may_succeed(entry: dict[str, Any], plan: Plan) -> bool:
    """Whether a document that failed may be read now."""
    if entry["code"] in _BY_LIMITS and entry["limits"] != plan.limits.told():
        return True
    return entry["code"] in _PASSING or (entry["code"] == "encrypted" and bool(plan.options.passwords))


def _stored(ledger: Ledger, folder: str, reply: Reply, plan: Plan) -> dict[str, Any]:
    """Write what came out of a document and tell the ledger; its entry."""
    rendered = reply.rendered
    if reply.unchanged and (entry := ledger.entry(rendered.source)):
        return entry
    old = written_in(ledger.out / folder)
    names = {name for name, _ in rendered.files}
    if old or names:
        ledger.begin(rendered.source, folder, names | old)
        write_document(ledger.out, folder, rendered, old)
    entry = rendered.entry | {
        "folder": folder if names else None,
        "output": digest_of(rendered.files) if names else None,
        "made_by": plan.made_by(),
        "limits": plan.limits.told() if rendered.entry["code"] in _BY_LIMITS else None,
        "milliseconds": reply.milliseconds,
        "peak_memory": reply.peak_memory,
    }
    ledger.done(entry)
    return entry
