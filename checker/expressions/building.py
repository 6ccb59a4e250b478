"""Typed parts to a typed whole: overloads, digits, exact comparisons, roundings, lists.

Each step either gives a node or says what is wrong; nothing here knows names or what the text looked like.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import cast

from checker.expressions.digits import joined
from checker.expressions.operations import BUILTINS, IS_NULL, MEMBER, OPERATORS, Builtin, Operation
from checker.expressions.rounding import Mode
from checker.expressions.tree import Span
from checker.expressions.typed import Apply, Compare, Const, Items, Round, Typed, reads
from checker.expressions.types import (
    BOOLEAN,
    DATE,
    DAYS,
    MONTHS,
    MOST_DIGITS,
    NULL,
    TEXT,
    ListOf,
    Number,
    Type,
)
from checker.expressions.values import Days, Months, Value
from checker.problems import Problem, Where

ORDERED = (TEXT, DATE, DAYS, MONTHS)
"""Besides numbers, the types that have an order; text compares by its characters' code points."""

LARGEST_EXPONENT = 16


class Builder:
    """Builds typed nodes and collects the problems of those that cannot be built."""

    def __init__(self, where: Callable[[int, int], Where]) -> None:
        self._where = where
        self.problems: list[Problem] = []

    def say(self, span: Span, what: str, hint: str | None = None) -> Typed | None:
        """Record a problem; gives None, so that a caller can return it as the missing node."""
        self.problems.append(Problem(self._where(span.start, span.width), what, hint))
        return None

    def holds(self, kind: Type, span: Span, *, quotient: bool = False) -> bool:
        """Whether a result fits the digits that every engine holds. A bare quotient is asked only where it is used."""
        if isinstance(kind, Number) and kind.digits > MOST_DIGITS and not quotient:
            hint = "round an operand first, for example round half up(x, 2)"
            self.say(span, f"this could need {kind.digits} digits; {MOST_DIGITS} can be held exactly", hint)
            return False
        return True

    def used(self, node: Typed) -> bool:
        """Whether a value can stand as it is: a quotient that no rounding takes up must fit with its 16 places."""
        return self.holds(node.type, node.span)

    def apply(self, operation: Operation, operands: tuple[Typed, ...], span: Span) -> Typed | None:
        kind = operation.gives(tuple(operand.type for operand in operands))
        if not self.holds(kind, span, quotient=operation.key == "number / number"):
            return None
        nullable = operation.partial or any(operand.nullable for operand in operands)
        if operation in (IS_NULL, MEMBER) or operation.key == "count":
            nullable = operation is MEMBER and any(operand.nullable for operand in operands)
        return Apply(operation.key, operands, kind, nullable, span)

    def overload(self, symbol: str, operands: tuple[Typed, ...], span: Span) -> Typed | None:
        for operation in OPERATORS[symbol]:
            if all(fits(operand.type, kind) for operand, kind in zip(operands, operation.takes, strict=True)):
                return self.apply(operation, operands, span)
        kinds = " and ".join(f"a {operand.type}" for operand in operands)
        hint = None
        if any(operand.type == NULL for operand in operands):
            hint = "ask whether a value is missing with x = null"
        elif symbol == "+" and any(operand.type == TEXT for operand in operands):
            hint = "text is joined to text only; a message formats values by itself"
        elif {operand.type for operand in operands} & {DATE} and any(
            isinstance(o.type, Number) for o in operands
        ):
            hint = 'a date takes a duration: charge_end_date + @"P1D"'
        return self.say(span, f"'{symbol.removeprefix('unary ')}' does not fit {kinds}", hint)

    def power(self, base: Typed, exponent: Typed, span: Span) -> Typed | None:
        value = exponent.value if isinstance(exponent, Const) else None
        if not isinstance(value, Decimal) or value != int(value) or abs(value) > LARGEST_EXPONENT:
            hint = "write the factor out, or pick a smaller exponent"
            what = f"an exponent is a whole number of at most {LARGEST_EXPONENT}, written out"
            return self.say(exponent.span, what, hint)
        if not isinstance(base.type, Number):
            return self.say(span, f"'**' does not fit a {base.type}")
        times = int(value)
        power: Typed | None = Const(Decimal(1), Number(1, 0), span)
        for factor in range(abs(times)):
            power = base if factor == 0 else power and self.overload("*", (power, base), span)
        if times < 0 and power is not None:
            return self.overload("/", (Const(Decimal(1), Number(1, 0), span), power), span)
        return power

    def compare(self, symbol: str, left: Typed, right: Typed, span: Span) -> Typed | None:
        if left.type == NULL or right.type == NULL:
            return self._with_null(symbol, left, right, span)
        numbers = isinstance(left.type, Number) and isinstance(right.type, Number)
        equality = symbol in ("=", "!=")
        if isinstance(left.type, ListOf) and isinstance(right.type, ListOf) and equality:
            return self._lists_equal(symbol, left, right, span)
        if not numbers and left.type != right.type:
            hint = _comparison_hint(left, right)
            return self.say(span, f"a {left.type} cannot be compared with a {right.type}", hint)
        if not numbers and not equality and left.type not in ORDERED:
            return self.say(span, f"'{symbol}' does not fit {left.type}", "compare with = or !=")
        if numbers and equality and not self._equality_is_exact(left, right, span):
            return None
        (over_left, by_left), (over_right, by_right) = ratio(left), ratio(right)
        if numbers and not self._products_hold(over_left, by_left, over_right, by_right, span):
            return None
        nullable = any(side.nullable for side in (left, right))
        return Compare(symbol, over_left, by_left, over_right, by_right, BOOLEAN, nullable, span)

    def _with_null(self, symbol: str, left: Typed, right: Typed, span: Span) -> Typed | None:
        if symbol not in ("=", "!="):
            return self.say(
                span, f"'{symbol} null' is never true", "ask whether a value is missing with x = null"
            )
        subject = right if left.type == NULL else left
        if subject.type == NULL:
            return Const(symbol == "=", BOOLEAN, span)
        if not self.used(subject):
            return None
        asked = self.apply(IS_NULL, (subject,), span)
        return asked if symbol == "=" or asked is None else self.call("not", (asked,), span)

    def _equality_is_exact(self, left: Typed, right: Typed, span: Span) -> bool:
        if not any(isinstance(side.type, Number) and side.type.quotient for side in (left, right)):
            return True
        if not reads(left) and not reads(right):
            return True
        hint = "round it first: round half up(a / b, 2), or multiply instead of dividing"
        self.say(span, "an unrounded quotient is compared for equality", hint)
        return False

    def _products_hold(
        self, left: Typed, left_over: Typed | None, right: Typed, right_over: Typed | None, span: Span
    ) -> bool:
        """Whether left * right_over and right * left_over, and both on one scale, can be held exactly."""
        sides = []
        for value, other in ((left, right_over), (right, left_over)):
            if not self.used(value) or (other is not None and not self.used(other)):
                return False
            kind, by = cast(Number, value.type), other.type if other is not None else None
            sides.append(
                Number(kind.digits + by.digits, kind.scale + by.scale) if isinstance(by, Number) else kind
            )
        return self.holds(joined(tuple(sides)), span)

    def _lists_equal(self, symbol: str, left: Typed, right: Typed, span: Span) -> Typed | None:
        if not isinstance(left, Items) or not isinstance(right, Items):
            return self.say(
                span, "two columns cannot be compared as lists", "compare their sums, counts, min or max"
            )
        if len(left.items) != len(right.items):
            return Const(symbol == "!=", BOOLEAN, span)
        equal: Typed | None = Const(True, BOOLEAN, span)
        for one, other in zip(left.items, right.items, strict=True):
            same = self.compare("=", one, other, span)
            if same is None or equal is None:
                return None
            equal = self.overload("and", (equal, same), span)
        return equal if symbol == "=" or equal is None else self.call("not", (equal,), span)

    def contains(self, options: Typed, value: Typed, span: Span) -> Typed | None:
        assert isinstance(options.type, ListOf)
        if not isinstance(options, Items):
            return self.say(
                span, "a group's column cannot be searched", "count a part of the group: parts: {…}"
            )
        if not options.items:
            return Const(False, BOOLEAN, span)
        if isinstance(value.type, Number) and not self._equality_is_exact(value, options, span):
            return None
        known = [item for item in options.items if item.type != NULL]
        if any(not comparable(value.type, item.type) for item in known):
            return self.say(span, f"a {value.type} cannot be one of a {options.type}")
        if not self.used(value):
            return None
        listed: Typed = Items(tuple(known), options.type, any(item.nullable for item in known), options.span)
        member: Typed | None = (
            self.apply(MEMBER, (value, listed), span) if known else Const(False, BOOLEAN, span)
        )
        if len(known) == len(options.items) or member is None:
            return member
        # A null written in the list is asked for two-valued, as x = null is.
        asked = self._with_null("=", value, Const(None, NULL, span), span)
        if asked is None:
            return None
        return self.overload("or", (asked, member), span) if known else asked

    def rounded(self, mode: Mode, over: Typed, by: Typed | None, places: int, span: Span) -> Typed | None:
        top = cast(Number, over.type)
        if by is None:
            if places >= top.scale and not top.quotient:
                kind = Number(max(1, top.whole + places), places)
                return (
                    Round(mode, over, None, places, kind, over.nullable, span)
                    if self.holds(kind, span)
                    else None
                )
            kind = Number(max(1, top.whole + places + 1), places)
            fits = self.holds(kind, span)
        else:
            below = cast(Number, by.type)
            kind = Number(max(1, top.whole + below.scale + places + 1), places)
            shift = max(0, top.scale - places - below.scale)
            # Both evaluators divide whole numbers of this many digits.
            scaled = Number(
                max(top.whole + places + below.scale + shift, below.whole + below.scale + shift, 1), 0
            )
            fits = self.holds(kind, span) and self.holds(scaled, span) and self.used(over) and self.used(by)
        nullable = over.nullable or by is not None
        return Round(mode, over, by, places, kind, nullable, span) if fits else None

    def call(self, name: str, operands: tuple[Typed, ...], span: Span) -> Typed | None:
        return self.fitted(next(one for one in BUILTINS if one.name == name), operands, span)

    def fitted(self, builtin: Builtin, operands: tuple[Typed, ...], span: Span) -> Typed | None:
        for operand, kind, name in zip(operands, builtin.operation.takes, builtin.parameters, strict=True):
            if not fits(operand.type, kind):
                return self.say(
                    operand.span, f"'{builtin.name}' needs a {kind} as '{name}', found a {operand.type}"
                )
            if not self.used(operand):
                return None
        return self.apply(builtin.operation, operands, span)

    def over_items(self, function: str, over: Items, span: Span) -> Typed | None:
        number = Const(Decimal(len(over.items)), Number(len(str(len(over.items))), 0), span)
        if function == "count":
            return number
        assert isinstance(over.type, ListOf)
        if not over.items or any(item.type == NULL for item in over.items):
            kind = over.type.item if over.type.item != NULL else Number(1, 0)
            return Const(None, kind, span)
        if function in ("min", "max"):
            if not isinstance(over.type.item, Number) and over.type.item not in ORDERED:
                return self.say(span, f"'{function}' does not fit {over.type}")
            listed = Items(over.items, over.type, any(item.nullable for item in over.items), over.span)
            return self.call(function, (listed,), span)
        total: Typed | None = over.items[0]
        if not isinstance(over.type.item, Number):
            return self.say(span, f"'{function}' needs numbers, found {over.type}")
        for item in over.items[1:]:
            total = None if total is None else self.overload("+", (total, item), span)
        if function == "mean" and total is not None:
            return self.overload("/", (total, number), span)
        return total

    def collected(self, given: list[Typed], span: Span) -> Items | None:
        kind: Type = NULL
        for item in given:
            alike = common(kind, item.type)
            if alike is None:
                self.say(item.span, f"values of one kind are wanted: {kind} and {item.type} differ")
                return None
            kind = alike
        return Items(tuple(given), ListOf(kind), False, span)


