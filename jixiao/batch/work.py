"""What the process of one document does: bytes in, a result of plain values and bytes out."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import Any

from jixiao.encode import line, project_record
from jixiao.errors import DocumentError
from jixiao.extraction import Extraction
from jixiao.inputs import name_of
from jixiao.options import Options
from jixiao.write import render

Work = Callable[[dict[str, Any], bytes], dict[str, Any]]

DOCUMENT = "jixiao.batch.work:document"
"""The work that is done outside of tests."""


def document(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Extract one document; `request` is what Task.message says."""
    layouts = tuple((name, text) for name, text in request.get("layouts", []))
    told = {name: value for name, value in request["options"].items() if name != "layouts"}
    options = Options(**told, passwords=tuple(request["passwords"]), layouts=layouts)
    extraction = _extraction(data, name_of(request["source"]), options, request.get("after"))
    lines = b""
    if request["shape"] == "lines":
        lines = b"".join(line({"source": request["source"]} | project_record(each)) for each in extraction.projects)
        rendered = render(extraction, request["source"], files=False)
    else:
        rendered = render(extraction, request["source"])
    return {"entry": rendered.entry, "files": rendered.files, "lines": lines}


def _extraction(data: bytes, name: str, options: Options, after: str | None) -> Extraction:
    from jixiao.pipeline import run, run_instead  # noqa: PLC0415 - the parent of all needs no reader

    try:
        return run_instead(data, name, options, after) if after else run(data, name, options)
    except DocumentError as error:
        return Extraction(name, "failed", error=error)
    except MemoryError:
        too_much = DocumentError("it takes more memory than is allowed; --memory raises the limit", "out-of-memory")
        return Extraction(name, "failed", error=too_much)
    except RecursionError:
        return Extraction(name, "failed", error=DocumentError("it is nested too deeply", "damaged"))
    except Exception as error:  # noqa: BLE001 - one document's defect must not end the batch
        if os.environ.get("JIXIAO_DEBUG"):
            traceback.print_exc()
        defect = DocumentError(f"a defect of jixiao ({type(error).__name__}); please report it", "defect")
        return Extraction(name, "failed", error=defect)
