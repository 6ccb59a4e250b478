"""What is wrong with a single rule file beside a rulebook, and what it leaves to be wished for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.problems import Problem, errors
from checker.rulebook.checked import CheckedRule
from checker.rulebook.lists import read_lists, read_policies
from checker.rulebook.rulebook import Declared, Rulebook, read_rule
from checker.rulebook.scope import check_rule

_EXPECTED = {"pass": "shows a line that passes", "finding": "shows what it finds"}


def lint_file(path: Path, book: Rulebook) -> tuple[CheckedRule | None, list[Problem]]:
    """One file beside a rulebook: a rule, or a list or policy where it lies in a folder of those.

    Gives the rule where it is one that means something, and everything that is wrong with the file.
    """
    match path.resolve().parent.name:
        case "lists":
            return None, read_lists([path])[1]
        case "policy":
            return None, read_policies([path])[1]
    definition, problems = read_rule(path, path.resolve().parent.name)
    if definition is None:
        return None, problems
    rule, found = check_rule(definition, Declared(book.lists, book.policies))
    problems += found
    for key in ("id", "name"):
        value = str(getattr(definition.rule, key))
        other = next((r for r in book.rules if getattr(r.definition.rule, key) == value), None)
        if other is not None:
            what = f"the {key} '{value}' is taken by {other.definition.file.name}"
            problems.append(Problem(definition.file.where(key), what))
    return (None if errors(problems) else rule), problems


def practices(rule: CheckedRule) -> Iterator[Problem]:
    """What a rule that runs leaves to be wished for, as warnings."""
    definition = rule.definition
    where = definition.file.where("tests", key=True)
    outcomes = {_outcome(test.expect) for test in definition.tests}
    for outcome, shows in _EXPECTED.items():
        if outcome not in outcomes:
            hint = f"add one that expects {outcome}"
            yield Problem(where, f"rule {definition.rule.name}: no test {shows}", hint, "warning")
    if not definition.rule.references:
        what = f"rule {definition.rule.name}: nothing says what it rests on"
        yield Problem(definition.file.where("id", key=True), what, "add references", "warning")


def _outcome(expect: object) -> str:
    return "finding" if isinstance(expect, Mapping) else str(expect)
