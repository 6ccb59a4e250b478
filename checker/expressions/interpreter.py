"""The reference meaning: a walk over the typed tree with Python's Decimal. Small on purpose; it explains and it judges.

A null is a `Missing` that says why: which field was empty, what was divided by zero.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

from checker.expressions.rounding import EXACT, rounded
from checker.expressions.typed import Apply, Choose, Compare, Const, Items, Read, Round, Typed
from checker.expressions.types import QUOTIENT_SCALE
from checker.expressions.values import LONGEST_DAYS, LONGEST_MONTHS, Days, Missing, Months, Value

OUTSIDE_CALENDAR = Missing("a date or duration lies outside the calendar")
DIVIDED_BY_ZERO = Missing("a division by zero")

Seen = Callable[[Typed, Value], None]


def evaluate(node: Typed, values: Mapping[str, Value | None], seen: Seen | None = None) -> Value:
    """The value of a typed tree. `values` gives each name its value (None: empty; a tuple for a group's column).

    `seen` is told of every part and its value, innermost first.
    """
    value = _evaluate(node, values, seen)
    if seen is not None:
        seen(node, value)
    return value


def _evaluate(node: Typed, values: Mapping[str, Value | None], seen: Seen | None) -> Value:
    match node:
        case Const():
            return Missing("null is written there") if node.value is None else node.value
        case Read():
            value = values[node.name]
            return Missing(f"{node.name} is empty") if value is None else value
        case Choose():
            condition = evaluate(node.condition, values, seen)
            if isinstance(condition, Missing):
                return condition
            return evaluate(node.then if condition else node.otherwise, values, seen)
        case Items():
            return tuple(evaluate(item, values, seen) for item in node.items)
        case Compare():
            return _compare(node, values, seen)
        case Round():
            top = evaluate(node.value, values, seen)
            over = Decimal(1) if node.over is None else evaluate(node.over, values, seen)
            if isinstance(top, Missing):
                return top
            if isinstance(over, Missing):
                return over
            assert isinstance(top, Decimal)
            assert isinstance(over, Decimal)
            return DIVIDED_BY_ZERO if over == 0 else rounded(top, over, node.places, node.mode)
        case Apply():
            operands = [evaluate(operand, values, seen) for operand in node.operands]
            if node.key in _LENIENT:
                return _LENIENT[node.key](*operands)
            if isinstance(node.operands[0], Read) and isinstance(operands[0], tuple):
                empty = _emptiness(node.operands[0].name, operands[0])
                return _STRICT[node.key](operands[0]) if empty is None else empty
            missing = next((operand for operand in operands if isinstance(operand, Missing)), None)
            return _STRICT[node.key](*operands) if missing is None else missing


def _compare(node: Compare, values: Mapping[str, Value | None], seen: Seen | None) -> Value:
    sides: list[Any] = []
    for part in (node.left, node.left_over, node.right, node.right_over):
        value = Decimal(1) if part is None else evaluate(part, values, seen)
        if isinstance(value, Missing):
            return value
        sides.append(value)
    left, left_over, right, right_over = sides
    if node.left_over is not None or node.right_over is not None:
        if left_over == 0 or right_over == 0:
            return DIVIDED_BY_ZERO
        left, right = EXACT.multiply(left, right_over), EXACT.multiply(right, left_over)
        if (left_over < 0) != (right_over < 0):
            left, right = right, left
    return _ordered(node.symbol, left, right)


def _ordered(symbol: str, left: Any, right: Any) -> bool:
    match symbol:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


def _and(left: Value, right: Value) -> Value:
    if left is False or right is False:
        return False
    return next((side for side in (left, right) if isinstance(side, Missing)), True)


def _or(left: Value, right: Value) -> Value:
    if left is True or right is True:
        return True
    return next((side for side in (left, right) if isinstance(side, Missing)), False)


def _member(value: Value, options: Value) -> Value:
    if isinstance(value, Missing):
        return value
    assert isinstance(options, tuple)
    equal: list[Value] = [option if isinstance(option, Missing) else option == value for option in options]
    found: Value = False
    return reduce(_or, equal, found)


def _later(start: date, days: int) -> Value:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return OUTSIDE_CALENDAR


def _months_later(start: date, months: int) -> Value:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return OUTSIDE_CALENDAR
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _days(count: int) -> Value:
    return Days(count) if abs(count) <= LONGEST_DAYS else OUTSIDE_CALENDAR


def _months(count: int) -> Value:
    return Months(count) if abs(count) <= LONGEST_MONTHS else OUTSIDE_CALENDAR


def _modulo(dividend: Decimal, divisor: Decimal) -> Value:
    if divisor == 0:
        return DIVIDED_BY_ZERO
    return EXACT.subtract(dividend, EXACT.multiply(divisor, rounded(dividend, divisor, 0, "floor")))


def _quotient(dividend: Decimal, divisor: Decimal) -> Value:
    return DIVIDED_BY_ZERO if divisor == 0 else rounded(dividend, divisor, QUOTIENT_SCALE, "half even")


def _emptiness(name: str, items: tuple[Value, ...]) -> Missing | None:
    """Why a group's column has no sum, least or greatest value."""
    empty = sum(1 for item in items if item is None)
    if empty:
        return Missing(f"{empty} of {len(items)} values of {name} are empty")
    return None if items else Missing(f"{name} has no lines")


def _over_list(fold: Callable[[tuple[Any, ...]], Value]) -> Callable[[Any], Value]:
    def folded(items: tuple[Any, ...]) -> Value:
        return next((item for item in items if isinstance(item, Missing)), None) or fold(items)

    return folded


def _like(text: str, pattern: str) -> bool:
    """`*` stands for any characters. Greedy from the left: no backtracking, so no hostile pattern is slow."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


_LENIENT: dict[str, Callable[..., Value]] = {
    "and": _and,
    "or": _or,
    "is null": lambda value: isinstance(value, Missing),
    "member": _member,
    "count": lambda items: Decimal(len(items)),
}

_STRICT: dict[str, Callable[..., Value]] = {
    "number + number": EXACT.add,
    "number - number": EXACT.subtract,
    "number * number": EXACT.multiply,
    "number / number": _quotient,
    "text + text": lambda left, right: left + right,
    "date + days": lambda start, days: _later(start, days.count),
    "date - days": lambda start, days: _later(start, -days.count),
    "date + months": lambda start, months: _months_later(start, months.count),
    "date - months": lambda start, months: _months_later(start, -months.count),
    "date - date": lambda end, start: Days((end - start).days),
    "days + days": lambda left, right: _days(left.count + right.count),
    "days - days": lambda left, right: _days(left.count - right.count),
    "months + months": lambda left, right: _months(left.count + right.count),
    "months - months": lambda left, right: _months(left.count - right.count),
    "- number": lambda number: -number,
    "- days": lambda days: Days(-days.count),
    "- months": lambda months: Months(-months.count),
    "not": lambda value: not value,
    "year of date": lambda day: Decimal(day.year),
    "month of date": lambda day: Decimal(day.month),
    "day of date": lambda day: Decimal(day.day),
    "weekday of date": lambda day: Decimal(day.isoweekday()),
    "abs": abs,
    "modulo": _modulo,
    "string length": lambda text: Decimal(len(text)),
    "upper case": lambda text: "".join(
        letter.upper() if len(letter.upper()) == 1 else letter for letter in text
    ),
    "lower case": lambda text: "".join(
        letter.lower() if len(letter.lower()) == 1 else letter for letter in text
    ),
    "contains": lambda text, match: match in text,
    "starts with": str.startswith,
    "ends with": str.endswith,
    "like": _like,
    "end of month": lambda day: day.replace(day=calendar.monthrange(day.year, day.month)[1]),
    "days between": lambda start, end: Decimal((end - start).days),
    "sum": _over_list(lambda items: reduce(EXACT.add, items)),
    "min": _over_list(min),
    "max": _over_list(max),
}

KEYS = frozenset(_LENIENT) | frozenset(_STRICT)
"""The operations this evaluator knows; a test holds them to `operations.OPERATIONS`."""
