"""The rule language: how long reading and checking a rulebook takes, and what the interpreter costs beside the engine.

`python -m benchmarks.language`
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import duckdb

from benchmarks.timing import ratio, report, seconds, shown
from checker import resources, schemas, yamlfile
from checker.engine.compiler import Compiler, Sql, literal
from checker.engine.data import Data
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.pipeline import Pipeline
from checker.engine.plan import plan
from checker.expressions import Typed, evaluate, typed
from checker.expressions.types import DATE, TEXT, Number, Type
from checker.problems import Where
from checker.rulebook.checked import CheckedRule
from checker.rulebook.definition import Definition, define
from checker.rulebook.formatting import formatted
from checker.rulebook.rulebook import Rulebook, load, rule_files
from checker.rulebook.scope import check_rule
from checker.tables import from_rows
from checker.yamlfile import YamlFile

ROWS = 20_000
COLUMNS: Mapping[str, Type] = {
    "subtotal": Number(15, 2),
    "unit_price": Number(16, 8),
    "quantity": Number(12, 6),
    "days": Number(5, 0),
    "start": DATE,
    "kind": TEXT,
}
EXPRESSIONS = (
    "subtotal > 0",
    'kind in ("new", "renew", "cycleCharge") and subtotal > 0',
    "round half up(unit_price * quantity, 2)",
    "round down(round down(unit_price / days, 7) * quantity * 20, 2)",
    'days between(start, end of month(start + @"P1M")) > 40',
    "if subtotal / quantity > 1.05 * unit_price then subtotal - round half up(unit_price * quantity, 2) else null",
)


def rulebook() -> None:
    """The shipped rulebook, step by step."""
    book, _ = load()
    assert book is not None
    paths = [path for path, _ in rule_files([resources.folder("rules")])]
    files = [file for file, _ in map(yamlfile.read, paths) if file is not None]
    definitions = [
        definition for definition, _ in (define(file, "") for file in files) if definition is not None
    ]
    data = _empty(book, definitions)
    checked = [
        rule for rule, _ in (check_rule(definition, data) for definition in definitions) if rule is not None
    ]
    reading = seconds(lambda: [yamlfile.read(path) for path in paths])
    steps = (
        ("reading the YAML", reading),
        ("validating by the schema", seconds(lambda: _validated(files))),
        ("parsing every expression", seconds(lambda: [define(file, "") for file in files])),
        ("checking names, types and digits", seconds(lambda: [check_rule(one, data) for one in definitions])),
        ("compiling to SQL", seconds(lambda: _planned(checked, data))),
        ("loading it whole, with lists and policies", seconds(load)),
        ("writing every file in style", seconds(lambda: [formatted(one) for one in definitions])),
    )
    report(
        f"The rulebook: {len(paths)} rules, {sum(path.stat().st_size for path in paths) // 1024} KiB",
        ("Step", "Time", "to reading the YAML"),
        [(name, shown(time), ratio(time, reading)) for name, time in steps],
    )


def evaluators() -> None:
    """Each expression over the same rows: the interpreter row by row, and the engine's query."""
    chance = random.Random(7)
    rows = [_row(chance) for _ in range(ROWS)]
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    columns = ", ".join(f"{name} {DUCKDB.types(kind)}" for name, kind in COLUMNS.items())
    connection.execute(f"CREATE TABLE lines ({columns})")
    for start in range(0, ROWS, 1000):
        values = ", ".join(
            f"({', '.join(literal(row[name], kind, DUCKDB) for name, kind in COLUMNS.items())})"  # type: ignore[arg-type]
            for row in rows[start : start + 1000]
        )
        connection.execute(f"INSERT INTO lines VALUES {values}")
    made = []
    for text in EXPRESSIONS:
        tree, problems = typed(text, COLUMNS, lambda offset, width: Where("expression", 1, offset + 1))
        assert tree is not None, problems
        sql = _sql(tree)
        ours = seconds(lambda tree=tree: [evaluate(tree, row) for row in rows], 1)  # type: ignore[misc, arg-type]
        theirs = seconds(lambda sql=sql: connection.execute(sql).fetchall())  # type: ignore[misc]
        made.append((text, shown(ours / ROWS), shown(theirs / ROWS), ratio(ours, theirs)))
    report(
        f"One expression, a row ({ROWS:,} rows)",
        ("Expression", "interpreter", "engine", "interpreter to engine"),
        made,
    )


def _empty(book: Rulebook, definitions: list[Definition]) -> Data:
    """Data without rows: what a plan is made against before there is any."""
    catalog = from_rows({"invoice_lines": []}, duckdb.connect())
    data = Data(catalog, None, book.lists, book.policies, date(2026, 5, 20))
    for definition in definitions:
        for name in (definition.table, *(lookup.source for lookup in definition.lookups.values())):
            data.table(name)
    return data


def _planned(rules: list[CheckedRule], data: Data) -> None:
    for rule in rules:
        plan(rule, data, DUCKDB)


def _validated(files: list[YamlFile]) -> None:
    for file in files:
        schemas.validate(file, schemas.load("rule"))


def _sql(tree: Typed) -> str:
    pipeline = Pipeline(DUCKDB, "lines")
    whole = Compiler(pipeline, lambda name: Sql(DUCKDB.quote(name), COLUMNS[name], 0, True)).compile(tree)
    pipeline.add("value", whole.text, pipeline.level)
    # A sum over the values makes the engine compute each of them without handing them all over.
    return pipeline.query('count("value"), max("value")')


def _row(chance: random.Random) -> dict[str, object]:
    return {
        "subtotal": Decimal(chance.randrange(-100_000, 1_000_000)).scaleb(-2),
        "unit_price": Decimal(chance.randrange(1, 10_000_000_000)).scaleb(-8),
        "quantity": Decimal(chance.randrange(1, 300)),
        "days": Decimal(chance.choice((28, 29, 30, 31))),
        "start": date(2026, 1, 1) + timedelta(days=chance.randrange(300)),
        "kind": chance.choice(("new", "renew", "cycleCharge", "addQuantity")),
    }


def main() -> None:
    rulebook()
    evaluators()


if __name__ == "__main__":
    main()
