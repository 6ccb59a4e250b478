"""Formats: how one vendor's layout of a file becomes a table, and how a file's layout is told from its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from checker import resources, schemas, yamlfile
from checker.problems import Problem, did_you_mean, draw
from checker.tables.dates import STYLES, DateStyle
from checker.tables.headers import normal, snake_case, spellings, unique
from checker.tables.schema import TableSchema, table_schemas

OWN = "own"
_EVERY_TABLE = "each"
_RESPELLED = 0.9
"""What a header counts that is a column's name but for its spelling."""
_LIKELY = 0.5
"""A header below this confidence is of no layout that is known."""
_NEAR = 0.02
"""Two layouts whose confidence differs by less fit equally well."""


@dataclass(frozen=True, slots=True)
class Format:
    """One layout of a file. `required` and `optional` are its own header names; `aliases` lead from a normalised
    header name to the table's column where the two differ."""

    name: str
    title: str
    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    styles: tuple[DateStyle, ...] = (STYLES["iso"],)
    unsure: DateStyle | None = None
    empty: tuple[str, ...] = ()
    add_days: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a header fits a format. `columns` are the table's columns in the order of the header (an unknown one
    under a name of its own), `missing` the required names that it lacks; `coverage` is the share of the header that
    the format knows, `confidence` the same, halved where something required is missing. Both run from 0 to 1."""

    format: Format
    coverage: float
    columns: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def confidence(self) -> float:
        return self.coverage / 2 if self.missing else self.coverage


@cache
def formats() -> tuple[Format, ...]:
    """The shipped formats, those of the tables' own column names last. A broken one raises ValueError."""
    found, problems = read_formats(sorted(resources.folder("schemas").glob("formats/*.yaml")))
    if problems:
        raise ValueError(draw(problems))
    return tuple(sorted(found, key=lambda format: format.name == OWN))


def read_formats(paths: Sequence[Path]) -> tuple[list[Format], list[Problem]]:
    """The formats of these files, and everything that is wrong with them."""
    found: list[Format] = []
    problems: list[Problem] = []
    for path in paths:
        file, wrong = yamlfile.read(path)
        if file is not None and not wrong:
            wrong = schemas.validate(file, schemas.load("format")) or _names(file)
            if not wrong:
                found += _formats(file.value)
        problems += wrong
    return found, problems


def _names(file: yamlfile.YamlFile) -> list[Problem]:
    """Tables and columns that a format names and that are none."""
    value = file.value
    assert isinstance(value, Mapping)
    name = value["table"]
    if name == _EVERY_TABLE:
        return []
    tables = table_schemas()
    if name not in tables:
        return [
            Problem(file.where("table"), f"no table is called {name!r}", did_you_mean(name, list(tables)))
        ]
    columns = list(tables[name].columns)
    named = [(("aliases", alias), column) for alias, column in value.get("aliases", {}).items()]
    named += [
        ((part, column), column) for part in ("add_days", "constants") for column in value.get(part, {})
    ]
    return [
        Problem(file.where(*path), f"{name} has no column {column!r}", did_you_mean(column, columns))
        for path, column in named
        if column not in columns
    ]


def _formats(value: object) -> list[Format]:
    assert isinstance(value, Mapping)
    header, dates = value["header"], value.get("dates", {"styles": ["iso"]})
    schemas_of = table_schemas()
    tables = list(schemas_of) if value["table"] == _EVERY_TABLE else [value["table"]]
    return [
        Format(
            name=value["format"],
            title=value["title"]
            if value["table"] != _EVERY_TABLE
            else f"{table} in checker's own column names",
            table=table,
            required=tuple(header.get("required", schemas_of[table].needed)),
            optional=tuple(header.get("optional", schemas_of[table].columns)),
            aliases={normal(alias): column for alias, column in value.get("aliases", {}).items()},
            styles=tuple(STYLES[style] for style in dates["styles"]),
            unsure=STYLES[dates["unsure"]] if "unsure" in dates else None,
            empty=tuple(value.get("empty", ())),
            add_days=value.get("add_days", {}),
            constants=value.get("constants", {}),
        )
        for table in tables
    ]


