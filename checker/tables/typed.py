"""Staged text becomes rows of a typed table; what cannot be typed becomes rejects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from checker.expressions.types import Number
from checker.problems import Problem
from checker.tables import conversion as sql
from checker.tables import rejects
from checker.tables.files import Sums
from checker.tables.formats import Fit
from checker.tables.kinds import EXPONENT, NUMBER
from checker.tables.loaded import AS_READ, FILE, ROW
from checker.tables.measure import Cells, Measure, Measured, measure
from checker.tables.quoting import identifier, literal
from checker.tables.schema import Column, TableSchema
from checker.tables.stacking import Shaped, append
from checker.tables.staging import Staged

BAD = "_bad"
_PLACE, _LINE, _BLANK = '"_place"', '"_line"', '"_blank"'


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of one file, and its money by currency."""

    rows: int
    typed: int
    rejected: int
    money: Mapping[str, Sums]
    problems: tuple[Problem, ...]


def load(
    connection: duckdb.DuckDBPyConnection, staged: Staged, fit: Fit, schema: TableSchema, file: int, name: str
) -> Counted:
    """Adds the staged file to its table. `file` is its place among the files, `name` what the user calls it."""
    cells = [
        Cells(header, schema.columns[column], sql.without(staged.cell(place), fit.format.empty))
        for place, (header, column) in enumerate(zip(staged.header, fit.columns, strict=True))
        if column in schema.columns
    ]
    measured = measure(connection, staged, cells, fit.format, name)
    faults = _faults(cells, measured)
    rejects.add(connection, file, staged.broken)
    blanks, bad = _set_aside(connection, staged, faults, file) if faults else (0, 0)
    append(
        connection,
        schema.name,
        [
            *_shaped(staged, cells, measured, fit, schema),
            Shaped(FILE, "INTEGER", str(file)),
            Shaped(ROW, "BIGINT", staged.row),
        ],
        staged.source,
        f"s.rowid NOT IN (SELECT {_PLACE} FROM {identifier(BAD)})" if blanks or bad else "true",
    )
    money = _money(connection, cells, schema, file, bad > 0)
    lost = len(staged.broken)
    rows = measured.rows - blanks
    return Counted(rows + lost, rows - bad, bad + lost, money, tuple(measured.problems))


@dataclass(frozen=True, slots=True)
class _Fault:
    """A way in which some cells of a column are at fault: SQL that is true for such a row, and the reason as SQL."""

    cells: Cells
    wrong: str
    reason: str


def _faults(cells: Sequence[Cells], measured: Measured) -> list[_Fault]:
    """Only for columns that have such cells: a clean file is not asked again."""
    faults = []
    for each in cells:
        known, kind = measured.columns[each.column.name], each.column.stored
        if known.wrong:
            wrong = sql.wrong(each.text, kind, known.written.styles)
            faults.append(_Fault(each, wrong, _reason(each, known)))
        if each.column.needed and known.filled < measured.rows:
            faults.append(_Fault(each, f"{each.text} IS NULL", literal("empty, and a row needs it")))
    return faults


def _reason(cells: Cells, known: Measure) -> str:
    kind = cells.column.stored
    unlike = literal(f"not {kind.wants}")
    if kind.form == "number":
        spelled = f"{sql.matches(cells.text, NUMBER)} OR {sql.matches(cells.text, EXPONENT)}"
        beyond = literal(
            "not a whole number" if kind.most_scale == 0 else "more digits than can be kept exactly"
        )
        return f"CASE WHEN {spelled} THEN {beyond} ELSE {unlike} END"
    if kind.form == "date" and known.doubt:
        return literal(known.doubt)
    return unlike


def _set_aside(
    connection: duckdb.DuckDBPyConnection, staged: Staged, faults: Sequence[_Fault], file: int
) -> tuple[int, int]:
    """Copies the rows at fault to BAD, once, and their faults to the rejects. Gives the blank rows and the bad."""
    bad = identifier(BAD)
    wrong = " OR ".join(fault.wrong for fault in faults)
    connection.execute(
        f"CREATE OR REPLACE TABLE {bad} AS SELECT s.rowid AS {_PLACE}, {staged.row} AS {_LINE}, "
        f"coalesce({_all_cells(staged)}) IS NULL AS {_BLANK}, s.* FROM {staged.source} WHERE {wrong}"
    )
    for fault in faults:
        values = f"{file}, {_LINE}, {literal(fault.cells.header)}, {fault.cells.text}, {fault.reason}, {_line(staged)}"
        connection.execute(
            f"INSERT INTO {identifier(rejects.TABLE)} SELECT {values} FROM {bad} AS s "
            f"WHERE NOT {_BLANK} AND ({fault.wrong})"
        )
    counts = f"count(*) FILTER (WHERE {_BLANK}), count(*) FILTER (WHERE NOT {_BLANK})"
    blanks, rows = connection.execute(f"SELECT {counts} FROM {bad}").fetchone() or (0, 0)
    return blanks, rows


