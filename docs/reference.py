"""Writes the parts of the documentation that the program itself decides: `python -m docs.reference` (or `make docs`).

A page holds them between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`; everything else is written by
hand. The tests hold the pages to what this would write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from checker import schemas
from checker.documents import contract
from checker.report.findings import COLUMNS
from checker.resources import folder
from checker.rulebook.lists import read_lists, read_policies
from checker.tables.formats import OWN, formats
from checker.tables.kinds import KINDS
from checker.tables.schema import TableSchema, table_schemas
from docs import language
from docs.markdown import code, table

PAGES = Path(__file__).parent
_PART = re.compile(r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)

_KINDS = {
    "id": "An id; compared in lower case.",
    "text": "Any text, as written.",
    "sku": "A SKU id; filled with zeros to four places, in lower case.",
    "money": "An amount; two decimal places, more where the file has more.",
    "unit_price": "A price; two decimal places or more.",
    "quantity": "A quantity; whole or not.",
    "rate": "A rate or a fraction: 0.05 is 5 %.",
    "integer": "A whole number.",
    "date": "A day.",
    "boolean": "true or false.",
    "month": "A month such as 2026-07.",
    "country": "A country code, in capitals.",
    "currency": "A currency code of three letters, in capitals.",
    "vocabulary": "One of the words listed, in any case; another word is kept as it is.",
}


def page(text: str) -> str:
    """A page with its parts written anew. KeyError on a part that nothing here writes."""
    return _PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def tables() -> str:
    """Every table with its columns."""
    return "\n\n".join(_table(schema) for schema in table_schemas().values())


def _table(schema: TableSchema) -> str:
    rows = []
    for column in schema.columns.values():
        about = column.about
        if column.words:
            about += f" ({', '.join(column.words)})"
        notes = (
            ["needed"] * column.needed
            + ["kept as text"] * (not column.typed)
            + ["filled in"] * column.derived
        )
        meaning = "; ".join([about, ", ".join(notes)] if notes else [about])
        rows.append((code(column.name), column.kind.name, meaning))
    return f"## {schema.name}\n\n{schema.about}\n\n{table(('Column', 'Kind', 'Meaning'), rows)}"


def kinds() -> str:
    """The kinds of columns."""
    return table(
        ("Kind", "Holds", "In rules"), ((name, _KINDS[name], str(kind.type)) for name, kind in KINDS.items())
    )


def layouts() -> str:
    """The layouts of files that are recognised."""
    rows = [(each.title, code(each.table), f"{len(each.required)}") for each in formats() if each.name != OWN]
    return table(("Layout", "Becomes", "Columns that it needs"), rows)


def contract_tables() -> str:
    """The contract's lists and their columns, as rules look them up."""
    rows = [
        (
            code(name),
            ", ".join(f"{code(column)} ({kind})" for column, kind in contract.list_columns(name).items()),
        )
        for name in contract.tables()
    ]
    return table(("List", "Columns"), rows)


def shared_lists() -> str:
    """Word lists and policy tables that ship."""
    lists, _ = read_lists(sorted((folder("rules") / "lists").glob("*.yaml")))
    policies, _ = read_policies(sorted((folder("rules") / "policy").glob("*.yaml")))
    rows = [(code(f"lists.{name}"), each.about, ", ".join(each.words)) for name, each in lists.items()]
    rows += [(code(f"policy.{name}"), each.about, ", ".join(each.columns)) for name, each in policies.items()]
    return table(("Name", "Meaning", "Holds"), rows)


def rule_keys() -> str:
    """The keys of a rule file."""
    schema = schemas.load("rule")
    return _keys(schema, schema)


def lookup_keys() -> str:
    """The keys of a lookup."""
    return _keys(schemas.load("rule")["$defs"]["lookup"], schemas.load("rule"))  # type: ignore[index]


def test_keys() -> str:
    """The keys of a rule's test."""
    return _keys(schemas.load("rule")["$defs"]["test"], schemas.load("rule"))  # type: ignore[index]


def _keys(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    rows = []
    for key, entry in part["properties"].items():
        meant = {**schema["$defs"].get(str(entry.get("$ref", "")).rpartition("/")[2], {}), **entry}
        about = meant.get("description", "")
        if "enum" in meant:
            about = f"{about} One of {', '.join(code(word) for word in meant['enum'])}.".strip()
        rows.append((code(key), "yes" if key in part.get("required", ()) else "", about))
    return table(("Key", "Must be there", "Meaning"), rows)


def findings_columns() -> str:
    """The columns of findings.csv, in their order."""
    return ", ".join(code(name) for name, _ in COLUMNS)


PARTS: Mapping[str, Callable[[], str]] = {
    "tables": tables,
    "kinds": kinds,
    "layouts": layouts,
    "contract-tables": contract_tables,
    "shared-lists": shared_lists,
    "rule-keys": rule_keys,
    "lookup-keys": lookup_keys,
    "test-keys": test_keys,
    "findings-columns": findings_columns,
    **language.PARTS,
}


def main() -> None:
    """Writes every page's parts anew."""
    for path in sorted(PAGES.glob("*.md")):
        path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
