"""Which of the readings that a recogniser offers holds: by arithmetic and by the pattern of the value.

Nothing is invented: a choice is always between the reading and its alternatives, it is made only where exactly one of
them fits and the reading itself does not, and it is logged as a repair. Where arithmetic holds with the reading
alone, that settles its doubt.
"""

from collections.abc import Iterator

from normalize.choices.candidates import is_doubtful
from normalize.choices.patterns import choose_patterns
from normalize.choices.sums import choose_sums
from schemas.form import Form
from schemas.text import Text

__all__ = ["choose"]


def choose(form: Form) -> Form:
    """The form with the readings chosen that its sums and the patterns of its values allow alone."""
    return choose_sums(choose_patterns(form)) if any(map(is_doubtful, _texts(form))) else form


def _texts(form: Form) -> Iterator[Text]:
    """The texts between which something may be chosen."""
    yield from (field.value for field in form.fields)
    for row in form.funding:
        yield row.amount
        yield from (text for _, text in row.execution)
    for indicator in form.indicators:
        yield from (indicator.target, indicator.actual, indicator.weight, indicator.score)
