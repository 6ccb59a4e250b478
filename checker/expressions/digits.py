"""How many digits a result can have, from the digits of its operands: every operation's number model in one place."""

from __future__ import annotations

from collections.abc import Callable

from checker.expressions.types import QUOTIENT_SCALE, ListOf, Number, Type

Digits = Callable[[tuple[Type, ...]], Type]
"""The types of the operands to the type of the result."""


def always(result: Type) -> Digits:
    """A result whose type no operand changes."""
    return lambda _: result


def sum_of(types: tuple[Type, ...]) -> Type:
    """One digit more than the longer of the two."""
    both = joined(types)
    return Number(both.digits + 1, both.scale, both.quotient)


def product_of(types: tuple[Type, ...]) -> Type:
    """Digits and decimal places add up."""
    left, right = _numbers(types)
    return Number(left.digits + right.digits, left.scale + right.scale, left.quotient or right.quotient)


def quotient_of(types: tuple[Type, ...]) -> Type:
    """Room for the smallest divisor, and the places of an unrounded quotient."""
    left, right = _numbers(types)
    # The largest quotient has the smallest divisor below it: one unit in its last place. One more for rounding up.
    return Number(left.whole + right.scale + QUOTIENT_SCALE + 1, QUOTIENT_SCALE, True)


def remainder_of(types: tuple[Type, ...]) -> Type:
    """A remainder is smaller than its divisor."""
    left, right = _numbers(types)
    scale = max(left.scale, right.scale)
    return Number(max(1, right.whole + scale), scale, left.quotient or right.quotient)


def same(types: tuple[Type, ...]) -> Type:
    """The type of the only operand."""
    return types[0]


def total_of(types: tuple[Type, ...]) -> Type:
    """A sum over a column adds ten digits: room for ten thousand million lines."""
    item = _item(types[0])
    return Number(item.digits + 10, item.scale, item.quotient)


def _item(kind: Type) -> Number:
    assert isinstance(kind, ListOf)
    assert isinstance(kind.item, Number)
    return kind.item


def _numbers(types: tuple[Type, ...]) -> tuple[Number, ...]:
    return tuple(kind for kind in types if isinstance(kind, Number))


def joined(types: tuple[Type, ...]) -> Number:
    """The narrowest number type that holds each of the given ones."""
    numbers = _numbers(types)
    scale = max(number.scale for number in numbers)
    whole = max(number.whole for number in numbers)
    return Number(max(1, whole + scale), scale, any(number.quotient for number in numbers))


def first_item(types: tuple[Type, ...]) -> Type:
    """The type of a list's items."""
    kind = types[0]
    assert isinstance(kind, ListOf)
    return kind.item
