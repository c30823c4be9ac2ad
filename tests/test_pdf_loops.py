"""The compiled loops, and the same in Python: they give the same to the last bit."""

import io
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from extract.errors import ReadError
from extract.pdf import native, read_pdf
from extract.pdf.chars import Chars
from extract.pdf.codes_shown import uses_of
from extract.pdf.grid import grids_of, slots_of
from extract.pdf.lines import texts_and_odds
from extract.pdf.rules import Rules, merged
from tests.forms import SAMPLES

PDFS = sorted(SAMPLES.glob("pdf-*/source.pdf"))


Made = TypeVar("Made")

compiled_only = pytest.mark.skipif(
    native.LIBRARY is None, reason="LOUD: no C compiler when jixiao was installed: the loops are not compiled"
)


@compiled_only
@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.parent.name)
def test_python_and_the_compiled_loops_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = read_pdf(path.read_bytes(), path.name)
    monkeypatch.setattr(native, "LIBRARY", None)
    assert repr(read_pdf(path.read_bytes(), path.name)) == repr(compiled)  # with all places


@pytest.mark.parametrize("compiled", [True, False])
def test_a_page_that_shows_nothing_is_read_by_both(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        monkeypatch.setattr(native, "LIBRARY", None)
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(-500, 100, "off the page")
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    with pytest.raises(ReadError, match="without any text"):
        read_pdf(out.getvalue(), "x.pdf")


def both(make: Callable[[], Made]) -> tuple[Made, Made]:
    """What the compiled loops make, and what Python makes."""
    with pytest.MonkeyPatch.context() as patch:
        compiled = make()
        patch.setattr(native, "LIBRARY", None)
        return compiled, make()


def rules(draw: random.Random, count: int) -> Rules:
    """Rules at random on a coarse raster, so that many touch, meet and double one another."""
    low = np.array([draw.randrange(0, 300, 5) + draw.choice((0, 0.3)) for _ in range(count)])
    return Rules(
        np.array([draw.randrange(0, 300, 10) + draw.choice((0, 0, 0.5, 4, 4.2)) for _ in range(count)], np.float64),
        low.astype(np.float64),
        low + np.array([draw.choice((1, 4, 10, 60, 150)) for _ in range(count)]),
    )


@compiled_only
@pytest.mark.parametrize("seed", range(150))
def test_both_make_the_same_grids_of_any_rules(seed: int) -> None:
    draw = random.Random(seed)
    level, upright = rules(draw, draw.randrange(1, 90)), rules(draw, draw.randrange(1, 60))
    compiled, python = both(lambda: (merged(level, 10.0), merged(upright, 10.0)))
    assert repr(compiled) == repr(python)
    compiled_grids, python_grids = both(lambda: grids_of(*python, 10.0))
    assert repr(compiled_grids) == repr(python_grids)
    for grid in python_grids:
        compiled_slots, python_slots = both(partial(slots_of, grid))
        assert compiled_slots[:4] == python_slots[:4]
        assert np.array_equal(compiled_slots.owner, python_slots.owner)


@compiled_only
@pytest.mark.parametrize("seed", range(150))
def test_both_make_the_same_texts_of_any_characters(seed: int) -> None:
    draw = random.Random(seed)
    count = draw.randrange(1, 120)

    def some(*choices: float) -> NDArray[np.float64]:
        return np.array([draw.choice(choices) for _ in range(count)], np.float64)

    x, size = some(*range(0, 200, 7)) + some(0, 0, 1.3), some(9, 10.5, 12)
    chars = Chars(
        code=some(*map(ord, "年度目标1a%,;：.𠀀")).astype(np.int64),
        x=x,
        y=some(*range(0, 60, 12)) + some(0, 0, 2.5),
        end=x + size * some(0.4, 0.5, 1.0),
        size=size,
        turn=some(0, 0, 0, draw.choice((0, 1, 3))).astype(np.int64),
        spaced=some(0, 0, 1, draw.choice((1, 2)), 4, 5).astype(np.int64),
        number=np.cumsum(some(1, 1, 2)).astype(np.int64),
        run=np.cumsum(some(0, 1)).astype(np.int64),
    )
    owner = some(*range(5)).astype(np.int64)
    compiled, python = both(lambda: texts_and_odds(chars, owner, 4))
    assert repr(compiled) == repr(python)


STRINGS = [b"(ab)", b"(a\\(b)", b"(\\101\\\n)", b"<4142>", b"<414", b"(", b"[", b"]", b" -20 "]
OPERATORS = [b" Tj", b" TJ", b" '", b' "', b" Do", b" q", b" Q", b" 3 Tr", b" 0 Tr", b" x Tr", b" 9 Tf", b" BT", b" ET"]
OTHERS = [b"<<", b">>", b"/A", b"/B", b"/OC", b"%x\n"]


@compiled_only
@given(st.lists(st.sampled_from([*STRINGS, *OPERATORS, *OTHERS]), max_size=40))
def test_both_count_the_same_codes_in_any_content(parts: list[bytes]) -> None:
    def counted() -> object:
        try:
            uses = uses_of(b" ".join(parts), 0)
        except Exception:  # noqa: BLE001 - whatever it is, it cannot be told, and has no count
            return None
        fonts: dict[bytes, list[int]] = {}
        for use in uses:
            if not use.is_form:
                kept = fonts.setdefault(use.name, [0] * 8)
                kept[:] = map(sum, zip(kept, [*use.codes, *use.again], strict=True))
        return fonts, [(use.name, use.mode) for use in uses if use.is_form]

    compiled, python = both(counted)
    assert compiled == python
