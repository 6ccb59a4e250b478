"""A rulebook: every rule, list and policy of some folders, loaded whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker import resources, schemas, yamlfile
from checker.documents import contract
from checker.expressions import Binding
from checker.expressions.types import DATE
from checker.problems import Problem, did_you_mean, errors
from checker.rulebook.checked import CheckedRule
from checker.rulebook.definition import Definition, define
from checker.rulebook.lists import Policy, WordList, read_lists, read_policies
from checker.rulebook.scope import check_rule
from checker.tables.kinds import KINDS
from checker.tables.schema import table_schemas

SHARED = ("windows", "lists", "policy", "packs")
"""Folders of a rule folder that hold no rules."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules that mean something, in the order of their ids, with the lists and policies that they name."""

    rules: tuple[CheckedRule, ...]
    lists: Mapping[str, WordList]
    policies: Mapping[str, Policy]

    def rule(self, name: str) -> CheckedRule | None:
        """The rule of that name or id."""
        return next((r for r in self.rules if name in (r.definition.rule.name, r.definition.rule.id)), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """The tables as their schemas declare them: what a rulebook is checked against before any data is read."""

    lists: Mapping[str, WordList]
    policies: Mapping[str, Policy]

    def columns(self, table: str) -> Mapping[str, Binding] | None:
        """See checked.Shapes."""
        if table in table_schemas():
            columns = table_schemas()[table].columns.values()
            return {column.name: Binding(column.stored.type, not column.needed) for column in columns}
        if table in contract.tables():
            return contract_columns(table)
        policy = self.policies.get(table.removeprefix("policy."))
        return policy.bindings if policy is not None and table.startswith("policy.") else None

    def tables(self) -> Sequence[str]:
        """See checked.Shapes."""
        return [*table_schemas(), *contract.tables(), *(f"policy.{name}" for name in self.policies)]

    def constants(self) -> Mapping[str, Binding]:
        """See checked.Shapes."""
        return {
            **{name: Binding(kind) for name, kind in contract.names().items()},
            **{f"lists.{name}": words.binding for name, words in self.lists.items()},
            "run.as_of": Binding(DATE, False),
        }


def contract_columns(table: str) -> Mapping[str, Binding]:
    """The columns of a list of the contract."""
    return {name: Binding(KINDS[kind].type) for name, kind in contract.list_columns(table).items()}


def load(folders: Iterable[Path] = ()) -> tuple[Rulebook | None, list[Problem]]:
    """The shipped rules and those of the given folders, or every problem of every file."""
    roots = [resources.folder("rules"), *folders]
    lists, problems = read_lists(_files(roots, "lists"))
    policies, more = read_policies(_files(roots, "policy"))
    problems += more
    declared = Declared(lists, policies)
    checked: list[CheckedRule] = []
    for path, family in rule_files(roots):
        definition, found = read_rule(path, family)
        problems += found
        if definition is not None:
            rule, found = check_rule(definition, declared)
            problems += found
            checked += [rule] if rule is not None else []
    problems += _across([rule.definition for rule in checked])
    book = Rulebook(tuple(sorted(checked, key=lambda rule: rule.definition.rule.id)), lists, policies)
    return (None if errors(problems) else book), problems


def read_rule(path: Path, family: str) -> tuple[Definition | None, list[Problem]]:
    """The definition in one file, or everything that is wrong with it."""
    file, problems = yamlfile.read(path, resources.shown(path))
    if file is None or errors(problems):
        return None, problems
    problems += schemas.validate(file, schemas.load("rule"))
    if errors(problems):
        return None, problems
    definition, found = define(file, family)
    return definition, problems + found


def rule_files(roots: Iterable[Path]) -> list[tuple[Path, str]]:
    """Every rule file below the folders, with the name of the folder that it lies in: its family."""
    found = []
    for root in roots:
        for path in sorted([*root.rglob("*.yaml"), *root.rglob("*.yml")]):
            first = path.relative_to(root).parts[0]
            if first not in SHARED:
                found.append((path, path.parent.name))
    return found


def _files(roots: Iterable[Path], kind: str) -> list[Path]:
    return [path for root in roots for path in sorted((root / kind).glob("*.yaml"))]


def _across(definitions: Sequence[Definition]) -> list[Problem]:
    """What only all rules together show: an id or name twice, a superseded rule that is not there."""
    problems: list[Problem] = []
    for key in ("id", "name"):
        first: dict[str, Definition] = {}
        for definition in definitions:
            value = str(getattr(definition.rule, key))
            if value in first:
                what = f"the {key} '{value}' is taken by {first[value].file.name}"
                problems.append(Problem(definition.file.where(key), what))
            first.setdefault(value, definition)
    names = [definition.rule.name for definition in definitions]
    for definition in definitions:
        for at, name in enumerate(definition.rule.supersedes):
            if name not in names:
                where = definition.file.where("supersedes", at)
                problems.append(
                    Problem(
                        where, f"there is no rule '{name}' to supersede", did_you_mean(name, names), "warning"
                    )
                )
    return problems
