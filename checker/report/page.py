"""What report.html shows, gathered in one pass over the claims and bounded in size whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from checker.claims.claim import Claim, Totals
from checker.claims.totals import Part, Tally
from checker.engine.outcomes import RuleOutcome
from checker.report.audit import Audit
from checker.report.chart import Chart, charts
from checker.report.claimgroups import ClaimGroup, ClaimGroups
from checker.report.shortlist import Shortlist
from checker.rulebook.rule import Confidence
from checker.tables.rejects import Reject

SIDES: tuple[Confidence, ...] = ("certain", "indicative")
FINDINGS_SHOWN = 2_000
_ASIDE_SHOWN = 200
_CUSTOMERS_SHOWN = 300
_GROUPS_SHOWN = 200
_REJECTS_SHOWN = 100
_LAPSES_SHOWN = 5
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Money:
    """The totals of one currency, certain and indicative side by side; a side without claims is None."""

    currency: str
    certain: Totals | None = None
    indicative: Totals | None = None

    def net(self, side: Confidence) -> Decimal:
        """What is owed on that side."""
        totals = self._side(side)
        return totals.net if totals else _NOTHING

    def to_claim(self, side: Confidence) -> Decimal:
        """What is owed on that side and has not lapsed."""
        totals = self._side(side)
        return totals.net - totals.lapsed if totals else _NOTHING

    @property
    def findings(self) -> int:
        """Findings with money owed, on both sides."""
        return sum(side.claims for side in (self.certain, self.indicative) if side)

    def _side(self, side: Confidence) -> Totals | None:
        return self.certain if side == "certain" else self.indicative


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is lost after `last_day` unless it is claimed: `groups` claims of `windows`, in one currency."""

    last_day: date
    days_left: int
    currency: str
    certain: Decimal
    indicative: Decimal
    groups: int
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How much could be judged. A check is one rule on one line in its scope; `undecided` of `checks` had no answer.

    `undecided_money` stands on the lines that one rule could not judge, taken of the rule for which it is most, for
    several rules may fail on one line. `rejected_money` stands on rows set aside, as far as it could be read.
    """

    checks: int
    undecided: int
    rows: int
    rejected: int
    undecided_money: Mapping[str, Decimal]
    rejected_money: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule's outcome with what is owed by it, by currency."""

    outcome: RuleOutcome
    sums: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with what is owed on its lines, by currency; `next_day` is its earliest deadline still ahead."""

    id: str
    name: str
    sums: tuple[Money, ...]
    next_day: date | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A reason why lines could not be judged, over all the rules that met it; `lines` counts a line once a rule."""

    reason: str
    supply: str | None
    rules: tuple[str, ...]
    lines: int
    money: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Listed:
    """Claims shown out of all that there are."""

    claims: tuple[Claim, ...]
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.claims)


@dataclass(frozen=True, slots=True)
class Page:
    """The page's content, in the order in which it is read."""

    audit: Audit
    totals: tuple[Totals, ...]
    money: tuple[Money, ...]
    lapses: tuple[Lapse, ...]
    judged: Judged
    groups: tuple[ClaimGroup, ...]
    groups_total: int
    rules: tuple[RuleRow, ...]
    charts: tuple[Chart, ...]
    customers: tuple[CustomerRow, ...]
    customers_total: int
    findings: Listed
    undecided: tuple[Undecided, ...]
    rejects: tuple[Reject, ...]
    rejects_left: bool
    coming: Listed
    favour: Listed


class Gathering:
    """Takes claims one by one and keeps what the page needs: sums, claim groups, the largest findings."""

    def __init__(self, limit: int = FINDINGS_SHOWN) -> None:
        self.groups = ClaimGroups()
        self._tally = Tally()
        self._findings = Shortlist(limit)
        self._coming = Shortlist(_ASIDE_SHOWN)
        self._favour = Shortlist(_ASIDE_SHOWN)

    def add(self, claim: Claim) -> None:
        self.groups.add(claim)
        self._tally.add(claim)
        if claim.favour is not None:
            self._favour.add(claim)
        elif claim.finding.estimate:
            self._coming.add(claim)
        else:
            self._findings.add(claim)

    def close(self) -> None:
        """All is kept in memory; nothing is left to finish."""

    def page(self, audit: Audit) -> Page:
        """The page over what was added."""
        groups = list(self.groups)
        to_file = [group for group in groups if group.status != "lapsed"]
        own = audit.contract.currency
        by_rule = _by_name(self._tally.by_rule(), own)
        rules = tuple(RuleRow(outcome, by_rule.get(outcome.rule.name, ())) for outcome in audit.outcomes)
        ids = {outcome.rule.name: outcome.rule.id for outcome in audit.outcomes}
        customers = _customers(self._tally.by_customer(), to_file, own)
        totals = self._tally.totals()
        rejects = tuple(islice(audit.rejects(), _REJECTS_SHOWN + 1))
        return Page(
            audit=audit,
            totals=totals,
            money=_sided(totals, own),
            lapses=_lapses(to_file),
            judged=_judged(audit),
            groups=tuple(to_file[:_GROUPS_SHOWN]),
            groups_total=len(to_file),
            rules=rules,
            charts=charts([(p.label, ids.get(p.name, p.name), p.totals) for p in self._tally.by_rule()]),
            customers=tuple(customers[:_CUSTOMERS_SHOWN]),
            customers_total=len(customers),
            findings=Listed(self._findings.claims(), self._findings.seen),
            undecided=_undecided(audit.outcomes),
            rejects=rejects[:_REJECTS_SHOWN],
            rejects_left=len(rejects) > _REJECTS_SHOWN,
            coming=Listed(self._coming.claims(), self._coming.seen),
            favour=Listed(self._favour.claims(), self._favour.seen),
        )


