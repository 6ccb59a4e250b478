"""The plan of one rule: the statements that judge its lines or groups, and what each column of their answer means.

A plan is made against the data's own digits. It leaves its answer in tables of the engine: the findings, the lines that
could not be judged with their causes, and which lines a finding is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.engine.compiler import Sql
from checker.engine.data import Data
from checker.engine.dialects.dialect import Dialect
from checker.engine.judging import (
    OUTCOME,
    WHERE,
    add_steps,
    cause_sql,
    judge,
    shown_names,
    trees,
)
from checker.engine.pipeline import Pipeline
from checker.engine.relation import LINE, Frame, aggregate_sql, aggregates, line_columns, line_source
from checker.expressions import reads
from checker.expressions.types import NULL, ListOf, Number, Type
from checker.rulebook.checked import CheckedRule
from checker.tables import LoadedTable

FINDINGS, UNDECIDED, MEMBERS, LEFT = (
    "#judged findings",
    "#judged undecided",
    "#judged members",
    "#judged out of scope",
)
"""Tables that a plan makes: findings (line, amount, incident, key, shown), undecided (line, cause), members (finding's
line, line) and the one value of lines out of scope."""

_JUDGED, _LINES, _GROUPS = "#judged", "#lines", "#groups"
_FIRST, _SIZE, _MISSING = "#first", "#size", "#missing"


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL statements in order, and the names and types of what a finding shows."""

    statements: tuple[str, ...]
    drops: tuple[str, ...]
    shown: tuple[tuple[str, Type], ...]
    key: tuple[tuple[str, Type], ...]
    scale: int
    """Decimal places of an amount."""
    outcomes: str
    """SELECT of line and outcome: of the line, or of its group. A line without one is out of scope or undecided."""


def plan(rule: CheckedRule, data: Data, dialect: Dialect) -> Plan:
    """The statements of a rule. Raises TooManyDigits where the data is longer than the engine holds exactly."""
    return _GroupPlan(rule, data, dialect).plan() if rule.grouped else _LinePlan(rule, data, dialect).plan()


class _Plan:
    """What both kinds of plan share: the names that a finding shows, and its columns."""

    def __init__(self, rule: CheckedRule, data: Data, dialect: Dialect) -> None:
        self.rule = rule
        self.data = data
        self.dialect = dialect
        self.quote = dialect.quote
        self.constants = {**data.constants(), **rule.definition.params}
        self.shown = [name for name in shown_names(rule) if not isinstance(rule.names[name].type, ListOf)]
        self.shown += [
            one.name for one in aggregates(trees(rule)) if one.name not in self.shown and "." in one.name
        ]
        table = data.table(rule.definition.table)
        assert table is not None
        self.table: LoadedTable = table

    def made(self, name: str, select: str) -> str:
        return f"CREATE OR REPLACE TABLE {self.quote(name)} AS {select}"

    def finding_columns(self, frame: Frame, only: str = "TRUE") -> str:
        """amount, incident, key and shown values, as SQL over the last level; null on rows that are not `only`."""
        rule, quote = self.rule, self.quote
        amount = "NULL"
        if rule.amount is not None and rule.amount.type != NULL:
            frame.add("#amount", frame.compiler.compile(rule.amount))
            amount = quote("#amount")
        incident = frame.column(rule.incident).text if rule.incident else "NULL"
        key = ", ".join(f"CAST({frame.column(name).text} AS VARCHAR)" for name in rule.key)
        shown = ", ".join(self._as_read(frame, name) for name in self.shown)
        money = self.dialect.types(Number(38, self.scale))
        made = {
            "amount": f"CAST({amount} AS {money})",
            "incident": f"CAST({incident} AS DATE)",
            "key": f"CAST([{key}] AS VARCHAR[])",
            "shown": f"CAST([{shown}] AS VARCHAR[])",
        }
        return ", ".join(f"CASE WHEN {only} THEN {text} END AS {name}" for name, text in made.items())

    def _as_read(self, frame: Frame, name: str) -> str:
        """A value as text: a line's own column as its file spells it, all else as it is."""
        text = f"CAST({frame.column(name).text} AS VARCHAR)"
        own = name.removeprefix("line.")
        column = self.table.columns.get(own)
        if column is None or column.as_read is None or (self.rule.grouped and own == name):
            return text
        return f"coalesce({self.quote(name.removesuffix(own) + column.as_read)}, {text})"

    @property
    def scale(self) -> int:
        amount = self.rule.amount
        return amount.type.scale if amount is not None and isinstance(amount.type, Number) else 2

    def types(self, names: Sequence[str], frame: Frame) -> tuple[tuple[str, Type], ...]:
        return tuple((name, frame.column(name).type) for name in names)

    def needed(self, names: Sequence[str]) -> list[str]:
        """The table's own columns among some names, and those that lookups compare on the line's side."""
        found = {name for name in names if name in self.table.columns}
        for lookup in self.rule.definition.lookups.values():
            found |= set(lookup.overlaps or ())
        return sorted(found)

    def all_names(self) -> list[str]:
        names: dict[str, None] = dict.fromkeys(self.shown)
        for tree in trees(self.rule):
            names |= dict.fromkeys(reads(tree))
        return list(names)


