"""Rows of the engine as plain Python values, for what looks at few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.engine.compiler import literal
from checker.engine.data import Data
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.relation import LINE
from checker.expressions.types import Number


def rows_of(data: Data, table: str, having: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table that have given values in given columns, in their order, each with its number as LINE.

    Values of numbers do not filter: the engine would have to bring both to one scale first.
    """
    loaded = data.table(table)
    assert loaded is not None
    quote = DUCKDB.quote
    asked = [f"rowid = {having[LINE]:d}"] if LINE in having else []
    for name, value in having.items():
        kind = loaded.columns[name].type if name in loaded.columns else None
        if kind is not None and not isinstance(kind, Number):
            asked.append(f"{quote(name)} = {literal(value, kind, DUCKDB)}")
    fetched = data.connection.execute(
        f"SELECT *, rowid AS {quote(LINE)} FROM {quote(table)} WHERE {' AND '.join(asked) or 'TRUE'} ORDER BY rowid"
    )
    columns = [column[0] for column in fetched.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in fetched.fetchall()]
