"""Running a rulebook over the data of one run: a query a rule, four counts, causes, and findings that stream out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.engine.compiler import TooManyDigits
from checker.engine.data import Data
from checker.engine.dialects.dialect import Dialect
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.findings import ALL_FINDINGS, ALL_MEMBERS, Ran, stream
from checker.engine.outcomes import Cause, Counts, Finding, RuleOutcome
from checker.engine.plan import FINDINGS, LEFT, MEMBERS, UNDECIDED, plan
from checker.engine.words import kinds_of, money_names
from checker.expressions.types import Number
from checker.rulebook.checked import CheckedRule
from checker.rulebook.scope import AMOUNT_SCALE, check_rule
from checker.tables import LoadedTable
from checker.tables.schema import table_schemas

Progress = Callable[[str, int, int], None]
"""Told before each rule: its name, how many rules are done, how many there are."""


@dataclass(slots=True)
class Run:
    """A run that is over: its outcomes, and its findings as often as they are asked for."""

    data: Data
    outcomes: tuple[RuleOutcome, ...]
    tables: tuple[str, ...]
    """The table that each rule judges, rule by rule."""
    _ran: Mapping[int, Ran]

    @property
    def rules(self) -> Mapping[int, CheckedRule]:
        """The rules that gave findings, by the number that the engine's tables name them by."""
        return {number: ran.checked for number, ran in self._ran.items()}

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order of rules and lines; nothing is held but the one at hand."""
        for number, ran in self._ran.items():
            yield from stream(self.data, number, ran)


def run(
    rules: Sequence[CheckedRule], data: Data, progress: Progress | None = None, dialect: Dialect = DUCKDB
) -> Run:
    """Judge the data by each rule. The engine's access to files is expected to be shut."""
    quote = dialect.quote
    money = dialect.types(Number(38, AMOUNT_SCALE))
    data.connection.execute(
        f"CREATE OR REPLACE TABLE {quote(ALL_FINDINGS)} (number BIGINT, rule INTEGER, line BIGINT, nth BIGINT, "
        f"amount {money}, charged {money}, incident DATE, key VARCHAR[], shown VARCHAR[])"
    )
    data.connection.execute(
        f"CREATE OR REPLACE TABLE {quote(ALL_MEMBERS)} (number BIGINT, source VARCHAR, line BIGINT)"
    )
    outcomes: list[RuleOutcome] = []
    ran: dict[int, Ran] = {}
    found = 0
    for number, rule in enumerate(rules):
        if progress is not None:
            progress(rule.definition.rule.name, number, len(rules))
        started = time.perf_counter()
        counts, causes, done = _judged(rule, data, dialect, number, found)
        found += counts.findings
        seconds = time.perf_counter() - started
        outcomes.append(RuleOutcome(rule.definition.rule, counts, causes, seconds))
        if done is not None and counts.findings:
            ran[number] = done
    if progress is not None:
        progress("", len(rules), len(rules))
    return Run(data, tuple(outcomes), tuple(rule.definition.table for rule in rules), ran)


