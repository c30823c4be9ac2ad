"""Many documents: each in a process of its own, on one machine or many, with a ledger of what happened to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jixiao.options import DEFAULT, Options


def write_all(
    sources: Iterable[str],
    out: Path,
    jobs: int,
    told: Callable[[dict[str, Any]], None],
    options: Options = DEFAULT,
) -> list[dict[str, Any]]:
    """Extract every source into `out`, as `jixiao extract` does; the ledger's entries, in the order of the sources."""
    from jixiao.batch.executors import Local  # noqa: PLC0415 - the processes of documents need none of this
    from jixiao.batch.isolation import Isolation  # noqa: PLC0415 - likewise
    from jixiao.batch.run import Plan, in_order, run_all  # noqa: PLC0415 - likewise
    from jixiao.inputs import find_inputs  # noqa: PLC0415 - likewise

    entries: list[dict[str, Any]] = []

    def tell(entry: dict[str, Any], _: bool) -> None:
        entries.append(entry)
        told(entry)

    inputs = find_inputs(sources)
    run_all(inputs, out, Local(max(1, jobs), Isolation()), in_order(inputs, tell), Plan(options))
    return entries
