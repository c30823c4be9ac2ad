"""`jixiao report` on the command line."""

from __future__ import annotations

import argparse

from jixiao.verbs import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXAMPLES = """\
examples:
  jixiao report out/ -o report.html          every value beside its page, with findings and repairs
  jixiao report out/form -o report.html      one document
  jixiao report out/ -o report.html --source forms/   where the attachments lie now

Pictures of pages are made where the attachment is a PDF that still lies where it was read (or below --source) and is
the same, byte for byte.
"""


def add(verbs: Any) -> None:
    """Tell argparse about the verb."""
    says = (
        "one self-contained page to review an extraction",
        "Write one self-contained page to review an extraction: values, places, findings, repairs.",
    )
    verb = declared(verbs, "report", says, EXAMPLES, run)
    verb.add_argument("out", metavar="OUT", help="a folder of results, or one document's folder in it")
    verb.add_argument("-o", "--output", metavar="FILE", default="report.html", help="default: report.html; - is stdout")
    verb.add_argument("--source", metavar="FOLDER", help="where to look for attachments that have moved")
    verb.add_argument("--no-pictures", action="store_true", help="without pictures of the pages")


def run(options: argparse.Namespace) -> int:
    """Write the page."""
    from pathlib import Path

    from jixiao.formats.output import write_text
    from jixiao.report.page import report

    folder = Path(options.source) if options.source else None
    write_text(report(Path(options.out), folder, pictures=not options.no_pictures), options.output)
    return 0
