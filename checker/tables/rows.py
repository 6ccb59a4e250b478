"""Rows written down as values, in a rule's test or in a document, become a typed table.

Few rows, so each cell is converted here, by the same patterns and to the same values as `conversion` does for the
columns of a file: what is refused there is refused here. The engine is asked twice, to make the table and fill it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from checker.expressions.types import Number, Type
from checker.tables import rejects
from checker.tables.conversion import physical
from checker.tables.dates import STYLES
from checker.tables.kinds import EXPONENT, KINDS, NUMBER, TRUTH, Kind, canonical
from checker.tables.loaded import AS_READ, FILE, ROW, LoadedColumn, LoadedTable
from checker.tables.quoting import identifier, literal
from checker.tables.schema import TableSchema

Cell = str | int | Decimal | bool | date | None
"""A value as a strict YAML loader gives it."""

_FIRST_DAY, _LAST_DAY = date(1, 12, 31), date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell has no value of its kind."""

    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A table of the engine made of rows, and the columns that the rows named."""

    table: LoadedTable
    columns: tuple[str, ...]


def text_of(value: Cell) -> str | None:
    """A value as the text of a cell; nothing for the empty text."""
    match value:
        case None | "":
            return None
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def converted(
    text: str, kind: Kind, words: tuple[str, ...] = ()
) -> str | Decimal | bool | date | Wrong | None:
    """The value of a cell that holds text; None where the text stands for nothing, as a date in the year 9999.

    >>> converted("5.6E-05", KINDS["unit_price"]), converted(" 1.10", KINDS["money"])
    (Decimal('0.000056'), Wrong(reason='not an amount of money'))
    """
    match kind.form:
        case "number":
            return _number(text, kind)
        case "date":
            return _date(text, kind)
        case "boolean":
            return TRUTH.get(text.lower(), Wrong(f"not {kind.wants}"))
        case _ if kind.pattern and not re.fullmatch(kind.pattern, text):
            return Wrong(f"not {kind.wants}")
        case _:
            return canonical(kind, text, words) or None


def _number(text: str, kind: Kind) -> Decimal | Wrong:
    if not re.fullmatch(f"{NUMBER}|{EXPONENT}", text):
        return Wrong(f"not {kind.wants}")
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    while exponent < 0 and digits[-1] == 0 and len(digits) > 1:
        digits, exponent = digits[:-1], exponent + 1
    if digits == (0,):
        return Decimal(0)
    if -exponent > kind.most_scale or len(digits) + exponent > kind.most_whole:
        return Wrong("not a whole number" if kind.most_scale == 0 else "more digits than can be kept exactly")
    return Decimal(format(Decimal((sign, digits, exponent)), "f"))


def _date(text: str, kind: Kind) -> date | Wrong | None:
    try:
        if not re.fullmatch(STYLES["iso"].pattern, text):
            raise ValueError(text)
        day = date.fromisoformat(text[:10])
    except ValueError:
        return Wrong(f"not {kind.wants}")
    return day if _FIRST_DAY <= day <= _LAST_DAY else None


def take(
    connection: duckdb.DuckDBPyConnection,
    schema: TableSchema,
    rows: Sequence[Mapping[str, Cell]],
    file: int,
) -> Taken:
    """Makes the table of these rows, and adds those that cannot be typed to the rejects."""
    given = tuple(dict.fromkeys(column for row in rows for column in row))
    kinds = {name: column.stored for name, column in schema.columns.items()}
    kinds |= {name: KINDS["text"] for name in given if name not in kinds}
    kept: list[tuple[int, dict[str, str | Decimal | bool | date | None]]] = []
    refused: list[tuple[int, int, str, str | None, str, str]] = []
    for number, row in enumerate(rows, start=1):
        texts = {name: text_of(row.get(name)) for name in given}
        values: dict[str, str | Decimal | bool | date | None] = {}
        faults: list[tuple[str, str]] = []
        for name, text in texts.items():
            known = schema.columns.get(name)
            value = None if text is None else converted(text, kinds[name], known.words if known else ())
            if isinstance(value, Wrong):
                faults.append((name, value.reason))
            else:
                values[name] = value
                if isinstance(value, str) and value != text:
                    values[name + AS_READ] = text
        faults += [(name, "empty, and a row needs it") for name in schema.needed if texts.get(name) is None]
        line = ",".join(text or "" for text in texts.values())
        refused += [(file, number, name, texts.get(name), reason, line) for name, reason in faults]
        if not faults:
            kept.append((number, values))
    if refused:
        connection.executemany(f"INSERT INTO {identifier(rejects.TABLE)} VALUES (?, ?, ?, ?, ?, ?)", refused)
    return Taken(_made(connection, schema, kinds, kept, file), given)


def _made(
    connection: duckdb.DuckDBPyConnection,
    schema: TableSchema,
    kinds: Mapping[str, Kind],
    rows: Sequence[tuple[int, Mapping[str, str | Decimal | bool | date | None]]],
    file: int,
) -> LoadedTable:
    columns: dict[str, LoadedColumn] = {}
    shape: dict[str, str] = {}
    filled: list[str] = []
    for name, kind in kinds.items():
        cells = [row.get(name) for _, row in rows]
        number = _digits([cell for cell in cells if isinstance(cell, Decimal)], kind)
        beside = name + AS_READ if any(name + AS_READ in row for _, row in rows) else None
        shape[name] = physical(kind, number)
        if beside:
            shape[beside] = "VARCHAR"
        empty = cells.count(None)
        filled += [name] * (empty < len(rows)) + [beside] * (beside is not None)  # type: ignore[list-item]
        known = schema.columns.get(name)
        type_: Type = number or kind.type
        columns[name] = LoadedColumn(
            name, known.kind.name if known else "text", type_, empty > 0, empty, beside
        )
    declared = ", ".join(
        f"{identifier(name)} {type_}" for name, type_ in {**shape, FILE: "INTEGER", ROW: "BIGINT"}.items()
    )
    connection.execute(f"CREATE OR REPLACE TABLE {identifier(schema.name)} ({declared})")
    if rows:
        values = ", ".join(
            f"({', '.join([*(_sql(row.get(name)) for name in filled), str(file), str(number)])})"
            for number, row in rows
        )
        names = ", ".join(identifier(name) for name in (*filled, FILE, ROW))
        connection.execute(f"INSERT INTO {identifier(schema.name)} ({names}) VALUES {values}")
    return LoadedTable(schema.name, len(rows), columns)


def _digits(cells: Sequence[Decimal], kind: Kind) -> Number | None:
    """The digits that hold all of these, as `loaded.described` finds them in a table."""
    if kind.form != "number":
        return None
    scale, whole = kind.least_scale, 1
    for cell in cells:
        _, digits, exponent = cell.as_tuple()
        assert isinstance(exponent, int)
        scale, whole = max(scale, -exponent), max(whole, len(digits) + exponent)
    return Number(whole + scale, scale)


def _sql(value: str | Decimal | bool | date | None) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case Decimal():
            return literal(format(value, "f"))
        case _:
            return literal(str(value))
