"""contract.yaml: who agreed what with whom, as far as bills and credits are checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from checker import schemas, yamlfile
from checker.documents import consistency
from checker.documents.layout import Cell, cell, layout, settled
from checker.expressions.types import Type
from checker.problems import Problem, errors
from checker.yamlfile import YamlFile

DOCUMENT = "contract"

# A row that names no period, or an amount that names no currency, has the contract's.
_FROM_CONTRACT = {"from": "start", "to": "end", "currency": "currency"}


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that its schema and every further check have accepted.

    `file` is its name as the user gave it. `values` is the whole document with defaults filled in and in canonical
    form (numbers Decimal, kind integer int); what the document leaves out and has no default is not in it. `source`
    gives the place of each value.
    """

    file: str
    number: str
    program: str
    buyer: str
    seller: str
    books: str
    currency: str
    start: date
    end: date
    pack: str
    values: Mapping[str, Any] = field(repr=False)
    source: YamlFile = field(repr=False, compare=False)

    def lookup(self, name: str) -> Cell | list[Cell]:
        """The value of a dotted name of `names()`; None where the contract does not say. KeyError on any other name.

        `contract.tolerances.amount` is Decimal("0.01") in a contract without tolerances.
        """
        asked = layout(DOCUMENT).fields[name]
        value: Any = self.values
        for step in asked.path:
            value = value.get(step) if value is not None else None
        return [cell(item) for item in value] if isinstance(value, list) else cell(value)

    def lists(self) -> dict[str, list[dict[str, Cell]]]:
        """The contract's tables by dotted name, each with all its columns, rows in the order of the file."""
        return {
            name: [self._row(table.columns, row) for row in self.values.get(table.path[-1], ())]
            for name, table in layout(DOCUMENT).tables.items()
        }

    def _row(self, columns: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Cell]:
        """A row with what it leaves out taken from the contract: its period and, beside an amount, its currency."""
        found = {column: cell(row.get(column)) for column in columns}
        for column, own in _FROM_CONTRACT.items():
            if columns.get(column) and found[column] is None and columns[column].kind in ("date", "currency"):
                found[column] = self.values[DOCUMENT][own]
        return found


def names() -> dict[str, Type]:
    """The type of every dotted name that a contract can have, whether it has it or not."""
    return {name: found.type for name, found in layout(DOCUMENT).fields.items()}


def partial(sections: Mapping[str, Any]) -> Contract:
    """A contract of which only some sections are known, with defaults for the rest: for a rule's own tests."""
    values = settled(DOCUMENT, dict(sections))
    head = values[DOCUMENT]
    source, _ = yamlfile.parse("{}", "a rule's test")
    assert source is not None
    text = {
        key: str(head.get(key, "")) for key in ("number", "program", "buyer", "seller", "books", "currency")
    }
    start, end = head.get("start", date.min), head.get("end", date.max)
    return Contract(
        file=source.name, **text, start=start, end=end, pack=values["pack"], values=values, source=source
    )


def default(name: str) -> Cell | list[Cell]:
    """What a dotted name of `names()` is where there is no contract: the schema's default, or None."""
    value: Any = settled(DOCUMENT, {})
    for step in layout(DOCUMENT).fields[name].path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return [cell(item) for item in value] if isinstance(value, list) else cell(value)


def list_columns(name: str) -> dict[str, str]:
    """The columns of a table of the contract (`contract.prices`), each with its kind. KeyError on an unknown table."""
    return {column: found.kind for column, found in layout(DOCUMENT).tables[name].columns.items()}


def tables() -> tuple[str, ...]:
    """The dotted names of the contract's tables."""
    return tuple(layout(DOCUMENT).tables)


def load(path: Path | str, name: str | None = None) -> tuple[Contract | None, list[Problem]]:
    """The contract at `path`, and everything that is wrong with it. Warnings alone leave it usable."""
    file, problems = yamlfile.read(path, name)
    if file is None:
        return None, problems
    found, more = from_yaml(file)
    return (None if errors(problems) else found), problems + more


def from_yaml(file: YamlFile) -> tuple[Contract | None, list[Problem]]:
    """The contract in a YAML file that was read. See `load`."""
    problems = schemas.validate(file, schemas.load(DOCUMENT))
    problems += consistency.check(file)
    if errors(problems):
        return None, problems
    values = settled(DOCUMENT, file.value)
    head = values[DOCUMENT]
    return Contract(
        file=file.name,
        number=head["number"],
        program=head["program"],
        buyer=head["buyer"],
        seller=head["seller"],
        books=head["books"],
        currency=head["currency"],
        start=head["start"],
        end=head["end"],
        pack=values["pack"],
        values=values,
        source=file,
    ), problems
