"""Which of the readings that a recogniser offers holds: by arithmetic and by the pattern of the value.

Nothing is invented: a choice is always between the reading and its alternatives, it is made only where exactly one of
them fits and the reading itself does not, and it is logged as a repair. Where arithmetic holds with the reading
alone, that settles its doubt.
"""

from normalize.choices.patterns import choose_patterns
from normalize.choices.sums import choose_sums
from schemas.form import Form

__all__ = ["choose"]


def choose(form: Form) -> Form:
    """The form with the readings chosen that its sums and the patterns of its values allow alone."""
    return choose_sums(choose_patterns(form))
