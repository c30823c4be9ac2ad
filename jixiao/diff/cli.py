"""`jixiao diff` on the command line."""

from __future__ import annotations

import argparse
import sys

from jixiao.verbs import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from jixiao.diff.changes import Change
    from jixiao.diff.comparing import Comparison
    from jixiao.diff.sides import Version

FORMATS = ("text", "json", "markdown", "html", "github", "gitlab", "junit", "sarif")

EXAMPLES = """\
examples:
  jixiao diff out-2024/ out-2025/               two years: years in names and dates may roll
  jixiao diff old.pdf new.pdf                   two attachments, extracted first
  jixiao diff HEAD~1:out out                    a folder in git against the one on disk
  jixiao diff --git main out                    the same, said shorter; --git v1..v2 out compares two revisions
  jixiao diff golden out --fail-on wording --format github

Each difference is of one class: meaning (a value, an amount, an indicator or project more or less), wording (a name or
goal says the same otherwise), format (spaces, punctuation, units, rolled years), extraction (the same source read
otherwise: the tool changed, not the publisher). Exit code 1 by --fail-on. More: docs/diff.md
"""


def add(verbs: Any) -> None:
    """Tell argparse about the verb."""
    says = (
        "tell what changed in meaning between two results, files or git revisions",
        "Tell what changed between two extractions: in meaning, in wording, in form, or in the reading.",
    )
    verb = declared(verbs, "diff", says, EXAMPLES, run)
    verb.add_argument("old", metavar="OLD", help="results, a project file, an attachment or REV:path")
    verb.add_argument("new", metavar="NEW", help="likewise")
    verb.add_argument("--git", action="store_true", help="OLD is a git revision (or A..B), NEW a path")
    verb.add_argument("--format", "--output-format", choices=FORMATS, default="text", help="default: text")
    verb.add_argument("-o", "--output", metavar="FILE", help="write there instead of standard output")
    verb.add_argument(
        "--fail-on", choices=("never", "meaning", "wording", "any"), default="meaning", help="default: meaning"
    )
    verb.add_argument("--baseline", metavar="FILE", help="differences that are known, and neither shown nor failed on")
    verb.add_argument("--update-baseline", action="store_true", help="write the baseline anew, with all there is")
    verb.add_argument("-v", "--verbose", action="store_true", help="also show differences of form")
    verb.add_argument("-q", "--quiet", action="store_true", help="no output, only the exit code")


def run(options: argparse.Namespace) -> int:
    """Compare, show, and give the exit code."""
    from dataclasses import replace

    from jixiao.diff.changes import FAIL_ON
    from jixiao.diff.comparing import compare
    from jixiao.diff.sides import side

    old, new = _ends(options)
    told = (lambda _: None) if options.quiet else _note
    comparison = compare(side(old, _attachment, told), side(new, _attachment, told))
    changes = _not_known(options, comparison.changes)
    comparison = replace(comparison, changes=changes, known=len(comparison.changes) - len(changes))
    shown = [change for change in changes if options.verbose or change.cls != "format"]
    if not options.quiet:
        _write(_rendered(options.format, comparison, shown), options.output)
    return 1 if any(change.cls in FAIL_ON[options.fail_on] for change in changes) else 0


def _note(text: str) -> None:
    from jixiao.names import printable

    print(printable(f"jixiao: note: {text}"), file=sys.stderr)


def _attachment(named: str, data: bytes | None) -> list[Version]:
    from jixiao.diff.attachments import versions

    return versions(named, data)


def _ends(options: argparse.Namespace) -> tuple[str, str]:
    if not options.git:
        return options.old, options.new
    first, dots, second = options.old.partition("..")
    path = options.new if options.new.startswith(("/", "./", "../")) else f"./{options.new}"
    return f"{first or 'HEAD'}:{path}", f"{second or 'HEAD'}:{path}" if dots else options.new


def _not_known(options: argparse.Namespace, changes: list[Change]) -> list[Change]:
    """The differences that the baseline does not know."""
    if not options.baseline and not options.update_baseline:
        return changes
    from jixiao.diff.showing import item
    from jixiao.formats.baseline import Baseline
    from jixiao.formats.items import Fingerprints

    baseline = Baseline.of(options)
    items = Fingerprints().mark(item(change) for change in changes)
    left = {each.fingerprint for each in baseline.new(items)}
    baseline.finish("difference")
    return [change for change, each in zip(changes, items, strict=True) if each.fingerprint in left]


def _rendered(name: str, comparison: Comparison, shown: Sequence[Change]) -> str:
    from jixiao.diff import showing
    from jixiao.formats import CI
    from jixiao.formats.items import Fingerprints

    people: dict[str, Callable[[Comparison, Sequence[Change]], str]] = {
        "text": showing.text, "json": showing.as_json, "markdown": showing.markdown, "html": showing.html,
    }  # fmt: skip
    if name in people:
        return people[name](comparison, shown)
    items = Fingerprints().mark(showing.item(change) for change in shown)
    return CI[name](items, list(dict.fromkeys(item.file for item in items)))


def _write(text: str, target: str | None) -> None:
    from jixiao.formats.output import write_text

    write_text(text, target)
