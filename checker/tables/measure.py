"""What the text of a file's cells needs: how many digits, which style of dates, whether anything is wrong at all.

A clean file is measured in one pass over its typed columns. Only columns that hold something unusual (an exponent,
many decimals, a date that is not ISO) are looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from checker.expressions.types import Number
from checker.problems import Problem, Where
from checker.tables import conversion as sql
from checker.tables.dates import DateStyle, Evidence, decide, rivals
from checker.tables.formats import Format
from checker.tables.kinds import NUMBER
from checker.tables.schema import Column
from checker.tables.staging import Staged


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a file that its table types: the file's header, the table's column, the SQL of a cell."""

    header: str
    column: Column
    text: str


_PLAIN = sql.Written(exponents=False, clocks=False, endless=False)


@dataclass(slots=True)
class Measure:
    """What was found of one column: how many cells are filled, whether any is wrong, whether any is not in its
    canonical form, how they are written. `doubt` says why dates were refused."""

    filled: int = 0
    wrong: bool = False
    respelled: bool = False
    written: sql.Written = _PLAIN
    doubt: str | None = None


@dataclass(slots=True)
class Measured:
    """What was found of a file: its rows, and each typed column by the table's name for it."""

    rows: int
    columns: dict[str, Measure] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def measure(
    connection: duckdb.DuckDBPyConnection, staged: Staged, cells: Sequence[Cells], format: Format, name: str
) -> Measured:
    """Measures the staged file; `name` is the file's, for problems."""
    found = _asked(connection, staged, {"rows": "count(*)"} | _first_questions(cells))
    measured = Measured(found["rows"])
    dates = []
    for each in cells:
        column, kind = each.column.name, each.column.stored
        known = Measure(filled=found[f"{column} filled"])
        measured.columns[column] = known
        if not known.filled:
            if kind.form == "number":
                known.written = replace(_PLAIN, number=Number(kind.least_scale + 1, kind.least_scale))
        elif kind.form == "number":
            odd, fraction, whole = (found[f"{column} {part}"] for part in ("odd", "fraction", "whole"))
            if odd or fraction > kind.least_scale or whole + kind.least_scale > sql.NARROW:
                easy = not odd and fraction <= kind.most_scale and whole <= kind.most_whole
                _measure_number(connection, staged, each, easy, known)
            else:
                number = Number(whole + kind.least_scale, kind.least_scale)
                known.written = replace(_PLAIN, number=number)
        elif kind.form == "date":
            dates.append(each)
        else:
            known.wrong = found.get(f"{column} wrong", 0) > 0
            known.respelled = found.get(f"{column} respelled", 0) > 0
    if dates:
        _measure_dates(connection, staged, dates, format, name, measured)
    return measured


def _first_questions(cells: Sequence[Cells]) -> dict[str, str]:
    asked = {}
    for each in cells:
        cell, kind, name = each.text, each.column.stored, each.column.name
        asked[f"{name} filled"] = f"count({cell})"
        match kind.form:
            case "number":
                asked[f"{name} odd"] = f"count(*) FILTER (WHERE NOT {sql.matches(cell, NUMBER)})"
                asked[f"{name} fraction"] = f"max({sql.fraction_length(cell)})"
                asked[f"{name} whole"] = f"max({sql.whole_length(cell)})"
            case "date":
                pass
            case form:
                if kind.pattern or form == "boolean":
                    asked[f"{name} wrong"] = f"count(*) FILTER (WHERE {sql.wrong(cell, kind, ())})"
                if form == "text" and kind.canonical != "as written":
                    differs = sql.respelled(cell, kind, each.column.words)
                    asked[f"{name} respelled"] = f"count(*) FILTER (WHERE {differs})"
    return asked


def _measure_number(
    connection: duckdb.DuckDBPyConnection, staged: Staged, each: Cells, easy: bool, known: Measure
) -> None:
    """The digits that a column needs. `easy`: none of its cells has an exponent or could be too long."""
    cell, kind = each.text, each.column.stored
    among = "" if easy else f" WHERE {sql.easy(cell, kind)}"
    places, whole = connection.execute(
        f"SELECT max({sql.places(cell)}), max({sql.whole_digits(cell)}) FROM {staged.source}{among}"
    ).fetchone() or (0, 0)
    if not easy:
        plain, wrong = sql.plain(cell, kind), sql.number_wrong(cell, kind)
        count, more_places, more_whole = connection.execute(
            f"SELECT count(*) FILTER (WHERE {wrong}), max({sql.places(plain)}) FILTER (WHERE NOT {wrong}), "
            f"max({sql.whole_digits(plain)}) FILTER (WHERE NOT {wrong}) FROM {staged.source} "
            f"WHERE {cell} IS NOT NULL AND NOT {sql.easy(cell, kind)}"
        ).fetchone() or (0, 0, 0)
        known.wrong = count > 0
        places, whole = max(places or 0, more_places or 0), max(whole or 0, more_whole or 0)
    scale = max(kind.least_scale, places or 0)
    known.written = sql.Written(Number(max(1, whole or 0) + scale, scale), exponents=not easy)


