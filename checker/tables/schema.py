"""The tables' own schemas, from schemas/tables/*.yaml: which columns a table has and of what kind each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checker import resources, schemas, yamlfile
from checker.problems import Problem, draw
from checker.tables.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    `needed`: a row without it is rejected. `typed`: its cells are converted, and one that cannot be rejects its
    row; else it is text. `derived`: filled after reading, by the expression `filled_by` where there is one.
    """

    name: str
    kind: Kind
    about: str
    needed: bool = False
    typed: bool = True
    words: tuple[str, ...] = ()
    derived: bool = False
    filled_by: str | None = None

    @property
    def stored(self) -> Kind:
        """The kind that its cells are converted to."""
        return self.kind if self.typed else KINDS["text"]


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table. `amount` and `currency` name the columns whose money is added up to show that none was lost."""

    name: str
    about: str
    columns: Mapping[str, Column]
    amount: str | None = None
    currency: str | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns.values() if column.needed)


@cache
def table_schemas() -> Mapping[str, TableSchema]:
    """Every table that checker knows, by name.

    They are shipped with the program, so a broken one is a defect of it and raises ValueError with all problems.
    """
    tables, problems = read_table_schemas(sorted(resources.folder("schemas").glob("tables/*.yaml")))
    if problems:
        raise ValueError(draw(problems))
    return {table.name: table for table in tables}


def read_table_schemas(paths: Sequence[Path]) -> tuple[list[TableSchema], list[Problem]]:
    """The tables of these files, and everything that is wrong with them."""
    tables: list[TableSchema] = []
    problems: list[Problem] = []
    for path in paths:
        file, found = yamlfile.read(path)
        if file is not None and not found:
            found = schemas.validate(file, schemas.load("table"))
            if not found:
                tables.append(_table(file.value))
        problems += found
    return tables, problems


def _table(value: object) -> TableSchema:
    assert isinstance(value, Mapping)
    money = value.get("money", {})
    columns = {
        name: Column(
            name,
            KINDS[entry["kind"]],
            entry["about"],
            needed=entry.get("needed", False),
            typed=entry.get("typed", True),
            words=tuple(entry.get("words", ())),
            derived=entry.get("derived", False),
            filled_by=entry.get("from"),
        )
        for name, entry in value["columns"].items()
    }
    return TableSchema(value["table"], value["about"], columns, money.get("amount"), money.get("currency"))
