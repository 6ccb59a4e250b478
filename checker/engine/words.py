"""Values as a message shows them: money with its currency, dates as ISO, numbers without idle zeros."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from checker.engine.outcomes import Value
from checker.expressions import Typed
from checker.expressions.typed import Apply, Choose, Read, Round
from checker.expressions.types import ListOf
from checker.rulebook.checked import CheckedRule, Let, TypedLookup
from checker.tables.kinds import KINDS
from checker.tables.schema import table_schemas

MONEY = ("money", "unit_price")


def money_names(rule: CheckedRule, kinds: dict[str, str]) -> frozenset[str]:
    """The names of a rule that hold money: columns of such a kind, and lets that add, round or multiply them.

    `kinds` gives the kind of each column by the name that the rule reads.
    """
    found = {name for name, kind in kinds.items() if kind in MONEY}
    for step in (*rule.line_lets, *rule.steps):
        if isinstance(step, Let):
            found |= {step.name} if _is_money(step.value, found) else set()
        elif isinstance(step, TypedLookup):
            schema = table_schemas().get(step.lookup.source)
            own = {name: column.kind.name for name, column in schema.columns.items()} if schema else {}
            for name, taken in step.take.items():
                inner = {column for column, kind in own.items() if kind in MONEY}
                found |= {f"{step.lookup.name}.{name}"} if _is_money(taken, inner) else set()
    return frozenset(found)


def _is_money(node: Typed, money: set[str]) -> bool:
    match node:
        case Read(type=ListOf()):
            # A part of a group holds the columns and lets of its lines: charges.subtotal.
            return node.name in money or node.name.partition(".")[2] in money
        case Read():
            return node.name in money
        case Choose():
            return _is_money(node.then, money) or _is_money(node.otherwise, money)
        case Round():
            return _is_money(node.value, money) and (node.over is None or not _is_money(node.over, money))
        case Apply(key="number * number"):
            return sum(_is_money(operand, money) for operand in node.operands) == 1
        case Apply(key="number / number"):
            return _is_money(node.operands[0], money) and not _is_money(node.operands[1], money)
        case Apply(key="number + number" | "number - number" | "abs" | "- number" | "sum" | "min" | "max"):
            return any(_is_money(operand, money) for operand in node.operands)
    return False


def in_words(value: Value, currency: str | None) -> str:
    """A value for people; `currency` where it is money.

    >>> in_words(Decimal("1234.500"), "USD"), in_words(Decimal("20.000000"), None), in_words(None, None)
    ('1,234.50 USD', '20', '(empty)')
    """
    match value:
        case None:
            return "(empty)"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            plain = value.normalize() if value else Decimal(0)
            places = max(0, -int(plain.as_tuple().exponent))
            places = max(2, places) if currency else places
            return f"{value:,.{places}f}{' ' + currency if currency else ''}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def kinds_of(rule: CheckedRule) -> dict[str, str]:
    """The kind of every column that a rule can read, by the name that it gives it."""
    kinds: dict[str, str] = {}
    schema = table_schemas().get(rule.definition.table)
    if schema is not None:
        for name, column in schema.columns.items():
            kinds[name] = kinds[f"line.{name}"] = column.kind.name
            for function in ("sum", "min", "max"):
                for part in ("lines", *rule.parts):
                    kinds[f"{function}({part}.{name})"] = column.kind.name
    for step in rule.steps:
        if isinstance(step, TypedLookup) and not step.take:
            other = table_schemas().get(step.lookup.source)
            columns = other.columns.items() if other is not None else ()
            kinds |= {f"{step.lookup.name}.{name}": column.kind.name for name, column in columns}
            if step.lookup.source.startswith("contract."):
                kinds[f"{step.lookup.name}.unit_price"] = "unit_price"
    assert set(kinds.values()) <= set(KINDS)
    return kinds
