"""Lookups as joins: at most one row a line, with the number of rows that matched beside it.

Where the other table can hold at most one match (its keys are unique, or its periods do not overlap), a plain join
does. Where several could match, the matches are counted line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checker.engine.compiler import Sql
from checker.engine.data import Data
from checker.engine.pipeline import Pipeline
from checker.engine.relation import LINE, Frame, aggregate_sql, aggregates
from checker.expressions.typed import Apply, Typed, reads
from checker.expressions.types import Number, Type
from checker.rulebook.checked import TypedLookup

FOUND = "#found"
"""How many rows a lookup matched, as a column `<lookup>.#found`; null where none."""

_EVER, _NEVER = "DATE '0001-01-01'", "DATE '9999-12-31'"


def join(frame: Frame, lookup: TypedLookup, data: Data, read: Iterable[str]) -> None:
    """Add a lookup to a pipeline; `read` are the names that the rule reads of it (`term.unit_price`)."""
    _Join(frame, lookup, data, read).add()


class _Join:
    def __init__(self, frame: Frame, lookup: TypedLookup, data: Data, read: Iterable[str]) -> None:
        self._frame = frame
        self._typed = lookup
        self._lookup = lookup.lookup
        self._data = data
        self._quote = frame.pipeline.dialect.quote
        self._dialect = frame.pipeline.dialect
        prefix = f"{self._lookup.name}."
        table = data.table(self._lookup.source)
        assert table is not None
        self._table = table
        self._wanted = sorted({name.removeprefix(prefix) for name in read if name.startswith(prefix)})
        ours = [self._repeatable(frame.compiler.compile(typed)) for _, typed in lookup.match]
        self._match = list(zip([column for column, _ in lookup.match], ours, strict=True))
        self._day = None if lookup.day is None else self._repeatable(frame.compiler.compile(lookup.day))

    def add(self) -> None:
        pipeline = self._frame.pipeline
        if self._lookup.take:
            select, types = self._taken(), {n: t.type for n, t in self._typed.take.items()}
        elif self._typed.when is not None or self._lookup.overlaps is not None or not self._at_most_one():
            select, types = self._counted(), self._types(self._wanted)
        else:
            select, types = self._plain(), self._types(self._wanted)
        level = pipeline.step(select)
        for name in (*self._wanted, FOUND) if not self._lookup.take else (*self._typed.take, FOUND):
            kind = types.get(name, Number(10, 0))
            column = f"{self._lookup.name}.{name}"
            self._frame.columns[column] = Sql(self._quote(column), kind, level, True)

    # a plain join

    def _plain(self) -> Callable[[str], str]:
        right, conditions = self._collapsed()
        several = self._lookup.if_several == "null"
        made = []
        for name in self._wanted:
            text = f"t.{self._quote(name)}"
            text = f"CASE WHEN t.{self._quote(FOUND)} = 1 THEN {text} END" if several else text
            made.append(f"{text} AS {self._named(name)}")
        made.append(f"t.{self._quote(FOUND)} AS {self._named(FOUND)}")
        on = " AND ".join(conditions) or "TRUE"
        return lambda before: f"SELECT i.*, {', '.join(made)} FROM {before} i LEFT JOIN {right} t ON {on}"

    def _collapsed(self) -> tuple[str, list[str]]:
        """The other table with one row for each set of keys (and date), and the conditions of the join."""
        keys = [column for column, _ in self._match]
        during, latest = self._lookup.during, self._lookup.latest
        conditions = [f"t.{self._quote(column)} = i.{ours.text}" for column, ours in self._match]
        if during is not None and self._day is not None:
            conditions += self._in_force(self._day.text)
            chosen = self._chosen({*keys, *self._wanted, during.start, during.end})
            return (
                f"(SELECT {chosen}, 1 AS {self._quote(FOUND)} FROM {self._quote(self._table.name)})",
                conditions,
            )
        grouped = [*keys, *([latest.column] if latest else [])]
        others = sorted({*self._wanted} - {*grouped})
        made = [*(self._typed_column(name) for name in dict.fromkeys(grouped))]
        made += [f"min({self._cast(name)}) AS {self._quote(name)}" for name in others]
        made.append(f"count(*) AS {self._quote(FOUND)}")
        places = ", ".join(str(at + 1) for at in range(len(dict.fromkeys(grouped))))
        group = f" GROUP BY {places}" if grouped else ""
        right = f"(SELECT {', '.join(made)} FROM {self._quote(self._table.name)}{group})"
        if not grouped:
            right = f"(SELECT * FROM {right} WHERE {self._quote(FOUND)} > 0)"
        if latest is not None and self._day is not None:
            date = self._quote(latest.column)
            over = f"PARTITION BY {', '.join(map(self._quote, keys))} " if keys else ""
            following = f'lead({date}) OVER ({over}ORDER BY {date}) AS "#next"'
            right = f"(SELECT *, {following} FROM {right} WHERE {date} IS NOT NULL)"
            conditions.append(f"t.{date} <= i.{self._day.text}")
            conditions.append(f'(t."#next" IS NULL OR t."#next" > i.{self._day.text})')
        return right, conditions

    def _in_force(self, day: str) -> list[str]:
        """A row is in force from its first to its last day; on an unknown day none is."""
        during = self._lookup.during
        assert during is not None
        start, end = self._quote(during.start), self._quote(during.end)
        within = (f"(t.{start} IS NULL OR t.{start} <= i.{day})", f"(t.{end} IS NULL OR t.{end} >= i.{day})")
        return [f"i.{day} IS NOT NULL", *within]

    def _at_most_one(self) -> bool:
        """Whether no two rows of the same keys are in force on one day. Without `during`, equal rows are collapsed."""
        during = self._lookup.during
        if during is None:
            return True
        keys = ", ".join(self._quote(column) for column, _ in self._match)
        start = f"coalesce({self._quote(during.start)}, {_EVER})"
        end = f"coalesce({self._quote(during.end)}, {_NEVER})"
        over = f"{'PARTITION BY ' + keys + ' ' if keys else ''}ORDER BY {start}, {end}"
        before = f"max({end}) OVER ({over} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        known = " AND ".join(f"{self._quote(column)} IS NOT NULL" for column, _ in self._match) or "TRUE"
        return not self._data.holds(
            f"SELECT 1 FROM (SELECT {start} AS starts, {before} AS ended FROM {self._quote(self._table.name)} "
            f"WHERE {known}) WHERE starts <= ended LIMIT 1"
        )

    # matches counted line by line

    def _counted(self) -> Callable[[str], str]:
        made = [f"min({self._named(name)}) AS {self._named(name)}" for name in self._wanted]
        if self._lookup.if_several == "null":
            made = [
                f"CASE WHEN count(*) = 1 THEN min({self._named(name)}) END AS {self._named(name)}"
                for name in self._wanted
            ]
        made.append(f"count(*) AS {self._named(FOUND)}")
        return self._grouped(made, self._wanted)

    def _taken(self) -> Callable[[str], str]:
        """Aggregates over all that match; by the keys alone where nothing else decides, else line by line."""
        name = self._lookup.name
        trees = list(self._typed.take.values())
        wanted = aggregates(trees)
        needed = sorted({one.column for one in wanted})
        alone = (
            self._lookup.overlaps is None and self._typed.when is None and self._day is None and self._match
        )
        held = (lambda column: self._cast(column)) if alone else self._named
        made = aggregate_sql(wanted, lambda one: held(one.column), lambda _: "", self._dialect)
        made_text = [f"{text} AS {self._quote(column)}" for column, (text, _) in made.items()]
        made_text.append(f"count(*) AS {self._named(FOUND)}")
        if alone:
            keys = [self._typed_column(column) for column, _ in self._match]
            places = ", ".join(str(at + 1) for at in range(len(keys)))
            table = self._quote(self._table.name)
            grouped = f"(SELECT {', '.join([*keys, *made_text])} FROM {table} GROUP BY {places})"
            inner = self._finished(grouped, made, [column for column, _ in self._match], trees)
            on = " AND ".join(f"t.{self._quote(column)} = i.{ours.text}" for column, ours in self._match)
            chosen = self._with_zero_counts(name)
            return lambda before: f"SELECT i.*, {chosen} FROM {before} i LEFT JOIN ({inner}) t ON {on}"
        pairs = self._pairs(needed)
        line = self._quote(LINE)
        chosen = self._with_zero_counts(name)

        def select(before: str) -> str:
            grouped = f"(SELECT {', '.join([line, *made_text])} FROM {pairs(before)} GROUP BY {line})"
            inner = self._finished(grouped, made, [LINE], trees)
            return f"SELECT i.*, {chosen} FROM {before} i LEFT JOIN ({inner}) t ON t.{line} = i.{line}"

        return select

    def _finished(
        self, source: str, made: dict[str, tuple[str, Sql]], keys: list[str], trees: list[Typed]
    ) -> str:
        """The taken values over their aggregates, with the keys to join by."""
        frame = Frame(Pipeline(self._dialect, source), self._frame.constants)
        frame.columns |= {column: sql for column, (_, sql) in made.items()}
        for name, typed in self._typed.take.items():
            frame.let(f"{self._lookup.name}.{name}", typed)
        chosen = [self._quote(key) for key in keys]
        chosen += [self._named(name) for name in (*self._typed.take, FOUND)]
        return frame.pipeline.query(", ".join(chosen))

    def _with_zero_counts(self, name: str) -> str:
        """Without a match a count is 0, not null."""
        texts = []
        for taken, typed in self._typed.take.items():
            text = f"t.{self._named(taken)}"
            if isinstance(typed, Apply) and typed.key == "count":
                text = f"coalesce({text}, 0)"
            texts.append(f"{text} AS {self._named(taken)}")
        return ", ".join([*texts, f"t.{self._named(FOUND)} AS {self._named(FOUND)}"])

    def _grouped(self, made: list[str], needed: list[str]) -> Callable[[str], str]:
        pairs = self._pairs(needed)
        line = self._quote(LINE)
        chosen = ", ".join(f"t.{self._named(name)}" for name in (*needed, FOUND))

        def select(before: str) -> str:
            matches = f"(SELECT {', '.join([line, *made])} FROM {pairs(before)} GROUP BY {line})"
            return f"SELECT i.*, {chosen} FROM {before} i LEFT JOIN {matches} t ON t.{line} = i.{line}"

        return select

    def _pairs(self, needed: list[str]) -> Callable[[str], str]:
        """Each line with each row that matches it, the row's columns under the lookup's name."""
        prefix = f"{self._lookup.name}."
        when = self._typed.when
        asked = (
            {name.removeprefix(prefix) for name in reads(when) if name.startswith(prefix)} if when else set()
        )
        during, latest, overlaps = self._lookup.during, self._lookup.latest, self._lookup.overlaps
        dated = [latest.column] if latest else []
        columns = sorted({*needed, *asked, *dated})
        chosen = "".join(
            f", CAST(t.{self._quote(c)} AS {self._sql_type(c)}) AS {self._named(c)}" for c in columns
        )
        on = [f"t.{self._quote(column)} = i.{ours.text}" for column, ours in self._match]
        if during is not None and self._day is not None:
            on += self._in_force(self._day.text)
        if latest is not None and self._day is not None:
            on.append(f"t.{self._quote(latest.column)} <= i.{self._day.text}")
        if overlaps is not None:
            start, end = (self._quote(column) for column in overlaps)
            on += [f"t.{start} <= i.{end}", f"t.{end} >= i.{start}", f"t.rowid <> i.{self._quote(LINE)}"]
        table = self._quote(self._table.name)

        def select(before: str) -> str:
            source = f"(SELECT i.*{chosen} FROM {before} i JOIN {table} t ON {' AND '.join(on) or 'TRUE'})"
            if when is not None:
                pipeline = Pipeline(self._dialect, source, f"#{self._lookup.name} ")
                frame = Frame(pipeline, self._frame.constants)
                frame.columns |= {
                    name: Sql(c.text, c.type, 0, c.atomic) for name, c in self._frame.columns.items()
                }
                frame.columns |= {
                    prefix + c: Sql(self._named(c), self._table.columns[c].type, 0, True) for c in columns
                }
                frame.add("#when", frame.compiler.compile(when))
                source = f"({frame.pipeline.query('*', 'WHERE ' + self._quote('#when'))})"
            if latest is not None:
                date, line = self._named(latest.column), self._quote(LINE)
                source = f"(SELECT * FROM {source} QUALIFY {date} = max({date}) OVER (PARTITION BY {line}))"
            return source

        return select

    # spelling

    def _named(self, column: str) -> str:
        return self._quote(f"{self._lookup.name}.{column}")

    def _sql_type(self, column: str) -> str:
        return self._dialect.types(self._table.columns[column].type)

    def _cast(self, column: str) -> str:
        return f"CAST({self._quote(column)} AS {self._sql_type(column)})"

    def _typed_column(self, column: str) -> str:
        return f"{self._cast(column)} AS {self._quote(column)}"

    def _chosen(self, columns: Iterable[str]) -> str:
        return ", ".join(self._typed_column(column) for column in sorted(columns))

    def _types(self, columns: Iterable[str]) -> dict[str, Type]:
        return {column: self._table.columns[column].type for column in columns}

    def _repeatable(self, value: Sql) -> Sql:
        """A column of the step before, so that a join can name it."""
        text, level = self._frame.pipeline.hoist(value.text, value.level)
        return Sql(text, value.type, level, True)
