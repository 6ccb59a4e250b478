"""What a table of the engine holds after reading: its columns with the digits that the data really has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from checker.expressions.types import TEXT, Number, Type
from checker.tables.conversion import physical
from checker.tables.kinds import KINDS
from checker.tables.quoting import identifier
from checker.tables.schema import TableSchema

FILE, ROW = "_file", "_row"
AS_READ = "_as_read"
"""Ending of the column beside one whose canonical form is not what the file says; null where the two agree."""


@dataclass(frozen=True, slots=True)
class LoadedColumn:
    """A column as loaded. A number's `type` has the digits before the point that its largest value needs and the
    scale of the engine's column; `rows_empty` counts its empty cells. `as_read` names the column that keeps the
    file's own text where the canonical form differs from it (null elsewhere), None where it never does."""

    name: str
    kind: str
    type: Type
    nullable: bool
    rows_empty: int
    as_read: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A table as loaded: the engine's table of the same name, with the columns FILE and ROW beside these."""

    name: str
    rows: int
    columns: Mapping[str, LoadedColumn]


def described(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> LoadedTable:
    """What the engine's table of that name holds, found in one pass over it."""
    fetched = connection.execute(f"DESCRIBE {identifier(schema.name)}").fetchall()
    stored = {row[0]: str(row[1]) for row in fetched}
    names = [name for name in stored if name not in (FILE, ROW) and not _is_as_read(name, stored)]
    numbers = [name for name in names if stored[name].startswith("DECIMAL")]
    asked = ["count(*)", *(f"count({identifier(name)})" for name in names)]
    asked += [f"max(abs({identifier(name)}))" for name in numbers]
    rows, *found = connection.execute(
        f"SELECT {', '.join(asked)} FROM {identifier(schema.name)}"
    ).fetchone() or (0,)
    filled = dict(zip(names, found, strict=False))
    largest = dict(zip(numbers, found[len(names) :], strict=True))
    columns = {}
    for name in names:
        known = schema.columns.get(name)
        kind = known.stored if known else KINDS["text"]
        type_: Type = kind.type if name not in largest else _digits(largest[name], stored[name])
        beside = name + AS_READ
        columns[name] = LoadedColumn(
            name,
            known.kind.name if known else "text",
            type_ if known else TEXT,
            filled[name] < rows,
            rows - filled[name],
            beside if beside in stored else None,
        )
    return LoadedTable(schema.name, rows, columns)


def _is_as_read(name: str, stored: Mapping[str, str]) -> bool:
    return name.endswith(AS_READ) and name.removesuffix(AS_READ) in stored


def _digits(largest: Decimal | None, stored: str) -> Number:
    scale = int(stored.rstrip(")").rpartition(",")[2])
    whole = len(str(int(largest))) if largest is not None else 1
    return Number(whole + scale, scale)


def create_empty(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> None:
    """A table without rows, for a table that no file holds."""
    columns = [f"{identifier(column.name)} {physical(column.stored)}" for column in schema.columns.values()]
    columns += [f"{identifier(FILE)} INTEGER", f"{identifier(ROW)} BIGINT"]
    connection.execute(f"CREATE OR REPLACE TABLE {identifier(schema.name)} ({', '.join(columns)})")
