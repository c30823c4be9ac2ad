"""Pages as read to the pages of a Document: counters left out, columns numbered alike on both sides of a page cut."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from extract.errors import ReadError, shown
from extract.pdf.codes import REPLACEMENT
from extract.pdf.cut_labels import with_cut_labels
from extract.pdf.frame import Box
from extract.pdf.pages import LinePart, PageParts, Part, Sight, TablePart, texts
from extract.pdf.repeats import without_repeats
from extract.pdf.running import without_running
from schemas.audit import Finding
from schemas.table import Cell, Page, Table
from schemas.text import BoxPlace, ScanPlace, Severity, Text

_UNKNOWN = 0.2  # share of characters that no form holds, from which the text of a page is taken for lost
_DOUBTFUL = 0.05  # likewise, from which other characters of it may be wrong, so that a recogniser reads it better
_SEVERAL = 10  # unknown characters: fewer are signs of a list, or a tick
_LETTERS = 3  # of other scripts among Han characters of a document: likewise
_MISLED = 0.3  # of the pages: where more hold such letters, the fonts of all may mislead
_FEW = 20  # characters beside a picture of the whole page: a stamp or a page number
_REPLACEMENT = chr(REPLACEMENT)
_EDGE = 3.0  # points between two edges of columns that are one
_DRIFT = 0.05  # of a table's width: likewise, on average
_SHIFT = 12.0  # points that all edges of a column may move over a page cut, where white space tells them

Columns = list[float]


def assembled(pages: list[PageParts | None], name: str) -> tuple[tuple[Page, ...], tuple[Finding, ...]]:
    """The pages, and what of them could not be read; raises ReadError where nothing could."""
    findings = [finding for number, page in enumerate(pages, 1) if (finding := _trouble(page, number))]
    lost = {finding.rule: None for finding in findings if finding.severity == "error"}
    kept = [page.parts if page and not is_lost(page) else [] for page in pages]
    if not any(kept):
        raise ReadError("not-a-table", f"{shown(name)} {_why(list(lost))}")
    kept, running = without_running(kept)
    findings += running
    findings += [*_blank(pages), *_unseen(pages), *_unpainted(pages), *_unknown(pages), *_over(pages)]
    sheets = [(number, sheet) for number, parts in enumerate(kept, 1) for sheet in _sheets(parts, pages[number - 1])]
    once, repeated = without_repeats([parts for _, parts in sheets])
    findings += repeated
    ruled = with_cut_labels(once)
    sheets = [(number, parts) for (number, _), parts in zip(sheets, ruled, strict=True)]
    told = [bool(page and page.inferred) for number, _ in sheets for page in [pages[number - 1]]]
    columns = _shared_columns([parts for _, parts in sheets], told)
    found = tuple(
        Page(number, _tables(parts, number, columns, ruled=not loose))
        for (number, parts), loose in zip(sheets, told, strict=True)
    )
    return found, tuple(findings)


def _sheets(parts: list[Part], page: PageParts | None) -> list[list[Part]]:
    """The sheets that are printed on a page, mostly one."""
    if not page or not page.sheets:
        return [parts]
    ends = [*page.sheets, len(page.parts)]
    kept = {id(part) for part in parts}
    sheets = [[part for part in page.parts[begin:end] if id(part) in kept] for begin, end in pairwise([0, *ends])]
    return [sheet for sheet in sheets if sheet]


# What cannot be read.


def is_lost(page: PageParts) -> bool:
    """Whether the text of a page cannot be read: a picture, or fonts without code points."""
    return page.unknown > _UNKNOWN or _is_picture(page)


def doubtful(pages: list[PageParts | None]) -> list[int]:
    """The numbers of pages of which so much is unknown that what is known may be wrong, too.

    Letters of other scripts among Han characters come of fonts that tell their characters wrongly, and such fonts tell
    some of them as other Han characters, digits or plain letters, which nobody sees. Where many pages hold such
    letters all are doubtful.
    """
    read = {number: page for number, page in enumerate(pages, 1) if page and page.chars}
    misled = [number for number, page in read.items() if page.foreign]
    if sum(page.foreign for page in read.values()) < _LETTERS:
        misled = []
    if len(misled) > _MISLED * len(read):
        return list(read)
    return sorted({*misled, *(number for number, page in read.items() if _is_doubtful(page))})


def _is_doubtful(page: PageParts) -> bool:
    return page.unknown > _DOUBTFUL and page.unknown * page.chars >= _SEVERAL


def is_garbled(page: PageParts) -> bool:
    """Whether a page is no picture and its fonts do not tell what they print."""
    return page.unknown > _UNKNOWN and not _is_picture(page)


def _is_picture(page: PageParts) -> bool:
    return (page.picture > 0.5 and page.chars <= _FEW) or (page.hidden > 0 and not page.chars)


def _trouble(page: PageParts | None, number: int) -> Finding | None:
    if page is None:
        return _finding(
            "page-unreadable", f"第{number}页已损坏，无法读取", f"page {number} is broken and could not be read"
        )
    if _is_picture(page):
        return _finding(
            "no-text-layer",
            f"第{number}页是图片，没有可读的文字",
            f"page {number} is a picture, and no text was read from it; reading scans needs the packages of an extra",
        )
    if is_garbled(page):
        return _finding(
            "no-unicode",
            f"第{number}页的字体没有文字编码，{page.unknown:.0%}的字符无法识别",
            f"the fonts of page {number} do not tell which characters they print ({page.unknown:.0%} unknown); "
            "it needs OCR",
        )
    if page.inferred:
        return _finding(
            "grid-inferred",
            f"第{number}页的表格没有画全框线，行列是按空白判断的，请对照原件",
            f"the table on page {number} is not fully ruled; white space tells its rows or columns: compare it",
            "warning",
        )
    return None


def _blank(pages: list[PageParts | None]) -> Iterator[Finding]:
    """Pages that show nothing; before others that show something that is more suspicious than at the end."""
    last = max((number for number, page in enumerate(pages, 1) if page and page.parts), default=0)
    for number, page in enumerate(pages, 1):
        if page and not page.parts and not page.chars and not is_lost(page):
            yield _finding(
                "page-blank",
                f"第{number}页没有任何可读的内容",
                f"page {number} shows nothing that can be read",
                "warning" if number < last else "info",
            )


def _finding(rule: str, message: str, message_en: str, severity: Severity = "error") -> Finding:
    return Finding("", rule, severity, "reading", message, message_en)


def _why(rules: list[str]) -> str:
    reasons = {
        "no-text-layer": "holds pictures of pages without text; it needs OCR",
        "no-unicode": "has fonts that do not tell which characters they print; it needs OCR",
        "page-unreadable": "has no page that could be read",
    }
    return reasons[rules[0]] if rules else "is a PDF without any text"


def _unseen(pages: list[PageParts | None]) -> list[Finding]:
    """What stands off the page or is clipped, unless a page shows it: exports draw a cut cell's text on both pages."""
    if not any(page and page.unseen for page in pages):
        return []
    shown = "".join("".join(text.split()) for page in pages if page for text in texts(page))
    found = []
    for number, page in enumerate(pages, 1):
        lost = [text for line in page.unseen if (text := "".join(line.split())) not in shown] if page else []
        if lost:
            words = "".join(lost)
            told = words[:_TOLD] + ("…" if len(words) > _TOLD else "")
            message = f"第{number}页有{len(words)}个字符在页面之外或被裁去，页面上看不到，没有读入：“{told}”"
            message_en = (
                f"{len(words)} characters of page {number} stand off the page or are clipped: no reader of the page "
                f"sees them, and they were left out: “{told}”"
            )
            found.append(_finding("lost-text", message, message_en, "warning"))
    return found


