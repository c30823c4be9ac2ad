"""How many characters the content of a page shows, counted in what qpdf decodes: strings by the widths of their codes.

No font is opened and nothing is placed, so a page costs about a millisecond; in return the count knows nothing of what
stands off the page, is drawn twice or is a space. It only tells where to look closer.

Source: ISO 32000-1, 7.8 (content streams), 8.10 (forms), 9.4 (text), 9.7 (composite fonts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extract.pdf.peers import told_in_codes

_LARGEST = 16 * 1024 * 1024  # bytes of the content of a document
_DEEPEST = 8  # forms in forms
_UNSEEN = frozenset({3, 7})  # render modes that paint nothing
_TOKEN = re.compile(
    rb"""(?P<before>[^(</%A-Z'"]*+)
    (?:\((?P<string>(?:[^()\\]++|\\[\s\S]|\((?:[^()\\]++|\\[\s\S]|\((?:[^()\\]++|\\[\s\S])*+\))*+\))*+)\)
    |<(?P<hex>[0-9A-Fa-f\s]*+)>
    |/(?P<name>[^\x00\t\n\f\r ()<>\[\]{}/%]*+)
    |%[^\r\n]*+
    |(?P<operator>[A-Z'"][A-Za-z0-9*]*+)
    |[\s\S])""",
    re.VERBOSE,
)
_ESCAPED = re.compile(rb"\\(\r\n?|\n)|\\(?:[0-7]{1,3}|[\s\S])")
_PICTURE = re.compile(rb"\bID\s[\s\S]*?\sEI(?=\s|$)")
_SPACE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<[0-9A-Fa-f]+>")
_CODES = re.compile(rb"begincodespacerange([\s\S]*?)endcodespacerange")
_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})


class _Unclear(Exception):  # noqa: N818 - it names what happened
    """A page whose characters cannot be told without more than this."""


class Shown(NamedTuple):
    """The characters of each page (from 1), those that are not painted left out; pages that are unclear are missing.

    `broken` are pages whose content cannot be unpacked, so that nobody knows what they show.
    """

    counts: dict[int, int]
    broken: frozenset[int]


def codes_shown(data: bytes, name: str) -> Shown:
    """What qpdf finds in the content of each page; raises ReadError where it cannot read the file."""
    with told_in_codes("qpdf", name, "pikepdf"):
        import pikepdf  # noqa: PLC0415 - a text needs it not

        with pikepdf.open(io.BytesIO(data)) as document:
            counter = _Counter(pikepdf)
            counts = dict(counter.pages(document))
            return Shown(counts, frozenset(counter.broken))


class _State:
    """What a content has set so far: how text is painted, the bytes of a code, the last name and strings."""

    def __init__(self, mode: int) -> None:
        self.mode, self.width = mode, 1
        self.count = self._bytes = 0
        self.name = b""
        self._kept: list[tuple[int, int]] = []

    def take(self, token: re.Match[bytes]) -> bytes:
        """Go on by a token; the operator, where it is one."""
        kind = token.lastgroup
        if b"q" in token["before"]:
            self._kept += [(self.mode, self.width)] * token["before"].count(b"q")
        if kind == "string":
            self._bytes += _length(token["string"])
        elif kind == "hex":
            self._bytes += (len(token["hex"].translate(None, b" \t\r\n\f\0")) + 1) // 2
        elif kind == "name":
            self.name = token["name"]
            if self.name == b"OC":
                raise _Unclear  # a layer, which may be switched off
        elif kind == "operator":
            return self._operate(token["operator"], token["before"])
        elif token[0].endswith(b"("):
            raise _Unclear  # a string that does not end
        return b""

    def _operate(self, operator: bytes, before: bytes) -> bytes:
        if operator in _SHOWING and self.mode not in _UNSEEN:
            self.count += self._bytes // self.width
        elif operator == b"Tr":
            self.mode = int(before.split()[-1])
        elif operator == b"Q" and self._kept:
            self.mode, self.width = self._kept.pop()
        self._bytes = 0
        return operator


class _Counter:
    """Counts through the pages of one document; `pikepdf` is the library."""

    def __init__(self, pikepdf: Any) -> None:
        self._pikepdf = pikepdf
        self.broken: set[int] = set()
        self._left = _LARGEST
        self._widths: dict[tuple[int, int], int] = {}

    def pages(self, document: Any) -> Iterator[tuple[int, int]]:
        for number, page in enumerate(document.pages, 1):
            try:
                yield number, self._shown(self._content(page.obj), page.get("/Resources"), 0, 0)
            except self._pikepdf.DataDecodingError:
                self.broken.add(number)
            except (_Unclear, self._pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
                continue

    def _content(self, page: Any) -> bytes:
        found = page.get("/Contents")
        if found is None:
            return b""
        streams = list(found) if isinstance(found, self._pikepdf.Array) else [found]
        return b"\n".join(self._read(each) for each in streams)

    def _read(self, stream: Any) -> bytes:
        data: bytes = stream.read_bytes()
        self._left -= len(data)
        if self._left < 0:
            raise _Unclear
        return data

    def _shown(self, data: bytes, resources: Any, mode: int, depth: int) -> int:
        """The characters that a content shows; `mode` is how its text is painted at first."""
        if resources is None or depth > _DEEPEST:
            raise _Unclear
        if b"ID" in data:
            data = _PICTURE.sub(b" ", data)
        state = _State(mode)
        for token in _TOKEN.finditer(data):
            operator = state.take(token)
            if operator == b"Tf":
                state.width = self._width(resources, state.name)
            elif operator == b"Do":
                state.count += self._form(resources, state.name, state.mode, depth)
        return state.count

    def _form(self, resources: Any, name: bytes, mode: int, depth: int) -> int:
        """The characters that a form shows; 0 for a picture."""
        form = resources.get("/XObject", {}).get("/" + name.decode("latin-1"))
        if form is None or form.get("/Subtype") != "/Form":
            return 0
        if "/OC" in form:
            raise _Unclear
        return self._shown(self._read(form), form.get("/Resources", resources), mode, depth + 1)

    def _width(self, resources: Any, name: bytes) -> int:
        """The bytes of a font's codes."""
        font = resources.get("/Font", {}).get("/" + name.decode("latin-1"))
        if font is None:
            return 1
        if font.objgen not in self._widths or font.objgen == (0, 0):
            self._widths[font.objgen] = self._measured(font)
        return self._widths[font.objgen]

    def _measured(self, font: Any) -> int:
        if font.get("/Subtype") != "/Type0":
            return 1
        encoding = font.get("/Encoding")
        if isinstance(encoding, self._pikepdf.Stream):
            sizes = {len(low) for part in _CODES.findall(self._read(encoding)) for low in _SPACE.findall(part)}
            if len(sizes) == 1:
                return sizes.pop() // 2 or 1
        elif str(encoding).startswith("/Identity") or any(each in str(encoding) for each in ("UCS2", "UTF16")):
            return 2
        raise _Unclear  # one byte or two, by the codes themselves


def _length(string: bytes) -> int:
    """The bytes of a string as it is written between its parentheses."""
    return len(_ESCAPED.sub(_plain, string)) if b"\\" in string else len(string)


def _plain(escaped: re.Match[bytes]) -> bytes:
    return b"" if escaped[1] else b"x"