def type_of(value: Value | None) -> Type:
    """The type of a value written out; a number has just the digits that it shows."""
    match value:
        case None:
            return NULL
        case bool():
            return BOOLEAN
        case Decimal():
            shape = value.as_tuple()
            scale = max(0, -int(shape.exponent))
            return Number(max(len(shape.digits) + max(0, int(shape.exponent)), scale, 1), scale)
        case str():
            return TEXT
        case date():
            return DATE
        case Days():
            return DAYS
        case Months():
            return MONTHS
        case tuple():
            kind: Type = NULL
            for item in value:
                kind = common(kind, type_of(item)) or kind
            return ListOf(kind)
    raise TypeError(f"no value of the language: {value!r}")


def ratio(node: Typed) -> tuple[Typed, Typed | None]:
    """A division as its two operands, anything else as itself."""
    if isinstance(node, Apply) and node.key == "number / number":
        dividend, divisor = node.operands
        return dividend, divisor
    return node, None


def fits(kind: Type, wanted: str) -> bool:
    """Whether a type is of a kind that a signature names."""
    match wanted:
        case "any":
            return True
        case "number":
            return isinstance(kind, Number)
        case "numbers":
            return isinstance(kind, ListOf) and isinstance(kind.item, Number)
        case "list":
            return isinstance(kind, ListOf)
    return kind == {"text": TEXT, "boolean": BOOLEAN, "date": DATE, "days": DAYS, "months": MONTHS}[wanted]


def common(one: Type, other: Type) -> Type | None:
    """The narrowest type that holds both, or None."""
    if one == other or other == NULL:
        return one
    if one == NULL:
        return other
    if isinstance(one, Number) and isinstance(other, Number):
        return joined((one, other))
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        item = common(one.item, other.item)
        return None if item is None else ListOf(item)
    return None


def comparable(one: Type, other: Type) -> bool:
    """Whether = between the two means anything."""
    return one == other or (isinstance(one, Number) and isinstance(other, Number))


def _comparison_hint(left: Typed, right: Typed) -> str | None:
    kinds = (left.type, right.type)
    if TEXT in kinds and DATE in kinds:
        return 'write a date as @"2025-01-31"'
    if TEXT in kinds and any(isinstance(kind, Number) for kind in kinds):
        return "a number is written without quotes; an id is text, in quotes"
    if TEXT in kinds and BOOLEAN in kinds:
        return "write true or false without quotes"
    if DAYS in kinds and any(isinstance(kind, Number) for kind in kinds):
        return 'compare with @"P30D", or count with days between(a, b)'
    return None
