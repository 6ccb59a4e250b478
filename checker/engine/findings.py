"""Findings read back from the engine, one at a time, each with the line that it stands on and the reason in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checker.engine.data import Data
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.outcomes import Finding, Value
from checker.engine.plan import Plan
from checker.engine.words import in_words
from checker.expressions.types import BOOLEAN, DATE, DAYS, MONTHS, Number, Type
from checker.expressions.values import Days, Months
from checker.rulebook.checked import CheckedRule
from checker.tables import LoadedTable
from checker.tables.loaded import FILE, ROW
from checker.tables.schema import table_schemas

ALL_FINDINGS, ALL_MEMBERS = "#findings", "#finding lines"
"""All rules' findings (number, rule, line, amount, charged, …), and the lines of each by table."""

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
class Ran:
    """A rule that has run: its plan, and which of its names hold money."""

    checked: CheckedRule
    plan: Plan
    money: frozenset[str]


def stream(data: Data, number: int, ran: Ran) -> Iterator[Finding]:
    """The findings of one rule in the order of their lines; nothing is held but a few thousand at a time."""
    yield from _Stream(data, number, ran).findings()


@dataclass(slots=True)
class _Stream:
    data: Data
    number: int
    ran: Ran

    def findings(self) -> Iterator[Finding]:
        rule, quote = self.ran.checked, DUCKDB.quote
        table = self.data.table(rule.definition.table)
        assert table is not None
        currency = table_schemas()[table.name].currency
        header = [self._as_read(table, name) for name in _HEADER]
        dates = [name for name, column in table.columns.items() if column.type == DATE]
        days = [f"t.{quote(name)}" for name in dates]
        extra = [f"t.{quote(currency)}" if currency else "NULL"]
        extra.append(f"coalesce(t.{quote('estimate')}, FALSE)" if "estimate" in table.columns else "FALSE")
        cursor = self.data.connection.cursor()
        cursor.execute(
            f"SELECT f.number, f.nth, f.amount, f.charged, f.incident, f.key, f.shown, t.{quote(FILE)}, "
            f"t.{quote(ROW)}, {', '.join([*extra, *header, *days])} FROM {quote(ALL_FINDINGS)} f "
            f"JOIN {quote(table.name)} t ON t.rowid = f.line WHERE f.rule = {self.number} ORDER BY f.number"
        )
        files = self.data.catalog.files
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield self._finding(row, files[row[7]].name, table.name, dates)

    def _finding(self, row: Sequence[object], file: str, table: str, dates: Sequence[str]) -> Finding:
        number, nth, amount, charged, incident, key, shown, _, source_row, currency, estimate, *rest = row
        header, days = rest[: len(_HEADER)], rest[len(_HEADER) :]
        rule = self.ran.checked
        keys = _values(self.ran.plan.key, key)
        values = {**self._shortened(_values(self.ran.plan.shown, shown)), **self._constants()}
        code = str(currency) if currency is not None else None
        own = dict(zip(_HEADER, header, strict=True))
        return Finding(
            number=_whole(number),
            rule=rule.definition.rule,
            fingerprint=_fingerprint(rule.definition.rule.id, keys, _whole(nth)),
            key={name.removeprefix("line."): value for name, value in keys.items()},
            values=values,
            message=self._message(values, code),
            amount=_plain(amount),
            charged=_plain(charged),
            currency=code,
            incident=incident if isinstance(incident, date) else None,
            estimate=bool(estimate),
            source_file=file,
            source_row=_whole(source_row),
            table=table,
            dates={name: day for name, day in zip(dates, days, strict=True) if isinstance(day, date)},
            **{name: None if value is None else str(value) for name, value in own.items()},
        )

    def _shortened(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Counts and rates without idle zeros; money keeps its cents."""
        return {
            name: _whole_or(value) if isinstance(value, Decimal) and name not in self.ran.money else value
            for name, value in values.items()
        }

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


def _whole_or(value: Decimal) -> Decimal:
    """21.00 as 21, 2.50 as 2.5."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def _fingerprint(rule: str, key: Mapping[str, Value], nth: int) -> str:
    """A finding's name for ever: the rule's id and its key, and which of several with that key it is."""
    parts = [rule, *("" if value is None else in_words(value, None) for value in key.values())]
    if nth > 1:
        parts.append(f"#{nth}")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
