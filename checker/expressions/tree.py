"""The parse tree: what was written, with the place of each part in the text. It knows no types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from checker.expressions.values import Days, Months


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the expression's text: first character, and one past the last."""

    start: int
    end: int

    @property
    def width(self) -> int:
        return max(1, self.end - self.start)

    def to(self, other: Span) -> Span:
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out."""

    value: Decimal | str | bool | date | Days | Months | None
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name, dotted or not: `quantity`, `term.unit_price`, `charge_start_date.year`."""

    parts: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value that is no name: `end of month(d).day`."""

    base: Node
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Negate:
    """Arithmetic negation."""

    operand: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """`symbol` is one of `or and = != < <= > >= + - * / **`; `at` is where it stands."""

    symbol: str
    left: Node
    right: Node
    span: Span
    at: Span


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`, either end open: `(low..high)`, `]low..high[`."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Test:
    """A unary test after `in`: `<= 10`, `!= "x"`."""

    symbol: str
    operand: Node
    span: Span


@dataclass(frozen=True, slots=True)
class In:
    """`value in test`, or in any of several tests."""

    value: Node
    tests: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then … else …`."""

    condition: Node
    then: Node
    otherwise: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in called by position (`names` is None) or by parameter name."""

    function: str
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out."""

    items: tuple[Node, ...]
    span: Span


Node: TypeAlias = Literal | Name | Part | Negate | Binary | Between | Range | Test | In | If | Call | Items
