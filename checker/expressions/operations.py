"""The visible tables of the language: every operation with its signature, and what text stands for it.

The checker resolves operators and calls through these tables; the interpreter and each SQL dialect hold one entry for
each key; the reference documentation is printed from them. An operation is null where an operand is null, unless
`strict` is false.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.expressions.digits import (
    Digits,
    always,
    first_item,
    product_of,
    quotient_of,
    remainder_of,
    same,
    sum_of,
    total_of,
)
from checker.expressions.rounding import Mode
from checker.expressions.types import BOOLEAN, DATE, DAYS, MONTHS, QUOTIENT_SCALE, TEXT, Number


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


OPERATORS: dict[str, tuple[Operation, ...]] = {
    "+": (
        Operation("number + number", ("number", "number"), sum_of, "exact sum", "0.1 + 0.2 = 0.3"),
        Operation("text + text", ("text", "text"), always(TEXT), "joined texts", '"a" + "b" = "ab"'),
        Operation(
            "date + days",
            ("date", "days"),
            always(DATE),
            "that many days later",
            '@"2026-02-28" + @"P1D" = @"2026-03-01"',
            partial=True,
        ),
        Operation(
            "date + months",
            ("date", "months"),
            always(DATE),
            "clamped to the month's end",
            '@"2024-01-31" + @"P1M" = @"2024-02-29"',
            partial=True,
        ),
        Operation(
            "days + days",
            ("days", "days"),
            always(DAYS),
            "sum of durations",
            '@"P1D" + @"P2D" = @"P3D"',
            partial=True,
        ),
        Operation(
            "months + months",
            ("months", "months"),
            always(MONTHS),
            "sum of durations",
            '@"P1Y" + @"P1M" = @"P13M"',
            partial=True,
        ),
    ),
    "-": (
        Operation("number - number", ("number", "number"), sum_of, "exact difference", "0.3 - 0.1 = 0.2"),
        Operation(
            "date - days",
            ("date", "days"),
            always(DATE),
            "that many days earlier",
            '@"2026-03-01" - @"P1D" = @"2026-02-28"',
            partial=True,
        ),
        Operation(
            "date - months",
            ("date", "months"),
            always(DATE),
            "clamped to the month's end",
            '@"2026-03-31" - @"P1M" = @"2026-02-28"',
            partial=True,
        ),
        Operation(
            "date - date",
            ("date", "date"),
            always(DAYS),
            "the days from the second to the first",
            '@"2026-03-01" - @"2026-02-01" = @"P28D"',
        ),
        Operation(
            "days - days",
            ("days", "days"),
            always(DAYS),
            "difference of durations",
            '@"P3D" - @"P4D" = @"-P1D"',
            partial=True,
        ),
        Operation(
            "months - months",
            ("months", "months"),
            always(MONTHS),
            "difference",
            '@"P1Y" - @"P1M" = @"P11M"',
            partial=True,
        ),
    ),
    "*": (
        Operation("number * number", ("number", "number"), product_of, "exact product", "1.25 * 0.1 = 0.125"),
    ),
    "/": (
        Operation(
            "number / number",
            ("number", "number"),
            quotient_of,
            f"half-even to {QUOTIENT_SCALE} decimal places; null where the divisor is 0",
            "1 / 8 = 0.125",
            partial=True,
        ),
    ),
    "unary -": (
        Operation("- number", ("number",), same, "the number with its sign turned", "-(2 - 3) = 1"),
        Operation("- days", ("days",), same, "the duration with its sign turned", '-@"P1D" = @"-P1D"'),
        Operation("- months", ("months",), same, "the duration with its sign turned", '-@"P1M" = @"-P1M"'),
    ),
    "and": (
        Operation(
            "and",
            ("boolean", "boolean"),
            always(BOOLEAN),
            "false wins over null",
            "(1 = 2 and 1 = 1) = false",
            strict=False,
        ),
    ),
    "or": (
        Operation(
            "or",
            ("boolean", "boolean"),
            always(BOOLEAN),
            "true wins over null",
            "true or false",
            strict=False,
        ),
    ),
}
"""Binary and unary operators by their signatures. Comparisons take two of a kind and are exact also over a quotient."""

IS_NULL = Operation("is null", ("any",), always(BOOLEAN), "x = null: true or false, never null", strict=False)

PARTS: dict[str, Operation] = {
    "year": Operation("year of date", ("date",), always(Number(4, 0)), "the year"),
    "month": Operation("month of date", ("date",), always(Number(2, 0)), "1 to 12"),
    "day": Operation("day of date", ("date",), always(Number(2, 0)), "1 to 31"),
    "weekday": Operation("weekday of date", ("date",), always(Number(1, 0)), "1 is Monday, 7 is Sunday"),
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
    Builtin("abs", ("n",), Operation("abs", ("number",), same, "without its sign", "abs(-2.50) = 2.50")),
    Builtin(
        "modulo",
        ("dividend", "divisor"),
        Operation(
            "modulo",
            ("number", "number"),
            remainder_of,
            "remainder with the divisor's sign; null where the divisor is 0",
            "modulo(-12, 5) = 3",
            partial=True,
        ),
    ),
    Builtin(
        "not",
        ("negand",),
        Operation("not", ("boolean",), always(BOOLEAN), "the opposite; of null it is null", "not(1 = 2)"),
    ),
    Builtin(
        "string length",
        ("string",),
        Operation("string length", ("text",), always(Number(9, 0)), "characters", 'string length("abc") = 3'),
    ),
    Builtin(
        "upper case",
        ("string",),
        Operation("upper case", ("text",), same, "in capitals", 'upper case("Us") = "US"'),
    ),
    Builtin(
        "lower case",
        ("string",),
        Operation("lower case", ("text",), same, "in small letters", 'lower case("P1Y") = "p1y"'),
    ),
    Builtin(
        "contains",
        ("string", "match"),
        Operation("contains", ("text", "text"), always(BOOLEAN), "case counts", 'contains("credit", "red")'),
    ),
    Builtin(
        "starts with",
        ("string", "match"),
        Operation(
            "starts with", ("text", "text"), always(BOOLEAN), "case counts", 'starts with("credit", "cred")'
        ),
    ),
    Builtin(
        "ends with",
        ("string", "match"),
        Operation("ends with", ("text", "text"), always(BOOLEAN), "case counts", 'ends with("credit", "it")'),
    ),
    Builtin(
        "like",
        ("string", "pattern"),
        Operation(
            "like",
            ("text", "text"),
            always(BOOLEAN),
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
            always(DATE),
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
            always(Number(7, 0)),
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
            total_of,
            "null where the list is empty or holds a null",
            "sum([1, 2.5]) = 3.5",
            partial=True,
        ),
    ),
    Builtin(
        "count",
        ("list",),
        Operation(
            "count", ("list",), always(Number(10, 0)), "items, nulls too", "count([]) = 0", strict=False
        ),
    ),
    Builtin(
        "min",
        ("list",),
        Operation(
            "min",
            ("list",),
            first_item,
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
            first_item,
            "null where the list is empty or holds a null",
            'max(["a", "b"]) = "b"',
            partial=True,
        ),
    ),
)

MEMBER = Operation(
    "member", ("any", "list"), always(BOOLEAN), "x in a list, by the meaning of =", strict=False
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
