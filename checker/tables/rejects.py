"""Rows that could not be read: set aside in a table of the engine, each with its reason, never dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from checker.tables.quoting import identifier

TABLE = "_rejects"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Reject:
    """One reason why a row was set aside; a row may have several. `row` is the line as a spreadsheet shows it.

    `column` is the file's own name for it and `value` the text of the cell; both are None where the row as a whole
    is at fault. `line` is the row's text.
    """

    file: str
    row: int
    column: str | None
    value: str | None
    reason: str
    line: str


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty table of rejects."""
    connection.execute(
        f'CREATE OR REPLACE TABLE {identifier(TABLE)} ("file" INTEGER, "row" BIGINT, "column" VARCHAR, '
        '"value" VARCHAR, "reason" VARCHAR, "line" VARCHAR)'
    )


def add(connection: duckdb.DuckDBPyConnection, file: int, rejects: Sequence[tuple[int, str, str]]) -> None:
    """Rows that the structure of the file forbids: line number, reason, text."""
    if rejects:
        connection.executemany(
            f"INSERT INTO {identifier(TABLE)} VALUES (?, ?, NULL, NULL, ?, ?)",
            [(file, row, reason, line) for row, reason, line in rejects],
        )


def stream(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[Reject]:
    """All rejects in the order of files and rows, a batch at a time."""
    cursor = connection.cursor()
    cursor.execute(
        f'SELECT "file", "row", "column", "value", "reason", "line" FROM {identifier(TABLE)} '
        'ORDER BY "file", "row", "column", "reason"'
    )
    while batch := cursor.fetchmany(_BATCH):
        for file, *rest in batch:
            yield Reject(names[file], *rest)
