"""`checker rules`: what is checked, and whether the rules themselves hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from checker.audits import Books, lint_paths, load_books
from checker.cli.ending import Exit, refused, stop, told
from checker.cli.explaining import explain
from checker.cli.formatting import format_
from checker.cli.groups import Commands
from checker.cli.options import format_option, printed_json, rules_option, said
from checker.engine.ruletests import Result, run_tests
from checker.problems import Problem, did_you_mean, draw, errors
from checker.report.terminal import clean
from checker.rulebook.checked import CheckedRule
from checker.rulebook.definition import LOGIC
from checker.rulebook.rule import Rule

_SHOWN = (*LOGIC, "key", "message")


@click.group(cls=Commands, short_help="What is checked: list, show, lint and test the rules.")
def rules() -> None:
    """The rules that audits run: the shipped ones and those of --rules folders."""


@rules.command("list", short_help="Every rule with what it is worth.")
@rules_option
@format_option
def list_(folders: tuple[Path, ...], style: str) -> None:
    """Lists every rule."""
    found = [rule.definition.rule for rule in _books(folders).rulebook.rules]
    if style == "json":
        printed_json([_facts(rule) for rule in found])
        return
    table = _table("Id", "Rule", "Severity", "What must hold")
    for rule in found:
        table.add_row(*(Text(clean(text)) for text in _row(rule)))
    _console().print(table)
    said(f"{len(found)} rules. One in full: checker rules show {found[0].name if found else 'NAME'}")


@rules.command(short_help="One rule in full.")
@click.argument("name")
@rules_option
@format_option
def show(name: str, folders: tuple[Path, ...], style: str) -> None:
    """Shows the rule of that name or id: what it requires, how it decides, and its tests."""
    checked = _named([name], _books(folders))[0]
    rule = checked.definition.rule
    if style == "json":
        tests = [{"it": test.it, "expect": test.expect} for test in checked.definition.tests]
        printed_json({**_facts(rule), **_words(rule), "logic": rule.logic, "tests": tests})
        return
    said(f"{rule.name} ({rule.id}, revision {rule.revision})\n{rule.title}.\n\n{rule.requirement}\n")
    facts: list[tuple[str, str]] = [
        ("severity", rule.severity),
        ("confidence", rule.confidence),
        ("posture", rule.posture),
    ]
    facts += [("status", rule.status), ("family", rule.family), ("owner", rule.owner)]
    if rule.claim is not None:
        facts.append(("claim", f"window {rule.claim.window}, counted from {rule.claim.incident}"))
    facts += [("supersedes", ", ".join(rule.supersedes))] if rule.supersedes else []
    facts += [("reference", " ".join(filter(None, (each.text, each.url)))) for each in rule.references]
    facts += [("benign when", text) for text in rule.benign_when]
    facts += [("file", f"{rule.file}, hash {rule.hash}")]
    said("\n".join(f"{key:12} {text}" for key, text in facts))
    said(f"\n{_logic(checked)}\n")
    said("\n".join(f"it {test.it}" for test in checked.definition.tests))


@rules.command(short_help="Everything that is wrong with rule files.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE|DIR]...")
@rules_option
@format_option
def lint(paths: tuple[Path, ...], folders: tuple[Path, ...], style: str) -> int:
    """Checks rule files and folders of them, or all rules where none is named.

    Errors exit 2; warnings are advice.
    """
    checked, problems = lint_paths(paths, folders)
    if style == "json":
        printed_json([_listed(problem) for problem in problems])
    else:
        if problems:
            said(draw(problems) + "\n")
        wrong = len(errors(problems))
        said(
            f"{_counted(checked, 'rule')}: {_counted(wrong, 'error')}, {_counted(len(problems) - wrong, 'warning')}"
        )
    return Exit.DOCUMENTS if errors(problems) else Exit.DONE


@rules.command(short_help="Run the tests that rules carry.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@rules_option
@format_option
def test(names: tuple[str, ...], folders: tuple[Path, ...], style: str) -> int:
    """Runs the tests in the rule files, of all rules or of those named.

    A test that fails exits 2: the rule does not mean what its author says.
    """
    books = _books(folders)
    chosen = _named(names, books) if names else books.rulebook.rules
    results = list(run_tests(chosen, books.rulebook))
    failed = [result for result in results if _verdict(result) == "failed"]
    if style == "json":
        printed_json(
            [
                {
                    "rule": result.rule.definition.rule.name,
                    "it": result.test.it,
                    "verdict": _verdict(result),
                    "failure": result.failure,
                    "todo": result.known,
                }
                for result in results
            ]
        )
    else:
        _print_results(chosen, results)
        told(_failure(result) for result in failed)
    return Exit.DOCUMENTS if failed else Exit.DONE


rules.add_command(explain)
rules.add_command(format_)


def _print_results(chosen: Sequence[CheckedRule], results: Sequence[Result]) -> None:
    table = _table("Rule", "Passed", "Failed", "Known to fail")
    for rule in chosen:
        verdicts = [_verdict(result) for result in results if result.rule is rule]
        counts = [verdicts.count(verdict) for verdict in ("passed", "failed", "known")]
        style = "red" if counts[1] else ""
        table.add_row(
            Text(clean(rule.definition.rule.name)), *(str(count or "") for count in counts), style=style
        )
    _console().print(table)
    failed = sum(_verdict(result) == "failed" for result in results)
    said(f"{_counted(len(chosen), 'rule')}, {_counted(len(results), 'test')}: {failed or 'none'} failed")


def _verdict(result: Result) -> str:
    if result.known is None:
        return "passed" if result.failure is None else "failed"
    return "failed" if result.failure is None else "known"


def _failure(result: Result) -> Problem:
    definition = result.rule.definition
    where = definition.file.where(*result.test.path, "it")
    if result.failure is None:
        return Problem(where, "this test is known to fail, and passes", "remove its todo")
    return Problem(where, result.failure, f"the rule is {definition.rule.name}")


def _books(folders: Sequence[Path]) -> Books:
    books, problems = load_books(folders)
    if books is None:
        stop(problems)
    told(problems)
    return books


def _named(names: Sequence[str], books: Books) -> list[CheckedRule]:
    """The rules of those names or ids; ends the command where one is not there."""
    known = [rule.definition.rule.name for rule in books.rulebook.rules]
    found = {name: books.rulebook.rule(name) for name in names}
    missing = [
        refused(
            f"there is no rule '{name}'", did_you_mean(name, known) or "checker rules list names them all"
        )
        for name, rule in found.items()
        if rule is None
    ]
    if missing:
        stop(missing)
    return [rule for rule in found.values() if rule is not None]


def _row(rule: Rule) -> tuple[str, ...]:
    """A rule's row; that it is active and certain goes without saying."""
    marks = [word for word in (rule.status, rule.confidence) if word not in ("active", "certain")]
    return (
        rule.id,
        rule.name,
        rule.severity,
        " ".join([rule.title, f"({', '.join(marks)})"] if marks else [rule.title]),
    )


