"""What claims come to: sums by currency and confidence, by rule, by customer, by the day they lapse.

Two currencies, and certain and indicative, are never added. Memory grows with the groups, not with the claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from checker.claims.claim import Claim, Status, Totals
from checker.claims.parties import PARTIES
from checker.rulebook.rule import Confidence

_EXACT = Context(prec=76, traps=[Inexact, InvalidOperation, Overflow])
"""Wide enough for any sum of columns; a sum that would have to be rounded is an error, never a wrong figure."""

_NOTHING = Decimal("0.00")

Kind = tuple[str, Confidence]


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one rule (`name` its name) or one customer (`name` its id, empty where the lines name none) in one
    currency and confidence. `label` is how people call it: the rule's title, the customer's name."""

    name: str
    label: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is lost after `last_day` unless it is claimed: so many claims that owe `amount` together."""

    last_day: date
    status: Status
    currency: str
    confidence: Confidence
    claims: int
    amount: Decimal


@dataclass(slots=True)
class _Sums:
    """Sums under way. `owed` is by status; what was found and is owed no more is the overlap."""

    gross: Decimal = _NOTHING
    coming: Decimal = _NOTHING
    favour: Decimal = _NOTHING
    claims: int = 0
    owed: dict[Status, Decimal] = field(default_factory=dict)

    def add(self, claim: Claim, amount: Decimal) -> None:
        if claim.owed is not None:
            self.owed[claim.status] = _EXACT.add(self.owed.get(claim.status, _NOTHING), claim.owed)
            self.claims += 1
        if claim.coming is not None:
            self.coming = _EXACT.add(self.coming, claim.coming)
        if claim.favour is not None:
            self.favour = _EXACT.add(self.favour, claim.favour)
        if amount > 0 and not claim.finding.estimate:
            self.gross = _EXACT.add(self.gross, amount)

    def totals(self, kind: Kind) -> Totals:
        net = _NOTHING
        for owed in self.owed.values():
            net = _EXACT.add(net, owed)
        return Totals(
            currency=kind[0],
            confidence=kind[1],
            gross=self.gross,
            overlap=_EXACT.subtract(self.gross, net),
            net=net,
            open=self.owed.get("open", _NOTHING),
            closing=self.owed.get("closing", _NOTHING),
            lapsed=self.owed.get("lapsed", _NOTHING),
            unknown=self.owed.get("unknown", _NOTHING),
            coming=self.coming,
            favour=self.favour,
            claims=self.claims,
        )


class Tally:
    """Adds up claims as they pass. Only what the seller owes the buyer is added; a finding without money is not."""

    def __init__(self) -> None:
        self._all: dict[Kind, _Sums] = {}
        self._rules: dict[tuple[str, Kind], _Sums] = {}
        self._customers: dict[tuple[str, Kind], _Sums] = {}
        self._labels: dict[tuple[str, str], str] = {}
        self._lapses: dict[tuple[date, Status, Kind], tuple[int, Decimal]] = {}

    def through(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """The same claims, added as they are taken."""
        for claim in claims:
            self.add(claim)
            yield claim

    def add(self, claim: Claim) -> None:
        """One claim more."""
        finding = claim.finding
        rule = finding.rule
        if finding.amount is None or finding.currency is None or PARTIES[rule.posture].owed_by != "seller":
            return
        kind: Kind = (finding.currency, rule.confidence)
        customer = finding.customer_id or ""
        self._labels["rule", rule.name] = rule.title
        if finding.customer_name or ("customer", customer) not in self._labels:
            self._labels["customer", customer] = finding.customer_name or customer
        for groups, key in ((self._rules, (rule.name, kind)), (self._customers, (customer, kind))):
            if key not in groups:
                groups[key] = _Sums()
            groups[key].add(claim, finding.amount)
        if kind not in self._all:
            self._all[kind] = _Sums()
        self._all[kind].add(claim, finding.amount)
        if claim.owed is not None and claim.deadline is not None and claim.deadline.last_day is not None:
            day = (claim.deadline.last_day, claim.status, kind)
            count, amount = self._lapses.get(day, (0, _NOTHING))
            self._lapses[day] = (count + 1, _EXACT.add(amount, claim.owed))

    def totals(self) -> tuple[Totals, ...]:
        """One for each currency and confidence, by currency, certain before indicative."""
        return tuple(self._all[kind].totals(kind) for kind in sorted(self._all))

    def by_rule(self) -> tuple[Part, ...]:
        """The share of each rule; within a currency and confidence the largest first."""
        return self._parts("rule", self._rules)

    def by_customer(self) -> tuple[Part, ...]:
        """The share of each customer; within a currency and confidence the largest first."""
        return self._parts("customer", self._customers)

    def lapses(self) -> tuple[Lapse, ...]:
        """What can still be claimed, by its last day, the next to lapse first."""
        return tuple(
            Lapse(day, state, *kind, count, amount)
            for (day, state, kind), (count, amount) in sorted(self._lapses.items())
            if state in ("open", "closing")
        )

    def _parts(self, what: str, groups: dict[tuple[str, Kind], _Sums]) -> tuple[Part, ...]:
        parts = [
            Part(name, self._labels[what, name], sums.totals(kind)) for (name, kind), sums in groups.items()
        ]
        order = sorted(parts, key=lambda p: (p.totals.currency, p.totals.confidence, -p.totals.net, p.name))
        return tuple(order)