def _measure_dates(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    cells: Sequence[Cells],
    format: Format,
    name: str,
    measured: Measured,
) -> None:
    """Settles each pair of rival styles by the column, then by all the file's dates, then by the format."""
    pairs = rivals(format.styles)
    seen = {each.column.name: _seen(connection, staged, each, format.styles) for each in cells}
    everywhere = [
        sum((days.rivalry[pair] for days in seen.values()), Evidence(0, 0, 0)) for pair in range(len(pairs))
    ]
    for each in cells:
        known, days = measured.columns[each.column.name], seen[each.column.name]
        dropped: set[str] = set()
        for pair, (first, second) in enumerate(pairs):
            own = days.rivalry[pair]
            unsure = next(
                (side for side, style in enumerate((first, second)) if style == format.unsure), None
            )
            choice = decide(own, everywhere[pair], unsure)
            if choice is None:
                known.doubt, problem = _refusal(each.header, own, first, second, name)
                measured.problems.append(problem)
                dropped |= {first.name, second.name}
            else:
                dropped.add((second, first)[choice].name)
        kept = [style for style in format.styles if style.name not in dropped and days.read[style.name]]
        known.wrong = sum(days.read[style.name] for style in kept) < days.values
        known.written = sql.Written(styles=tuple(kept), clocks=days.clocks, endless=days.endless)


@dataclass(frozen=True, slots=True)
class _Days:
    """What the different values of a column of dates say: how many there are, whether any has a clock time or means
    "always" or "no end", how many each style reads, and what speaks for either of two rival styles."""

    values: int
    clocks: bool
    endless: bool
    read: Mapping[str, int]
    rivalry: Sequence[Evidence]


def _seen(
    connection: duckdb.DuckDBPyConnection, staged: Staged, each: Cells, styles: Sequence[DateStyle]
) -> _Days:
    days = {style.name: f'"day {style.name}"' for style in styles}
    endless = " OR ".join(f"NOT ({sql.has_end(day)})" for day in days.values())
    asked = {
        "values": 'count("cell")',
        "clocks": "coalesce(bool_or(contains(\"cell\", ' ')), false)",
        "endless": f"coalesce(bool_or({endless}), false)",
    } | {f"read {style}": f"count({day})" for style, day in days.items()}
    pairs = rivals(styles)
    for pair, (first, second) in enumerate(pairs):
        one, two = days[first.name], days[second.name]
        asked[f"{pair} first"] = f"count(*) FILTER (WHERE {one} IS NOT NULL AND {two} IS NULL)"
        asked[f"{pair} second"] = f"count(*) FILTER (WHERE {two} IS NOT NULL AND {one} IS NULL)"
        asked[f"{pair} differ"] = f"count(*) FILTER (WHERE {one} <> {two})"
        asked[f"{pair} example"] = f'min("cell") FILTER (WHERE {one} <> {two})'
    cell = '"cell"'
    values = ", ".join(f"{sql.date_in(cell, style)} AS {days[style.name]}" for style in styles)
    distinct = f'SELECT DISTINCT {each.text} AS "cell" FROM {staged.source}'
    row = (
        connection.execute(
            f'SELECT {", ".join(asked.values())} FROM (SELECT "cell", {values} FROM ({distinct}))'
        ).fetchone()
        or ()
    )
    found: dict[str, Any] = dict(zip(asked, row, strict=True))
    rivalry = [
        Evidence(*(found[f"{pair} {part}"] for part in ("first", "second", "differ", "example")))
        for pair in range(len(pairs))
    ]
    return _Days(
        found["values"],
        found["clocks"],
        found["endless"],
        {style.name: found[f"read {style.name}"] for style in styles},
        rivalry,
    )


def _refusal(
    header: str, own: Evidence, first: DateStyle, second: DateStyle, name: str
) -> tuple[str, Problem]:
    hint = "write the dates as YYYY-MM-DD, or say in a format of your own how they are written: dates, unsure"
    if own.only_first or own.only_second:
        what = f"{header} holds dates both as {first.name} and as {second.name}"
        return f"the column holds dates both as {first.name} and as {second.name}", Problem(
            Where(name), what, hint
        )
    one, two = _read(own.example, first), _read(own.example, second)
    readings = f"{own.example} is {one} as {first.name} and {two} as {second.name}"
    what = f"{header}: {readings}, and no cell decides"
    return f"{readings}, and no cell of the column decides", Problem(Where(name), what, hint)


def _read(text: str | None, style: DateStyle) -> str:
    """An example in one style, as ISO: both styles hold day, month and year in their own order."""
    parts = [part.zfill(2) for part in (text or "").split(" ")[0].replace("-", "/").split("/")]
    order = [sign.lower() for sign in (style.parse or "") if sign.isalpha()]
    named = dict(zip(order, parts, strict=False))
    year = named.get("y", "")
    return f"{year if len(year) == 4 else '20' + year}-{named.get('m')}-{named.get('d')}"


def _asked(connection: duckdb.DuckDBPyConnection, staged: Staged, asked: Mapping[str, str]) -> dict[str, Any]:
    """The answers to several questions about all rows, in one pass."""
    row = connection.execute(f"SELECT {', '.join(asked.values())} FROM {staged.source}").fetchone() or ()
    return dict(zip(asked, row, strict=True))
