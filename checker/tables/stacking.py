"""Several files of one table stand in one table of the engine, whose columns widen as a file needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from checker.expressions.types import Number
from checker.tables.conversion import decimal
from checker.tables.quoting import identifier


@dataclass(frozen=True, slots=True)
class Shaped:
    """A column to be written: its name, the engine's type, the SQL of its values, the digits of a number."""

    name: str
    physical: str
    value: str
    number: Number | None = None


def append(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Shaped], source: str, where: str
) -> None:
    """Adds the rows of a source to a table, which is made if it is not there yet."""
    values = ", ".join(f"{column.value} AS {identifier(column.name)}" for column in columns)
    select = f"SELECT {values} FROM {source} WHERE {where}"
    stored = _stored(connection, table)
    if not stored:
        connection.execute(f"CREATE TABLE {identifier(table)} AS {select}")
        return
    for column in columns:
        if column.name not in stored:
            connection.execute(
                f"ALTER TABLE {identifier(table)} ADD COLUMN {identifier(column.name)} {column.physical}"
            )
        elif column.number is not None:
            _widen(connection, table, column.name, column.number, stored[column.name])
    connection.execute(f"INSERT INTO {identifier(table)} BY NAME {select}")


def _stored(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? AND NOT internal", [table]
    ).fetchall()
    return {name: str(type_) for name, type_ in rows}


def _widen(connection: duckdb.DuckDBPyConnection, table: str, name: str, number: Number, stored: str) -> None:
    width, scale = (int(part) for part in stored.removeprefix("DECIMAL(").rstrip(")").split(","))
    if number.scale <= scale and number.whole <= width - scale:
        return
    (largest,) = connection.execute(
        f"SELECT max(abs({identifier(name)})) FROM {identifier(table)}"
    ).fetchone() or (0,)
    whole = max(number.whole, len(str(int(largest or 0))))
    scale = max(number.scale, scale)
    connection.execute(
        f"ALTER TABLE {identifier(table)} ALTER COLUMN {identifier(name)} TYPE {decimal(Number(whole + scale, scale))}"
    )
