"""Print the samples that this machine can read, one a line; without LibreOffice those that need it are left out.

    python samples/readable.py

`make run` converts what this prints, so that a machine with no more than Python and make gets through.
"""

from __future__ import annotations

import sys
from pathlib import Path

from extract.office import convert
from extract.sniff import starts_program

HERE = Path(__file__).resolve().parent


def main() -> None:
    """The samples on standard output; what is left out in one line on standard error."""
    sources = sorted(HERE.glob("*/source.*"))
    left_out = [] if convert.program() else [each for each in sources if _needs_libreoffice(each)]
    for each in sources:
        if each not in left_out:
            print(f"samples/{each.relative_to(HERE)}")
    if left_out:
        names = ", ".join(f"samples/{each.relative_to(HERE)}" for each in left_out)
        print(f"NOT CONVERTED, since LibreOffice is not installed: {names}; {convert.INSTALL}", file=sys.stderr)


def _needs_libreoffice(path: Path) -> bool:
    """Whether a sample goes through LibreOffice; an .xls begins like a .doc and does not."""
    return path.suffix != ".xls" and starts_program(path.read_bytes())


if __name__ == "__main__":
    main()
