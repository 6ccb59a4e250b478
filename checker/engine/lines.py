"""One line by what people know of it: its file and row, a finding's fingerprint, or values of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from checker.engine.data import Data
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.run import run
from checker.problems import Problem, Where, did_you_mean
from checker.rulebook.checked import CheckedRule
from checker.tables.kinds import KINDS, canonical
from checker.tables.loaded import FILE, ROW
from checker.tables.schema import table_schemas

_FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
_MOST_NAMED = 5

Answer = tuple[int | None, list[Problem]]


def line_of(key: str, rule: CheckedRule, data: Data) -> Answer:
    """The number in the engine of the line of the rule's table that a key names: `april.csv:17`, a fingerprint, or
    `invoice_number=G1,subscription_id=s1`; or the problem that keeps it from naming one line."""
    if _FINGERPRINT.match(key):
        return _by_fingerprint(key, rule, data)
    if "=" in key:
        return _by_values(key, rule, data)
    file, _, row = key.rpartition(":")
    if file and row.isdecimal():
        return _by_place(key, file, int(row), rule, data)
    hint = "name it as FILE:ROW, by the fingerprint of a finding, or as invoice_number=G1,subscription_id=…"
    return None, [_problem(key, "is no line", hint)]


def _by_fingerprint(key: str, rule: CheckedRule, data: Data) -> Answer:
    found = next((one for one in run([rule], data).findings() if one.fingerprint == key), None)
    if found is None:
        what = f"{rule.definition.rule.name} has no finding with this fingerprint here"
        return None, [_problem(key, what, "fingerprints stand in findings.csv")]
    return _by_place(key, found.source_file, found.source_row, rule, data)


def _by_place(key: str, file: str, row: int, rule: CheckedRule, data: Data) -> Answer:
    table = rule.definition.table
    known = [one.name for one in data.catalog.files]
    named = [at for at, name in enumerate(known) if name == file] or [
        at for at, name in enumerate(known) if name.endswith(f"/{file}")
    ]
    if len(named) != 1:
        what = (
            f"there is no file '{file}' among the data" if not named else f"several files are called '{file}'"
        )
        return None, [_problem(key, what, did_you_mean(file, known) or f"there are {', '.join(known)}")]
    holds = data.catalog.files[named[0]].table
    if holds != table:
        what = f"{file} holds {holds}; the rule judges {table}"
        others = [one.name for one in data.catalog.files if one.table == table]
        return None, [_problem(key, what, f"{table} are in {', '.join(others)}" if others else None)]
    lines = _lines(data, table, [f"{DUCKDB.quote(FILE)} = {named[0]:d}", f"{DUCKDB.quote(ROW)} = {row:d}"])
    if not lines:
        hint = "rows are counted as in findings.csv, the header among them"
        return None, [_problem(key, f"{file} has no row {row} that could be read", hint)]
    return lines[0][0], []


def _by_values(key: str, rule: CheckedRule, data: Data) -> Answer:
    name = rule.definition.table
    loaded, schema = data.table(name), table_schemas()[name]
    assert loaded is not None
    asked: list[str] = []
    for pair in key.split(","):
        column, _, text = (part.strip() for part in pair.partition("="))
        if column not in loaded.columns:
            hint = did_you_mean(column, list(loaded.columns))
            return None, [_problem(key, f"{name} has no column '{column}'", hint)]
        known = schema.columns.get(column)
        kind = known.stored if known else KINDS["text"]
        quoted = DUCKDB.quote(column)
        if kind.form == "number":
            try:
                asked.append(f"{quoted} = {Decimal(text):f}")
            except InvalidOperation:
                return None, [_problem(key, f"'{text}' is no number, and {column} holds numbers")]
            continue
        spelled = canonical(known.kind, text, known.words) if known else text
        asked.append(f"CAST({quoted} AS VARCHAR) = {DUCKDB.text(spelled)}")
    lines = _lines(data, name, asked)
    if len(lines) == 1:
        return lines[0][0], []
    if not lines:
        return None, [_problem(key, f"no line of {name} has these values")]
    places = [f"{data.catalog.files[file].name}:{row}" for _, file, row in lines[:_MOST_NAMED]]
    more = ", …" if len(lines) > _MOST_NAMED else ""
    return None, [
        _problem(key, f"{len(lines)} lines have these values", f"name one: {', '.join(places)}{more}")
    ]


def _lines(data: Data, table: str, asked: Sequence[str]) -> list[tuple[int, int, int]]:
    """Number, file and row of each line that fits."""
    loaded = data.catalog.tables.get(table)
    if loaded is None:
        return []
    quote = DUCKDB.quote
    return data.connection.execute(
        f"SELECT rowid, {quote(FILE)}, {quote(ROW)} FROM {quote(table)} WHERE {' AND '.join(asked)} ORDER BY rowid"
    ).fetchall()


def _problem(key: str, what: str, hint: str | None = None) -> Problem:
    return Problem(Where(f"--line {key}"), what, hint)
