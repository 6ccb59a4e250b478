"""Money counted once: what of each finding is left when others have counted the same lines already.

Rules are taken in order: certain before indicative, a rule before those that it supersedes. A superseded finding counts
what passes its superseders' on the lines that they share; and all findings on some lines together never count more than
those lines charged. What is in the buyer's favour is in no total and takes nothing away; a superseded one is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from checker.engine.dialects.duckdb import DUCKDB
from checker.engine.findings import ALL_FINDINGS, ALL_MEMBERS
from checker.engine.outcomes import Finding
from checker.engine.run import Run
from checker.expressions.types import Number
from checker.rulebook.rule import Rule
from checker.rulebook.scope import AMOUNT_SCALE

_NETS = "#nets"


def nets(run: Run) -> Callable[[Finding], Decimal | None]:
    """For each finding its net: None where it has no money, 0 where others count all of it."""
    quote, execute = DUCKDB.quote, run.data.connection.execute
    money = DUCKDB.types(Number(38, AMOUNT_SCALE))
    execute(f"CREATE OR REPLACE TABLE {quote(_NETS)} (number BIGINT, rule INTEGER, net {money})")
    rules = {number: checked.definition.rule for number, checked in run.rules.items()}
    superseders = _superseders(rules)
    for number in order(rules):
        above = ", ".join(str(other) for other in sorted(superseders[number])) or "NULL"
        execute(
            f"""
            INSERT INTO {quote(_NETS)}
            WITH mine AS (SELECT number, amount, charged FROM {quote(ALL_FINDINGS)} WHERE rule = {number}),
            shared AS (
                SELECT DISTINCT own.number, other.number AS earlier
                FROM mine JOIN {quote(ALL_MEMBERS)} own ON own.number = mine.number
                JOIN {quote(ALL_MEMBERS)} other ON other.source = own.source AND other.line = own.line
                WHERE other.number <> own.number
            ),
            counted AS (
                SELECT s.number,
                       CAST(sum(greatest(n.net, 0)) AS {money}) AS by_all,
                       CAST(sum(greatest(n.net, 0)) FILTER (WHERE n.rule IN ({above})) AS {money}) AS by_superseders
                FROM shared s JOIN {quote(_NETS)} n ON n.number = s.earlier WHERE n.net IS NOT NULL GROUP BY s.number
            ),
            left_over AS (
                SELECT m.number, m.amount,
                       m.amount - coalesce(c.by_superseders, 0) AS unexplained,
                       CASE WHEN m.charged > 0 THEN m.charged - coalesce(c.by_all, 0) END AS uncounted,
                       coalesce(c.by_superseders, 0) > 0 AS explained
                FROM mine m LEFT JOIN counted c ON c.number = m.number
            )
            SELECT number, {number}, CASE
                WHEN amount IS NULL THEN NULL
                WHEN amount <= 0 THEN CASE WHEN explained THEN 0 ELSE amount END
                ELSE greatest(least(unexplained, coalesce(uncounted, unexplained)), 0) END
            FROM left_over
            """
        )
    changed = execute(
        f"SELECT n.number, n.net FROM {quote(_NETS)} n JOIN {quote(ALL_FINDINGS)} f ON f.number = n.number "
        "WHERE n.net <> f.amount"
    ).fetchall()
    lowered: Mapping[int, Decimal] = {number: _short(net) for number, net in changed}
    return lambda finding: lowered.get(finding.number, finding.amount)


def order(rules: Mapping[int, Rule]) -> list[int]:
    """Rules by number: certain before indicative, each before those it supersedes, else by id.

    A circle of rules that supersede each other is taken in the order of their ids.
    """
    superseders = _superseders(rules)
    waiting = sorted(rules, key=lambda number: (rules[number].confidence != "certain", rules[number].id))
    done: list[int] = []
    while waiting:
        ready = next((n for n in waiting if superseders[n].isdisjoint(set(waiting) - {n})), waiting[0])
        done.append(ready)
        waiting.remove(ready)
    return done


def _superseders(rules: Mapping[int, Rule]) -> dict[int, set[int]]:
    """For each rule those that supersede it."""
    names = {rule.name: number for number, rule in rules.items()}
    found: dict[int, set[int]] = {number: set() for number in rules}
    for number, rule in rules.items():
        for name in rule.supersedes:
            if name in names:
                found[names[name]].add(number)
    return found


def _short(net: Decimal) -> Decimal:
    """Without the idle zeros of the engine's column."""
    plain = net.normalize() if net else Decimal(0)
    return plain.quantize(Decimal(1).scaleb(-max(2, -int(plain.as_tuple().exponent))))
