"""Who runs the recogniser of scans: onnxruntime, or OpenVINO where that is asked for and installed.

Loads nothing, so that who only wants to know needs none of it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Literal

VARIABLE = "JIXIAO_RECOGNISER"

Backend = Literal["onnxruntime", "openvino"]


def backend() -> Backend:
    """The one that is used in this process: onnxruntime unless the environment asks for the other and it is there."""
    return "openvino" if _wanted() == "openvino" and find_spec("openvino") else "onnxruntime"


def fallback() -> str:
    """What to tell where the environment asks for what cannot be had; "" where all is well."""
    wanted = _wanted()
    if wanted in ("", backend()):
        return ""
    if wanted == "openvino":
        return f"{VARIABLE}=openvino, which is not installed (pip install '.[openvino]'): onnxruntime reads scans"
    return f"{VARIABLE} knows onnxruntime and openvino, not {wanted!r}: onnxruntime reads scans"


def _wanted() -> str:
    return os.environ.get(VARIABLE, "").strip().lower()
