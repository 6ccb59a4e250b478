"""What a document's schema says of its paths: the dotted names that rules use, their kinds and types, its tables.

A field's kind is the name of the schema's definition that it refers to (`#/$defs/money`). `contract.currency` stands
for the key `currency` of the section named like the document; every other section keeps its own name:
`contract.tolerances.amount`. A list of mappings is a table; a list of plain values is a field of many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from checker import schemas
from checker.expressions.types import ListOf, Type
from checker.tables.kinds import KINDS, canonical

_NARROWER = {
    "term": "text", "billing_plan": "text", "window": "text", "anchor": "text", "pack": "text",
    "growth": "rate", "percent": "rate", "factor": "quantity", "count": "integer",
}  # fmt: skip
"""Definitions that hold fewer values than the kind of column they are kept in; all others are kinds."""

Path = tuple[str, ...]
Cell = str | Decimal | bool | date | None


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the document. `definition` is the schema's own name of its kind; `many` marks a list of values."""

    path: Path
    kind: str
    definition: str
    many: bool = False

    @property
    def type(self) -> Type:
        kind = KINDS[self.kind].type
        return ListOf(kind) if self.many else kind


@dataclass(frozen=True, slots=True)
class Table:
    """A list of mappings; `columns` in the schema's order."""

    path: Path
    columns: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Layout:
    """Every field and every table that a document of this schema can have, by dotted name."""

    fields: Mapping[str, Field]
    tables: Mapping[str, Table]


@cache
def layout(document: str) -> Layout:
    """The layout of `contract` or another document, from its schema alone."""
    schema = schemas.load(document)
    found = list(_walk(schema, schema, ()))
    return Layout(
        {_dotted(document, item.path): item for item in found if isinstance(item, Field)},
        {_dotted(document, item.path): item for item in found if isinstance(item, Table)},
    )


def settled(document: str, value: Any) -> Any:
    """The document's value with the schema's defaults filled in and every value in its canonical form.

    Ids are lower case, a SKU has four places, codes are upper case, numbers are Decimal (kind integer: int).
    """
    schema = schemas.load(document)
    return _settled(schema, schema, value)


def cell(value: Any) -> Cell:
    """A settled value as a rule reads it: every number is a Decimal."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _walk(root: schemas.Schema, node: schemas.Schema, path: Path) -> Iterator[Field | Table]:
    properties = node.get("properties")
    if properties is not None:
        for name, inner in properties.items():
            yield from _walk(root, inner, (*path, name))
    elif node.get("type") == "array":
        items = node["items"]
        if "properties" in items:
            yield Table(path, {name: _field(inner, (name,)) for name, inner in items["properties"].items()})
        else:
            yield _field(items, path, many=True)
    else:
        yield _field(node, path)


def _field(node: schemas.Schema, path: Path, *, many: bool = False) -> Field:
    definition = "text" if "enum" in node else str(node["$ref"]).rsplit("/", 1)[1]
    return Field(path, _NARROWER.get(definition, definition), definition, many)


def _dotted(document: str, path: Path) -> str:
    return ".".join((document, *(path[1:] if path[0] == document else path)))


def _settled(root: schemas.Schema, node: schemas.Schema, value: Any) -> Any:
    if "properties" in node:
        given = {} if value is None else value
        found = {}
        for name, inner in node["properties"].items():
            if name in given or "properties" in inner or "default" in inner:
                settled = _settled(root, inner, given.get(name, inner.get("default")))
                if settled != {} or name in given:
                    found[name] = settled
        return found
    if node.get("type") == "array":
        return [_settled(root, node["items"], item) for item in value]
    return _canonical(_field(node, ()).kind, value)


def _canonical(name: str, value: Any) -> Any:
    kind = KINDS[name]
    if kind.form == "number" and name != "integer":
        return Decimal(value)
    return canonical(kind, value) if kind.form == "text" else value
