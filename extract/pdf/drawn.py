"""Pages that are no pictures and whose fonts tell nothing: recognised only as long as what they draw is writing.

Sound fonts without code points draw sharp characters, which a recogniser is sure of (0.95 and more). Damaged fonts draw
nothing or rubbish, which takes it longer than writing and gives nothing (below 0.6), page after page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.audit import Finding

_LEGIBLE = 0.7  # mean probability of the characters of a page
_PATIENCE = 2  # such pages in a row that are tried in vain


class Drawn:
    """Judges the pages of one document as they are read; `numbers` are those of the pages whose fonts tell nothing."""

    def __init__(self, numbers: set[int]) -> None:
        self._numbers = numbers
        self._in_vain = 0
        self._left: list[int] = []

    def worth_reading(self, wanted: Iterable[int]) -> Iterator[int]:
        """Those of the wanted pages that are worth it, each judged when its turn comes."""
        for number in wanted:
            if number in self._numbers:
                if self._in_vain >= _PATIENCE:
                    self._left.append(number)
                    continue
                self._in_vain += 1  # until it turns out to be legible
            yield number

    def is_legible(self, number: int, legibility: float) -> bool:
        """Whether the reading of a page is to be kept: pictures always, drawn pages where it is sure enough."""
        if number not in self._numbers:
            return True
        if legibility < _LEGIBLE:
            return False
        self._in_vain = 0
        return True

    def findings(self) -> Iterator[Finding]:
        """What is to be said of pages that were not tried."""
        if not self._left:
            return
        first, count = self._left[0], len(self._left)
        yield Finding(
            "",
            "scan-given-up",
            "error",
            "reading",
            f"字体没有文字编码的页面连续{_PATIENCE}页识别不出文字，从第{first}页起的{count}页没有再识别",
            f"{_PATIENCE} pages in a row whose fonts tell nothing show no writing that can be recognised; "
            f"{count} more, from page {first} on, were not tried",
        )
