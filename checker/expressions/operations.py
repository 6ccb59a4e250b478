"""The visible tables of the language: every operation with its signature, and what text stands for it.

The checker resolves operators and calls through these tables; the interpreter and each SQL dialect hold one entry for
each key; the reference documentation is printed from them. An operation is null where an operand is null, unless
`strict` is false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checker.expressions.rounding import Mode
from checker.expressions.types import BOOLEAN, DATE, DAYS, MONTHS, QUOTIENT_SCALE, TEXT, ListOf, Number, Type

Digits = Callable[[tuple[Type, ...]], Type]


@dataclass(frozen=True, slots=True)
class Operation:
    """`takes` are kinds: number, text, boolean, date, days, months, numbers (a list), any list. `gives` computes the
    result's type, digits included, from the operands' types. A `partial` operation can be null on whole operands."""

    key: str
    takes: tuple[str, ...]
    gives: Digits
    about: str
    example: str = ""
    strict: bool = True
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function as a rule calls it: its parameter names, and the operation that it stands for."""

    name: str
    parameters: tuple[str, ...]
    operation: Operation


def _always(result: Type) -> Digits:
    return lambda _: result


def _sum(types: tuple[Type, ...]) -> Type:
    both = joined(types)
    return Number(both.digits + 1, both.scale, both.quotient)


def _product(types: tuple[Type, ...]) -> Type:
    left, right = _numbers(types)
    return Number(left.digits + right.digits, left.scale + right.scale, left.quotient or right.quotient)


def _quotient(types: tuple[Type, ...]) -> Type:
    left, right = _numbers(types)
    # The largest quotient has the smallest divisor below it: one unit in its last place. One more for rounding up.
    return Number(left.whole + right.scale + QUOTIENT_SCALE + 1, QUOTIENT_SCALE, True)


def _remainder(types: tuple[Type, ...]) -> Type:
    left, right = _numbers(types)
    scale = max(left.scale, right.scale)
    return Number(max(1, right.whole + scale), scale, left.quotient or right.quotient)


def _same(types: tuple[Type, ...]) -> Type:
    return types[0]


def _total(types: tuple[Type, ...]) -> Type:
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


def _widest(types: tuple[Type, ...]) -> Type:
    return joined(types)


def _first_item(types: tuple[Type, ...]) -> Type:
    kind = types[0]
    assert isinstance(kind, ListOf)
    return kind.item


OPERATORS: dict[str, tuple[Operation, ...]] = {
    "+": (
        Operation("number + number", ("number", "number"), _sum, "exact sum", "0.1 + 0.2 = 0.3"),
        Operation("text + text", ("text", "text"), _always(TEXT), "joined texts", '"a" + "b" = "ab"'),
        Operation(
            "date + days",
            ("date", "days"),
            _always(DATE),
            "that many days later",
            '@"2026-02-28" + @"P1D" = @"2026-03-01"',
            partial=True,
        ),
        Operation(
            "date + months",
            ("date", "months"),
            _always(DATE),
            "clamped to the month's end",
            '@"2024-01-31" + @"P1M" = @"2024-02-29"',
            partial=True,
        ),
        Operation(
            "days + days",
            ("days", "days"),
            _always(DAYS),
            "sum of durations",
            '@"P1D" + @"P2D" = @"P3D"',
            partial=True,
        ),
        Operation(
            "months + months",
            ("months", "months"),
            _always(MONTHS),
            "sum of durations",
            '@"P1Y" + @"P1M" = @"P13M"',
            partial=True,
        ),
    ),
    "-": (
        Operation("number - number", ("number", "number"), _sum, "exact difference", "0.3 - 0.1 = 0.2"),
        Operation(
            "date - days",
            ("date", "days"),
            _always(DATE),
            "that many days earlier",
            '@"2026-03-01" - @"P1D" = @"2026-02-28"',
            partial=True,
        ),
        Operation(
            "date - months",
            ("date", "months"),
            _always(DATE),
            "clamped to the month's end",
            '@"2026-03-31" - @"P1M" = @"2026-02-28"',
            partial=True,
        ),
        Operation(
            "date - date",
            ("date", "date"),
            _always(DAYS),
            "the days from the second to the first",
            '@"2026-03-01" - @"2026-02-01" = @"P28D"',
        ),
        Operation(
            "days - days",
            ("days", "days"),
            _always(DAYS),
            "difference of durations",
            '@"P3D" - @"P4D" = @"-P1D"',
            partial=True,
        ),
        Operation(
            "months - months",
            ("months", "months"),
            _always(MONTHS),
            "difference",
            '@"P1Y" - @"P1M" = @"P11M"',
            partial=True,
        ),
    ),
    "*": (
        Operation("number * number", ("number", "number"), _product, "exact product", "1.25 * 0.1 = 0.125"),
    ),
    "/": (
        Operation(
            "number / number",
            ("number", "number"),
            _quotient,
            f"half-even to {QUOTIENT_SCALE} decimal places; null where the divisor is 0",
            "1 / 8 = 0.125",
            partial=True,
        ),
    ),
    "unary -": (
        Operation("- number", ("number",), _same, "the number with its sign turned", "-(2 - 3) = 1"),
        Operation("- days", ("days",), _same, "the duration with its sign turned", '-@"P1D" = @"-P1D"'),
        Operation("- months", ("months",), _same, "the duration with its sign turned", '-@"P1M" = @"-P1M"'),
    ),
    "and": (
        Operation(
            "and",
            ("boolean", "boolean"),
            _always(BOOLEAN),
            "false wins over null",
            "(1 = 2 and 1 = 1) = false",
            strict=False,
        ),
    ),
    "or": (
        Operation(
            "or",
            ("boolean", "boolean"),
            _always(BOOLEAN),
            "true wins over null",
            "true or false",
            strict=False,
        ),
    ),
}
"""Binary and unary operators by their signatures. Comparisons take two of a kind and are exact also over a quotient."""

