"""The data of one run as the engine holds it: tables, the contract's lists, policies, and what rules ask of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from checker.documents import contract as documents
from checker.documents.contract import Contract
from checker.expressions import Binding
from checker.expressions.building import type_of
from checker.expressions.types import DATE
from checker.expressions.values import Value
from checker.rulebook.lists import Policy, WordList
from checker.tables import Catalog, LoadedTable
from checker.tables.kinds import KINDS
from checker.tables.rows import take
from checker.tables.schema import Column, TableSchema, table_schemas


@dataclass(slots=True)
class Data:
    """Everything that rules read, in one engine. It answers as `rulebook.scope.Shapes`, with the data's own digits."""

    catalog: Catalog
    contract: Contract | None
    lists: Mapping[str, WordList]
    policies: Mapping[str, Policy]
    as_of: date
    _tables: dict[str, LoadedTable] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.catalog.connection

    def table(self, name: str) -> LoadedTable | None:
        """A table in the engine, made there when it is first asked for; None where there is none of that name."""
        if name not in self._tables:
            loaded = self._load(name)
            if loaded is None:
                return None
            self._tables[name] = loaded
        return self._tables[name]

    def supplied(self, name: str) -> bool:
        """Whether anybody gave rows for a table."""
        table = self.table(name)
        return table is not None and table.rows > 0

    def holds(self, sql: str) -> bool:
        """Whether a query over the tables finds a row; asked once for each text."""
        if sql not in self._known:
            self._known[sql] = self.connection.execute(sql).fetchone() is not None
        return self._known[sql]

    def columns(self, table: str) -> Mapping[str, Binding] | None:
        """See scope.Shapes."""
        loaded = self.table(table)
        if loaded is None:
            return None
        return {name: Binding(column.type, column.nullable) for name, column in loaded.columns.items()}

    def tables(self) -> Sequence[str]:
        """See scope.Shapes."""
        return [*table_schemas(), *documents.tables(), *(f"policy.{name}" for name in self.policies)]

    def constants(self) -> Mapping[str, Binding]:
        """See scope.Shapes."""
        found: dict[str, Binding] = {"run.as_of": Binding(DATE, False, self.as_of)}
        found |= {f"lists.{name}": words.binding for name, words in self.lists.items()}
        for name, kind in documents.names().items():
            value = self._contract_value(name)
            found[name] = Binding(kind) if value is None else Binding(type_of(value), False, value)
        return found

    def _contract_value(self, name: str) -> Value | None:
        found = self.contract.lookup(name) if self.contract is not None else documents.default(name)
        if isinstance(found, list):
            return tuple(item for item in found if item is not None)
        return found

    def _load(self, name: str) -> LoadedTable | None:
        if name in self.catalog.tables:
            return self.catalog.tables[name]
        if name in table_schemas():
            return self.catalog.empty(name)
        if name in documents.tables():
            rows = self.contract.lists()[name] if self.contract is not None else []
            schema = _schema(name, documents.list_columns(name))
            return take(self.connection, schema, rows, 0).table
        policy = self.policies.get(name.removeprefix("policy."))
        if policy is None or not name.startswith("policy."):
            return None
        return take(self.connection, _schema(name, policy.columns), policy.rows, 0).table

    def refreshed(self, table: LoadedTable) -> None:
        """Take note of a table whose columns were filled after reading."""
        self._tables[table.name] = table


def _schema(name: str, kinds: Mapping[str, str]) -> TableSchema:
    columns = {column: Column(column, KINDS[kind], "") for column, kind in kinds.items()}
    return TableSchema(name, "", columns)
