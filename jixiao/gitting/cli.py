"""`jixiao git` and `jixiao textconv` on the command line."""

from __future__ import annotations

import argparse
import sys

from jixiao.verbs import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXAMPLES = """\
examples:
  jixiao git install       in a repository; from then on git diff, log -p and show tell what changed in the
                           tables of a PDF, Excel or Word file
  jixiao git uninstall     undoes it

Everybody who clones the repository runs it once: .gitattributes is committed, the driver stands in .git/config.
"""


def add(verbs: Any) -> None:
    """Tell argparse about the verbs."""
    says = (
        "let git diff show what changed in the tables of attachments",
        "Let git diff show what changed in the tables of attachments.",
    )
    verb = declared(verbs, "git", says, EXAMPLES, _git)
    verb.add_argument("action", choices=("install", "uninstall"))
    verb.add_argument(
        "--cache",
        action="store_true",
        help="let git keep the texts: faster, but a newer jixiao is not asked again about the same file",
    )
    text = verbs.add_parser("textconv", help="an attachment as lines of text, as git diff wants it")
    text.add_argument("file", metavar="FILE")
    text.set_defaults(run=_textconv)


def _git(options: argparse.Namespace) -> int:
    from jixiao.gitting.driver import install, uninstall

    if options.action == "install":
        print(f"git diff now asks jixiao; {install(options.cache)} says about which files", file=sys.stderr)
    else:
        uninstall()
        print("git diff no longer asks jixiao", file=sys.stderr)
    return 0


def _textconv(options: argparse.Namespace) -> int:
    from pathlib import Path

    from jixiao.gitting.textconv import textconv

    print(textconv(Path(options.file)), end="")
    return 0
