"""The bar that shows how long work gets on: on the error stream, and only where a person watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from checker import audits
from checker.report.terminal import clean

_PHASES = {"reading": "Reading", "judging": "Judging", "writing": "Writing"}
_WIDEST = 48


@contextmanager
def bar(quiet: bool) -> Iterator[audits.Progress | None]:
    """What long work tells its progress to; None where nobody watches."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(
        *columns, TextColumn("{task.fields[at]}", style="dim", markup=False), console=console, transient=True
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def told(phase: str, at: str, done: int, of: int) -> None:
            if phase not in tasks:
                tasks[phase] = progress.add_task(_PHASES[phase], total=of, at="")
            progress.update(tasks[phase], completed=done, total=of, at=_short(at), refresh=done in (0, of))

        yield told


def _short(name: str) -> str:
    plain = clean(name)
    return plain if len(plain) <= _WIDEST else f"…{plain[1 - _WIDEST :]}"
