"""The repairs, in the order in which they are applied. Each takes the flow of rows and gives it back mended."""

from __future__ import annotations

from collections.abc import Callable

from normalize.flow import Flow, flow_of
from normalize.layouts.foreign import skip_foreign
from normalize.layouts.halves import split_halves
from normalize.layouts.headers import merge_headers
from normalize.layouts.lists import unfold_lists
from normalize.layouts.places import split_places
from normalize.layouts.tables import mark_tables
from normalize.layouts.trees import unfold_trees
from normalize.layouts.whole import mark_departments
from normalize.repairs.cells import join_cut_cells, note_loose
from normalize.repairs.columns import bind_columns
from normalize.repairs.fill import fill_labels, mend_classes
from normalize.repairs.headings import drop_repeats
from normalize.repairs.labels import join_cut_labels
from normalize.repairs.noise import drop_dots, split_glued_rows, strip_counters
from normalize.repairs.readings import choose_labels
from normalize.repairs.spans import restore_spans
from normalize.repairs.wording import join_split_numbers, mend_wording
from normalize.repairs.zones import mark_zones
from schemas.table import Document

REPAIRS: tuple[Callable[[Flow], Flow], ...] = (
    choose_labels,
    strip_counters,
    drop_dots,
    split_glued_rows,
    join_cut_labels,  # halves right above each other: a cut title must be whole before titles are counted
    merge_headers,
    skip_foreign,
    mark_departments,
    drop_repeats,
    join_cut_labels,  # halves that a repeated heading stood between
    restore_spans,
    unfold_lists,
    unfold_trees,
    split_places,
    split_halves,
    mark_zones,
    mark_tables,
    bind_columns,
    join_cut_labels,  # halves whose column is known only now
    join_cut_cells,
    note_loose,
    mend_classes,
    fill_labels,
    mend_wording,
    join_split_numbers,
)


def repair(document: Document) -> Flow:
    """The rows of a document with its pages joined, cut words and cells rejoined, and merged labels filled down."""
    flow, whole = flow_of(document), None
    for step in REPAIRS:
        if step is not join_cut_labels:
            flow = step(flow)
        elif whole is None or not _same(whole, flow):  # where it found nothing to join, it finds nothing in the same
            before, flow = flow, step(flow)
            whole = flow if _same(before, flow) else None
    return flow


def _same(one: Flow, other: Flow) -> bool:
    """Whether the cells of two flows are the very same, whatever else was found out about their rows."""
    if len(one.rows) != len(other.rows):
        return False
    rows = zip(one.rows, other.rows, strict=True)
    return all(a.cells is b.cells and a.aligned == b.aligned for a, b in rows)
