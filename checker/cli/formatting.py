"""`checker rules format`: rule files put into one style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from checker import resources
from checker.cli.ending import Exit, told
from checker.cli.options import rules_option, said
from checker.problems import Problem, Where
from checker.rulebook.formatting import formatted
from checker.rulebook.rulebook import SHARED, read_rule, rule_files


@click.command("format", short_help="Put rule files into one style.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE|DIR]...")
@click.option("--check", is_flag=True, help="Change nothing; exit 2 where a file is not in style.")
@rules_option
def format_(paths: tuple[Path, ...], check: bool, folders: tuple[Path, ...]) -> int:
    """Rewrites rule files and folders of them, or all rules where none is named: keys in the order of `rules.md`,
    expressions in one style. Comments and quotes stay, and a rule never changes its meaning.

    A file with errors is left alone, and exits 2.
    """
    problems: list[Problem] = []
    other: list[Path] = []
    files = list(_files(paths or (resources.folder("rules"), *folders)))
    for path, family in files:
        if family in SHARED:
            problems.append(Problem(Where(str(path)), f"is one of the {family}, no rule", "name rule files"))
            continue
        definition, found = read_rule(path, family)
        problems += found
        if definition is None:
            continue
        text = formatted(definition)
        if text.encode() != path.read_bytes():
            problems += [] if check else _written(path, text)
            other.append(path)
    for path in other:
        said(f"{path}: {'is not in style' if check else 'rewritten'}")
    count = f"{len(files) or 'no'} file{'' if len(files) == 1 else 's'}"
    said(f"{count}, {len(other) or 'none'} {'to rewrite' if check else 'rewritten'}")
    told(problems)
    return Exit.DOCUMENTS if problems or (check and other) else Exit.DONE


def _written(path: Path, text: str) -> list[Problem]:
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        return [
            Problem(Where(str(path)), f"cannot be written: {(error.strerror or 'unknown error').lower()}")
        ]
    return []


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each rule file with its family, once."""
    found = [
        entry
        for path in paths
        for entry in (rule_files([path]) if path.is_dir() else [(path, path.resolve().parent.name)])
    ]
    yield from {path.resolve(): (path, family) for path, family in found}.values()
