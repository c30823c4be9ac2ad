"""What all verbs of the command line have in common."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, under the code of every wrong usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        from jixiao.names import printable  # noqa: PLC0415 - only a wrong usage needs it

        self.exit(2, printable(f"jixiao: usage: {message.removeprefix('argument ')}; see {self.prog} --help") + "\n")


def declared(
    verbs: Any, name: str, says: tuple[str, str], examples: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """A verb with what its list and its own help say, its examples as they are written, and what it does."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=says[0],
        description=says[1],
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run)
    return verb
