"""One form as labelled texts: everything it prints about a project, not yet typed."""

from __future__ import annotations

from msgspec import Struct

from schemas.audit import Finding
from schemas.project import FundingKind, Scope
from schemas.text import BLANK, Text


class FormField(Struct, frozen=True, gc=False):
    """A label of the field block and its value; `role` is "extra" where the model has no place for it."""

    role: str
    label: Text
    value: Text


class FormFunding(Struct, frozen=True, gc=False):
    """One row of the funding block; `unit` is the text that prints its unit, outside the amount if need be.

    `execution` holds the columns of a self-evaluation by role: initial, amount, executed, rate, weight, score.
    """

    label: Text
    kind: FundingKind
    amount: Text
    unit: Text
    scope: Scope = "annual"
    execution: tuple[tuple[str, Text], ...] = ()


class FormGoal(Struct, frozen=True, gc=False):
    """A goal and the label that tells its scope."""

    scope: Scope
    label: Text
    text: Text


class FormIndicator(Struct, frozen=True, gc=False):
    """One row of the indicator grid; `header` is the header cell above the target."""

    scope: Scope
    header: Text
    level1: Text
    level2: Text
    name: Text
    target: Text
    weight: Text = BLANK
    actual: Text = BLANK
    score: Text = BLANK
    reason: Text = BLANK
    others: tuple[tuple[Text, Text], ...] = ()
    notes: tuple[Finding, ...] = ()


class Form(Struct, frozen=True, gc=False):
    """Everything one form prints; `pages` are those it stands on."""

    title: Text
    year: Text
    fields: tuple[FormField, ...]
    funding: tuple[FormFunding, ...]
    goals: tuple[FormGoal, ...]
    indicators: tuple[FormIndicator, ...]
    pages: tuple[int, ...]
    notes: tuple[Finding, ...]

    def field(self, role: str) -> Text:
        """The value of the first field of a role; BLANK where the form prints none."""
        return next((field.value for field in self.fields if field.role == role and field.value), BLANK)
