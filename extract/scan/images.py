"""Image files to pictures of pages: opened by content, refused by their header where they are too large."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from extract.errors import ReadError, shown
from extract.scan.engine import Picture

MAX_PIXELS = 80_000_000
"""Of one page: A3 at 600 dpi has 70 million."""

MAX_PAGES = 2_000
"""Of one file."""

_LARGE = 18_000_000  # pixels from which every other one is enough: A4 at 400 dpi
_INCHES = (3.0, 30.0)  # the longer side of a page whose stated resolution can be believed
_A4 = 842.0  # points of the longer side, where none is stated

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")


class Shot(NamedTuple):
    """A picture of a page (height x width x 3, RGB), how many points a pixel is wide, how many pages its file has."""

    picture: Picture
    points: float
    pages: int = 1


def shots(data: bytes, name: str) -> Iterator[Shot]:
    """The pages of an image file; raises ReadError `damaged` or `too-large`."""
    with _told(name), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if count > MAX_PAGES:
            raise ReadError("too-large", f"{shown(name)} has {count} pages; the limit is {MAX_PAGES}")
        for number, frame in enumerate(ImageSequence.Iterator(image), 1):
            if number > count:
                break
            if frame.width * frame.height > MAX_PIXELS:
                size, limit = f"{frame.width} x {frame.height}", f"{MAX_PIXELS // 10**6} million"
                raise ReadError("too-large", f"{shown(name)} has {size} pixels; the limit is {limit}")
            yield _shot(frame)._replace(pages=count)


def _shot(frame: Image.Image) -> Shot:
    points = _points(frame)
    if frame.width * frame.height > _LARGE:
        frame, points = frame.convert("L" if frame.mode == "1" else frame.mode).reduce(2), points * 2
    return Shot(np.asarray(_in_colour(ImageOps.exif_transpose(frame))), points)


def _in_colour(image: Image.Image) -> Image.Image:
    """The image in RGB, what is transparent on white paper."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return image.convert("RGB")


def _points(image: Image.Image) -> float:
    longest = max(image.size)
    try:
        dpi = float(image.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0.0
    if dpi > 0 and _INCHES[0] <= longest / dpi <= _INCHES[1]:
        return 72 / dpi
    return _A4 / longest


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever the decoder raises becomes a ReadError; what it warns of shows in what is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ReadError:
        raise
    except Image.DecompressionBombError:
        limit = MAX_PIXELS // 10**6
        raise ReadError("too-large", f"{shown(name)} has more pixels than the limit of {limit} million") from None
    except MemoryError as error:
        raise ReadError("too-large", f"{shown(name)} takes more memory than there is") from error
    except Exception as error:  # one type for each decoder and each damage
        raise ReadError("damaged", f"{shown(name)} is an image that is cut off or broken ({_words(error)})") from error


def _words(error: Exception) -> str:
    return shown(str(error).partition("<")[0].strip() or type(error).__name__, 60)
