"""What rules share: word lists (rules/lists) and dated policy values (rules/policy), as values with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from checker import resources, schemas, yamlfile
from checker.expressions import Binding
from checker.expressions.types import TEXT, ListOf
from checker.problems import Problem
from checker.tables.kinds import KINDS


@dataclass(frozen=True, slots=True)
class WordList:
    """Words or phrases that a condition names: `charge_type in lists.cycle_charges`."""

    name: str
    about: str
    words: tuple[str, ...]

    @property
    def binding(self) -> Binding:
        return Binding(ListOf(TEXT), False, self.words)


@dataclass(frozen=True, slots=True)
class Policy:
    """A dated table of facts that somebody else decides: `from: policy.cancellation_windows`.

    `columns` gives each column's kind; `last_verified` is the day on which the source last said so.
    """

    name: str
    about: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    source: str
    last_verified: date

    @property
    def bindings(self) -> Mapping[str, Binding]:
        return {name: Binding(KINDS[kind].type) for name, kind in self.columns.items()}


def read_lists(paths: Iterable[Path]) -> tuple[dict[str, WordList], list[Problem]]:
    """The word lists of these files, and everything that is wrong with them."""
    found, problems = _read(paths, "list")
    return {v["name"]: WordList(v["name"], v["about"], tuple(v["words"])) for v in found}, problems


def read_policies(paths: Iterable[Path]) -> tuple[dict[str, Policy], list[Problem]]:
    """The policy tables of these files, and everything that is wrong with them."""
    found, problems = _read(paths, "policy")
    policies = {
        v["name"]: Policy(v["name"], v["about"], v["columns"], v["rows"], v["source"], v["last_verified"])
        for v in found
    }
    return policies, problems


def _read(paths: Iterable[Path], schema: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    values: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for path in paths:
        file, found = yamlfile.read(path, resources.shown(path))
        if file is not None and not found:
            found = schemas.validate(file, schemas.load(schema))
            if not found and isinstance(file.value, dict):
                values.append(file.value)
        problems += found
    return values, problems
