"""CPU time of the whole way on the committed samples, in one run beside a floor and a peer, as ratios.

The floor is what nobody can do without: decode the text, split it at tabs and line ends, write JSON. The peer is
pandas, which gives one raw table without projects, types, repairs or places.

    python bench/bench.py [--rounds N]
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from extract import read
from jixiao.pipeline import extract
from jixiao.write import render
from normalize import check_all, forms_of, repair, type_form

SEED = Path(__file__).resolve().parent.parent / "samples" / "pingluo-police-2024" / "source.txt"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    data = SEED.read_bytes()
    document = read(data, SEED.name)
    flow = repair(document)
    forms = forms_of(flow).forms
    typed = [type_form(form) for form in forms]
    extraction = extract(data, name=SEED.name)
    steps: dict[str, Callable[[], object]] = {
        "floor: decode, split, dump": lambda: _floor(data),
        "peer: pandas.read_csv, to_json": lambda: _pandas(data),
        "jixiao, the whole way": lambda: render(extract(data, name=SEED.name), SEED.name),
        "  extract.read": lambda: read(data, SEED.name),
        "  normalize.repair": lambda: repair(document),
        "  normalize.forms_of": lambda: forms_of(flow),
        "  normalize.type_form": lambda: [type_form(form) for form in forms],
        "  normalize.check_all": lambda: check_all(typed),
        "  jixiao.write.render": lambda: render(extraction, SEED.name),
    }
    times = _measure(steps, rounds)
    floor = statistics.median(times["floor: decode, split, dump"])
    pages, projects = len(document.pages), len(typed)
    print(f"{SEED.parent.name}: {len(data)} bytes, {pages} pages, {projects} projects; CPU ms, {rounds} rounds\n")
    print(f"{'':32} {'median':>8} {'p95':>8} {'a page':>8} {'x floor':>8}")
    for name, seconds in times.items():
        median, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"{name:32} {median * 1e3:8.2f} {p95 * 1e3:8.2f} {median * 1e3 / pages:8.3f} {median / floor:8.1f}")


def _measure(steps: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Rounds interleaved, so that a busy moment hits every step alike."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 2):
        for name, step in steps.items():
            start = time.process_time()
            step()
            if number >= 2:
                times[name].append(time.process_time() - start)
    return times


def _floor(data: bytes) -> bytes:
    rows = [line.split("\t") for line in data.decode().split("\n")]
    return json.dumps(rows, ensure_ascii=False).encode()


def _pandas(data: bytes) -> str:
    frame = pd.read_csv(io.BytesIO(data), sep="\t", header=None, names=range(5), dtype=str)
    return str(frame.to_json(orient="records", force_ascii=False))


if __name__ == "__main__":
    main()
