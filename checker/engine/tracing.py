"""An expression with the value of each of its parts, as the interpreter sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from checker.expressions import Node, Typed, evaluate
from checker.expressions.printing import printed
from checker.expressions.tree import Name, Span
from checker.expressions.typed import Const, parts
from checker.expressions.values import Missing, Value


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression: its text, its value, and the parts that it was made from.

    `asked` is false where the value did not matter, such as the other branch of an `if`. Literals are no parts: their
    text is their value. A column of a group has the values of its lines, null where one is empty.
    """

    text: str
    value: Value | None
    asked: bool
    parts: tuple[Part, ...] = ()


def trace(node: Node, typed: Typed, values: Mapping[str, Any]) -> Part:
    """An expression's parts with their values. `node` is the tree that `typed` was made from."""
    seen: dict[int, Value] = {}
    evaluate(typed, values, lambda part, value: seen.__setitem__(id(part), value))
    written: dict[Span, Node] = {}
    for one in _nodes(node):
        written.setdefault(one.span, one)
    return _Tracer(seen, written).part(typed)


@dataclass(frozen=True, slots=True)
class _Tracer:
    seen: Mapping[int, Value]
    written: Mapping[Span, Node]

    def part(self, typed: Typed) -> Part:
        text = printed(self.written[typed.span])
        asked = id(typed) in self.seen
        inner = tuple(self._inner(typed, text)) if asked else ()
        return Part(text, self.seen.get(id(typed)), asked, inner)

    def _inner(self, typed: Typed, text: str) -> Iterator[Part]:
        """What a part was made from. Checking makes several operations of one text (`in`, `**`): these count as one,
        and what they share is told once."""
        told: dict[str, Part] = {}
        for below in parts(typed):
            if isinstance(below, Const) and not isinstance(self.written[below.span], Name):
                continue
            part = self.part(below)
            for one in part.parts if part.text == text else (part,):
                if one.text not in told or not told[one.text].asked:
                    told[one.text] = one
        yield from told.values()


def missing(part: Part) -> str | None:
    """Why a part has no value."""
    return part.value.reason if isinstance(part.value, Missing) else None


def _nodes(node: Any) -> Iterator[Any]:
    """A tree's nodes, each before those below it."""
    yield node
    for field in fields(node):
        value = getattr(node, field.name)
        for below in value if isinstance(value, tuple) else (value,):
            if hasattr(below, "span"):
                yield from _nodes(below)