class _LinePlan(_Plan):
    def plan(self) -> Plan:
        quote, rule = self.quote, self.rule
        names = self.all_names()
        needed = self.needed(names)
        source = line_source(self.table, needed, self.dialect)
        frame = Frame(
            Pipeline(self.dialect, source), self.constants, line_columns(self.table, needed, self.dialect)
        )
        add_steps(frame, rule, self.data, names)
        reasons = judge(frame, rule, self.data)
        outcome, line = quote(OUTCOME), quote(LINE)
        columns = self.finding_columns(frame, f"{outcome} = 'finding'")
        cause = f"CASE WHEN {outcome} = 'undecided' THEN {cause_sql(reasons)} END AS cause"
        judged = frame.pipeline.query(f"{line} AS line, {outcome} AS outcome, {cause}, {columns}")
        total = f"(SELECT count(*) FROM {quote(self.table.name)})"
        statements = (
            # One pass over the lines; what follows reads its narrow answer.
            self.made(_JUDGED, judged),
            self.made(FINDINGS, f"SELECT * FROM {quote(_JUDGED)} WHERE outcome = 'finding'"),
            self.made(UNDECIDED, f"SELECT line, cause FROM {quote(_JUDGED)} WHERE outcome = 'undecided'"),
            self.made(
                LEFT,
                f"SELECT {total} - count(*) FILTER (WHERE outcome <> 'out_of_scope') AS lines FROM {quote(_JUDGED)}",
            ),
            self.made(MEMBERS, f"SELECT line AS finding, line FROM {quote(FINDINGS)}"),
        )
        return Plan(
            statements,
            (_JUDGED,),
            self.types(self.shown, frame),
            self.types(rule.key, frame),
            self.scale,
            f"SELECT line, outcome FROM {quote(_JUDGED)}",
        )


