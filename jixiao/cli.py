"""The command line. Data goes to standard output, everything else to standard error; imports are late on purpose."""

from __future__ import annotations

import argparse
import os
import sys

from jixiao.diff import cli as diff
from jixiao.gitting import cli as gitting
from jixiao.load import cli as load
from jixiao.report import cli as report
from jixiao.verbs import Parser, declared

TYPE_CHECKING = False  # not imported: loading typing would take a third of what `jixiao --help` needs
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

CARRIERS = """\
Reads pasted text, PDF, Excel (.xlsx .xlsm .xls .et), .ods, Word (.docx .docm), web pages (.html .mhtml), pictures
where the extra for scans is installed, and .doc .wps .rtf .odt where LibreOffice is. The kind is found by content, not
by name."""

EXIT_CODES = """\
exit codes:
  0  done, nothing at or above --fail-on
  1  findings at or above --fail-on (check), or differences
  2  wrong usage or configuration
  3  no input could be read
  4  some documents failed, the others were written
  5  an optional part is not installed
  6  output or database error
  130  interrupted; everything finished until then is whole on disk
"""


_EXTRACT_EXAMPLES = """\
examples:
  jixiao extract form.pdf -o out/                    a JSON file for each project, audit.json, manifest.jsonl
  jixiao extract forms/ *.xlsx archive.zip -o out/   what is read already and has not changed is passed over
  jixiao extract form.pdf --format jsonl | jq .name  one project a line to standard output
  jixiao extract forms/ --redo all --fail-on error   all anew; exit 1 where something could not be placed
"""

_EXPLAIN_EXAMPLES = """\
examples:
  jixiao explain out/form/01-*.json /indicators/0/target   where the value stood, and each repair with its evidence
  jixiao explain out/form/01-*.json ""                     all that is known of the project
"""

_SCHEMA_EXAMPLES = """\
examples:
  jixiao schema > project.schema.json    what a project file may hold
  jixiao schema audit                    the same of audit.json
  jixiao schema --check                  exit 1 where the code and the schemas that it ships differ
"""

_CHECK_EXAMPLES = """\
examples:
  jixiao check form.pdf                              the findings of an attachment
  jixiao check out/ --fail-on error                  those of results; only errors make it fail
  jixiao check out/ --output-format github           annotations in a workflow; sarif, junit and gitlab likewise
  jixiao check out/ --baseline known.json            only new findings; --update-baseline accepts what there is
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    _safe_streams()
    options = _parser().parse_args(arguments)
    try:
        _none_empty(options)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except KeyboardInterrupt:
        print("jixiao: interrupted; what was finished is whole on disk", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains while it ends
        return 0
    except Exception as error:  # noqa: BLE001 - the one place that turns errors into exits
        return _report(error)


def _none_empty(options: argparse.Namespace) -> None:
    """An empty path would be the current folder, or nothing: most likely a variable of a script is not set."""
    from jixiao.errors import UsageError

    for name, value in vars(options).items():
        if name != "collection" and "" in (value if isinstance(value, list) else [value]):
            raise UsageError(f"{name.replace('_', '-')}: an argument is empty; is a variable of the script not set?")


def _safe_streams() -> None:
    """UTF-8 whatever the locale says, and no traceback for what a terminal cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _report(error: Exception) -> int:
    from jixiao.errors import JixiaoError
    from jixiao.names import printable

    if not isinstance(error, JixiaoError):
        if os.environ.get("JIXIAO_DEBUG"):
            raise error
        print(f"jixiao: a defect of jixiao ({type(error).__name__}); JIXIAO_DEBUG=1 shows where", file=sys.stderr)
        return 70
    print(f"jixiao: {error.code}: {printable(error.message)}", file=sys.stderr)
    return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="jixiao",
        description="Budget performance-target forms (部门项目支出预算绩效目标表) to clean, typed, audited JSON.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_extract(verbs)
    _add_check(verbs)
    _add_explain(verbs)
    _add_schema(verbs)
    diff.add(verbs)
    load.add(verbs)
    report.add(verbs)
    gitting.add(verbs)
    return parser


class _Version(argparse.Action):
    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, help="show the version and exit", **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from jixiao.version import VERSION

        print(f"jixiao {VERSION}")
        parser.exit()


def _add_extract(verbs: Any) -> None:
    says = "turn attachments into one JSON file per project", CARRIERS
    verb = declared(verbs, "extract", says, _EXTRACT_EXAMPLES, _extract)
    verb.add_argument("sources", nargs="+", metavar="FILE|FOLDER|GLOB|URL", help="what to read; - is standard input")
    verb.add_argument("-o", "--out", metavar="OUT", help="folder for the results (default: out); - with jsonl")
    verb.add_argument("--format", choices=("json", "jsonl"), help="files for each project, or one project a line")
    _add_common(verb, "never")
    verb.add_argument("--redo", choices=("missing", "failed", "all"), help=_REDO)
    verb.add_argument("--executor", metavar="WHERE", help="local (default), or dask://HOST:PORT for a cluster")


