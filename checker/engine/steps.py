"""The steps by which a rule decides a line, each with its values: conditions, lookups, lets, what must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.engine.data import Data
from checker.engine.reference import Judged, Row
from checker.engine.relation import LINE
from checker.engine.rows import rows_of
from checker.engine.tracing import Part, missing, trace
from checker.expressions import Typed, reads
from checker.rulebook.checked import CheckedRule, Let, TypedLookup
from checker.rulebook.definition import Definition, Written
from checker.tables.loaded import FILE, ROW


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a file, or of a list that no file holds (`file` is then the list's name)."""

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file}:{self.row}"


@dataclass(frozen=True, slots=True)
class Step:
    """An expression of the rule: what it is for (`where`, `let expected`, `must`), and its parts."""

    role: str
    part: Part


@dataclass(frozen=True, slots=True)
class Found:
    """A lookup: what it looked by, the rows that it found with the values that the rule reads of them, and in words
    why there is none or what several mean."""

    name: str
    source: str
    asked: tuple[Step, ...]
    rows: tuple[tuple[Place, Mapping[str, Any]], ...]
    gives: Mapping[str, Any]
    words: str
    decides: bool
    """Whether finding none or several is an outcome already."""


def place(data: Data, table: str, row: Mapping[str, Any]) -> Place:
    """Where a row was read."""
    if table in data.catalog.tables and row.get(FILE) is not None:
        return Place(data.catalog.files[row[FILE]].name, row[ROW])
    return Place(table, row[LINE] + 1)


