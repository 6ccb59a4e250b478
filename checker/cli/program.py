"""The program: its commands, and the last net under them, so that no traceback reaches a user."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

import click

import checker
from checker.cli.audit import audit
from checker.cli.demo import demo
from checker.cli.ending import Exit, stop, told
from checker.cli.groups import Commands, NoSuchCommand
from checker.cli.rules import rules
from checker.problems import Problem, Where


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(checker.__version__, prog_name="checker", message="%(prog)s %(version)s")
def program() -> None:
    """Finds the billing credits a buyer is owed, and says until when each may be claimed.

    \b
    Begin with:  checker demo
    Then:        checker audit my-exports --contract contract.yaml

    Exit codes: 0 done, 1 findings at or above --fail-on, 2 rules, contract or command line invalid, 3 data unusable.
    """


for command in (audit, demo, rules):
    program.add_command(command)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the program and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        _forgiving(stream)
    try:
        asked = sys.argv[1:] if arguments is None else arguments
        with program.make_context("checker", list(asked)) as context:
            code = program.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        click.echo(help_wanted.format_message(), err=True)
        sys.exit(Exit.DOCUMENTS)
    except click.ClickException as error:
        stop([_misused(error)])
    except (KeyboardInterrupt, click.Abort):
        told([Problem(Where("checker"), "stopped; nothing was written")])
        sys.exit(Exit.STOPPED)
    except BrokenPipeError:
        # Whoever read the output has enough of it; the stream is closed without a second complaint.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        sys.exit(Exit.DONE)
    except Exception as error:
        _defect(error)
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def _misused(error: click.ClickException) -> Problem:
    """What click says of the command line, as a problem."""
    context = getattr(error, "ctx", None) or click.get_current_context(silent=True)
    place = context.command_path if context else "checker"
    if isinstance(error, NoSuchCommand):
        return Problem(Where(place), error.message, error.hint)
    near = getattr(error, "possibilities", None)
    what = (
        error.message
        if not isinstance(error, click.NoSuchOption)
        else f"there is no option {error.option_name}"
    )
    if isinstance(error, click.MissingParameter):
        what = error.format_message()
    what = what[:1].lower() + what[1:].rstrip(".")
    hint = f"did you mean {' or '.join(sorted(near))}?" if near else f"{place} --help"
    return Problem(Where(place), what, hint)


def _defect(error: Exception) -> NoReturn:
    if os.environ.get("CHECKER_DEBUG") == "1":
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = str(error).split("\n", 1)[0]
    what = f"a defect of checker, not of your files: {type(error).__name__}: {said}"
    place = f"{frame.name} in {Path(frame.filename).name}:{frame.lineno}"
    hint = (
        f"report this line, the command, and checker {checker.__version__} at {place}; "
        "CHECKER_DEBUG=1 prints the whole trace"
    )
    stop([Problem(Where("checker"), what, hint)], Exit.DEFECT)


def _forgiving(stream: IO[str]) -> None:
    """A character that the terminal cannot show is shown by its code."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
