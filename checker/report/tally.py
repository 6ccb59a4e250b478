"""Sums of what is owed, by confidence and claim status, in one currency each: the two never meet in one figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from checker.claims.claim import Claim, Status
from checker.rulebook.rule import Confidence

STATUSES: tuple[Status, ...] = ("open", "closing", "lapsed", "unknown")
CONFIDENCES: tuple[Confidence, ...] = ("certain", "indicative")
NIL = Decimal("0.00")


@dataclass(slots=True)
class Tally:
    """A running sum over claims of one currency. `owed` holds what is owed by confidence and status, `findings` how
    many claims were added, `next_day` the earliest deadline that is still ahead among those owed."""

    currency: str
    owed: dict[tuple[Confidence, Status], Decimal] = field(default_factory=dict)
    findings: int = 0
    next_day: date | None = None

    def add(self, claim: Claim) -> None:
        self.findings += 1
        if claim.owed is None:
            return
        place = (claim.finding.rule.confidence, claim.status)
        self.owed[place] = self.owed.get(place, NIL) + claim.owed
        last_day = claim.deadline.last_day if claim.deadline else None
        if claim.status in ("open", "closing") and last_day is not None:
            self.next_day = min(self.next_day or last_day, last_day)

    def by_status(self, confidence: Confidence, status: Status) -> Decimal:
        return self.owed.get((confidence, status), NIL)

    def total(self, confidence: Confidence) -> Decimal:
        """What is owed at that confidence, whatever its status."""
        return sum((self.by_status(confidence, status) for status in STATUSES), NIL)

    def to_claim(self, confidence: Confidence) -> Decimal:
        """What is owed at that confidence and has not lapsed."""
        return self.total(confidence) - self.by_status(confidence, "lapsed")

    @property
    def certain(self) -> Decimal:
        return self.total("certain")

    @property
    def indicative(self) -> Decimal:
        return self.total("indicative")


def ranked(tallies: Iterable[Tally]) -> list[Tally]:
    """Largest first: by what is certain, then by what is indicative."""
    return sorted(tallies, key=lambda tally: (-tally.certain, -tally.indicative, tally.currency))