def _add_check(verbs: Any) -> None:
    says = "print what a reviewer should look at", "Print what a reviewer should look at; exit 1 by --fail-on."
    verb = declared(verbs, "check", says, _CHECK_EXAMPLES, _check)
    verb.add_argument("sources", nargs="+", metavar="FILE|OUT", help="attachments, or results already written")
    formats = ("text", "jsonl", "github", "gitlab", "junit", "sarif")
    verb.add_argument(
        "--format", "--output-format", choices=formats, help="lines for people (default), or for machines"
    )
    verb.add_argument("-o", "--output", metavar="FILE", help="write there instead of standard output")
    verb.add_argument("--baseline", metavar="FILE", help="findings that are known, and neither shown nor failed on")
    verb.add_argument("--update-baseline", action="store_true", help="write the baseline anew, with all there is")
    _add_common(verb, "warning")


def _add_explain(verbs: Any) -> None:
    says = (
        "tell the way of one value from the page to the JSON",
        "Where a value stood, and what was repaired on the way.",
    )
    verb = declared(verbs, "explain", says, _EXPLAIN_EXAMPLES, _explain)
    verb.add_argument("file", metavar="OUT/…json", help="a project file; its audit.json lies beside it")
    verb.add_argument("pointer", metavar="POINTER", help="RFC 6901 pointer, as in /indicators/0/target")


def _add_schema(verbs: Any) -> None:
    says = "print the JSON Schema of a shape", "Print the JSON Schema of a project file (the default) or of audit.json."
    verb = declared(verbs, "schema", says, _SCHEMA_EXAMPLES, _schema)
    verb.add_argument("shape", nargs="?", choices=("project", "audit"), default="project", help="default: project")
    verb.add_argument("--check", action="store_true", help="compare the code with the schemas that it ships")


def _add_common(verb: argparse.ArgumentParser, fail_on: str) -> None:
    verb.add_argument("-j", "--jobs", type=int, metavar="N", help="documents at a time (default: one a core)")
    verb.add_argument("-q", "--quiet", action="store_true", default=None, help="only errors on standard error")
    verb.add_argument("-v", "--verbose", action="store_true", help="also notes of severity info")
    verb.add_argument("--progress", action=argparse.BooleanOptionalAction, help="default: on a terminal")
    engines = ("auto", "pdfium", "pdfplumber", "camelot")
    verb.add_argument("--engine", choices=engines, help="who reads PDFs (default: auto, the fast one that asks others)")
    verb.add_argument(
        "--cross-check",
        action=argparse.BooleanOptionalAction,
        help="read PDFs by a second engine too and tell each difference",
    )
    verb.add_argument(
        "--password-file", metavar="FILE", help="passwords for encrypted files, one a line, tried in turn"
    )
    verb.add_argument(
        "--layout",
        action="append",
        metavar="FILE",
        help="a place's own labels and columns (docs/layouts.md); repeatable",
    )
    verb.add_argument("--timeout", type=int, metavar="S", help="CPU seconds that a document may take (default: 30)")
    verb.add_argument("--wall-timeout", type=int, metavar="S", help="seconds by the clock (default: 120)")
    verb.add_argument("--memory", type=int, metavar="MIB", help="memory that a document may take (default: 1024)")
    severities = ("never", "error", "warning")
    verb.add_argument("--fail-on", choices=severities, help=f"exit 1 from this severity on (default: {fail_on})")


_REDO = "what is extracted again: what is missing, changed or damaged (default), also what failed, or all"

_COMMON = {
    "jobs": None,
    "quiet": False,
    "engine": "auto",
    "cross_check": False,
    "password_file": None,
    "layout": (),
    "timeout": 30,
    "wall_timeout": 120,
    "memory": 1024,
}
_AT_LEAST_ONE = ("jobs", "timeout", "wall_timeout", "memory")


def _settled(options: argparse.Namespace, **defaults: Any) -> argparse.Namespace:
    """The options with what flags leave open taken from the environment, the configuration file, the defaults."""
    from jixiao.config import working_options
    from jixiao.errors import UsageError

    known = defaults | {name: value for name, value in working_options().items() if name in defaults}
    for name, value in known.items():
        if getattr(options, name, None) is None:
            setattr(options, name, value)
    if options.jobs is None:
        options.jobs = _cores()
    for name in _AT_LEAST_ONE:
        if getattr(options, name) < 1:
            raise UsageError(f"--{name.replace('_', '-')} must be at least 1")
    return options


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _extract(options: argparse.Namespace) -> int:
    from jixiao.commands import run_extract

    defaults = {"out": None, "format": "json", "fail_on": "never", "progress": sys.stderr.isatty()}
    batch = {"redo": "missing", "executor": "local"}
    return run_extract(_settled(options, **_COMMON, **defaults, **batch))


def _check(options: argparse.Namespace) -> int:
    from jixiao.commands import run_check

    if options.format is None:  # the configured format is that of extract
        options.format = "text"
    return run_check(_settled(options, **_COMMON, fail_on="warning", progress=False))


def _explain(options: argparse.Namespace) -> int:
    from pathlib import Path

    from jixiao.explain import explain

    print(explain(Path(options.file), options.pointer), end="")
    return 0


def _schema(options: argparse.Namespace) -> int:
    from jixiao.schema import changed_shapes, schema_text

    if not options.check:
        print(schema_text(options.shape), end="")
        return 0
    changed = changed_shapes()
    for shape in changed:
        print(f"jixiao: the schema of {shape} differs from the one that is shipped", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
