"""What a contract says that bounds its claims: programme, parties, its own clauses on time, its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from checker.claims.anchors import ANCHORS
from checker.claims.windows import Clock, Window, clock
from checker.problems import Problem, Where, did_you_mean

MOST_MONTHS = 1_200
MOST_DAYS = 36_600


class Place(Protocol):
    """Where a value of the contract stands, by its path; `YamlFile.where` is one."""

    def __call__(self, *path: str | int, key: bool = False) -> Where: ...


@dataclass(frozen=True, slots=True)
class Clause:
    """The contract's own clock for a window: so many months, then days, from an anchor. `number` is the clause's."""

    window: str
    anchor: str
    clock: Clock
    number: str | None


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """`program` is in lower case, None where the contract does not say; `dates` holds what anchors it can give."""

    program: str | None
    buyer: str = "the buyer"
    seller: str = "the seller"
    clauses: tuple[Clause, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)


def read(
    contract: Mapping[str, Any], windows: Mapping[str, Window], where: Place
) -> tuple[ContractTerms, list[Problem]]:
    """The terms of a contract document that its schema has accepted, and every clause that cannot be used.

    A month added to a month's last day ends at the month's end: 31 January and one month is 28 or 29 February.
    """
    head: Mapping[str, Any] = contract.get("contract") or {}
    clauses: list[Clause] = []
    problems: list[Problem] = []
    for i, entry in enumerate(contract.get("claim_windows") or ()):
        found, wrong = _clause(entry, windows, where, i)
        clauses += found
        problems += wrong
    program = head.get("program")
    named = contract.get("dates") or {}
    named = {**named, "contract_start": head.get("start"), "contract_end": head.get("end")}
    return ContractTerms(
        program=program.lower() if program else None,
        buyer=head.get("buyer") or "the buyer",
        seller=head.get("seller") or "the seller",
        clauses=tuple(clauses),
        dates={name: day for name, day in named.items() if name in ANCHORS and isinstance(day, date)},
    ), problems


def _clause(
    entry: Mapping[str, Any], windows: Mapping[str, Window], where: Place, i: int
) -> tuple[list[Clause], list[Problem]]:
    name = entry["window"]
    window = windows.get(name)
    problems: list[Problem] = []
    if window is None:
        hint = did_you_mean(name, list(windows)) or f"known are {', '.join(windows)}"
        problems.append(
            Problem(where("claim_windows", i, "window"), f"no claim window is called {name!r}", hint)
        )
    anchor = entry.get("from") or (window.anchor if window else "incident")
    if anchor not in ANCHORS:
        hint = did_you_mean(anchor, list(ANCHORS)) or f"known are {', '.join(ANCHORS)}"
        problems.append(Problem(where("claim_windows", i, "from"), f"no date is called {anchor!r}", hint))
    months, days = entry.get("months"), entry.get("days")
    if months is None and days is None:
        hint = "say how long, for example months: 6"
        problems.append(Problem(where("claim_windows", i), "neither months nor days", hint))
    for key, count, most in (("months", months, MOST_MONTHS), ("days", days, MOST_DAYS)):
        if count is not None and not 0 <= count <= most:
            problems.append(Problem(where("claim_windows", i, key), f"{key} must be 0 to {most:,}"))
    if problems:
        return [], problems
    text = anchor
    text += f' + duration("P{months}M")' if months is not None else ""
    text += f' + duration("P{days}D")' if days is not None else ""
    counted, problems = clock(text, anchor, where("claim_windows", i))
    number = entry.get("clause")
    clauses = [Clause(name, anchor, counted, None if number is None else str(number))] if counted else []
    return clauses, problems
