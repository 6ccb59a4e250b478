"""How a command ends: its exit code, and what is drawn when it cannot go on."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NoReturn

import click

from checker.problems import Problem, Where, draw, errors
from checker.report.terminal import clean


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FINDINGS = 1
    """Findings at or above `--fail-on`."""
    DOCUMENTS = 2
    """Rules, contract or command line invalid."""
    DATA = 3
    """Data unusable."""
    DEFECT = 70
    """A defect of checker itself."""
    STOPPED = 130
    """Stopped from the keyboard."""


def told(problems: Iterable[Problem]) -> None:
    """Draws problems on the error stream, what stops a run last, where it is seen. What a file says cannot drive the
    terminal."""
    known = list(problems)
    stopping = errors(known)
    advice = [problem for problem in known if problem not in stopping]
    text = "\n\n".join(filter(None, (draw(advice), draw(stopping))))
    if text:
        click.echo("\n".join(clean(line) for line in text.split("\n")), err=True)


def stop(problems: Iterable[Problem], code: Exit = Exit.DOCUMENTS) -> NoReturn:
    """Draws the problems and ends the command."""
    told(problems)
    raise SystemExit(int(code))


def refused(what: str, hint: str | None = None) -> Problem:
    """A problem of the command line itself: its place is the command as it was called."""
    context = click.get_current_context(silent=True)
    return Problem(Where(context.command_path if context else "checker"), what, hint)
