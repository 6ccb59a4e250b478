"""Writes the parts of the documentation that the program itself decides: `python docs/reference.py` (or `make docs`).

A page holds them between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`; everything else is written by
hand. The tests hold the pages to what this would write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from checker import schemas
from checker.documents import contract
from checker.expressions import grammar, operations, tokens
from checker.report.findings import COLUMNS
from checker.resources import folder
from checker.rulebook.lists import read_lists, read_policies
from checker.tables.formats import OWN, formats
from checker.tables.kinds import KINDS
from checker.tables.schema import TableSchema, table_schemas

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


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(text: object) -> str:
    return f"`{text}`"


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
        rows.append((_code(column.name), column.kind.name, meaning))
    return f"## {schema.name}\n\n{schema.about}\n\n{table(('Column', 'Kind', 'Meaning'), rows)}"


def kinds() -> str:
    """The kinds of columns."""
    return table(
        ("Kind", "Holds", "In rules"), ((name, _KINDS[name], str(kind.type)) for name, kind in KINDS.items())
    )


def layouts() -> str:
    """The layouts of files that are recognised."""
    rows = [
        (each.title, _code(each.table), f"{len(each.required)}") for each in formats() if each.name != OWN
    ]
    return table(("Layout", "Becomes", "Columns that it needs"), rows)


def contract_tables() -> str:
    """The contract's lists and their columns, as rules look them up."""
    rows = [
        (
            _code(name),
            ", ".join(f"{_code(column)} ({kind})" for column, kind in contract.list_columns(name).items()),
        )
        for name in contract.tables()
    ]
    return table(("List", "Columns"), rows)


def shared_lists() -> str:
    """Word lists and policy tables that ship."""
    lists, _ = read_lists(sorted((folder("rules") / "lists").glob("*.yaml")))
    policies, _ = read_policies(sorted((folder("rules") / "policy").glob("*.yaml")))
    rows = [(_code(f"lists.{name}"), each.about, ", ".join(each.words)) for name, each in lists.items()]
    rows += [
        (_code(f"policy.{name}"), each.about, ", ".join(each.columns)) for name, each in policies.items()
    ]
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
            about = f"{about} One of {', '.join(_code(word) for word in meant['enum'])}.".strip()
        rows.append((_code(key), "yes" if key in part.get("required", ()) else "", about))
    return table(("Key", "Must be there", "Meaning"), rows)


def operators() -> str:
    """The operators by how tightly they bind."""
    rows = []
    for power in sorted(set(grammar.POWERS.values()), reverse=True):
        names = [name for name, each in grammar.POWERS.items() if each == power]
        rows.append((" ".join(_code(name.removeprefix("unary ")) for name in names), _meanings(names)))
    return table(("Operators, tightest first", "Meaning"), rows)


def _meanings(names: Sequence[str]) -> str:
    found = [f"{_code(op.key)}: {op.about}" for name in names for op in operations.OPERATORS.get(name, ())]
    own = {
        ".": "part of a date: "
        + ", ".join(f"{_code('.' + name)} {op.about}" for name, op in operations.PARTS.items()),
        "=": "two values of one kind; with a null it is null",
        "between": "`x between a and b`, ends included",
        "in": "`x in (1, 2)`, `x in [1..5]`, `x in (1..5)`, `x in list`, by the meaning of `=`",
    }
    return "; ".join([*found, *(own[name] for name in names if name in own)])


def builtins() -> str:
    """The built-ins."""
    rows = [
        (
            _code(f"{each.name}({', '.join(each.parameters)})"),
            each.operation.about,
            _example(each.operation.example),
        )
        for each in operations.BUILTINS
    ]
    return table(("Built-in", "Gives", "Example"), rows)


def _example(text: str) -> str:
    return _code(text) if text else ""


def roundings() -> str:
    """The built-ins that round."""
    ways = {
        "half even": "to the nearest; a tie to the even digit",
        "up": "away from zero",
        "down": "towards zero: what is behind is cut off",
        "half up": "to the nearest; a tie away from zero",
        "half down": "to the nearest; a tie towards zero",
        "floor": "to the lower number",
        "ceiling": "to the higher number",
    }
    return table(
        ("Built-in", "Rounds"),
        ((_code(f"{name}(n, places)"), ways[mode]) for name, mode in operations.ROUNDINGS.items()),
    )


def left_out() -> str:
    """What FEEL has and this subset leaves out, with what is said of it."""
    both = {**tokens.LEFT_OUT, **{f"{name}(…)": hint for name, hint in grammar._LEFT_OUT_FUNCTIONS.items()}}
    return table(("Left out", "What checker says"), ((_code(word), hint) for word, hint in both.items()))


def excel() -> str:
    """What a spreadsheet's user types, with what is said of it."""
    both = {**tokens.EXCEL, **{f"{name}(…)": hint for name, hint in grammar._EXCEL_FUNCTIONS.items()}}
    return table(("Typed", "What checker says"), ((_code(word), hint) for word, hint in both.items()))


def bounds() -> str:
    """The bounds of an expression."""
    return (
        f"At most {grammar.LONGEST_TEXT:,} characters, {grammar.DEEPEST} levels, {grammar.MOST_OPERATORS} operators, "
        f"lists of {grammar.LONGEST_LIST} items; a number has at most 38 digits."
    )


def findings_columns() -> str:
    """The columns of findings.csv, in their order."""
    return ", ".join(_code(name) for name, _ in COLUMNS)


PARTS: Mapping[str, Callable[[], str]] = {
    "tables": tables,
    "kinds": kinds,
    "layouts": layouts,
    "contract-tables": contract_tables,
    "shared-lists": shared_lists,
    "rule-keys": rule_keys,
    "lookup-keys": lookup_keys,
    "test-keys": test_keys,
    "operators": operators,
    "builtins": builtins,
    "roundings": roundings,
    "left-out": left_out,
    "excel": excel,
    "bounds": bounds,
    "findings-columns": findings_columns,
}


def main() -> None:
    """Writes every page's parts anew."""
    for path in sorted(PAGES.glob("*.md")):
        path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