def fit(header: Sequence[str], format: Format, schema: TableSchema) -> Fit:
    """How well a header fits a format, and which column each of its names becomes.

    A name counts in full where it is spelled as the format spells it, a little less where only letters and digits
    agree, and nothing where the format does not know it. The coverage is the mean over the header.
    """
    spelled = {*format.required, *format.optional}
    respelled = {normal(name) for name in spelled}
    known = {normal(column): column for column in schema.columns} | dict(format.aliases)
    columns: list[str] = []
    unknown: list[int] = []
    score = 0.0
    for place, name in enumerate(header):
        column = next((known[spelling] for spelling in spellings(name) if spelling in known), None)
        if column is None or column in columns:
            unknown.append(place)
            columns.append(snake_case(name))
        else:
            columns.append(column)
        if name.strip() in spelled:
            score += 1.0
        elif column is not None or normal(name) in respelled:
            score += _RESPELLED
    kept = [column for place, column in enumerate(columns) if place not in unknown]
    renamed = unique([columns[place] for place in unknown], [*kept, *schema.columns])
    for place, name in zip(unknown, renamed, strict=True):
        columns[place] = name
    present = {spelling for name in header for spelling in spellings(name)}
    missing = tuple(
        name
        for name in format.required
        if normal(name) not in present and known.get(normal(name)) not in kept
    )
    return Fit(format, score / max(len(header), 1), tuple(columns), missing)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a header is taken for: one fit, or why there is none and what would help."""

    fit: Fit | None
    what: str = ""
    hint: str | None = None
    known_layout: bool = False


def recognise(
    header: Sequence[str], candidates: Sequence[Format], table: str | None = None, file: str = ""
) -> Recognition:
    """The format of a file with this header. `table` restricts it to one table, as the user's `--as` does; `file` is
    the file's name, which decides where the header fits two tables equally well."""
    tables = table_schemas()
    fits = sorted(
        (fit(header, format, tables[format.table]) for format in candidates if table in (None, format.table)),
        key=lambda found: (-found.coverage, len(found.missing) if table else 0),
    )
    whole = [found for found in fits if not found.missing and (table or found.coverage >= _LIKELY)]
    if whole and not _outdone(whole[0], fits[0]):
        equals = [found for found in whole if whole[0].coverage - found.coverage < _NEAR]
        best = next((found for found in equals if _named_for(file, found)), whole[0])
        # The vendor's layout and the table's own names differ in spelling alone.
        rivals = [found for found in equals if found is not best and not _is_own_twin(found, best)]
        if table is not None or not rivals or _named_for(file, best):
            return Recognition(best)
        names = " and ".join(f"{each.format.title} ({each.format.table})" for each in (best, *rivals))
        hint = f"say which table it is: --as {best.format.table}=FILE"
        return Recognition(None, f"fits equally well as {names}", hint, True)
    if not fits:
        return Recognition(None, "has no layout that could be tried")
    best = fits[0]
    lacks = ", ".join(best.missing)
    if table or (best.coverage >= _LIKELY and len(best.missing) <= max(1, len(best.format.required) // 3)):
        near = [near for name in best.missing if (near := _nearest(name, header))]
        what = f"looks like {best.format.title} ({best.format.table}) and lacks the column {lacks}"
        return Recognition(None, what, "; ".join(near) or "export it again with that column", True)
    nearest = "; ".join(f"{each.format.title} ({each.format.table}) lacks {_some(each)}" for each in fits[:2])
    return Recognition(
        None,
        "has a header of no known layout",
        f"nearest: {nearest}. If it is one of checker's tables, say which: --as TABLE=FILE",
    )


def _named_for(file: str, found: Fit) -> bool:
    """Whether a file's name begins with the name of the table: invoice_lines-2026-02.csv."""
    return normal(file).startswith(normal(found.format.table))


def _is_own_twin(found: Fit, best: Fit) -> bool:
    return found.format.name == OWN and found.format.table == best.format.table


def _outdone(whole: Fit, nearest: Fit) -> bool:
    """Whether another table knows more of the header, though something that its rows need is missing: an export of
    charges whose subtotal is misspelt is no list of invoices."""
    return nearest.format.table != whole.format.table and nearest.coverage - whole.coverage >= _NEAR


def _nearest(missing: str, header: Sequence[str]) -> str | None:
    near = did_you_mean(snake_case(missing), [snake_case(name) for name in header])
    if near is None:
        return None
    found = next(name for name in header if repr(snake_case(name)) in near)
    return f"is {found!r} meant to be {missing}?"


def _some(found: Fit) -> str:
    names = ", ".join(found.missing[:4])
    return (
        f"{names} and {len(found.missing) - 4} more"
        if len(found.missing) > 4
        else names or "nothing, but little of it fits"
    )
