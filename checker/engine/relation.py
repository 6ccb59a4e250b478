"""Lines as a pipeline reads them: the columns that a rule needs, each with the digits that the data has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from checker.engine.compiler import Compiler, Sql, literal
from checker.engine.dialects.dialect import Dialect
from checker.engine.pipeline import Pipeline
from checker.expressions import Binding, Typed
from checker.expressions.typed import Apply, Read, parts, reads
from checker.expressions.types import NULL, TEXT, ListOf, Number, Type
from checker.tables import LoadedTable

LINE = "#line"
"""The engine's own row id of a line: files in their order, lines in the order of the file."""


@dataclass(slots=True)
class Frame:
    """A pipeline with the names that its columns hold. Constants of the run are literals, wherever they are read."""

    pipeline: Pipeline
    constants: Mapping[str, Binding]
    columns: dict[str, Sql] = field(default_factory=dict)
    lets: dict[str, Typed] = field(default_factory=dict)

    @property
    def compiler(self) -> Compiler:
        return Compiler(self.pipeline, self.column)

    def column(self, name: str) -> Sql:
        """The column of a name, or the constant that it stands for; null where the contract does not say."""
        if name in self.columns:
            return self.columns[name]
        bound = self.constants[name]
        kind = NULL if isinstance(bound.type, ListOf) else bound.type
        return Sql(literal(bound.constant, kind, self.pipeline.dialect), kind, 0, True)

    def add(self, name: str, value: Sql) -> None:
        """Give a value a column and a name."""
        level = self.pipeline.add(name, value.text, value.level)
        self.columns[name] = Sql(self.pipeline.dialect.quote(name), value.type, level, True)

    def let(self, name: str, typed: Typed) -> None:
        """A named value."""
        self.add(name, self.compiler.compile(typed))
        self.lets[name] = typed

    def cause(self, typed: Typed) -> str | None:
        """SQL of the reason why a tree is null; a let's own reason is a column, so that none is written twice."""
        for name in reads(typed):
            if name in self.lets and f"cause of {name}" not in self.columns:
                own = self.cause(self.lets[name])
                if own is not None:
                    self.explain(name, own)
        return Compiler(self.pipeline, self.column, self._let_cause).cause(typed)

    def explain(self, name: str, cause: str) -> str:
        """Keep SQL of the reason why a name is null, as a column; gives the column."""
        self.add(f"cause of {name}", Sql(cause, TEXT, self.pipeline.level))
        return self.columns[f"cause of {name}"].text

    def _let_cause(self, name: str) -> str | None:
        column = self.columns.get(f"cause of {name}")
        return None if column is None else column.text


def line_source(table: LoadedTable, needed: Iterable[str], dialect: Dialect) -> str:
    """A SELECT of a table's needed columns, with LINE and, where a file spells one otherwise, its text as read."""
    quote = dialect.quote
    chosen = [f"rowid AS {quote(LINE)}"]
    for name in sorted(set(needed)):
        column = table.columns[name]
        kind = dialect.types(column.type) if isinstance(column.type, Number) else None
        text = f"CAST({quote(name)} AS {kind})" if kind else quote(name)
        chosen.append(f"{text} AS {quote(name)}")
        if column.as_read:
            chosen.append(quote(column.as_read))
    return f"(SELECT {', '.join(chosen)} FROM {quote(table.name)})"


def line_columns(
    table: LoadedTable, needed: Iterable[str], dialect: Dialect, prefix: str = ""
) -> dict[str, Sql]:
    """The columns of such a source, by the name that a rule gives them."""
    return {
        prefix + name: Sql(dialect.quote(prefix + name), table.columns[name].type, 0, True)
        for name in sorted(set(needed))
    }


@dataclass(frozen=True, slots=True)
class Aggregate:
    """sum, count, min or max over a column of a group or of one of its parts, and the name under which it is made."""

    function: str
    part: str
    column: str
    read: Read

    @property
    def name(self) -> str:
        return f"{self.function}({self.read.name})"


def aggregates(trees: Iterable[Typed]) -> list[Aggregate]:
    """Every aggregate in some trees, each once."""
    found: dict[str, Aggregate] = {}
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        waiting.extend(parts(node))
        if (
            isinstance(node, Apply)
            and isinstance(node.operands[0], Read)
            and isinstance(node.operands[0].type, ListOf)
        ):
            read = node.operands[0]
            part, _, column = read.name.rpartition(".")
            one = Aggregate(node.key, part, column, read)
            found[one.name] = one
    return [found[name] for name in sorted(found)]


def aggregate_sql(
    wanted: Iterable[Aggregate],
    column_of: Callable[[Aggregate], str],
    kept: Callable[[Aggregate], str],
    dialect: Dialect,
) -> dict[str, tuple[str, Sql]]:
    """For each aggregate, and for the cause of its being null: the SQL that makes it, and the column that holds it."""
    made: dict[str, tuple[str, Sql]] = {}
    for one in wanted:
        column, condition = column_of(one), kept(one)
        condition = f" FILTER (WHERE {condition})" if condition else ""
        text = dialect.aggregates[one.function](column, condition)
        item = one.read.type.item if isinstance(one.read.type, ListOf) else one.read.type
        kind: Type = item
        if one.function == "count":
            kind = Number(10, 0)
        elif one.function == "sum" and isinstance(item, Number):
            kind = Number(item.digits + 10, item.scale)
        if isinstance(kind, Number):
            text = f"CAST({text} AS {dialect.types(kind)})"
        made[one.name] = text, Sql(dialect.quote(one.name), kind, 0, True)
        if one.function != "count":
            cause, name = f"cause of {one.name}", one.read.name
            empty = f"count(*){condition} - count({column}){condition}"
            words = dialect.text(f" values of {name} are empty")
            nothing = dialect.text(f"{name} has no lines")
            reason = (
                f"CASE WHEN {empty} > 0 THEN CAST({empty} AS VARCHAR) || ' of ' || "
                f"CAST(count(*){condition} AS VARCHAR) || {words} WHEN count(*){condition} = 0 THEN {nothing} END"
            )
            made[cause] = reason, Sql(dialect.quote(cause), TEXT, 0, True)
    return made
