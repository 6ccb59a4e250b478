"""The compiler and the interpreter give the same value, to the last digit, and refuse the same expressions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
from hypothesis import HealthCheck, assume, given, settings

from checker.engine.compiler import Compiler, Sql, TooManyDigits, literal
from checker.engine.dialects.duckdb import DUCKDB, quote
from checker.engine.pipeline import Pipeline
from checker.expressions import evaluate, typed
from checker.expressions.interpreter import KEYS
from checker.expressions.operations import OPERATIONS
from checker.expressions.values import Days, Missing, Months
from checker.problems import Where
from tests.engine.drawing import COLUMNS, EXPRESSIONS, ROWS

CONNECTION = duckdb.connect(config={"threads": 1})


def _where(offset: int, width: int) -> Where:
    return Where("expression", 1, offset + 1, None, width)


def _from_engine(text: str, rows: list[dict[str, object]]) -> list[tuple[object, str | None]] | None:
    tree, problems = typed(text, COLUMNS, _where)
    if tree is None:
        assert problems
        return None
    values = ", ".join(
        "(" + ", ".join([str(i), *(literal(row[n], kind, DUCKDB) for n, kind in COLUMNS.items())]) + ")"
        for i, row in enumerate(rows)
    )
    names = ", ".join(quote(name) for name in ["#line", *COLUMNS])
    pipeline = Pipeline(DUCKDB, f"(SELECT * FROM (VALUES {values}) AS t({names}))")
    compiler = Compiler(pipeline, lambda name: Sql(quote(name), COLUMNS[name], 0, True))
    whole = compiler.compile(tree)
    cause = compiler.cause(tree) or "NULL"
    pipeline.add("value", whole.text, pipeline.level)
    query = pipeline.query(f'"value", {cause}, typeof("value")', 'ORDER BY "#line"')
    return [(value, reason) for value, reason, _ in CONNECTION.execute(query).fetchall()]


def _plain(value: object) -> object:
    match value:
        case Missing():
            return None
        case Days() | Months():
            return value.count
        case _:
            return value


@given(EXPRESSIONS, ROWS)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
def test_both_evaluators_agree(text: str, rows: list[dict[str, object]]) -> None:
    try:
        found = _from_engine(text, rows)
    except TooManyDigits:
        found = None
    assume(found is not None)
    tree, _ = typed(text, COLUMNS, _where)
    assert tree is not None
    assert found is not None
    for row, (value, cause) in zip(rows, found, strict=True):
        expected = evaluate(tree, row)
        assert value == _plain(expected), (text, row)
        assert not isinstance(value, float)
        if isinstance(expected, Missing):
            assert cause == expected.reason, (text, row)


def test_every_operation_is_known_to_all() -> None:
    in_compiler = {
        "number + number",
        "number - number",
        "number * number",
        "number / number",
        "modulo",
        "member",
        "sum",
        "count",
    }
    assert frozenset(OPERATIONS) == KEYS
    assert frozenset(DUCKDB.operations) | in_compiler == frozenset(OPERATIONS)


def test_the_vendors_proration_example() -> None:
    """Understand your bill, how prorated charges are calculated: 66.66, 99.99 and 133.33."""
    rows = [
        {**dict.fromkeys(COLUMNS), "unit_price": Decimal(10), "quantity": Decimal(n), "days": Decimal(20)}
        for n in (10, 15)
    ]
    text = "round down(round down(unit_price / 30, 7) * quantity * days, 2)"
    assert _from_engine(text, rows) == [(Decimal("66.66"), None), (Decimal("99.99"), None)]
    tree, _ = typed(text, COLUMNS, _where)
    assert tree is not None
    refund, charge = (evaluate(tree, row) for row in rows)
    assert (refund, charge) == (Decimal("66.66"), Decimal("99.99"))
    assert isinstance(refund, Decimal)
    assert isinstance(charge, Decimal)
    assert 100 + charge - refund == Decimal("133.33")


def test_line_taxes_and_invoice_tax_differ_by_rounding() -> None:
    """Partner Center, tax on invoices only: 0.98 + 1.03 = 2.01 against 2.00."""
    rows = [{**dict.fromkeys(COLUMNS), "subtotal": Decimal(amount)} for amount in ("9.75", "10.25", "20.00")]
    text = "round half up(subtotal * 0.1, 2)"
    found = _from_engine(text, rows)
    assert found == [(Decimal("0.98"), None), (Decimal("1.03"), None), (Decimal("2.00"), None)]
    tree, _ = typed(text, COLUMNS, _where)
    assert tree is not None
    assert [evaluate(tree, row) for row in rows] == [Decimal("0.98"), Decimal("1.03"), Decimal("2.00")]


def test_a_claim_deadline() -> None:
    """Credit requests and refunds: an incident on 15 February is claimed by 31 March."""
    row = {**dict.fromkeys(COLUMNS), "start": date(2026, 2, 15)}
    assert _from_engine('end of month(start + duration("P1M"))', [row]) == [(date(2026, 3, 31), None)]
