"""`checker audit`: billing data against a contract."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from checker.audits import Order
from checker.cli.ending import refused, stop
from checker.cli.options import run_options
from checker.cli.reporting import report_on
from checker.problems import Problem, did_you_mean
from checker.rulebook.rule import Severity
from checker.tables import table_schemas


@click.command(short_help="Find what is owed: billing exports against a contract.")
@click.argument("data", nargs=-1, type=click.Path(path_type=Path), metavar="DATA...")
@click.option(
    "--contract", type=click.Path(path_type=Path), metavar="FILE", help="The contract, a YAML file."
)
@run_options
def audit(
    data: tuple[Path, ...],
    contract: Path | None,
    as_of: date | None,
    folders: tuple[Path, ...],
    out: Path,
    fail_on: Severity | None,
    tables: tuple[tuple[str, Path], ...],
    trial: bool,
    engine: str,
    memory: str | None,
    quiet: bool,
) -> int:
    """Judges billing exports by the rules and a contract, and writes a report of what is owed and until when.

    DATA are files and folders: reconciliation files, price lists, rated usage, entitlements, deployments, customers.
    Each file is recognised by its header.
    """
    problems: list[Problem] = []
    if not data and not tables:
        problems.append(refused("no data is named", "checker audit my-exports --contract contract.yaml"))
    problems += _unknown_tables(tables)
    if contract is None:
        problems.append(_no_contract(data))
    if problems or contract is None:
        stop(problems)
    order = Order(
        paths=data,
        contract=contract,
        # The one place where a run learns what day it is.
        as_of=as_of or date.today(),
        tables={path: table for table, path in tables},
        rules=folders,
        trial=trial,
    )
    return report_on(order, out, fail_on, memory, quiet)


def _unknown_tables(tables: Sequence[tuple[str, Path]]) -> list[Problem]:
    known = list(table_schemas())
    return [
        refused(
            f"--as {table}={file}: there is no such table", did_you_mean(table, known) or ", ".join(known)
        )
        for table, file in tables
        if table not in known
    ]


def _no_contract(data: Sequence[Path]) -> Problem:
    """No contract is named. One that lies in the data is offered, not taken: it may be another's."""
    found = sorted({file for path in data if path.is_dir() for file in path.rglob("contract.yaml")})
    named = shlex.join(["checker", "audit", *map(str, data)])
    if len(found) == 1:
        return refused(
            "no contract is named", f"if it is this one: {named} --contract {shlex.quote(str(found[0]))}"
        )
    return refused("no contract is named", f"{named or 'checker audit DATA'} --contract contract.yaml")
