"""A line's explanation: it ends as the engine ends, and every part of every expression has its value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings

from checker import resources
from checker.audits import Books, load_books
from checker.documents import contract as contracts
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.explaining import explain
from checker.engine.lines import line_of
from checker.engine.run import run
from checker.engine.steps import Found, Step
from checker.engine.tracing import Part, trace
from checker.expressions import check, evaluate, parse
from checker.expressions.values import Missing
from checker.problems import Where
from checker.rulebook.rulebook import rule_files
from checker.tables import read
from tests.engine.drawing import COLUMNS, EXPRESSIONS, ROWS

RULES = [path.stem for path, _ in rule_files([resources.folder("rules")])]
ESTATE = resources.folder("examples") / "estate"


@cache
def _books() -> Books:
    books, _ = load_books()
    assert books is not None
    return books


@cache
def _data() -> Data:
    catalog = read([ESTATE], None, duckdb.connect(config={"threads": 1}))
    contract, _ = contracts.load(ESTATE / "contract.yaml")
    book = _books().rulebook
    data = Data(catalog, contract, book.lists, book.policies, date(2026, 5, 20))
    fill(data, DUCKDB)
    return data


@pytest.mark.parametrize("name", RULES)
def test_a_line_of_each_outcome_is_explained_as_the_engine_decides(name: str) -> None:
    rule, data = _books().rulebook.rule(name), _data()
    assert rule is not None
    findings = list(run([rule], data).findings())
    chosen = [findings[0], findings[-1]] if findings else []
    lines = [line for line, _ in (line_of(one.fingerprint, rule, data) for one in chosen)]
    for line in [*lines, 3, 700, 1400]:
        assert line is not None
        made = explain(rule, data, line)
        assert made.agrees, (made.answer, made.engine)
        assert (made.finding is not None) == (made.answer.outcome == "finding")
        if made.answer.outcome in ("pass", "finding"):
            must = next((step for step in made.steps if isinstance(step, Step) and step.role == "must"), None)
            decided = any(isinstance(step, Found) and step.decides for step in made.steps)
            assert must is not None or decided


def test_only_the_rows_of_the_line_are_fetched() -> None:
    rule, data = _books().rulebook.rule("price-in-force"), _data()
    assert rule is not None
    listed = next(s for s in explain(rule, data, 15).steps if isinstance(s, Found) and s.name == "listed")
    assert len(listed.rows) == 1
    place, values = listed.rows[0]
    assert place.file.endswith("price-list.csv")
    assert values["unit_price"] == Decimal("256.00")


@given(EXPRESSIONS, ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_part_has_the_value_that_it_has_alone(text: str, rows: list[dict[str, object]]) -> None:
    node, _ = parse(text, _where)
    assert node is not None
    typed, _ = check(node, COLUMNS, _where)
    assume(typed is not None)
    assert typed is not None
    for row in rows[:1]:
        for part in _parts(trace(node, typed, row)):  # type: ignore[arg-type]
            alone, _ = parse(part.text, _where)
            assert alone is not None
            retyped, _ = check(alone, COLUMNS, _where)
            # A null that is written into a list is asked for by itself, so that list is the shorter by it.
            if retyped is not None and part.asked and not isinstance(part.value, tuple):
                expected = evaluate(retyped, row)  # type: ignore[arg-type]
                assert _same(part.value, expected), (text, part.text)


def _same(value: object, expected: object) -> bool:
    return isinstance(value, Missing) == isinstance(expected, Missing) and (
        isinstance(value, Missing) or value == expected
    )


def _parts(part: Part) -> Iterator[Part]:
    yield part
    for one in part.parts:
        yield from _parts(one)


def _where(offset: int, width: int) -> Where:
    return Where("expression", 1, offset + 1, None, width)


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("nonsense", "is no line"),
        ("invoice-reconciliation-2026-02.csv:999999", "has no row 999999 that could be read"),
        ("price-list.csv:1", "price-list.csv holds price_list; the rule judges invoice_lines"),
        ("march.csv:1", "there is no file 'march.csv' among the data"),
        ("invoice_nmber=G1", "invoice_lines has no column 'invoice_nmber'"),
        ("invoice_number=G1", "no line of invoice_lines has these values"),
        ("charge_type=CYCLECHARGE", "lines have these values"),
        ("subtotal=ten", "'ten' is no number, and subtotal holds numbers"),
        ("0123456789abcdef", "price-in-force has no finding with this fingerprint here"),
    ],
)
def test_a_key_that_names_no_line(key: str, what: str) -> None:
    rule = _books().rulebook.rule("price-in-force")
    assert rule is not None
    line, problems = line_of(key, rule, _data())
    assert line is None
    assert what in problems[0].what


def test_values_name_a_line() -> None:
    rule, data = _books().rulebook.rule("price-in-force"), _data()
    assert rule is not None
    row = data.connection.execute(
        "SELECT rowid, upper(subscription_id), charge_start_date, subtotal FROM invoice_lines WHERE rowid = 15"
    ).fetchone()
    assert row is not None
    key = f"subscription_id={row[1]}, charge_start_date={row[2]}, subtotal={row[3]}"
    assert line_of(key, rule, data) == (15, [])
