"""Until when a claim may be made: every window that applies to it, and what it says on the run's date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from checker import expressions
from checker.claims.anchors import ANCHORS
from checker.claims.claim import Deadline, Status
from checker.claims.terms import Clause, ContractTerms
from checker.claims.windows import Clock, Window
from checker.rulebook.rule import ClaimTerms, Posture, Reference

CLOSING_DAYS = 14
"""A claim with no more days left than this is closing."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A deadline that a date sets going: the first of `anchors` that is known. `blank` is the deadline without it."""

    clock: Clock
    opens: Clock | None
    anchors: tuple[str, ...]
    blank: Deadline


class Deadlines:
    """The deadlines of claims under one contract. Equal questions are answered from memory, which grows with the
    distinct dates asked about, not with the claims."""

    def __init__(self, windows: Mapping[str, Window], contract: ContractTerms) -> None:
        self._windows = windows
        self._contract = contract
        self._applying: dict[
            tuple[str | None, Posture], tuple[tuple[str, ...], tuple[_Running | Deadline, ...]]
        ] = {}
        self._known: dict[tuple[object, ...], tuple[Deadline, ...]] = {}

    def of(
        self, terms: ClaimTerms | None, posture: Posture, dates: Mapping[str, object]
    ) -> tuple[Deadline, ...]:
        """Every window that applies, the rule's own first, then the others by name.

        `dates` holds the finding's dates by anchor name (`incident` among them); what is no date counts as unknown.
        A window whose date or clause is missing has no last day, and a note that says what to look up.
        """
        named = terms.window if terms else None
        if (named, posture) not in self._applying:
            self._applying[named, posture] = self._that_apply(named, posture)
        wanted, applying = self._applying[named, posture]
        asked = (named, posture, *[dates.get(name) for name in wanted])
        if asked not in self._known:
            known = {name: day for name in wanted if isinstance(day := self._day(name, dates), date)}
            self._known[asked] = tuple(
                each if isinstance(each, Deadline) else _counted(each, known) for each in applying
            )
        return self._known[asked]

    def _day(self, name: str, dates: Mapping[str, object]) -> object:
        return dates.get(name) or self._contract.dates.get(name)

    def _that_apply(
        self, named: str | None, posture: Posture
    ) -> tuple[tuple[str, ...], tuple[_Running | Deadline, ...]]:
        applying: list[_Running | Deadline] = []
        if named is not None:
            applying += self._named(named)
        for name in sorted(self._windows):
            window = self._windows[name]
            if name == named or not window.covers(self._contract.program, posture):
                continue
            if window.when == "always" or (window.when == "in_contract" and self._clauses(name)):
                applying += self._of_window(window)
        wanted = dict.fromkeys(
            anchor for each in applying if isinstance(each, _Running) for anchor in each.anchors
        )
        return tuple(wanted), tuple(applying)

    def _named(self, name: str) -> list[_Running | Deadline]:
        """The window that the rule names. A rule is written for any contract, so it may not hold for this one."""
        window = self._windows.get(name)
        if window is None:
            return [
                Deadline(name, name, None, "", "contract", "", note=f"no claim window is called {name!r}")
            ]
        program = self._contract.program
        if window.programs and program not in window.programs and not self._clauses(name):
            note = (
                f"holds for {' and '.join(window.programs)} contracts, and this one is {program or 'of no programme'}: "
                "look up the contract's clause on disputes and enter it under claim_windows"
            )
            return [_blank(window, None, note)]
        return self._of_window(window)

    def _of_window(self, window: Window) -> list[_Running | Deadline]:
        applying: list[_Running | Deadline] = []
        if window.deadline is not None and (not window.programs or self._contract.program in window.programs):
            anchors = (window.anchor, *window.stand_ins)
            applying.append(_Running(window.deadline, window.opens, anchors, _blank(window, None)))
        for clause in self._clauses(window.name):
            stand_ins = window.stand_ins if clause.anchor == window.anchor else ()
            anchors = (clause.anchor, *stand_ins)
            applying.append(_Running(clause.clock, None, anchors, _blank(window, clause)))
        if not applying:
            note = (
                "the contract file has no clause for it: look up the contract's time limit and enter it under "
                f"claim_windows as {{window: {window.name}, months: …, from: {window.anchor}, clause: …}}"
            )
            applying.append(_blank(window, None, note))
        return applying

    def _clauses(self, window: str) -> list[Clause]:
        return [clause for clause in self._contract.clauses if clause.window == window]


def earliest(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The one that counts: the earliest whose last day is known; of equal ones the first."""
    known = [(each.last_day, i, each) for i, each in enumerate(deadlines) if each.last_day is not None]
    return min(known)[2] if known else None


def status(last_day: date | None, as_of: date, closing_days: int = CLOSING_DAYS) -> tuple[Status, int | None]:
    """A claim's status on a day, and the days left. The last day itself has 0 left and is still in time.

    >>> status(date(2026, 3, 31), date(2026, 3, 31)), status(date(2026, 3, 31), date(2026, 4, 1))
    (('closing', 0), ('lapsed', -1))
    """
    if last_day is None:
        return "unknown", None
    left = (last_day - as_of).days
    if left < 0:
        return "lapsed", left
    return ("closing" if left <= closing_days else "open"), left


def _counted(running: _Running, known: Mapping[str, date]) -> Deadline:
    anchor = running.anchors[0]
    held = next((name for name in running.anchors if name in known), None)
    if held is None:
        return replace(running.blank, note=f"{_words(anchor)} is not known: {ANCHORS[anchor].supply}")
    day = known[held]
    last_day = _day(running.clock, anchor, day)
    if last_day is None:
        return replace(running.blank, counts_from=day, note=f"{running.clock.text} gives no date from {day}")
    note = None if held == anchor else f"counted from {_words(held)}, because {_words(anchor)} is not known"
    opens = _day(running.opens, anchor, day) if running.opens else None
    return replace(running.blank, last_day=last_day, opens=opens, counts_from=day, note=note)


def _day(clock: Clock, anchor: str, day: date) -> date | None:
    found = expressions.evaluate(clock.typed, {anchor: day})
    return found if isinstance(found, date) else None


def _words(anchor: str) -> str:
    return anchor.replace("_", " ")


def _blank(window: Window, clause: Clause | None, note: str | None = None) -> Deadline:
    if clause is None:
        source = _cited(window.source)
    else:
        source = f"contract, clause {clause.number}" if clause.number else "contract, claim_windows"
    return Deadline(
        window=window.name,
        title=window.title,
        last_day=None,
        source=source,
        route=window.route if clause is None else "contract",
        who_files=window.who_files,
        evidence=window.evidence,
        note=note,
    )


def _cited(source: Reference) -> str:
    return f"{source.text}, {source.url}" if source.url else source.text