def _facts(rule: Rule) -> dict[str, object]:
    keys = (
        "id",
        "name",
        "title",
        "family",
        "severity",
        "confidence",
        "posture",
        "status",
        "revision",
        "hash",
        "file",
    )
    return {key: getattr(rule, key) for key in keys}


def _words(rule: Rule) -> dict[str, object]:
    return {
        "requirement": rule.requirement,
        "owner": rule.owner,
        "references": [{"text": each.text, "url": each.url} for each in rule.references],
        "benign_when": rule.benign_when,
        "claim": {"window": rule.claim.window, "incident": rule.claim.incident} if rule.claim else None,
        "supersedes": rule.supersedes,
        "tags": rule.tags,
    }


def _listed(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "severity": problem.severity,
        "what": problem.what,
        "hint": problem.hint,
    }


def _logic(rule: CheckedRule) -> str:
    """How the rule decides, as its file says it: the lines of those keys."""
    file = rule.definition.file
    lines = file.text.splitlines()
    assert isinstance(file.value, dict)
    starts = [(key, (file.where(key, key=True).line or 1) - 1) for key in file.value]
    ends = [*(start for _, start in starts[1:]), len(lines)]
    shown = [
        line
        for (key, start), end in zip(starts, ends, strict=True)
        if key in _SHOWN
        for line in lines[start:end]
    ]
    return "\n".join(line for line in shown if line.strip())


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in columns:
        table.add_column(heading, overflow="fold", no_wrap=heading == "Rule")
    return table