IS_NULL = Operation(
    "is null", ("any",), _always(BOOLEAN), "x = null: true or false, never null", strict=False
)

PARTS: dict[str, Operation] = {
    "year": Operation("year of date", ("date",), _always(Number(4, 0)), "the year"),
    "month": Operation("month of date", ("date",), _always(Number(2, 0)), "1 to 12"),
    "day": Operation("day of date", ("date",), _always(Number(2, 0)), "1 to 31"),
    "weekday": Operation("weekday of date", ("date",), _always(Number(1, 0)), "1 is Monday, 7 is Sunday"),
}
"""What stands behind a dot after a date."""

ROUNDINGS: dict[str, Mode] = {
    "decimal": "half even",
    "round up": "up",
    "round down": "down",
    "round half up": "half up",
    "round half down": "half down",
    "floor": "floor",
    "ceiling": "ceiling",
}
"""Built-ins that round; each takes a number and its places (0 for floor and ceiling where left out). Directly over a
quotient they round the exact quotient, once."""

BUILTINS: tuple[Builtin, ...] = (
    Builtin("abs", ("n",), Operation("abs", ("number",), _same, "without its sign", "abs(-2.50) = 2.50")),
    Builtin(
        "modulo",
        ("dividend", "divisor"),
        Operation(
            "modulo",
            ("number", "number"),
            _remainder,
            "remainder with the divisor's sign; null where the divisor is 0",
            "modulo(-12, 5) = 3",
            partial=True,
        ),
    ),
    Builtin(
        "not",
        ("negand",),
        Operation("not", ("boolean",), _always(BOOLEAN), "the opposite; of null it is null", "not(1 = 2)"),
    ),
    Builtin(
        "string length",
        ("string",),
        Operation(
            "string length", ("text",), _always(Number(9, 0)), "characters", 'string length("abc") = 3'
        ),
    ),
    Builtin(
        "upper case",
        ("string",),
        Operation("upper case", ("text",), _same, "in capitals", 'upper case("Us") = "US"'),
    ),
    Builtin(
        "lower case",
        ("string",),
        Operation("lower case", ("text",), _same, "in small letters", 'lower case("P1Y") = "p1y"'),
    ),
    Builtin(
        "contains",
        ("string", "match"),
        Operation("contains", ("text", "text"), _always(BOOLEAN), "case counts", 'contains("credit", "red")'),
    ),
    Builtin(
        "starts with",
        ("string", "match"),
        Operation(
            "starts with", ("text", "text"), _always(BOOLEAN), "case counts", 'starts with("credit", "cred")'
        ),
    ),
    Builtin(
        "ends with",
        ("string", "match"),
        Operation(
            "ends with", ("text", "text"), _always(BOOLEAN), "case counts", 'ends with("credit", "it")'
        ),
    ),
    Builtin(
        "like",
        ("string", "pattern"),
        Operation(
            "like",
            ("text", "text"),
            _always(BOOLEAN),
            "ours: * stands for any characters, all else for itself",
            'like("One-Year commitment", "*Year*")',
        ),
    ),
    Builtin(
        "end of month",
        ("date",),
        Operation(
            "end of month",
            ("date",),
            _always(DATE),
            "ours: the last day of the date's month",
            'end of month(@"2024-02-10") = @"2024-02-29"',
        ),
    ),
    Builtin(
        "days between",
        ("from", "to"),
        Operation(
            "days between",
            ("date", "date"),
            _always(Number(7, 0)),
            "ours: whole days from the first date to the second; below zero where it is earlier",
            'days between(@"2026-06-20", @"2026-07-09") = 19',
        ),
    ),
    Builtin(
        "sum",
        ("list",),
        Operation(
            "sum",
            ("numbers",),
            _total,
            "null where the list is empty or holds a null",
            "sum([1, 2.5]) = 3.5",
            partial=True,
        ),
    ),
    Builtin(
        "count",
        ("list",),
        Operation(
            "count", ("list",), _always(Number(10, 0)), "items, nulls too", "count([]) = 0", strict=False
        ),
    ),
    Builtin(
        "min",
        ("list",),
        Operation(
            "min",
            ("list",),
            _first_item,
            "null where the list is empty or holds a null",
            "min(3, 1, 2) = 1",
            partial=True,
        ),
    ),
    Builtin(
        "max",
        ("list",),
        Operation(
            "max",
            ("list",),
            _first_item,
            "null where the list is empty or holds a null",
            'max(["a", "b"]) = "b"',
            partial=True,
        ),
    ),
)

MEMBER = Operation(
    "member", ("any", "list"), _always(BOOLEAN), "x in a list, by the meaning of =", strict=False
)

OPERATIONS: dict[str, Operation] = {
    operation.key: operation
    for operation in (
        *(operation for overloads in OPERATORS.values() for operation in overloads),
        IS_NULL,
        MEMBER,
        *PARTS.values(),
        *(builtin.operation for builtin in BUILTINS),
    )
}

CONSTRUCTORS = ("date", "duration")
"""Built-ins that only spell a literal: date("2026-01-31"), duration("P1M")."""

FUNCTIONS: frozenset[str] = frozenset(
    [*(builtin.name for builtin in BUILTINS), *ROUNDINGS, *CONSTRUCTORS, "mean", "list contains"]
)
