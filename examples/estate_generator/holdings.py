"""What the buyer itself knows of its seats: what it ordered (entitlements), and what is in use (deployments)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from examples.estate_generator.billing import price_of
from examples.estate_generator.cycles import ONE_DAY, Span
from examples.estate_generator.subscriptions import Subscription, segment_of

# Stories after which the seats billed in a month and the seats in use at its end may differ by right. The buyer
# has counted no use for these, so nothing can be said about them.
_UNCOUNTED = (
    "grown twice on a day",
    "shrunk",
    "shrunk and grown on a day",
    "grown in a short month",
    "credited and rebilled",
    "credited and rebilled a month later",
    "cancelled in time",
)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """So many seats of a subscription in one term; `valid` is empty where they hold for the whole term."""

    subscription: Subscription
    term: Span
    seats: int
    valid: Span | None

    def cells(self) -> tuple[str, ...]:
        held = self.subscription
        valid = (self.valid.start.isoformat(), self.valid.end.isoformat()) if self.valid else ("", "")
        return (
            held.subscription_id,
            held.customer.customer_id,
            held.product.product_id,
            held.product.sku_id,
            str(self.seats),
            held.plan.term,
            held.plan.billing,
            segment_of(held),
            self.term.start.isoformat(),
            self.term.end.isoformat(),
            str(price_of(held, self.term.start)),
            "true",
            "nce",
            held.cancelled_on.isoformat() if held.cancelled_on else "",
            "true" if held.lives_until is None else "false",
            "",
            "",
            *valid,
        )


def entitlements_of(subscription: Subscription, window: Span) -> list[Entitlement]:
    """One for each term and each number of seats in it."""
    terms = [term for _, term in subscription.terms(window)]
    rows = []
    for term in terms:
        starts = [term.start, *sorted({change.on for change in subscription.changes if change.on in term})]
        ends = [start - ONE_DAY for start in starts[1:]] + [term.end]
        for start, end in zip(starts, ends, strict=True):
            whole = len(terms) == 1 and len(starts) == 1
            rows.append(
                Entitlement(
                    subscription, term, subscription.seats_on(start), None if whole else Span(start, end)
                )
            )
    return rows


@dataclass(frozen=True, slots=True)
class Deployment:
    """How many seats of a subscription's product are given to someone and used, at a month's end."""

    subscription: Subscription
    as_of: date
    assigned: int
    active: int

    def cells(self) -> tuple[str, ...]:
        held = self.subscription
        keys = (held.customer.customer_id, held.product.product_id, held.product.sku_id)
        return (*keys, self.as_of.isoformat(), str(self.assigned), str(self.active))


def deployments_of(subscription: Subscription, months: tuple[Span, ...]) -> list[Deployment]:
    """Every seat assigned and active at each month's end, as long as the subscription lives."""
    first = min((change.on for change in subscription.changes), default=None)
    crosses = first is not None and subscription.cycle_of(first).start < _month_of(first, months).start
    if subscription.story in _UNCOUNTED or crosses:
        return []
    ends = [month.end for month in months if subscription.anchor <= month.end]
    alive = [end for end in ends if subscription.lives_until is None or end <= subscription.lives_until]
    return [
        Deployment(subscription, end, subscription.seats_on(end), subscription.seats_on(end)) for end in alive
    ]


def _month_of(day: date, months: tuple[Span, ...]) -> Span:
    return next(month for month in months if day in month)
