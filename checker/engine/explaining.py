"""One line and one rule: every step of the rule with its values, by the interpreter, and whether the engine agrees.

Of each table only the rows are fetched that can belong to the line, by the values that a lookup matches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from checker.engine.compiler import TooManyDigits
from checker.engine.data import Data
from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.outcomes import Finding
from checker.engine.plan import FINDINGS, LEFT, MEMBERS, UNDECIDED, plan
from checker.engine.reference import Outcome, judge
from checker.engine.relation import LINE
from checker.engine.rows import rows_of
from checker.engine.run import run
from checker.engine.steps import Found, Place, Step, Teller, place
from checker.rulebook.checked import CheckedRule
from checker.rulebook.scope import check_rule
from checker.tables.schema import table_schemas


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome with its amount, and why it is undecided."""

    outcome: Outcome
    amount: Decimal | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line has its outcome under a rule. `group` are the lines judged together with it, itself included."""

    rule: CheckedRule
    place: Place
    group: tuple[Place, ...]
    stands_on: tuple[Place, ...]
    """Where the group's findings stand, when they stand on other lines than this one."""
    steps: tuple[Step | Found, ...]
    answer: Answer
    engine: Answer
    finding: Finding | None
    currency: str | None

    @property
    def agrees(self) -> bool:
        """Whether the engine decides as the interpreter does; if not, that is a defect of checker."""
        return (self.answer.outcome, self.answer.amount) == (self.engine.outcome, self.engine.amount)


def explain(declared: CheckedRule, data: Data, line: int) -> Explanation:
    """The explanation of a line of the rule's table, by its number in the engine."""
    definition = declared.definition
    engine, finding = _engine(declared, data, line)
    row = rows_of(data, definition.table, {LINE: line})[0]
    currency = table_schemas()[definition.table].currency
    made = Explanation(
        declared,
        place(data, definition.table, row),
        (),
        (),
        (),
        engine,
        engine,
        finding,
        row.get(currency or ""),
    )
    rule, _ = check_rule(definition, data)
    if rule is None:
        return made
    judged = judge(rule, partial(rows_of, data), dict.fromkeys(data.constants()), line)
    one = next(each for each in judged if each.line == line)
    teller = Teller(rule, data, one)
    together = [each for each in judged if teller.shares_group(each)] if rule.grouped else []
    places = {each.line: place(data, definition.table, teller.line_values(each)) for each in together}
    stands_on = (
        () if one.outcome == "finding" else tuple(places[e.line] for e in together if e.outcome == "finding")
    )
    return replace(
        made,
        rule=rule,
        group=tuple(places.values()),
        stands_on=stands_on,
        steps=tuple(teller.steps()),
        answer=Answer(one.outcome, one.amount, one.cause),
    )


def _engine(rule: CheckedRule, data: Data, line: int) -> tuple[Answer, Finding | None]:
    """What the engine makes of the line, from a run of the whole rule over all data."""
    checked, problems = check_rule(rule.definition, data)
    if checked is None:
        return Answer("undecided", None, problems[0].what), None
    try:
        made = plan(checked, data, DUCKDB)
    except TooManyDigits as refusal:
        return Answer("undecided", None, str(refusal)), None
    run_sql, quote = data.connection.execute, DUCKDB.quote
    for statement in made.statements:
        run_sql(statement)
    found = run_sql(f"SELECT amount FROM {quote(FINDINGS)} WHERE line = {line:d}").fetchone()
    undecided = run_sql(f"SELECT cause FROM {quote(UNDECIDED)} WHERE line = {line:d}").fetchone()
    outcome = run_sql(f"SELECT outcome FROM ({made.outcomes}) WHERE line = {line:d}").fetchone()
    for name in (FINDINGS, UNDECIDED, MEMBERS, LEFT, *made.drops):
        run_sql(f"DROP TABLE IF EXISTS {quote(name)}")
    if undecided is not None:
        return Answer("undecided", None, undecided[0]), None
    if found is None:
        left = outcome is None or outcome[0] == "out_of_scope"
        return Answer("out_of_scope" if left else "pass"), None
    row = rows_of(data, rule.definition.table, {LINE: line})[0]
    at = place(data, rule.definition.table, row)
    finding = next(
        each
        for each in run([rule], data).findings()
        if (each.source_file, each.source_row) == (at.file, at.row)
    )
    return Answer("finding", found[0]), finding
