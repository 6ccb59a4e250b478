"""A rule that means something: its expressions typed, its values in the order in which they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from checker.expressions import Binding, Typed
from checker.expressions.types import Type
from checker.rulebook.definition import Definition, Lookup


class Shapes(Protocol):
    """What the check must know of tables and of the run."""

    def columns(self, table: str) -> Mapping[str, Binding] | None:
        """The columns of a table, a list of the contract or a policy table; None where there is none of that name."""

    def tables(self) -> Sequence[str]:
        """Every name that a rule may look up in."""

    def constants(self) -> Mapping[str, Binding]:
        """Dotted names of the contract, the run and the lists."""


@dataclass(frozen=True, slots=True)
class Let:
    """A named value."""

    name: str
    value: Typed


@dataclass(frozen=True, slots=True)
class TypedLookup:
    """A lookup with its expressions typed. `columns` are the names it gives, with the types of their columns."""

    lookup: Lookup
    match: tuple[tuple[str, Typed], ...]
    day: Typed | None
    when: Typed | None
    take: Mapping[str, Typed]
    columns: Mapping[str, Binding]


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule that means something: every name known, every type fitting, values in the order in which they are made."""

    definition: Definition
    line_lets: tuple[Let, ...]
    where: Typed | None
    parts: Mapping[str, Typed]
    by: Mapping[str, Type]
    steps: tuple[Let | TypedLookup, ...]
    must: Typed
    amount: Typed | None
    beyond: Typed | None
    key: tuple[str, ...]
    message: tuple[str, ...]
    incident: str | None
    names: Mapping[str, Binding]
    """Everything that the finding may show, by name."""

    @property
    def grouped(self) -> bool:
        return bool(self.definition.by)