class _GroupPlan(_Plan):
    def plan(self) -> Plan:
        quote, rule, dialect = self.quote, self.rule, self.dialect
        wanted = aggregates(tree for tree in trees(rule))
        own = [name.removeprefix("line.") for name in self.all_names()]
        lets = [let.name for let in rule.line_lets]
        inner = [*rule.definition.by, *(one.column for one in wanted)]
        for tree in (*(let.value for let in rule.line_lets), *rule.parts.values(), rule.where):
            inner += reads(tree) if tree is not None else []
        needed = self.needed([*own, *inner])
        lines, undecided = self._lines(needed, lets)

        members = f"(SELECT * FROM {quote(_LINES)} WHERE {quote(_MISSING)} IS NULL)"
        made = aggregate_sql(
            wanted,
            lambda one: quote(one.column),
            lambda one: quote(f"part {one.part}") if one.part != "lines" else "",
            dialect,
        )
        by = [quote(name) for name in rule.definition.by]
        chosen = [*by, f"min({quote(LINE)}) AS {quote(_FIRST)}", f"count(*) AS {quote(_SIZE)}"]
        chosen += [f"{text} AS {quote(name)}" for name, (text, _) in made.items()]
        grouped = f"(SELECT {', '.join(chosen)} FROM {members} GROUP BY {', '.join(by)})"
        grouped = f"(SELECT *, {quote(_FIRST)} AS {quote(LINE)} FROM {grouped})"
        frame = Frame(Pipeline(dialect, grouped), self.constants)
        frame.columns |= {name: Sql(quote(name), kind, 0, True) for name, kind in rule.by.items()}
        frame.columns |= {name: sql for name, (_, sql) in made.items()}
        names = self.all_names()
        add_steps(frame, rule, self.data, names)
        reasons = judge(frame, rule, self.data)
        if rule.beyond is not None:
            frame.add("#beyond", frame.compiler.compile(rule.beyond))
        kept = [name for name in frame.columns if not name.startswith("cause of ") and name != WHERE]
        columns = ", ".join([quote(_FIRST), quote(_SIZE), *(frame.columns[name].text for name in kept)])
        groups = self.made(_GROUPS, frame.pipeline.query(f"{columns}, {cause_sql(reasons)} AS cause"))
        findings, final = self._findings({name: frame.columns[name] for name in kept}, [*needed, *lets])
        outcome = quote(OUTCOME)
        statements = (
            lines,
            groups,
            findings,
            self.made(
                UNDECIDED,
                f"{undecided} UNION ALL {self._members('undecided', 'l.' + quote(LINE) + ' AS line, g.cause')}",
            ),
            self.made(LEFT, self._left(outcome)),
            self.made(MEMBERS, self._about()),
        )
        drops = (_LINES, _GROUPS)
        return Plan(
            statements,
            drops,
            self.types(self.shown, final),
            self.types(rule.key, final),
            self.scale,
            self._members(None, f"l.{quote(LINE)} AS line, g.{outcome} AS outcome"),
        )

    def _lines(self, needed: Sequence[str], lets: Sequence[str]) -> tuple[str, str]:
        """The statement that makes the lines in scope, and the SELECT of those that belong to no group."""
        quote, rule = self.quote, self.rule
        source = line_source(self.table, needed, self.dialect)
        frame = Frame(
            Pipeline(self.dialect, source), self.constants, line_columns(self.table, needed, self.dialect)
        )
        for let in rule.line_lets:
            frame.let(let.name, let.value)
        missing: list[str] = []
        if rule.where is not None:
            frame.add(WHERE, frame.compiler.compile(rule.where))
            where = frame.columns[WHERE].text
            frame.pipeline.step(lambda before: f"SELECT * FROM {before} WHERE {where} IS NOT FALSE")
            missing.append(f"WHEN {where} IS NULL THEN {frame.cause(rule.where) or 'NULL'}")
        for name in rule.definition.by:
            missing.append(f"WHEN {quote(name)} IS NULL THEN {self.dialect.text(f'{name} is empty')}")
        for name, part in rule.parts.items():
            frame.add(f"part {name}", frame.compiler.compile(part))
            cause = frame.cause(part)
            if cause is not None:
                missing.append(f"WHEN {quote(f'part {name}')} IS NULL THEN {cause}")
        chosen = [
            quote(LINE),
            *(quote(name) for name in dict.fromkeys([*needed, *lets, *self._texts(needed)])),
        ]
        chosen += [quote(f"part {name}") for name in rule.parts]
        reason = f"CASE {' '.join(missing)} END" if missing else "NULL"
        lines = frame.pipeline.query(f"{', '.join(chosen)}, {reason} AS {quote(_MISSING)}")
        missing_one = f"FROM {quote(_LINES)} WHERE {quote(_MISSING)} IS NOT NULL"
        return self.made(
            _LINES, lines
        ), f"SELECT {quote(LINE)} AS line, {quote(_MISSING)} AS cause {missing_one}"

    def _members(self, outcome: str | None, select: str, tail: str = "") -> str:
        """Lines of the groups that have an outcome; of all groups where none is named."""
        quote = self.quote
        on = " AND ".join(f"l.{quote(name)} = g.{quote(name)}" for name in self.rule.definition.by)
        of = "" if outcome is None else f"AND g.{quote(OUTCOME)} = {self.dialect.text(outcome)}"
        return (
            f"SELECT {select} FROM {quote(_LINES)} l JOIN {quote(_GROUPS)} g ON {on} "
            f"WHERE l.{quote(_MISSING)} IS NULL {of} {tail}"
        ).rstrip()

    def _findings(self, group: dict[str, Sql], line: Sequence[str]) -> tuple[str, Frame]:
        """The statement that puts each finding on its line: the surplus lines, or the group's first."""
        quote, surplus = self.quote, self.rule.definition.surplus
        shown = dict.fromkeys([*line, *self._texts(line)])
        own = ", ".join(f"l.{quote(name)} AS {quote('line.' + name)}" for name in shown)
        theirs = ", ".join(f"g.{quote(name)}" for name in group)
        first = quote(_FIRST)
        select = f"g.{first}, l.{quote(LINE)} AS line, {theirs}" + (f", {own}" if own else "")
        tail = f"AND l.{quote(LINE)} = g.{first}"
        if surplus is not None:
            part = "" if surplus.part == "lines" else f"AND l.{quote(f'part {surplus.part}')} "
            over = f"PARTITION BY g.{first} ORDER BY l.{quote(LINE)}"
            tail = f"{part}QUALIFY row_number() OVER ({over}) > g.{quote('#beyond')}"
        source = f"({self._members('finding', select, tail)})"
        frame = Frame(Pipeline(self.dialect, source), self.constants)
        frame.columns |= {name: Sql(quote(name), sql.type, 0, True) for name, sql in group.items()}
        frame.columns |= {
            f"line.{name}": Sql(quote(f"line.{name}"), self._line_type(name), 0, True)
            for name in dict.fromkeys(line)
        }
        columns = self.finding_columns(frame)
        return self.made(FINDINGS, frame.pipeline.query(f"{first} AS first, line, {columns}")), frame

    def _texts(self, names: Sequence[str]) -> list[str]:
        """The columns that keep the files' own text of some columns."""
        known = [self.table.columns[name].as_read for name in names if name in self.table.columns]
        return [name for name in known if name is not None]

    def _line_type(self, name: str) -> Type:
        if name in self.table.columns:
            return self.table.columns[name].type
        return next(let.value.type for let in self.rule.line_lets if let.name == name)

    def _left(self, outcome: str) -> str:
        quote = self.quote
        gone = (
            f"SELECT coalesce(sum({quote(_SIZE)}), 0) FROM {quote(_GROUPS)} WHERE {outcome} = 'out_of_scope'"
        )
        scope = f"(SELECT count(*) FROM {quote(self.table.name)}) - (SELECT count(*) FROM {quote(_LINES)})"
        return f"SELECT {scope} + ({gone}) AS lines"

    def _about(self) -> str:
        """Which lines a finding is about: a surplus line itself, else the whole group."""
        quote = self.quote
        if self.rule.definition.surplus is not None:
            return f"SELECT line AS finding, line FROM {quote(FINDINGS)}"
        line = f"l.{quote(LINE)}"
        return self._members("finding", f"g.{quote(_FIRST)} AS finding, {line} AS line")
