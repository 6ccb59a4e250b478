"""`checker demo`: the example estate that ships with checker, audited."""

from __future__ import annotations

import shlex
import shutil
from datetime import date
from pathlib import Path

import click

from checker import resources
from checker.audits import Order
from checker.cli.ending import Exit, refused, stop
from checker.cli.options import memory_option, out_option, quiet_option, said
from checker.cli.reporting import report_on
from checker.problems import Problem, Where

AS_OF = date(2026, 5, 20)
"""The day on which the example is judged: some of its claims lapse within days, some have lapsed."""

_CONTRACT = "contract.yaml"


@click.command(short_help="Audit the example that ships with checker.")
@click.option(
    "--estate",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also put the example's files into this new folder, to look at and to change.",
)
@out_option
@memory_option
@quiet_option
def demo(estate: Path | None, out: Path, memory: str | None, quiet: bool) -> int:
    """Audits a made-up reseller's three months, as of 2026-05-20, and says where the report is."""
    shipped = resources.folder("examples") / "estate"
    if estate is not None:
        _copy(shipped, estate)
    order = Order(paths=[shipped], contract=shipped / _CONTRACT, as_of=AS_OF, base=shipped)
    report_on(order, out, None, memory, quiet)
    if not quiet:
        _next(shipped, estate)
    return Exit.DONE


def _next(shipped: Path, estate: Path | None) -> None:
    folder = estate or _near(shipped) or Path("example")
    here = [
        "checker",
        "audit",
        str(folder),
        "--contract",
        str(folder / _CONTRACT),
        "--as-of",
        AS_OF.isoformat(),
    ]
    said("")
    if estate is None and _near(shipped) is None:
        said(f"Its files, to try:  checker demo --estate {folder}")
    said(f"The same by hand:   {shlex.join(here)}")
    said("Your own files:     checker audit my-exports --contract contract.yaml")
    said("What it checks:     checker rules list")


def _copy(shipped: Path, estate: Path) -> None:
    if estate.exists() and (not estate.is_dir() or any(estate.iterdir())):
        stop([refused(f"'{estate}' is there already and not empty", "name a new folder with --estate")])
    try:
        estate.mkdir(parents=True, exist_ok=True)
        for file in sorted(shipped.iterdir()):
            shutil.copyfile(file, estate / file.name)
    except OSError as error:
        stop([Problem(Where(str(estate)), f"cannot be written: {error.strerror or error}")])


def _near(path: Path) -> Path | None:
    """The path from here, where it lies below this folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else None
