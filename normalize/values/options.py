"""Options of which one is ticked: 新增项目□ 延续项目√, □一次性 ☑经常性."""

from __future__ import annotations

import re

_TICKED = r"[□☐▢][ \t]*[√✓✔]|[√✓✔][ \t]*[□☐▢]|[☑☒■▣√✓✔🗹]|[(（\[][ \t]*[√✓✔][ \t]*[)）\]]"
_BOX = re.compile(rf"(?P<ticked>{_TICKED})|[□☐▢]|[(（\[][ \t]*[)）\]]")
_NUMBER = re.compile(r"^\d{1,2}[、.．]\s*")
_BETWEEN = " \t\n\r\u3000、，,；;/／|"


def ticked(text: str) -> tuple[str, ...] | None:
    """The ticked ones of options with boxes, all before or all behind their words; None where a text is no such list.

    ("新增项目□ 延续项目√") -> ("延续项目",). An option without a box of its own, whose mark may be lost, makes none.
    """
    boxes = list(_BOX.finditer(text))
    if not boxes:
        return None
    starts, ends = [0, *(box.end() for box in boxes)], [*(box.start() for box in boxes), len(text)]
    words = [text[start:end].strip(_BETWEEN) for start, end in zip(starts, ends, strict=True)]
    bare = [_NUMBER.sub("", word).strip(_BETWEEN) for word in words]
    options = bare[:-1] if bare[0] else bare[1:]
    if (bare[-1] if bare[0] else not bare[-1]) or not all(options) or any(re.search(r"\s", word) for word in options):
        return None
    return tuple(word for word, box in zip(options, boxes, strict=True) if box["ticked"])