class Teller:
    """Tells the steps of one line, or of its group."""

    def __init__(self, rule: CheckedRule, data: Data, judged: Judged) -> None:
        self._rule = rule
        self._definition: Definition = rule.definition
        self._data = data
        self._judged = judged
        self._values = dict(judged.values)
        self._of_line = dict(self.line_values(judged))

    def line_values(self, judged: Judged) -> Mapping[str, Any]:
        """The line's own columns and lets; in a group's values they stand behind `line.`."""
        own = {name[5:]: value for name, value in judged.values.items() if name.startswith("line.")}
        return own or judged.values

    def shares_group(self, other: Judged) -> bool:
        """Whether a line is judged together with this one; a line that is out of scope belongs to no group."""
        mine, theirs = self._values.get(f"lines.{LINE}"), other.values.get(f"lines.{LINE}")
        return mine is not None and mine == theirs

    def steps(self) -> Iterator[Step | Found]:
        """The steps that decide, in the order in which they are made."""
        rule, written, own = self._rule, self._definition, self._of_line
        for let in rule.line_lets:
            yield self._step(f"let {let.name}", written.line_lets[let.name], let.value, own)
        told: set[str] = set()
        if rule.where is not None and written.where is not None:
            if not rule.grouped:
                told = self._names_in(rule.where)
                yield from (self._told(step) for step in rule.steps if _name(step) in told)
            where = self._step("where", written.where, rule.where, own if rule.grouped else self._values)
            yield where
            if where.part.value is not True:
                return
        for name, part in rule.parts.items():
            yield self._step(f"part {name}", written.parts[name], part, own)
        if rule.grouped and f"lines.{LINE}" not in self._values:
            return
        decided = False
        for step in rule.steps:
            if _name(step) not in told:
                yield (made := self._told(step))
                decided |= isinstance(made, Found) and made.decides
        if decided:
            return
        yield self._step("must", written.must, rule.must, self._values)
        if rule.amount is not None and written.amount is not None and self._judged.outcome == "finding":
            yield self._step("amount", written.amount, rule.amount, self._values)
        if written.surplus is not None and rule.beyond is not None:
            yield self._step("lines that are right", written.surplus.beyond, rule.beyond, self._values)

    def _names_in(self, typed: Typed) -> set[str]:
        """The lets and lookups that an expression needs, and those that they need in turn."""
        steps = {_name(step): step for step in self._rule.steps}
        names: set[str] = set()
        waiting = [name.partition(".")[0] for name in reads(typed)]
        while waiting:
            name = waiting.pop()
            if name in names or name not in steps:
                continue
            names.add(name)
            step = steps[name]
            read = [step.value] if isinstance(step, Let) else [each for _, each in step.match]
            read += [
                each for each in (getattr(step, "day", None), getattr(step, "when", None)) if each is not None
            ]
            waiting += [word.partition(".")[0] for each in read for word in reads(each)]
        return names

    def _told(self, step: Let | TypedLookup) -> Step | Found:
        if isinstance(step, Let):
            return self._step(f"let {step.name}", self._definition.lets[step.name], step.value, self._values)
        return self._found(step)

    def _step(self, role: str, written: Written, typed: Typed, values: Mapping[str, Any]) -> Step:
        return Step(role, trace(written.node, typed, values))

    def _found(self, step: TypedLookup) -> Found:
        lookup = step.lookup
        asked = [
            self._step(column, written, typed, self._values)
            for (column, written), (_, typed) in zip(lookup.match, step.match, strict=True)
        ]
        on = lookup.during or lookup.latest
        if on is not None and step.day is not None:
            asked.append(
                self._step("in force on" if lookup.during else "on or before", on.day, step.day, self._values)
            )
        rows = self._judged.matched.get(lookup.name, ())
        shown = tuple((place(self._data, lookup.source, row), self._shown(step, row)) for row in rows)
        prefix = f"{lookup.name}."
        given = {name: self._values.get(prefix + name) for name in step.take} if step.take else {}
        said = (
            lookup.if_none if not rows else lookup.if_several if len(rows) > 1 and not step.take else "null"
        )
        words = self._words(step, asked, rows)
        return Found(lookup.name, lookup.source, tuple(asked), shown, given, words, said != "null")

    def _shown(self, step: TypedLookup, row: Row) -> dict[str, Any]:
        """The columns of a row that the rule reads."""
        lookup = step.lookup
        dates = (lookup.during.start, lookup.during.end) if lookup.during else ()
        names = dict.fromkeys([*(column for column, _ in step.match), *dates, *(lookup.overlaps or ())])
        names |= dict.fromkeys([lookup.latest.column] if lookup.latest else [])
        for typed in step.take.values():
            names |= dict.fromkeys(reads(typed))
        prefix = f"{lookup.name}."
        trees = [self._rule.must, self._rule.where, self._rule.amount, step.when]
        trees += [each.value for each in self._rule.steps if isinstance(each, Let)]
        read = [name for typed in trees if typed is not None for name in reads(typed)]
        names |= {name.removeprefix(prefix): None for name in read if name.startswith(prefix)}
        return {name: row[name] for name in names if name in row}

    def _words(self, step: TypedLookup, asked: Sequence[Step], rows: Sequence[Row]) -> str:
        """How many rows there are and what that means."""
        lookup = step.lookup
        if len(rows) > 1 and not step.take:
            return f"{len(rows)} rows: {_meaning(lookup.if_several)}"
        if rows:
            return "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        means = _meaning(lookup.if_none)
        if not self._data.supplied(lookup.source):
            return f"no row: {lookup.source} was not supplied: {means}"
        empty = [f"{one.role} is looked for, and {missing(one.part)}" for one in asked if missing(one.part)]
        if empty:
            return f"no row: {empty[0]}: {means}"
        near = self._near(step, asked)
        if near and asked:
            further = "in force then" if lookup.during else "as it has to be"
            return f"no row: {near} with these keys, none of them {further}: {means}"
        return f"no row of {lookup.source} has these keys: {means}"

    def _near(self, step: TypedLookup, asked: Sequence[Step]) -> int:
        """How many rows have the keys that are looked for, whatever else keeps them from matching."""
        keys = {one.role: one.part.value for one in asked[: len(step.match)]}
        rows = rows_of(self._data, step.lookup.source, keys)
        return sum(all(row[name] == value for name, value in keys.items()) for row in rows)


def _name(step: Let | TypedLookup) -> str:
    return step.name if isinstance(step, Let) else step.lookup.name


def _meaning(outcome: str) -> str:
    words = {"null": "its columns are empty", "out_of_scope": "out of scope"}
    return words.get(outcome, outcome)
