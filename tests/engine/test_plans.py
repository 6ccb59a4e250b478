"""Whole rules: the engine's plan and the interpreter judge the same rows alike, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import yamlfile
from checker.documents import contract
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.reference import judge
from checker.engine.rows import rows_of
from checker.engine.run import run
from checker.problems import draw
from checker.rulebook.checked import CheckedRule
from checker.rulebook.definition import Definition, define
from checker.rulebook.rulebook import Declared
from checker.rulebook.scope import check_rule
from checker.tables import from_rows
from checker.yamlfile import YamlFile

CONNECTION = duckdb.connect(config={"threads": 1})
IDS = st.sampled_from(["s1", "s2", "s3"])
PRODUCTS = st.sampled_from(["p1", "p2"])
DAYS = st.integers(1, 28).map(lambda day: date(2026, 2, day))
AMOUNTS = st.sampled_from(["-10.00", "0.00", "10.00", "20.00", "33.33"]).map(Decimal)
COUNTS = st.integers(0, 4)


def _rows(size: int, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(columns), max_size=size)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.none())


TABLES = st.fixed_dictionaries(
    {
        "invoice_lines": st.lists(
            st.fixed_dictionaries(
                {
                    "subscription_id": _maybe(IDS),
                    "product_id": _maybe(PRODUCTS),
                    "invoice_number": _maybe(st.sampled_from(["G1", "G2"])),
                    "charge_type": _maybe(st.sampled_from(["new", "renew", "addQuantity"])),
                    "charge_start_date": _maybe(DAYS),
                    "charge_end_date": _maybe(DAYS),
                    "quantity": _maybe(COUNTS),
                    "unit_price": _maybe(AMOUNTS),
                    "subtotal": AMOUNTS,
                    "currency": st.just("USD"),
                }
            ),
            min_size=1,
            max_size=8,
        ),
        "entitlements": _rows(
            4,
            subscription_id=IDS,
            product_id=_maybe(PRODUCTS),
            unit_price=_maybe(AMOUNTS),
            quantity=COUNTS,
            valid_from=_maybe(DAYS),
            valid_to=_maybe(DAYS),
        ),
        "deployments": _rows(
            4, customer_id=st.just("c1"), product_id=PRODUCTS, as_of=DAYS, assigned=_maybe(COUNTS)
        ),
        "usage_lines": _rows(
            4,
            subscription_id=IDS,
            product_id=PRODUCTS,
            billing_pre_tax_total=AMOUNTS,
            billing_currency=st.just("USD"),
            quantity=_maybe(COUNTS),
        ),
    }
)
PRICES = _rows(3, product_id=PRODUCTS, unit_price=AMOUNTS, **{"from": DAYS, "to": DAYS})


def _rules() -> list[Definition]:
    file, problems = yamlfile.read(Path(__file__).with_name("drawn_rules.yaml"))
    assert file is not None, draw(problems)
    assert isinstance(file.value, list)
    made = []
    for number, entry in enumerate(file.value):
        word = dict.fromkeys(("id", "name", "title", "requirement", "owner", "message"), f"rule-{number}")
        kind = {
            "posture": "correction",
            "status": "active",
            "severity": "low",
            "confidence": "certain",
            "revision": 1,
        }
        keyed = {} if isinstance(entry["each"], dict) else {"key": ["invoice_number"]}
        definition, found = define(_as_rule(file, {**word, **kind, **keyed, "tests": [], **entry}), "drawn")
        assert definition is not None, draw(found)
        made.append(definition)
    return made


def _as_rule(file: YamlFile, value: dict[str, Any]) -> YamlFile:
    rule, problems = yamlfile.parse("{}", file.name)
    assert rule is not None, problems
    object.__setattr__(rule, "value", value)
    return rule


RULES = _rules()


@pytest.mark.parametrize("definition", RULES, ids=[f"{n}" for n in range(len(RULES))])
@given(tables=TABLES, prices=PRICES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_engine_and_interpreter_judge_alike(
    definition: Definition, tables: dict[str, list[dict[str, Any]]], prices: list[dict[str, Any]]
) -> None:
    given_tables = {name: rows for name, rows in tables.items() if rows}
    catalog = from_rows(given_tables, CONNECTION)
    assert not list(catalog.rejects())
    data = Data(catalog, contract.partial({"prices": prices}), {}, {}, date(2026, 3, 1))
    fill(data, DUCKDB)
    declared, problems = check_rule(definition, Declared({}, {}))
    assert declared is not None, draw(problems)
    done = run([declared], data)
    rule, _ = check_rule(definition, data)
    assert isinstance(rule, CheckedRule)
    rows = partial(rows_of, data)
    constants: dict[str, Any] = dict.fromkeys(data.constants())
    judged = judge(rule, rows, constants)
    counts = done.outcomes[0].counts
    expected = {
        name: sum(one.outcome == name for one in judged)
        for name in ("pass", "finding", "undecided", "out_of_scope")
    }
    assert expected == {
        "pass": counts.passed,
        "finding": counts.findings,
        "undecided": counts.undecided,
        "out_of_scope": counts.out_of_scope,
    }
    assert sum(cause.lines for cause in done.outcomes[0].causes) == counts.undecided
    findings = [(finding.source_row, finding.amount) for finding in done.findings()]
    assert findings == [(one.line + 1, one.amount) for one in judged if one.outcome == "finding"]
    for one in judged:
        alone = next(each for each in judge(rule, rows, constants, one.line) if each.line == one.line)
        assert (alone.outcome, alone.amount, alone.cause) == (one.outcome, one.amount, one.cause)