def _judged(
    declared: CheckedRule, data: Data, dialect: Dialect, number: int, found: int
) -> tuple[Counts, tuple[Cause, ...], Ran | None]:
    """One rule: its counts, its causes, and what is needed to read its findings back."""
    definition = declared.definition
    table = data.table(definition.table)
    assert table is not None
    quote, run_sql = dialect.quote, data.connection.execute
    if table.rows == 0:
        return Counts(), (), None
    rule, problems = check_rule(definition, data)
    reason = problems[0].what if problems else ""
    if rule is not None:
        try:
            made = plan(rule, data, dialect)
        except TooManyDigits as refusal:
            rule, reason = None, str(refusal)
    if rule is None:
        return Counts(undecided=table.rows), (Cause(reason, table.rows),), None
    for statement in made.statements:
        run_sql(statement)
    schema = table_schemas()[definition.table]
    findings, undecided = (_count(data, quote(name)) for name in (FINDINGS, UNDECIDED))
    left = int(_one(data, f"SELECT lines FROM {quote(LEFT)}"))
    if findings:
        charged = _charged(table, schema.amount, dialect)
        run_sql(
            f"INSERT INTO {quote(ALL_FINDINGS)} SELECT {found} + row_number() OVER (ORDER BY f.line), {number}, "
            "f.line, row_number() OVER (PARTITION BY f.key ORDER BY f.line), f.amount, c.charged, f.incident, f.key, "
            "f.shown "
            f"FROM {quote(FINDINGS)} f LEFT JOIN (SELECT m.finding, {charged} AS charged FROM {quote(MEMBERS)} m "
            f"JOIN {quote(table.name)} t ON t.rowid = m.line GROUP BY m.finding) c ON c.finding = f.line"
        )
        run_sql(
            f"INSERT INTO {quote(ALL_MEMBERS)} SELECT f.number, {dialect.text(table.name)}, m.line "
            f"FROM {quote(MEMBERS)} m JOIN {quote(ALL_FINDINGS)} f ON f.line = m.finding WHERE f.rule = {number}"
        )
    causes = tuple(_causes(data, table, schema.amount, schema.currency, dialect)) if undecided else ()
    for name in (FINDINGS, UNDECIDED, MEMBERS, LEFT, *made.drops):
        run_sql(f"DROP TABLE IF EXISTS {quote(name)}")
    counts = Counts(table.rows - findings - undecided - left, findings, undecided, left)
    money = money_names(rule, kinds_of(rule))
    return counts, causes, Ran(rule, made, money)


def _charged(table: LoadedTable, amount: str | None, dialect: Dialect) -> str:
    """What some lines charged in all: with their tax where the table has totals."""
    columns = [name for name in ("total", amount) if name and name in table.columns]
    columns = [name for name in columns if isinstance(table.columns[name].type, Number)]
    if not columns:
        return "NULL"
    money = dialect.types(Number(38, AMOUNT_SCALE))
    each = ", ".join(f"CAST(t.{dialect.quote(name)} AS {money})" for name in columns)
    return f"CAST(sum(coalesce({each})) AS {money})"


def _causes(
    data: Data, table: LoadedTable, amount: str | None, currency: str | None, dialect: Dialect
) -> Iterator[Cause]:
    """Why lines are undecided: one cause with its lines, and the money on them by currency."""
    quote = dialect.quote
    money = f"sum(t.{quote(amount)})" if amount and amount in table.columns else "NULL"
    code = f"t.{quote(currency)}" if currency and currency in table.columns else "NULL"
    rows = data.connection.execute(
        f"SELECT coalesce(u.cause, 'a value is missing'), {code}, count(*), {money} FROM {quote(UNDECIDED)} u "
        f"JOIN {quote(table.name)} t ON t.rowid = u.line GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    by_reason: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for reason, unit, lines, total in rows:
        known, sums = by_reason.get(reason, (0, {}))
        if unit is not None and total is not None:
            sums = {**sums, unit: total}
        by_reason[reason] = known + lines, sums
    for reason, (lines, sums) in sorted(by_reason.items(), key=lambda item: (-item[1][0], item[0])):
        yield Cause(reason, lines, sums, _supply(reason))


def _supply(reason: str) -> str | None:
    """What would settle a cause, in words."""
    first = reason.split(" ", 1)[0]
    if " values of " in reason and reason.endswith(" are empty"):
        # A column of a group's lines: "2 of 2 values of charges.subscription_end_date are empty".
        return f"the column {reason.split()[-3].rpartition('.')[2]}"
    if reason.endswith(" was not supplied"):
        return f"a file of {first}"
    if " has no row for it" in reason:
        return f"{first} that cover these lines"
    if " has several rows for it" in reason:
        return f"{first} with one row for each of these lines"
    return f"the column {first}" if reason.endswith(" is empty") else None


def _count(data: Data, table: str) -> int:
    return int(_one(data, f"SELECT count(*) FROM {table}"))


def _one(data: Data, sql: str) -> int:
    row = data.connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
