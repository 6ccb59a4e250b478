"""What report.html shows, gathered in one pass over the claims and bounded in size whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from checker.claims.claim import Claim, Totals
from checker.engine.outcomes import RuleOutcome
from checker.report.audit import Audit, InputFile, Reject
from checker.report.chart import Chart, charts
from checker.report.claimgroups import ClaimGroup, ClaimGroups
from checker.report.shortlist import Shortlist
from checker.report.tally import NIL, Tally, ranked

FINDINGS_SHOWN = 2_000
_ASIDE_SHOWN = 200
_CUSTOMERS_SHOWN = 300
_GROUPS_SHOWN = 200
_REJECTS_SHOWN = 100
_LAPSES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Money:
    """The totals of one currency, certain and indicative side by side; a side without claims is None."""

    currency: str
    certain: Totals | None
    indicative: Totals | None


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is lost after `last_day` unless it is claimed."""

    last_day: date
    days_left: int
    sums: Tally
    groups: int
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How much could be judged. A check is one rule on one line in its scope; `undecided` of `checks` had no answer."""

    checks: int
    undecided: int
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule's outcome with what is owed by it, a sum for each currency."""

    outcome: RuleOutcome
    sums: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with what is owed on its lines, a sum for each currency."""

    id: str | None
    name: str | None
    sums: tuple[Tally, ...]


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
    coming: Listed
    favour: Listed


class Gathering:
    """Takes claims one by one and keeps what the page needs: sums, claim groups, the largest findings."""

    def __init__(self, limit: int = FINDINGS_SHOWN) -> None:
        self.groups = ClaimGroups()
        self._findings = Shortlist(limit)
        self._coming = Shortlist(_ASIDE_SHOWN)
        self._favour = Shortlist(_ASIDE_SHOWN)
        self._rules: dict[str, dict[str, Tally]] = {}
        self._customers: dict[str | None, tuple[str | None, dict[str, Tally]]] = {}

    def add(self, claim: Claim) -> None:
        finding = claim.finding
        self.groups.add(claim)
        if finding.estimate or claim.coming is not None:
            self._coming.add(claim)
        elif claim.favour is not None:
            self._favour.add(claim)
        else:
            self._findings.add(claim)
        if claim.owed is not None and finding.currency is not None:
            _, sums = self._customers.setdefault(finding.customer_id, (finding.customer_name, {}))
            for tallies in (self._rules.setdefault(finding.rule.id, {}), sums):
                tallies.setdefault(finding.currency, Tally(finding.currency)).add(claim)

    def close(self) -> None:
        """All is kept in memory; nothing is left to finish."""

    def page(self, audit: Audit) -> Page:
        """The page over what was added."""
        rules = tuple(
            RuleRow(outcome, tuple(ranked(self._rules.get(outcome.rule.id, {}).values())))
            for outcome in audit.outcomes
        )
        customers = [
            CustomerRow(id, name, tuple(ranked(sums.values())))
            for id, (name, sums) in self._customers.items()
        ]
        customers.sort(key=lambda row: (-row.sums[0].certain, -row.sums[0].indicative, row.id or ""))
        to_file = [group for group in self.groups if group.status != "lapsed"]
        return Page(
            audit=audit,
            money=_money(audit.totals, audit.contract.currency),
            lapses=_lapses(to_file),
            judged=_judged(audit.outcomes, audit.files),
            groups=tuple(to_file[:_GROUPS_SHOWN]),
            groups_total=len(to_file),
            rules=rules,
            charts=charts([(row.outcome.rule.title, row.outcome.rule.id, row.sums) for row in rules]),
            customers=tuple(customers[:_CUSTOMERS_SHOWN]),
            customers_total=len(customers),
            findings=Listed(self._findings.claims(), self._findings.seen),
            undecided=_undecided(audit.outcomes),
            rejects=tuple(islice(audit.rejects(), _REJECTS_SHOWN)),
            coming=Listed(self._coming.claims(), self._coming.seen),
            favour=Listed(self._favour.claims(), self._favour.seen),
        )


def _money(totals: Iterable[Totals], first: str) -> tuple[Money, ...]:
    """By currency, the contract's own before others."""
    sides = {(each.currency, each.confidence): each for each in totals}
    currencies = sorted({currency for currency, _ in sides}, key=lambda each: (each != first, each))
    return tuple(Money(c, sides.get((c, "certain")), sides.get((c, "indicative"))) for c in currencies)


def _lapses(groups: Iterable[ClaimGroup]) -> tuple[Lapse, ...]:
    """The next days on which something lapses, each currency by itself."""
    by_day: dict[tuple[date, str], list[ClaimGroup]] = {}
    for group in groups:
        if group.last_day is not None and group.days_left is not None:
            by_day.setdefault((group.last_day, group.sums.currency), []).append(group)
    lapses: list[Lapse] = []
    for (day, currency), members in sorted(by_day.items(), key=lambda item: item[0])[:_LAPSES_SHOWN]:
        sums = Tally(currency)
        for member in members:
            sums.findings += member.sums.findings
            for place, amount in member.sums.owed.items():
                sums.owed[place] = sums.owed.get(place, NIL) + amount
        windows = tuple(dict.fromkeys(member.deadline.title for member in members if member.deadline))
        lapses.append(Lapse(day, members[0].days_left or 0, sums, len(members), windows))
    return tuple(lapses)


def _judged(outcomes: Iterable[RuleOutcome], files: Iterable[InputFile]) -> Judged:
    counts = [outcome.counts for outcome in outcomes]
    read = list(files)
    return Judged(
        checks=sum(each.passed + each.findings + each.undecided for each in counts),
        undecided=sum(each.undecided for each in counts),
        rows=sum(file.rows for file in read),
        rejected=sum(file.rejected for file in read),
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