def _unknown(pages: list[PageParts | None]) -> Iterator[Finding]:
    """Characters that stand as U+FFFD; the fonts that do not tell them may also tell others wrongly."""
    for number, page in enumerate(pages, 1):
        if not page or not page.unknown or is_lost(page):
            continue
        if count := sum(text.count(_REPLACEMENT) for text in texts(page)):
            yield _finding(
                "unknown-characters",
                f"第{number}页有{count}个字符的字体没有给出文字编码，显示为{_REPLACEMENT}；同一字体的其他字符也可能有误",
                f"the fonts of page {number} do not tell {count} of its characters, which stand as {_REPLACEMENT}; "
                "others of these fonts may be wrong",
            )


def _unpainted(pages: list[PageParts | None]) -> Iterator[Finding]:
    """What fields and remarks hold without saying how it is painted; viewers show it each in their own way."""
    for number, page in enumerate(pages, 1):
        if page and page.unpainted:
            told = "、".join(page.unpainted)
            told = told[:_TOLD] + ("…" if len(told) > _TOLD else "")
            yield _finding(
                "lost-text",
                f"第{number}页有{len(page.unpainted)}个表单域或批注没有外观，其文字没有读入：“{told}”",
                f"{len(page.unpainted)} fields or remarks on page {number} have no appearance, and their text was left "
                f"out: “{told}”",
            )


def _over(pages: list[PageParts | None]) -> Iterator[Finding]:
    """Texts printed over one another, which no reader of the page can tell apart."""
    for number, page in enumerate(pages, 1):
        if page and page.over >= _OVER and not is_lost(page):
            yield _finding(
                "overprinted",
                f"第{number}页有{page.over}个字符印在其他文字之上，重叠处的文字可能混在一起",
                f"{page.over} characters of page {number} are printed over others, and their texts may be mixed up",
                "warning",
            )


_OVER = 3  # characters, fewer of which are signs that a font has in two pieces
_TOLD = 20  # characters of a lost text that a message shows


# Columns.


