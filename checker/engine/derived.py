"""Columns filled after reading, from other columns and tables: `from:` in a table's schema, in the rule language.

A cell that a file gave is kept. The expressions are planned like those of a rule that has lookups and lets alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from checker import resources, yamlfile
from checker.engine.data import Data
from checker.engine.dialects.dialect import Dialect
from checker.engine.judging import add_steps, trees
from checker.engine.pipeline import Pipeline
from checker.engine.relation import LINE, Frame, line_columns, line_source
from checker.expressions import reads
from checker.problems import Problem, draw
from checker.rulebook.checked import CheckedRule, Shapes
from checker.rulebook.definition import Definition, define
from checker.rulebook.scope import check_rule
from checker.tables.loaded import described
from checker.tables.schema import table_schemas

_MADE = "made_"


def fill(data: Data, dialect: Dialect) -> None:
    """Fill the derived columns of every table that was read."""
    for name in data.catalog.tables:
        definition = _definition(name)
        if definition is None:
            continue
        rule = checked(definition, data)
        table = data.table(name)
        assert table is not None
        names = [read for tree in trees(rule) for read in reads(tree)]
        needed = [read for read in names if read in table.columns]
        frame = Frame(
            Pipeline(dialect, line_source(table, needed, dialect)),
            data.constants(),
            line_columns(table, needed, dialect),
        )
        add_steps(frame, rule, data, names)
        quote = dialect.quote
        made = [column for column in rule.definition.lets if column.startswith(_MADE)]
        columns = ", ".join(quote(column) for column in (LINE, *made))
        filled = {quote(column.removeprefix(_MADE)): quote(column) for column in made}
        changes = ", ".join(f"{own} = coalesce({quote(name)}.{own}, d.{new})" for own, new in filled.items())
        data.connection.execute(
            f"UPDATE {quote(name)} SET {changes} FROM ({frame.pipeline.query(columns)}) d "
            f"WHERE {quote(name)}.rowid = d.{quote(LINE)}"
        )
        data.refreshed(described(data.connection, table_schemas()[name]))


def checked(definition: Definition, shapes: Shapes) -> CheckedRule:
    """The derivations of a table, checked. They are shipped, so a problem is a defect of the program: ValueError."""
    rule, problems = check_rule(definition, shapes)
    if rule is None:
        raise ValueError(draw(problems))
    return rule


@cache
def _definition(table: str) -> Definition | None:
    file, problems = yamlfile.read(resources.folder("schemas") / "tables" / f"{table}.yaml")
    assert file is not None
    assert isinstance(file.value, dict)
    columns: dict[str, Any] = file.value["columns"]
    lets = {_MADE + name: entry["from"] for name, entry in columns.items() if "from" in entry}
    if not lets:
        return None
    value = {
        **dict.fromkeys(
            ("id", "name", "title", "requirement", "severity", "confidence", "owner", "message"), table
        ),
        "posture": "correction",
        "status": "active",
        "revision": 1,
        "each": table,
        "key": [next(iter(columns))],
        "with": file.value.get("with", {}),
        "let": lets,
        "must": True,
        "tests": [],
    }
    definition, found = define(replace(file, value=value), table)
    if definition is None:
        raise ValueError(draw([*problems, *_unplaced(found, file.name)]))
    return definition


def _unplaced(problems: list[Problem], name: str) -> list[Problem]:
    return [replace(problem, where=replace(problem.where, file=name)) for problem in problems]
