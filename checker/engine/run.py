"""Running a rulebook over the data of one run: a query a rule, four counts, causes, and findings that stream out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checker.engine.compiler import TooManyDigits
from checker.engine.data import Data
from checker.engine.dialects.dialect import Dialect
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.outcomes import Cause, Counts, Finding, RuleOutcome, Value
from checker.engine.plan import FINDINGS, LEFT, MEMBERS, UNDECIDED, Plan, plan
from checker.engine.words import in_words, kinds_of, money_names
from checker.expressions.types import BOOLEAN, DATE, DAYS, MONTHS, Number, Type
from checker.expressions.values import Days, Months
from checker.rulebook.scope import CheckedRule, check_rule
from checker.tables import LoadedTable
from checker.tables.loaded import FILE, ROW
from checker.tables.schema import table_schemas

ALL_FINDINGS, ALL_MEMBERS = "#findings", "#finding lines"
"""All rules' findings (number, rule, line, amount, charged, …), and the lines of each by table."""

AMOUNT_SCALE = 10
"""Decimal places that an amount can have."""

Progress = Callable[[str, int, int], None]
"""Told before each rule: its name, how many rules are done, how many there are."""

_HEADER = (
    "customer_id",
    "customer_name",
    "invoice_number",
    "subscription_id",
    "product_id",
    "product_name",
    "sku_id",
)


@dataclass(frozen=True, slots=True)
class _Ran:
    checked: CheckedRule
    plan: Plan
    money: frozenset[str]


