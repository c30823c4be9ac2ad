"""Document to projects: pure functions, no I/O."""

from normalize.checks import check_all
from normalize.choices import choose
from normalize.doubts import tell_doubts
from normalize.forms import forms_of
from normalize.losses import tell_losses
from normalize.project import type_form
from normalize.repairs import REPAIRS, repair
from normalize.values import parse_target

__all__ = [
    "REPAIRS",
    "check_all",
    "choose",
    "forms_of",
    "parse_target",
    "repair",
    "tell_doubts",
    "tell_losses",
    "type_form",
]
