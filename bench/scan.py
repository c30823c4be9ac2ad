"""Scans: how many values are exact, how many wrong ones carry no flag, and what a page costs.

    python -m bench.scan [--of SLUG,…] [--kinds NAME,…] [--pages]

Pages of a PDF sample are rendered and damaged with fixed seeds, read, and their projects compared value by value with
those of the same forms as pasted text, after folding width. The floor is the time that the recogniser takes for the
strips that it is given. `--pages` reads the same pages with rapidocr's own way, detection of text and all. What is
measured and how it came out: docs/scans.md.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from bench.scan_truth import Tally, tally
from extract.scan import engine, reading, turns
from jixiao.encode import project_record
from jixiao.pipeline import extract
from samples import scan_damage as damage
from samples.make_scans import HERE, rendered

KINDS: dict[str, tuple[int, tuple[damage.Damage, ...]]] = {
    "300 dpi": (300, ()),
    "150 dpi": (150, ()),
    "slant of 2 degrees": (200, (damage.skew(1.9), damage.noise(5), damage.jpeg(60))),
    "slant at 150 dpi": (150, (damage.skew(-1.3), damage.noise(4), damage.jpeg(75))),
    "stamps": (200, (damage.stamp(0.45, 0.3), damage.stamp(0.7, 0.6), damage.skew(0.7), damage.noise(4))),
    "keystone": (200, (damage.keystone(0.02), damage.noise(4), damage.jpeg(70))),
    "curl": (200, (damage.curl(0.012), damage.noise(4), damage.jpeg(70))),
    "110 dpi": (110, (damage.skew(0.5), damage.jpeg(70))),
    "fax": (200, (damage.skew(0.6), damage.fax())),
    "copier": (200, (damage.skew(-0.8), damage.blur(0.8), damage.copier(), damage.jpeg(60))),
    "broken rules": (200, (damage.broken_rules(), damage.skew(0.5), damage.noise(4), damage.jpeg(70))),
    "pale rules": (200, (damage.pale_rules(), damage.skew(-0.4), damage.noise(4), damage.jpeg(75))),
    "no upright rules": (200, (damage.without_rules(upright=True, level=False), damage.skew(0.4), damage.noise(3))),
    "no rules": (200, (damage.without_rules(upright=True, level=True), damage.skew(0.4), damage.noise(3))),
}
_HEAD = "values   exact  wrong  silent  flags  needless  CPU s/page  floor     x"


class Floor:
    """Counts the CPU seconds that the recogniser takes."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._own = engine.recognise
        reading.recognise = turns.recognise = self  # type: ignore[assignment] # put in the place of the function

    def __call__(self, strip: engine.Picture) -> list[engine.Mark]:
        """Recognise, and count."""
        started = time.process_time()
        found = self._own(strip)
        self.seconds += time.process_time() - started
        return found


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", default="pdf-filled-rules,pdf-hair-rules", help="PDF samples, parted by commas")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--pages", action="store_true", help="also the same pages by rapidocr as a whole")
    parser.add_argument("--wrong", action="store_true", help="also print what is wrong")
    options = parser.parse_args()
    floor = Floor()
    engine.recognise(np.full((48, 96, 3), 255, np.uint8))
    print(f"{'':24}{_HEAD}")
    for kind in (each for each in options.kinds.split(",") if each in KINDS):
        total, pages, seconds, own = Tally(), 0, 0.0, 0.0
        for slug in options.of.split(","):
            data, count = tiff(slug, kind)
            before, started = floor.seconds, time.process_time()
            found = extract(data, name=f"{slug}.tiff")
            seconds, own, pages = seconds + time.process_time() - started, own + floor.seconds - before, pages + count
            total.add(tally(found, true_of(slug)))
        print(f"{kind:24}{_row(total, seconds / pages, own / pages)}", flush=True)
        for pointer, one, two in total.wrong if options.wrong else ():
            print(f"    {pointer}: {one} instead of {two}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if options.pages:
        _print_whole_pages(options.of.split(","))


def _row(total: Tally, seconds: float, own: float) -> str:
    counts = f"{len(total.wrong):6} {len(total.silent):7} {total.flags:6} {total.needless:9}"
    return f"{total.values:6}  {total.exact:.4f} {counts}  {seconds:10.2f} {own:6.2f} {seconds / max(own, 1e-9):5.2f}"


def pages_of(slug: str, kind: str) -> Iterator[damage.Picture]:
    """The pages of a sample with a kind of damage."""
    dpi, damages = KINDS[kind]
    for number, page in enumerate(rendered(HERE / slug / "source.pdf", dpi)):
        yield damage.damaged(page, damages, zlib.crc32(f"{slug} {number} {kind}".encode()))


def tiff(slug: str, kind: str) -> tuple[bytes, int]:
    """A TIFF of these pages, and how many there are."""
    first, *others = [Image.fromarray(page) for page in pages_of(slug, kind)]
    held, dpi = io.BytesIO(), KINDS[kind][0]
    first.save(held, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(dpi, dpi))
    return held.getvalue(), 1 + len(others)


def true_of(slug: str) -> list[dict[str, Any]]:
    """The records of the same forms as pasted text."""
    twin = "pingluo-police-2024" if slug.startswith("pdf-seed-") else "whole-form"
    return [project_record(project) for project in extract(HERE / twin / "source.txt").projects]


def _print_whole_pages(slugs: list[str]) -> None:
    """What rapidocr takes for whole pages, with its own detection; it gives lines of text, no table."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - a yardstick, loaded where it is asked for

    threads = "EngineConfig.onnxruntime.intra_op_num_threads"
    whole = RapidOCR(params={threads: 1, "Global.log_level": "critical"})
    pages = [page for slug in slugs for page in pages_of(slug, "stamps")]
    started = time.process_time()
    lines = sum(len(whole(np.ascontiguousarray(page[..., ::-1])).txts or ()) for page in pages)
    print(
        f"rapidocr, whole pages: {(time.process_time() - started) / len(pages):.2f} CPU s/page, {lines} lines, no table"
    )


if __name__ == "__main__":
    main()
