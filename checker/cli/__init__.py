"""The command line: what is asked for in words, what is answered on the screen, and the exit code.

Knows every room and decides nothing that they decide. The only room that reads the clock, prints and exits.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs `checker` and exits with its code. Loading the program can be stopped from the keyboard like the rest."""
    try:
        from checker.cli.program import run
    except KeyboardInterrupt:
        sys.exit(130)
    run(arguments)


__all__ = ["main"]
