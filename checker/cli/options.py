"""Options that several commands share, and the kinds of values that they take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from checker.report.terminal import clean
from checker.rulebook.rule import SEVERITIES

Command = Callable[..., Any]


class IsoDate(click.ParamType[Any]):
    """A day as 2026-05-20."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date; write it as 2026-05-20", param, ctx)


class TableFile(click.ParamType[Any]):
    """TABLE=FILE: a file, and the table that it is."""

    name = "table=file"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        table, sign, file = str(value).partition("=")
        if not (table and sign and file):
            self.fail(f"'{value}' is not TABLE=FILE; write it as invoice_lines=april.csv", param, ctx)
        return table, Path(file)


class Memory(click.ParamType[Any]):
    """An amount of memory as 4GB or 512MB."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[1-9]\d{0,6} ?(MB|GB|TB|MiB|GiB|TiB)", str(value), re.IGNORECASE):
            self.fail(f"'{value}' is no amount of memory; write it as 4GB or 512MB", param, ctx)
        return str(value)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

rules_option = click.option(
    "--rules",
    "folders",
    type=FOLDER,
    multiple=True,
    metavar="DIR",
    help="A folder of rules beside the shipped ones; repeatable.",
)
format_option = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How the answer is printed.",
    show_default=True,
)
quiet_option = click.option(
    "--quiet", is_flag=True, help="No progress, and of the summary only what is owed; warnings stay."
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("checker-report"),
    metavar="DIR",
    help="Where the report goes; a folder that checker did not write is left alone.  [default: checker-report/]",
)
memory_option = click.option(
    "--memory", type=Memory(), metavar="SIZE", help="The most memory that the engine may hold, such as 4GB."
)


def run_options(command: Command) -> Command:
    """The options of every command that runs rules over data."""
    for option in reversed(
        (
            click.option(
                "--as-of",
                type=IsoDate(),
                metavar="DATE",
                help="The day on which deadlines are judged.  [default: today]",
            ),
            rules_option,
            out_option,
            click.option(
                "--fail-on",
                type=click.Choice(SEVERITIES),
                help="Exit 1 where a finding is of this severity or above.",
            ),
            click.option(
                "--as",
                "tables",
                type=TableFile(),
                multiple=True,
                metavar="TABLE=FILE",
                help="Which table a file is, where its header does not tell; repeatable.",
            ),
            click.option("--trial", is_flag=True, help="Run the rules on trial too."),
            click.option(
                "--engine",
                type=click.Choice(["duckdb"]),
                default="duckdb",
                show_default=True,
                help="What runs the rules.",
            ),
            memory_option,
            quiet_option,
        )
    ):
        command = option(command)
    return command


def printed_json(value: object) -> None:
    """An answer for programs: JSON with every amount as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def said(text: str) -> None:
    """A line of an answer, without what would drive the terminal."""
    click.echo("\n".join(clean(line) for line in text.split("\n")))
