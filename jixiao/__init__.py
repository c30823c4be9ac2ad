"""Budget performance-target forms to clean, typed, audited JSON: what a library user needs, loaded when asked for."""

from __future__ import annotations

TYPE_CHECKING = False  # not imported: loading typing would take a third of what `jixiao --help` needs
if TYPE_CHECKING:
    from typing import Any

    from jixiao.errors import DocumentError, JixiaoError, MissingPart, OutputError, UsageError
    from jixiao.extraction import Extraction
    from jixiao.pipeline import extract
    from normalize import parse_target
    from schemas.audit import Audit, Finding, ProjectAudit, Repair
    from schemas.project import Project, TargetValue

_HOMES = {
    "Audit": "schemas.audit",
    "DocumentError": "jixiao.errors",
    "Extraction": "jixiao.extraction",
    "Finding": "schemas.audit",
    "JixiaoError": "jixiao.errors",
    "MissingPart": "jixiao.errors",
    "OutputError": "jixiao.errors",
    "Project": "schemas.project",
    "ProjectAudit": "schemas.audit",
    "Repair": "schemas.audit",
    "TargetValue": "schemas.project",
    "UsageError": "jixiao.errors",
    "extract": "jixiao.pipeline",
    "parse_target": "normalize",
}

__all__ = [
    "Audit",
    "DocumentError",
    "Extraction",
    "Finding",
    "JixiaoError",
    "MissingPart",
    "OutputError",
    "Project",
    "ProjectAudit",
    "Repair",
    "TargetValue",
    "UsageError",
    "extract",
    "parse_target",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that `jixiao --help` need not load pydantic."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'jixiao' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)
