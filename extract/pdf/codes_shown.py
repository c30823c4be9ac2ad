"""How many characters the content of a page shows, counted in what qpdf decodes: strings by the widths of their codes.

No font is opened and nothing is placed, so a page costs little; in return the count knows nothing of what stands off
the page or is a space, and of what is drawn twice only where that is all of the page. It only tells where to look
closer. contents.c does the same as `_State` where it is compiled.

Source: ISO 32000-1, 7.8 (content streams), 8.10 (forms), 9.4 (text), 9.7 (composite fonts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from extract.pdf import native
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
_WHITE = b" \t\r\n\f\0\v"
_SPACE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<[0-9A-Fa-f]+>")
_CODES = re.compile(rb"begincodespacerange([\s\S]*?)endcodespacerange")
_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})


class _Unclear(Exception):  # noqa: N818 - it names what happened
    """A page whose characters cannot be told without more than this."""


class _Broken(Exception):  # noqa: N818 - likewise
    """A page whose content ends in the middle, or makes no sense."""


class Shown(NamedTuple):
    """The characters of each page (from 1), those that are not painted left out; pages that are unclear are missing.

    `broken` are pages whose content cannot be unpacked, ends in the middle or makes no sense, so that nobody knows what
    they show. `attached` are the names of files that the document holds.
    """

    counts: dict[int, int]
    broken: frozenset[int]
    attached: tuple[str, ...] = ()


def codes_shown(data: bytes, name: str) -> Shown:
    """What qpdf finds in the content of each page; raises ReadError where it cannot read the file."""
    with told_in_codes("qpdf", name, "pikepdf"):
        import pikepdf  # noqa: PLC0415 - a text needs it not

        with pikepdf.open(io.BytesIO(data)) as document:
            counter = _Counter(pikepdf)
            counts = dict(counter.pages(document))
            return Shown(counts, frozenset(counter.broken), _attached(document, pikepdf.PdfError))


def _attached(document: Any, failed: type[Exception]) -> tuple[str, ...]:
    with suppress(failed, ValueError, TypeError, KeyError, AttributeError):
        if "/EmbeddedFiles" in document.Root.get("/Names", {}):
            return tuple(islice(document.attachments, _MOST))
    return ()


_MOST = 1000  # names of attached files


class Use(NamedTuple):
    """One naming of a font or a form in a content.

    Of a font: how many codes it shows if its codes take one to four bytes, and how many of them repeat the string
    before. Of a form (`is_form`): how text is painted when it is drawn.
    """

    name: bytes
    is_form: bool
    mode: int
    codes: list[int]
    again: list[int]


_WIDTHS = range(1, 5)


class _State:
    """What a content has set so far: how text is painted, the font in use, the last name and strings."""

    def __init__(self, mode: int) -> None:
        self.mode, self.font = mode, 0
        self.uses = [Use(b"", is_form=False, mode=mode, codes=[0] * 4, again=[0] * 4)]
        self._name, self._before = b"", b""
        self._counts = [0] * 4
        self._first = self._last = 0  # where the strings of an operator begin and end
        self._kept: list[tuple[int, int]] = []

    def take(self, token: re.Match[bytes]) -> None:
        """Go on by a token."""
        kind = token.lastgroup
        if b"q" in token["before"]:
            self._kept += [(self.mode, self.font)] * token["before"].count(b"q")
        if kind in ("string", "hex"):
            self._first = self._first if self._last else token.end("before")
            self._last = token.end()
        if kind == "string":
            self._add(_decoded(token["string"]))
        elif kind == "hex":
            digits = token["hex"].translate(None, _WHITE)
            self._add(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
        elif kind == "name":
            self._name = token["name"]
            if self._name == b"OC":
                raise _Unclear  # a layer, which may be switched off
        elif kind == "operator":
            self._operate(token["operator"], token["before"], token.string)
        elif token[0].endswith(b"("):
            raise _Unclear  # a string that does not end

    def _operate(self, operator: bytes, before: bytes, data: bytes) -> None:
        if operator in _SHOWING and self.mode not in _UNSEEN:
            self._show(data[self._first : self._last])
        elif operator == b"Tr":
            self.mode = int(before.split()[-1])
        elif operator == b"Q" and self._kept:
            self.mode, self.font = self._kept.pop()
        elif operator in (b"Tf", b"Do"):
            self.uses.append(Use(self._name, operator == b"Do", self.mode, [0] * 4, [0] * 4))
            if operator == b"Tf":
                self.font = len(self.uses) - 1
        self._counts = [0] * 4
        self._first = self._last = 0

    def _add(self, string: bytes) -> None:
        """Count the codes of a string by their width; those that spaces mostly have count for none."""
        counts = [len(string) - string.count(b" "), len(string) // 2 - _wide_spaces(string)]
        counts += [len(string) // width for width in _WIDTHS[2:]]
        self._counts[:] = map(sum, zip(self._counts, counts, strict=True))

    def _show(self, shown: bytes) -> None:
        font, again = self.uses[self.font], shown != b"" and shown == self._before
        font.codes[:] = map(sum, zip(font.codes, self._counts, strict=True))
        if again:
            font.again[:] = map(sum, zip(font.again, self._counts, strict=True))
        self._before = b"" if again else shown


def _uses_in_python(data: bytes, mode: int) -> list[Use]:
    state = _State(mode)
    for token in _TOKEN.finditer(data):
        state.take(token)
    return state.uses


def uses_of(data: bytes, mode: int) -> list[Use]:
    """The fonts and forms that a content names, whose text is painted in `mode` at first; the first is no font."""
    if not native.LIBRARY:
        return _uses_in_python(data, mode)
    found = native.uses_of(data, mode)
    if found is None:
        raise _Unclear
    return [Use(data[at : at + size], bool(form), mode, row[:4], row[4:]) for at, size, form, mode, *row in found]


_WHOLE_END = re.compile(rb"(?:^|[\s)\]>])(?:[A-Za-z]{1,3}[01]?\*?|['\"])\s*\Z|%[^\r\n]*\s*\Z")
_TEXT_BEGINS = re.compile(rb"(?:^|\s)BT(?=\s)")
_TAIL = 400  # bytes: a comment at the end is shorter
_HIGH = bytes(range(0x80, 0x100))


def is_cut(data: bytes) -> bool:
    """Whether a content ends before an operator, or within a text; or is none at all, but bytes of something else."""
    data = data.rstrip(_WHITE)
    if not data:
        return False
    if not _WHOLE_END.search(data[-_TAIL:]) or _TEXT_BEGINS.search(data, data.rfind(b"ET") + 1):
        return True
    return b"BT" not in data and b"ID" not in data and 10 * (len(data) - len(data.translate(None, _HIGH))) > len(data)


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
                count, again = self._shown(self._content(page.obj), page.get("/Resources"), 0, 0)
            except (_Broken, self._pikepdf.DataDecodingError):
                self.broken.add(number)
                continue
            except (_Unclear, self._pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
                continue
            yield number, count // 2 if count == 2 * again else count  # each string drawn twice, to look bold

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

    def _shown(self, data: bytes, resources: Any, mode: int, depth: int) -> tuple[int, int]:
        """The characters that a content shows, and those that repeat; `mode` is how its text is painted at first."""
        if resources is None or depth > _DEEPEST:
            raise _Unclear
        if b"ID" in data:
            data = _PICTURE.sub(b" ", data)
        if is_cut(data):
            raise _Broken
        uses, widths, count, again = uses_of(data, mode), {b"": 1}, 0, 0
        for use in uses:
            if use.is_form:
                more = self._form(resources, use.name, use.mode, depth)
            else:
                if use.name not in widths:
                    widths[use.name] = self._width(resources, use.name)
                more = use.codes[widths[use.name] - 1], use.again[widths[use.name] - 1]
            count, again = count + more[0], again + more[1]
        return count, again

    def _form(self, resources: Any, name: bytes, mode: int, depth: int) -> tuple[int, int]:
        """The characters that a form shows; none for a picture."""
        form = resources.get("/XObject", {}).get("/" + name.decode("latin-1"))
        if form is None or form.get("/Subtype") != "/Form":
            return 0, 0
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
                return min(sizes.pop() // 2 or 1, 4)
        elif str(encoding).startswith("/Identity") or any(each in str(encoding) for each in ("UCS2", "UTF16")):
            return 2
        raise _Unclear  # one byte or two, by the codes themselves


def _wide_spaces(string: bytes) -> int:
    return sum(string[at : at + 2] in (b"\0\x03", b"\0 ") for at in range(0, len(string) - 1, 2))


def _decoded(string: bytes) -> bytes:
    """The bytes of a string that is written between parentheses."""
    return _ESCAPED.sub(_meant, string) if b"\\" in string else string


_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _meant(escaped: re.Match[bytes]) -> bytes:
    if escaped[1]:
        return b""
    what = escaped[0][1:]
    return bytes([int(what, 8) & 255]) if what[:1].isdigit() and what[:1] < b"8" else _NAMED.get(what, what)