def _sided(totals: Iterable[Totals], first: str) -> tuple[Money, ...]:
    """By currency, the contract's own before others."""
    sides = {(each.currency, each.confidence): each for each in totals}
    currencies = sorted({currency for currency, _ in sides}, key=lambda each: (each != first, each))
    return tuple(
        Money(each, sides.get((each, "certain")), sides.get((each, "indicative"))) for each in currencies
    )


def _by_name(parts: Iterable[Part], first: str) -> dict[str, tuple[Money, ...]]:
    gathered: dict[str, list[Totals]] = {}
    for part in parts:
        gathered.setdefault(part.name, []).append(part.totals)
    return {name: _sided(totals, first) for name, totals in gathered.items()}


def _customers(parts: Iterable[Part], groups: Iterable[ClaimGroup], first: str) -> list[CustomerRow]:
    """Those with something owed, by what is certain in the contract's currency, then by what is indicative."""
    owed = [part for part in parts if part.totals.net]
    names = {part.name: part.label for part in owed}
    days: dict[str, date] = {}
    for group in groups:
        if group.last_day is not None:
            name = group.customer_id or ""
            days[name] = min(days.get(name, group.last_day), group.last_day)
    rows = [CustomerRow(id, names[id], sums, days.get(id)) for id, sums in _by_name(owed, first).items()]
    return sorted(
        rows, key=lambda row: (row.sums[0].currency != first, *(-row.sums[0].net(s) for s in SIDES), row.id)
    )


def _lapses(groups: Iterable[ClaimGroup]) -> tuple[Lapse, ...]:
    """The next days on which something lapses, each currency by itself."""
    by_day: dict[tuple[date, str], list[ClaimGroup]] = {}
    for group in groups:
        if group.last_day is not None and group.days_left is not None:
            by_day.setdefault((group.last_day, group.currency), []).append(group)
    return tuple(
        Lapse(
            last_day=day,
            days_left=members[0].days_left or 0,
            currency=currency,
            certain=sum((group.certain for group in members), _NOTHING),
            indicative=sum((group.indicative for group in members), _NOTHING),
            groups=len(members),
            windows=tuple(dict.fromkeys(group.deadline.title for group in members if group.deadline)),
        )
        for (day, currency), members in sorted(by_day.items(), key=lambda item: item[0])[:_LAPSES_SHOWN]
    )


def _judged(audit: Audit) -> Judged:
    counts = [outcome.counts for outcome in audit.outcomes]
    undecided: dict[str, Decimal] = {}
    for outcome in audit.outcomes:
        for currency in {currency for cause in outcome.causes for currency in cause.money}:
            money = sum((cause.money.get(currency, _NOTHING) for cause in outcome.causes), _NOTHING)
            undecided[currency] = max(undecided.get(currency, money), money)
    rejected: dict[str, Decimal] = {}
    for file in audit.files:
        for currency, sums in file.money.items():
            rejected[currency] = rejected.get(currency, _NOTHING) + sums.rejected
    return Judged(
        checks=sum(each.passed + each.findings + each.undecided for each in counts),
        undecided=sum(each.undecided for each in counts),
        rows=sum(file.rows for file in audit.files),
        rejected=sum(file.rejected for file in audit.files),
        undecided_money={currency: money for currency, money in sorted(undecided.items()) if money},
        rejected_money={currency: money for currency, money in sorted(rejected.items()) if money},
    )


def _undecided(outcomes: Iterable[RuleOutcome]) -> tuple[Undecided, ...]:
    met: dict[str, list[tuple[RuleOutcome, int]]] = {}
    for outcome in outcomes:
        for place, cause in enumerate(outcome.causes):
            met.setdefault(cause.reason, []).append((outcome, place))
    rows: list[Undecided] = []
    for reason, places in met.items():
        causes = [outcome.causes[place] for outcome, place in places]
        money: dict[str, Decimal] = {}
        for cause in causes:
            # One line's money can stand under several rules; the largest is what is at stake at least.
            for currency, amount in cause.money.items():
                money[currency] = max(money.get(currency, amount), amount)
        names = tuple(outcome.rule.id for outcome, _ in places)
        supply = next((cause.supply for cause in causes if cause.supply), None)
        rows.append(Undecided(reason, supply, names, sum(cause.lines for cause in causes), money))
    return tuple(sorted(rows, key=lambda row: (-row.lines, row.reason)))
