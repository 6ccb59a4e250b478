"""DuckDB 2: decimals of up to 18 digits are machine integers; `/` and `avg` are binary floating point, never used."""

from __future__ import annotations

from checker.engine.dialects.dialect import Dialect
from checker.expressions.types import BOOLEAN, DATE, DAYS, MONTHS, NULL, TEXT, ListOf, Number, Type
from checker.expressions.values import LONGEST_DAYS, LONGEST_MONTHS

_SIMPLE = {
    TEXT: "VARCHAR",
    BOOLEAN: "BOOLEAN",
    DATE: "DATE",
    DAYS: "BIGINT",
    MONTHS: "BIGINT",
    NULL: "INTEGER",
}


def _type(kind: Type) -> str:
    if isinstance(kind, Number):
        return f"DECIMAL({kind.digits},{kind.scale})"
    assert not isinstance(kind, ListOf), "a list has no column of its own"
    return _SIMPLE[kind]


def quote(name: str) -> str:
    """An identifier, always in quotes: names come from users' files."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def _like(subject: str, pattern: str) -> str:
    escaped = f"replace(replace(replace({pattern}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
    return f"({subject} LIKE replace({escaped}, '*', '%') ESCAPE '\\')"


def _months_later(day: str, months: str) -> str:
    return f"CAST({day} + to_months(CAST({months} AS INTEGER)) AS DATE)"


DUCKDB = Dialect(
    name="duckdb",
    types=_type,
    integer=lambda digits: "BIGINT" if digits <= 18 else "HUGEINT",
    narrow=18,
    quote=quote,
    text=text,
    date=lambda iso: f"DATE '{iso}'",
    divide=lambda top, below: f"({top} // {below})",
    remainder=lambda top, below: f"({top} % {below})",
    roundings={
        "down": lambda value, places: f"trunc({value}, {places})",
        "half up": lambda value, places: f"round({value}, {places})",
        "half even": lambda value, places: f"round_even({value}, {places})",
    },
    operations={
        "text + text": lambda left, right: f"({left} || {right})",
        "date + days": lambda day, days: f"({day} + CAST({days} AS INTEGER))",
        "date - days": lambda day, days: f"({day} - CAST({days} AS INTEGER))",
        "date + months": _months_later,
        "date - months": lambda day, months: _months_later(day, f"-{months}"),
        "date - date": lambda end, start: f"({end} - {start})",
        "days + days": lambda left, right: f"({left} + {right})",
        "days - days": lambda left, right: f"({left} - {right})",
        "months + months": lambda left, right: f"({left} + {right})",
        "months - months": lambda left, right: f"({left} - {right})",
        "- number": lambda number: f"(-{number})",
        "- days": lambda days: f"(-{days})",
        "- months": lambda months: f"(-{months})",
        "and": lambda left, right: f"({left} AND {right})",
        "or": lambda left, right: f"({left} OR {right})",
        "not": lambda value: f"(NOT {value})",
        "is null": lambda value: f"({value} IS NULL)",
        "year of date": lambda day: f"year({day})",
        "month of date": lambda day: f"month({day})",
        "day of date": lambda day: f"day({day})",
        "weekday of date": lambda day: f"isodow({day})",
        "abs": lambda number: f"abs({number})",
        "string length": lambda value: f"length({value})",
        "upper case": lambda value: f"upper({value})",
        "lower case": lambda value: f"lower({value})",
        "contains": lambda value, match: f"contains({value}, {match})",
        "starts with": lambda value, match: f"starts_with({value}, {match})",
        "ends with": lambda value, match: f"ends_with({value}, {match})",
        "like": _like,
        "end of month": lambda day: f"last_day({day})",
        "days between": lambda start, end: f"({end} - {start})",
        "min": lambda *items: f"least({', '.join(items)})",
        "max": lambda *items: f"greatest({', '.join(items)})",
    },
    aggregates={
        "sum": lambda column, kept: (
            f"CASE WHEN count({column}){kept} = count(*){kept} THEN sum({column}){kept} END"
        ),
        "count": lambda column, kept: f"count(*){kept}",
        "min": lambda column, kept: (
            f"CASE WHEN count({column}){kept} = count(*){kept} THEN min({column}){kept} END"
        ),
        "max": lambda column, kept: (
            f"CASE WHEN count({column}){kept} = count(*){kept} THEN max({column}){kept} END"
        ),
    },
    bounded={
        **dict.fromkeys(
            ("date + days", "date - days", "date + months", "date - months"),
            ("DATE '0001-01-01'", "DATE '9999-12-31'"),
        ),
        **dict.fromkeys(("days + days", "days - days"), (str(-LONGEST_DAYS), str(LONGEST_DAYS))),
        **dict.fromkeys(("months + months", "months - months"), (str(-LONGEST_MONTHS), str(LONGEST_MONTHS))),
    },
)
