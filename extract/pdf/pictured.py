"""Pages whose visible text is a recogniser's: a page-size picture shows the same characters, or lies over them.

Such a text looks like a printed one (it is no hidden layer) and is only as good as the recogniser that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from extract.pdf import pdfium

_SCALE = 100 / 72  # pixels a point
_MOST = 300  # characters that are looked at
_INK = 60  # of 255: contrast within the box of a character that the picture shows
_DIFFERENT = 40  # of 255: what a character that is seen changes at its place
_SHOWN, _UNSEEN = 0.8, 0.1  # shares of the characters
_TEXT, _DEEPEST = 1, 4

Grey = NDArray[np.int16]


def pictured(data: bytes, numbers: Iterable[int]) -> list[int]:
    """Those of the pages whose text a picture of the page shows or covers."""
    found: list[int] = []
    for number in numbers:
        with pdfium.LOCK:
            try:
                document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError:
                return found  # another parser read it
            try:
                if _is_pictured(document[number - 1]):
                    found.append(number)
            except pypdfium2.PdfiumError:
                continue
            finally:
                document.close()
    return found


def _is_pictured(page: Any) -> bool:
    """Whether the page looks the same without its text, or shows ink in the places of nearly all characters then."""
    page.set_rotation(0)
    boxes, texts = _boxes(page), list(page.get_objects(filter=[_TEXT], max_depth=_DEEPEST))
    if not boxes or any(text.container is not None for text in texts):
        return False  # what stands within a form object cannot be taken away
    whole = _grey(page)
    for text in texts:
        page.remove_obj(text)
    bare = _grey(page)
    unseen = np.mean([_most(abs(_part(whole, box) - _part(bare, box))) < _DIFFERENT for box in boxes])
    shown = np.mean([_contrast(_part(bare, box)) > _INK for box in boxes])
    return bool(shown > _SHOWN or (unseen > 1 - _UNSEEN and shown > _UNSEEN))


def _grey(page: Any) -> Grey:
    bitmap = page.render(scale=_SCALE, grayscale=True)
    try:
        picture = bitmap.to_numpy()
        return np.asarray(picture.reshape(*picture.shape[:2], -1)[..., 0], np.int16)
    finally:
        bitmap.close()


def _boxes(page: Any) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom in pixels of some of the characters."""
    left, _, _, top = page.get_cropbox()
    text = page.get_textpage()
    try:
        count = text.count_chars()
        chosen = np.unique(np.linspace(0, max(0, count - 1), min(count, _MOST)).astype(int)).tolist() if count else []
        edges = [text.get_charbox(at) for at in chosen if text.get_text_range(at, 1).strip()]
    finally:
        text.close()
    pixels = [((x0 - left) * _SCALE, (top - y1) * _SCALE, (x1 - left) * _SCALE, (top - y0) * _SCALE)
              for x0, y0, x1, y1 in edges]  # fmt: skip
    return [(int(x0), int(y0), int(x1) + 1, int(y1) + 1) for x0, y0, x1, y1 in pixels if min(x0, y0) >= 0]


def _part(picture: Grey, box: tuple[int, int, int, int]) -> Grey:
    x0, top, x1, bottom = box
    return picture[top:bottom, x0:x1]


def _most(part: Grey) -> int:
    return int(part.max()) if part.size else 0


def _contrast(part: Grey) -> int:
    return int(part.max() - part.min()) if part.size else 0
