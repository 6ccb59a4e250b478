"""From a checked rule to the SQL that judges: where, lookups, lets, must, and the outcome with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checker.engine.compiler import Sql
from checker.engine.data import Data
from checker.engine.lookup import FOUND, join
from checker.engine.relation import Frame
from checker.expressions import Typed, reads
from checker.expressions.types import TEXT
from checker.rulebook.checked import CheckedRule, Let, TypedLookup

WHERE, OUTCOME = "#where", "#outcome"


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition under which a line is undecided, and SQL of why; they are asked in order."""

    condition: str
    cause: str


def trees(rule: CheckedRule) -> Iterator[Typed]:
    """Every typed expression of a rule, those inside its lookups too."""
    yield from (let.value for let in rule.line_lets)
    yield from (tree for tree in (rule.where, rule.must, rule.amount, rule.beyond) if tree is not None)
    yield from rule.parts.values()
    for step in rule.steps:
        yield from step_trees(step)


def step_trees(step: Let | TypedLookup) -> Iterator[Typed]:
    """The expressions of a let or lookup that read the line."""
    if isinstance(step, Let):
        yield step.value
        return
    yield from (typed for _, typed in step.match)
    yield from (typed for typed in (step.day, step.when) if typed is not None)


def shown_names(rule: CheckedRule) -> tuple[str, ...]:
    """What a finding shows: every column and lookup that the rule read, then every let, each once, in reading order."""
    lets = [step.name for step in rule.steps if isinstance(step, Let)]
    names: dict[str, None] = {}
    for tree in trees(rule):
        for name in reads(tree):
            # In a group a bare column is that of the line that the finding stands on; the columns of rows that a
            # lookup only adds up are many, and none is shown.
            shown = next((known for known in (name, f"line.{name}") if known in rule.names), None)
            names |= {shown: None} if shown else {}
    names |= dict.fromkeys([*rule.key, *rule.message[1::2], *([rule.incident] if rule.incident else [])])
    taken = [
        f"{step.lookup.name}.{name}"
        for step in rule.steps
        if isinstance(step, TypedLookup)
        for name in step.take
    ]
    ordered = [name for name in [*names, *taken] if name not in lets] + lets
    return tuple(dict.fromkeys(ordered))


def add_steps(frame: Frame, rule: CheckedRule, data: Data, names: Iterable[str]) -> None:
    """The lookups and lets of a rule, in the order in which they need each other; `where` as soon as it can be asked.

    Lines for which `where` is false leave the pipeline there.
    """
    waiting = None if rule.grouped else rule.where
    waiting = _filter(frame, waiting)
    for step in rule.steps:
        if isinstance(step, Let):
            frame.let(step.name, step.value)
        else:
            join(frame, step, data, names)
        waiting = _filter(frame, waiting)


def _filter(frame: Frame, where: Typed | None) -> Typed | None:
    """Ask `where` if all that it reads is there; gives it back if not."""
    if where is None or any(
        name not in frame.columns and name not in frame.constants for name in reads(where)
    ):
        return where
    frame.add(WHERE, frame.compiler.compile(where))
    column = frame.columns[WHERE].text
    frame.pipeline.step(lambda before: f"SELECT * FROM {before} WHERE {column} IS NOT FALSE")
    return None


def judge(frame: Frame, rule: CheckedRule, data: Data) -> list[Reason]:
    """Add the outcome (pass, finding, undecided, out_of_scope), and say why a line is undecided."""
    text = frame.pipeline.dialect.text
    cases: list[tuple[str, str]] = []
    reasons: list[Reason] = []
    if WHERE in frame.columns and rule.where is not None:
        cases.append((f"{frame.columns[WHERE].text} IS NULL", "undecided"))
        reasons.append(Reason(f"{frame.columns[WHERE].text} IS NULL", frame.cause(rule.where) or "NULL"))
    for step in rule.steps:
        if isinstance(step, TypedLookup):
            for condition, outcome, why in _lookup_cases(frame, step, data):
                if outcome != "null":
                    cases.append((condition, outcome))
                if outcome == "undecided":
                    reasons.append(Reason(condition, why))
    must = frame.compiler.compile(rule.must)
    frame.add("#must", must)
    column = frame.columns["#must"].text
    cases += [(f"{column} IS NULL", "undecided"), (column, "pass")]
    reasons.append(Reason(f"{column} IS NULL", frame.cause(rule.must) or "NULL"))
    whens = " ".join(f"WHEN {condition} THEN {text(outcome)}" for condition, outcome in cases)
    level = max(frame.columns[name].level for name in frame.columns)
    frame.add(OUTCOME, Sql(f"CASE {whens} ELSE 'finding' END", TEXT, level))
    return reasons


def _lookup_cases(frame: Frame, step: TypedLookup, data: Data) -> Iterator[tuple[str, str, str]]:
    """(condition, outcome, SQL of the cause) for no match and for several."""
    lookup, text = step.lookup, frame.pipeline.dialect.text
    found = frame.columns[f"{lookup.name}.{FOUND}"].text
    none, several = f"coalesce({found}, 0) = 0", f"{found} > 1"
    nothing = frame.explain(f"{lookup.name}.{FOUND}", _why_none(frame, step, data))
    yield none, lookup.if_none, nothing
    keys = ", ".join(column for column, _ in step.match)
    many = text(f"{lookup.source} has several rows for it ({keys})")
    if not step.take:
        yield several, lookup.if_several, many
    for name, column in [*frame.columns.items()]:
        own = name.removeprefix(f"{lookup.name}.")
        if own in (name, FOUND):
            continue
        empty = text(f"{lookup.source}.{_column_of(step, own)} is empty")
        whens = f"WHEN {none} THEN {nothing} " + ("" if step.take else f"WHEN {several} THEN {many} ")
        frame.explain(name, f"CASE WHEN {column.text} IS NULL THEN CASE {whens}ELSE {empty} END END")


def _why_none(frame: Frame, step: TypedLookup, data: Data) -> str:
    """Why a lookup found nothing: a value to look up by is missing, the table is, or the row."""
    lookup, text = step.lookup, frame.pipeline.dialect.text
    if not data.supplied(lookup.source):
        return text(f"{lookup.source} was not supplied")
    keys = ", ".join(column for column, _ in step.match)
    none = text(
        f"{lookup.source} has no row for it ({keys})" if keys else f"{lookup.source} has no row for it"
    )
    asked = [typed for _, typed in step.match] + ([step.day] if step.day is not None else [])
    causes = [cause for cause in (frame.cause(typed) for typed in asked) if cause is not None]
    return f"coalesce({', '.join([*causes, none])})"


def _column_of(step: TypedLookup, name: str) -> str:
    """The column that a value of a lookup comes from, as far as it is one."""
    typed = step.take.get(name)
    columns = list(reads(typed)) if typed is not None else [name]
    return columns[0] if len(columns) == 1 else name


def cause_sql(reasons: Iterable[Reason]) -> str:
    """SQL of the first reason that holds."""
    return "CASE " + " ".join(f"WHEN {reason.condition} THEN {reason.cause}" for reason in reasons) + " END"
