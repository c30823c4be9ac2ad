"""The compiled loops over PDFium's calls, and the same loops in Python."""

from pathlib import Path

import pytest

from extract.pdf import bulk, read_pdf
from tests.forms import SAMPLES

PDFS = sorted(SAMPLES.glob("pdf-*/source.pdf"))


@pytest.mark.skipif(bulk.LOOPS is None, reason="LOUD: no C compiler when jixiao was installed: loops.c is not compiled")
@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.parent.name)
def test_python_and_the_compiled_loops_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = read_pdf(path.read_bytes(), path.name)
    monkeypatch.setattr(bulk, "LOOPS", None)
    assert repr(read_pdf(path.read_bytes(), path.name)) == repr(compiled)  # with all places
