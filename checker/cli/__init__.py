"""The command line: what is asked for in words, what is answered on the screen, and the exit code.

Knows every room and decides nothing that they decide. The only room that reads the clock, prints and exits.
"""

from checker.cli.program import main

__all__ = ["main"]
