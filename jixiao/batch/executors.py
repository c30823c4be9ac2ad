"""Where documents are read: threads of this process that watch over processes of their own, or a Dask cluster."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol
from uuid import uuid4

from jixiao.batch.isolation import Isolation
from jixiao.batch.made_by import version
from jixiao.batch.task import NamedPaged, Reply, Task, failed
from jixiao.errors import DocumentError, MissingPart, OutputError, UsageError
from jixiao.opening import LARGEST, TOO_LARGE

_RETRIES = 3  # of a task whose worker was lost, by Dask itself
_PATIENCE = "20s"


class Pool(Protocol):
    """Something that does tasks: how many at a time, and each as a future."""

    workers: int

    def submit(self, task: Task) -> Future[Reply]:
        """Do one task, some time."""

    def check(self) -> None:
        """Raise OutputError where it is gone for good."""

    def close(self) -> None:
        """Stop at once."""


def perform(task: Task, isolation: Isolation, paged: NamedPaged | None = None) -> Reply:
    """One document, whose content is fetched first where it has an address."""
    try:
        return isolation.run(task, _content(task), paged)
    except DocumentError as error:
        return failed(task.source, error)


def _content(task: Task) -> bytes:
    """What is not read by the process of the document itself."""
    if task.address is not None:
        from jixiao.fetch import fetched  # noqa: PLC0415 - local files need it not

        return fetched(task.address, task.options.passwords, task.limits.wall)
    data = task.data or b""
    if len(data) > LARGEST:
        raise DocumentError(TOO_LARGE, "too-large")
    return data


class Local:
    """Threads, each of which waits for the process of one document. They keep nobody from ending the program."""

    def __init__(self, workers: int, isolation: Isolation) -> None:
        self.workers = workers
        self._isolation = isolation
        self._waiting: SimpleQueue[tuple[Future[Reply], Task] | None] = SimpleQueue()
        for number in range(workers):
            Thread(target=self._serve, name=f"document-{number}", daemon=True).start()

    def _serve(self) -> None:
        while item := self._waiting.get():
            future, task = item
            try:
                future.set_result(perform(task, self._isolation))
            except BaseException as error:  # noqa: BLE001 - it is for who waits
                future.set_exception(error)

    def submit(self, task: Task) -> Future[Reply]:
        """Do one task."""
        future: Future[Reply] = Future()
        self._waiting.put((future, task))
        return future

    def check(self) -> None:
        """It cannot be gone."""

    def close(self) -> None:
        """End what runs; what waits finds nobody to do it."""
        self._isolation.close()
        for _ in range(self.workers):
            self._waiting.put(None)


class Dask:
    """A cluster that runs already; its workers have jixiao installed and see the same paths or addresses.

    What workers tell of pages comes back as events of Dask, under a topic of this run.
    """

    def __init__(self, address: str, paged: NamedPaged | None = None) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
        except ImportError:
            raise MissingPart("--executor dask://… needs dask.distributed; pip install '.[dask]'") from None
        try:
            self._client: Any = Client(
                f"tcp://{address.removeprefix('dask://')}", timeout=_PATIENCE, set_as_default=False
            )
            self._same_version()
        except (OSError, ValueError) as error:
            raise UsageError(f"no Dask scheduler answers at {address}: {error}") from error
        self.workers = max(1, sum(self._client.nthreads().values()))
        self._topic = f"jixiao-pages-{uuid4().hex}" if paged else None
        if paged:
            self._client.subscribe_topic(self._topic, lambda event: paged(*event[1]))
        self._executor: Executor = self._client.get_executor(pure=False, retries=_RETRIES)

    def _same_version(self) -> None:
        versions = self._client.run(version)
        if not versions:
            raise UsageError("the Dask cluster has no workers")
        other = {each for each in versions.values() if each != version()}
        if other:
            raise UsageError(f"the workers have jixiao {', '.join(sorted(other))}, this is {version()}")

    def submit(self, task: Task) -> Future[Reply]:
        """Do one task, on whichever worker."""
        return self._executor.submit(perform_shared, task, self._topic)

    def check(self) -> None:
        """Raise OutputError where the scheduler is gone."""
        if self._client.status != "running":
            raise OutputError("the Dask scheduler is gone; run again to go on")

    def close(self) -> None:
        """Cancel what waits; what runs on workers ends by itself."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=2)


_SHARED: dict[int, Isolation] = {}


def perform_shared(task: Task, topic: str | None = None) -> Reply:
    """One document on a worker of a cluster, whose threads share one server for as long as it lives.

    Its pages are told to whoever listens to the `topic`.
    """
    isolation = _SHARED.setdefault(os.getpid(), Isolation())
    return perform(task, isolation, _event_of(topic) if topic else None)


def _event_of(topic: str) -> NamedPaged:
    from distributed import get_worker  # noqa: PLC0415 - only a worker calls this

    worker: Any = get_worker()
    return lambda *told: worker.log_event(topic, told)


def pool_for(executor: str | None, jobs: int, isolation: Isolation, paged: NamedPaged | None = None) -> Pool:
    """The pool that --executor names: none is this machine. `paged` hears of the pages that are read elsewhere."""
    if executor is None or executor == "local":
        return Local(jobs, isolation)
    if executor.startswith("dask://"):
        return Dask(executor, paged)
    raise UsageError(f"there is no executor {executor!r}; known are local and dask://HOST:PORT")
