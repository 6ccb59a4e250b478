"""The typed tables of a run, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from checker.problems import Problem, Where, did_you_mean, errors
from checker.tables import rejects
from checker.tables.files import InputFile, Look, Source, find, look
from checker.tables.formats import Fit, Format, formats, read_formats, recognise
from checker.tables.headers import unique
from checker.tables.loaded import LoadedTable, create_empty, described
from checker.tables.quoting import identifier
from checker.tables.rejects import Reject
from checker.tables.rows import Cell, take
from checker.tables.schema import table_schemas
from checker.tables.staging import LINES, STAGE, Staged, header_of, stage
from checker.tables.typed import BAD, Counted, load

Progress = Callable[[str, int, int], None]
"""Told after each file: its name, the bytes that are done, the bytes in all."""

_WANTED = "give the exports as CSV files: the reconciliation file, the price list, the daily rated usage"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Typed tables in an engine. `tables` has those that a file fed; `empty` makes any other of the schema's.

    An error among the problems means that the data must not be judged: something was named that is not in it.
    """

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, LoadedTable]
    files: tuple[InputFile, ...]
    problems: tuple[Problem, ...]

    def rejects(self) -> Iterator[Reject]:
        """Every reason why a row was set aside, in the order of files and rows."""
        return rejects.stream(self.connection, [file.name for file in self.files])

    def empty(self, name: str) -> LoadedTable:
        """The table of that name without rows, made in the engine; for a lookup into what nobody supplied."""
        create_empty(self.connection, table_schemas()[name])
        return described(self.connection, table_schemas()[name])


def read(
    paths: Sequence[Path],
    overrides: Mapping[Path, str] | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    progress: Progress | None = None,
    format_files: Sequence[Path] = (),
) -> Catalog:
    """Reads files and folders into typed tables, each file recognised by its header.

    `overrides` says of a file which table it is; `format_files` are further formats. Tables of the schema that the
    connection already has are replaced.
    """
    connection = connection or duckdb.connect()
    own, problems = read_formats(list(format_files))
    found = find(paths, overrides or {})
    reading = _Reading(connection, (*own, *formats()), [*problems, *found.problems])
    reading.clear()
    sizes = [source.path.stat().st_size for source in found.sources]
    done = 0
    for source, size in zip(found.sources, sizes, strict=True):
        reading.read(source)
        done += size
        if progress is not None:
            progress(source.name, done, sum(sizes))
    catalog = reading.catalog()
    if catalog.files or errors(catalog.problems):
        return catalog
    nothing = Problem(Where(", ".join(map(str, paths))), "no file here could be read as data", _WANTED)
    return replace(catalog, problems=(*catalog.problems, nothing))


def from_rows(
    tables: Mapping[str, Sequence[Mapping[str, Cell]]], connection: duckdb.DuckDBPyConnection | None = None
) -> Catalog:
    """Typed tables of rows written down as values, as strictly as files are read; rows count from 1.

    Tables of the same names that the connection already has are replaced, and so are its rejects. A name that is no
    table raises KeyError.
    """
    connection = connection or duckdb.connect()
    rejects.prepare(connection)
    loaded, files = {}, []
    for place, (name, rows) in enumerate(tables.items()):
        taken = take(connection, table_schemas()[name], rows, place)
        loaded[name] = taken.table
        files.append(
            InputFile(
                name=f"rows of {name}",
                path=Path(name),
                size=0,
                sha256="",
                format="rows",
                table=name,
                confidence=1.0,
                rows=len(rows),
                typed=taken.table.rows,
                rejected=len(rows) - taken.table.rows,
                columns={column: column for column in taken.columns},
                money={},
            )
        )
    return Catalog(connection, loaded, tuple(files), ())


class _Reading:
    """One run of reading, file after file."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, known: Sequence[Format], problems: list[Problem]
    ) -> None:
        self._connection = connection
        self._known = known
        self._problems = problems
        self._files: list[InputFile] = []

    def clear(self, names: Sequence[str] | None = None) -> None:
        for name in (STAGE, LINES, BAD, *(table_schemas() if names is None else names)):
            self._connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
        rejects.prepare(self._connection)

    def catalog(self) -> Catalog:
        for name in (STAGE, LINES, BAD):
            self._connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
        names = dict.fromkeys(file.table for file in self._files)
        tables = {name: described(self._connection, table_schemas()[name]) for name in names}
        return Catalog(self._connection, tables, tuple(self._files), tuple(self._problems))

    def read(self, source: Source) -> None:
        where = Where(source.name)
        if source.table is not None and source.table not in table_schemas():
            known = list(table_schemas())
            hint = did_you_mean(source.table, known) or f"the tables are {', '.join(known)}"
            self._problems.append(Problem(where, f"no table is called {source.table!r}", hint))
            return
        try:
            seen = look(source.path)
            fitting = self._fitting(source, seen)
            if fitting is not None:
                staged = stage(self._connection, source.path, seen)
                self._load(source, seen, staged, fitting)
        except (OSError, UnicodeError, duckdb.Error) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._problems.append(Problem(where, f"cannot be read: {reason}"))

    def _fitting(self, source: Source, seen: Look) -> Fit | None:
        """The layout of a file, or None with the problem that keeps it from being read."""
        where = Where(source.name)
        twin = next((file.name for file in self._files if file.sha256 == seen.sha256), None)
        header: tuple[str, ...] = ()
        if twin is None and seen.size and not seen.binary:
            header, _, _ = header_of(source.path, seen)
        match twin, header:
            case str(), _:
                self._note(where, f"the same file as {twin}; it is read once")
            case _ if seen.binary:
                self._problems.append(Problem(where, "is no text", "export it as CSV"))
            case _, ():
                self._problems.append(Problem(where, "is empty: not even a header", "export it again"))
            case _:
                recognition = recognise(header, self._known, source.table, source.path.name)
                if recognition.fit is not None:
                    return recognition.fit
                # What nobody named and nothing resembles may lie in a folder; it is told, and stops nothing.
                strict = source.named or recognition.known_layout
                severity = "error" if strict else "warning"
                self._problems.append(Problem(where, recognition.what, recognition.hint, severity))  # type: ignore[arg-type]
        return None

    def _note(self, where: Where, what: str) -> None:
        self._problems.append(Problem(where, what, None, "warning"))

    def _load(self, source: Source, seen: Look, staged: Staged, fitting: Fit) -> None:
        schema = table_schemas()[fitting.format.table]
        counted = load(self._connection, staged, fitting, schema, len(self._files), source.name)
        self._problems += counted.problems
        self._keep(source.name, source.path, seen.size, seen.sha256, staged.header, fitting, counted)
        if counted.rejected:
            what = f"{counted.rejected} of {counted.rows} rows could not be read and are set aside"
            self._note(Where(source.name), what)

    def _keep(
        self,
        name: str,
        path: Path,
        size: int,
        sha256: str,
        header: Sequence[str],
        fitting: Fit,
        counted: Counted,
    ) -> None:
        self._files.append(
            InputFile(
                name,
                path,
                size,
                sha256,
                fitting.format.name,
                fitting.format.table,
                fitting.confidence,
                counted.rows,
                counted.typed,
                counted.rejected,
                dict(zip(unique(header), fitting.columns, strict=True)),
                counted.money,
            )
        )
