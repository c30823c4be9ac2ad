"""The recogniser: a strip with one line of text to its characters, each with its probability and its rivals.

PP-OCRv6 (small), as it is shipped in the wheel of rapidocr, without anything else of that package.
The decoding is our own, since a reviewer needs what the model nearly read as well as what it read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.errors import ReadError
from extract.recogniser import Backend, backend

MODEL = "PP-OCRv6_rec_small.onnx"
HEIGHT = 48
"""Pixels of a strip, as the model was trained."""

_LEAST, _STEP = 96, 32  # pixels of a strip's width: the shortest, and the widths above it that need no compiling anew
_RIVAL = 0.02  # probability from which another character is a rival
_MISSING = 0.15  # likewise, of a character where none was read
_NEGLIGIBLE = 0.001  # a probability that changes no reading
_BLANK = 0
_KEY = "character"  # of the model's metadata, under which its alphabet stands

Picture = NDArray[Any]
"""Bytes (uint8), as OpenCV takes and gives them: height x width, or height x width x 3 in the order of RGB."""


class Mark(NamedTuple):
    """A character as read: its probability, where its middle stands (share of the strip's width), and its rivals.

    The rival "" is no character at all. A mark whose `char` is "" stands where the model nearly read one.
    """

    char: str
    sure: float
    at: float
    rivals: tuple[tuple[str, float], ...] = ()


class _Model(NamedTuple):
    """The recogniser: what its outputs stand for, and where forms of other regions stand among them, and their own."""

    run: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    signs: list[str]
    forms: Forms


def installed() -> bool:
    """Whether the packages of the extra are there; nothing is loaded to find out."""
    return bool(find_spec(backend()) and find_spec("rapidocr"))


def recognise(strip: Picture) -> list[Mark]:
    """The characters of a strip (height x width x 3, RGB, dark on light), from left to right."""
    picture, share = _prepared(strip)
    model = _loaded(os.getpid(), backend())
    return marks_of(with_own_forms(model.run(picture), model.forms), model.signs, share)


@lru_cache(maxsize=1)
def _loaded(_process: int, runner: Backend) -> _Model:
    """The model in this process: a session does not survive a fork, so each process loads its own."""
    package = find_spec("rapidocr")
    if not installed() or package is None or not package.submodule_search_locations:
        raise ReadError("missing-part", MISSING)
    path = Path(package.submodule_search_locations[0]) / "models" / MODEL
    run, characters = (_openvino if runner == "openvino" else _onnxruntime)(str(path))
    signs = ["", *characters.splitlines(), " "]
    return _Model(run, signs, forms_of(signs))


def _onnxruntime(path: str) -> tuple[Callable[[NDArray[np.float32]], NDArray[np.float32]], str]:
    import onnxruntime  # noqa: PLC0415 - only a page that is a scan pays for it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # two processes beat two threads
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda picture: session.run(None, {name: picture})[0][0], session.get_modelmeta().custom_metadata_map[_KEY]


def _openvino(path: str) -> tuple[Callable[[NDArray[np.float32]], NDArray[np.float32]], str]:
    """In the precision that the processor is fastest at, which may be bfloat16: readings can differ a little."""
    import openvino  # noqa: PLC0415 - as above

    core = openvino.Core()
    model = core.read_model(path)
    setting = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": False}
    request = core.compile_model(model, "CPU", setting).create_infer_request()
    characters = str(model.get_rt_info(["framework", _KEY]).value)

    def run(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        request.infer([picture])
        return np.array(request.get_output_tensor(0).data[0], np.float32)

    return run, characters


MISSING = "scans need the packages of an extra: pip install 'jixiao[scan]', in a checkout pip install '.[scan]'"


Forms = tuple[NDArray[np.int64], NDArray[np.int64]]


def with_own_forms(found: NDArray[np.float32], forms: Forms) -> NDArray[np.float32]:
    """The probabilities with those of another region's form of a character (減) given to the mainland's own (减)."""
    theirs, own = forms
    other = found[:, theirs]
    steps = np.flatnonzero(other.max(axis=1) > _NEGLIGIBLE)
    found[np.ix_(steps, own)] += other[steps]
    found[np.ix_(steps, theirs)] = 0
    return found


def forms_of(signs: Sequence[str]) -> Forms:
    """Where forms of other regions stand among the signs, and where the mainland's own: one of theirs for each."""
    lines = (Path(__file__).parent / "variants.txt").read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    places = {sign: at for at, sign in enumerate(signs)}
    known = [(a, b) for a, b in zip(pairs[::2], pairs[1::2], strict=True) if a in places and b in places]
    return np.array([places[a] for a, _ in known]), np.array([places[b] for _, b in known])


def _prepared(strip: Picture) -> tuple[NDArray[np.float32], float]:
    height, width = strip.shape[:2]
    wide = max(8, round(width * HEIGHT / height))
    full = max(_LEAST, -(-wide // _STEP) * _STEP)
    way = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    small = cv2.resize(strip, (wide, HEIGHT), interpolation=way)
    picture = np.zeros((1, 3, HEIGHT, full), np.float32)
    picture[0, :, :, :wide] = small[..., ::-1].transpose(2, 0, 1).astype(np.float32) / 127.5 - 1.0
    return picture, full / wide


def marks_of(found: NDArray[np.float32], signs: Sequence[str], share: float) -> list[Mark]:
    """Best path of the probabilities (steps x signs): runs of one sign are one character."""
    best = found.argmax(axis=1)
    marks: list[Mark] = []
    steps = len(best)
    start = 0
    while start < steps:
        sign = int(best[start])
        end = start + 1
        while end < steps and best[end] == sign:
            end += 1
        if sign == _BLANK:
            marks += _near_misses(found, (start, end), best, signs, share)
        else:
            peak = start + int(found[start:end, sign].argmax())
            at = (start + end) / 2 / steps * share
            marks.append(_mark(found[peak], sign, at, signs))
        start = end
    return marks


def _mark(probabilities: NDArray[np.float32], sign: int, at: float, signs: Sequence[str]) -> Mark:
    """A character whose rivals of another width or form (（ beside () count for it."""
    sure = float(probabilities[sign])
    rivals = []
    for other in np.flatnonzero(probabilities > _RIVAL).tolist():
        if other == sign:
            continue
        if folded(signs[other]) == folded(signs[sign]):
            sure += float(probabilities[other])
        else:
            rivals.append((signs[other], float(probabilities[other])))
    return Mark(signs[sign], min(sure, 1.0), at, tuple(sorted(rivals, key=lambda rival: -rival[1])))


_FOLD = str.maketrans(
    "（）：，；％＞＜＝～！？　０１２３４５６７８９．≧≦—–－―─【】［］“”‘’", "():,;%><=~!? 0123456789.≥≤-----[][]\"\"''"
)


def folded(text: str) -> str:
    """A text in half width and without spaces, as readings are compared: the typesetter's choice, not the author's."""
    return text.translate(_FOLD).replace("㎡", "m²").replace(" ", "")


def _near_misses(
    found: NDArray[np.float32], span: tuple[int, int], best: NDArray[np.int64], signs: Sequence[str], share: float
) -> list[Mark]:
    """Characters that the model nearly read where it read none, but for the flanks of their neighbours."""
    start, end = span
    part = found[start:end].copy()
    part[:, _BLANK] = 0
    for neighbour in (start - 1, end):
        if 0 <= neighbour < len(best):
            part[:, best[neighbour]] = 0
    step, sign = divmod(int(part.argmax()), part.shape[1])
    sure = float(part[step, sign])
    if sure < _MISSING or signs[sign] == " ":
        return []
    at = (start + step + 0.5) / len(best) * share
    return [Mark("", 1.0 - sure, at, ((signs[sign], sure),))]
