"""A rule's own tests, run over the rows that they give: on the engine and by the interpreter, which must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import duckdb

from checker.documents import contract as documents
from checker.engine.data import Data
from checker.engine.derived import fill
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.outcomes import Counts, Finding
from checker.engine.reference import judge
from checker.engine.rows import rows_of
from checker.engine.run import run
from checker.rulebook.checked import CheckedRule
from checker.rulebook.definition import RuleTest
from checker.rulebook.rulebook import Rulebook
from checker.rulebook.scope import check_rule
from checker.tables import from_rows

_AS_OF = date(2026, 1, 31)
"""The run's date in a test that names none."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a test ended: `failure` says in words what was found instead; `known` is its `todo`."""

    rule: CheckedRule
    test: RuleTest
    failure: str | None

    @property
    def known(self) -> str | None:
        return self.test.todo


@dataclass(frozen=True, slots=True)
class _Got:
    counts: Counts
    amounts: tuple[Decimal | None, ...]
    rows: tuple[int, ...]
    messages: tuple[str, ...]
    causes: tuple[str, ...]


def run_tests(rules: Sequence[CheckedRule], book: Rulebook) -> Iterator[Result]:
    """Every test of some rules."""
    connection = duckdb.connect(config={"threads": 1})
    for rule in rules:
        for test in rule.definition.tests:
            yield Result(rule, test, _failure(test, _run(rule, test, book, connection)))


def _run(
    rule: CheckedRule, test: RuleTest, book: Rulebook, connection: duckdb.DuckDBPyConnection
) -> _Got | str:
    catalog = from_rows({name: list(rows) for name, rows in test.given.items()}, connection)
    rejected = [f"{reject.column} of {reject.file}: {reject.reason}" for reject in catalog.rejects()]
    if rejected:
        return f"a row cannot be read: {'; '.join(rejected)}"
    if rule.definition.table not in catalog.tables:
        return f"no rows of {rule.definition.table} are given"
    contract = documents.partial(test.contract)
    data = Data(catalog, contract, book.lists, book.policies, test.as_of or _AS_OF)
    fill(data, DUCKDB)
    done = run([rule], data)
    findings = list(done.findings())
    outcome = done.outcomes[0]
    differing = _disagreement(rule, data, outcome.counts, findings)
    if differing:
        return differing
    return _Got(
        outcome.counts,
        tuple(finding.amount for finding in findings),
        tuple(finding.source_row for finding in findings),
        tuple(finding.message for finding in findings),
        tuple(cause.reason for cause in outcome.causes),
    )


def _disagreement(rule: CheckedRule, data: Data, counts: Counts, findings: Sequence[Finding]) -> str | None:
    """Where the interpreter judges the same rows otherwise than the engine did."""
    checked, _ = check_rule(rule.definition, data)
    if checked is None:
        return None
    constants: dict[str, Any] = dict.fromkeys(data.constants())
    judged = judge(checked, partial(rows_of, data), constants)
    tally = Counter(one.outcome for one in judged)
    if counts != Counts(tally["pass"], tally["finding"], tally["undecided"], tally["out_of_scope"]):
        return f"the interpreter judges otherwise: {dict(tally)}, the engine {counts}"
    amounts = [one.amount for one in judged if one.outcome == "finding"]
    if amounts != [finding.amount for finding in findings]:
        return f"the interpreter finds other amounts: {amounts}"
    return None


def _failure(test: RuleTest, got: _Got | str) -> str | None:
    if isinstance(got, str):
        return got
    expect = test.expect
    if isinstance(expect, Mapping):
        return _wrong_findings(expect, got)
    counts = got.counts
    fits = {
        "finding": counts.findings > 0,
        "undecided": counts.undecided > 0 and not counts.findings,
        "pass": counts.passed > 0 and not counts.findings and not counts.undecided,
        "out_of_scope": counts.out_of_scope > 0
        and not (counts.findings or counts.undecided or counts.passed),
    }
    return None if fits[expect] else f"expected {expect}, got {_described(got)}"


def _wrong_findings(expect: Mapping[str, Any], got: _Got) -> str | None:
    wanted = expect["finding"] if isinstance(expect["finding"], list) else [expect["finding"]]
    amounts = [None if amount is None else Decimal(amount) for amount in wanted]
    if amounts != list(got.amounts):
        shown = ", ".join("no money" if amount is None else f"{amount:f}" for amount in amounts)
        return f"expected a finding of {shown}, got {_described(got)}"
    lines = expect.get("line")
    if lines is not None and (lines if isinstance(lines, list) else [lines]) != list(got.rows):
        return f"expected it on line {lines}, got line {', '.join(map(str, got.rows))}"
    message = expect.get("message")
    if message is not None and message not in got.messages:
        return f"expected the message {message!r}, got {got.messages[0]!r}"
    return None


def _described(got: _Got) -> str:
    counts = got.counts
    amounts = ", ".join("no money" if amount is None else f"{amount:f}" for amount in got.amounts)
    found = "1 finding" if len(got.amounts) == 1 else f"{len(got.amounts)} findings"
    parts = [f"{found} ({amounts})"] if got.amounts else []
    for name, number in (
        ("passed", counts.passed),
        ("undecided", counts.undecided),
        ("out of scope", counts.out_of_scope),
    ):
        parts += [f"{number} {name}"] if number else []
    causes = f" because {'; '.join(got.causes)}" if got.causes else ""
    return f"{', '.join(parts) or 'nothing'}{causes}"
