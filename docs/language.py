"""The generated parts of `language.md`: from the tables that the language dispatches on, values evaluated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from checker.expressions import check, evaluate, grammar, operations, parse, tokens
from checker.expressions.rounding import MODES, Mode, rounded
from checker.expressions.types import BOOLEAN, MOST_DIGITS, QUOTIENT_SCALE, ListOf, Number, Type
from checker.expressions.values import Missing
from checker.problems import Problem, Where
from checker.tables.kinds import KINDS
from docs.markdown import code, table

CONFORMANCE = Path(__file__).with_name("conformance.json")
"""How many cases of the public test kit pass on each evaluator: written by `python -m tests.conformance`."""

_WRITTEN = (
    ("12.50", "exact, to the last digit"),
    ('"cycleCharge"', 'case counts; `\\"`, `\\\\`, `\\n` and `\\u20ac` stand for what cannot be typed'),
    ("true", "or `false`"),
    ('@"2026-05-20"', 'or `date("2026-05-20")`; no clock times'),
    ('@"P10D"', 'or `duration("P10D")`: whole days'),
    ('@"P1M"', 'or `duration("P1Y6M")`: whole months; 31 January and one month is the last of February'),
    ('["a", "b"]', "values of one kind; a column of a group's lines is a list too"),
    ("null", "the cell is empty, or a lookup found no row"),
)

_EMPTY: Mapping[str, Type] = {"x": Number(9, 2), "t": KINDS["text"].type, "flag": BOOLEAN}
"""Names whose cells are empty wherever an example reads them."""

_NULLS = (
    "x + 1",
    "x > 0",
    "x = null",
    "x = 1",
    "x != 1",
    "x in (1, 2)",
    "1 in (2, x)",
    "1 in (1, x)",
    "x between 1 and 2",
    "if x > 0 then 1 else 2",
    "not(flag)",
    "sum([1, x])",
    "count([1, x])",
    "max(1, x)",
    "sum([])",
    "count([])",
    "1 / 0",
)

_FEEL = (
    # expression, what FEEL gives
    ("x = 1", "false"),
    ("if x > 0 then 1 else 2", "2: null counts as false"),
    ("x in (1, 2)", "false"),
    ("1 / 3", "34 digits"),
    ("12345678901234567890 * 12345678901234567890", "34 digits, the rest rounded away"),
    ("quantty > 5", "null"),
    ('"5" > 4', "null"),
    ("x < null", "null"),
    ('@"2026-02-30"', "null"),
    ("1 = true", "null"),
)

_WAYS: Mapping[Mode, str] = {
    "half even": "to the nearest; a tie to the even digit",
    "up": "away from zero",
    "down": "towards zero: what is behind is cut off",
    "half up": "to the nearest; a tie away from zero",
    "half down": "to the nearest; a tie towards zero",
    "floor": "to the lower number",
    "ceiling": "to the higher number",
}
_TIES = tuple(map(Decimal, ("1.5", "2.5", "2.51", "-1.5", "-2.5", "-2.51")))

_COLUMNS: Mapping[str, Type] = {
    "subtotal": KINDS["money"].type,
    "unit_price": KINDS["unit_price"].type,
    "quantity": KINDS["quantity"].type,
    "rate": KINDS["rate"].type,
    "lines.subtotal": ListOf(KINDS["money"].type, True),
}
_DIGITS = (
    "subtotal",
    "unit_price",
    "quantity",
    "0.05",
    "subtotal + 1",
    "unit_price * quantity",
    "unit_price * quantity * rate",
    "subtotal / quantity",
    "round down(subtotal / quantity, 7)",
    "round half up(unit_price * quantity, 2)",
    "sum(lines.subtotal)",
)


def types() -> str:
    """The kinds of values and how they are written."""
    rows = [(str(_kind(text, {})).removesuffix(" of text"), code(text), about) for text, about in _WRITTEN]
    return table(("Kind", "Written", ""), rows)


def operators() -> str:
    """The operators by how tightly they bind."""
    rows = []
    for power in sorted(set(grammar.POWERS.values()), reverse=True):
        for name in (name for name, each in grammar.POWERS.items() if each == power):
            found = [(code(op.key), op.about, op.example) for op in operations.OPERATORS.get(name, ())]
            rows += [(str(power), *entry) for entry in found or [_OWN[name]]]
    return table(
        ("Binds", "Operator", "Gives", "Example"),
        ((power, operator, about, _example(example)) for power, operator, about, example in rows),
    )


_COMPARED = "for numbers, texts, dates and durations; texts by their characters"
_OWN = {
    ".": (
        " ".join(code(f".{name}") for name in operations.PARTS),
        "parts of a date: " + ", ".join(f"{name} ({op.about})" for name, op in operations.PARTS.items()),
        '@"2026-05-20".weekday = 3',
    ),
    "**": (
        "`number ** number`",
        "a power; the exponent is a small whole number, written out",
        "1.1 ** 2 = 1.21",
    ),
    "=": (
        "`=`",
        "two values of one kind; with a null it is null, but with `null` written out it asks",
        "1.10 = 1.1",
    ),
    "!=": ("`!=`", "the opposite of `=`", '"a" != "A"'),
    "<": ("`<`", _COMPARED, '@"2026-01-31" < @"2026-02-01"'),
    "<=": ("`<=`", "", '@"P30D" <= @"P30D"'),
    ">": ("`>`", "also over a quotient it is exact", "1 / 3 > 0.3333333333333333"),
    ">=": ("`>=`", "", '"b" >= "a"'),
    "between": ("`x between a and b`", "both ends included", "2 between 1 and 2"),
    "in": (
        "`x in …`",
        "one of several, a list, a range with `[` `]` for ends included and `(` `)` for ends left out, a comparison",
        "5 in (1, [3..5), > 4)",
    ),
}


def builtins() -> str:
    """The built-ins."""
    rows = [
        (
            code(f"{each.name}({', '.join(each.parameters)})"),
            each.operation.about,
            _example(each.operation.example),
        )
        for each in operations.BUILTINS
    ]
    return table(("Built-in", "Gives", "Example"), rows)


def roundings() -> str:
    """The built-ins that round, and where ties go, below zero too."""
    names = {mode: name for name, mode in operations.ROUNDINGS.items()}
    rows = [
        (
            code(f"{names[mode]}(n, places)"),
            _WAYS[mode],
            *(f"{rounded(tie, Decimal(1), 0, mode):f}" for tie in _TIES),
        )
        for mode in sorted(MODES, key=list(operations.ROUNDINGS.values()).index)
    ]
    return table(("Built-in", "Rounds", *(f"{tie:f}" for tie in _TIES)), rows)


def nulls() -> str:
    """What a null makes of the operations around it; three truth values."""
    values = ("true", "false", "flag")
    shown = {"flag": "null"}
    truth = [
        (shown.get(a, a), shown.get(b, b), _result(f"{a} and {b}"), _result(f"{a} or {b}"))
        for at, a in enumerate(values)
        for b in values[at:]
    ]
    rows = [(code(text), _result(text)) for text in _NULLS]
    first = table(("a", "b", "`a and b`", "`a or b`"), truth)
    return f"{first}\n\nWith `x` and `flag` empty:\n\n{table(('Expression', 'Value'), rows)}"


def digits() -> str:
    """How many digits an expression can have, as the checker infers them."""
    rows = []
    for text in _DIGITS:
        kind = _kind(text, _COLUMNS)
        fits = (str(kind.whole), str(kind.scale)) if isinstance(kind, Number) else (str(kind), "")
        rows.append((code(text), *fits))
    return table(("Expression", "Digits before the point", "Digits behind it"), rows)


def number_model() -> str:
    """The bounds of numbers."""
    return (
        f"A number has at most {MOST_DIGITS} digits. A quotient that nothing rounds has {QUOTIENT_SCALE} decimal "
        "places, half-even."
    )


def differences() -> str:
    """Where FEEL gives something else."""
    rows = [(code(text), theirs, _result(text)) for text, theirs in _FEEL]
    return f"With `x` empty:\n\n{table(('Expression', 'FEEL', 'Here'), rows)}"


def conformance() -> str:
    """How much of the public test kit passes."""
    counted = json.loads(CONFORMANCE.read_text(encoding="utf-8"))
    rows = [
        (evaluator, *(f"{passed} of {of}" for passed, of in (parts["core"], parts["subset"])))
        for evaluator, parts in counted.items()
    ]
    return table(("Evaluator", "Core: what this subset keeps", "All cases of scalars, dates and lists"), rows)


def left_out() -> str:
    """What FEEL has and this subset leaves out, with what is said of it."""
    both = {**tokens.LEFT_OUT, **{f"{name}(…)": hint for name, hint in grammar._LEFT_OUT_FUNCTIONS.items()}}
    return table(("Left out", "What checker says"), ((code(word), hint) for word, hint in both.items()))


def excel() -> str:
    """What a spreadsheet's user types, with what is said of it."""
    both = {**tokens.EXCEL, **{f"{name}(…)": hint for name, hint in grammar._EXCEL_FUNCTIONS.items()}}
    return table(("Typed", "What checker says"), ((code(word), hint) for word, hint in both.items()))