def _all_cells(staged: Staged) -> str:
    return ", ".join(staged.cell(place) for place in range(len(staged.header)))


def _line(staged: Staged) -> str:
    """The row's text, put together from its cells."""
    quoted = []
    for place in range(len(staged.header)):
        cell = staged.cell(place)
        within = f"""'"' || replace({cell}, '"', '""') || '"'"""
        quoted.append(
            f"CASE WHEN regexp_matches({cell}, '[\",\\n\\r]') THEN {within} ELSE coalesce({cell}, '') END"
        )
    return f"concat_ws(',', {', '.join(quoted)})"


def _shaped(
    staged: Staged, cells: Sequence[Cells], measured: Measured, fit: Fit, schema: TableSchema
) -> list[Shaped]:
    """The columns of the typed table: the schema's in their order, then those that only the file has."""
    by_name = {each.column.name: each for each in cells}
    shaped = []
    for column in schema.columns.values():
        each = by_name.get(column.name)
        if each is not None:
            shaped += _typed(each, measured.columns[column.name], fit)
        else:
            shaped.append(_untold(column, fit.format.constants.get(column.name)))
    for place, name in enumerate(fit.columns):
        if name not in schema.columns:
            shaped.append(Shaped(name, "VARCHAR", staged.cell(place)))
    return shaped


def _typed(each: Cells, known: Measure, fit: Fit) -> list[Shaped]:
    column, kind = each.column, each.column.stored
    if kind.form == "text" and not known.respelled:
        return [Shaped(column.name, "VARCHAR", each.text)]
    days = fit.format.add_days.get(column.name, 0)
    value = sql.value(each.text, kind, known.written, column.words, days)
    number = known.written.number
    shaped = [Shaped(column.name, sql.physical(kind, number), value, number)]
    if known.respelled:
        kept = f"CASE WHEN {each.text} IS DISTINCT FROM {value} THEN {each.text} END"
        shaped.append(Shaped(column.name + AS_READ, "VARCHAR", kept))
    return shaped


def _untold(column: Column, constant: str | None) -> Shaped:
    """A column that the file lacks: the format's constant, or nothing."""
    kind = column.stored
    number = kind.type if isinstance(kind.type, Number) and constant is not None else None
    physical = sql.physical(kind, number)
    if constant is None:
        return Shaped(column.name, physical, f"CAST(NULL AS {physical})")
    value = sql.value(literal(constant), kind, sql.Written(number), column.words)
    return Shaped(column.name, physical, value, number)


def _money(
    connection: duckdb.DuckDBPyConnection, cells: Sequence[Cells], schema: TableSchema, file: int, bad: bool
) -> dict[str, Sums]:
    by_name = {each.column.name: each for each in cells}
    if schema.amount not in by_name or schema.currency not in by_name:
        return {}
    amount, currency = by_name[schema.amount], by_name[schema.currency]
    typed = connection.execute(
        f"SELECT coalesce({identifier(currency.column.name)}, ''), sum({identifier(amount.column.name)}) "
        f"FROM {identifier(schema.name)} WHERE {identifier(FILE)} = {file} GROUP BY 1"
    ).fetchall()
    rejected = []
    if bad:
        readable = (
            f"CASE WHEN NOT {sql.number_wrong(amount.text, amount.column.stored)} "
            f"THEN TRY_CAST({amount.text} AS DECIMAL(38, {amount.column.stored.most_scale})) END"
        )
        spelled = sql.canonical_text(currency.text, currency.column.stored, ())
        rejected = connection.execute(
            f"SELECT coalesce({spelled}, ''), sum({readable}) FROM {identifier(BAD)} AS s "
            f"WHERE NOT {_BLANK} GROUP BY 1"
        ).fetchall()
    found, lost = dict(typed), dict(rejected)
    nothing = Decimal(0)
    return {
        code: Sums(found.get(code) or nothing, _short(lost.get(code) or nothing))
        for code in sorted({*found, *lost})
    }


def _short(amount: Decimal) -> Decimal:
    """Without the zeros that only the width of the sum's column gave it, but with cents."""
    shortened = amount.normalize()
    return shortened.quantize(Decimal("0.01")) if shortened.as_tuple().exponent > -2 else shortened  # type: ignore[operator]