def _shared_columns(pages: list[list[Part]], inferred: list[bool]) -> dict[int, list[int]]:
    """The number of each edge of the columns of each table (by its identity).

    A table that goes on over page cuts has the edges of all its parts, so that a column keeps its number.
    """
    chains: list[list[TablePart]] = []
    loose: list[bool] = []
    for before, parts, told in zip([[], *pages], pages, inferred, strict=False):
        for table in (part for part in parts if isinstance(part, TablePart)):
            goes_on = bool(before) and table is parts[0] and before[-1] is _last(chains)
            if goes_on and (_near if told and loose[-1] else _alike)(chains[-1][-1].xs, table.xs):
                chains[-1].append(table)
            else:
                chains.append([table])
                loose.append(told)
    found: dict[int, list[int]] = {}
    for chain, told in zip(chains, loose, strict=True):
        models = _models([table.xs for table in chain]) if told else [table.xs for table in chain]
        edges = _union(models)
        found.update((id(table), _numbers(model, edges)) for table, model in zip(chain, models, strict=True))
    return found


def _models(sets: list[Columns]) -> list[Columns]:
    """The edges of the parts of a table that white space tells, each moved to where an earlier part has it.

    White space tells an edge anywhere between the longest texts on both sides of it. From the right, an edge is that of
    an earlier part which is nearest to it and not nearer to the edge before it.
    """
    known = max(sets, key=len)
    return [_moved(xs, known) for xs in sets]


def _moved(xs: Columns, known: Columns) -> Columns:
    best = min(
        range(len(known) - len(xs) + 1), key=lambda at: sum(abs(a - b) for a, b in zip(xs, known[at:], strict=False))
    )
    return known[best : best + len(xs)]


def _near(one: Columns, other: Columns) -> bool:
    """Whether the inner edges of the part that has fewer may be some of the other's."""
    few, many = sorted((one, other), key=len)
    best = _moved(few, many)
    inner = [abs(a - b) for a, b in zip(few[1:-1], best[1:-1], strict=True)]
    near = sum(off <= _SHIFT for off in inner)
    return 2 * near >= max(1, len(inner)) or sum(inner) <= _DRIFT * len(inner) * (many[-1] - many[0])


def _last(chains: list[list[TablePart]]) -> TablePart | None:
    return chains[-1][-1] if chains else None


def _alike(one: Columns, other: Columns) -> bool:
    """Whether the outer edges agree, and half of the inner edges of the part that has fewer; or all of its edges."""
    few, many = sorted((one, other), key=len)
    if len(few) > 2 and all(any(abs(edge - each) <= _EDGE for each in many) for edge in few):
        return True
    if abs(one[0] - other[0]) > _EDGE or abs(one[-1] - other[-1]) > _EDGE:
        return False
    common = sum(any(abs(edge - each) <= _EDGE for each in many[1:-1]) for edge in few[1:-1])
    return 2 * common >= len(few) - 2


def _union(sets: list[Columns]) -> Columns:
    if len(sets) == 1:
        return sets[0]
    found: Columns = []
    for edge in sorted(edge for edges in sets for edge in edges):
        if not found or edge - found[-1] > _EDGE:
            found.append(edge)
    return found


def _numbers(xs: Columns, edges: Columns) -> list[int]:
    """The number of each edge among the shared ones."""
    return [min(bisect_left(edges, x - _EDGE), len(edges) - 1) for x in xs]


# Tables.


def _tables(parts: list[Part], page: int, columns: dict[int, list[int]], *, ruled: bool) -> tuple[Table, ...]:
    """The tables of a page, and those of its lines between them, which stand apart where rules tell the cells."""
    found: list[Table] = []
    lines: list[LinePart] = []
    for part in parts:
        if isinstance(part, LinePart):
            lines.append(part)
            continue
        if lines:
            found.append(_line_table(lines, page, apart=ruled))
            lines = []
        found.append(_table(part, page, columns[id(part)], ruled=ruled))
    apart = ruled and bool(found)  # a page of lines alone may be one whose table is not told
    return (*found, _line_table(lines, page, apart=apart)) if lines else tuple(found)


def _line_table(lines: list[LinePart], page: int, *, apart: bool) -> Table:
    cells = tuple(Cell(row, 0, _text(line.text, page, line.box, line.sight)) for row, line in enumerate(lines))
    return Table(len(lines), 1, cells, lines=apart)


def _table(part: TablePart, page: int, number: list[int], *, ruled: bool) -> Table:
    """The table of a part; rules that are drawn tell of each cell where it stands."""
    cells = [
        Cell(row, number[col], _text(text, page + behind, box, sight), row_span, number[col + col_span] - number[col])
        for row, col, row_span, col_span, text, box, sight, behind in part.cells
    ]
    return Table(part.rows, number[-1], tuple(cells), exact=ruled)


def _text(text: str, page: int, box: Box, sight: Sight | None) -> Text:
    if sight is None:
        return Text(text, (BoxPlace(page, box, text),))
    sure, others, doubtful = sight
    return Text(text, (ScanPlace(page, box, text, sure, doubtful, others),))