def bounds() -> str:
    """The bounds of an expression."""
    return (
        f"At most {grammar.LONGEST_TEXT:,} characters, {grammar.DEEPEST} levels, {grammar.MOST_OPERATORS} operators, "
        f"lists of {grammar.LONGEST_LIST} items; a number has at most {MOST_DIGITS} digits."
    )


def shown() -> Sequence[operations.Operation]:
    """Every operation on the page."""
    overloads = [op for each in operations.OPERATORS.values() for op in each]
    return [*overloads, *(each.operation for each in operations.BUILTINS)]


def examples() -> Sequence[str]:
    """Every example on the page; each is true."""
    found = [operation.example for operation in shown()]
    return [text for text in (*found, *(example for _, _, example in _OWN.values())) if text]


PARTS: Mapping[str, Callable[[], str]] = {
    "types": types,
    "operators": operators,
    "builtins": builtins,
    "roundings": roundings,
    "nulls": nulls,
    "number-model": number_model,
    "digits": digits,
    "differences": differences,
    "conformance": conformance,
    "left-out": left_out,
    "excel": excel,
    "bounds": bounds,
}


def _example(text: str) -> str:
    return code(text)


def _where(offset: int, width: int) -> Where:
    return Where("expression", 1, offset + 1, None, width)


def _kind(text: str, names: Mapping[str, Type]) -> Type | str:
    """The type of an expression, or what the checker says of it."""
    node, problems = parse(text, _where)
    typed, problems = check(node, names, _where) if node is not None else (None, problems)
    return f"refused: {_said(problems)}" if typed is None else typed.type


def _result(text: str) -> str:
    """The value of an expression whose names are empty, or what the checker says of it."""
    node, problems = parse(text, _where)
    typed, problems = check(node, _EMPTY, _where) if node is not None else (None, problems)
    if typed is None:
        return f"refused: {_said(problems)}"
    value = evaluate(typed, dict.fromkeys(_EMPTY))
    match value:
        case Missing():
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    return str(value)


def _said(problems: Sequence[Problem]) -> str:
    first = problems[0]
    return f"{first.what} ({first.hint})" if first.hint else first.what
