"""The typed tree: few kinds of node, each with its type. Both evaluators walk this tree, and nothing else.

Checking has already resolved overloads, so an operation is one key of `operations.OPERATIONS`; quotients under a
comparison or a rounding stand as ratios, so that neither evaluator can round twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from checker.expressions.rounding import Mode
from checker.expressions.tree import Span
from checker.expressions.types import Type
from checker.expressions.values import Value


@dataclass(frozen=True, slots=True)
class Const:
    """A value that no data changes; `value` None is null."""

    value: Value | None
    type: Type
    span: Span

    @property
    def nullable(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Read:
    """A name that the data gives, dotted as written (`term.unit_price`)."""

    name: str
    type: Type
    nullable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation by its key, on operands that fit its signature."""

    key: str
    operands: tuple[Typed, ...]
    type: Type
    nullable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Compare:
    """left/left_over `symbol` right/right_over, exactly; a side without a division has over None."""

    symbol: str
    left: Typed
    left_over: Typed | None
    right: Typed
    right_over: Typed | None
    type: Type
    nullable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Round:
    """value/over rounded once to `places` decimal places; without a division over is None."""

    mode: Mode
    value: Typed
    over: Typed | None
    places: int
    type: Type
    nullable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Choose:
    """`if`: null where the condition is null."""

    condition: Typed
    then: Typed
    otherwise: Typed
    type: Type
    nullable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out."""

    items: tuple[Typed, ...]
    type: Type
    nullable: bool
    span: Span


Typed: TypeAlias = Const | Read | Apply | Compare | Round | Choose | Items


def parts(node: Typed) -> tuple[Typed, ...]:
    """The nodes directly below one."""
    match node:
        case Const() | Read():
            return ()
        case Apply():
            return node.operands
        case Compare():
            return tuple(
                part for part in (node.left, node.left_over, node.right, node.right_over) if part is not None
            )
        case Round():
            return (node.value,) if node.over is None else (node.value, node.over)
        case Choose():
            return node.condition, node.then, node.otherwise
        case Items():
            return node.items


def reads(node: Typed) -> dict[str, Read]:
    """Every name that the tree reads, in the order in which they stand."""
    found: dict[str, Read] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Read):
            found.setdefault(here.name, here)
        waiting.extend(reversed(parts(here)))
    return found