@dataclass(slots=True)
class Run:
    """A run that is over: its outcomes, and its findings as often as they are asked for."""

    data: Data
    outcomes: tuple[RuleOutcome, ...]
    _ran: Mapping[int, _Ran]

    @property
    def rules(self) -> Mapping[int, CheckedRule]:
        """The rules that gave findings, by the number that the engine's tables name them by."""
        return {number: ran.checked for number, ran in self._ran.items()}

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order of rules and lines; nothing is held but the one at hand."""
        for number, ran in self._ran.items():
            yield from _Stream(self.data, number, ran).findings()


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
    ran: dict[int, _Ran] = {}
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
    return Run(data, tuple(outcomes), ran)


def _judged(
    declared: CheckedRule, data: Data, dialect: Dialect, number: int, found: int
) -> tuple[Counts, tuple[Cause, ...], _Ran | None]:
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
        line = "coalesce(f.first, f.line)" if rule.grouped and definition.surplus is None else "f.line"
        run_sql(
            f"INSERT INTO {quote(ALL_FINDINGS)} SELECT {found} + row_number() OVER (ORDER BY f.line), {number}, f.line, "
            f"row_number() OVER (PARTITION BY f.key ORDER BY f.line), f.amount, c.charged, f.incident, f.key, f.shown "
            f"FROM {quote(FINDINGS)} f LEFT JOIN (SELECT m.finding, {charged} AS charged FROM {quote(MEMBERS)} m "
            f"JOIN {quote(table.name)} t ON t.rowid = m.line GROUP BY m.finding) c ON c.finding = {line}"
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
    return counts, causes, _Ran(rule, made, money)


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
    if reason.endswith(" was not supplied"):
        return f"a file of {first}"
    if " has no row for it" in reason:
        return f"{first} that cover these lines"
    if " has several rows for it" in reason:
        return f"{first} with one row for each of these lines"
    return f"the column {first}" if reason.endswith(" is empty") else None


@dataclass(slots=True)
class _Stream:
    """The findings of one rule, read back with the lines that they stand on."""

    data: Data
    number: int
    ran: _Ran

    def findings(self) -> Iterator[Finding]:
        rule, quote = self.ran.checked, DUCKDB.quote
        table = self.data.table(rule.definition.table)
        assert table is not None
        currency = table_schemas()[table.name].currency
        header = [self._as_read(table, name) for name in _HEADER]
        extra = [f"t.{quote(currency)}" if currency else "NULL"]
        extra.append(f"coalesce(t.{quote('estimate')}, FALSE)" if "estimate" in table.columns else "FALSE")
        cursor = self.data.connection.cursor()
        cursor.execute(
            f"SELECT f.number, f.nth, f.amount, f.charged, f.incident, f.key, f.shown, t.{quote(FILE)}, t.{quote(ROW)}, "
            f"{', '.join([*extra, *header])} FROM {quote(ALL_FINDINGS)} f JOIN {quote(table.name)} t ON t.rowid = f.line "
            f"WHERE f.rule = {self.number} ORDER BY f.number"
        )
        files = self.data.catalog.files
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield self._finding(row, files[row[7]].name, table.name)

    def _finding(self, row: Sequence[object], file: str, table: str) -> Finding:
        number, nth, amount, charged, incident, key, shown, _, source_row, currency, estimate, *header = row
        rule = self.ran.checked
        keys = _values(self.ran.plan.key, key)
        values = {**_values(self.ran.plan.shown, shown), **self._constants()}
        code = str(currency) if currency is not None else None
        own = dict(zip(_HEADER, header, strict=True))
        return Finding(
            number=_whole(number),
            rule=rule.definition.rule,
            fingerprint=_fingerprint(rule.definition.rule.id, keys, _whole(nth)),
            key={name.removeprefix("line."): value for name, value in keys.items()},
            values={name: value for name, value in values.items() if name not in ("",)},
            message=self._message(values, code),
            amount=_plain(amount),
            charged=_plain(charged),
            currency=code,
            incident=incident if isinstance(incident, date) else None,
            estimate=bool(estimate),
            source_file=file,
            source_row=_whole(source_row),
            table=table,
            **{name: None if value is None else str(value) for name, value in own.items()},
        )

    def _message(self, values: Mapping[str, Value], currency: str | None) -> str:
        rule = self.ran.checked
        parts = []
        for at, part in enumerate(rule.message):
            if at % 2 == 0:
                parts.append(part)
            else:
                money = part in self.ran.money or part.removeprefix("line.") in self.ran.money
                parts.append(in_words(values[part], currency if money else None))
        return "".join(parts)

    def _constants(self) -> dict[str, Value]:
        """What the rule's params and the contract gave it, where the message or a let names them."""
        rule = self.ran.checked
        found: dict[str, Value] = {}
        for name in (*rule.definition.params, *rule.message[1::2]):
            bound = rule.names.get(name)
            if bound is not None and bound.constant is not None and not isinstance(bound.constant, tuple):
                constant = bound.constant
                found[name] = constant if isinstance(constant, Decimal | str | bool | date) else str(constant)
        return found

    def _as_read(self, table: LoadedTable, name: str) -> str:
        """A column as its file spells it, where the canonical form differs."""
        if name not in table.columns:
            return "NULL"
        beside = table.columns[name].as_read
        own = f"t.{DUCKDB.quote(name)}"
        return f"coalesce(t.{DUCKDB.quote(beside)}, {own})" if beside else own


def _values(names: Sequence[tuple[str, Type]], texts: object) -> dict[str, Value]:
    assert isinstance(texts, list)
    return {name: _read(text, kind) for (name, kind), text in zip(names, texts, strict=False)}


def _read(text: str | None, kind: Type) -> Value:
    """A value that the engine gave as text."""
    if text is None:
        return None
    if isinstance(kind, Number):
        return _plain(Decimal(text))
    if kind == BOOLEAN:
        return text == "true"
    if kind == DATE:
        return date.fromisoformat(text)
    if kind == DAYS:
        return str(Days(int(text)))
    if kind == MONTHS:
        return str(Months(int(text)))
    return text


def _plain(value: object) -> Decimal | None:
    """A decimal without idle zeros beyond the cent."""
    if not isinstance(value, Decimal):
        return None
    places = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    return value.quantize(Decimal(1).scaleb(-max(2, places))) if value.as_tuple().exponent != 0 else value


def _fingerprint(rule: str, key: Mapping[str, Value], nth: int) -> str:
    """A finding's name for ever: the rule's id and its key, and which of several with that key it is."""
    parts = [rule, *("" if value is None else in_words(value, None) for value in key.values())]
    if nth > 1:
        parts.append(f"#{nth}")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def _count(data: Data, table: str) -> int:
    return int(_one(data, f"SELECT count(*) FROM {table}"))


def _one(data: Data, sql: str) -> int:
    row = data.connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
