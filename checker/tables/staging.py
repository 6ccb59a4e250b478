"""A delimited file becomes a table of the engine in which every cell is text and every row knows its line.

Two ways. The engine reads a regular file by itself, in parallel; that holds when rows and rejected rows add up to
the lines that `files.look` counted, so that no blank line and no line break inside a cell has shifted a number.
Any other file is first written anew, record by record, with the line number as a column of its own.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from checker.tables.files import Look
from checker.tables.quoting import identifier, literal
from checker.tables.records import Broken, Record, open_text, records, separator_of

STAGE = "_stage"
LINES = "_lines"
_ERRORS, _SCANS = "_csv_errors", "_csv_scans"
_GLOB = frozenset("*?[{")

_REASONS = {
    "TOO MANY COLUMNS": "the row has more cells than the header",
    "TOO FEW COLUMNS": "the row has fewer cells than the header",
    "UNQUOTED VALUE": "a quote is opened and not closed",
    "LINE SIZE OVER MAXIMUM": "the row is too long to be read",
    "INVALID ENCODING": "the row holds bytes that are no text",
}


@dataclass(frozen=True, slots=True)
class Staged:
    """A file's cells as text, in the table STAGE: columns c0, c1, … in the order of `header`.

    `source` is what to select from and `row` the expression of a row's line number in it. `broken` are the rows
    that could not be told apart into cells: line number, reason, text.
    """

    header: tuple[str, ...]
    source: str
    row: str
    broken: tuple[tuple[int, str, str], ...]

    def cell(self, place: int) -> str:
        return f"s.{cell(place)}"


def cell(place: int) -> str:
    """The name of a column of STAGE."""
    return identifier(f"c{place}")


def header_of(path: Path, look: Look) -> tuple[tuple[str, ...], str, bool]:
    """The header's names, what separates cells, and whether it is the file's first line, alone on it."""
    separator = separator_of(path, look.encoding)
    with open_text(path, look.encoding) as text:
        for record in records(text, separator):
            if isinstance(record, Broken):
                break
            names = tuple(name.strip() for name in record.cells)
            return names, separator, record.number == 1 and record.lines == 1
    return (), separator, False


def stage(connection: duckdb.DuckDBPyConnection, path: Path, look: Look) -> Staged:
    """Reads the file into STAGE. A file without a header gives an empty one and no table."""
    header, separator, plain = header_of(path, look)
    if not header:
        return Staged((), "", "", ())
    if plain and look.even and look.encoding == "utf-8" and not _GLOB & set(str(path)):
        staged = _directly(connection, path, header, separator, look)
        if staged is not None:
            return staged
    return _rewritten(connection, path, header, separator, look)


def _read_csv(path: Path, columns: Sequence[str], separator: str, *options: str) -> str:
    shape = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    fixed = (
        f"{literal(str(path))}, columns = {{{shape}}}, auto_detect = false, delim = {literal(separator)}, "
        "quote = '\"', escape = '\"'"
    )
    return f"read_csv({', '.join((fixed, *options))})"


def _directly(
    connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], separator: str, look: Look
) -> Staged | None:
    _drop_errors(connection)
    source = _read_csv(
        path,
        [f"c{place}" for place in range(len(header))],
        separator,
        "header = false",
        "skip = 1",
        "null_padding = true",
        "store_rejects = true",
        f"rejects_table = {literal(_ERRORS)}",
        f"rejects_scan = {literal(_SCANS)}",
    )
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {identifier(STAGE)} AS SELECT * FROM {source}")
        found = connection.execute(
            f'SELECT "line", min("error_type"), min("csv_line") FROM {identifier(_ERRORS)} GROUP BY 1 ORDER BY 1'
        ).fetchall()
    except duckdb.Error:
        return None
    finally:
        _drop_errors(connection)
    (rows,) = connection.execute(f"SELECT count(*) FROM {identifier(STAGE)}").fetchone() or (0,)
    if rows + len(found) + 1 != look.lines:
        return None
    broken = tuple(
        (
            line,
            _REASONS.get(str(kind), "the row cannot be told apart into cells"),
            (text or "").rstrip("\r\n"),
        )
        for line, kind, text in found
    )
    return _numbered(connection, header, broken)


def _drop_errors(connection: duckdb.DuckDBPyConnection) -> None:
    for table in (_ERRORS, _SCANS):
        connection.execute(f"DROP TABLE IF EXISTS {identifier(table)}")


def _numbered(
    connection: duckdb.DuckDBPyConnection, header: tuple[str, ...], broken: tuple[tuple[int, str, str], ...]
) -> Staged:
    """The line of a row is its place in the table, and the rejected lines before it."""
    if not broken:
        return Staged(header, f"{identifier(STAGE)} AS s", "s.rowid + 2", broken)
    # Between the i-th rejected line and the next, i lines are missing from the table.
    firsts = [line - 2 - place for place, (line, _, _) in enumerate(broken)]
    bounds = [0, *firsts, None]
    spans = [
        (first, following, shift)
        for shift, (first, following) in enumerate(pairwise(bounds))
        if following is None or following > (first or 0)
    ]
    connection.execute(
        f'CREATE OR REPLACE TABLE {identifier(LINES)} ("first" BIGINT, "next" BIGINT, "shift" BIGINT)'
    )
    last = 1 << 62
    connection.executemany(
        f"INSERT INTO {identifier(LINES)} VALUES (?, ?, ?)",
        [(first, last if following is None else following, shift) for first, following, shift in spans],
    )
    source = f'{identifier(STAGE)} AS s JOIN {identifier(LINES)} AS l ON s.rowid >= l."first" AND s.rowid < l."next"'
    return Staged(header, source, 's.rowid + 2 + l."shift"', broken)


def _rewritten(
    connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], separator: str, look: Look
) -> Staged:
    broken: list[tuple[int, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "rows.csv"
        with open_text(path, look.encoding) as text, clean.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(
                _regular(records(text, separator), len(header), broken)
            )
        names = ["row", *(f"c{place}" for place in range(len(header)))]
        source = _read_csv(clean, names, ",", "header = false", "parallel = false", "new_line = '\\n'")
        connection.execute(f"CREATE OR REPLACE TABLE {identifier(STAGE)} AS SELECT * FROM {source}")
    return Staged(header, f"{identifier(STAGE)} AS s", 'CAST(s."row" AS BIGINT)', tuple(broken))


def _regular(
    found: Iterator[Record | Broken], width: int, broken: list[tuple[int, str, str]]
) -> Iterator[list[str | int]]:
    """The rows behind the header, each with its line number and as wide as the header; others go to `broken`."""
    next(found)
    for record in found:
        if isinstance(record, Broken):
            broken.append((record.number, record.reason, record.text))
            continue
        cells = record.cells
        if any(cells[width:]):
            reason = f"the row has {len(cells)} cells, the header {width}"
            broken.append((record.number, reason, record.text))
        else:
            yield [record.number, *cells[:width], *[""] * (width - len(cells))]
