"""A whole rule by the interpreter: lookups, groups, lets and outcome, row by row over plain Python values.

It is the meaning that the SQL is held to; a rule's own tests run on both. It serves few rows, never a bill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from checker.engine.relation import LINE
from checker.expressions import Typed, evaluate, reads
from checker.expressions.values import Missing
from checker.rulebook.checked import CheckedRule, Let, TypedLookup

Outcome = Literal["pass", "finding", "undecided", "out_of_scope"]
Row = Mapping[str, Any]
Rows = Callable[[str, Mapping[str, Any]], Sequence[Row]]
"""Rows of a table that have given values in given columns, each with its number as LINE; more rows do no harm."""
Names = dict[str, Any]

_EVER, _NEVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class Judged:
    """A line's outcome; `values` are all names that its expressions could read, `cause` says why it is undecided,
    `matched` are the rows that each lookup found."""

    line: int
    outcome: Outcome
    values: Mapping[str, Any]
    amount: Decimal | None = None
    cause: str | None = None
    matched: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def judge(
    rule: CheckedRule, rows: Rows, constants: Mapping[str, Any], line: int | None = None
) -> list[Judged]:
    """Every line of the rule's table with its outcome, in the order of the lines; of one `line` only that line, with
    those that share its group.

    `constants` are the contract's and the run's values by dotted name.
    """
    reference = _Reference(rule, rows, dict(constants), line)
    return sorted(reference.groups() if rule.grouped else reference.lines(), key=lambda judged: judged.line)


class _Reference:
    def __init__(self, rule: CheckedRule, rows: Rows, constants: Names, line: int | None) -> None:
        self._rule = rule
        self._rows = rows
        self._constants = constants
        self._own = rows(rule.definition.table, {} if line is None else {LINE: line})
        if line is not None and rule.grouped:
            shared = {name: self._own[0][name] for name in rule.by if name in self._own[0]}
            if None not in shared.values():
                self._own = rows(rule.definition.table, shared)

    def lines(self) -> Iterator[Judged]:
        for row in self._own:
            number, names = row[LINE], {**self._constants, **row}
            found = self._steps(names, number)
            if self._rule.where is not None:
                inside = evaluate(self._rule.where, names)
                if inside is not True:
                    cause = inside.reason if isinstance(inside, Missing) else None
                    yield Judged(number, "undecided" if cause else "out_of_scope", names, None, cause, found)
                    continue
            outcome, cause = self._outcome(names, found)
            amount = self._amount(names) if outcome == "finding" else None
            yield Judged(number, outcome, names, amount, cause, found)

    def groups(self) -> Iterator[Judged]:
        rule = self._rule
        groups: dict[tuple[Any, ...], list[tuple[int, Names]]] = {}
        for row in self._own:
            number = row[LINE]
            names: Names = {**self._constants, **row}
            for let in rule.line_lets:
                names[let.name] = _plain(evaluate(let.value, names))
            outcome, cause = self._belongs(names)
            if outcome is not None:
                yield Judged(number, outcome, names, cause=cause)
                continue
            groups.setdefault(tuple(names[name] for name in rule.by), []).append((number, names))
        for key, members in groups.items():
            yield from self._group(key, members)

    def _belongs(self, names: Names) -> tuple[Outcome | None, str | None]:
        """Why a line stands in no group, if so."""
        rule = self._rule
        if rule.where is not None:
            inside = evaluate(rule.where, names)
            if inside is False:
                return "out_of_scope", None
            if isinstance(inside, Missing):
                return "undecided", inside.reason
        for name in rule.by:
            if names[name] is None:
                return "undecided", f"{name} is empty"
        for name, part in rule.parts.items():
            value = evaluate(part, names)
            if isinstance(value, Missing):
                return "undecided", value.reason
            names[f"part {name}"] = value
        return None, None

    def _group(self, key: tuple[Any, ...], members: list[tuple[int, Names]]) -> Iterator[Judged]:
        rule = self._rule
        names: Names = {**self._constants, **dict(zip(rule.by, key, strict=True))}
        for part in ("lines", *rule.parts):
            kept = [line for _, line in members if part == "lines" or line[f"part {part}"]]
            for column in members[0][1]:
                names[f"{part}.{column}"] = tuple(line[column] for line in kept)
        found = self._steps(names, None)
        outcome, cause = self._outcome(names, found)
        flagged = self._flagged(names, members) if outcome == "finding" else []
        for number, line in members:
            shown = {**names, **{f"line.{name}": value for name, value in line.items()}}
            if number in flagged:
                yield Judged(number, "finding", shown, self._amount(shown), None, found)
            else:
                passed = "pass" if outcome == "finding" else outcome
                yield Judged(number, passed, shown, None, cause, found)

    def _flagged(self, names: Names, members: list[tuple[int, Names]]) -> list[int]:
        """The surplus lines, or the group's first."""
        surplus = self._rule.definition.surplus
        if surplus is None or self._rule.beyond is None:
            return [members[0][0]]
        beyond = evaluate(self._rule.beyond, names)
        kept = [number for number, line in members if surplus.part == "lines" or line[f"part {surplus.part}"]]
        return [number for at, number in enumerate(kept, 1) if isinstance(beyond, Decimal) and at > beyond]

    def _steps(self, names: Names, number: int | None) -> dict[str, list[Row]]:
        """Make every let and lookup; gives the rows that each lookup found."""
        found: dict[str, list[Row]] = {}
        for step in self._rule.steps:
            if isinstance(step, Let):
                value = evaluate(step.value, names)
                names[step.name] = _plain(value)
            else:
                rows = self._matching(step, names, number)
                found[step.lookup.name] = rows
                names |= self._given(step, rows)
        return found

    def _matching(self, step: TypedLookup, names: Names, number: int | None) -> list[Row]:
        lookup = step.lookup
        ours = [(column, evaluate(typed, names)) for column, typed in step.match]
        day = None if step.day is None else evaluate(step.day, names)
        found = []
        if any(isinstance(value, Missing) for _, value in ours):
            return []
        for row in self._rows(lookup.source, dict(ours)):
            if any(row[column] is None or row[column] != value for column, value in ours):
                continue
            if lookup.during is not None and not _within(
                day, row[lookup.during.start], row[lookup.during.end]
            ):
                continue
            if lookup.latest is not None and not _within(day, row[lookup.latest.column] or _NEVER, None):
                continue
            if lookup.overlaps is not None and (
                row[LINE] == number or not _overlap(names, row, lookup.overlaps)
            ):
                continue
            theirs = {f"{lookup.name}.{column}": value for column, value in row.items()}
            if step.when is not None and evaluate(step.when, {**names, **theirs}) is not True:
                continue
            found.append(row)
        if lookup.latest is not None and found:
            last = max(row[lookup.latest.column] for row in found)
            found = [row for row in found if row[lookup.latest.column] == last]
        return found

    def _given(self, step: TypedLookup, rows: list[Row]) -> Names:
        name = step.lookup.name
        if step.take:
            lists = {column: tuple(row[column] for row in rows) for column in self._columns(step)}
            values = {
                taken: evaluate(typed, {**self._constants, **lists}) for taken, typed in step.take.items()
            }
            return {f"{name}.{taken}": _plain(value) for taken, value in values.items()}
        given: Names = {}
        for column in step.columns:
            values_of = [row[column] for row in rows if row[column] is not None]
            unclear = len(rows) > 1 and step.lookup.if_several == "null"
            given[f"{name}.{column}"] = min(values_of) if values_of and not unclear else None
        return given

    def _columns(self, step: TypedLookup) -> list[str]:
        return [name for typed in step.take.values() for name in reads(typed)]

    def _outcome(self, names: Names, found: Mapping[str, Sequence[Row]]) -> tuple[Outcome, str | None]:
        for step in self._rule.steps:
            if not isinstance(step, TypedLookup):
                continue
            number, lookup = len(found[step.lookup.name]), step.lookup
            said = (
                lookup.if_none
                if number == 0
                else lookup.if_several
                if number > 1 and not step.take
                else "null"
            )
            if said != "null":
                return said, f"{lookup.source}: {number} rows" if said == "undecided" else None
        value = evaluate(self._rule.must, names)
        if isinstance(value, Missing):
            return "undecided", value.reason
        return ("pass" if value else "finding"), None

    def _amount(self, names: Names) -> Decimal | None:
        return None if self._rule.amount is None else _decimal(self._rule.amount, names)


def _decimal(typed: Typed, names: Names) -> Decimal | None:
    value = evaluate(typed, names)
    return value if isinstance(value, Decimal) else None


def _plain(value: Any) -> Any:
    return None if isinstance(value, Missing) else value


def _within(day: Any, start: date | None, end: date | None) -> bool:
    return isinstance(day, date) and (start or _EVER) <= day <= (end or _NEVER)


def _overlap(line: Names, row: Row, columns: tuple[str, str]) -> bool:
    start, end = columns
    ends = (line[start], line[end], row[start], row[end])
    return None not in ends and row[start] <= line[end] and row[end] >= line[start]
